"""The language in which the app stores texts that it brings: the site's, as ERPNext does with its own records."""

import frappe
from frappe import _


def site_language() -> str:
	"""Return the language of the site, English where none is set yet."""
	return frappe.db.get_single_value("System Settings", "language") or "en"


def in_site_language(text: str) -> str:
	"""Return *text* in the language of the site."""
	return _(text, lang=site_language()) if text else text
