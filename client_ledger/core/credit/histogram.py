"""The shrunk, recency-weighted histogram of days late, per customer, and the expected dates that follow from it.

	payments  ->  History.record  ->  History.at(date, open items)  ->  Lateness.of(customer)  ->  Distribution

- Each payment weighs 2^(-age / half-life); a customer's weights are rescaled to Kish's effective size
  (sum w)^2 / sum w^2 (Kish 1965), and `prior_strength` pseudo-payments spread like the company-wide histogram
  are added: a Dirichlet prior centred on the company, so that few payments say little.
- What is overdue and still open counts as "later than its age by now": company-wide by the product-limit
  estimator (Kaplan and Meier 1958), per customer by redistributing to the right (Efron 1967).
- Beyond the last day that enough payments support, what is left is paid at a constant weekly hazard, estimated from
  the items that grew as old: the more of them stand open, the smaller it is.
"""

import math
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.statistics import effective_size

# Days late that have a bin of their own. What is earlier or later counts in the first or the last bin.
FIRST_DAY, LAST_DAY = -120, 365
_BINS = LAST_DAY - FIRST_DAY + 1
# A share of the histogram this small is rounding noise, not support.
_NOISE = 1e-9
# What the shares of a histogram may miss 1 by: it is a sum of many, each rounded.
_SUM_TOLERANCE = 1e-6
# Payments that must lie in the tail of the company's histogram for it to be believed (fewer in small ledgers).
_SUPPORT = 5
DAYS_A_WEEK = 7
# The hazard of the tail is drawn to the one of the settings as if one payment of such an item had been seen already.
_PRIOR_PAYMENTS = 1.0
# However many old items stand open, some day something is paid or written off.
_SMALLEST_HAZARD = 0.005
# Histograms kept while others are asked for; one takes some 20 KB, and a ledger may have ten thousand customers.
_KEPT = 256

Confidence = Literal["none", "low", "normal"]


@dataclass(frozen=True)
class HistogramSettings:
	"""half_life in days; prior_strength in pseudo-payments; weekly_hazard of the unsupported tail before anything
	is known of it; low_confidence: below this number of payments an estimate is marked."""

	half_life: float = 180.0
	prior_strength: float = 3.0
	weekly_hazard: float = 0.10
	low_confidence: int = 5

	def __post_init__(self):
		"""Raise ValueError for settings no histogram can be made of."""
		if not self.half_life > 0:
			raise ValueError(f"half-life must be more than 0 days, got {self.half_life}")
		if not self.prior_strength > 0:
			raise ValueError(f"prior strength must be more than 0 payments, got {self.prior_strength}")
		if not 0 < self.weekly_hazard < 1:
			raise ValueError(f"weekly hazard must lie between 0 and 1, got {self.weekly_hazard}")


DEFAULT_SETTINGS = HistogramSettings()


def confidence_of(payments: int, low_confidence: int = DEFAULT_SETTINGS.low_confidence) -> Confidence:
	"""Return how far an estimate from this many payments may be trusted; "none": it is the company's."""
	return "none" if not payments else "low" if payments < low_confidence else "normal"


class Distribution:
	"""How late a customer pays: P(days late <= d) for whole days, and given how late an invoice is already.

	payments: the number of payments it is made of. effective: Kish's size of their weights. weekly_hazard: of the tail.
	"""

	__slots__ = ("_cumulative", "_daily", "_last", "_total", "confidence", "effective", "payments")

	def __init__(
		self,
		mass: Iterable[float],
		payments: int,
		effective: float,
		settings: HistogramSettings,
		weekly_hazard: float | None = None,
	):
		self._cumulative = list(accumulate(mass))
		self._total = self._cumulative[-1]
		self._last = self._total - self._cumulative[-2]
		self._daily = _daily_survival(settings.weekly_hazard if weekly_hazard is None else weekly_hazard)
		self.payments = payments
		self.effective = effective
		self.confidence = confidence_of(payments, settings.low_confidence)

	def later_than(self, days: int) -> float:
		"""Return P(paid more than *days* late)."""
		return self._survival(days) / self._total

	@property
	def p_late(self) -> float:
		"""P(paid after the effective due date)."""
		return self.later_than(0)

	def quantile(self, share: float, age: int | None = None) -> int:
		"""Return the days late that *share* (0 to 1) of the payments do not exceed.

		age: days past due by now of an invoice that is still open (negative while not due); the answer is then
		of payments later than that. None: before anything is known of the invoice.
		"""
		alive = self._total if age is None else self._survival(age)
		if age is not None and alive <= _NOISE * self._total:
			return age + max(1, math.ceil(math.log(1 - share) / math.log(self._daily)))
		target = (1 - share) * alive
		if target < self._last - _NOISE * self._total:
			return LAST_DAY - 1 + math.ceil(math.log(target / self._last) / math.log(self._daily))
		found = FIRST_DAY + min(bisect_left(self._cumulative, self._total - target), _BINS - 1)
		return found if age is None else max(found, age + 1)

	def weekly(self, age: int, weeks: int, delay: int = 0) -> list[float]:
		"""Return P(paid in week 1, 2, ...) from now for an open invoice of this *age* in days past due.

		delay: days that every payment comes later than the histogram says; its age is then that of the day it comes from.
		"""
		alive = self._survival(age)
		days = [max(DAYS_A_WEEK * week - delay, 0) for week in range(weeks + 1)]
		if alive <= _NOISE * self._total:
			left = [self._daily**day for day in days]
		else:
			left = [self._survival(age + day) / alive for day in days]
		return [before - after for before, after in pairwise(left)]

	def _survival(self, days: int) -> float:
		"""Mass later than *days*; the last bin fades at the hazard, so that no age is beyond the histogram."""
		if days < FIRST_DAY:
			return self._total
		if days < LAST_DAY:
			return self._total - self._cumulative[days - FIRST_DAY]
		return self._last * self._daily ** (days - LAST_DAY + 1)


class CustomerPayments:
	"""A customer's payments: decayed weight per bin, and what Kish's size is made of."""

	__slots__ = ("count", "late", "squares", "total", "weights")

	def __init__(self):
		self.weights: dict[int, float] = {}
		self.total = self.squares = self.late = 0.0
		self.count = 0

	def add(self, at: int, weight: float, days_late: int) -> None:
		"""Add one payment. at: the bin of *days_late*."""
		self.weights[at] = self.weights.get(at, 0.0) + weight
		self.total += weight
		self.squares += weight * weight
		if days_late > 0:
			self.late += weight
		self.count += 1

	def include(self, other: "CustomerPayments") -> None:
		"""Add the payments of another."""
		for at, weight in other.weights.items():
			self.weights[at] = self.weights.get(at, 0.0) + weight
		self.total += other.total
		self.squares += other.squares
		self.late += other.late
		self.count += other.count


class History:
	"""Payments as they become known, in any order; `at` gives what they say on a date.

	Weights grow with the date of payment instead of shrinking with its age, which is the same after
	rescaling, so that a payment is counted once however often the date moves on. epoch: the day whose
	payments weigh 1; with the last one, no date however wrong makes a weight too large to hold.
	"""

	def __init__(self, epoch: date, settings: HistogramSettings = DEFAULT_SETTINGS):
		self.settings = settings
		self._epoch = epoch.toordinal()
		self._weights: dict[date, float] = {}
		self._customers: dict[Hashable, CustomerPayments] = {}
		self._company = [0.0] * _BINS
		self._counts = [0] * _BINS

	def record(self, customer: Hashable, settled_on: date, days_late: int) -> None:
		"""Add one payment of an invoice in full."""
		weight = self._weights.get(settled_on)
		if weight is None:
			elapsed = settled_on.toordinal() - self._epoch
			weight = self._weights[settled_on] = 2.0 ** (elapsed / self.settings.half_life)
		at = days_late - FIRST_DAY
		if not 0 <= at < _BINS:
			at = bin_of(days_late)
		payments = self._customers.get(customer)
		if payments is None:
			payments = self._customers[customer] = CustomerPayments()
		payments.add(at, weight, days_late)
		self._company[at] += weight
		self._counts[at] += 1

	def at(self, as_of: date, open_ages: Mapping[Hashable, Iterable[int]]) -> "Lateness":
		"""Return what the payments recorded so far say on *as_of*; valid until the next one is recorded.

		open_ages: per customer the days past due of what is open; only what is overdue counts.
		"""
		overdue = _overdue(open_ages)
		fade = 2.0 ** ((self._epoch - as_of.toordinal()) / self.settings.half_life)
		supported = self._supported_bin()
		hazard = self._tail_hazard(overdue, supported)
		return Lateness(self, overdue, self._company_mass(overdue, fade, supported, hazard), hazard)

	def _tail_hazard(self, overdue: Mapping[Hashable, list[int]], supported: int) -> float:
		"""Return the share that is paid per week of what is later than the supported bin: payments per week at risk."""
		start = FIRST_DAY + supported
		payments = _PRIOR_PAYMENTS + sum(self._counts[supported + 1 :])
		days = sum(count * place for place, count in enumerate(self._counts[supported + 1 :], 1)) + sum(
			age - start for ages in overdue.values() for age in ages if age > start
		)
		weeks = _PRIOR_PAYMENTS / self.settings.weekly_hazard + days / DAYS_A_WEEK
		return max(payments / weeks, _SMALLEST_HAZARD)

	def _company_mass(
		self, overdue: Mapping[Hashable, list[int]], fade: float, supported: int, hazard: float
	) -> list[float]:
		"""Return the company-wide histogram (sum 1): product-limit up to the last supported day, then the tail."""
		paid = [weight * fade for weight in self._company]
		still_open = [0.0] * _BINS
		for ages in overdue.values():
			for age in ages:
				still_open[bin_of(age)] += 1
		at_risk = list(accumulate(p + o for p, o in zip(reversed(paid), reversed(still_open), strict=True)))
		at_risk.reverse()
		mass, alive = [0.0] * _BINS, 1.0
		for i in range(supported + 1):
			if paid[i]:
				mass[i] = alive * paid[i] / at_risk[i]
				alive = max(alive - mass[i], 0.0)
		return _with_tail(mass, alive if alive > _NOISE else 0.0, supported, hazard)

	def _supported_bin(self) -> int:
		"""Return the last bin with enough payments in it and after it; that of the due date for no payments."""
		total = sum(self._counts)
		if not total:
			return bin_of(0)
		needed, found = min(_SUPPORT, max(1, total // 20)), 0
		for i in range(_BINS - 1, -1, -1):
			found += self._counts[i]
			if found >= needed:
				return i
		raise AssertionError("the bins hold fewer payments than were counted")


class Lateness:
	"""What the payments of all customers say on one date."""

	def __init__(
		self,
		history: History,
		overdue: Mapping[Hashable, list[int]],
		company: list[float],
		weekly_hazard: float,
	):
		self.weekly_hazard = weekly_hazard
		self._history = history
		self._overdue = overdue
		self._company = company
		self._prior = [history.settings.prior_strength * share for share in company]
		self._company_late = sum(company[bin_of(1) :])
		self._cache: dict[Hashable, Distribution] = {}

	@property
	def usual(self) -> dict[int, float]:
		"""The company-wide histogram as {days late: share}, to be kept and given to `learn_few`."""
		return {FIRST_DAY + place: share for place, share in enumerate(self._company) if share}

	@property
	def company(self) -> Distribution:
		"""All customers together."""
		payments = sum(self._history._counts)
		return Distribution(
			self._company, payments, float(payments), self._history.settings, self.weekly_hazard
		)

	def of(self, customer: Hashable) -> Distribution:
		"""Return a customer's distribution; without payments it is the company's, marked by its confidence."""
		found = self._cache.get(customer)
		if found is None:
			if len(self._cache) >= _KEPT:
				self._cache.clear()
			found = self._cache[customer] = self._build(customer)
		return found

	def p_late(self, customer: Hashable) -> float:
		"""Return `of(customer).p_late` without the histogram: whatever is overdue already is late."""
		strength = self._history.settings.prior_strength
		late, size = strength * self._company_late, strength
		payments = self._history._customers.get(customer)
		if payments and payments.squares:
			effective = effective_size(payments.total, payments.squares)
			late += payments.late * effective / payments.total
			size += effective
		overdue = len(self._overdue.get(customer, ()))
		return min((late + overdue) / (size + overdue), 1.0)

	def pooled(self, customers: Iterable[Hashable]) -> Distribution:
		"""Return the distribution of the payments of several customers, as if one had made them all."""
		together = CustomerPayments()
		for customer in customers:
			if payments := self._history._customers.get(customer):
				together.include(payments)
		return self.of_payments(None, together)

	def _build(self, customer: Hashable) -> Distribution:
		return self.of_payments(customer, self._history._customers.get(customer))

	def of_payments(self, customer: Hashable, payments: "CustomerPayments | None") -> Distribution:
		"""Return the distribution of *customer* that *payments* give, weighted otherwise than all of its payments are."""
		mass, effective = self._prior[:], 0.0
		if payments and payments.squares:
			effective = effective_size(payments.total, payments.squares)
			scale = effective / payments.total
			for i, weight in payments.weights.items():
				mass[i] += weight * scale
		ages = self._overdue.get(customer)
		if ages:
			mass = _redistributed(mass, ages)
		return Distribution(
			mass, payments.count if payments else 0, effective, self._history.settings, self.weekly_hazard
		)


def _daily_survival(weekly_hazard: float) -> float:
	return max(1 - weekly_hazard, _NOISE) ** (1 / DAYS_A_WEEK)


def _with_tail(mass: list[float], alive: float, supported: int, weekly_hazard: float) -> list[float]:
	"""Spread what is left *alive* after the supported bin at the constant hazard."""
	if not any(mass):
		mass[supported], alive = 1.0, 0.0
	daily = _daily_survival(weekly_hazard)
	for i in range(supported + 1, _BINS - 1):
		mass[i] = alive * (1 - daily)
		alive *= daily
	mass[-1] += alive
	return mass


def bin_of(days: int) -> int:
	return min(max(days, FIRST_DAY), LAST_DAY) - FIRST_DAY


def _redistributed(mass: list[float], ages: Iterable[int]) -> list[float]:
	"""Return *mass* with one payment more per open item, spread like the mass later than its age (Efron 1967)."""
	starts: dict[int, int] = {}
	for age in ages:
		start = min(bin_of(age) + 1, _BINS - 1)
		starts[start] = starts.get(start, 0) + 1
	later = list(accumulate(reversed(mass)))
	later.reverse()
	found, boost, unplaced = mass[:], 0.0, 0
	bounds = [*sorted(starts), _BINS]
	for start, end in pairwise(bounds):
		if later[start] > 0:
			boost += starts[start] / later[start]
		else:
			unplaced += starts[start]
		found[start:end] = [share * (1 + boost) for share in mass[start:end]]
	found[-1] += unplaced
	return found


def learn(
	lines: Iterable[TradeLine], as_of: date, settings: HistogramSettings = DEFAULT_SETTINGS
) -> Lateness:
	"""Return what *lines* say of lateness at the end of *as_of*; disputed ones are left out."""
	history, open_ages = _recorded(lines, as_of, settings)
	return history.at(as_of, open_ages)


def learn_few(
	lines: Iterable[TradeLine],
	as_of: date,
	usual: Mapping[int, float],
	settings: HistogramSettings = DEFAULT_SETTINGS,
	weekly_hazard: float | None = None,
) -> Lateness:
	"""Return what the *lines* of some customers say, where what is *usual* in the company was learnt before, and the
	*weekly_hazard* of its tail (None: that of the settings).

	On the day that was learnt, each customer's histogram is the one that `learn` gives. Raises ValueError for a
	usual histogram that is none.
	"""
	company = [0.0] * _BINS
	for days, share in usual.items():
		if not FIRST_DAY <= days <= LAST_DAY or not 0 <= share <= 1:
			raise ValueError(f"a share of {share} for {days} days late is none of a histogram")
		company[days - FIRST_DAY] = share
	if not math.isclose(sum(company), 1, abs_tol=_SUM_TOLERANCE):
		raise ValueError(f"the shares of a histogram sum to 1, these to {sum(company)}")
	history, open_ages = _recorded(lines, as_of, settings)
	hazard = settings.weekly_hazard if weekly_hazard is None else weekly_hazard
	return Lateness(history, _overdue(open_ages), company, hazard)


def _recorded(
	lines: Iterable[TradeLine], as_of: date, settings: HistogramSettings
) -> tuple[History, dict[Hashable, list[int]]]:
	"""Return the payments of *lines*, and per customer the days past due of what is open."""
	history = History(as_of, settings)
	open_ages: dict[Hashable, list[int]] = {}
	for line in lines:
		customer, _reference, issued, due, _amount, settled_on, disputed, _outstanding = line
		if disputed or issued > as_of:
			continue
		if settled_on is not None and settled_on <= as_of:
			history.record(customer, settled_on, (settled_on - due).days)
		elif settled_on is not None or not line.is_residue:
			open_ages.setdefault(customer, []).append((as_of - due).days)
	return history, open_ages


def _overdue(open_ages: Mapping[Hashable, Iterable[int]]) -> dict[Hashable, list[int]]:
	"""Return of the ages of what is open those that are overdue."""
	return {
		customer: late for customer, ages in open_ages.items() if (late := [age for age in ages if age > 0])
	}


class Expectation(NamedTuple):
	"""When an open invoice is expected: the median, the dates of P10 and P90, P(late) and P(at least five days late)."""

	expected: date
	earliest: date
	latest: date
	p_late: float
	confidence: Confidence
	p_late_5: float | None = None


def expect(distribution: Distribution, due: date, as_of: date | None = None) -> Expectation:
	"""Return when an invoice with this effective *due* date is expected, given that it is open on *as_of*.

	as_of None: before anything is known of it, as on the day it is issued.
	"""
	age = None if as_of is None else (as_of - due).days
	if age is None:
		p_late = distribution.p_late
	else:
		p_late = 1.0 if age >= 0 else distribution.p_late / (distribution.later_than(age) or 1.0)
	median, low, high = (distribution.quantile(share, age) for share in (0.5, 0.1, 0.9))
	return Expectation(
		due + timedelta(days=median),
		due + timedelta(days=low),
		due + timedelta(days=high),
		p_late,
		distribution.confidence,
	)
