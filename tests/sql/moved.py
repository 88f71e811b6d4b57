"""Ledgers in which invoices and advances change their accounts, each beside the same trade in one account.

	plain, moved = Trade(random.Random(7)).written(connection)

The two are customers of one company that bought and paid the same. The second one's invoices move between receivable
accounts by journals (that name them on both sides or on one) and by invoice discountings, its advances are booked in an
account of their own and taken from there later or moved by journals. Nothing of what is due, when and how late may differ.
"""

import random
import sqlite3
from dataclasses import dataclass, field
from datetime import date, timedelta

COMPANY, CURRENCY = "Moving Company", "USD"
DEBTORS, DISCOUNTED, ADVANCES, DOUBTFUL = (
	f"{name} - MC" for name in ("Debtors", "AR Discounted", "Advances", "Doubtful")
)
ACCOUNTS = (DEBTORS, DISCOUNTED, ADVANCES, DOUBTFUL)
FIRST = date(2026, 1, 1)
SALES_INVOICE, PAYMENT_ENTRY, JOURNAL_ENTRY = "Sales Invoice", "Payment Entry", "Journal Entry"
DISCOUNTING = "Invoice Discounting"


@dataclass
class Debt:
	"""What is open of an invoice, in cents, and the document and account that it is in: where it was moved last."""

	name: str
	due: date
	cents: int

	def settle(self, cents: int) -> list[tuple[str, int]]:
		"""Take *cents* off."""
		self.cents -= cents
		return [(self.name, cents)]


@dataclass
class Claim:
	"""A document that is paid: an invoice, or a journal that moved some. parts: what it holds, the first to be paid first."""

	doctype: str
	name: str
	account: str
	parts: list["Debt | Claim"]

	@property
	def cents(self) -> int:
		"""What is open of it."""
		return sum(part.cents for part in self.parts)

	@property
	def due(self) -> date:
		"""When the first of what it holds is due."""
		return min(part.due for part in self.parts)

	def settle(self, cents: int) -> list[tuple[str, int]]:
		"""Take *cents* off what it holds; return how much of which invoice."""
		found = []
		for part in self.parts:
			taken = min(cents, part.cents)
			cents -= taken
			if taken:
				found += part.settle(taken)
		return found


@dataclass
class Advance:
	"""Money on account: what is left of a payment, in cents, and where it is now."""

	payment: str
	day: date
	cents: int
	doctype: str
	name: str
	account: str
	moved_on: date


@dataclass
class Side:
	"""One customer's documents and entries."""

	customer: str
	invoices: list[tuple] = field(default_factory=list)
	terms: list[tuple] = field(default_factory=list)
	payments: list[tuple] = field(default_factory=list)
	journals: list[tuple] = field(default_factory=list)
	entries: list[tuple] = field(default_factory=list)

	def name(self, number: str) -> str:
		"""Return the name of a document of this customer."""
		return f"{number} of {self.customer}"

	def post(
		self, day: date, account: str, voucher: tuple[str, str], against: tuple[str, str], cents: int
	) -> None:
		"""Write an entry; vouchers are (DocType, number)."""
		if cents:
			own, other = (voucher[0], self.name(voucher[1])), (against[0], self.name(against[1]))
			self.entries.append((str(day), account, *own, *other, cents / 100))


class Trade:
	"""What happens to one customer in a few months, drawn by chance."""

	def __init__(self, chance: random.Random, number: int = 0, steps: int = 25):
		self.chance, self.day, self.count = chance, FIRST, 0
		self.plain, self.moved = Side(f"Plain {number}"), Side(f"Moved {number}")
		self.claims: list[Claim] = []
		self.advances: list[Advance] = []
		self.done: set[str] = set()
		self.bill()
		for _ in range(steps):
			self.day += timedelta(days=chance.randint(1, 9))
			chance.choice(STEPS)(self)

	def new(self, kind: str) -> str:
		self.count += 1
		return f"{kind} {self.count}"

	# what happens

	def bill(self) -> None:
		"""An invoice, perhaps due in two terms."""
		name, cents = self.new("SI"), self.chance.randint(100, 90000)
		days = sorted(self.chance.sample(range(0, 60), 2))
		due = self.day + timedelta(days=days[-1])
		for side in (self.plain, self.moved):
			side.invoices.append((side.name(name), side.customer, str(self.day), str(due), cents / 100))
			if cents % 2:
				for idx, (after, part) in enumerate(
					zip(days, (cents // 3, cents - cents // 3), strict=True), 1
				):
					due_on = str(self.day + timedelta(days=after))
					side.terms.append((side.name(name), idx, due_on, part / 100))
			side.post(self.day, DEBTORS, (SALES_INVOICE, name), (SALES_INVOICE, name), cents)
		self.claims.append(Claim(SALES_INVOICE, name, DEBTORS, [Debt(name, due, cents)]))

	def pay(self) -> None:
		"""A payment of a claim, whole or in part."""
		if claim := self._claim():
			cents = self.chance.choice((claim.cents, self.chance.randint(1, claim.cents)))
			payment = (PAYMENT_ENTRY, self.new("PE"))
			self._write_payment(payment[1], cents)
			self.moved.post(self.day, claim.account, payment, (claim.doctype, claim.name), -cents)
			for debt, part in claim.settle(cents):
				self.plain.post(self.day, DEBTORS, payment, (SALES_INVOICE, debt), -part)
			self.done.add(f"pay {claim.doctype}")

	def pay_in_advance(self) -> None:
		"""Money on account, booked in the account for advances."""
		payment, cents = (PAYMENT_ENTRY, self.new("PE")), self.chance.randint(100, 50000)
		self._write_payment(payment[1], cents)
		self.moved.post(self.day, ADVANCES, payment, payment, -cents)
		self.advances.append(
			Advance(payment[1], self.day, cents, PAYMENT_ENTRY, payment[1], ADVANCES, self.day)
		)

	def take_advance(self) -> None:
		"""A claim is settled with money on account."""
		claim = self._claim()
		if not claim or not self.advances:
			return
		advance = self.chance.choice(self.advances)
		cents = min(advance.cents, claim.cents)
		source, target = (advance.doctype, advance.name), (claim.doctype, claim.name)
		# ERPNext rewrites what is linked in its own account; to another one a payment passes the money on, on a day of its own.
		voucher, day = source, advance.moved_on
		if advance.doctype == PAYMENT_ENTRY and advance.account != claim.account:
			day = self.day
		if advance.account != claim.account and advance.doctype == JOURNAL_ENTRY:
			voucher, day = (JOURNAL_ENTRY, self._write_journal()), self.day
		self.moved.post(day, claim.account, voucher, target, -cents)
		self.moved.post(day, advance.account, voucher, source, cents)
		for debt, part in claim.settle(cents):
			payment = (PAYMENT_ENTRY, advance.payment)
			self.plain.post(advance.day, DEBTORS, payment, (SALES_INVOICE, debt), -part)
		self._use(advance, cents)
		self.done.add(f"take {advance.doctype} for {claim.doctype}")

	def take_advance_by_journal(self) -> None:
		"""A journal that names the payment on one side and the claim on the other."""
		claim = self._claim()
		if not claim or not self.advances:
			return
		advance = self.chance.choice(self.advances)
		if advance.account == claim.account:
			return
		cents, journal = min(advance.cents, claim.cents), (JOURNAL_ENTRY, self._write_journal())
		self.moved.post(self.day, claim.account, journal, (claim.doctype, claim.name), -cents)
		self.moved.post(self.day, advance.account, journal, (advance.doctype, advance.name), cents)
		for debt, part in claim.settle(cents):
			payment = (PAYMENT_ENTRY, advance.payment)
			self.plain.post(advance.day, DEBTORS, payment, (SALES_INVOICE, debt), -part)
		self._use(advance, cents)
		self.done.add("journal takes an advance")

	# what changes accounts and nothing else

	def move_advance(self) -> None:
		"""A journal brings money on account to another account, where it is the journal's."""
		if self.advances:
			advance = self.chance.choice(self.advances)
			account = self._other(advance.account)
			journal = self._write_journal()
			self.moved.post(
				self.day,
				advance.account,
				(JOURNAL_ENTRY, journal),
				(advance.doctype, advance.name),
				advance.cents,
			)
			self.moved.post(
				self.day, account, (JOURNAL_ENTRY, journal), (JOURNAL_ENTRY, journal), -advance.cents
			)
			advance.doctype, advance.name, advance.account = JOURNAL_ENTRY, journal, account
			advance.moved_on = self.day
			self.done.add("move an advance")

	def move_by_journal(self) -> None:
		"""A journal takes claims off their accounts and charges another one, without saying for what."""
		count = self.chance.choice((1, 1, 2))
		claims = [c for c in self.chance.sample(self.claims, min(count, len(self.claims))) if c.cents]
		if not claims:
			return
		account, journal = self._other(claims[0].account), self._write_journal()
		if any(claim.account == account for claim in claims):
			return
		voucher = (JOURNAL_ENTRY, journal)
		for claim in claims:
			self.moved.post(self.day, claim.account, voucher, (claim.doctype, claim.name), -claim.cents)
			self.claims.remove(claim)
		total = sum(claim.cents for claim in claims)
		self.moved.post(self.day, account, voucher, voucher, total)
		parts = sorted(claims, key=lambda c: (c.due, c.doctype, self.moved.name(c.name)))
		self.claims.append(Claim(JOURNAL_ENTRY, journal, account, parts))
		self.done.add(f"move {len(claims)} by journal")

	def move_in_place(self) -> None:
		"""A journal or an invoice discounting that names the claim on both sides."""
		if claim := self._claim():
			account = self._other(claim.account)
			doctype = self.chance.choice((JOURNAL_ENTRY, DISCOUNTING))
			voucher = (doctype, self._write_journal() if doctype == JOURNAL_ENTRY else self.new("DISC"))
			target = (claim.doctype, claim.name)
			self.moved.post(self.day, claim.account, voucher, target, -claim.cents)
			self.moved.post(self.day, account, voucher, target, claim.cents)
			claim.account = account
			self.done.add(f"move in place by {doctype}")

	def disburse(self) -> None:
		"""A journal about an invoice discounting: the bank has paid, the claim is in the account of discounted ones."""
		if claim := self._claim():
			discounting = (DISCOUNTING, self.new("DISC"))
			accounts = [claim.account, *[a for a in ACCOUNTS if a != claim.account][:2]]
			target, cents = (claim.doctype, claim.name), claim.cents
			self.moved.post(self.day, accounts[0], discounting, target, -cents)
			self.moved.post(self.day, accounts[1], discounting, target, cents)
			journal = (JOURNAL_ENTRY, self._write_journal())
			self.moved.post(self.day, accounts[2], journal, discounting, cents)
			self.moved.post(self.day, accounts[1], journal, discounting, -cents)
			claim.account = accounts[2]
			self.done.add("disburse")

	# how

	def _claim(self) -> Claim | None:
		found = [claim for claim in self.claims if claim.cents]
		return self.chance.choice(found) if found else None

	def _other(self, account: str) -> str:
		return self.chance.choice([name for name in ACCOUNTS if name != account])

	def _use(self, advance: Advance, cents: int) -> None:
		advance.cents -= cents
		if not advance.cents:
			self.advances.remove(advance)

	def _write_payment(self, number: str, cents: int) -> None:
		for side in (self.plain, self.moved):
			side.payments.append((side.name(number), side.customer, str(self.day), cents / 100))

	def _write_journal(self) -> str:
		number = self.new("JE")
		self.moved.journals.append((self.moved.name(number), str(self.day)))
		return number

	# where it is written

	def written(self, connection: sqlite3.Connection) -> tuple[str, str]:
		"""Write both sides into a store that has the company; return the customers, the plain one first."""
		for advance in self.advances:
			payment = (PAYMENT_ENTRY, advance.payment)
			self.plain.post(advance.day, DEBTORS, payment, payment, -advance.cents)
		connection.execute("begin")
		for side in (self.plain, self.moved):
			_write(connection, side)
		connection.execute("commit")
		return self.plain.customer, self.moved.customer


STEPS = (
	*(Trade.bill, Trade.bill, Trade.pay, Trade.pay, Trade.pay, Trade.pay_in_advance, Trade.take_advance),
	*(Trade.take_advance, Trade.take_advance_by_journal, Trade.move_advance, Trade.move_by_journal),
	*(Trade.move_by_journal, Trade.move_in_place, Trade.disburse),
)


def make_company(connection: sqlite3.Connection) -> None:
	"""Write the company and its receivable accounts."""
	connection.execute(
		"insert into tabCompany (name, abbr, default_currency, country) values (?, 'MC', ?, 'United States')",
		(COMPANY, CURRENCY),
	)
	connection.executemany(
		"insert into tabAccount (name, company, account_type, root_type, account_currency) values (?, ?, ?, ?, ?)",
		[(name, COMPANY, "Receivable", "Asset", CURRENCY) for name in ACCOUNTS],
	)


def _write(connection: sqlite3.Connection, side: Side) -> None:
	connection.execute(
		"insert into tabCustomer (name, customer_name) values (?, ?)", (side.customer, side.customer)
	)
	connection.executemany(
		"""insert into `tabSales Invoice` (name, customer, posting_date, due_date, grand_total, base_grand_total,
		base_net_total, company, debit_to, currency, party_account_currency, conversion_rate, docstatus)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1)""",
		[(*row, row[-1], row[-1], COMPANY, DEBTORS, CURRENCY, CURRENCY) for row in side.invoices],
	)
	connection.executemany(
		"""insert into `tabPayment Schedule` (parent, idx, due_date, payment_amount, base_payment_amount, parenttype)
		values (?, ?, ?, ?, ?, 'Sales Invoice')""",
		[(*row, row[-1]) for row in side.terms],
	)
	connection.executemany(
		"""insert into `tabPayment Entry` (name, party, posting_date, paid_amount, company, party_type, payment_type,
		docstatus) values (?, ?, ?, ?, ?, 'Customer', 'Receive', 1)""",
		[(*row, COMPANY) for row in side.payments],
	)
	connection.executemany(
		"insert into `tabJournal Entry` (name, voucher_type) values (?, 'Journal Entry')",
		[row[:1] for row in side.journals],
	)
	connection.executemany(
		"""insert into `tabPayment Ledger Entry` (posting_date, account, voucher_type, voucher_no, against_voucher_type,
		against_voucher_no, amount, amount_in_account_currency, party, company, account_currency, party_type)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'Customer')""",
		[(*row, row[-1], side.customer, COMPANY, CURRENCY) for row in side.entries],
	)
	connection.executemany(
		"""insert into `tabGL Entry` (posting_date, account, voucher_type, voucher_no, debit, credit, party, company,
		account_currency, party_type) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'Customer')""",
		[
			(*row[:4], max(row[6], 0), max(-row[6], 0), side.customer, COMPANY, CURRENCY)
			for row in side.entries
		],
	)
