"""Invented ledgers whose customers change: most go on as ever, some fall into distress, with what goes before it; some recover.

Nothing here knows the rules of core.early_warnings. A customer in distress pays later month by month, in part, breaks promises, stops opening
statements, and buys less or hoards; a healthy one has bad months, part payments, disputes and unread statements, too, only fewer.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from client_ledger.core.controls.master_data import BANK
from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine
from client_ledger.core.early_warnings.facts import (
	DatedAmount,
	GivenLimit,
	SentStatement,
	SharedData,
	WarningEvents,
)

FIRST = date(2023, 1, 2)


@dataclass(frozen=True)
class LedgerStyle:
	"""distress: chance per customer and year; recovers: share that does. ramp: months until it is full. added: days late at its worst.
	noise: how often healthy customers show the same, 1 being usual. told: whether promises, disputes, statements and limits are kept at all.
	"""

	customers: int = 300
	days: int = 1200
	distress: float = 0.12
	recovers: float = 0.4
	ramp: float = 4.0
	added: float = 45.0
	noise: float = 1.0
	centre: float = 4.0
	between: float = 7.0
	sizes: float = 14.0
	told: bool = True


STYLES = {
	"gradual": LedgerStyle(),
	"sudden": LedgerStyle(ramp=0.7, added=60.0),
	"noisy": LedgerStyle(noise=3.0, ramp=3.0),
	"invoices only": LedgerStyle(told=False),
	"steady": LedgerStyle(distress=0.0),
}


@dataclass
class _Made:
	lines: list[TradeLine] = field(default_factory=list)
	parts: list[DatedAmount] = field(default_factory=list)
	notes: list[DatedAmount] = field(default_factory=list)
	disputes: list[DatedAmount] = field(default_factory=list)
	broken: list[DatedAmount] = field(default_factory=list)
	statements: list[SentStatement] = field(default_factory=list)
	limits: list[GivenLimit] = field(default_factory=list)
	shared: list[SharedData] = field(default_factory=list)


class _Customer:
	"""One customer's temper, and when it is in distress."""

	def __init__(self, rng: random.Random, style: LedgerStyle, place: int):
		self.rng, self.style, self.name = rng, style, f"C{place:05d}"
		self.mean = rng.uniform(-2, 1) if rng.random() < 0.3 else rng.gauss(style.centre, style.between)
		self.spread = rng.choice((2.0, 3.0, 5.0, 7.0))
		self.per_year = style.sizes * rng.paretovariate(1.3)
		self.usual = rng.gauss(7, 1)
		self.terms = rng.choice((14, 30, 30, 45, 60))
		self.reads = rng.random() < 0.6
		self.parts = 0.03 * style.noise * rng.random()
		self.hoards = rng.random() < 0.3
		self.start, self.end = self._distress()

	def _distress(self) -> tuple[float, float]:
		start = self.rng.expovariate(self.style.distress / 365) if self.style.distress else 1e9
		lasts = self.rng.uniform(120, 300) if self.rng.random() < self.style.recovers else 1e9
		return start, start + lasts

	def strain(self, day: int) -> float:
		"""Return how deep in distress it is: 0 to 1."""
		if not self.start <= day < self.end:
			return 0.0
		return min((day - self.start) / (30 * self.style.ramp), 1.0)

	def months(self, style: LedgerStyle) -> Iterator[tuple[int, float]]:
		"""Yield the days orders come on, with the strain then."""
		day = self.rng.expovariate(self.per_year / 365)
		while day < style.days:
			strain = self.strain(int(day))
			yield int(day), strain
			pace = 1.0 + (0.8 if self.hoards and strain < 0.6 else -0.6) * strain
			day += self.rng.expovariate(self.per_year / 365 * pace)


def invent_company(seed: int, style: LedgerStyle) -> tuple[WarningEvents, date]:
	"""Return what happened in a company up to a day, and that day. What is settled later is open."""
	rng = random.Random(seed)
	until = FIRST + timedelta(days=style.days)
	made = _Made()
	customers = [_Customer(random.Random(rng.random()), style, place) for place in range(style.customers)]
	if style.told:
		_share(rng, customers, made)
	for customer in customers:
		_trade(customer, made, style, until)
		if style.told:
			_talk(customer, made, style)
	empty = not style.told
	return WarningEvents(
		lines=made.lines,
		parts=() if empty else made.parts,
		credit_notes=() if empty else made.notes,
		disputes=() if empty else made.disputes,
		broken_promises=() if empty else made.broken,
		statements=made.statements,
		limits=made.limits,
		shared=made.shared,
	), until


def _trade(one: _Customer, made: _Made, style: LedgerStyle, until: date) -> None:
	rng = one.rng
	moods = {month: rng.gauss(0, 2.5 * style.noise) for month in range(style.days // 30 + 2)}
	open_amounts: Counter[int] = Counter()
	for number, (day, strain) in enumerate(one.months(style)):
		issued = FIRST + timedelta(days=day)
		due = BUSINESS_DAYS.effective(issued + timedelta(days=one.terms))
		amount = round(rng.lognormvariate(one.usual, 0.6) * (1 + 0.5 * strain * one.hoards), 2)
		at_due = one.strain(day + one.terms)
		late = rng.gauss(one.mean + moods[day // 30] + style.added * at_due, one.spread * (1 + at_due))
		reference = f"{one.name}-{number}"
		stuck = rng.random() < 0.35 * at_due or rng.random() < 0.001
		paid = max(due + timedelta(days=round(late)), issued)
		paid = BUSINESS_DAYS.effective(paid)
		if stuck:
			paid += timedelta(days=rng.randint(60, 400))
		settled = paid if paid <= until else None
		if rng.random() < one.parts + 0.4 * at_due:
			part = paid - timedelta(days=rng.randint(3, 25))
			if issued < part <= until:
				made.parts.append(
					DatedAmount(one.name, part, round(amount * rng.uniform(0.2, 0.8), 2), reference)
				)
		if rng.random() < 0.02 * style.noise + 0.06 * strain:
			made.notes.append(
				DatedAmount(
					one.name, min(issued + timedelta(days=rng.randint(2, 40)), until), round(amount * 0.1, 2)
				)
			)
		if rng.random() < 0.015 * style.noise + 0.08 * at_due:
			made.disputes.append(
				DatedAmount(one.name, min(due + timedelta(days=rng.randint(0, 20)), until), amount)
			)
		overdue = (paid - due).days
		if overdue > 12 and rng.random() < 0.4:
			promised = due + timedelta(days=rng.randint(10, 30))
			if paid > promised + timedelta(days=3) and promised <= until:
				made.broken.append(DatedAmount(one.name, promised + timedelta(days=4), amount))
		made.lines.append(TradeLine(one.name, reference, issued, due, amount, settled))
		open_amounts[day // 30] += amount
	if style.told and open_amounts and rng.random() < 0.7:
		usual = sum(open_amounts.values()) / max(len(open_amounts), 1) * (one.terms + 20) / 30
		made.limits.append(GivenLimit(one.name, FIRST, round(usual * rng.uniform(1.3, 4), -2)))


def _talk(one: _Customer, made: _Made, style: LedgerStyle) -> None:
	for month in range(1, style.days // 30):
		sent = FIRST + timedelta(days=30 * month)
		willing = (0.8 if one.reads else 0.1) * (1 - 0.7 * one.strain(30 * month)) * (1 - 0.05 * style.noise)
		read = sent + timedelta(days=one.rng.randint(0, 6)) if one.rng.random() < willing else None
		made.statements.append(SentStatement(one.name, sent, read))


def _share(rng: random.Random, customers: list[_Customer], made: _Made) -> None:
	"""Let some share a bank account; of half of them the second falls into distress some months after the first."""
	for _pair in range(max(1, len(customers) // 20)):
		one, other = rng.sample(customers, 2)
		if one.start < other.start < 1e8 and rng.random() < 0.5:
			other.start = one.start + rng.uniform(60, 150)
		made.shared.append(SharedData(one.name, other.name, BANK))
		made.shared.append(SharedData(other.name, one.name, BANK))
