"""The site's choices for the credit check."""

import frappe

from client_ledger.site.settings import SETTINGS

OFF, WARN, HOLD = "Off", "Warn", "Hold"


def credit_checks() -> str:
	"""Return whether rules are off, only ever warn, or do what they say."""
	return frappe.get_cached_doc(SETTINGS).get("credit_checks") or WARN
