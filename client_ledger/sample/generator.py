"""Makes two years of a sample company's trade from a seed: same seed, same documents.

The statistics follow what real receivables ledgers show: customers' sizes are heavy-tailed, each customer has
its own mean lateness (between customers 6 to 10 days of standard deviation) and its own spread, payments fall on
business days and most of all on Mondays, many arrive exactly on the due date, 94 of 100 paid invoices have
one payment. What ledgers at hand lacked is added: never-payers, part payments, disputes, credit notes,
advances, overpayments, payments before the invoice, write-offs, counter sales, a second currency.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.money import ZERO, rounded
from client_ledger.sample import names
from client_ledger.sample.documents import (
	Allocation,
	CompanyMaster,
	CustomerMaster,
	DeliveryDocument,
	DocumentLine,
	Documents,
	DocumentTerm,
	InvoiceDocument,
	JournalDocument,
	OrderDocument,
	PaymentDocument,
)

MONTHS = 26
INVOICES_PER_CUSTOMER = 21
# Below so many customers chance may leave out those who do not pay.
FEW = 12
CHINA = CompanyMaster("Lantern Instruments (Shanghai)", "LIS", "CNY", "China")
EUROPE = CompanyMaster("Lantern Instruments Europe", "LIE", "EUR", "Germany")
COUNTER = "Counter Sales"

# Company currency per unit, and list prices in a currency from those in CNY.
_START_RATES = {("USD", "CNY"): 7.12, ("USD", "EUR"): 0.92}
_PRICE_FACTORS = {"CNY": 1.0, "EUR": 0.21, "USD": 0.22}


@dataclass(frozen=True, slots=True)
class Terms:
	"""Payment terms: instalments as (name, days after the invoice, percent)."""

	parts: tuple[tuple[str | None, int, int], ...]
	named: bool = False


TERMS = {
	"14": Terms(((None, 14, 100),)),
	"30": Terms(((None, 30, 100),)),
	"45": Terms(((None, 45, 100),)),
	"60": Terms(((None, 60, 100),)),
	"30/70": Terms((("30% in 15 Days", 15, 30), ("70% in 60 Days", 60, 70)), named=True),
	"thirds": Terms((("First Third", 30, 33), ("Second Third", 60, 33), ("Last Third", 90, 34)), named=True),
}


@dataclass(frozen=True, slots=True)
class Payer:
	"""How a customer pays: mean and spread of days late, shares of what goes another way.

	runs: pays only on the 10th and 25th, many invoices at once. stops_on: pays nothing after that day.
	"""

	mean_late: float
	spread: float
	exact: float
	runs: bool = False
	stops_on: date | None = None
	unpaid: float = 0.01
	part: float = 0.01


@dataclass(slots=True)
class _Open:
	"""An invoice while it is being settled: what each term still needs, and the base amount left."""

	invoice: InvoiceDocument
	left: list[Decimal]
	base_left: Decimal

	@property
	def total_left(self) -> Decimal:
		return sum(self.left, ZERO)


@dataclass(slots=True)
class _Drafts:
	documents: Documents
	counts: dict[str, int] = field(default_factory=dict)

	def key(self, kind: str) -> str:
		"""Return a name to refer to a document by until all of them can be numbered by date."""
		self.counts[kind] = self.counts.get(kind, 0) + 1
		return f"{kind}#{self.counts[kind]}"


def generate(seed: int = 1, today: date | None = None, customers: int = 120) -> Documents:
	"""Return the documents of a sample of about *customers* customers, ending on *today*.

	today: the last day of the sample; None is the day the program runs, so that the result depends on it.
	"""
	if customers < 1:
		raise ValueError(f"a sample needs at least one customer, got {customers}")
	return _Generator(random.Random(seed), today or date.today(), customers).run()


class _Generator:
	def __init__(self, rng: random.Random, today: date, customers: int):
		self.rng, self.today, self.number = rng, today, customers
		self.start = _months_before(today, MONTHS)
		self.drafts = _Drafts(Documents(today, [CHINA, EUROPE]))
		self.documents = self.drafts.documents
		self.rates = {pair: self._walk(rate) for pair, rate in _START_RATES.items()}
		self.runs: dict[tuple[str, str, date], list[Allocation]] = {}

	def run(self) -> Documents:
		"""Make the documents, then number them by date."""
		sizes = self._sizes()
		taken: set[str] = set()
		for i, size in enumerate(sizes):
			company = CHINA if i % 3 else EUROPE
			customer = self._customer(company, i, taken)
			self.documents.customers.append(customer)
			companies = [company]
			# A few customers buy from both companies: one customer, two accounts.
			if company is EUROPE and customer.currency == "USD" and i % 2:
				companies.append(CHINA)
			for position, seller in enumerate(companies):
				self._trade(seller, customer, size if not position else max(size // 3, 1))
		self._counter_sales()
		return _numbered(self.documents)

	def _sizes(self) -> list[int]:
		"""Invoices per customer: heavy-tailed, a few customers make most of the trade."""
		raw = [self.rng.lognormvariate(0, 1.25) for _ in range(self.number)]
		factor = INVOICES_PER_CUSTOMER * self.number / sum(raw)
		return [max(1, round(value * factor)) for value in raw]

	def _walk(self, rate: float) -> list[Decimal]:
		"""Return an exchange rate per month, wandering a little."""
		found = []
		for _ in range(MONTHS + 2):
			found.append(Decimal(f"{rate:.4f}"))
			rate *= 1 + self.rng.gauss(0, 0.009)
		return found

	def _rate(self, currency: str, company: CompanyMaster, day: date) -> Decimal:
		if currency == company.currency:
			return Decimal(1)
		month = (day.year - self.start.year) * 12 + day.month - self.start.month
		rates = self.rates[currency, company.currency]
		return rates[min(max(month, 0), len(rates) - 1)]

	# Masters

	def _customer(self, company: CompanyMaster, i: int, taken: set[str]) -> CustomerMaster:
		chinese = company is CHINA
		while True:
			name, territory = self._chinese_name() if chinese else self._european_name()
			if name not in taken:
				taken.add(name)
				break
		currency = company.currency if self.rng.random() > 0.18 else "USD"
		groups = names.CHINESE_GROUPS if chinese else names.EUROPEAN_GROUPS
		sellers = names.CHINESE_SALES_PERSONS if chinese else names.EUROPEAN_SALES_PERSONS
		return CustomerMaster(
			f"CUST-{i + 1:04d}",
			name,
			currency,
			self.rng.choices(groups, (4, 5, 3, 1))[0],
			territory,
			self.rng.choice(sellers),
		)

	def _chinese_name(self) -> tuple[str, str]:
		city, territory = self.rng.choice(names.CHINESE_CITIES)
		firm, trade = self.rng.choice(names.CHINESE_FIRMS), self.rng.choice(names.CHINESE_TRADES)
		return f"{city}{firm}{trade}{self.rng.choice(names.CHINESE_FORMS)}", territory

	def _european_name(self) -> tuple[str, str]:
		city, territory = self.rng.choice(names.EUROPEAN_CITIES)
		firm, trade = self.rng.choice(names.EUROPEAN_FIRMS), self.rng.choice(names.EUROPEAN_TRADES)
		return f"{firm} {trade} {city} {self.rng.choice(names.EUROPEAN_FORMS)}", territory

	def _payer(self) -> Payer:
		rng, roll = self.rng, self.rng.random()
		spread = min(max(rng.lognormvariate(1.35, 0.5), 1.5), 14)
		runs = rng.random() < 0.2
		if roll < 0.40:
			return Payer(rng.gauss(-0.5, 2), spread, 0.45, runs, unpaid=0.004)
		if roll < 0.78:
			return Payer(abs(rng.gauss(6, 5)), spread, 0.25, runs, unpaid=0.01)
		if roll < 0.91:
			return Payer(abs(rng.gauss(19, 7)), spread * 1.6, 0.05, runs, unpaid=0.03, part=0.04)
		if roll < 0.95:
			return Payer(rng.gauss(10, 5), 14, 0.1, runs, unpaid=0.05, part=0.08)
		if roll < 0.985:
			stops = self.today - timedelta(days=rng.randint(70, 260))
			return Payer(abs(rng.gauss(9, 4)), spread * 1.5, 0.05, stops_on=stops, part=0.05)
		return Payer(0, 1, 0, unpaid=1)

	# Trade of one customer with one company

	def _trade(self, company: CompanyMaster, customer: CustomerMaster, size: int) -> None:
		rng = self.rng
		payer, scale = self._payer(), rng.lognormvariate(0, 0.6)
		# A small sample has somebody who stopped paying too, or there is nothing to see.
		if self.number < FEW and customer.name == f"CUST-{min(2, self.number):04d}":
			payer, size = Payer(9, 6, 0.05, stops_on=self.today - timedelta(days=120)), max(size, 24)
		if payer.unpaid == 1:
			size = min(size, rng.randint(2, 9))
		terms = rng.choices(tuple(TERMS), (10, 46, 12, 18, 8, 6))[0]
		if rng.random() < 0.12:
			self._opening_invoice(company, customer, payer, scale)
		since = self.start + timedelta(days=int(rng.betavariate(0.6, 3) * 600))
		until = self.today
		if payer.stops_on:
			until = min(until, payer.stops_on + timedelta(days=60))
		elif rng.random() < 0.08:
			until = self.today - timedelta(days=rng.randint(60, 240))
		days = max((until - since).days, 1)
		for day in sorted(_business_day(since + timedelta(days=rng.randrange(days))) for _ in range(size)):
			if day <= self.today:
				self._sale(company, customer, payer, terms, scale, day)
		self._pay_runs(company, customer)
		if not payer.stops_on and payer.unpaid < 1 and until == self.today:
			self._unbilled(company, customer, scale)

	def _lines(self, company: CompanyMaster, currency: str, scale: float) -> tuple[DocumentLine, ...]:
		found = []
		for item, price in self.rng.sample(names.ITEMS, self.rng.choices((1, 2, 3, 4), (4, 4, 2, 1))[0]):
			rate = price * _PRICE_FACTORS[currency] * self.rng.uniform(0.82, 1.0)
			most = max(1, round(26 * scale * (600 / (price + 300))))
			found.append(DocumentLine(item, Decimal(self.rng.randint(1, most)), Decimal(f"{rate:.2f}")))
		return tuple(found)

	def _sale(
		self,
		company: CompanyMaster,
		customer: CustomerMaster,
		payer: Payer,
		terms: str,
		scale: float,
		day: date,
	) -> None:
		"""An order, a delivery and an invoice (each of the first two only sometimes), and what follows."""
		rng, currency = self.rng, customer.currency
		lines = self._lines(company, currency, scale)
		rate = self._rate(currency, company, day)
		order = delivery = None
		head = (company.name, customer.name)
		ordered = _business_day(day - timedelta(days=rng.randint(4, 30)))
		if rng.random() < 0.6:
			order = self.drafts.key("order")
			self.documents.orders.append(
				OrderDocument(order, *head, min(ordered, day), day, currency, rate, lines, Decimal(100))
			)
		if rng.random() < 0.45:
			delivery = self.drafts.key("delivery")
			self.documents.deliveries.append(
				DeliveryDocument(delivery, *head, day, currency, rate, lines, order)
			)
		key = self.drafts.key("invoice")
		amount = sum((line.amount for line in lines), ZERO)
		schedule = self._schedule(TERMS[terms], day, amount)
		invoice = InvoiceDocument(
			key, *head, day, schedule[-1].due_date, currency, rate, amount, rounded(amount * rate, 2),
			terms=schedule, lines=lines, order=order, delivery=delivery,
			dispute=rng.choice(names.DISPUTES) if rng.random() < 0.015 else None,
		)  # fmt: skip
		if rng.random() < 0.006:
			self.documents.invoices.append(replace(invoice, cancelled=True))
			invoice = replace(invoice, name=self.drafts.key("invoice"))
		self.documents.invoices.append(invoice)
		opened = _Open(invoice, [term.amount for term in schedule], invoice.base_amount)
		if order and rng.random() < 0.07:
			self._advance(company, opened, min(ordered, day))
		if rng.random() < 0.04:
			self._credit_note(company, opened)
		self._settle(company, payer, opened)

	def _schedule(self, terms: Terms, day: date, amount: Decimal) -> tuple[DocumentTerm, ...]:
		found, left = [], amount
		for i, (name, days, percent) in enumerate(terms.parts):
			is_last = i == len(terms.parts) - 1
			part = left if is_last else rounded(amount * percent / 100, 2)
			left -= part
			found.append(DocumentTerm(day + timedelta(days=days), part, name))
		return tuple(found)

	def _opening_invoice(
		self, company: CompanyMaster, customer: CustomerMaster, payer: Payer, scale: float
	) -> None:
		"""What the customer owed when the books were opened."""
		currency = customer.currency
		amount = Decimal(f"{self.rng.uniform(3000, 30000) * scale * _PRICE_FACTORS[currency]:.2f}")
		rate = self._rate(currency, company, self.start)
		due = self.start + timedelta(days=self.rng.randint(5, 40))
		invoice = InvoiceDocument(
			self.drafts.key("invoice"), company.name, customer.name, self.start, due, currency, rate,
			amount, rounded(amount * rate, 2), terms=(DocumentTerm(due, amount),),
			lines=(DocumentLine("Opening Balance", Decimal(1), amount),), is_opening=True,
		)  # fmt: skip
		self.documents.invoices.append(invoice)
		self._settle(company, payer, _Open(invoice, [amount], invoice.base_amount))

	def _advance(self, company: CompanyMaster, opened: _Open, ordered: date) -> None:
		"""Thirty percent paid with the order, taken over by the invoice."""
		amount = min(rounded(opened.invoice.amount * Decimal("0.3"), 2), opened.left[0])
		opened.left[0] -= amount
		self._pay(company, opened, amount, _business_day(ordered + timedelta(days=2)), None)

	def _credit_note(self, company: CompanyMaster, opened: _Open) -> None:
		"""A part of the invoice comes back. Most notes settle their invoice, some stay a credit of their own."""
		rng, invoice = self.rng, opened.invoice
		day = _business_day(invoice.date + timedelta(days=rng.randint(2, 25)))
		line = rng.choice(invoice.lines)
		qty = min(line.qty, Decimal(max(1, int(line.qty * Decimal(f"{rng.uniform(0.05, 0.5):.2f}")))))
		back = DocumentLine(line.item, -qty, line.rate)
		if day > self.today or -back.amount > opened.left[-1]:
			return
		kind = rng.choices(("pays", "linked", "free"), (6, 2, 2))[0]
		note = InvoiceDocument(
			self.drafts.key("invoice"), invoice.company, invoice.customer, day, day, invoice.currency,
			invoice.rate, back.amount, rounded(back.amount * invoice.rate, 2), lines=(back,),
			return_against=None if kind == "free" else invoice.name, pays_original=kind == "pays",
		)  # fmt: skip
		self.documents.invoices.append(note)
		if kind == "pays":
			opened.left[-1] += note.amount
			opened.base_left += note.base_amount
		elif rng.random() < 0.6:
			paid_back = _business_day(day + timedelta(days=rng.randint(5, 30)))
			self._refund(company, note, paid_back)

	def _refund(self, company: CompanyMaster, note: InvoiceDocument, day: date) -> None:
		if day > self.today:
			return
		rate = self._rate(note.currency, company, day)
		allocation = Allocation(note.name, -note.amount, -note.base_amount)
		self.documents.payments.append(
			PaymentDocument(
				self.drafts.key("payment"), note.company, note.customer, day, note.currency, rate,
				-note.amount, rounded(-note.amount * rate, 2), (allocation,), is_refund=True,
				mode="Wire Transfer",
			)
		)  # fmt: skip

	# Settling

	def _settle(self, company: CompanyMaster, payer: Payer, opened: _Open) -> None:
		"""Pay an invoice term by term, the way its customer pays."""
		rng = self.rng
		# A disputed invoice waits; every second dispute ends in payment, long after the due date.
		disputed = opened.invoice.dispute is not None
		if rng.random() < payer.unpaid or (disputed and rng.random() < 0.4):
			self._leave_open(company, payer, opened)
			return
		late = 45.0 if disputed else 0.0
		for i, term in enumerate(opened.invoice.terms):
			if opened.left[i] > 0:
				days_late = 0.0 if rng.random() < payer.exact else rng.gauss(payer.mean_late, payer.spread)
				day = _business_day(term.due_date + timedelta(days=round(days_late + late)))
				self._pay_term(company, payer, opened, i, day)
		if opened.total_left and rng.random() < 0.75:
			day = _business_day(opened.invoice.due_date + timedelta(days=rng.randint(25, 110)))
			self._pay_rest(company, payer, opened, day)

	def _pay_term(self, company: CompanyMaster, payer: Payer, opened: _Open, i: int, day: date) -> None:
		rng, invoice = self.rng, opened.invoice
		if rng.random() < 0.012:
			day = _business_day(invoice.date - timedelta(days=rng.randint(1, 9)), back=True)
		elif day < invoice.date:
			day = invoice.date
		if payer.stops_on and day > payer.stops_on:
			return
		term, amount = invoice.terms[i].name, opened.left[i]
		roll = rng.random()
		if roll < 0.055 and amount > 100:
			first = rounded(amount * Decimal(f"{rng.uniform(0.3, 0.7):.2f}"), 2)
			self._take(company, payer, opened, i, first, day, term)
			day = _business_day(day + timedelta(days=rng.randint(7, 35)))
			amount -= first
		elif roll < 0.055 + payer.part and amount > 100:
			amount = rounded(amount * Decimal(f"{rng.uniform(0.4, 0.9):.2f}"), 2)
		elif roll > 0.988:
			self._take(company, payer, opened, i, amount, day, term, extra=Decimal(rng.randint(2, 40) * 10))
			return
		elif roll > 0.97 and amount > 500:
			short = Decimal(f"{rng.uniform(8, 60):.2f}")
			self._take(company, payer, opened, i, amount - short, day, term)
			self._write_off(opened, i, short, _business_day(day + timedelta(days=20)))
			return
		self._take(company, payer, opened, i, amount, day, term)

	def _take(
		self,
		company: CompanyMaster,
		payer: Payer,
		opened: _Open,
		i: int,
		amount: Decimal,
		day: date,
		term: str | None,
		extra: Decimal = ZERO,
	) -> None:
		"""Take *amount* for term *i*: as a payment of its own, or with others on the next pay run."""
		if payer.runs and not extra:
			day = _run_day(day)
		if day > self.today or (payer.stops_on and day > payer.stops_on):
			return
		opened.left[i] -= amount
		if payer.runs and not extra:
			allocation = self._allocation(opened, amount, term)
			invoice = opened.invoice
			self.runs.setdefault((invoice.company, invoice.customer, day), []).append(allocation)
			return
		self._pay(company, opened, amount, day, term, extra)

	def _allocation(self, opened: _Open, amount: Decimal, term: str | None) -> Allocation:
		"""Return an allocation; the last one takes what is left in company currency, so that nothing stays open."""
		invoice = opened.invoice
		base = rounded(amount * invoice.rate, 2) if opened.total_left else opened.base_left
		opened.base_left -= base
		return Allocation(invoice.name, amount, base, term=term)

	def _pay(
		self,
		company: CompanyMaster,
		opened: _Open,
		amount: Decimal,
		day: date,
		term: str | None,
		extra: Decimal = ZERO,
	) -> None:
		invoice = opened.invoice
		self._payment(
			company, invoice.customer, invoice.currency, day, (self._allocation(opened, amount, term),), extra
		)

	def _payment(
		self,
		company: CompanyMaster,
		customer: str,
		currency: str,
		day: date,
		allocations: tuple[Allocation, ...],
		extra: Decimal = ZERO,
	) -> None:
		rate = self._rate(currency, company, day)
		amount = sum((a.amount for a in allocations), ZERO) + extra
		self.documents.payments.append(
			PaymentDocument(
				self.drafts.key("payment"), company.name, customer, day, currency, rate, amount,
				rounded(amount * rate, 2), allocations, mode=self.rng.choice(("Wire Transfer", "Wire Transfer", "Cheque")),
			)
		)  # fmt: skip

	def _pay_runs(self, company: CompanyMaster, customer: CustomerMaster) -> None:
		"""Make one payment of all that a customer pays on one day."""
		for (_company, _customer, day), allocations in sorted(self.runs.items(), key=lambda run: run[0]):
			self._payment(company, customer.name, customer.currency, day, tuple(allocations))
		self.runs.clear()

	def _leave_open(self, company: CompanyMaster, payer: Payer, opened: _Open) -> None:
		"""An invoice its customer forgets: most are paid after months, some written off, some charged interest."""
		rng, invoice = self.rng, opened.invoice
		if payer.unpaid < 1 and rng.random() < 0.6:
			day = _business_day(invoice.due_date + timedelta(days=rng.randint(50, 160)))
			self._pay_rest(company, payer, opened, day)
		elif (self.today - invoice.due_date).days > 330 and (payer.unpaid < 1 or rng.random() < 0.5):
			left = opened.total_left
			opened.left = [ZERO] * len(opened.left)
			day = _business_day(invoice.due_date + timedelta(days=rng.randint(250, 320)))
			self._journal(opened, -left, -opened.base_left, day, "Write Off Entry", "Uncollectable")
		elif (self.today - invoice.due_date).days > 90 and rng.random() < 0.5:
			self._charge_interest(invoice)

	def _pay_rest(self, company: CompanyMaster, payer: Payer, opened: _Open, day: date) -> None:
		"""Pay all that is still open, without naming terms."""
		if day > self.today or not opened.total_left or (payer.stops_on and day > payer.stops_on):
			return
		amount = opened.total_left
		opened.left = [ZERO] * len(opened.left)
		self._pay(company, opened, amount, day, None)

	def _charge_interest(self, invoice: InvoiceDocument) -> None:
		day = _business_day(invoice.due_date + timedelta(days=75))
		amount = rounded(invoice.amount * Decimal("0.015"), 2)
		self.documents.journals.append(
			JournalDocument(
				self.drafts.key("journal"), invoice.company, invoice.customer, day, invoice.currency, amount,
				rounded(amount * invoice.rate, 2), due_date=day + timedelta(days=14),
				bill_no=f"INT-{len(self.documents.journals) + 1:04d}", remark="Interest on arrears",
			)
		)  # fmt: skip

	def _write_off(self, opened: _Open, i: int, amount: Decimal, day: date) -> None:
		"""Write a small shortfall (bank charges) off, unless its payment has not come or the day is ahead."""
		if day > self.today or opened.left[i] != amount:
			return
		opened.left[i] -= amount
		base = rounded(amount * opened.invoice.rate, 2) if opened.total_left else opened.base_left
		opened.base_left -= base
		self._journal(opened, -amount, -base, day, "Write Off Entry", "Bank charges")

	def _journal(
		self, opened: _Open, amount: Decimal, base: Decimal, day: date, kind: str, remark: str
	) -> None:
		invoice = opened.invoice
		self.documents.journals.append(
			JournalDocument(
				self.drafts.key("journal"), invoice.company, invoice.customer, day, invoice.currency,
				amount, base, kind, invoice.name, remark=remark,
			)
		)  # fmt: skip

	# What is not billed yet, and sales over the counter

	def _unbilled(self, company: CompanyMaster, customer: CustomerMaster, scale: float) -> None:
		rng, currency = self.rng, customer.currency
		head = (company.name, customer.name)
		if rng.random() < 0.4:
			day = _business_day(self.today - timedelta(days=rng.randint(3, 40)), back=True)
			rate = self._rate(currency, company, day)
			key, lines = self.drafts.key("order"), self._lines(company, currency, scale)
			delivery_date = day + timedelta(days=rng.randint(20, 60))
			order = OrderDocument(key, *head, day, delivery_date, currency, rate, lines)
			self.documents.orders.append(order)
			if rng.random() < 0.3:
				amount = rounded(order.amount * Decimal("0.3"), 2)
				allocation = Allocation(key, amount, doctype="Sales Order")
				self._payment(company, customer.name, currency, day, (allocation,))
		if rng.random() < 0.12:
			day = _business_day(self.today - timedelta(days=rng.randint(1, 20)), back=True)
			rate = self._rate(currency, company, day)
			lines = self._lines(company, currency, scale)
			self.documents.deliveries.append(
				DeliveryDocument(
					self.drafts.key("delivery"), *head, day, currency, rate, lines, billed=False
				)
			)  # fmt: skip

	def _counter_sales(self) -> None:
		"""Small sales paid at once: the invoice brings its own payment."""
		customer = CustomerMaster(
			"CUST-0000", "Counter Sales 门市零售", CHINA.currency, "终端客户", "华东", "周敏"
		)
		self.documents.customers.append(customer)
		for _ in range(max(12, self.number // 2)):
			day = _business_day(self.start + timedelta(days=self.rng.randrange(MONTHS * 30)))
			lines = self._lines(CHINA, CHINA.currency, 0.15)
			amount = sum((line.amount for line in lines), ZERO)
			if day <= self.today:
				self.documents.invoices.append(
					InvoiceDocument(
						self.drafts.key("invoice"), CHINA.name, customer.name, day, day, CHINA.currency,
						Decimal(1), amount, amount, terms=(DocumentTerm(day, amount),), lines=lines,
						paid_at_counter=amount,
					)
				)  # fmt: skip


def _months_before(day: date, months: int) -> date:
	count = day.year * 12 + day.month - 1 - months
	return date(count // 12, count % 12 + 1, 1)


def _business_day(day: date, back: bool = False) -> date:
	"""Return *day*, or off a weekend the Monday after it (the Friday before)."""
	if day.weekday() < 5:
		return day
	return day - timedelta(days=day.weekday() - 4) if back else day + timedelta(days=7 - day.weekday())


def _run_day(day: date) -> date:
	"""Return the business day of the next pay run, the 10th or the 25th."""
	if day.day <= 10:
		run = day.replace(day=10)
	elif day.day <= 25:
		run = day.replace(day=25)
	else:
		run = (day.replace(day=28) + timedelta(days=4)).replace(day=10)
	return _business_day(run)


def _numbered(documents: Documents) -> Documents:
	"""Return *documents* sorted by date and named as ERPNext's series name them."""
	new_names: dict[str, str] = {}

	def number(rows: list, series: str, day_of: Callable = lambda row: row.date) -> list:
		rows = sorted(rows, key=lambda row: (day_of(row), int(row.name.split("#")[1])))
		counts: dict[int, int] = {}
		for row in rows:
			year = day_of(row).year
			counts[year] = counts.get(year, 0) + 1
			new_names[row.name] = f"{series}-{year}-{counts[year]:05d}"
		return rows

	orders = number(documents.orders, "SAL-ORD")
	deliveries = number(documents.deliveries, "MAT-DN")
	invoices = number(documents.invoices, "ACC-SINV")
	payments = number(documents.payments, "ACC-PAY")
	journals = number(documents.journals, "ACC-JV")
	renamed = new_names.get
	documents.orders = [replace(row, name=renamed(row.name)) for row in orders]
	documents.deliveries = [
		replace(row, name=renamed(row.name), order=renamed(row.order)) for row in deliveries
	]
	documents.invoices = [
		replace(
			row,
			name=renamed(row.name),
			order=renamed(row.order),
			delivery=renamed(row.delivery),
			return_against=renamed(row.return_against),
		)
		for row in invoices
	]
	documents.payments = [
		replace(
			row,
			name=renamed(row.name),
			allocations=tuple(replace(a, name=renamed(a.name)) for a in row.allocations),
		)
		for row in payments
	]
	documents.journals = [
		replace(row, name=renamed(row.name), against=renamed(row.against)) for row in journals
	]
	return documents
