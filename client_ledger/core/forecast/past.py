"""The record a ledger's own history gives: every forecast made again from what was known on its day, and no more.

A site keeps its forecasts from its first Monday on; before that, and in a preview, this is its record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from client_ledger.core.credit.cash import WEEKS
from client_ledger.core.credit.histogram import DAYS_A_WEEK, DEFAULT_SETTINGS, HistogramSettings
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.payment_replay import PaymentReplay
from client_ledger.core.forecast.forecast import made_forecast
from client_ledger.core.forecast.items import ItemBuilder
from client_ledger.core.forecast.record import ForecastRecord
from client_ledger.core.forecast.totals import COARSE, Precision

# Days of history before the first past forecast, and the most forecasts: two years, so that one of them has a year before it.
FIRST_FORECAST = 90
MOST_FORECASTS = 104

# What was paid of an invoice, and when, of those not paid in one go: by reference.
Parts = Mapping[str, Sequence[tuple[date, float]]]


def past_record(
	lines: Iterable[TradeLine],
	until: date,
	settings: HistogramSettings = DEFAULT_SETTINGS,
	most: int = MOST_FORECASTS,
	precision: Precision = COARSE,
) -> ForecastRecord:
	"""Return the record of weekly forecasts that *lines*, all in one currency, would have had at the end of *until*.

	Each forecast is about the invoices open on its day, is corrected and spread by what those before it taught, and is held against what
	of these invoices was settled. Disputed lines are left out.
	"""
	lines = [line for line in lines if not line.disputed and line.issued <= until]
	record = ForecastRecord()
	if not lines:
		return record
	replay = PaymentReplay(lines, settings)
	for day in forecast_days(min(line.issued for line in lines), until, most):
		replay.advance(day)
		builder = ItemBuilder(replay.lateness(day), day, WEEKS)
		owed = replay.open_lines()
		# A part paid since is not known to have been open: seen from then, an open line is owed as a whole.
		items = [builder.of_line(line._replace(outstanding=None)) for line in owed]
		made, _later = made_forecast(
			items, day, record.correction(day), record.spread(day), record.naive(day), precision
		)
		record.add(made, came_by_week(owed, day))
	return record


def owed_on(lines: Iterable[TradeLine], day: date, parts: Parts) -> list[TradeLine]:
	"""Return what of *lines*, all open at the end of *day*, was owed by then: without the parts paid before. Paid for the rest
	is what `came_by_week` says."""
	found = []
	for line in lines:
		paid = sum(amount for paid_on, amount in parts.get(line.reference, ()) if paid_on <= day)
		if paid < line.amount:
			found.append(line._replace(amount=line.amount - paid, outstanding=None))
	return found


def open_on(
	lines: Iterable[TradeLine], day: date, since: Mapping[str, date] | None = None
) -> list[TradeLine]:
	"""Return those of *lines* that were open at the end of *day*. since: by reference, when what became an invoice later was
	known of, as an order or an agreement to bill again."""
	since = since or {}
	return [
		line
		for line in lines
		if (line.issued <= day or since.get(line.reference, day + timedelta(days=1)) <= day)
		and (line.settled_on is None or line.settled_on > day)
	]


def came_by_week(
	lines: Iterable[TradeLine], day: date, parts: Parts | None = None, weeks: int = WEEKS
) -> list[float]:
	"""Return what of *lines*, all open on *day*, was paid or settled otherwise in each week after it; parts on their days."""
	came = [0.0] * weeks
	for line in lines:
		paid = (parts or {}).get(line.reference)
		if paid is None:
			paid = ((line.settled_on, line.amount),) if line.settled_on is not None else ()
		for paid_on, amount in paid:
			week = ((paid_on - day).days - 1) // DAYS_A_WEEK
			if 0 <= week < weeks:
				came[week] += amount
	return came


def forecast_days(first: date, until: date, most: int = MOST_FORECASTS) -> Iterator[date]:
	"""Yield the days of past forecasts: whole weeks before *until*, in order, so that they are made like the one of today."""
	weeks = (until - (first + timedelta(days=FIRST_FORECAST))).days // DAYS_A_WEEK
	for ago in range(min(weeks, most), 0, -1):
		yield until - timedelta(days=DAYS_A_WEEK * ago)
