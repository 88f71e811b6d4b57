"""A company of its own with something to say in every check, and people who prepare and approve."""

from datetime import date

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, get_first_day, getdate, nowdate

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.core.period_checks import PeriodKind
from client_ledger.period_checks import lists
from client_ledger.site.doctypes import CHECK_LIST
from tests.bench import factories as f

COMPANY = "Checked Company"
ONE, OTHER = "Checked One", "Checked Other"
PREPARER, APPROVER = "preparer@checks.example", "approver@checks.example"
SECOND = "second.preparer@checks.example"
AUDITOR, SELLER = "auditor@checks.example", "seller@checks.example"
PEOPLE = {
	PREPARER: ("Accounts User",),
	SECOND: ("Accounts User",),
	APPROVER: ("Accounts Manager",),
	AUDITOR: ("Auditor",),
	SELLER: ("Sales User", "Sales Manager"),
}
BANK = "Checked Bank"


def month_end() -> date:
	"""Return the last day of the month before this one."""
	return getdate(add_days(get_first_day(nowdate()), -1))


def in_period(days_before_its_end: int = 0) -> date:
	return getdate(add_days(month_end(), -days_before_its_end))


def make_people() -> None:
	for email, roles in PEOPLE.items():
		f.make_user(email, roles)
		frappe.clear_cache(user=email)


def make_books() -> dict[str, Document]:
	"""Invoices of two customers, and in the last month: a receipt on account, a credit note, money at the bank, a dispute."""
	f.make_company(COMPANY)
	for name in (ONE, OTHER):
		f.make_customer(name)
	made = {
		"invoice": f.make_invoice(ONE, 500, in_period(70), company=COMPANY),
		"returned": f.make_invoice(OTHER, 80, in_period(60), company=COMPANY),
		"receipt": f.make_payment(ONE, 120, in_period(3), company=COMPANY),
		"too_late": f.make_payment(ONE, 33, nowdate(), company=COMPANY),
	}
	f.pay(made["returned"], in_period(30))
	made["credit"] = f.make_credit_note(made["returned"].name, 20, in_period(2), for_self=True)
	made["bank"] = make_bank_line(75, in_period(1))
	made["dispute"] = make_dispute(made["invoice"], in_period(40))
	refresh_customers([ONE, OTHER])
	return made


def make_bank_line(amount: float, day: date, currency: str = f.CURRENCY) -> Document:
	account = frappe.db.get_value("Bank Account", {"account_name": BANK})
	if not account:
		if not frappe.db.exists("Bank", BANK):
			frappe.get_doc({"doctype": "Bank", "bank_name": BANK}).insert()
		ledger = frappe.get_cached_value("Company", COMPANY, "default_bank_account")
		values = {"account_name": BANK, "bank": BANK, "company": COMPANY, "account": ledger}
		account = frappe.get_doc({"doctype": "Bank Account", "is_company_account": 1, **values}).insert().name
	row = {"doctype": "Bank Transaction", "date": day, "bank_account": account, "company": COMPANY}
	row |= {"deposit": amount, "currency": f.CURRENCY, "description": "No number", "reference_number": "B 1"}
	line = frappe.get_doc(row).insert()
	line.submit()
	if currency != f.CURRENCY:
		# One of a bank account in that currency.
		line.db_set("currency", currency)
	return line


def make_dispute(invoice: Document, day: date) -> Document:
	dispute = frappe.new_doc("Ledger Dispute")
	dispute.update(
		{
			"customer": invoice.customer,
			"company": invoice.company,
			"currency": f.CURRENCY,
			"reason": "Price or Discount Not as Agreed",
			"items": [{"voucher_type": "Sales Invoice", "voucher_no": invoice.name, "amount": 50}],
		}
	)
	dispute.insert()
	frappe.db.set_value("Ledger Dispute", dispute.name, "opened_on", day)
	return dispute


def make_list(kind: str = "Month") -> Document:
	"""Return the list of the last period of a kind."""
	return frappe.get_doc(CHECK_LIST, make_last(COMPANY, PeriodKind(kind)))


def make_last(company: str, kind: PeriodKind = PeriodKind.MONTH) -> str:
	"""Return the name of the list of a company's last period of a kind."""
	return lists.make(company, kind, lists.period_by_hand(company, kind))


def rows(doc: Document) -> dict[str, Document]:
	doc.reload()
	return {row.check_name: row for row in doc.checks}
