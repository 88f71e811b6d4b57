"""What the page and the workbook show of the forecast of cash, as plain values."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.forecast.items import CashSource
from client_ledger.core.forecast.record import ForecastScore, PartScore
from client_ledger.preview.figures.forecast import CashByWeek


def labels() -> list[str]:
	"""Return the messages that the page looks up by the values below."""
	return [source.value for source in CashSource]


def currency(found: CashByWeek, names: Mapping[str, str]) -> dict[str, Any]:
	"""Return the forecast of a currency. names: what customers are called."""
	forecast = found.forecast
	return {
		"currency": found.currency,
		"days": [day.isoformat() for day in forecast.first_days],
		# The order of these is that of WEEK in forecast.js.
		"weeks": [
			[
				_rounded(week.expected),
				_rounded(week.low),
				_rounded(week.high),
				_rounded(week.by_due_date),
				_rounded(week.naive),
			]
			for week in forecast.weeks
		],
		"later": _rounded(forecast.later),
		"later_by_due_date": _rounded(forecast.later_by_due_date),
		"sources": {source.value: _rounded(sum(amounts)) for source, amounts in forecast.sources.items()},
		"large": [
			[
				names.get(item.customer, str(item.customer)),
				item.reference,
				_rounded(item.amount),
				item.week + 1,
				round(item.probability, 3),
				item.source.value,
			]
			for item in forecast.large
		],
		"scenarios": [
			[
				scenario.name,
				names.get(scenario.customer, scenario.customer),
				scenario.days,
				*map(_rounded, scenario.weeks),
			]
			for scenario in found.scenarios
		],
		"scores": [_score(score) for score in forecast.scores] if forecast.has_history else None,
		"tested": found.tested,
		"invoices": found.invoices,
	}


def _score(found: PartScore) -> dict[str, Any]:
	return {
		"first": found.first,
		"last": found.last,
		"forecasts": found.forecasts,
		"model": _errors(found.model),
		"due_date": _errors(found.due_date),
		"naive": _errors(found.naive),
		"beside_naive": _errors(found.model_beside_naive),
		"covered": _share(found.covered),
		"lost_to": found.lost_to,
	}


def _errors(score: ForecastScore) -> list[float | None]:
	return [_share(score.wape), _share(score.bias)]


def book_rows(found: CashByWeek) -> Iterator[tuple]:
	"""Yield the rows of the workbook's sheet: first and last day, expected, P10, P90, by due date, a year before, scenarios."""
	forecast = found.forecast
	for week, (first, row) in enumerate(zip(forecast.first_days, forecast.weeks, strict=True)):
		yield (
			first,
			first + timedelta(days=DAYS_A_WEEK - 1),
			*map(_rounded, (row.expected, row.low, row.high, row.by_due_date, row.naive)),
			*(_rounded(scenario.weeks[week]) for scenario in found.scenarios),
		)


def record_rows(found: CashByWeek) -> Iterator[tuple]:
	"""Yield the rows of the record: weeks, forecasts, error of the model, by due date and naive, bias, coverage."""
	for score in found.forecast.scores or ():
		yield (
			f"{score.first}-{score.last}",
			score.forecasts,
			score.model.wape,
			score.due_date.wape,
			score.naive.wape,
			score.model.bias,
			score.covered,
		)


def _rounded(value: float | None) -> float | None:
	return None if value is None else round(value, 2)


def _share(value: float | None) -> float | None:
	return None if value is None else round(value, 3)
