"""Speaking another language than the user's, as what goes out speaks the customer's."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def spoken(language: str | None) -> Iterator[None]:
	"""Speak *language* within; None: go on as before."""
	before = frappe.local.lang
	frappe.local.lang = language or before
	try:
		yield
	finally:
		frappe.local.lang = before
