"""What the page of KPIs shows, from what is stored: nothing is read from the ledger, so it comes at once however large the company is."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, flt

from client_ledger.core.kpis import messages
from client_ledger.core.kpis.definitions import BY_KEY, Definition, Unit
from client_ledger.core.kpis.inputs import BUCKETS, MONTHS_BACK
from client_ledger.core.kpis.measure import Kpi
from client_ledger.core.kpis.months import MonthFigures, consecutive, window_kpis, window_values
from client_ledger.core.kpis.rows import Cause, Window
from client_ledger.core.money import ZERO, rounded
from client_ledger.kpis.dimensions import DIMENSIONS, label_of
from client_ledger.kpis.documents import documents_of
from client_ledger.kpis.store import CHANGED, WHOLE, stored_days, stored_months
from client_ledger.site.doctypes import KPI_MONTH_END
from client_ledger.site.messages import filled

LENGTHS = (1, 3, 6, 12)
# Month ends of the line over time.
LINE = 13
# What the parts of a dimension are compared by.
COMPARED = ("receivable", "dso", "weighted_days_late", "current_share", "collection_effectiveness")
# Parts in the comparison, those that owe most; the choice of one has all of them.
MOST_PARTS = 50
# Vouchers that the page names of what has changed; the month end's form has more.
MOST_CHANGES = 20

Stored = Sequence[tuple[frappe._dict, MonthFigures]]


class KpiQuery(NamedTuple):
	"""What somebody wants to see. part: (dimension, value), both empty for the whole company. dimension: whose parts are compared."""

	company: str
	as_of: date | None = None
	months: int = 3
	part: tuple[str, str] = WHOLE
	dimension: str = ""


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
	}
	if not days:
		return {**base, "as_of": None, "kpis": []}
	as_of = asked.as_of if asked.as_of in days else days[0]
	wanted = [day for day in days if day <= as_of][: LINE + asked.months]
	of, value = asked.part
	stored = stored_months(asked.company, wanted, of, (value,))[value]
	if not stored[0][0]:
		raise_no_part(asked, as_of)
	months = [month for _row, month in stored]
	reach = consecutive(months)
	length = min(asked.months, reach)
	whole = stored if asked.part == WHOLE else stored_months(asked.company, wanted[:length])[""]
	return {
		**base,
		"as_of": str(as_of),
		"since": str(Window(as_of, length).first),
		"reach": reach,
		"shown_months": length,
		"stored_on": str(stored[0][0].stored_on),
		"kpis": kpis_as_rows(months, length),
		"causes": [_(cause.value) for cause in Cause],
		"ageing": ageing(months[0]),
		"tie": tie(whole[0][0]),
		"changes": changes(whole[:length]),
		**(parts_of(asked.company, wanted[:length], asked.dimension) if asked.dimension else {}),
	}


def parts_of(company: str, days: Sequence[date], dimension: str) -> dict[str, Any]:
	"""Return the values of a dimension, and its parts compared. days: the months of the window, the newest first."""
	return {
		"dimension": dimension,
		"values": values_of_dimension(company, days[0], dimension),
		"parts": parts(company, days, dimension),
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


def kpis_as_rows(months: Sequence[MonthFigures], length: int) -> list[dict[str, Any]]:
	"""Return the KPIs of a window with formula, inputs, causes and their line over time."""
	lines = _lines(months, length)
	return [
		{
			**plain(kpi),
			"line": [values.get(kpi.definition.key) for _day, values in lines],
			"ends": [day for day, _values in lines],
		}
		for kpi in window_kpis(months, length)
	]


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


def changes(stored: Stored) -> list[dict[str, Any]]:
	"""Return the month ends of a window that the ledger says something else of by now, with the vouchers."""
	found = []
	for row, _month in stored:
		if not row.get("changed_on"):
			continue
		text = frappe.db.get_value(KPI_MONTH_END, row.name, "changes")
		found.append({**change_of(text, MOST_CHANGES), **_review(row)})
	return found


def _review(row: frappe._dict) -> dict[str, Any]:
	return {
		"name": row.name,
		"as_of": str(row.as_of),
		"status": row.status,
		"changed_on": str(row.changed_on),
		"number": cint(row.changed_vouchers),
		"waits": row.status == CHANGED,
		"reviewed_by": row.reviewed_by,
		"review": row.review,
	}


def change_of(text: str | None, most: int) -> dict[str, Any]:
	"""Return what has changed as the page takes it: {values: [[label, stored, now]], vouchers: [[input, document, stored, now]]}."""
	found = json.loads(text or '{"values": {}, "vouchers": []}')
	named = found["vouchers"][:most]
	documents = documents_of((name, voucher) for name, voucher, *_rest in named)
	return {
		"values": [
			[messages.label(BY_KEY[key], _), *(None if one is None else flt(one) for one in both)]
			for key, both in found["values"].items()
			if key in BY_KEY
		],
		"vouchers": [
			[
				messages.input_label(name, _) or name,
				documents.get((name, voucher)) or {"doctype": "", "name": voucher, "readable": False},
				flt(stored),
				flt(now),
			]
			for name, voucher, _term, stored, now in named
		],
	}


def values_of_dimension(company: str, as_of: date, dimension: str) -> list[list[str]]:
	"""Return the values of a dimension that have figures then, as [value, label], those that owe most first."""
	if not dimension:
		return []
	values = frappe.get_all(
		KPI_MONTH_END,
		{"company": company, "as_of": as_of, "dimension": dimension},
		pluck="dimension_value",
		order_by="receivable desc, dimension_value",
	)
	return [[value or "", label_of(dimension, value or "") or _("Not Set")] for value in values]


def parts(company: str, days: Sequence[date], dimension: str) -> list[list[Any]]:
	"""Return the parts that owe most, each as [value, label, the compared KPIs]. days: the months of the window, the newest first."""
	labels = dict(values_of_dimension(company, days[0], dimension)[:MOST_PARTS])
	found = []
	for value, stored in stored_months(company, days, dimension, list(labels), inputs_only=True).items():
		kpis = window_values([month for _row, month in stored], len(days), COMPARED)
		found.append([value, labels[value], *(number(kpis[key].shown) for key in COMPARED)])
	return found


def number(value: Decimal | None, digits: int = 2) -> float | None:
	"""Return a number as JSON carries it."""
	return None if value is None else round(float(value), digits)
