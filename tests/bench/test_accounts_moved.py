"""Invoices and advances that change their receivable account, through ERPNext's own documents, beside the same trade in one.

Oracles: the company in which nothing moves; ERPNext's Accounts Receivable told to ignore accounts, which is what it offers
for invoice discounting and separate advance accounts; the General Ledger, account by account.
"""

import random
from collections import Counter
from datetime import timedelta

import frappe
import pytest
from erpnext.accounts.report.accounts_receivable.accounts_receivable import execute
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from client_ledger.collections.promises.receipts import receipts_of
from client_ledger.credit.grades.trade import trade_lines
from client_ledger.dunning import dunning_status
from client_ledger.dunning.planning.plan_facts import read_facts
from client_ledger.ledger.period_ledgers import period_ledgers
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from tests.bench import factories as f
from tests.bench.accounts import account, refresh
from tests.bench.dunning.setting import make_policy
from tests.bench.receivable_report import whole_cents
from tests.bench.slow_oracle import cents

pytestmark = pytest.mark.one_transaction
PLAIN, ADVANCES, MOVING = "Plain Accounts Company", "Advance Accounts Company", "Moving Accounts Company"
COMPANIES = (PLAIN, ADVANCES, MOVING)
SEEDS = (1, 2, 3)
TODAY = getdate(nowdate())
START = TODAY - timedelta(days=200)
CUSTOMER = "Moved Accounts {}"


class Trade:
	"""What one customer buys and pays, the same from every company, by a name that its documents have in all of them."""

	def __init__(self, seed: int):
		self.chance, self.customer, self.day = (
			random.Random(seed),
			f.make_customer(CUSTOMER.format(seed)).name,
			START,
		)
		# What is open, in cents, and per company the documents of every name.
		self.open: dict[str, int] = {}
		self.on_account: dict[str, int] = {}
		self.documents: dict[str, dict[str, Document]] = {name: {} for name in COMPANIES}
		self.names: dict[str, str] = {}
		self.held_by: dict[str, tuple[Document, str]] = {}
		self.done: Counter[str] = Counter()
		self.bill()
		for step in (*STEPS, *self.chance.choices(STEPS, k=8)):
			self.day = min(self.day + timedelta(days=self.chance.randint(1, 10)), TODAY)
			self.done[step.__name__] += step(self) is not False

	def bill(self) -> None:
		"""An invoice, due at once or in two terms."""
		name, amount = f"invoice {len(self.names)}", self.chance.randint(2000, 90000)
		terms = self.chance.choice(((), ((10, 50), (40, 50))))
		due = None if terms else self.day + timedelta(days=self.chance.choice((0, 14, 30)))
		for company in COMPANIES:
			self._add(
				company,
				name,
				f.make_invoice(self.customer, amount / 100, self.day, company, due_date=due, terms=terms),
			)
		self.open[name] = amount

	def pay(self) -> bool | None:
		"""A payment of an invoice, whole or in part, wherever it is by now."""
		if not (name := self._owed()):
			return False
		amount = self.chance.choice((self.open[name], self.chance.randint(1, self.open[name])))
		payment = f"payment {len(self.names)}"
		for company in COMPANIES:
			document, paid_from = self.documents[company][name], None
			if company == MOVING and name in self.held_by:
				document, paid_from = self.held_by[name]
			document.reload()
			made = f.make_payment(
				self.customer, amount / 100, self.day, company, [(document, amount / 100)], account=paid_from
			)
			self._add(company, payment, made)
		self.open[name] -= amount
		return None

	def advance(self) -> None:
		"""Money with nothing to settle."""
		name, amount = f"advance {len(self.names)}", self.chance.randint(1000, 60000)
		for company in COMPANIES:
			self._add(company, name, f.make_payment(self.customer, amount / 100, self.day, company))
		self.on_account[name] = amount

	def reconcile(self) -> bool | None:
		"""Payment Reconciliation sets an advance against an invoice that has not moved."""
		invoice, advance = (
			self._owed(moved=False),
			next((n for n, left in self.on_account.items() if left), None),
		)
		if not invoice or not advance:
			return False
		amount = min(self.open[invoice], self.on_account[advance])
		for company in COMPANIES:
			self._reconcile(company, self.documents[company][invoice], self.documents[company][advance])
		self.open[invoice] -= amount
		self.on_account[advance] -= amount
		return None

	def move_by_journal(self) -> bool | None:
		"""In one company what is open of an invoice goes to another receivable account, by a journal that names it once."""
		if not (name := self._owed(moved=False)):
			return False
		invoice, doubtful, amount = self.documents[MOVING][name], doubtful_account(), self.open[name] / 100
		journal = f.make_journal(
			[
				{
					"account": invoice.debit_to,
					"credit": amount,
					"customer": self.customer,
					"against": invoice,
				},
				{"account": doubtful, "debit": amount, "customer": self.customer},
			],
			self.day,
			MOVING,
		)
		self.held_by[name] = (journal, doubtful)
		return None

	def discount(self) -> bool | None:
		"""In one company an invoice is discounted at the bank, which pays."""
		if not (name := self._owed(moved=False)):
			return False
		invoice = self.documents[MOVING][name].reload()
		f.discount(invoice, self.day)
		self.held_by[name] = (invoice, "Discounted")
		# ERPNext takes no money for it but through its own proposal: it stays open here.
		self.open.pop(name)
		return None

	def _owed(self, moved: bool = True) -> str | None:
		found = [n for n, left in self.open.items() if left and (moved or n not in self.held_by)]
		return self.chance.choice(found) if found else None

	def _add(self, company: str, name: str, document: Document) -> None:
		self.documents[company][name] = document
		self.names[document.name] = name

	def _reconcile(self, company: str, invoice: Document, payment: Document) -> None:
		tool = frappe.get_doc("Payment Reconciliation")
		tool.update({"company": company, "party_type": "Customer", "party": self.customer})
		tool.receivable_payable_account = invoice.debit_to
		if company == ADVANCES:
			tool.default_advance_account = advance_account()
		tool.get_unreconciled_entries()
		payments = [row.as_dict() for row in tool.payments if row.reference_name == payment.name]
		invoices = [row.as_dict() for row in tool.invoices if row.invoice_number == invoice.name]
		assert payments and invoices, f"{company}: {[r.reference_name for r in tool.payments]}"
		tool.allocate_entries({"payments": payments, "invoices": invoices})
		tool.reconcile()


STEPS = (
	Trade.bill,
	Trade.pay,
	Trade.advance,
	Trade.reconcile,
	Trade.move_by_journal,
	Trade.pay,
	Trade.bill,
	Trade.discount,
)


def advance_account() -> str:
	return f.make_account("Advances Received", ADVANCES, "Receivable", f.CURRENCY, "Current Liabilities")


def doubtful_account() -> str:
	return f.make_receivable(MOVING, None, "Doubtful Debtors")


@pytest.fixture(scope="module")
def trades(site) -> list[Trade]:
	for company in COMPANIES:
		f.make_company(company)
	frappe.db.set_value(
		"Company",
		ADVANCES,
		{
			"book_advance_payments_in_separate_party_account": 1,
			"default_advance_received_account": advance_account(),
		},
	)
	frappe.clear_cache()
	found = [Trade(seed) for seed in SEEDS]
	refresh()
	return found


def same_everywhere(trades: list[Trade], read) -> None:
	"""Assert that *read* says of every customer the same in all companies."""
	for trade in trades:
		plain = read(trade, PLAIN)
		assert plain
		for company in (ADVANCES, MOVING):
			assert read(trade, company) == plain, f"{trade.customer}, {company}"


def test_every_step_was_done(trades):
	done = sum((trade.done for trade in trades), Counter())
	assert all(done[step.__name__] for step in STEPS), done


def test_open_items(trades):
	def read(trade, company):
		items = site_ledger().open_items(Scope((company,), (trade.customer,)), TODAY)
		return Counter(
			(
				trade.names[i.voucher.name],
				i.due_date,
				i.posting_date,
				i.amount,
				i.outstanding,
				i.base_outstanding,
			)
			for i in items
		)

	same_everywhere(trades, read)


def test_open_items_are_accounts_receivable_that_ignores_accounts(trades):
	"""Where a journal names what it moves; a journal that does not is an item of its own there."""
	for company in (PLAIN, ADVANCES):
		filters = frappe._dict(
			company=company,
			report_date=TODAY,
			ageing_based_on="Due Date",
			range="30, 60, 90, 120",
			calculate_ageing_with="Report Date",
			party_type="Customer",
			ignore_accounts=1,
		)
		report = Counter()
		for row in execute(filters)[1]:
			report[row.party, row.voucher_no, getdate(row.due_date or row.posting_date)] += cents(
				row.outstanding
			)
		own = Counter()
		for item in site_ledger().open_items(Scope((company,)), TODAY, by_terms=False):
			own[item.customer, item.voucher.name, item.due_date] += whole_cents(item.base_outstanding)
		assert own == report, company


def test_days_late_and_what_grades_are_made_of(trades):
	def read(trade, company):
		return Counter(
			(
				trade.names[line.reference],
				line.issued,
				line.due,
				line.amount,
				line.settled_on,
				line.outstanding,
			)
			for line in trade_lines(company, TODAY, [trade.customer])
		)

	same_everywhere(trades, read)


def test_accounts(trades):
	fields = (
		*("balance", "receivable", "unallocated", "overdue", "not_due", "bucket_1", "bucket_2", "bucket_3"),
		*("open_items", "oldest_due_date", "oldest_overdue_days", "payment_status", "average_days_late"),
		*("average_days_to_pay", "behaviour_segment", "ties_to_gl", "gl_difference"),
	)

	def read(trade, company):
		row = account(trade.customer, company)
		return {field: row[field] for field in fields if field in row}

	same_everywhere(trades, read)
	assert all(read(trade, company)["ties_to_gl"] for trade in trades for company in COMPANIES)


def test_debits_credits_and_rests(trades):
	def read(trade, company):
		(found,) = period_ledgers(site_ledger(), Scope((company,), (trade.customer,)), START, TODAY).values()
		lines = [line for line in found.lines if line.movement.voucher.name in trade.names]
		assert found.closing.base == sum(l.movement.base_debit - l.movement.base_credit for l in lines)
		rows: dict[str, list] = {}
		for line in lines:
			row = rows.setdefault(trade.names[line.movement.voucher.name], [0, 0, 0])
			for i, amount in enumerate(
				(line.movement.base_debit, line.movement.base_credit, line.base_outstanding)
			):
				row[i] += amount
		return rows

	same_everywhere(trades, read)


def test_the_plan(trades):
	for company in COMPANIES:
		make_policy(f"Moved {company}", company=company, customers=[trade.customer for trade in trades])

	def read(trade, company):
		return [
			(
				notice.step.number,
				notice.as_of,
				Counter(
					(trade.names[l.key.voucher.name], l.key.due_date, l.amount, l.level) for l in notice.lines
				),
			)
			for notice in read_facts(company, [trade.customer], TODAY).plan()
		]

	same_everywhere(trades, read)


def test_every_account_ties_to_the_general_ledger(trades):
	ledger = site_ledger()
	for company in COMPANIES:
		general = Counter()
		for row in frappe.get_all(
			"GL Entry",
			{"is_cancelled": 0, "party_type": "Customer", "company": company},
			["party", "account", "debit", "credit"],
		):
			general[row.party, row.account] += cents(row.debit) - cents(row.credit)
		for key, tie in ledger.reconcile(Scope((company,)), TODAY).items():
			for one in tie.accounts:
				assert whole_cents(one.payment_ledger) == general[key.customer, one.account]
			assert not tie.difference


def test_a_tie_that_nets_accounts_hides_nothing(trades):
	"""600 too much in one account and 600 too little in another is a difference in both."""
	rows = frappe.get_all(
		"GL Entry",
		{"company": MOVING, "party": ("in", [trade.customer for trade in trades]), "is_cancelled": 0},
		["name", "account", "party", "debit"],
		order_by="name",
	)
	customer = next(row.party for row in rows if row.account == doubtful_account())
	rows = [row for row in rows if row.party == customer]
	first = next(row for row in rows if row.account == doubtful_account())
	second = next(row for row in rows if row.account != doubtful_account())
	for row, change in ((first, 600), (second, -600)):
		frappe.db.set_value("GL Entry", row.name, "debit", row.debit + change)
	(tie,) = site_ledger().reconcile(Scope((MOVING,), (customer,)), TODAY).values()
	for row in (first, second):
		frappe.db.set_value("GL Entry", row.name, "debit", row.debit)
	assert tie.payment_ledger == tie.general_ledger
	assert abs(tie.difference) == 600
	assert {one.account: one.difference for one in tie.differing} == {
		first.account: 600,
		second.account: -600,
	}


def test_a_receipt_of_more_than_its_bill(trades):
	"""1,000 for a bill of 600, from the account for advances: one debit of 600, one credit of 1,000, 400 left, once."""
	customer = f.make_customer("Moved Accounts Receipt").name
	invoice = f.make_invoice(customer, 600, START, ADVANCES)
	f.make_payment(customer, 1000, START + timedelta(days=10), ADVANCES, [(invoice, 600)])
	page = site_ledger().page(customer, (ADVANCES,), TODAY)
	assert sum(line.movement.debit for line in page.lines) == 600
	assert sum(line.movement.credit for line in page.lines) == 1000
	assert [line.outstanding for line in page.lines if line.outstanding] == [-400]
	receipts = [money.receipt for money in receipts_of([customer])[customer]]
	assert sorted((r.amount, r.against and r.against.name) for r in receipts) == [
		(400, None),
		(600, invoice.name),
	]


def test_what_is_paid_for_a_journal_is_received_for_the_invoice_it_moved(trades):
	"""Promises and ERPNext's Dunning go on with the invoice."""
	customer = f.make_customer("Moved Accounts Promise").name
	invoice = f.make_invoice(customer, 600, START, MOVING, due_date=START + timedelta(days=20))
	dunning = frappe.get_doc(
		{
			"doctype": "Dunning",
			"company": MOVING,
			"customer": customer,
			"currency": f.CURRENCY,
			"conversion_rate": 1,
			"posting_date": START + timedelta(days=30),
			"overdue_payments": [
				{
					"sales_invoice": invoice.name,
					"payment_schedule": invoice.payment_schedule[0].name,
					"due_date": invoice.due_date,
					"outstanding": 600,
				}
			],
		}
	)
	dunning.insert()
	dunning.submit()
	journal = f.make_journal(
		[
			{"account": invoice.debit_to, "credit": 600, "customer": customer, "against": invoice},
			{"account": doubtful_account(), "debit": 600, "customer": customer},
		],
		START + timedelta(days=40),
		MOVING,
	)
	assert receipts_of([customer]) == {}
	dunning_status.correct([dunning.name])
	assert frappe.db.get_value("Dunning", dunning.name, "status") == "Unresolved"
	f.make_payment(customer, 600, TODAY, MOVING, [(journal, 600)], account=doubtful_account())
	(money,) = receipts_of([customer])[customer]
	assert (money.receipt.amount, money.receipt.against.name) == (600, invoice.name)
	dunning_status.correct([dunning.name])
	assert frappe.db.get_value("Dunning", dunning.name, "status") == "Resolved"


def test_a_discounted_invoice_is_not_paid(trades):
	customer = f.make_customer("Moved Accounts Discounted").name
	invoice = f.make_invoice(customer, 600, START, MOVING, due_date=START + timedelta(days=60))
	discounting = f.discount(invoice, START + timedelta(days=10))
	ledger, scope = site_ledger(), Scope((MOVING,), (customer,))
	(item,) = ledger.open_items(scope, TODAY)
	assert (item.voucher.name, item.due_date, item.outstanding) == (
		invoice.name,
		START + timedelta(days=60),
		600,
	)
	assert item.account == discounting.accounts_receivable_discounted
	(settlement,) = ledger.settlements(scope, TODAY)
	assert settlement.settled_on is None
	paid_on = START + timedelta(days=90)

	def pay_discounted(amount: float) -> None:
		# Its Payment Entry looks for the invoice in the account of discounted ones alone, and finds nothing there.
		bank = frappe.get_cached_value("Company", MOVING, "default_bank_account")
		f.make_journal(
			[
				{"account": item.account, "credit": amount, "customer": customer, "against": invoice},
				{"account": bank, "debit": amount},
			],
			paid_on,
			MOVING,
		)

	pay_discounted(250)
	(item,) = ledger.open_items(scope, TODAY)
	assert (item.voucher.name, item.outstanding) == (invoice.name, 350)
	pay_discounted(350)
	assert ledger.open_items(scope, TODAY) == []
	(settlement,) = ledger.settlements(scope, TODAY)
	assert (settlement.settled_on, settlement.days_late) == (paid_on, 30)
