"""Turn on Store KPIs at Month Ends: new sites start with it."""

import frappe

from client_ledger.site.doctypes import LEDGER_SETTINGS


def execute() -> None:
	"""Whoever wants it off turns it off again: the patch runs once."""
	frappe.db.set_single_value(LEDGER_SETTINGS, "kpi_month_ends", 1)
