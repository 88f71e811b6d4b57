"""ERPNext's own limit on overdue amounts, which ERPNext 16 has since July 2026.

It is ERPNext's to enforce, when an invoice is submitted; rules of ours may look at it earlier. Releases without it have
neither the field nor the switch, and then there is none.
"""

from decimal import Decimal

import frappe
from frappe.utils import cint

from client_ledger.core.money import as_money
from client_ledger.site.doctypes import CUSTOMER_CREDIT_LIMIT

FIELD, SWITCH = "overdue_billing_threshold", "enable_overdue_billing_threshold"


def overdue_limit(customer: str, company: str) -> Decimal | None:
	"""Return how much ERPNext lets *customer* be overdue: its own row's amount, else its group's; None for no limit."""
	if not _is_on():
		return None
	group = frappe.get_cached_value("Customer", customer, "customer_group")
	for parenttype, parent in (("Customer", customer), ("Customer Group", group)):
		row = {"parenttype": parenttype, "parent": parent, "company": company}
		amount = as_money(frappe.db.get_value(CUSTOMER_CREDIT_LIMIT, row, FIELD))
		if amount > 0:
			return amount
	return None


def _is_on() -> bool:
	if not frappe.get_meta(CUSTOMER_CREDIT_LIMIT).has_field(FIELD):
		return False
	switch = frappe.get_meta("Accounts Settings").has_field(SWITCH)
	return bool(switch and cint(frappe.db.get_single_value("Accounts Settings", SWITCH)))
