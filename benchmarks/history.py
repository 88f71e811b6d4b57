"""A large trading history, made from a seed: invoices, credit notes, payments and journals, in memory.

Without Frappe: `generate.py` writes what comes out of here into an ERPNext site. Amounts are whole cents,
dates are ordinals (days), so that a million invoices stay cheap.

	size and seed  ->  customers and how many invoices each  ->  invoices with their payments
	->  exactly as many open items as asked for  ->  vouchers in order of their dates
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random

SALES_INVOICE = "Sales Invoice"
PAYMENT_ENTRY = "Payment Entry"
JOURNAL_ENTRY = "Journal Entry"
SALES_ORDER = "Sales Order"

RECENT_YEARS = 3
YEAR = 365
SATURDAY = 6  # of date.toordinal() % 7, where 0 is Sunday

# Shares of the vouchers a history has, as counted in real ledgers unless said otherwise.
TWO_PAYMENTS = 0.055
ON_THE_DUE_DATE = 0.3
SEVERAL_TERMS = 0.02
CREDITED = 0.012
SHORT_PAID = 0.004
FOREIGN_CUSTOMERS = 0.03

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Size:
	"""How large a history is. `accounts` are named customers made with an exact number of entries."""

	customers: int
	invoices: int
	open_items: int
	accounts: dict[str, int]


SIZES = {
	"large": Size(10_000, 300_000, 15_946, {"Giant": 20_000, "Busy": 2_098, "Quiet": 20}),
	"medium": Size(1_000, 30_000, 1_600, {"Giant": 4_000, "Busy": 500, "Quiet": 20}),
	"small": Size(100, 2_000, 110, {"Giant": 400, "Busy": 60, "Quiet": 20}),
}


@dataclass(slots=True, eq=False)
class Customer:
	"""A customer and how it buys and pays (days, cents)."""

	name: str
	foreign: bool
	terms: int
	lateness: float
	spread: float
	typical_amount: int
	invoices: int = 0


@dataclass(slots=True, eq=False)
class Invoice:
	"""An invoice with everything that settles it. `dues` are (due date, cents) per payment term."""

	customer: Customer
	day: int
	cents: int
	rate: float
	dues: list[tuple[int, int]]
	payments: list[tuple[int, int]] = field(default_factory=list)
	credit: tuple[int, int] | None = None
	write_off: int = 0
	name: str = ""

	@property
	def base(self) -> int:
		"""Amount in company currency."""
		return round(self.cents * self.rate)

	@property
	def settled(self) -> int:
		"""What payments, a credit note and a write-off took off."""
		return sum(c for _, c in self.payments) + (self.credit[1] if self.credit else 0) + self.write_off

	@property
	def outstanding(self) -> int:
		"""What is still open."""
		return self.cents - self.settled


@dataclass(slots=True, eq=False)
class Line:
	"""One change of a customer's balance: a debit is positive. `against` None means the voucher itself."""

	cents: int
	base: int
	against: "Invoice | Order | None"


@dataclass(slots=True, eq=False)
class Voucher:
	"""A document of the ledger and its lines. `kind` is its DocType; `invoice` the one it makes or returns."""

	kind: str
	subtype: str
	customer: Customer
	day: int
	lines: list[Line]
	invoice: Invoice | None = None
	name: str = ""


@dataclass(slots=True, eq=False)
class Order:
	"""A sales order not yet billed, for its own amount in company currency; part of it paid in advance."""

	customer: Customer
	day: int
	cents: int
	name: str = ""


@dataclass(slots=True)
class History:
	"""What was made: `vouchers` in order of their dates, `orders` beside them."""

	customers: list[Customer]
	vouchers: list[Voucher]
	orders: list[Order]
	until: date

	def entries(self) -> int:
		"""Return the number of payment ledger entries."""
		return sum(len(voucher.lines) for voucher in self.vouchers)


def make(
	size: Size, seed: int, until: date, history: int = 1, progress: Progress = lambda n: None
) -> History:
	"""Return a history that ends on *until*; the same arguments always give the same one.

	history: 4 means four times as many entries over four times as many years, with the same customers and
	the same open items. progress: called with the number of invoices made since the last call.
	"""
	return _Maker(size, seed, until.toordinal(), history, progress).make()


def rate_on(day: int) -> float:
	"""Return the company-currency price of the foreign currency on *day*; it moves once a month."""
	return 1.05 + (day // 30 * 7 % 11) / 100


def business_day(day: int) -> int:
	"""Return *day*, or the Monday after it where it falls on a weekend."""
	weekday = day % 7
	return day + 2 if weekday == SATURDAY else day + 1 if weekday == 0 else day


class _Maker:
	def __init__(self, size: Size, seed: int, until: int, history: int, progress: Progress):
		self.size, self.until, self.history, self.progress = size, until, history, progress
		self.random = Random(seed)
		# Older years have a generator of their own, so that they leave the recent ones as they are.
		self.older = Random(seed + 1)
		self.start = until - RECENT_YEARS * YEAR

	def make(self) -> History:
		customers = self._customers()
		named, others = customers[: len(self.size.accounts)], customers[len(self.size.accounts) :]
		invoices = [i for customer in named for i in self._account(customer)]
		self._share_out(others, self.size.invoices - len(invoices))
		for customer in others:
			invoices += [self._invoice(customer, self.random) for _ in range(customer.invoices)]
			self.progress(customer.invoices)
		orders = self._orders(others)
		loose = self._loose(others, orders)
		self._leave_open(invoices, named, self.size.open_items - len(loose))
		invoices += self._older(customers)
		vouchers = [*_vouchers(invoices), *loose]
		vouchers.sort(key=lambda voucher: voucher.day)
		return History(customers, vouchers, orders, date.fromordinal(self.until))

	def _customers(self) -> list[Customer]:
		names = [f"Bench {name}" for name in self.size.accounts]
		names += [f"Bench Customer {n:05d}" for n in range(len(names) + 1, self.size.customers + 1)]
		return [self._customer(name, n >= len(self.size.accounts)) for n, name in enumerate(names)]

	def _customer(self, name: str, may_be_foreign: bool) -> Customer:
		random = self.random
		foreign = random.random() < FOREIGN_CUSTOMERS and may_be_foreign
		terms = random.choice((14, 30, 30, 30, 45, 60))
		lateness, spread = random.gauss(3, 8), random.uniform(2, 7)
		return Customer(name, foreign, terms, lateness, spread, int(random.lognormvariate(11, 1)))

	def _share_out(self, customers: list[Customer], invoices: int) -> None:
		"""Give every customer a number of invoices; few have many, most have few."""
		weights = [self.random.lognormvariate(0, 1.4) for _ in customers]
		left, weight = invoices, sum(weights)
		for customer, own in zip(customers, weights, strict=True):
			customer.invoices = round(left * own / weight)
			left -= customer.invoices
			weight -= own

	def _invoice(self, customer: Customer, random: Random, days: tuple[int, int] | None = None) -> Invoice:
		first, last = days or (self.start, self.until)
		day = business_day(random.randrange(first, last - 2))
		cents = max(100, int(random.lognormvariate(0, 0.8) * customer.typical_amount))
		rate = rate_on(day) if customer.foreign else 1.0
		invoice = Invoice(customer, day, cents, rate, self._dues(customer, random, day, cents))
		self._settle(invoice, random)
		return invoice

	def _dues(self, customer: Customer, random: Random, day: int, cents: int) -> list[tuple[int, int]]:
		terms = random.choice((2, 2, 3)) if random.random() < SEVERAL_TERMS else 1
		part = cents // terms
		dues = [(day + customer.terms + 30 * n, part) for n in range(terms)]
		dues[-1] = (dues[-1][0], cents - part * (terms - 1))
		return dues

	def _settle(self, invoice: Invoice, random: Random) -> None:
		"""Pay every term of *invoice*, in full unless it is credited or paid short."""
		chance = random.random()
		if chance < CREDITED:
			credited = max(1, int(invoice.dues[0][1] * random.uniform(0.05, 0.3)))
			invoice.credit = (business_day(invoice.day + random.randrange(1, 14)), credited)
		elif chance < CREDITED + SHORT_PAID:
			invoice.write_off = min(invoice.dues[0][1] - 1, random.randrange(1, 90))
		less = invoice.write_off + (invoice.credit[1] if invoice.credit else 0)
		for due, cents in invoice.dues:
			self._pay(invoice, due, cents - less, random)
			less = 0
		invoice.payments.sort()

	def _pay(self, invoice: Invoice, due: int, cents: int, random: Random) -> None:
		customer = invoice.customer
		punctual = random.random() < ON_THE_DUE_DATE
		late = 0 if punctual else round(random.gauss(customer.lateness, customer.spread))
		earliest = max(invoice.day, invoice.credit[0]) if invoice.credit else invoice.day
		day = business_day(max(due + late, earliest))
		if random.random() < TWO_PAYMENTS and cents > 1:
			first = max(1, int(cents * random.uniform(0.3, 0.7)))
			invoice.payments.append((day, first))
			day, cents = business_day(day + random.randrange(7, 30)), cents - first
		invoice.payments.append((day, cents))

	def _account(self, customer: Customer) -> list[Invoice]:
		"""Return the invoices of a named customer: exactly as many entries as it was asked for."""
		entries = self.size.accounts[customer.name.removeprefix("Bench ")]
		found: list[Invoice] = []
		while (missing := entries - sum(_entries(invoice) for invoice in found[-1:])) > 0:
			entries = missing
			invoice = self._plain(customer, self.random, (self.start, self.until))
			if entries == 3 and len(invoice.payments) == 1:
				invoice.payments = _in_two(invoice)
			elif entries == 1:
				invoice.payments = []
			found.append(invoice)
		customer.invoices = len(found)
		self.progress(len(found))
		return found

	def _plain(self, customer: Customer, random: Random, days: tuple[int, int]) -> Invoice:
		"""Return an invoice with one term and at most one payment, which is left out if still to come."""
		invoice = self._invoice(customer, random, days)
		due = invoice.day + customer.terms
		invoice.dues, invoice.credit, invoice.write_off = [(due, invoice.cents)], None, 0
		day = max(invoice.payments[0][0], invoice.day)
		invoice.payments = [(day, invoice.cents)] if day <= self.until else []
		return invoice

	def _orders(self, customers: list[Customer]) -> list[Order]:
		"""Return orders not yet billed, of a few domestic customers."""
		orders = []
		for customer in customers:
			if not customer.foreign and self.random.random() < 0.03:
				day = business_day(self.until - self.random.randrange(10, 60))
				orders.append(Order(customer, day, customer.typical_amount * 3))
		return orders

	def _loose(self, customers: list[Customer], orders: list[Order]) -> list[Voucher]:
		"""Return what stands open beside the invoices: advances, credit notes and journals."""
		count = max(2, self.size.open_items // 40)
		paid_ahead = orders[: count // 4]
		found = [self._loose_one(order.customer, PAYMENT_ENTRY, order) for order in paid_ahead]
		kinds = (PAYMENT_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, JOURNAL_ENTRY)
		for n in range(count - len(found)):
			found.append(self._loose_one(self.random.choice(customers), kinds[n % len(kinds)], None))
		return found

	def _loose_one(self, customer: Customer, kind: str, order: Order | None) -> Voucher:
		day = business_day(self.until - self.random.randrange(5, 300))
		rate = rate_on(day) if customer.foreign else 1.0
		cents = -max(100, int(customer.typical_amount * self.random.uniform(0.1, 1)))
		if kind == JOURNAL_ENTRY:
			cents = -cents
		subtype = (
			"Credit Note" if kind == SALES_INVOICE else "Journal Entry" if kind == JOURNAL_ENTRY else "Pay"
		)
		return Voucher(kind, subtype, customer, day, [Line(cents, round(cents * rate), order)])

	def _leave_open(self, invoices: list[Invoice], named: list[Customer], wanted: int) -> None:
		"""Take payments back, those still to come first, until exactly *wanted* invoices are open."""
		held = set(map(id, named))
		rest = []
		for invoice in invoices:
			kept = [payment for payment in invoice.payments if payment[0] <= self.until]
			if len(kept) < len(invoice.payments):
				invoice.payments = kept
			if invoice.credit and invoice.credit[0] > self.until:
				invoice.credit = None
			if invoice.outstanding:
				invoice.write_off = 0
				wanted -= 1
			elif id(invoice.customer) not in held and invoice.payments:
				rest.append(invoice)
		if wanted < 0:
			raise ValueError(f"{-wanted} open items more than asked for: ask for more, or for fewer invoices")
		rest.sort(key=lambda invoice: invoice.day + self.random.gauss(0, 200), reverse=True)
		for invoice in rest[:wanted]:
			invoice.payments.pop()
			invoice.write_off = 0

	def _older(self, customers: list[Customer]) -> list[Invoice]:
		"""Return the invoices of the years before, all settled."""
		found = []
		first, last = self.start - (self.history - 1) * RECENT_YEARS * YEAR, self.start - 200
		for customer in customers:
			count = customer.invoices * (self.history - 1)
			exact = customer.name.removeprefix("Bench ") in self.size.accounts
			make = self._plain if exact else self._invoice
			found += [make(customer, self.older, (first, last)) for _ in range(count)]
			self.progress(count)
		return found


def _entries(invoice: Invoice) -> int:
	return 1 + len(invoice.payments) + bool(invoice.credit) + bool(invoice.write_off)


def _in_two(invoice: Invoice) -> list[tuple[int, int]]:
	day, half = invoice.day, invoice.cents // 2
	return [(day, half), (day, invoice.cents - half)]


def _vouchers(invoices: Iterable[Invoice]) -> Iterable[Voucher]:
	"""Yield the vouchers of *invoices*; a customer's payments of one day become one payment entry."""
	payments: dict[tuple[int, int], Voucher] = {}
	for invoice in invoices:
		customer, left = invoice.customer, invoice.base
		yield Voucher(SALES_INVOICE, "", customer, invoice.day, [Line(invoice.cents, left, invoice)], invoice)
		open_cents = invoice.cents
		for kind, day, cents in _settlements(invoice):
			open_cents -= cents
			# At the invoice's rate; the last one takes what rounding leaves.
			own = round(cents * invoice.rate) if open_cents else left
			left -= own
			base = own if kind != PAYMENT_ENTRY or not customer.foreign else round(cents * rate_on(day))
			line = Line(-cents, -base, invoice)
			if kind != PAYMENT_ENTRY:
				subtype = "Credit Note" if kind == SALES_INVOICE else "Write Off Entry"
				yield Voucher(kind, subtype, customer, day, [line], invoice)
				continue
			if (voucher := payments.get((id(customer), day))) is None:
				voucher = payments[id(customer), day] = Voucher(kind, "Receive", customer, day, [])
			voucher.lines.append(line)
			if base != own:
				gain = Line(0, base - own, invoice)
				yield Voucher(JOURNAL_ENTRY, "Exchange Gain Or Loss", customer, day, [gain], invoice)
	yield from payments.values()


def _settlements(invoice: Invoice) -> Iterable[tuple[str, int, int]]:
	if invoice.credit:
		yield SALES_INVOICE, *invoice.credit
	for day, cents in invoice.payments:
		yield PAYMENT_ENTRY, day, cents
	if invoice.write_off:
		yield JOURNAL_ENTRY, invoice.payments[-1][0] if invoice.payments else invoice.day, invoice.write_off
