"""Turn on Require Approval for Credit Limit Changes where the credit checks hold documents: new sites start with it."""

import frappe

from client_ledger.site.doctypes import LEDGER_SETTINGS
from client_ledger.site.settings import CheckMode


def execute() -> None:
	"""Whoever wants it off turns it off again: the patch runs once."""
	if frappe.db.get_single_value(LEDGER_SETTINGS, "credit_checks") == CheckMode.HOLD:
		frappe.db.set_single_value(LEDGER_SETTINGS, "limits_by_approval", 1)
