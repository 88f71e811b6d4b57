"""Documents for tests on a site, made and submitted through ERPNext's own controllers.

	from tests.bench.factories import make_company, make_customer, make_invoice, make_payment

Every function returns the document it made (or found, for masters) and takes further fields as keywords.
Dates are dates or ISO texts, amounts are in the document's currency. Nothing is committed.
"""

from collections.abc import Sequence
from datetime import date

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.controllers.sales_and_purchase_return import make_return_doc
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice as invoice_from_order
from frappe.model.document import Document
from frappe.utils import add_days, flt, get_time, getdate, now_datetime, nowdate

COMPANY = "Ledger Test Company"
CURRENCY = "USD"
ITEM = "Ledger Test Service"
IN_DOLLARS = {"USD": 1.0, "EUR": 1.1, "CNY": 0.14, "INR": 0.012, "GBP": 1.25, "JPY": 0.0067}
Day = date | str


def make_company(
	name: str = COMPANY, abbr: str | None = None, currency: str = CURRENCY, country: str = "United States"
) -> Document:
	"""Return the company, with a standard chart, a bank account and the fiscal years around today."""
	if not frappe.db.exists("Company", name):
		company = frappe.get_doc(
			{
				"doctype": "Company",
				"company_name": name,
				"abbr": _free_abbr(abbr or "".join(word[0] for word in name.split())),
				"default_currency": currency,
				"country": country,
				"create_chart_of_accounts_based_on": "Standard Template",
				"chart_of_accounts": "Standard",
			}
		)
		company.insert()
	make_fiscal_years()
	make_exchange_rates(currency)
	company = frappe.get_doc("Company", name)
	accounts = {
		"default_bank_account": make_account("Test Bank", name, "Bank", currency, "Bank Accounts"),
		"default_discount_account": make_expense_account(name, "Test Discount"),
		"unrealized_exchange_gain_loss_account": make_expense_account(name, "Test Revaluation"),
	}
	for fieldname, account in accounts.items():
		if not company.get(fieldname):
			company.db_set(fieldname, account)
	return company


def _free_abbr(wanted: str) -> str:
	"""Return an abbreviation that no other company has: modules share a site."""
	tried, number = wanted, 1
	while frappe.db.exists("Company", {"abbr": tried}):
		number += 1
		tried = f"{wanted}{number}"
	return tried


def make_exchange_rates(base: str) -> None:
	"""Record fixed rates against *base* from long ago, so that nothing asks a rate service."""
	day = f"{getdate(nowdate()).year - 5}-01-01"
	for currency in IN_DOLLARS:
		for pair in ((currency, base), (base, currency)):
			row = {"date": day, "from_currency": pair[0], "to_currency": pair[1]}
			if pair[0] != pair[1] and not frappe.db.exists("Currency Exchange", row):
				rate = exchange_rate(*pair)
				frappe.get_doc({"doctype": "Currency Exchange", "exchange_rate": rate, **row}).insert()


def make_fiscal_years(first: int | None = None, last: int | None = None) -> None:
	"""Make the calendar years from *first* to *last* (default: three years back to next year) fiscal years."""
	this_year = getdate(nowdate()).year
	for year in range(first or this_year - 3, (last or this_year + 1) + 1):
		start, end = f"{year}-01-01", f"{year}-12-31"
		if not frappe.db.exists("Fiscal Year", {"year_start_date": start, "year_end_date": end}):
			frappe.get_doc(
				{"doctype": "Fiscal Year", "year": str(year), "year_start_date": start, "year_end_date": end}
			).insert()


def make_account(
	name: str, company: str, account_type: str, currency: str, parent: str, root_type: str | None = None
) -> str:
	"""Return the name of the account *name* of *company*, under the group called *parent*."""
	found = frappe.db.get_value("Account", {"account_name": name, "company": company})
	if found:
		return found
	group = frappe.db.get_value("Account", {"account_name": parent, "company": company, "is_group": 1})
	account = frappe.get_doc(
		{
			"doctype": "Account",
			"account_name": name,
			"company": company,
			"parent_account": group,
			"account_type": account_type,
			"account_currency": currency,
		}
	)
	if root_type:
		account.root_type = root_type
	return account.insert().name


def make_receivable(company: str, currency: str | None = None, name: str | None = None) -> str:
	"""Return the name of a receivable account of *company* in *currency* (None: the company's default one)."""
	default = frappe.get_cached_value("Company", company, "default_receivable_account")
	if not name and currency in (None, frappe.get_cached_value("Company", company, "default_currency")):
		return default
	currency = currency or frappe.get_cached_value("Company", company, "default_currency")
	parent = frappe.get_cached_value(
		"Account", frappe.get_cached_value("Account", default, "parent_account"), "account_name"
	)
	return make_account(name or f"Debtors {currency}", company, "Receivable", currency, parent)


def make_expense_account(company: str, name: str = "Test Write Off") -> str:
	"""Return the name of an expense account of *company*, for write-offs, discounts and exchange losses."""
	return make_account(name, company, "", _company_currency(company), "Indirect Expenses")


def make_customer(
	name: str,
	currency: str | None = None,
	companies: Sequence[str] = (),
	receivable: str | None = None,
	**fields,
) -> Document:
	"""Return the customer *name*.

	currency: billing currency; in each of *companies* its account is set to the receivable in that currency
	(or to *receivable*, the name of one account of the one company given).
	"""
	if frappe.db.exists("Customer", name):
		return frappe.get_doc("Customer", name)
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": name,
			"customer_type": "Company",
			"customer_group": first_leaf("Customer Group"),
			"territory": first_leaf("Territory"),
			"default_currency": currency,
			**fields,
		}
	)
	for company in companies:
		account = receivable or make_receivable(company, currency)
		customer.append("accounts", {"company": company, "account": account})
	return customer.insert()


def make_item(code: str = ITEM, **fields) -> Document:
	"""Return the item *code*: a service, unless `is_stock_item=1`."""
	if frappe.db.exists("Item", code):
		return frappe.get_doc("Item", code)
	item = {
		"doctype": "Item",
		"item_code": code,
		"item_name": code,
		"item_group": first_leaf("Item Group"),
		"stock_uom": frappe.db.get_value("UOM", {"name": "Nos"}) or first("UOM"),
		"is_stock_item": 0,
	}
	return frappe.get_doc({**item, **fields}).insert()


def make_terms_template(
	name: str, terms: Sequence[tuple[int, float]], allocate: bool = False, discount: tuple | None = None
) -> Document:
	"""Return a payment terms template of (credit days, portion in percent).

	allocate: payments are allocated by term. discount: (percent, valid for days) for early payment, on every term.
	"""
	if frappe.db.exists("Payment Terms Template", name):
		return frappe.get_doc("Payment Terms Template", name)
	template = frappe.get_doc(
		{
			"doctype": "Payment Terms Template",
			"template_name": name,
			"allocate_payment_based_on_payment_terms": int(allocate),
		}
	)
	for number, (days, portion) in enumerate(terms, 1):
		term = {
			"payment_term_name": f"{name} {number}",
			"invoice_portion": portion,
			"due_date_based_on": "Day(s) after invoice date",
			"credit_days": days,
		}
		if discount:
			term |= {
				"discount_type": "Percentage",
				"discount": discount[0],
				"discount_validity_based_on": "Day(s) after invoice date",
				"discount_validity": discount[1],
			}
		frappe.get_doc({"doctype": "Payment Term", **term}).insert()
		term["payment_term"] = term.pop("payment_term_name")
		template.append("terms", term)
	return template.insert()


def make_invoice(
	customer: str,
	amount: float,
	posting_date: Day | None = None,
	company: str = COMPANY,
	due_date: Day | None = None,
	terms: Sequence[tuple[int, float]] = (),
	template: str | None = None,
	currency: str | None = None,
	rate: float | None = None,
	submit: bool = True,
	**fields,
) -> Document:
	"""Return a sales invoice over *amount* for one service.

	due_date defaults to 30 days on. terms: (days after the posting date, portion in percent), each a row of the
	payment schedule; template: a Payment Terms Template instead. currency: of the invoice (default: the
	customer's account's); rate: company currency per unit of it. debit_to and others go in as keywords.
	"""
	posting_date = getdate(posting_date)
	invoice = frappe.new_doc("Sales Invoice")
	invoice.update(
		{
			"company": company,
			"customer": customer,
			"set_posting_time": 1,
			"posting_date": posting_date,
			"debit_to": fields.pop("debit_to", None) or _receivable_of(customer, company),
			"disable_rounded_total": 1,
			"ignore_default_payment_terms_template": 1,
		}
	)
	_set_currency(invoice, currency or _account_currency(invoice.debit_to), rate)
	invoice.append("items", _line(company, amount))
	if template:
		invoice.payment_terms_template = template
		invoice.ignore_default_payment_terms_template = 0
	elif terms:
		for days, portion in terms:
			invoice.append(
				"payment_schedule",
				{"due_date": add_days(posting_date, days), "invoice_portion": portion},
			)
	else:
		invoice.due_date = due_date or add_days(posting_date, 30)
	invoice.update(fields)
	return _save(invoice, submit)


def make_opening_invoice(
	customer: str, amount: float, posting_date: Day, company: str = COMPANY, **fields
) -> Document:
	"""Return an opening invoice: billed before ERPNext was in use, against the temporary opening account."""
	account = frappe.db.get_value("Account", {"company": company, "account_type": "Temporary"})
	fields.setdefault("is_opening", "Yes")
	invoice = make_invoice(customer, amount, posting_date, company, submit=False, **fields)
	for item in invoice.items:
		item.income_account = account
	invoice.save()
	return invoice.submit()


def make_pos_invoice(
	customer: str,
	amount: float,
	posting_date: Day,
	paid: float | None = None,
	company: str = COMPANY,
	**fields,
) -> Document:
	"""Return a sales invoice paid at the counter (is_pos), in cash, fully or by the amount *paid*."""
	profile = make_pos_profile(company)
	cash = frappe.get_cached_value("Company", company, "default_cash_account")
	invoice = make_invoice(
		customer, amount, posting_date, company, submit=False, is_pos=1, pos_profile=profile, **fields
	)
	invoice.set("payments", [])
	invoice.append(
		"payments", {"mode_of_payment": "Cash", "account": cash, "amount": amount if paid is None else paid}
	)
	invoice.save()
	return invoice.submit()


def make_pos_profile(company: str) -> str:
	"""Return the name of a POS profile of *company* that takes cash and allows part payment."""
	name = f"Test Counter {_abbr(company)}"
	if frappe.db.exists("POS Profile", name):
		return name
	mode = frappe.get_doc("Mode of Payment", "Cash")
	if not any(row.company == company for row in mode.accounts):
		cash = frappe.get_cached_value("Company", company, "default_cash_account")
		mode.append("accounts", {"company": company, "default_account": cash})
		mode.save()
	profile = frappe.new_doc("POS Profile")
	profile.update(
		{
			"company": company,
			"currency": _company_currency(company),
			"warehouse": frappe.db.get_value("Warehouse", {"company": company, "is_group": 0}),
			"selling_price_list": first("Price List", {"selling": 1}),
			"write_off_account": make_expense_account(company),
			"write_off_cost_center": _cost_center(company),
			"write_off_limit": 1,
			"income_account": frappe.get_cached_value("Company", company, "default_income_account"),
			"expense_account": frappe.get_cached_value("Company", company, "default_expense_account"),
			"cost_center": _cost_center(company),
			"allow_partial_payment": 1,
			"payments": [{"mode_of_payment": "Cash", "default": 1}],
		}
	)
	return profile.insert(set_name=name).name


def make_credit_note(
	invoice: str,
	amount: float | None = None,
	posting_date: Day | None = None,
	for_self: bool = False,
	submit: bool = True,
	**fields,
) -> Document:
	"""Return a credit note for *invoice* over *amount* (default: all of it).

	for_self: the note keeps a balance of its own (update_outstanding_for_self), else it settles the invoice.
	"""
	note = make_return_doc("Sales Invoice", invoice)
	note.update(
		{
			"set_posting_time": 1,
			"posting_date": getdate(posting_date),
			"due_date": getdate(posting_date),
			"update_outstanding_for_self": int(for_self),
			"disable_rounded_total": 1,
			"payment_schedule": [],
			"advances": [],
		}
	)
	if amount is not None:
		note.items[0].update({"qty": -1, "rate": amount, "price_list_rate": amount})
	note.update(fields)
	return _save(note, submit)


def make_payment(
	customer: str,
	amount: float,
	posting_date: Day | None = None,
	company: str = COMPANY,
	against: Sequence[tuple] = (),
	rate: float | None = None,
	account: str | None = None,
	deductions: Sequence[tuple[str, float]] = (),
	submit: bool = True,
	**fields,
) -> Document:
	"""Return a payment of *amount* (currency of the customer's account) into the company's bank.

	against: (document, allocated amount) or (document, allocated amount, payment term); what is not allocated
	stays unallocated. A negative amount is a refund. rate: company currency per unit of the account's.
	deductions: (account, amount in company currency), e.g. a write-off: less is received by so much.
	"""
	account = account or _receivable_of(customer, company)
	bank = frappe.get_cached_value("Company", company, "default_bank_account")
	currency, base = _account_currency(account), _company_currency(company)
	rate = 1.0 if currency == base else rate or exchange_rate(currency, base)
	base_amount = flt(abs(amount) * rate - sum(d[1] for d in deductions), 2)
	receive = amount >= 0
	payment = frappe.new_doc("Payment Entry")
	own, other = ("paid_from", "paid_to") if receive else ("paid_to", "paid_from")
	own_rate, other_rate = (
		("source_exchange_rate", "target_exchange_rate")
		if receive
		else ("target_exchange_rate", "source_exchange_rate")
	)
	payment.update(
		{
			"payment_type": "Receive" if receive else "Pay",
			"company": company,
			"posting_date": getdate(posting_date),
			"party_type": "Customer",
			"party": customer,
			own: account,
			other: bank,
			f"{own}_account_currency": currency,
			f"{other}_account_currency": base,
			own_rate: rate,
			other_rate: 1,
			"paid_amount": abs(amount) if receive else base_amount,
			"received_amount": base_amount if receive else abs(amount),
			"reference_no": fields.pop("reference_no", "test"),
			"reference_date": getdate(posting_date),
		}
	)
	if currency == base:
		payment.paid_amount = payment.received_amount = base_amount
	for document, allocated, *term in against:
		payment.append(
			"references",
			{
				"reference_doctype": document.doctype,
				"reference_name": document.name,
				"allocated_amount": allocated,
				"payment_term": term[0] if term else None,
			},
		)
	for deduction_account, deducted in deductions:
		payment.append(
			"deductions",
			{"account": deduction_account, "cost_center": _cost_center(company), "amount": deducted},
		)
	payment.update(fields)
	return _save(payment, submit)


def pay(document: Document, posting_date: Day, amount: float | None = None, **fields) -> Document:
	"""Return the payment ERPNext itself proposes for an invoice or order: by terms and with discounts
	where its template says so; *amount* (of the document's account currency) if not all of it.
	"""
	payment = get_payment_entry(
		document.doctype, document.name, party_amount=amount, reference_date=getdate(posting_date)
	)
	payment.update({"posting_date": getdate(posting_date), "reference_no": "test", **fields})
	payment.reference_date = getdate(posting_date)
	return _save(payment, True)


def make_journal(
	rows: Sequence[dict],
	posting_date: Day | None = None,
	company: str = COMPANY,
	submit: bool = True,
	**fields,
) -> Document:
	"""Return a journal entry of *rows*: {account, debit or credit (account currency), customer?, against?, rate?}.

	against: the document that the row settles. rate: company currency per unit of the account's currency.
	"""
	journal = frappe.new_doc("Journal Entry")
	journal.update({"company": company, "posting_date": getdate(posting_date), **fields})
	for row in rows:
		currency = _account_currency(row["account"])
		line = {
			"account": row["account"],
			"account_currency": currency,
			"exchange_rate": row.get("rate") or exchange_rate(currency, _company_currency(company)),
			"debit_in_account_currency": row.get("debit", 0),
			"credit_in_account_currency": row.get("credit", 0),
			"cost_center": _cost_center(company),
		}
		if row.get("customer"):
			line |= {"party_type": "Customer", "party": row["customer"]}
		if row.get("against"):
			line |= {
				"reference_type": row["against"].doctype,
				"reference_name": row["against"].name,
			}
		journal.append("accounts", line)
	journal.multi_currency = int(
		any(r.account_currency != _company_currency(company) for r in journal.accounts)
	)
	return _save(journal, submit)


def make_order(
	customer: str,
	amount: float,
	transaction_date: Day | None = None,
	company: str = COMPANY,
	delivery_date: Day | None = None,
	currency: str | None = None,
	rate: float | None = None,
	submit: bool = True,
	**fields,
) -> Document:
	"""Return a sales order over *amount*, to be delivered two weeks on unless a date is given."""
	order = frappe.new_doc("Sales Order")
	ordered = getdate(transaction_date)
	order.update(
		{
			"company": company,
			"customer": customer,
			"transaction_date": ordered,
			"delivery_date": getdate(delivery_date or add_days(ordered, 14)),
			"disable_rounded_total": 1,
			"ignore_default_payment_terms_template": 1,
		}
	)
	_set_currency(order, currency or _account_currency(_receivable_of(customer, company)), rate)
	order.append("items", {**_line(company, amount), "delivery_date": order.delivery_date})
	order.update(fields)
	return _save(order, submit)


def bill_order(order: Document, posting_date: Day, submit: bool = True, **fields) -> Document:
	"""Return the sales invoice for what of *order* is not billed yet."""
	invoice = invoice_from_order(order.name)
	invoice.update(
		{
			"set_posting_time": 1,
			"posting_date": getdate(posting_date),
			"payment_schedule": [],
			"due_date": add_days(getdate(posting_date), 30),
			"disable_rounded_total": 1,
			**fields,
		}
	)
	return _save(invoice, submit)


def make_delivery(
	customer: str,
	amount: float,
	posting_date: Day | None = None,
	company: str = COMPANY,
	order: Document | None = None,
	submit: bool = True,
	**fields,
) -> Document:
	"""Return a delivery note over *amount* for the service, on its own or for *order*."""
	if order:
		from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

		note = make_delivery_note(order.name)
	else:
		note = frappe.new_doc("Delivery Note")
		note.update({"company": company, "customer": customer})
		_set_currency(note, _account_currency(_receivable_of(customer, company)), None)
		note.append("items", {**_line(company, amount), "warehouse": _warehouse(company)})
	note.update(
		{"set_posting_time": 1, "posting_date": getdate(posting_date), "disable_rounded_total": 1, **fields}
	)
	return _save(note, submit)


def amend(document: Document, **fields) -> Document:
	"""Cancel *document* and return its submitted amendment with *fields* changed."""
	document.reload()
	document.cancel()
	amended = frappe.copy_doc(document)
	amended.amended_from = document.name
	amended.docstatus = 0
	amended.update(fields)
	return _save(amended, True)


def make_user(email: str, roles: Sequence[str] = (), permissions: Sequence[tuple[str, str]] = ()) -> Document:
	"""Return an enabled user with exactly *roles* and user permissions (doctype, value)."""
	if frappe.db.exists("User", email):
		user = frappe.get_doc("User", email)
	else:
		user = frappe.get_doc(
			{"doctype": "User", "email": email, "first_name": email.split("@")[0], "send_welcome_email": 0}
		).insert()
	user.set("roles", [])
	user.add_roles(*roles)
	for doctype, value in permissions:
		row = {"user": email, "allow": doctype, "for_value": value}
		if not frappe.db.exists("User Permission", row):
			frappe.get_doc({"doctype": "User Permission", **row}).insert()
	return user


def exchange_rate(currency: str, base: str) -> float:
	"""Return a fixed rate between the currencies tests use (units of *base* per unit of *currency*)."""
	return round(IN_DOLLARS[currency] / IN_DOLLARS[base], 6)


def first_leaf(doctype: str) -> str:
	"""Return the first record of a tree that is no group."""
	return frappe.get_all(doctype, {"is_group": 0}, pluck="name", order_by="lft", limit=1)[0]


def first(doctype: str, filters: dict | None = None) -> str:
	"""Return the first record by name."""
	return frappe.get_all(doctype, filters, pluck="name", order_by="name", limit=1)[0]


def _line(company: str, amount: float) -> dict:
	return {
		"item_code": make_item().name,
		"qty": 1,
		"rate": amount,
		"price_list_rate": amount,
		"conversion_factor": 1,
		"cost_center": _cost_center(company),
		"income_account": frappe.get_cached_value("Company", company, "default_income_account"),
	}


def _set_currency(document: Document, currency: str, rate: float | None) -> None:
	base = _company_currency(document.company)
	document.currency = currency
	document.conversion_rate = rate or exchange_rate(currency, base)
	document.selling_price_list = first("Price List", {"selling": 1})
	document.price_list_currency = currency
	document.plc_conversion_rate = document.conversion_rate
	document.ignore_pricing_rule = 1


def _receivable_of(customer: str, company: str) -> str:
	account = frappe.db.get_value("Party Account", {"parent": customer, "company": company}, "account")
	return account or frappe.get_cached_value("Company", company, "default_receivable_account")


def _account_currency(account: str) -> str:
	return frappe.get_cached_value("Account", account, "account_currency")


def _company_currency(company: str) -> str:
	return frappe.get_cached_value("Company", company, "default_currency")


def _cost_center(company: str) -> str:
	return frappe.get_cached_value("Company", company, "cost_center")


def _abbr(company: str) -> str:
	return frappe.get_cached_value("Company", company, "abbr")


def _warehouse(company: str) -> str:
	return frappe.db.get_value("Warehouse", {"company": company, "is_group": 0})


def _save(document: Document, submit: bool) -> Document:
	if not submit:
		_in_whole_minutes(document)
	# As on the desk: saved first. ERPNext makes schedules and advances of a document submitted at once otherwise.
	document.insert()
	return document.submit() if submit else document


def _in_whole_minutes(document: Document) -> None:
	"""Cut the time of day of a draft to minutes, as the desk does. Frappe's default for a document made by a script has
	seconds and less; the field of a desk whose time format is HH:mm drops them, so that the form would open as changed
	and offer no Submit."""
	for field in ("posting_time", "transaction_time"):
		if document.meta.has_field(field):
			time = get_time(document.get(field) or now_datetime())
			document.set(field, time.strftime("%H:%M:00"))


def discount(invoice: Document, day: date) -> Document:
	"""Discount what is open of an invoice and book the bank's money; return ERPNext's document."""
	company = invoice.company
	accounts = {
		"short_term_loan": make_account("Short Loan", company, "", CURRENCY, "Current Liabilities"),
		"bank_account": frappe.get_cached_value("Company", company, "default_bank_account"),
		"bank_charges_account": make_expense_account(company, "Bank Charges Test"),
	} | {
		f"accounts_receivable_{kind}": make_receivable(company, None, f"Debtors {kind}")
		for kind in ("credit", "discounted", "unpaid")
	}
	document = frappe.get_doc(
		{
			"doctype": "Invoice Discounting",
			"company": company,
			"posting_date": day,
			"loan_start_date": day,
			"loan_period": 30,
			"invoices": [
				{
					"sales_invoice": invoice.name,
					"customer": invoice.customer,
					"posting_date": invoice.posting_date,
					"outstanding_amount": invoice.outstanding_amount,
				}
			],
			**accounts,
		}
	)
	document.insert()
	document.submit()
	journal = document.create_disbursement_entry()
	journal.posting_date = day
	journal.insert()
	journal.submit()
	return document
