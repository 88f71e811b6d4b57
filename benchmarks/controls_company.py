"""A wholesale company's business from a seed, as facts for controls, with faults planted in it. Free of any host.

Honest habits are in it too: invoices a few days after the month's end, one clerk who likes nights and one in another time zone,
subscriptions at one price, round prices, groups whose parent pays, cancelled and amended documents, small write-offs.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from client_ledger.core.controls.changes import period_end
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.facts import (
	WRITE_OFF,
	AllocationFact,
	DeliveryFact,
	DueFact,
	DueKind,
	EditFact,
	InvoiceFact,
	MasterFact,
	OrderFact,
	PersonFact,
	ReceiptFact,
	ReleaseFact,
	StatementFact,
	TermsChangeFact,
	TermsKind,
	TieFact,
	WriteOffFact,
)
from client_ledger.core.entries import Voucher
from client_ledger.core.outbox.calendar import WEEKEND, Hours

CENT = Decimal("0.01")
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
THRESHOLD = Decimal(500)
CLERKS, CASHIERS, CREDIT_DESK = ("anna", "ben", "carla", "dora"), ("emil", "frieda"), ("gerd", "hanna")
MANAGERS = ("ines", "jonas", "karl")
LISTS = (
	"invoices", "receipts", "orders", "deliveries", "write_offs", "edits", "statements", "terms", "releases", "masters", "ties", "dues",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlantedFault:
	"""A fault that was put in. control: which must find it. documents: names of those it is made of."""

	control: str
	documents: frozenset[str]


@dataclass(slots=True)
class PlantedCompany:
	"""Facts and the faults in them. documents: how many documents of business there are."""

	facts: ControlFacts
	faults: list[PlantedFault] = field(default_factory=list)

	@property
	def documents(self) -> int:
		"""Return how many orders, deliveries, invoices, receipts and write-offs there are."""
		facts = self.facts
		kinds = (facts.orders, facts.deliveries, facts.invoices, facts.receipts, facts.write_offs)
		return sum(map(len, kinds))


class Books:
	"""Facts in the making, by name, so that a fault can change them."""

	def __init__(self, random_: random.Random):
		self.r = random_
		self.rows: dict[str, dict[str, Any]] = {name: {} for name in LISTS}
		self.faults: list[PlantedFault] = []

	def add(self, kind: str, fact: Any, name: str = "") -> Any:
		"""Put a fact in, or in place of the one of its name."""
		self.rows[kind][name or getattr(fact, "name", "") or f"{kind}{len(self.rows[kind])}"] = fact
		return fact

	def fault(self, control: str, *documents: str) -> None:
		"""Note a fault and what it is made of."""
		self.faults.append(PlantedFault(control, frozenset(documents)))

	def happens(self, share: float) -> bool:
		"""Return True in a share of cases."""
		return self.r.random() < share

	def facts(self, **more: Any) -> ControlFacts:
		"""Return all of it."""
		return ControlFacts(**{name: list(rows.values()) for name, rows in self.rows.items()}, **more)


class Wholesale:
	"""Makes the company day by day. orders: how many; until: the last day; days: how many of them there are."""

	def __init__(
		self,
		seed: int,
		orders: int = 4_750,
		customers: int = 240,
		days: int = 400,
		until: date = date(2026, 11, 20),
	):
		self.r = random.Random(f"controls-wholesale-{seed}")
		self.books = Books(self.r)
		self.until, self.first, self.orders = until, until - timedelta(days=days), orders
		self.now = datetime.combine(until, time(23, 0), BERLIN)
		self.customers = [f"C{n:04d}" for n in range(customers)]
		self.hours = Hours(
			BERLIN,
			frozenset(
				{date(y, m, d) for y in range(2020, 2027) for m, d in ((1, 1), (5, 1), (12, 25), (12, 26))}
			),
			WEEKEND,
		)
		self.number = self.order_number = self.receipt_number = 0
		self.open: dict[str, list[tuple[InvoiceFact, date]]] = {}
		self.invented: set[str] = set()
		self.to_number: list[tuple] = []
		self.gaps = set(self.r.sample(range(min(800, orders // 3), max(orders - 300, orders // 3 + 3)), 2))
		self.price = {
			c: Decimal(self.r.randrange(150, 900)) for c in self.customers if self.r.random() < 0.12
		}
		self.bad = set(self.r.sample(self.customers, 3))

	def made(self) -> PlantedCompany:
		"""Return the company with its faults."""
		self.masters()
		days = [
			d
			for n in range((self.until - self.first).days)
			if self.hours.is_working_day(d := self.first + n * DAY)
		]
		per_day = self.orders / len(days)
		owed = 0.0
		for day in days:
			owed += per_day * self.r.uniform(0.7, 1.3)
			while owed >= 1:
				owed -= 1
				self.order(day)
			self.number_until(day)
			self.pay(day)
		self.credit_notes()
		self.other_business(days)
		self.plant(days)
		people = {name: PersonFact(name) for name in (*CLERKS, *CASHIERS, *CREDIT_DESK, *MANAGERS)}
		people["ben"] = PersonFact("ben", zone="America/Chicago")
		people["importer"] = PersonFact("importer", is_system=True)
		facts = self.books.facts(
			company="Nordwerk Handel GmbH", currency="EUR", now=self.now, people=people, hours=self.hours, threshold=THRESHOLD
		)  # fmt: skip
		return PlantedCompany(facts, self.books.faults)

	# --- business ---

	def at(self, day: date, person: str = "") -> datetime:
		"""Return a moment of work on a day, by the site's clock (no zone)."""
		r = self.r
		if person == "carla" and self.books.happens(0.12):
			return datetime.combine(day, time(22, r.randrange(60)))
		if person == "ben":
			return datetime.combine(day, time(r.randrange(15, 23), r.randrange(60)))
		return datetime.combine(day, time(r.randrange(8, 18), r.randrange(60), r.randrange(60)))

	def amount(self, customer: str, clerk: str) -> Decimal:
		r = self.r
		if customer in self.price and self.books.happens(0.5):
			return self.price[customer]
		if clerk == "dora" and self.books.happens(0.09):
			return Decimal(str(round(r.uniform(4900, 4999), 2)))
		if self.books.happens(0.05):
			return Decimal(r.choice((200, 250, 400, 1000, 1200, 2500)))
		return Decimal(str(round(max(r.lognormvariate(6.4, 1.25), 5), 2))).quantize(CENT)

	def order(self, day: date) -> None:
		r, books = self.r, self.books
		customer = self.customers[
			min(int(r.paretovariate(0.9)) - 1, len(self.customers) - 1)
			if r.random() < 0.3
			else r.randrange(len(self.customers))
		]
		if customer in self.bad and (day - self.first).days > 120:
			return
		clerk = r.choice(CLERKS)
		self.order_number += 1
		name = f"SO-{self.order_number:05d}"
		parts = [self.amount(customer, clerk) for _ in range(r.choice((1, 1, 1, 1, 2)))]
		total = sum(parts, Decimal(0))
		books.add(
			"orders",
			OrderFact(
				name,
				customer,
				day,
				total,
				self.at(day, "x"),
				r.choice(MANAGERS[:2] + CREDIT_DESK),
				day + r.randrange(3, 12) * DAY,
			),
		)
		for place, part in enumerate(parts):
			when = self.workday(day + r.randrange(1, 9) * DAY)
			if when < self.until:
				self.deliver(name, place, customer, part, when, clerk)

	def workday(self, day: date) -> date:
		while not self.hours.is_working_day(day):
			day += DAY
		return day

	def deliver(self, order: str, place: int, customer: str, amount: Decimal, day: date, clerk: str) -> None:
		r, books = self.r, self.books
		moment = datetime.combine(day, time(r.randrange(7, 16), r.randrange(60)))
		name = f"DN-{order[3:]}-{place}"
		books.add("deliveries", DeliveryFact(name, customer, moment, amount, "store", (order,)))
		made = self.at(day, clerk)
		if made < moment:
			made = moment + timedelta(minutes=r.randrange(10, 90))
		if self.books.happens(0.4):
			made = self.at(self.workday(day + DAY), clerk)
			if (made - moment).days and made.hour * 60 + made.minute >= moment.hour * 60 + moment.minute:
				made = made.replace(hour=moment.hour, minute=moment.minute // 2, second=0)
		self.to_number.append((made, order, name, customer, amount, clerk))

	def number_until(self, day: date) -> None:
		"""Make the invoices that are entered until a day, in the order in which they are: so are they numbered."""
		ready = sorted(one for one in self.to_number if one[0].date() <= day)
		self.to_number = [one for one in self.to_number if one[0].date() > day]
		for one in ready:
			self.enter(*one)

	def enter(
		self, made: datetime, order: str, name: str, customer: str, amount: Decimal, clerk: str
	) -> None:
		r, books = self.r, self.books
		posted = made.date()
		if posted.day <= 4 and books.happens(0.3):
			posted = posted.replace(day=1) - DAY
		bills = ((order, amount), (name, amount))
		reference = f"PO-{r.randrange(10**6)}" if r.random() < 0.6 else ""
		invoice = self.invoice(customer, amount, posted, made, clerk, bills, reference)
		if clerk == "dora" and 4900 <= amount < 5000:
			self.invented.add(invoice.name)
		if books.happens(0.007):
			cancelled = made + timedelta(minutes=r.randrange(5, 200))
			books.add("invoices", replace(invoice, cancelled_on=cancelled, cancelled_by=clerk))
			self.open[customer].pop()
			again = replace(invoice, name=f"{invoice.name}-1", amended_from=invoice.name, created=cancelled)
			books.add("invoices", again)
			self.open[customer].append((again, self.pays_on(again)))

	def invoice(
		self,
		customer: str,
		amount: Decimal,
		posted: date,
		made: datetime | None,
		clerk: str,
		bills: tuple = (),
		reference: str = "",
	) -> InvoiceFact:
		if self.number in self.gaps:
			self.gaps.remove(self.number)
			before = f"SINV-{self.number:05d}"
			self.number += 1
			self.books.fault("number_gap", before, f"SINV-{self.number + 1:05d}")
		self.number += 1
		found = InvoiceFact(
			f"SINV-{self.number:05d}", customer, posted, amount, amount, "EUR", posted + self.terms(customer) * DAY, made, clerk,
			bills=bills, reference=reference,
		)  # fmt: skip
		self.books.add("invoices", found)
		self.open.setdefault(customer, []).append((found, self.pays_on(found)))
		return found

	def terms(self, customer: str) -> int:
		return (14, 30, 30, 45)[int(customer[1:]) % 4]

	def pays_on(self, invoice: InvoiceFact) -> date:
		late = int(min(max(self.r.gauss(int(invoice.customer[1:]) % 20 - 4, 8), -12), 60))
		return invoice.due_date + late * DAY

	def pay(self, day: date) -> None:
		for customer, found in self.open.items():
			due = [one for one, when in found if when <= day]
			if due:
				self.open[customer] = [pair for pair in found if pair[1] > day]
				self.receipt(customer, due, day)

	def receipt(self, customer: str, invoices: list[InvoiceFact], day: date, **more: Any) -> ReceiptFact:
		total = sum((one.amount for one in invoices), Decimal(0))
		self.receipt_number += 1
		on = min(day + (0 if self.books.happens(0.85) else self.r.randrange(1, 9)) * DAY, self.until)
		clerk = self.r.choice(CASHIERS)
		fact = ReceiptFact(
			f"PAY-{self.receipt_number:05d}", customer, day, total, total, "EUR", self.at(self.workday(day), clerk), clerk,
			f"B{self.r.randrange(10**9):09d}" if self.r.random() < 0.7 else "",
			allocations=tuple(AllocationFact(one.name, one.customer, one.amount, on) for one in invoices),
		)  # fmt: skip
		return self.books.add("receipts", replace(fact, **more) if more else fact)

	def credit_notes(self) -> None:
		"""Take back some, by the credit desk; what was paid already is refunded on account within days."""
		r = self.r
		unpaid = [one for found in self.open.values() for one, _day in found if one.name not in self.invented]
		paid = [
			one
			for one in self.books.rows["invoices"].values()
			if one.cancelled_on is None and not one.is_return
		]
		number = 0
		for one in (*r.sample(unpaid, min(40, len(unpaid))), *r.sample(paid, min(90, len(paid)))):
			day = self.workday(one.date + r.randrange(4, 45) * DAY)
			if day < self.until and one.name not in self.invented:
				number += 1
				share = Decimal(r.choice(("0.1", "0.25", "0.4", "1")))
				self.credit_note(
					f"CN-{number:04d}", one, day, (one.amount * share).quantize(CENT), r.choice(CREDIT_DESK)
				)

	def credit_note(
		self, name: str, invoice: InvoiceFact, day: date, amount: Decimal, person: str
	) -> InvoiceFact:
		return self.books.add(
			"invoices",
			InvoiceFact(
				name,
				invoice.customer,
				day,
				-amount,
				-amount,
				"EUR",
				day,
				self.at(day, person),
				person,
				True,
				invoice.name,
			),
		)

	def masters(self) -> None:
		r = self.r
		for place, name in enumerate(self.customers):
			group = f"G{place // 4}" if place % 40 < 4 else ""
			street = f"{r.choice(('Hafenstr.', 'Am Markt', 'Ringweg', 'Industriestr.'))} {place + 1}, {20000 + place * 7} Ort"
			self.books.add("masters", MasterFact(
				name, False, group, (f"DE{r.randrange(10**20):020d}",), (f"buchhaltung@kunde{place}.example",),
				(f"+49 40 {r.randrange(10**7):07d}",), (f"DE{r.randrange(10**9):09d}",), (street,), self.first - 90 * DAY,
			))  # fmt: skip
		for place in range(30):
			self.books.add("masters", MasterFact(
				f"E{place:03d}", True, "", (f"DE{r.randrange(10**20):020d}",), (f"mitarbeiter{place}@privat.example",),
				(f"+49 171 {r.randrange(10**7):07d}",), (), (f"Wohnweg {place + 1}, 2{place:04d} Stadt",), self.first - 90 * DAY,
			))  # fmt: skip

	def other_business(self, days: list[date]) -> None:
		"""Write-offs, limits, releases, edits, statements, what is due: as they should be."""
		r, books = self.r, self.books
		for place in range(60):
			day, person = r.choice(days), r.choice(CREDIT_DESK)
			large = r.random() < 0.15
			amount = Decimal(r.randrange(500, 3000) if large else r.randrange(2, 150))
			self.write_off(
				f"WO-{place:03d}", r.choice(self.customers), day, amount, person, "karl" if large else ""
			)
		for place in range(70):
			day, customer = r.choice(days), r.choice(self.customers)
			old = Decimal(r.randrange(5, 40) * 1000)
			kind = TermsKind.LIMIT if r.random() < 0.8 else TermsKind.DAYS
			new = (
				old + 5000 * r.choice((-1, 1, 1)) if kind is TermsKind.LIMIT else Decimal(r.choice((30, 45)))
			)
			old = old if kind is TermsKind.LIMIT else Decimal(30)
			books.add(
				"terms",
				TermsChangeFact(f"CL-{place:03d}", customer, self.at(day), "gerd", kind, old, new, "karl"),
			)
		for place in range(130):
			day = r.choice(days)
			self.release(f"CH-{place:04d}", r.choice(self.customers), day, r.choice(MANAGERS))
		for one in r.sample(list(books.rows["invoices"].values()), 250):
			if one.created and one.created.date() == one.date and one.cancelled_on is None:
				fields = ("remarks",) if r.random() < 0.8 else ("due_date",)
				at = (
					one.created + timedelta(minutes=r.randrange(3, 60))
					if fields == ("due_date",)
					else self.at(self.workday(one.date + 9 * DAY))
				)
				books.add(
					"edits",
					EditFact(one.voucher, one.customer, one.date, at, one.owner, fields, one.base_amount),
				)
		end = period_end(self.first)
		while end + 6 * DAY < self.until:
			for customer in self.customers:
				books.add(
					"statements",
					StatementFact(
						f"ST-{customer}-{end:%Y%m}", customer, end, datetime.combine(end + 6 * DAY, time(9))
					),
				)
			end = period_end(end + DAY)
		for n in range(1, 11):
			due = datetime.combine(self.until - n * DAY, time(3))
			books.add("dues", DueFact(DueKind.BACKUP, f"backup-{n}", "Backup", due, due - timedelta(hours=1)))
		for n in range(40):
			due = datetime.combine(self.until - n * 7 * DAY, time(18))
			books.add(
				"dues",
				DueFact(
					DueKind.PROCEDURE,
					f"weekly-{n}",
					"Weekly ledger update",
					due,
					due - timedelta(hours=r.randrange(1, 30)),
					"anna",
				),
			)
			done = due - timedelta(hours=5)
			books.add(
				"dues",
				DueFact(
					DueKind.RECONCILIATION,
					f"rec-{n}",
					"Reconciliation",
					due,
					done,
					"emil",
					r.choice(self.customers),
				),
			)

	def write_off(
		self, name: str, customer: str, day: date, amount: Decimal, person: str, approved: str = ""
	) -> None:
		self.books.add(
			"write_offs",
			WriteOffFact(Voucher(WRITE_OFF, name), customer, day, amount, self.at(day), person, approved),
			name,
		)

	def release(self, name: str, customer: str, day: date, person: str) -> None:
		self.books.add(
			"releases",
			ReleaseFact(
				name, Voucher("Sales Order", f"HELD-{name}"), customer, self.at(day), person, Decimal(3000)
			),
		)

	# --- faults ---

	def some_invoice(self, low: int = 10, high: int = 22, older: int = 60, paid: bool = True) -> InvoiceFact:
		"""Return an untouched invoice of the middle of a month, with a delivery."""
		touched = {name for fault in self.books.faults for name in fault.documents}
		noted = {one.return_against for one in self.books.rows["invoices"].values()}
		paid_ones = {part.invoice for one in self.books.rows["receipts"].values() for part in one.allocations}
		while True:
			one = self.r.choice(list(self.books.rows["invoices"].values()))
			if (
				low <= one.date.day <= high and one.created and not one.is_return and one.cancelled_on is None
				and not one.amended_from and one.bills and one.name not in touched and one.name not in noted
				and 20 < (self.until - one.date).days > older and (self.until - one.date).days < 330
				and one.customer not in self.bad and one.customer not in self.price and (one.name in paid_ones) == paid
				and one.amount != one.amount.to_integral_value()
			):  # fmt: skip
				return one

	def next_name(self) -> str:
		self.number += 1
		return f"SINV-{self.number:05d}"

	def plant(self, days: list[date]) -> None:
		"""Put 40 faults in, of all kinds."""
		self.plant_billing()
		self.plant_doubles()
		self.plant_changes()
		self.plant_credit_notes_and_write_offs(days)
		self.plant_habits(days)
		self.plant_receipts()
		self.plant_credit()
		self.plant_masters_and_dues()

	def plant_billing(self) -> None:
		r, books = self.r, self.books
		for _ in range(2):
			one = self.some_invoice(8, 18)
			late = one.created + timedelta(days=8, hours=3)
			books.add("invoices", replace(one, created=late))
			books.fault("late_billing", one.name, one.bills[1][0])
		for n in range(2):
			customer, day = (
				r.choice(self.customers[10:]),
				self.workday(self.until - r.randrange(25, 80) * DAY),
			)
			books.add(
				"orders", OrderFact(f"SO-9900{n}", customer, day, Decimal(1840), self.at(day), "ines", day)
			)
			books.add(
				"deliveries",
				DeliveryFact(f"DN-9900{n}", customer, self.at(day), Decimal(1840), "store", (f"SO-9900{n}",)),
			)
			books.fault("delivered_not_billed", f"DN-9900{n}")
		day = self.workday(self.until - 70 * DAY)
		books.add(
			"orders",
			OrderFact(
				"SO-99100",
				r.choice(self.customers[10:]),
				day,
				Decimal(2710),
				self.at(day),
				"ines",
				day + 5 * DAY,
			),
		)
		books.fault("ordered_not_billed", "SO-99100")

	def plant_doubles(self) -> None:
		r, books = self.r, self.books
		for n in range(2):
			one = self.some_invoice()
			other = replace(one, name=f"sinv {one.name[5:]}" if n else f"SINV {one.name[5:]}", customer=self.customers[n + 30], bills=(), amount=one.amount + 17, base_amount=one.base_amount + 17)  # fmt: skip
			books.add("invoices", other)
			self.receipt(other.customer, [other], other.date + 20 * DAY)
			books.fault("number_repeat", one.name, other.name)
		for n in range(2):
			one = self.some_invoice()
			later = one.date + (2 + n * 3) * DAY
			other = replace(one, name=self.next_name(), date=later, created=self.at(self.workday(later), one.owner), bills=() if n else one.bills, due_date=one.due_date + 3 * DAY)  # fmt: skip
			books.add("invoices", other)
			self.receipt(other.customer, [other], min(other.due_date + 2 * DAY, self.until))
			books.fault("duplicate_invoice", one.name, other.name)
		touched = {name for fault in books.faults for name in fault.documents}
		receipts = [
			one
			for one in books.rows["receipts"].values()
			if one.reference
			and not any(p.invoice in touched for p in one.allocations)
			and 90 < (self.until - one.date).days < 300
			and one.amount != one.amount.to_integral_value()
		]
		for n, one in enumerate(r.sample(receipts, 2)):
			day = one.date + (1 + n) * DAY
			again = replace(
				one,
				name=f"PAY-9{n:04d}",
				date=day,
				created=self.at(day, one.owner),
				reference=one.reference if n else "",
				allocations=one.allocations,
			)
			if not n:
				books.add("receipts", replace(one, reference=""))
			books.add("receipts", again)
			books.fault("duplicate_receipt", one.name, again.name)

	def plant_changes(self) -> None:
		books = self.books
		one = self.some_invoice(older=120)
		books.add("invoices", replace(one, created=one.created + timedelta(days=55), bills=()))
		books.fault("backdated", one.name, one.bills[1][0], one.bills[0][0])
		one = self.some_invoice(older=120, paid=True)
		books.add(
			"invoices", replace(one, cancelled_on=one.created + timedelta(days=50), cancelled_by="dora")
		)
		books.fault("cancelled_late", one.name, *(name for name, _amount in one.bills))
		one = self.some_invoice(older=120)
		books.add(
			"edits",
			EditFact(
				one.voucher,
				one.customer,
				one.date,
				one.created + timedelta(days=48),
				"anna",
				("grand_total", "remarks"),
				one.base_amount,
			),
		)
		books.fault("edited_late", one.name)
		one = self.some_invoice(24, 27, older=80)
		end = period_end(one.date)
		books.add("invoices", replace(one, created=datetime.combine(end + 8 * DAY, time(11)), bills=()))
		books.fault("against_statement", one.name, *(name for name, _amount in one.bills))
		one = self.some_invoice(24, 27, older=80)
		books.add(
			"edits",
			EditFact(
				one.voucher,
				one.customer,
				one.date,
				datetime.combine(period_end(one.date) + 9 * DAY, time(11)),
				"anna",
				("customer",),
				one.base_amount,
			),
		)
		books.fault("against_statement", one.name)

	def plant_credit_notes_and_write_offs(self, days: list[date]) -> None:
		r, books = self.r, self.books
		quarter = next(
			end for n in range(2, 14) if (end := period_end(self.until - n * 30 * DAY)).month % 3 == 0
		)
		near = [
			one
			for one in books.rows["invoices"].values()
			if quarter - 5 * DAY < one.date <= quarter
			and not one.is_return
			and one.cancelled_on is None
			and one.created
			and one.created.date() <= quarter
			and not one.amended_from
		]
		one = max(near, key=lambda one: one.amount)
		self.credit_note("CN/9001", one, quarter + 6 * DAY, one.amount, "hanna")
		books.fault("credit_note_after_end", one.name, "CN/9001")
		one = self.some_invoice()
		self.credit_note("CN/9002", one, one.date + 8 * DAY, one.amount, one.owner)
		books.fault("credit_note_by_maker", one.name, "CN/9002")
		for n in range(2):
			customer, day = self.customers[50 + n], r.choice(days[60:-30])
			names = [f"WO-8{n}{k}" for k in range(3)]
			for k, name in enumerate(names):
				self.write_off(name, customer, self.workday(day + k * DAY), Decimal(210 + 13 * k), "gerd")
			books.fault("write_off_split", *names)
		names = [f"WO-7{k}" for k in range(9)]
		for name, day in zip(names, r.sample(days[30:], 9), strict=True):
			self.write_off(name, r.choice(self.customers), day, Decimal(r.randrange(455, 500)), "hanna")
		books.fault("write_off_just_under", *names)

	def plant_habits(self, days: list[date]) -> None:
		books = self.books
		month = [d for d in days if (d.year, d.month) == (days[-60].year, days[-60].month)]
		names = []
		for day in month[2:16:2]:
			one = next(
				one
				for one in books.rows["receipts"].values()
				if one.date == day and one.owner == "emil" and one.created.hour < 20
			)
			books.add("receipts", replace(one, created=datetime.combine(day, time(23, 40))))
			names.append(one.name)
		books.fault("nights", *names)
		names = []
		first = days[-110].replace(day=1)
		weekends = [first + n * DAY for n in range(28) if (first + n * DAY).weekday() > 4]
		for n, day in enumerate(weekends[:6]):
			one = next(
				one
				for one in books.rows["receipts"].values()
				if one.owner == "frieda" and one.date in (day - DAY, day - 2 * DAY) and one.name not in names
			)
			books.add("receipts", replace(one, created=datetime.combine(day, time(10 + n))))
			names.append(one.name)
		books.fault("days_off", *names)
		month = [d for d in days if (d.year, d.month) == (days[-85].year, days[-85].month)]
		names = []
		for n, day in enumerate([*month[:15], *month[:15]]):
			name = self.next_name()
			amount = Decimal((1, 2, 3, 5, 6, 7, 8, 9)[n % 8] * 1000 + (n % 3) * 100)
			customer = self.customers[60 + n]
			one = books.add(
				"invoices",
				InvoiceFact(
					name, customer, day, amount, amount, "EUR", day + 30 * DAY, self.at(day, "anna"), "anna"
				),
			)
			self.receipt(customer, [one], min(day + 31 * DAY, self.until))
			names.append(name)
		books.fault("round_amounts", *names)
		books.fault("first_digits", *self.invented)

	def plant_receipts(self) -> None:
		books = self.books
		one = self.some_invoice(paid=True)
		receipt = next(
			r for r in books.rows["receipts"].values() if any(p.invoice == one.name for p in r.allocations)
		)
		books.add("receipts", replace(receipt, payer="C0133" if receipt.customer != "C0133" else "C0134"))
		books.fault("allocated_elsewhere", receipt.name)
		day, names = self.workday(self.until - 120 * DAY), []
		victims = [f"C{n:04d}" for n in (124, 125, 126, 127, 128, 129)]
		for place, (credited, payer) in enumerate(pairwise(victims)):
			when = self.workday(day + place * 3 * DAY)
			invoice = self.invoice(
				credited, Decimal(f"{1810 + 40 * place}.37"), when - 20 * DAY, None, "anna"
			)
			self.open[credited].pop()
			paid = self.receipt(credited, [invoice], when, payer=payer, owner="emil")
			names += [paid.name, invoice.name]
		books.fault("lapping", *names)
		day = self.workday(self.until - 75 * DAY)
		self.receipt_number += 1
		books.add(
			"receipts",
			ReceiptFact(
				f"PAY-{self.receipt_number:05d}",
				"C0101",
				day,
				Decimal("911.20"),
				Decimal("911.20"),
				"EUR",
				self.at(day),
				"emil",
				"X1",
			),
		)
		books.fault("unallocated_receipt", f"PAY-{self.receipt_number:05d}")

	def plant_credit(self) -> None:
		r, books = self.r, self.books
		recent = [
			one
			for one in books.rows["orders"].values()
			if 30 < (self.until - one.date).days < 200 and one.base_amount > 3_000
		]
		for n, one in enumerate(r.sample(recent, 2)):
			at = one.created - timedelta(minutes=1)
			old, new = Decimal(500), Decimal(50_000)
			books.add(
				"terms",
				TermsChangeFact(
					f"CL-9{n}",
					one.customer,
					at,
					one.owner if n else "gerd",
					TermsKind.LIMIT,
					old,
					new,
					"" if n else "karl",
				),
			)
			if not n:
				books.add(
					"terms",
					TermsChangeFact(
						f"CL-8{n}",
						one.customer,
						at + timedelta(days=4),
						"gerd",
						TermsKind.LIMIT,
						new,
						old,
						"karl",
					),
				)
			books.fault("terms_before_order", one.name)
		names = []
		for n in range(6):
			day = self.workday(self.until - (100 - 6 * n) * DAY)
			self.release(f"CH-9{n}", "C0088", day, "jonas")
			names.append(f"HELD-CH-9{n}")
		books.fault("released_again", *names)
		day = self.workday(self.until - 200 * DAY)
		debtor = next(one for one in self.customers[3:] if one not in self.bad)
		old = self.invoice(debtor, Decimal("6420.55"), day, self.at(day, "anna"), "anna")
		self.open[debtor].pop()
		books.fault("sold_while_overdue", old.name)

	def plant_masters_and_dues(self) -> None:
		books = self.books
		employee, customer = books.rows["masters"]["E007"], books.rows["masters"]["C0150"]
		iban = employee.banks[0]
		books.add("masters", replace(customer, banks=(f"{iban[:4]} {iban[4:8]} {iban[8:]}".lower(),)))
		books.fault("shared_details", "C0150", "E007")
		books.add(
			"masters", replace(books.rows["masters"]["C0161"], emails=("Buchhaltung+rg@Kunde77.example",))
		)
		books.fault("shared_details", "C0161", "C0077")
		books.add("ties", TieFact("C0042", "1400 Forderungen", Decimal("-119.00")))
		books.fault("ledger_untied", "C0042")
		for code, kind, days in (("backup_overdue", DueKind.BACKUP, 3), ("reconciliation_overdue", DueKind.RECONCILIATION, 12), ("procedure_overdue", DueKind.PROCEDURE, 2)):  # fmt: skip
			books.add(
				"dues",
				DueFact(
					kind,
					f"missed-{code}",
					kind.value,
					datetime.combine(self.until - days * DAY, time(8)),
					None,
					"anna",
				),
			)
			books.fault(code, f"missed-{code}")


def wholesale(seed: int, **size: Any) -> PlantedCompany:
	"""Return the company of a seed with its faults."""
	return Wholesale(seed, **size).made()
