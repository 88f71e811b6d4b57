"""Expected cash: what open invoices bring week by week, corrected by how past forecasts did.

	open lines + Lateness  ->  expected_cash  ->  ExpectedCash
	past forecasts against what came  ->  CashCorrection (weeks 1 to 4, and the later ones)  ->  corrected

A correction multiplies each week by what came over what was forecast for such weeks. It is used only where it would
have done better on the past; where the due dates would have, the correction says so.
"""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from client_ledger.core.credit.histogram import DAYS_A_WEEK, Lateness
from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.payment_replay import PaymentReplay

WEEKS, NEAR_WEEKS = 13, 4
PARTS = ((0, NEAR_WEEKS), (NEAR_WEEKS, WEEKS))
# Weeks of past forecasts that a factor is taken from, and forecasts without which nothing is corrected.
_MEMORY, _ENOUGH = 26, 8
# Factors outside of these say that something broke, not how to forecast.
_SMALLEST, _LARGEST = 0.25, 4.0


class ExpectedCash(NamedTuple):
	"""Expected receipts per week from the day after the forecast's date, and what is expected after them."""

	weeks: list[float]
	later: float


def expected_cash(
	lateness: Lateness, lines: Iterable[TradeLine], as_of: date, weeks: int = WEEKS
) -> ExpectedCash:
	"""Return what the open ones of *lines* are expected to bring.

	Each outstanding amount is spread over the weeks by the probability of its payment, given its present age.
	"""
	totals, later = [0.0] * weeks, 0.0
	shares: dict[tuple[Hashable, int], list[float]] = {}
	for line in lines:
		if line.issued > as_of or (line.settled_on is not None and line.settled_on <= as_of):
			continue
		key = (line.customer, line.age(as_of))
		found = shares.get(key)
		if found is None:
			found = shares[key] = lateness.of(line.customer).weekly(key[1], weeks)
		amount = line.open_amount
		for week, share in enumerate(found):
			totals[week] += amount * share
		later += amount * (1 - sum(found))
	return ExpectedCash(totals, later)


def due_date_cash(lines: Iterable[TradeLine], as_of: date, weeks: int = WEEKS) -> ExpectedCash:
	"""Return the forecast that most tools show: everything is paid when due, what is overdue next week."""
	totals, later = [0.0] * weeks, 0.0
	for line in known(lines, as_of):
		if line.settled_on is None:
			week = max(0, -line.age(as_of) - 1) // DAYS_A_WEEK
			if week < weeks:
				totals[week] += line.open_amount
			else:
				later += line.open_amount
	return ExpectedCash(totals, later)


def received_by_week(lines: Iterable[TradeLine], as_of: date, weeks: int = WEEKS) -> list[float]:
	"""Return what of *lines*, all open on *as_of*, was settled in each week after it."""
	received = [0.0] * weeks
	for line in lines:
		if line.settled_on is not None:
			week = ((line.settled_on - as_of).days - 1) // DAYS_A_WEEK
			if week < weeks:
				received[week] += line.amount
	return received


class PastForecast(NamedTuple):
	"""A forecast as it would have been made at the end of *day*, and what came of the same items."""

	day: date
	expected: list[float]
	by_due_date: list[float]
	received: list[float]

	def is_complete(self, week: int, on: date) -> bool:
		"""Return whether week number *week* (0 is the first) was over on a day."""
		return self.day + timedelta(days=DAYS_A_WEEK * (week + 1)) <= on


def past_forecasts(replay: PaymentReplay, days: Iterable[date], weeks: int = WEEKS) -> Iterator[PastForecast]:
	"""Yield the forecast of each of *days*, in order, from what was known on the day."""
	for day in days:
		replay.advance(day)
		lines = replay.open_lines()
		yield PastForecast(
			day,
			expected_cash(replay.lateness(day), lines, day, weeks).weeks,
			due_date_cash(lines, day, weeks).weeks,
			received_by_week(lines, day, weeks),
		)


class PartTest(NamedTuple):
	"""How forecasts of some weeks did on the past: WAPE (sum |forecast - actual| / sum actual) as forecast, corrected,
	and by due date; None where there was nothing to test on.
	"""

	forecasts: int = 0
	wape: float | None = None
	wape_corrected: float | None = None
	wape_due_date: float | None = None

	@property
	def corrects(self) -> bool:
		"""True where the correction did better than the forecast without it."""
		return self.wape is not None and self.wape_corrected < self.wape

	@property
	def due_date_wins(self) -> bool:
		"""True where the due dates did better than what is used."""
		if self.wape is None:
			return False
		return self.wape_due_date < (self.wape_corrected if self.corrects else self.wape)


class CashCorrection(NamedTuple):
	"""What each week's forecast is multiplied by (1: not corrected), and the tests of weeks 1 to 4 and of those after."""

	factors: tuple[float, ...] = (1.0,) * WEEKS
	near: PartTest = PartTest()
	later: PartTest = PartTest()

	def corrected(self, forecast: ExpectedCash) -> ExpectedCash:
		"""Return *forecast* with its weeks corrected; what they lose or gain is expected after them."""
		weeks = [amount * factor for amount, factor in zip(forecast.weeks, self.factors, strict=False)]
		moved = sum(forecast.weeks[: len(weeks)]) - sum(weeks)
		return ExpectedCash([*weeks, *forecast.weeks[len(weeks) :]], max(forecast.later + moved, 0.0))


class CashTrackRecord:
	"""Past forecasts, and what correcting each by those before it would have given."""

	def __init__(self):
		self._rows: list[tuple[PastForecast, list[float]]] = []

	def add(self, forecast: PastForecast) -> None:
		"""Add a forecast; its day must not lie before that of the last one."""
		factors = self._factors(forecast.day)
		corrected = [amount * factor for amount, factor in zip(forecast.expected, factors, strict=True)]
		self._rows.append((forecast, corrected))

	def correction(self, as_of: date) -> CashCorrection:
		"""Return the correction that is known by the end of *as_of*."""
		current, factors, tests = self._factors(as_of), [1.0] * WEEKS, []
		for first, end in PARTS:
			test = self._test(as_of, first, end)
			if test.corrects:
				factors[first:end] = current[first:end]
			tests.append(test)
		return CashCorrection(tuple(factors), *tests)

	def _factors(self, as_of: date) -> list[float]:
		"""Return per week what came over what was forecast, in the last forecasts whose week was over by *as_of*."""
		factors = []
		for week in range(WEEKS):
			counted = [
				row for row, _corrected in self._rows[-_MEMORY - week - 1 :] if row.is_complete(week, as_of)
			]
			expected = sum(row.expected[week] for row in counted[-_MEMORY:])
			received = sum(row.received[week] for row in counted[-_MEMORY:])
			factor = received / expected if expected > 0 else 1.0
			factors.append(min(max(factor, _SMALLEST), _LARGEST))
		return factors

	def _test(self, as_of: date, first: int, end: int) -> PartTest:
		"""Return how weeks *first* to *end* did, of the forecasts that a correction was known for on their own day."""
		actual = missed = missed_corrected = missed_due = 0.0
		tested = 0
		for row, corrected in self._rows:
			if not (row.is_complete(end - 1, as_of) and self._rows[0][0].is_complete(end - 1, row.day)):
				continue
			tested += 1
			for week in range(first, end):
				came = row.received[week]
				actual += came
				missed += abs(row.expected[week] - came)
				missed_corrected += abs(corrected[week] - came)
				missed_due += abs(row.by_due_date[week] - came)
		if tested < _ENOUGH or not actual:
			return PartTest(tested)
		return PartTest(tested, missed / actual, missed_corrected / actual, missed_due / actual)


def learn_correction(past: Iterable[PastForecast], as_of: date) -> CashCorrection:
	"""Return the correction that *past* forecasts, in order of their days, teach by the end of *as_of*."""
	record = CashTrackRecord()
	for forecast in past:
		record.add(forecast)
	return record.correction(as_of)
