"""Languages: the one in which the app stores texts that it brings, the site's, and the one of whom it writes to."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _


def site_language() -> str:
	"""Return the language of the site, English where none is set yet."""
	return frappe.db.get_single_value("System Settings", "language") or "en"


def in_site_language(text: str) -> str:
	"""Return *text* in the language of the site."""
	return _(text, lang=site_language()) if text else text


@contextmanager
def spoken(language: str | None) -> Iterator[None]:
	"""Speak *language* within; None: go on as before."""
	before = frappe.local.lang
	frappe.local.lang = language or before
	try:
		yield
	finally:
		frappe.local.lang = before
