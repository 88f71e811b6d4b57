"""Rows of the report Control Findings: findings one by one, closed ones too, and what they come to by control, customer or person.

Only findings that the reader lists are counted.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import flt, get_datetime, getdate

from client_ledger.controls.rows import reason_of
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.lifecycle import OPEN_STATUSES, FindingStatus
from client_ledger.site.doctypes import CONTROL_FINDING, CONTROL_RUN, LEDGER_CONTROL
from client_ledger.site.visible import may_list, only_visible

OPEN = tuple(status.value for status in OPEN_STATUSES)
FIELDS = (
	*(
		"name",
		"control",
		"control_title",
		"company",
		"customer",
		"customer_name",
		"person",
		"status",
		"severity",
	),
	*(
		"on_date",
		"amount",
		"currency",
		"reason",
		"reason_message",
		"reason_values",
		"responsible",
		"due_date",
	),
	*(
		"resolution",
		"resolution_message",
		"closed_by",
		"closed_on",
		"first_found",
		"last_found",
		"found_again",
	),
)
# Filters that are a field's value.
EQUAL = ("control", "company", "customer", "person", "status", "severity", "responsible")
Row = dict[str, Any]


def findings(asked: Mapping[str, Any], companies: Sequence[str], since: date, until: date) -> list[Row]:
	"""Return the findings that the reader lists and that were first found from *since* to *until*, and those open by then, by day."""
	table = frappe.qb.DocType(CONTROL_FINDING)
	first = table.first_found
	query = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in FIELDS))
		.where(table.company.isin(list(companies)))
		.where(first < f"{until} 23:59:59.999999")
		.where((first >= str(since)) | table.status.isin(OPEN) | (table.closed_on >= str(since)))
		.orderby(table.on_date)
		.orderby(table.name)
	)
	for field in EQUAL:
		if value := asked.get(field):
			query = query.where(table[field] == value)
	if asked.get("open_only"):
		query = query.where(table.status.isin(OPEN))
	today = getdate()
	return [_row(row, today) for row in only_visible(query, CONTROL_FINDING).run(as_dict=True)]


def _row(row: Row, today: date) -> Row:
	closed = row["status"] not in OPEN
	ended = getdate(row["closed_on"]) if closed and row["closed_on"] else today
	return {
		**row,
		"title": _(row["control_title"] or ""),
		"reason": reason_of(row),
		"resolution": _(row["resolution_message"]) if row["resolution_message"] else row["resolution"],
		"late": int(not closed and bool(row["due_date"]) and getdate(row["due_date"]) < today),
		"days": (ended - getdate(row["first_found"])).days if row["first_found"] else 0,
		"closed_on": get_datetime(row["closed_on"]) if row["closed_on"] else None,
	}


def by_control(rows: Sequence[Row], companies: Sequence[str]) -> list[Row]:
	"""Return every control, those without findings too: whether it is on, when it last ran, and what its findings come to."""
	grouped = _grouped(rows, lambda row: (row["control"], row["currency"]))
	currencies = defaultdict(list)
	for control, currency in grouped:
		currencies[control].append(currency)
	on = dict(
		frappe.get_all(LEDGER_CONTROL, fields=["name", "enabled"], as_list=True, order_by="name")
		if may_list(LEDGER_CONTROL)
		else ()
	)
	ran = _last_runs(companies)
	found = []
	for code, control in CONTROLS.items():
		if not on and code not in currencies:
			# Who may not see the controls sees those of their findings.
			continue
		for currency in currencies.get(code) or [None]:
			found.append(
				{
					"control": code,
					"title": _(control.name),
					"enabled": int(bool(on.get(code))),
					"last_run": ran[code]["run_date"] if code in ran else None,
					"silent": _(ran[code]["silent"]) if code in ran and ran[code]["silent"] else "",
					"currency": currency,
					**_counts(grouped.get((code, currency), ())),
				}
			)
	return found


def by_customer(rows: Sequence[Row]) -> list[Row]:
	"""Return what findings come to by customer, those with most open ones first."""
	return _by(
		rows,
		lambda row: (row["customer"] or "", row["customer_name"] or "", row["currency"]),
		("customer", "customer_name", "currency"),
	)


def by_person(rows: Sequence[Row]) -> list[Row]:
	"""Return what findings come to by the person they name, those with most open ones first."""
	named = [row for row in rows if row["person"]]
	return _by(named, lambda row: (row["person"], row["currency"]), ("person", "currency"))


def _by(rows: Iterable[Row], key: Callable[[Row], tuple], fields: Sequence[str]) -> list[Row]:
	found = [
		{**dict(zip(fields, key_, strict=True)), **_counts(group)}
		for key_, group in _grouped(rows, key).items()
	]
	return sorted(found, key=lambda row: (-row["open"], -row["total"], str(row[fields[0]])))


def _grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Any, list[Row]]:
	found = defaultdict(list)
	for row in rows:
		found[key(row)].append(row)
	return dict(found)


def _counts(rows: Sequence[Row]) -> Row:
	closed = [row["days"] for row in rows if row["status"] not in OPEN]
	open_ones = [row for row in rows if row["status"] in OPEN]
	return {
		"total": len(rows),
		"open": len(open_ones),
		"late": sum(row["late"] for row in rows),
		"accepted": sum(row["status"] == FindingStatus.ACCEPTED.value for row in rows),
		"resolved": sum(row["status"] == FindingStatus.RESOLVED.value for row in rows),
		"gone": sum(row["status"] == FindingStatus.GONE.value for row in rows),
		"amount": sum(flt(row["amount"]) for row in open_ones),
		"days": round(sum(closed) / len(closed)) if closed else None,
	}


def _last_runs(companies: Sequence[str]) -> dict[str, Row]:
	if not may_list(CONTROL_RUN):
		return {}
	table = frappe.qb.DocType(CONTROL_RUN)
	query = (
		frappe.qb.from_(table)
		.select(table.control, table.run_date, table.silent)
		.where(table.company.isin(list(companies)) & (table.status != "Failed"))
		.orderby(table.run_date)
		.orderby(table.looked_at)
	)
	return {row.control: row for row in only_visible(query, CONTROL_RUN).run(as_dict=True)}
