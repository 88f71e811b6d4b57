"""Where the customer pays to: the company's default Bank Account."""

import frappe

from client_ledger.core.statements.parts import BankDetails


def bank_details(company: str) -> BankDetails | None:
	"""Return the default Bank Account of *company*, None where it has none that is in use."""
	filters = {"company": company, "is_company_account": 1, "is_default": 1, "disabled": 0}
	row = frappe.db.get_value(
		"Bank Account", filters, ["bank", "iban", "bank_account_no", "branch_code"], as_dict=True
	)
	if not row:
		return None
	swift = frappe.db.get_value("Bank", row.bank, "swift_number") if row.bank else None
	return BankDetails(
		company, row.bank or "", row.iban or "", row.bank_account_no or "", row.branch_code or "", swift or ""
	)
