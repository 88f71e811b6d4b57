"""Masters of the sample company: companies, accounts, customers, items, terms. Made once, found again after."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

import frappe

from client_ledger.sample.documents import CompanyMaster, CustomerMaster, Documents

BANK = "Sample Bank"
WRITE_OFF = "Sample Write Off"
INTEREST = "Sample Interest Income"
FRACTIONS = {"CNY": "Fen"}
ALL_GROUPS = {"Customer Group": "customer_group_name", "Territory": "territory_name"}


def make_masters(documents: Documents) -> None:
	"""Make everything the documents refer to, besides each other."""
	make_fiscal_years(documents)
	for currency in {customer.currency for customer in documents.customers}:
		enable_currency(currency)
		price_list(currency)
	for company in documents.companies:
		make_company(company)
	make_exchange_rates(documents)
	for customer in documents.customers:
		make_customer(customer)
	for mode in {payment.mode for payment in documents.payments if payment.mode}:
		if not frappe.db.exists("Mode of Payment", mode):
			_insert("Mode of Payment", mode_of_payment=mode, type="Bank")
	for row in (*documents.orders, *documents.deliveries, *documents.invoices):
		for line in row.lines:
			make_item(line.item)
	for invoice in documents.invoices:
		for term in invoice.terms:
			if term.name:
				make_payment_term(term.name)


def enable_currency(name: str) -> None:
	"""Enable a currency, and name its fraction where it has none: version 16 writes no amount in words without."""
	fraction = frappe.db.get_value("Currency", name, "fraction") or FRACTIONS.get(name, "Cent")
	frappe.db.set_value("Currency", name, {"enabled": 1, "fraction": fraction})


def make_fiscal_years(documents: Documents) -> None:
	"""Make the calendar years of the documents fiscal years, where no other covers them."""
	days = [row.date for row in (*documents.orders, *documents.invoices, *documents.payments)]
	for year in range(min(days).year, documents.today.year + 1):
		start, end = date(year, 1, 1), date(year, 12, 31)
		covered = frappe.db.exists(
			"Fiscal Year", {"year_start_date": ("<=", start), "year_end_date": (">=", end), "disabled": 0}
		)
		if not covered:
			_insert("Fiscal Year", year=str(year), year_start_date=start, year_end_date=end)


def make_exchange_rates(documents: Documents) -> None:
	"""Record the rates of the documents, each from its day on, so that ERPNext asks no rate service for them."""
	currencies = {company.name: company.currency for company in documents.companies}
	rates: dict[tuple[str, str], dict[date, Decimal]] = {}
	for row in documents.in_order():
		pair = (row.currency, currencies[row.company])
		if pair[0] != pair[1] and (rate := getattr(row, "rate", None)):
			rates.setdefault(pair, {})[row.date] = rate
	for (currency, base), by_day in sorted(rates.items()):
		for day, rate in _changes(by_day):
			for pair, value in (((currency, base), rate), ((base, currency), 1 / rate)):
				row = {"date": day, "from_currency": pair[0], "to_currency": pair[1]}
				if not frappe.db.exists("Currency Exchange", row):
					_insert("Currency Exchange", exchange_rate=float(value), **row)


def _changes(by_day: dict[date, Decimal]) -> Iterator[tuple[date, Decimal]]:
	"""Yield the days on which a rate changes; the first one some years earlier, for what looks back from a document."""
	before = None
	for day, rate in sorted(by_day.items()):
		if rate != before:
			yield (day if before else date(day.year - 5, 1, 1)), rate
		before = rate


@cache
def price_list(currency: str) -> str:
	"""Return the name of the sample's price list in *currency*: documents in a list's own currency need no rate for it."""
	name = f"Sample Prices {currency}"
	if not frappe.db.exists("Price List", name):
		_insert("Price List", price_list_name=name, currency=currency, selling=1, enabled=1)
	return name


def make_company(company: CompanyMaster) -> None:
	"""Make a company with a standard chart, a bank account, and accounts for write-offs and interest."""
	_insert(
		"Company",
		company_name=company.name,
		abbr=company.abbr,
		default_currency=company.currency,
		country=company.country,
		create_chart_of_accounts_based_on="Standard Template",
		chart_of_accounts="Standard",
	)
	bank = make_account(BANK, company.name, "Bank Accounts", company.currency, "Bank")
	exchange = frappe.get_cached_value("Company", company.name, "exchange_gain_loss_account")
	write_off = make_account(WRITE_OFF, company.name, "Indirect Expenses", company.currency)
	make_account(INTEREST, company.name, "Indirect Income", company.currency)
	frappe.db.set_value(
		"Company",
		company.name,
		{
			"default_bank_account": bank,
			"write_off_account": write_off,
			"exchange_gain_loss_account": exchange or write_off,
		},
	)
	cash = frappe.get_cached_value("Company", company.name, "default_cash_account")
	mode = frappe.get_doc("Mode of Payment", "Cash")
	if not any(row.company == company.name for row in mode.accounts):
		mode.append("accounts", {"company": company.name, "default_account": cash})
		mode.save()


def make_account(name: str, company: str, group: str, currency: str, account_type: str = "") -> str:
	"""Return the name of an account of *company* under the group called *group*."""
	found = frappe.db.get_value("Account", {"account_name": name, "company": company})
	if found:
		return found
	parent = frappe.db.get_value("Account", {"account_name": group, "company": company, "is_group": 1})
	return _insert(
		"Account",
		account_name=name,
		company=company,
		parent_account=parent,
		account_type=account_type,
		account_currency=currency,
	)


@cache
def receivable(company: str, currency: str) -> str:
	"""Return the name of the receivable account of *company* in *currency*."""
	default, company_currency = frappe.get_cached_value(
		"Company", company, ("default_receivable_account", "default_currency")
	)
	if currency == company_currency:
		return default
	parent = frappe.get_cached_value("Account", default, "parent_account")
	group = frappe.get_cached_value("Account", parent, "account_name")
	return make_account(f"Debtors {currency}", company, group, currency, "Receivable")


def make_customer(customer: CustomerMaster) -> None:
	"""Make a customer under its own ID, with its group, territory and sales person."""
	person = customer.sales_person and make_sales_person(customer.sales_person)
	row = frappe.new_doc("Customer")
	row.update(
		{
			"customer_name": customer.customer_name,
			"customer_type": "Company",
			"customer_group": make_node("Customer Group", customer.group),
			"territory": make_node("Territory", customer.territory),
			"default_currency": customer.currency,
		}
	)
	if person:
		row.append("sales_team", {"sales_person": person, "allocated_percentage": 100})
	row.insert(set_name=customer.name)
	make_contact(customer)


def make_contact(customer: CustomerMaster) -> None:
	"""Make the person who gets a customer's bills, at an address under example, where no mail arrives."""
	contact = frappe.new_doc("Contact")
	contact.update({"first_name": customer.customer_name, "is_billing_contact": 1})
	address = f"{frappe.scrub(customer.name).replace('_', '-')}@billing.example"
	contact.append("email_ids", {"email_id": address, "is_primary": 1})
	contact.append("links", {"link_doctype": "Customer", "link_name": customer.name})
	contact.insert()


@cache
def make_node(doctype: str, name: str) -> str:
	"""Return a leaf of a tree (customer group, territory) by name, made under the root."""
	if name and not frappe.db.exists(doctype, name):
		root = frappe.db.get_value(
			doctype, {"is_group": 1, f"parent_{frappe.scrub(doctype)}": ("in", ("", None))}
		)
		_insert(
			doctype,
			**{ALL_GROUPS[doctype]: name, f"parent_{frappe.scrub(doctype)}": root, "is_group": 0},
		)
	return name or frappe.db.get_value(doctype, {"is_group": 0})


@cache
def make_sales_person(name: str) -> str:
	"""Return a sales person, made under the root."""
	if not frappe.db.exists("Sales Person", name):
		root = frappe.db.get_value("Sales Person", {"is_group": 1})
		_insert("Sales Person", sales_person_name=name, parent_sales_person=root, is_group=0)
	return name


@cache
def make_item(name: str) -> str:
	"""Return an item that is sold but not kept in stock, so that no stock has to be bought first."""
	if not frappe.db.exists("Item", name):
		group = frappe.db.get_value("Item Group", {"is_group": 0})
		_insert("Item", item_code=name, item_name=name, item_group=group, stock_uom="Nos", is_stock_item=0)
	return name


@cache
def make_payment_term(name: str) -> str:
	"""Return a payment term; its dates and portions are on each invoice."""
	if not frappe.db.exists("Payment Term", name):
		_insert("Payment Term", payment_term_name=name, invoice_portion=100)
	return name


def _insert(doctype: str, **values: object) -> str:
	return frappe.get_doc({"doctype": doctype, **values}).insert().name
