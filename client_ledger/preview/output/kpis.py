"""What the page and the workbook show of KPIs, as plain values. Sentences are in both languages."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from client_ledger.core.kpis import messages
from client_ledger.core.kpis.definitions import DEFINITIONS, Unit
from client_ledger.core.kpis.inputs import InputRow
from client_ledger.core.kpis.measure import Kpi, MeasuredKpis
from client_ledger.core.kpis.rows import Cause
from client_ledger.preview import i18n
from client_ledger.preview.figures.kpis import DIMENSIONS, CompanyKpis

# Rows of a KPI on the page, the largest first; `client-ledger kpis` writes all of them.
MOST_ROWS = 12
# What a table of customer groups, territories and so on compares.
COMPARED = ("receivable", "dso", "weighted_days_late", "current_share", "collection_effectiveness")
MOST_PARTS = 12
_LANGUAGES = tuple(partial(i18n.translate, to=language) for language in i18n.LANGUAGES)


def labels() -> list[str]:
	"""Return the messages that the page looks up by the values below."""
	return [
		*(cause.value for cause in Cause),
		*(unit.value for unit in Unit if unit not in (Unit.PERCENT, Unit.AMOUNT)),
		*DIMENSIONS,
	]


def company(found: CompanyKpis) -> dict[str, Any]:
	"""Return the KPIs of a company."""
	tie = found.now.tie
	return {
		"since": found.now.window.first.isoformat(),
		"until": found.now.window.as_of.isoformat(),
		"balance": _number(tie.balance),
		"difference": _number(tie.difference),
		"ends": [window.as_of.isoformat()[:7] for window in found.over_time],
		"causes": [cause.value for cause in Cause],
		"rows": [_kpi(found, kpi) for kpi in found.now.kpis],
		"compared": [[key, *_both(partial(messages.label, _definition(key)))] for key in COMPARED],
		"parts": {name: _parts(parts) for name, parts in found.parts.items()},
	}


def _definition(key: str):
	return next(definition for definition in DEFINITIONS if definition.key == key)


def _kpi(found: CompanyKpis, kpi: Kpi) -> dict[str, Any]:
	definition = kpi.definition
	rows = sorted(found.now.drill(kpi), key=lambda row: (-abs(row.amount), row.voucher))
	changed = kpi.change
	return {
		"key": definition.key,
		"label": _both(partial(messages.label, definition)),
		"formula": _both(lambda translate: translate(definition.formula)),
		"unit": definition.unit.value,
		"better": definition.better,
		"value": _number(kpi.shown),
		"year": _number(found.year.of(definition.key).shown),
		"missing": _both(partial(messages.reason, kpi)) if kpi.missing else None,
		"inputs": [
			[*_both(partial(messages.input_label, name)), _number(amount)]
			for name, amount in kpi.inputs.items()
			if messages.input_label(name, str)
		],
		"before": _number(changed.before) if changed else None,
		"parts": [_number(amount) for amount in changed.shown(kpi.value).values()] if changed else None,
		"line": [_number(values[definition.key]) for values in found.over_time.values()],
		"drill": [_row(row) for row in rows[:MOST_ROWS]],
		"drilled": len(rows),
	}


def _row(row: InputRow) -> list:
	"""The order of these is that of ROW in kpis.js."""
	name = _both(partial(messages.input_label, row.input))
	return [*name, row.voucher, row.customer, row.day.isoformat(), _number(row.amount)]


def _parts(parts: Mapping[Any, MeasuredKpis]) -> list[list]:
	"""Return the largest parts by what they owe, each with the compared KPIs."""
	ranked = sorted(parts.items(), key=lambda pair: -(pair[1].of("receivable").value or 0))
	return [
		[str(value), *(_number(measured.of(key).shown) for key in COMPARED)]
		for value, measured in ranked[:MOST_PARTS]
	]


def book_rows(found: CompanyKpis, translate: Callable[[str], str]) -> Iterator[tuple]:
	"""Yield the rows of the workbook's sheet: label, value, unit, twelve months, a month ago, causes, formula, why there is no value."""
	for kpi in found.now.kpis:
		parts = kpi.change.shown(kpi.value) if kpi.change else {}
		yield (
			messages.label(kpi.definition, translate),
			kpi.shown,
			"" if kpi.definition.unit is Unit.AMOUNT else translate(kpi.definition.unit.value),
			found.year.of(kpi.definition.key).shown,
			kpi.change.before if kpi.change else None,
			*(parts.get(cause) for cause in Cause),
			translate(kpi.definition.formula),
			messages.reason(kpi, translate),
		)


def _both(say: Callable[[Callable[[str], str]], Any]) -> list:
	"""Return what *say* says in each of the languages."""
	return [say(translate) for translate in _LANGUAGES]


def _number(value: Decimal | None) -> float | None:
	return None if value is None else round(float(value), 2)
