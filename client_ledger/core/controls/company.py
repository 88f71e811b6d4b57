"""The facts of a company together: read once, looked up in many ways, and as they were known on an earlier day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TypeVar
from zoneinfo import ZoneInfo

from client_ledger.core.controls.facts import (
	DeliveryFact,
	DueFact,
	EditFact,
	FactKind,
	InvoiceFact,
	MasterFact,
	OrderFact,
	PersonFact,
	ReceiptFact,
	ReleaseFact,
	StatementFact,
	TermsChangeFact,
	TieFact,
	WriteOffFact,
)
from client_ledger.core.money import ZERO
from client_ledger.core.outbox.calendar import WEEKEND, Hours

_DAY = timedelta(days=1)
_CENT = Decimal("0.01")
Fact = TypeVar("Fact")


@dataclass(frozen=True)
class ControlFacts:
	"""All that controls may look at. now: with a time zone. hours: the company's zone, holidays and days off.

	worked: days off that are worked, as China's moved weekends are. threshold: base amount from which a write-off needs
	approval, None where none does. drafts: numbers of invoices that are not submitted: they are given, and no gap.
	"""

	company: str
	currency: str
	now: datetime
	invoices: Sequence[InvoiceFact] = ()
	receipts: Sequence[ReceiptFact] = ()
	orders: Sequence[OrderFact] = ()
	deliveries: Sequence[DeliveryFact] = ()
	write_offs: Sequence[WriteOffFact] = ()
	edits: Sequence[EditFact] = ()
	statements: Sequence[StatementFact] = ()
	terms: Sequence[TermsChangeFact] = ()
	releases: Sequence[ReleaseFact] = ()
	masters: Sequence[MasterFact] = ()
	ties: Sequence[TieFact] = ()
	dues: Sequence[DueFact] = ()
	people: Mapping[str, PersonFact] = field(default_factory=dict)
	hours: Hours = field(default_factory=lambda: Hours(closed=WEEKEND))
	worked: frozenset[date] = frozenset()
	threshold: Decimal | None = None
	drafts: frozenset[str] = frozenset()

	@property
	def today(self) -> date:
		"""Return the company's date."""
		return self.hours.today(self.now)

	def is_day_off(self, day: date) -> bool:
		"""Return whether nobody is expected to work on *day*."""
		return day not in self.worked and not self.hours.is_working_day(day)

	def moment(self, value: datetime) -> datetime:
		"""Return a moment with a time zone: the company's where it has none."""
		return value if value.tzinfo else value.replace(tzinfo=self.hours.zone)

	def is_before(self, one: datetime, other: datetime) -> bool:
		"""Return whether a moment is earlier than another."""
		if one.tzinfo is None and other.tzinfo is None:
			return one < other
		return self.moment(one) < self.moment(other)

	def day_of(self, value: datetime) -> date:
		"""Return the company's date at a moment."""
		return value.date() if value.tzinfo is None else value.astimezone(self.hours.zone).date()

	def clock_of(self, value: datetime, person: str) -> datetime:
		"""Return a moment by the clock of the person who acted, where that is not the company's."""
		zone = self._zones.get(person)
		if zone is None:
			return value if value.tzinfo is None else value.astimezone(self.hours.zone)
		return self.moment(value).astimezone(zone)

	@cached_property
	def _zones(self) -> dict[str, ZoneInfo]:
		return {
			name: ZoneInfo(person.zone)
			for name, person in self.people.items()
			if person.zone and person.zone != self.hours.zone.key
		}

	def is_system(self, person: str) -> bool:
		"""Return whether entries of *person* are made by imports or jobs, or by nobody known."""
		return not person or (person in self.people and self.people[person].is_system)

	@cached_property
	def invoice(self) -> dict[str, InvoiceFact]:
		"""Return invoices and credit notes by name."""
		return {one.name: one for one in self.invoices}

	@cached_property
	def receipt(self) -> dict[str, ReceiptFact]:
		"""Return receipts by name."""
		return {one.name: one for one in self.receipts}

	@cached_property
	def billing(self) -> dict[str, list[tuple[InvoiceFact, Decimal]]]:
		"""Return for each order and delivery here the invoices that bill it, and how much; cancelled ones are not among them."""
		known = {one.name for one in chain(self.orders, self.deliveries)}
		found = defaultdict(list)
		for one in self.invoices:
			if one.bills and one.cancelled_on is None:
				for name, amount in one.bills:
					if name in known:
						found[name].append((one, amount))
		return dict(found)

	@cached_property
	def credit_notes(self) -> dict[str, list[InvoiceFact]]:
		"""Return the credit notes of each invoice; cancelled ones are not among them."""
		found = defaultdict(list)
		for one in self.invoices:
			if one.is_return and one.return_against and one.cancelled_on is None:
				found[one.return_against].append(one)
		return dict(found)

	@cached_property
	def taken(self) -> dict[str, Decimal]:
		"""Return what receipts, credit notes and write-offs took from each invoice, in its own currency."""
		found: dict[str, Decimal] = {}

		def take(name: str, amount: Decimal) -> None:
			found[name] = found[name] + amount if name in found else amount

		for receipt in self.receipts:
			if receipt.cancelled_on is None:
				for one in receipt.allocations:
					take(one.invoice, one.amount)
		for name, notes in self.credit_notes.items():
			take(name, -sum((note.amount for note in notes), ZERO))
		for one in self.write_offs:
			if one.invoice and (invoice := self.invoice.get(one.invoice)):
				take(one.invoice, _in_currency(one.base_amount, invoice))
		return found

	def is_open(self, invoice: InvoiceFact) -> bool:
		"""Return whether more than a hundredth of a unit of an invoice is open."""
		return invoice.amount - self.taken.get(invoice.name, ZERO) > _CENT

	def left_of(self, invoice: InvoiceFact) -> Decimal:
		"""Return what is open of an invoice, in company currency."""
		left = invoice.amount - self.taken.get(invoice.name, ZERO)
		return left * invoice.base_amount / invoice.amount if invoice.amount else ZERO

	def of_customers(self, customers: Collection[str]) -> "ControlFacts":
		"""Return only what is of some customers, for controls whose findings need no other's facts."""
		names = frozenset(customers)
		return replace(
			self,
			**{
				kind.field: [one for one in getattr(self, kind.field) if one.customer in names]
				for kind in FactKind
				if kind is not FactKind.MASTERS
			},
		)

	def known_on(self, day: date) -> "ControlFacts":
		"""Return the facts as they were known at the end of *day*: later ones are not among them, later changes undone."""
		after = datetime.combine(day + _DAY, time(0), self.hours.zone)

		def before(moment: datetime | None, otherwise: date | None) -> bool:
			if moment is not None:
				return self.moment(moment) < after
			return otherwise is None or otherwise <= day

		def uncancelled(one: InvoiceFact | ReceiptFact) -> InvoiceFact | ReceiptFact:
			if one.cancelled_on is None or self.moment(one.cancelled_on) < after:
				return one
			return replace(one, cancelled_on=None, cancelled_by="")

		def receipt(one: ReceiptFact) -> ReceiptFact:
			one = uncancelled(one)
			if all(part.on <= day for part in one.allocations):
				return one
			return replace(one, allocations=tuple(part for part in one.allocations if part.on <= day))

		return replace(
			self,
			now=after - timedelta(seconds=1),
			invoices=[uncancelled(one) for one in self.invoices if before(one.created, one.date)],
			receipts=[receipt(one) for one in self.receipts if before(one.created, one.date)],
			orders=[one for one in self.orders if before(one.created, one.date)],
			deliveries=[one for one in self.deliveries if before(one.moment, None)],
			write_offs=[one for one in self.write_offs if before(one.created, one.date)],
			edits=[one for one in self.edits if before(one.at, None)],
			statements=[one for one in self.statements if before(one.sent_on, None)],
			terms=[one for one in self.terms if before(one.at, None)],
			releases=[one for one in self.releases if before(one.at, None)],
			masters=[one for one in self.masters if before(None, one.since)],
			dues=[
				replace(one, done=None) if one.done and not before(one.done, None) else one
				for one in self.dues
				if before(one.due, None)
			],
		)

	def count(self) -> int:
		"""Return how many facts there are."""
		return sum(len(getattr(self, kind.field)) for kind in FactKind)


def _in_currency(base_amount: Decimal, invoice: InvoiceFact) -> Decimal:
	return base_amount * invoice.amount / invoice.base_amount if invoice.base_amount else ZERO


def grouped(facts: Iterable[Fact], key: Callable[[Fact], Hashable]) -> dict[Hashable, list[Fact]]:
	"""Return facts grouped by a key, in their order."""
	found = defaultdict(list)
	for one in facts:
		found[key(one)].append(one)
	return dict(found)
