"""A company and a customer in euro, with a bank account that codes can name."""

import frappe
from frappe.utils import nowdate

from tests.bench import factories as f
from tests.bench.portal.setting import make_portal_user, switch


def euro_account(customer: str = "Portal Euro") -> tuple[str, list]:
	"""Return the user and invoices of a customer billed in euro by a company with an account in it."""
	company = f.make_company("Portal Euro GmbH", "PEG", "EUR", "Germany").name
	switch(company)
	f.make_customer(customer)
	invoices = [f.make_invoice(customer, amount, nowdate(), company=company) for amount in (100.5, 20)]
	return make_portal_user("euro@portal.example", customer), invoices


def bank_account(company: str, iban: str, currency: str = "EUR") -> None:
	if not frappe.db.exists("Bank", "Portal Bank"):
		frappe.get_doc(
			{"doctype": "Bank", "bank_name": "Portal Bank", "swift_number": "COBADEFFXXX"}
		).insert()
	frappe.get_doc(
		{
			"doctype": "Bank Account",
			"account_name": f"Portal {currency}",
			"bank": "Portal Bank",
			"is_company_account": 1,
			"is_default": 1,
			"company": company,
			"account": f.make_account(f"Portal {currency}", company, "Bank", currency, "Bank Accounts"),
			"iban": iban,
		}
	).insert()
