"""Making forecasts: of last Sunday, of Mondays that were missed, and of the weeks before there were any, each from what was known on its day.

Work goes day by day, each kept in a transaction of its own: whoever is interrupted goes on after the last day that is kept.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import frappe

from client_ledger.collections import disputes
from client_ledger.core.credit.cash import WEEKS
from client_ledger.core.credit.histogram import DAYS_A_WEEK, HistogramSettings
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.payment_replay import PaymentReplay
from client_ledger.core.forecast.forecast import (
	CurrencyForecast,
	corrected_totals,
	made_forecast,
	make_forecast,
)
from client_ledger.core.forecast.items import ItemBuilder
from client_ledger.core.forecast.past import came_by_week, forecast_days, open_on, owed_on
from client_ledger.core.forecast.record import ForecastRecord, forecast_day, missing_days
from client_ledger.core.forecast.totals import COARSE
from client_ledger.forecasts import misses, store
from client_ledger.forecasts.details import by_customer, details_of
from client_ledger.forecasts.items import DayFacts, items_of, known_since, read_facts, settings_of
from client_ledger.forecasts.lines import CompanyLines, currency_of_lines, read_lines
from client_ledger.forecasts.store import CAUGHT_UP, REPLAYED, WEEKLY, Came, FreshForecast, KeptForecast

# Weeks of a forecast, and one more for what is posted late.
_STILL_OPEN = timedelta(days=DAYS_A_WEEK * (WEEKS + 1))
Clock = Callable[[], float]


def bring_up_to_date(company: str, today: date, seconds: float, clock: Clock = time.monotonic) -> bool:
	"""Make what is missing of *company* by *today*, for about so many seconds; return whether that was all. Commits."""
	until = forecast_day(today)
	kept = store.kept_days(company)
	if not is_behind(kept, until):
		return True
	lines = read_lines(company, today, disputes.invoices_in_dispute(company))
	settings = settings_of(company)
	own = [day for day, origin in kept if origin != REPLAYED]
	# What was read serves at least one day, however long it took.
	end = clock() + seconds
	if not own and not _replay(company, lines, kept, until, settings, lambda: clock() > end):
		return False
	_update_came(company, lines, until)
	for day in missing_days(own, own[0], until + timedelta(days=1)) if own else [until]:
		_make(company, day, until, lines, settings)
		if clock() > end and day < until:
			return False
	misses.note(company, until)
	return True


def is_behind(kept: Sequence[tuple[date, str]], until: date) -> bool:
	"""Return whether a forecast is missing through *until*. kept: days, in order, and where they came from."""
	own = [day for day, origin in kept if origin != REPLAYED]
	return not own or bool(missing_days(own, own[0], until + timedelta(days=1)))


def _replay(
	company: str,
	lines: CompanyLines,
	kept: Sequence[tuple[date, str]],
	until: date,
	settings: HistogramSettings,
	is_over: Callable[[], bool],
) -> bool:
	"""Walk through the past from where it was left; return whether *until* was reached."""
	if lines.first is None:
		return True
	undisputed = [line for line in lines.all if not line.disputed and line.issued <= until]
	if not undisputed:
		return True
	last = kept[-1][0] if kept else date.min
	days = [day for day in forecast_days(lines.first, until) if day > last]
	currencies = currency_of_lines(lines)
	records = store.records(store.kept_forecasts(company))
	replay = PaymentReplay(undisputed, settings)
	for place, day in enumerate(days):
		replay.advance(day)
		builder = ItemBuilder(replay.lateness(day), day, WEEKS)
		owed: dict[str, list[TradeLine]] = {}
		for line in replay.open_lines():
			owed.setdefault(currencies[line.reference], []).append(line)
		made, came = [], []
		for currency, rows in sorted(owed.items()):
			items = [builder.of_line(line) for line in owed_on(rows, day, lines.parts)]
			record = records.setdefault(currency, ForecastRecord())
			one, _later = made_forecast(
				*(items, day, record.correction(day), record.spread(day), record.naive(day)), COARSE
			)
			there = came_by_week(rows, day, lines.parts)
			record.add(one, there)
			made.append(FreshForecast(company, currency, one, REPLAYED))
			came.append(Came(tuple(there), tuple(there)))
		store.keep(made, came, until)
		frappe.db.commit()  # nosemgrep: a day of the past is kept, whatever becomes of the next
		if is_over() and place < len(days) - 1:
			return False
	return True


def _update_came(company: str, lines: CompanyLines, until: date) -> None:
	"""Bring what came after kept forecasts up to *until*, of those with weeks that were not over a week ago."""
	kept = store.kept_forecasts(company, since=until - _STILL_OPEN)
	if not kept:
		return
	since = known_since(company, kept[0].day)
	for one in kept:
		store.update_came(one, came_after(one, lines, since), until)
	frappe.db.commit()  # nosemgrep: what came does not hang on the next forecast


def came_after(one: KeptForecast, lines: CompanyLines, since: dict[str, date]) -> Came:
	"""Return what came after a kept forecast. since: see items.known_since."""
	of_currency = lines.lines.get(one.currency, [])
	if one.origin == REPLAYED:
		# The past is walked through without invoices in dispute.
		of_currency = [line for line in of_currency if not line.disputed]
	return came_of(of_currency, one.day, lines.parts, {} if one.origin == REPLAYED else since)


def came_of(lines: Iterable[TradeLine], day: date, parts: dict, since: dict[str, date]) -> Came:
	"""Return what came after *day* of what was known on it."""
	known = open_on(lines, day, since)
	invoices = [line for line in known if line.issued <= day]
	return Came(tuple(came_by_week(known, day, parts)), tuple(came_by_week(invoices, day, parts)))


def _make(company: str, day: date, until: date, lines: CompanyLines, settings: HistogramSettings) -> None:
	"""Make the forecast of *day* in every currency, and keep it with what came since."""
	facts = read_facts(company, day, lines, settings)
	records = store.records(one for one in store.kept_forecasts(company) if one.day < day)
	since = known_since(company, day)
	origin = WEEKLY if day == until else CAUGHT_UP
	made, came = [], []
	for currency in sorted(facts.currencies | _used(lines, day)):
		record = records.get(currency) or ForecastRecord()
		items = items_of(facts, currency)
		forecast = make_forecast(items, day, record)
		made.append(
			FreshForecast(
				*(company, currency, forecast.made, origin),
				details_of(forecast, items, _worse(facts, currency, forecast), facts, currency),
				by_customer(items) if day == until else None,
			)
		)
		came.append(came_of(lines.lines.get(currency, ()), day, lines.parts, since))
	store.keep(made, came, until)
	frappe.db.commit()  # nosemgrep: a forecast is kept, whatever becomes of the next


def _used(lines: CompanyLines, day: date) -> set[str]:
	"""Return the currencies in which something was ever billed: nothing expected is a forecast as well."""
	return {currency for currency, rows in lines.lines.items() if any(line.issued <= day for line in rows)}


def _worse(facts: DayFacts, currency: str, forecast: CurrencyForecast) -> list[float] | None:
	"""Return what would come if everybody paid as customers a grade below do; None where nobody has a grade."""
	if not facts.grades:
		return None
	return corrected_totals(items_of(facts, currency, worse=True), forecast.correction)
