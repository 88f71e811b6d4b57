"""What is known of a customer on a date, in the figures a scorecard grades: decayed, shrunk and complete.

Open overdue items count with their lateness so far, so that not paying is never better than paying late.

	trade lines of all customers  ->  measure  ->  Inputs per customer
	                             \\->  company_habits (kept for the day) + some customers' lines  ->  measure_few
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple

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
# On time is at most this share of it, so that the two never measure the same thing.
_ON_TIME_SHARE_OF_SERIOUS = 0.5
_YEAR = 365


@dataclass(frozen=True)
class MeasureSettings:
	"""How the figures are measured.

	tolerance: days late that still count as on time. serious_days: X of "paid more than X days late"; None
	takes the 90th percentile of the company's days late on the day (at least the tolerance), and half of X as the
	tolerance where that is less. half_life in days, prior_strength in pseudo-payments. amount_cap: largest weight of an amount in usual invoices.
	lateness_cap: days counted at most. trend_days: the window compared with what was before it.
	cap_balance_share, cap_sales_share: what old items must reach together, of the balance and of twelve months'
	sales, before a cap counts them.
	"""

	tolerance: int = 5
	serious_days: int | None = None
	half_life: float = 180.0
	prior_strength: float = 3.0
	amount_cap: float = 5.0
	lateness_cap: int = 60
	trend_days: int = 90
	cap_balance_share: float = 0.10
	cap_sales_share: float = 0.01

	def histogram(self) -> HistogramSettings:
		"""Return the settings of the histogram that go with these."""
		return HistogramSettings(self.half_life, self.prior_strength)


@dataclass(frozen=True)
class Inputs:
	"""Everything an assessment is made of, at the end of `as_of`.

	settled: invoices paid in full; effective: Kish's size of their decayed weights; on_due_date, on_time and
	seriously_late: of them, by the due date, within the tolerance and more than serious_days late, the latter with
	open items. open_items, overdue_items, missed: open, past due, and past due by more than the tolerance; past_grace:
	by more than the scorecard's, where the company's own tolerance is less.
	due_date_share, on_time_share, serious_share: decayed and shrunk to the company's. average_days_late: amount
	weighted, each 0 to the cap, shrunk. oldest_days: days past due of the oldest open item, 0 if none is.
	trend: mean days late in the last months less that before, None where either is missing.
	p_late: that the next invoice is paid late. balance: of all open items; sales: invoiced in twelve months; both
	in company currency. material_days: the oldest age that items of that age or older, material_amount together,
	have and are material to a cap; 0 where none are.
	broken_promises (in the period the caller counts) and limit_utilisation (exposure / limit, None without a limit)
	are judgement and come from elsewhere.
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
	# Assessments made by the first method are stored without these.
	on_due_date: int = 0
	due_date_share: float = 1.0
	balance: float = 0.0
	sales: float = 0.0
	material_days: int = 0
	material_amount: float = 0.0
	past_grace: int | None = None

	@property
	def never_paid(self) -> bool:
		"""True where not one invoice was ever settled, and at least one is past due beyond the tolerance."""
		return not self.settled and self.has_history

	@property
	def has_history(self) -> bool:
		"""False where nothing can be said: nothing was settled yet, and nothing is late beyond the tolerance."""
		return self.settled > 0 or (self.missed if self.past_grace is None else self.past_grace) > 0

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
		optional = {field.name for field in fields(cls) if field.default is not MISSING}
		if unknown := set(values) - names:
			raise ValueError(f"unknown inputs: {', '.join(sorted(unknown))}")
		if missing := names - optional - set(values):
			raise ValueError(f"missing inputs: {', '.join(sorted(missing))}")
		return cls(**{**values, "as_of": date.fromisoformat(values["as_of"])})


def no_history(
	as_of: date,
	settings: MeasureSettings | None = None,
	p_late: float = 0.0,
	habits: "CompanyHabits | None" = None,
) -> Inputs:
	"""Return the inputs of a customer of whom nothing is known; p_late, habits: the company's."""
	settings = settings or MeasureSettings()
	scale = habits or _no_payments(settings)
	return Inputs(
		*(as_of, 0, 0.0, 0, 0, 0, 0, 0, scale.tolerance, scale.serious_days, 1.0, 0.0, 0.0, 0, None, p_late)
	)


class CompanyHabits(NamedTuple):
	"""How all customers of a company pay together: what few payments are drawn to, and the scale of amounts.

	usual_amount: the median invoice. serious_days: X. tolerance: what is on time there. Shares of the payments by the due date, within the tolerance
	and more than X days late; days_late: their mean, by amount. All decayed.
	"""

	usual_amount: float
	serious_days: int
	tolerance: int
	due_date: float
	on_time: float
	serious: float
	days_late: float


class _OverdueItem(NamedTuple):
	"""An open item past due: days, its weight (amount in usual invoices, capped), and what is open of it."""

	age: int
	weight: float
	outstanding: float


class _CustomerSums:
	"""What one customer's lines add up to. Weights are decayed, and rescaled at the end."""

	__slots__ = (
		"amount_late",
		"amounts",
		"balance",
		"before",
		"before_days",
		"late_open",
		"on_due_date",
		"on_due_date_weight",
		"on_time",
		"on_time_weight",
		"open_items",
		"recent",
		"recent_days",
		"sales",
		"serious",
		"serious_weight",
		"settled",
		"squares",
		"weights",
	)

	def __init__(self):
		self.weights = self.squares = 0.0
		self.on_due_date_weight = self.on_time_weight = self.serious_weight = 0.0
		self.amounts = self.amount_late = self.balance = self.sales = 0.0
		self.settled = self.on_due_date = self.on_time = self.serious = self.open_items = 0
		self.recent = self.recent_days = self.before = self.before_days = 0
		self.late_open: list[_OverdueItem] = []

	def add(self, other: "_CustomerSums") -> None:
		"""Add the decayed sums of *other*: the company is the sum of its customers."""
		self.weights += other.weights
		self.on_due_date_weight += other.on_due_date_weight
		self.on_time_weight += other.on_time_weight
		self.serious_weight += other.serious_weight
		self.amounts += other.amounts
		self.amount_late += other.amount_late


class Measured(NamedTuple):
	"""The inputs of every customer, and what is usual in the company."""

	inputs: dict[Hashable, Inputs]
	habits: CompanyHabits


def measure(
	lines: Iterable[TradeLine],
	as_of: date,
	settings: MeasureSettings | None = None,
	lateness: Lateness | None = None,
) -> dict[Hashable, Inputs]:
	"""Return the inputs of every customer of *lines* at the end of *as_of*.

	lateness: what was learnt of the same lines, where the caller has it already.
	"""
	return measure_company(lines, as_of, settings, lateness).inputs


def measure_company(
	lines: Iterable[TradeLine],
	as_of: date,
	settings: MeasureSettings | None = None,
	lateness: Lateness | None = None,
) -> Measured:
	"""Return what `measure` returns, and what is usual in the company, to be kept and given to `measure_few`."""
	settings = settings or MeasureSettings()
	lines = [line for line in lines if line.issued <= as_of and not line.disputed]
	lateness = lateness or learn(lines, as_of, settings.histogram())
	scale = _no_payments(settings)._replace(
		usual_amount=median(line.amount for line in lines) if lines else 1.0,
		serious_days=serious_days(lines, as_of, settings),
	)
	scale = scale._replace(tolerance=_tolerance(settings, scale.serious_days))
	sums = _sum_up(lines, as_of, settings, scale)
	habits = _habits(sums.values(), scale)
	return Measured(_all_inputs(sums, habits, as_of, settings, lateness), habits)


def measure_few(
	lines: Iterable[TradeLine],
	as_of: date,
	habits: CompanyHabits,
	settings: MeasureSettings,
	lateness: Lateness,
) -> dict[Hashable, Inputs]:
	"""Return the inputs of the customers of *lines*, where what is usual in the company was measured before.

	On the day that was measured, they are the ones that `measure` gives of all lines.
	"""
	lines = [line for line in lines if line.issued <= as_of and not line.disputed]
	sums = _sum_up(lines, as_of, settings, habits)
	return _all_inputs(sums, habits, as_of, settings, lateness)


def serious_days(lines: Iterable[TradeLine], as_of: date, settings: MeasureSettings) -> int:
	"""Return X, the days late that count as serious on *as_of*."""
	if settings.serious_days is not None:
		return settings.serious_days
	late = (
		(line.settled_on - line.due).days for line in lines if line.settled_on and line.settled_on <= as_of
	)
	return max(upper_quantile(late, _SERIOUS_SHARE) or 0, settings.tolerance)


def _tolerance(settings: MeasureSettings, serious: int) -> int:
	"""Return the days late that are on time; where both are set, they are what the scorecard says."""
	if settings.serious_days is not None:
		return settings.tolerance
	return min(settings.tolerance, int(_ON_TIME_SHARE_OF_SERIOUS * serious))


def _no_payments(settings: MeasureSettings) -> CompanyHabits:
	"""Return what is taken to be usual where nobody has paid anything: everybody pays on time."""
	serious = settings.tolerance if settings.serious_days is None else settings.serious_days
	return CompanyHabits(1.0, serious, _tolerance(settings, serious), 1.0, 1.0, 0.0, 0.0)


def _sum_up(
	lines: Sequence[TradeLine], as_of: date, settings: MeasureSettings, company: CompanyHabits
) -> dict[Hashable, _CustomerSums]:
	largest, cap = settings.amount_cap, settings.lateness_cap
	tolerance, serious = company.tolerance, company.serious_days
	scale = 1 / company.usual_amount if company.usual_amount > 0 else 0.0
	year_ago = as_of - timedelta(days=_YEAR)
	found: dict[Hashable, _CustomerSums] = {}
	decay: dict[int, float] = {}
	for line in lines:
		one = found.get(line.customer)
		if one is None:
			one = found[line.customer] = _CustomerSums()
		amount = min(line.amount * scale, largest)
		settled_on = line.settled_on
		if line.issued > year_ago:
			one.sales += line.amount
		if settled_on is None or settled_on > as_of:
			if settled_on is None and line.is_residue:
				continue
			outstanding = line.open_amount
			one.open_items += 1
			one.balance += outstanding
			age = (as_of - line.due).days
			if age > 0:
				one.late_open.append(_OverdueItem(age, amount, outstanding))
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
		else:
			one.on_due_date += 1
			one.on_due_date_weight += weight
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


def _habits(customers: Iterable[_CustomerSums], company: CompanyHabits) -> CompanyHabits:
	"""Return *company* with the shares of all payments together; as it is where nobody has paid anything yet."""
	total = _CustomerSums()
	for one in customers:
		total.add(one)
	if not total.weights:
		return company
	return company._replace(
		due_date=total.on_due_date_weight / total.weights,
		on_time=total.on_time_weight / total.weights,
		serious=total.serious_weight / total.weights,
		days_late=total.amount_late / total.amounts if total.amounts else 0.0,
	)


def _all_inputs(
	sums: Mapping[Hashable, _CustomerSums],
	habits: CompanyHabits,
	as_of: date,
	settings: MeasureSettings,
	lateness: Lateness,
) -> dict[Hashable, Inputs]:
	return {
		customer: _inputs(one, habits, as_of, settings, lateness.p_late(customer))
		for customer, one in sums.items()
	}


def _inputs(
	one: _CustomerSums, habits: CompanyHabits, as_of: date, settings: MeasureSettings, p_late: float
) -> Inputs:
	serious = habits.serious_days
	effective = effective_size(one.weights, one.squares)
	scale = effective / one.weights if one.weights else 0.0
	k = settings.prior_strength
	overdue = len(one.late_open)
	missed = sum(item.age > habits.tolerance for item in one.late_open)
	very_late = sum(item.age > serious for item in one.late_open)
	open_amounts = sum(item.weight for item in one.late_open)
	open_late = sum(item.weight * min(item.age, settings.lateness_cap) for item in one.late_open)
	material_days, material_amount = _material(one, settings)
	return Inputs(
		as_of=as_of,
		settled=one.settled,
		effective=effective,
		on_due_date=one.on_due_date,
		on_time=one.on_time,
		seriously_late=one.serious + very_late,
		open_items=one.open_items,
		overdue_items=overdue,
		missed=missed,
		tolerance=habits.tolerance,
		serious_days=serious,
		due_date_share=(scale * one.on_due_date_weight + k * habits.due_date) / (effective + k + overdue),
		on_time_share=(scale * one.on_time_weight + k * habits.on_time) / (effective + k + missed),
		average_days_late=(scale * one.amount_late + open_late + k * habits.days_late)
		/ (scale * one.amounts + open_amounts + k),
		serious_share=(scale * one.serious_weight + k * habits.serious + very_late)
		/ (effective + k + very_late),
		oldest_days=max((item.age for item in one.late_open), default=0),
		trend=one.recent_days / one.recent - one.before_days / one.before
		if one.recent and one.before
		else None,
		p_late=p_late,
		balance=one.balance,
		sales=one.sales,
		material_days=material_days,
		material_amount=material_amount,
		past_grace=sum(item.age > settings.tolerance for item in one.late_open),
	)


def _material(one: _CustomerSums, settings: MeasureSettings) -> tuple[int, float]:
	"""Return the age of the oldest items that are material together with all older ones, and what is open of them.

	Items older than some number of days are material exactly where this age is more than that number.
	"""
	needed = max(settings.cap_balance_share * one.balance, settings.cap_sales_share * one.sales)
	total = 0.0
	for item in sorted(one.late_open, reverse=True):
		total += item.outstanding
		if total >= needed > 0:
			return item.age, total
	return 0, 0.0
