"""Where the customer pays to: the company's default Bank Account."""

import frappe

from client_ledger.core.statements.parts import BankDetails

FIELDS = ("bank", "iban", "bank_account_no", "branch_code")


def bank_details(company: str, currency: str | None = None) -> BankDetails | None:
	"""Return the default Bank Account of *company*, None where it has none that is in use.

	currency: one whose ledger account is in it comes first, the default one among them.
	"""
	row = (currency and _in_currency(company, currency)) or _default(company)
	if not row:
		return None
	swift = frappe.db.get_value("Bank", row.bank, "swift_number") if row.bank else None
	return BankDetails(
		company, row.bank or "", row.iban or "", row.bank_account_no or "", row.branch_code or "", swift or ""
	)


def _default(company: str) -> frappe._dict | None:
	filters = {"company": company, "is_company_account": 1, "is_default": 1, "disabled": 0}
	return frappe.db.get_value("Bank Account", filters, FIELDS, as_dict=True)


def _in_currency(company: str, currency: str) -> frappe._dict | None:
	bank, account = frappe.qb.DocType("Bank Account"), frappe.qb.DocType("Account")
	rows = (
		frappe.qb.from_(bank)
		.join(account)
		.on(account.name == bank.account)
		.select(*(bank[field] for field in FIELDS))
		.where((bank.company == company) & (bank.is_company_account == 1) & (bank.disabled == 0))
		.where(account.account_currency == currency)
		.orderby(bank.is_default, order=frappe.qb.desc)
		.orderby(bank.name)
		.limit(1)
	).run(as_dict=True)
	return rows[0] if rows else None
