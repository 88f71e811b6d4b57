"""Billed, received and what else moved accounts: by the documents, on random ledgers and on the cases that misled charts.

Oracles: invoices by their totals; money by what reached bank and cash accounts in the General Ledger; everything together
by what the payment ledger adds up to.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.core.flows import MONEY, Flow
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.ledger_tab import api
from tests.bench import factories as f
from tests.bench.random_ledger import ABROAD, DAYS, HOME, RandomLedger
from tests.bench.slow_oracle import cents

pytestmark = pytest.mark.one_transaction
COMPANIES = (HOME, ABROAD)
LEDGER = """select {columns}, sum(amount) from `tabPayment Ledger Entry`
	where company = %(company)s and party_type = 'Customer' and account_type = 'Receivable' and delinked = 0
	and posting_date >= %(since)s group by {columns}"""
INVOICES = """select is_return, sum(if(base_rounded_total <> 0, base_rounded_total, base_grand_total))
	from `tabSales Invoice` where company = %(company)s and docstatus = 1 and posting_date >= %(since)s
	group by is_return"""
MONEY_OF_CUSTOMERS = """select sum(gle.debit - gle.credit) from `tabGL Entry` gle
	inner join `tabAccount` account on account.name = gle.account
	where gle.company = %(company)s and gle.is_cancelled = 0 and account.account_type in ('Bank', 'Cash')
	and gle.posting_date >= %(since)s and gle.voucher_no in (
		select voucher_no from `tabPayment Ledger Entry`
		where party_type = 'Customer' and account_type = 'Receivable' and delinked = 0)"""


@pytest.fixture(scope="module")
def since(site):
	"""The random ledger is on the site; return a day before it began."""
	today = getdate(nowdate())
	RandomLedger(31, today, steps_per_customer=4).build()
	return today - timedelta(days=2 * DAYS)


def flows(company, since, **scope):
	return site_ledger().flows(Scope((company,), **scope), since, getdate(nowdate()), by_customer=True)


@pytest.mark.parametrize("company", COMPANIES)
def test_they_add_up_to_the_ledger_of_every_customer_on_every_day(since, company):
	found = defaultdict(Decimal)
	for row in flows(company, since):
		found[row.customer, row.day] += row.amount
	rows = frappe.db.sql(LEDGER.format(columns="party, posting_date"), {"company": company, "since": since})
	wanted = {(party, day): cents(amount) for party, day, amount in rows if cents(amount)}
	assert wanted
	assert {key: cents(amount) for key, amount in found.items() if cents(amount)} == wanted


@pytest.mark.parametrize("company", COMPANIES)
def test_invoices_and_money_are_those_of_the_documents(since, company):
	found = defaultdict(Decimal)
	for row in flows(company, since):
		found[row.flow] += row.amount
	parameters = {"company": company, "since": since}
	by_kind = dict(frappe.db.sql(INVOICES, parameters))
	journals = frappe.db.sql(
		"""select count(*) from `tabJournal Entry` where docstatus = 1 and company = %(company)s
		and voucher_type in ('Credit Note', 'Debit Note')""",
		parameters,
	)[0][0]
	assert not journals
	billed_by_journal = _by_journal(company, since)
	assert cents(found[Flow.BILLED] - billed_by_journal[Flow.BILLED]) == cents(by_kind.get(0, 0))
	assert cents(found[Flow.CREDITED] - billed_by_journal[Flow.CREDITED]) == cents(by_kind.get(1, 0))
	money = frappe.db.sql(MONEY_OF_CUSTOMERS, parameters)[0][0]
	assert cents(-sum(found[flow] for flow in MONEY)) == cents(money)
	together = defaultdict(Decimal)
	for row in site_ledger().flows(Scope((company,)), since, getdate(nowdate())):
		together[row.flow] += row.amount
	# Only what one customer hands to another is no transfer of all of them together.
	for flow in (Flow.BILLED, Flow.CREDITED, *MONEY):
		assert cents(together[flow]) == cents(found[flow]), flow


def _by_journal(company, since):
	"""Return what journal entries billed or credited: the income on their other side."""
	found = defaultdict(Decimal)
	rows = frappe.db.sql(
		"""select gle.voucher_no, sum(gle.credit - gle.debit) from `tabGL Entry` gle
		inner join `tabAccount` account on account.name = gle.account
		where gle.company = %(company)s and gle.is_cancelled = 0 and account.root_type = 'Income'
		and gle.voucher_type = 'Journal Entry' and gle.posting_date >= %(since)s and gle.voucher_no in (
			select voucher_no from `tabPayment Ledger Entry` where party_type = 'Customer' and delinked = 0)
		group by gle.voucher_no""",
		{"company": company, "since": since},
	)
	for _name, amount in rows:
		found[Flow.BILLED if amount > 0 else Flow.CREDITED] += Decimal(str(amount))
	return found


# --- cases ---


def of(customer, company=HOME):
	"""Return the flows of one customer, by name."""
	found = defaultdict(Decimal)
	for row in flows(company, getdate(add_days(nowdate(), -60)), customers=(customer,)):
		found[row.flow.name] += row.amount
	return {name: float(amount) for name, amount in found.items() if cents(amount)}


def month_of(customer):
	months = api.customer_payment_history(customer, HOME)["months"]
	return {
		key: sum(month[key] for month in months) for key in ("billed", "received", "credited", "adjusted")
	}


def test_a_sale_at_the_counter_with_change_returned(site):
	customer = f.make_customer("Flow Counter").name
	sale = f.make_pos_invoice(customer, 2584, add_days(nowdate(), -9), paid=2600)
	f.make_invoice(customer, 500, add_days(nowdate(), -9))
	assert of(customer)["RECEIVED"] + of(customer).get("CHANGE", 0) == -2584
	back = [{"mode_of_payment": "Cash", "account": sale.payments[0].account, "amount": -2584}]
	note = f.make_credit_note(sale.name, posting_date=add_days(nowdate(), -3), payments=back)
	assert note.is_pos and note.is_return
	assert month_of(customer) == {"billed": 3084, "received": 0, "credited": 2584, "adjusted": 0}


def test_refunds_are_not_billed(site):
	customer = f.make_customer("Flow Refunded").name
	f.make_payment(customer, 300, add_days(nowdate(), -9))
	f.make_payment(customer, -300, add_days(nowdate(), -5))
	assert of(customer) == {"RECEIVED": -300, "REFUNDED": 300}
	assert month_of(customer) == {"billed": 0, "received": 0, "credited": 0, "adjusted": 0}


def test_a_discount_and_a_bank_charge_are_not_received(site):
	customer = f.make_customer("Flow Deducted").name
	invoice = f.make_invoice(customer, 100, add_days(nowdate(), -20))
	expense = f.make_expense_account(HOME)
	f.make_payment(
		customer, 100, add_days(nowdate(), -9), against=[(invoice, 100)], deductions=[(expense, 3)]
	)
	assert of(customer) == {"BILLED": 100, "RECEIVED": -97, "WRITTEN_OFF": -3}


def test_journal_entries_by_their_other_side(site):
	one, other = (f.make_customer(name).name for name in ("Flow Journal", "Flow Other"))
	receivable = f.make_receivable(HOME)
	bank = frappe.get_cached_value("Company", HOME, "default_bank_account")
	income = frappe.get_cached_value("Company", HOME, "default_income_account")
	expense, day = f.make_expense_account(HOME), add_days(nowdate(), -9)

	def journal(debit, credit, amount, **fields):
		rows = [
			{"account": account, "customer": customer, side: amount}
			for side, (account, customer) in (("debit", debit), ("credit", credit))
		]
		f.make_journal(rows, day, HOME, **fields)

	journal((receivable, one), (income, None), 1000)
	journal((bank, None), (receivable, one), 400, voucher_type="Bank Entry", cheque_no="1", cheque_date=day)
	journal((bank, None), (receivable, one), 50)
	journal((receivable, one), (bank, None), 20)
	journal((expense, None), (receivable, one), 30, voucher_type="Write Off Entry")
	journal((expense, None), (receivable, one), 5)
	journal((receivable, other), (receivable, one), 100)
	assert of(one) == {
		"BILLED": 1000,
		"RECEIVED": -450,
		"REFUNDED": 20,
		"WRITTEN_OFF": -35,
		"TRANSFERRED": -100,
	}
	assert of(other) == {"TRANSFERRED": 100}
	assert month_of(one) == {"billed": 1000, "received": 430, "credited": 0, "adjusted": 135}


def test_what_a_payment_gains_on_exchange_is_not_received(site):
	customer = f.make_customer("Flow Abroad", currency="EUR", companies=[HOME]).name
	invoice = f.make_invoice(customer, 100, add_days(nowdate(), -20), rate=1.1)
	f.make_payment(customer, 100, add_days(nowdate(), -9), against=[(invoice, 100)], rate=1.2)
	found = of(customer)
	assert found["BILLED"] == pytest.approx(110)
	assert found["RECEIVED"] == pytest.approx(-120)
	assert sum(found.values()) == pytest.approx(float(site_ledger().balance(customer, HOME)), abs=0.01)
