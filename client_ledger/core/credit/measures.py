"""What is known of a customer on a date, in the figures a scorecard grades: decayed, shrunk and complete.

Open overdue items count with their lateness so far, so that not paying is never better than paying late.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from statistics import median
from typing import Any

from client_ledger.core.credit.histogram import (
	Confidence,
	HistogramSettings,
	Lateness,
	confidence_of,
	learn,
)
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.statistics import effective_size, upper_quantile

# Seriously late is later than nine in ten of the company's payments.
_SERIOUS_SHARE = 0.9


@dataclass(frozen=True)
class MeasureSettings:
	"""How the figures are measured.

	tolerance: days late that still count as on time. serious_days: X of "paid more than X days late"; None
	takes the 90th percentile of the company's days late on the day (at least the tolerance). half_life in
	days, prior_strength in pseudo-payments. amount_cap: largest weight of an amount in usual invoices.
	lateness_cap: days counted at most. trend_days: the window compared with what was before it.
	"""

	tolerance: int = 5
	serious_days: int | None = None
	half_life: float = 180.0
	prior_strength: float = 3.0
	amount_cap: float = 5.0
	lateness_cap: int = 60
	trend_days: int = 90

	def histogram(self) -> HistogramSettings:
		"""Return the settings of the histogram that go with these."""
		return HistogramSettings(self.half_life, self.prior_strength)


@dataclass(frozen=True)
class Inputs:
	"""Everything an assessment is made of, at the end of `as_of`.

	settled: invoices paid in full; effective: Kish's size of their decayed weights; on_time and
	seriously_late: of them, within the tolerance and more than serious_days late, the latter with open items.
	open_items, overdue_items, missed: open, past due, and past due by more than the tolerance.
	on_time_share, serious_share: decayed and shrunk to the company's. average_days_late: amount weighted, each
	0 to the cap, shrunk. oldest_days: days past due of the oldest open item, 0 if none is.
	trend: mean days late in the last months less that before, None where either is missing.
	p_late: that the next invoice is paid late. The last two are judgement and come from elsewhere:
	broken_promises: in the period the caller counts; limit_utilisation: exposure / limit, None without a limit.
	"""

	as_of: date
	settled: int
	effective: float
	on_time: int
	seriously_late: int
	open_items: int
	overdue_items: int
	missed: int
	tolerance: int
	serious_days: int
	on_time_share: float
	average_days_late: float
	serious_share: float
	oldest_days: int
	trend: float | None
	p_late: float
	broken_promises: int = 0
	limit_utilisation: float | None = None

	@property
	def never_paid(self) -> bool:
		"""True where not one invoice was ever settled, and at least one is past due beyond the tolerance."""
		return not self.settled and self.missed > 0

	@property
	def has_history(self) -> bool:
		"""False where nothing can be said: nothing was settled yet, and nothing is late beyond the tolerance."""
		return self.settled > 0 or self.missed > 0

	@property
	def confidence(self) -> Confidence:
		"""How far the figures may be trusted, by the number of settled invoices."""
		return confidence_of(self.settled)

	def as_dict(self) -> dict[str, Any]:
		"""Return plain values, the date as ISO text."""
		return {**asdict(self), "as_of": self.as_of.isoformat()}

	@classmethod
	def from_dict(cls, values: Mapping[str, Any]) -> "Inputs":
		"""Return the inputs that `as_dict` gave. Raises ValueError naming a field that is missing or unknown."""
		names = {field.name for field in fields(cls)}
		optional = {"broken_promises", "limit_utilisation"}
		if unknown := set(values) - names:
			raise ValueError(f"unknown inputs: {', '.join(sorted(unknown))}")
		if missing := names - optional - set(values):
			raise ValueError(f"missing inputs: {', '.join(sorted(missing))}")
		return cls(**{**values, "as_of": date.fromisoformat(values["as_of"])})


def no_history(as_of: date, settings: MeasureSettings | None = None, p_late: float = 0.0) -> Inputs:
	"""Return the inputs of a customer of whom nothing is known; p_late: the company's."""
	settings = settings or MeasureSettings()
	serious = max(settings.serious_days or 0, settings.tolerance)
	return Inputs(as_of, 0, 0.0, 0, 0, 0, 0, 0, settings.tolerance, serious, 1.0, 0.0, 0.0, 0, None, p_late)


class _Sums:
	"""What one customer's lines add up to. Weights are decayed, and rescaled at the end."""

	__slots__ = (
		"amount_late",
		"amounts",
		"before",
		"before_days",
		"late_open",
		"on_time",
		"on_time_weight",
		"open_items",
		"recent",
		"recent_days",
		"serious",
		"serious_weight",
		"settled",
		"squares",
		"weights",
	)

	def __init__(self):
		self.weights = self.squares = self.on_time_weight = self.serious_weight = 0.0
		self.amounts = self.amount_late = 0.0
		self.settled = self.on_time = self.serious = self.open_items = 0
		self.recent = self.recent_days = self.before = self.before_days = 0
		self.late_open: list[tuple[int, float]] = []

	def add(self, other: "_Sums") -> None:
		"""Add the decayed sums of *other*: the company is the sum of its customers."""
		self.weights += other.weights
		self.on_time_weight += other.on_time_weight
		self.serious_weight += other.serious_weight
		self.amounts += other.amounts
		self.amount_late += other.amount_late


def measure(
	lines: Iterable[TradeLine],
	as_of: date,
	settings: MeasureSettings | None = None,
	lateness: Lateness | None = None,
) -> dict[Hashable, Inputs]:
	"""Return the inputs of every customer of *lines* at the end of *as_of*.

	lateness: what was learnt of the same lines, where the caller has it already.
	"""
	settings = settings or MeasureSettings()
	lines = [line for line in lines if line.issued <= as_of and not line.disputed]
	lateness = lateness or learn(lines, as_of, settings.histogram())
	serious = serious_days(lines, as_of, settings)
	sums = _sum_up(lines, as_of, settings, serious)
	company = _Sums()
	for one in sums.values():
		company.add(one)
	prior = _Prior.of(company, settings)
	return {
		customer: _inputs(one, prior, as_of, settings, serious, lateness.p_late(customer))
		for customer, one in sums.items()
	}


def serious_days(lines: Iterable[TradeLine], as_of: date, settings: MeasureSettings) -> int:
	"""Return X, the days late that count as serious on *as_of*."""
	if settings.serious_days is not None:
		return settings.serious_days
	late = (
		(line.settled_on - line.due).days for line in lines if line.settled_on and line.settled_on <= as_of
	)
	return max(upper_quantile(late, _SERIOUS_SHARE) or 0, settings.tolerance)


def _sum_up(
	lines: list[TradeLine], as_of: date, settings: MeasureSettings, serious: int
) -> dict[Hashable, _Sums]:
	usual = median(line.amount for line in lines) if lines else 1.0
	largest, cap, tolerance = settings.amount_cap, settings.lateness_cap, settings.tolerance
	scale = 1 / usual if usual > 0 else 0.0
	found: dict[Hashable, _Sums] = {}
	decay: dict[int, float] = {}
	for line in lines:
		one = found.get(line.customer)
		if one is None:
			one = found[line.customer] = _Sums()
		amount = min(line.amount * scale, largest)
		settled_on = line.settled_on
		if settled_on is None or settled_on > as_of:
			if settled_on is None and line.is_residue:
				continue
			one.open_items += 1
			age = (as_of - line.due).days
			if age > 0:
				one.late_open.append((age, amount))
			continue
		days, ago = (settled_on - line.due).days, (as_of - settled_on).days
		weight = decay.get(ago)
		if weight is None:
			weight = decay[ago] = 2.0 ** (-ago / settings.half_life)
		one.settled += 1
		one.weights += weight
		one.squares += weight * weight
		one.amounts += weight * amount
		if days > 0:
			one.amount_late += weight * amount * (days if days < cap else cap)
		if days <= tolerance:
			one.on_time += 1
			one.on_time_weight += weight
		if days > serious:
			one.serious += 1
			one.serious_weight += weight
		if ago <= settings.trend_days:
			one.recent += 1
			one.recent_days += days
		else:
			one.before += 1
			one.before_days += days
	return found


@dataclass(frozen=True)
class _Prior:
	"""The company's figures, which few payments are drawn to."""

	strength: float
	on_time: float
	serious: float
	days_late: float

	@classmethod
	def of(cls, company: _Sums, settings: MeasureSettings) -> "_Prior":
		"""Where nobody has paid anything yet, customers are taken to pay on time until they do not."""
		if not company.weights:
			return cls(settings.prior_strength, 1.0, 0.0, 0.0)
		return cls(
			settings.prior_strength,
			company.on_time_weight / company.weights,
			company.serious_weight / company.weights,
			company.amount_late / company.amounts if company.amounts else 0.0,
		)


def _inputs(
	one: _Sums, prior: _Prior, as_of: date, settings: MeasureSettings, serious: int, p_late: float
) -> Inputs:
	effective = effective_size(one.weights, one.squares)
	scale = effective / one.weights if one.weights else 0.0
	k = prior.strength
	missed = sum(age > settings.tolerance for age, _ in one.late_open)
	very_late = sum(age > serious for age, _ in one.late_open)
	open_amounts = sum(amount for _, amount in one.late_open)
	open_late = sum(amount * min(age, settings.lateness_cap) for age, amount in one.late_open)
	return Inputs(
		as_of=as_of,
		settled=one.settled,
		effective=effective,
		on_time=one.on_time,
		seriously_late=one.serious + very_late,
		open_items=one.open_items,
		overdue_items=len(one.late_open),
		missed=missed,
		tolerance=settings.tolerance,
		serious_days=serious,
		on_time_share=(scale * one.on_time_weight + k * prior.on_time) / (effective + k + missed),
		average_days_late=(scale * one.amount_late + open_late + k * prior.days_late)
		/ (scale * one.amounts + open_amounts + k),
		serious_share=(scale * one.serious_weight + k * prior.serious + very_late)
		/ (effective + k + very_late),
		oldest_days=max((age for age, _ in one.late_open), default=0),
		trend=one.recent_days / one.recent - one.before_days / one.before
		if one.recent and one.before
		else None,
		p_late=p_late,
	)
