"""Where the customer pays to: the company's default Bank Account."""

from dataclasses import dataclass

import frappe


@dataclass(frozen=True, slots=True)
class BankDetails:
	"""A company's bank account as a payer needs it; "" for what is not known."""

	holder: str
	bank: str
	iban: str = ""
	account_no: str = ""
	branch_code: str = ""
	swift: str = ""


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
