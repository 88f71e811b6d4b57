"""Stored month ends held against what the ledger says by now: what differs is named by voucher. A stored value never changes.

stored rows of an input, rows of the same input now  ->  vouchers that add something else  ->  the month end says so, until it is reviewed
"""

import json
from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

import frappe
from frappe.utils import get_datetime, getdate, now_datetime

from client_ledger.core.kpis.inputs import InputRow
from client_ledger.core.kpis.measure import measure
from client_ledger.core.kpis.month_ends import VoucherChange
from client_ledger.core.kpis.months import MonthFigures
from client_ledger.core.kpis.row_sets import OF_A_DAY, changed_rows, row_sets, rows_of
from client_ledger.core.kpis.rows import Window
from client_ledger.core.money import rounded
from client_ledger.kpis import notices
from client_ledger.kpis.book import site_book, written_since
from client_ledger.kpis.store import CHANGED, MEMBERS, SUMS, UNCHANGED
from client_ledger.site.doctypes import KPI_MONTH_END, KPI_ROWS
from client_ledger.site.jobs import TITLE_LENGTH, safely

# The newest month ends are compared weekly although nothing seems to have been written; older ones where something was.
NEWEST = 3
AFTER = timedelta(days=7)
# How many a night compares of one company: those that were compared longest ago, the others in the next nights.
MOST_PER_NIGHT = 4
# Vouchers that are named, the largest differences first; all are counted.
MOST_NAMED = 500
# Inputs that others repeat: a voucher is named once for what it is about.
_NAMED_BY_OTHERS = (
	"paid_times_", "outstanding_", "paid_invoices", "days_late", "rolling:", "rolled:", "current", "overdue",
)  # fmt: skip


def compare_due(company: str) -> None:
	"""Compare the month ends whose sources were written since they were compared. Commits."""
	for name in due(company)[:MOST_PER_NIGHT]:
		safely(f"KPIs: month end {name} not compared"[:TITLE_LENGTH], partial(compare, name))


def due(company: str) -> list[str]:
	"""Return the month ends to compare: the newest one, and then those that were compared longest ago."""
	rows = frappe.get_all(
		KPI_MONTH_END,
		{"company": company, "dimension": "", "dimension_value": ""},
		["name", "as_of", "stored_on", "compared_on"],
		order_by="as_of desc",
	)
	if not rows:
		return []
	since = {row.name: get_datetime(row.compared_on or row.stored_on) for row in rows}
	written = written_since(company, min(since.values()))
	found = []
	for place, row in enumerate(rows):
		moment = since[row.name]
		is_old = place < NEWEST and now_datetime() - moment > AFTER
		if is_old or any(day <= getdate(row.as_of) and at > moment for day, at in written):
			found.append((place > 0, moment, row.name))
	return [name for _place, _moment, name in sorted(found)]


def compare(name: str) -> int:
	"""Compare a month end with the ledger; return how many vouchers make it differ. Commits."""
	frappe.db.commit()  # nosemgrep: one snapshot for all that a month is made of
	started = now_datetime()
	fields = ["company", "as_of", "status", "figures", "changes"]
	stored = frappe.db.get_value(KPI_MONTH_END, name, fields, as_dict=True)
	found = differences(name, stored)
	values: dict[str, Any] = {"compared_on": started}
	text = (
		json.dumps(found, ensure_ascii=False, sort_keys=True) if found["number"] or found["values"] else None
	)
	if text != (stored.changes or None):
		values |= {
			"changes": text,
			"changed_vouchers": found["number"],
			"changed_on": started if text else None,
			# Another difference than the one that somebody has looked at.
			"status": CHANGED if text else UNCHANGED,
		}
	frappe.db.set_value(KPI_MONTH_END, name, values, update_modified=False)
	if values.get("status") == CHANGED and stored.status != CHANGED:
		notices.tell_of_changes(name)
	frappe.db.commit()  # nosemgrep: one month end does not undo another
	return found["number"]


def differences(name: str, stored: frappe._dict) -> dict[str, Any]:
	"""Return {values: {kpi: [stored, now]}, vouchers: [[input, voucher, term, stored, now]], number} of a month end."""
	window = Window(getdate(stored.as_of), 1)
	measured = measure(site_book(stored.company, window), window, with_changes=False)
	before = MonthFigures.from_text(stored.figures)
	values = {}
	for kpi in measured.kpis:
		was = before.kpis.get(kpi.definition.key)
		if was is not None and was.shown != kpi.shown:
			values[kpi.definition.key] = [_text(was.shown), _text(kpi.shown)]
	vouchers = _changed_vouchers(name, measured.rows)
	vouchers.sort(key=lambda change: (-abs(change.now - change.stored), change))
	return {
		"values": values,
		"vouchers": [
			[one.input, one.voucher, one.term, _text(one.stored), _text(one.now)]
			for one in vouchers[:MOST_NAMED]
		],
		"number": len({one.voucher for one in vouchers}),
	}


def _changed_vouchers(name: str, rows: Any) -> list[VoucherChange]:
	"""Return what differs. Only of inputs whose fingerprint is another one are the stored rows read."""
	now = {one.input: one for one in row_sets(rows)}
	prints = frappe.get_all(
		KPI_ROWS, {"month_end": name}, ["name", "input_name", "fingerprint"], order_by="input_name"
	)
	stored = {row.input_name: row for row in prints}
	found: list[VoucherChange] = []
	for key in sorted({*now, *stored}):
		if key.startswith((*_NAMED_BY_OTHERS, MEMBERS, SUMS)):
			continue
		if key in now and key in stored and now[key].fingerprint == stored[key].fingerprint:
			continue
		was = frappe.db.get_value(KPI_ROWS, stored[key].name, "packed") if key in stored else None
		before = list(rows_of(key, was)) if was else []
		after = list(rows_of(key, now[key].text)) if key in now else []
		if key in OF_A_DAY:
			before, after = _of_other_days(before, after)
		found += changed_rows(key, before, after)
	return found


def _of_other_days(before: list[InputRow], after: list[InputRow]) -> tuple[list[InputRow], list[InputRow]]:
	"""Return the rows of days whose sums differ: these rows bear their customer's name, and a customer may have another name by now."""
	sums: Counter[date] = Counter()
	for rows, sign in ((before, -1), (after, 1)):
		for row in rows:
			sums[row.day] += sign * row.amount
	return [row for row in before if sums[row.day]], [row for row in after if sums[row.day]]


def _text(value: Any) -> str | None:
	return None if value is None else str(rounded(value, 2))
