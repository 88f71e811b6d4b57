"""What a forecast's page shows besides its weeks, as JSON can hold it: made once, with the forecast, and shown as it was."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from client_ledger.core.credit.cash import WEEKS
from client_ledger.core.forecast.forecast import CurrencyForecast
from client_ledger.core.forecast.items import CORRECTED, CashItem, CashSource
from client_ledger.core.forecast.record import ForecastScore, PartScore
from client_ledger.core.forecast.scenarios import weeks_later
from client_ledger.core.forecast.totals import expected_totals
from client_ledger.forecasts.items import DayFacts

# Documents that are named where they could not be counted.
_NAMED = 20


def details_of(
	forecast: CurrencyForecast,
	items: Sequence[CashItem],
	worse: Sequence[float] | None,
	facts: DayFacts,
	currency: str,
) -> dict[str, Any]:
	"""Return what else is shown of a forecast, and what scenarios are made of. worse: weeks, if customers paid as a grade below."""
	corrected, _later = expected_totals((item for item in items if item.source in CORRECTED), WEEKS)
	other, _later = expected_totals((item for item in items if item.source not in CORRECTED), WEEKS)
	return {
		"later": _rounded(forecast.later),
		"later_by_due_date": _rounded(forecast.later_by_due_date),
		"sources": {source.name: _all_rounded(weeks) for source, weeks in forecast.sources.items()},
		"counts": {source.name: _count(items, source) for source in forecast.sources},
		"large": [
			{
				"customer": str(item.customer),
				"reference": item.reference,
				"amount": _rounded(item.amount),
				"source": item.source.name,
				"week": item.week,
				"probability": round(item.probability, 4),
				"share": round(item.share, 4),
			}
			for item in forecast.large
		],
		"factors": _factors(forecast, corrected),
		"corrected": _all_rounded(corrected),
		"other": _all_rounded(other),
		"worse": None if worse is None else _all_rounded(worse),
		"scores": [_score(score) for score in forecast.scores] if forecast.scores else None,
		"set_off": _rounded(facts.set_off.get(currency, 0.0)),
		"left_out": {"number": len(facts.left_out), "names": sorted(facts.left_out)[:_NAMED]},
	}


def _factors(forecast: CurrencyForecast, plain: Sequence[float]) -> list[float]:
	"""Return what weeks were multiplied by in effect: less than past forecasts taught where more would have come than is owed."""
	shown = [
		sum(amounts)
		for amounts in zip(*(forecast.sources.get(one, [0.0] * WEEKS) for one in CORRECTED), strict=True)
	]
	return [
		amount / before if before > 0 else factor
		for amount, before, factor in zip(shown, plain, forecast.correction.factors, strict=True)
	]


def by_customer(items: Iterable[CashItem]) -> dict[str, list[list[float]]]:
	"""Return what each customer is expected to bring per week, before corrections: of invoices and promises, and of the rest."""
	found: dict[str, list[list[float]]] = {}
	for item in items:
		if not any(item.shares):
			continue
		sums = found.setdefault(str(item.customer), [[0.0] * WEEKS, [0.0] * WEEKS])
		own = sums[0 if item.source in CORRECTED else 1]
		for week, share in enumerate(item.shares):
			own[week] += item.amount * share
	return {
		customer: [_all_rounded(weeks) if any(weeks) else [] for weeks in sums]
		for customer, sums in found.items()
	}


def customer_weeks(sums: Sequence[Sequence[float]], factors: Sequence[float]) -> list[float]:
	"""Return what a customer is expected to bring per week, corrected. sums: of `by_customer`."""
	invoices, other = (list(weeks) or [0.0] * WEEKS for weeks in sums)
	return [one * factor + two for one, factor, two in zip(invoices, factors, other, strict=True)]


def delayed(details: Mapping[str, Any], days: int) -> list[float]:
	"""Return what comes per week if everybody pays so many days later."""
	invoices, other = weeks_later(details["corrected"], days), weeks_later(details["other"], days)
	return [one * factor + two for one, factor, two in zip(invoices, details["factors"], other, strict=True)]


def _count(items: Iterable[CashItem], source: CashSource) -> int:
	return sum(item.source is source for item in items)


def _score(score: PartScore) -> dict[str, Any]:
	return {
		"first": score.first,
		"last": score.last,
		"forecasts": score.forecasts,
		"model": _errors(score.model),
		"due_date": _errors(score.due_date),
		"naive": _errors(score.naive),
		"beside_naive": _errors(score.model_beside_naive),
		"covered": score.covered,
		"below": score.below,
		"above": score.above,
		"gain": score.gain,
		"lost_to": score.lost_to,
	}


def _errors(score: ForecastScore) -> list[float | None]:
	return [score.wape, score.bias]


def _all_rounded(weeks: Iterable[float]) -> list[float]:
	return [_rounded(amount) for amount in weeks]


def _rounded(amount: float) -> float:
	return round(amount, 2)
