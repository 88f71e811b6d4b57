"""What the page of KPIs shows, from what is stored: nothing is read from the ledger, so it comes at once however large the company is."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import flt, getdate

from client_ledger.core.kpis import messages
from client_ledger.core.kpis.definitions import BY_KEY, Definition, Unit
from client_ledger.core.kpis.inputs import BUCKETS, MONTHS_BACK
from client_ledger.core.kpis.measure import Kpi
from client_ledger.core.kpis.months import MonthFigures, consecutive, window_kpis, window_values
from client_ledger.core.kpis.rows import Cause, Window
from client_ledger.core.money import ZERO, rounded
from client_ledger.kpis.changed import changes
from client_ledger.kpis.dimensions import DIMENSIONS, label_of
from client_ledger.kpis.own_months import months_of, values_seen
from client_ledger.kpis.store import WHOLE, month_end_of, stored_days, stored_rows
from client_ledger.site.doctypes import KPI_MONTH_END
from client_ledger.site.messages import filled

LENGTHS = (1, 3, 6, 12)
# Month ends of the line over time.
LINE = 13
# What the parts of a dimension are compared by.
COMPARED = ("receivable", "dso", "weighted_days_late", "current_share", "collection_effectiveness")
# Parts in the comparison, those that owe most; the choice of one has all of them.
MOST_PARTS = 50

Stored = Sequence[tuple[frappe._dict, MonthFigures]]


class KpiQuery(NamedTuple):
	"""What somebody wants to see. part: (dimension, value), both empty for the whole company. dimension: whose parts are compared.

	visible: the customers that are theirs to see, None for all.
	"""

	company: str
	as_of: date | None = None
	months: int = 3
	part: tuple[str, str] = WHOLE
	dimension: str = ""
	visible: frozenset[str] | None = None


def page(asked: KpiQuery) -> dict[str, Any]:
	"""Return what the page shows of a company; without month ends only which there are."""
	days = stored_days(asked.company)
	base = {
		"company": asked.company,
		"currency": frappe.get_cached_value("Company", asked.company, "default_currency"),
		"days": [str(day) for day in days],
		"lengths": list(LENGTHS),
		"dimensions": [[name, _(name)] for name in DIMENSIONS],
		"dimension": asked.dimension,
		"value": None if asked.part == WHOLE else asked.part[1],
		"months": asked.months,
		"customers": None if asked.visible is None else len(asked.visible),
	}
	if not days or asked.visible == frozenset():
		return {**base, "as_of": None, "kpis": []}
	as_of = month_end_of(asked.company, days, asked.as_of)
	wanted = [day for day in days if day <= as_of][: LINE + asked.months]
	of, value = asked.part
	stored = months_of(asked.company, wanted, asked.visible, of, (value,))[value]
	if not stored[0][0]:
		raise_no_part(asked, as_of)
	months = [month for _row, month in stored]
	reach = consecutive(months)
	length = min(asked.months, reach)
	has_causes = stored[0][0].get("has_causes", True)
	return {
		**base,
		"as_of": str(as_of),
		"since": str(Window(as_of, length).first),
		"reach": reach,
		"shown_months": length,
		"stored_on": str(stored[0][0].stored_on),
		"kpis": [
			# No part is told by the General Ledger.
			{**row, "formula": formula_of(BY_KEY[row["key"]], asked)}
			for row in kpis_as_rows(months, length, has_causes)
		],
		"has_causes": has_causes,
		"causes": [_(cause.value) for cause in Cause],
		"ageing": ageing(months[0]),
		**_of_company(asked, stored[:length]),
		**(parts_of(asked, wanted[:length]) if asked.dimension else {}),
	}


def _of_company(asked: KpiQuery, stored: Stored) -> dict[str, Any]:
	"""Return what is known of the whole company's months alone: whether they tie, and what has changed since; of who sees some customers
	only what has changed of those, which has no tie."""
	if asked.visible is not None:
		whole = stored_rows(asked.company, [month.as_of for _row, month in stored])
		return {"tie": None, "changes": changes(whole, asked.visible)}
	days = [month.as_of for _row, month in stored]
	whole = [row for row, _month in stored] if asked.part == WHOLE else stored_rows(asked.company, days)
	return {"tie": tie(whole[0]), "changes": changes(whole)}


def parts_of(asked: KpiQuery, days: Sequence[date]) -> dict[str, Any]:
	"""Return the values of a dimension, and its parts compared. days: the months of the window, the newest first."""
	values = values_of_dimension(asked, days[0])
	return {
		"dimension": asked.dimension,
		"values": values,
		"parts": parts(asked, days, values),
		"grouped_as_of": grouped_as_of(asked, days[0]),
		"compared": [
			[key, messages.label(BY_KEY[key], _), unit_of(BY_KEY[key]), BY_KEY[key].better]
			for key in COMPARED
		],
	}


def raise_no_part(asked: KpiQuery, as_of: date) -> None:
	"""Say that a part has no figures then."""
	frappe.throw(
		filled(
			_("{0} {1} has no figures for {2}. Select another value or month."),
			_(asked.part[0]),
			label_of(*asked.part),
			frappe.format(as_of, "Date"),
		)
	)


def kpis_as_rows(
	months: Sequence[MonthFigures], length: int, has_causes: bool = True
) -> list[dict[str, Any]]:
	"""Return the KPIs of a window with formula, inputs, causes and their line over time."""
	lines = _lines(months, length)
	return [
		{
			**plain(kpi),
			**({} if has_causes else {"parts": None, "is_whole": False}),
			"line": [values.get(kpi.definition.key) for _day, values in lines],
			"ends": [day for day, _values in lines],
		}
		for kpi in window_kpis(months, length)
	]


def formula_of(definition: Definition, asked: KpiQuery) -> str:
	"""Return a formula in words, in the reader's language: of who sees some customers only without the General Ledger, which knows all."""
	if definition.key == "receivable" and asked.visible is not None:
		return _("Sum of the open items that the customers you may see owe")
	return _(definition.formula)


def _lines(months: Sequence[MonthFigures], length: int) -> list[tuple[str, dict[str, float | None]]]:
	"""Return the values at past month ends, the oldest first; a month end that its window does not reach back from is left out."""
	found = []
	for place in range(min(LINE, len(months))):
		rest = months[place:]
		if consecutive(rest[:length]) >= length:
			values = {kpi.definition.key: number(kpi.shown) for kpi in window_kpis(rest[:length], length)}
			found.append((str(rest[0].as_of), values))
	return found[::-1]


def plain(kpi: Kpi) -> dict[str, Any]:
	"""Return a KPI as the page takes it, in the reader's language."""
	definition, changed = kpi.definition, kpi.change
	parts = changed.shown(kpi.value) if changed and kpi.value is not None else None
	return {
		"key": definition.key,
		"label": messages.label(definition, _),
		"formula": _(definition.formula),
		"unit": unit_of(definition),
		"is_amount": definition.unit is Unit.AMOUNT,
		"better": definition.better,
		"value": number(kpi.shown),
		"missing": messages.reason(kpi, _),
		"inputs": inputs_of(kpi),
		"before": number(rounded(changed.before, 2)) if changed else None,
		"parts": [number(parts[cause]) for cause in Cause] if parts else None,
		"is_whole": bool(changed and changed.is_whole),
	}


def unit_of(definition: Definition) -> str:
	"""Return what a KPI is measured in, "" where that is an amount."""
	return "" if definition.unit is Unit.AMOUNT else _(definition.unit.value)


def inputs_of(kpi: Kpi) -> list[list[Any]]:
	"""Return inputs as [label, number]: those of the formula that are named, also where they are 0; months of a count-back by month."""
	found = []
	for name in kpi.definition.inputs:
		if not name.endswith(":"):
			found.append([messages.input_label(name, _) or name, number(kpi.inputs.get(name, ZERO), 4)])
	if any(name == "sales:" for name in kpi.definition.inputs):
		for place in range(MONTHS_BACK):
			sales = kpi.inputs.get(f"sales:{place}")
			if sales is not None:
				label = (
					filled(_("Credit Sales, {0} Months Back"), place)
					if place
					else _("Credit Sales of the Month")
				)
				found.append([str(label), number(sales)])
	return found


def ageing(month: MonthFigures) -> list[list[Any]]:
	"""Return what is receivable by how long it is past due."""
	return [[name, number(month.inputs.get(f"aged:{name}", ZERO))] for name in BUCKETS]


def tie(row: frappe._dict) -> dict[str, Any] | None:
	"""Return how receivable less unallocated compares with the General Ledger; None where that was not known."""
	if not row.tie_status:
		return None
	return {
		"status": row.tie_status,
		"general_ledger": flt(row.general_ledger),
		"difference": flt(row.gl_difference),
		"balance": flt(row.general_ledger) + flt(row.gl_difference),
	}


def values_of_dimension(asked: KpiQuery, as_of: date) -> list[list[str]]:
	"""Return the values of a dimension that have figures then, as [value, label], those that owe most first."""
	if asked.visible is not None:
		values = values_seen(asked.company, as_of, asked.dimension, asked.visible)
	else:
		values = frappe.get_all(
			KPI_MONTH_END,
			{"company": asked.company, "as_of": as_of, "dimension": asked.dimension},
			pluck="dimension_value",
			order_by="receivable desc, dimension_value",
		)
	return [[value or "", label_of(asked.dimension, value or "") or _("Not Set")] for value in values]


def grouped_as_of(asked: KpiQuery, as_of: date) -> str | None:
	"""Return the end of which day customers are put together by in a month; None where that is the month's end."""
	filters = {"company": asked.company, "as_of": as_of, "dimension": asked.dimension}
	day = frappe.db.get_value(KPI_MONTH_END, filters, "members_as_of")
	return str(day) if day and getdate(day) != as_of else None


def parts(asked: KpiQuery, days: Sequence[date], values: Sequence[Sequence[str]]) -> list[list[Any]]:
	"""Return the parts that owe most, each as [value, label, the compared KPIs]. days: the months of the window, the newest first."""
	labels = dict(values[:MOST_PARTS])
	found = []
	stored = months_of(asked.company, days, asked.visible, asked.dimension, list(labels), inputs_only=True)
	for value, months in stored.items():
		kpis = window_values([month for _row, month in months], len(days), COMPARED)
		found.append([value, labels[value], *(number(kpis[key].shown) for key in COMPARED)])
	return found


def number(value: Decimal | None, digits: int = 2) -> float | None:
	"""Return a number as JSON carries it."""
	return None if value is None else round(float(value), digits)
