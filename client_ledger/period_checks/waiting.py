"""What waits for a person about period checks, for the home page: lists to prepare, and lists to approve that others prepared."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.utils import cint, getdate

from client_ledger.core.period_checks import ListStatus, is_late
from client_ledger.period_checks.access import can
from client_ledger.period_checks.decisions import is_maker
from client_ledger.site.doctypes import CHECK_LIST
from client_ledger.site.visible import may_list

_TO_PREPARE = (ListStatus.OPEN.value, ListStatus.REOPENED.value)
_FIELDS = (
	"name", "title", "company", "period_kind", "status", "due_date", "exceptions", "unexplained", "prepared_by", "makers",
	"changed_on",
)  # fmt: skip


def check_lists(companies: Sequence[str], today: date, most: int) -> dict | None:
	"""Return {"total", "amounts", "rows"} of the lists that the user can bring on; None for who works on none.

	rows: [{name, title, company, period_kind, status, due_date, exceptions, unexplained, prepared_by, late, changed}]. A signed
	list whose figures have changed waits for who may open it again.
	"""
	if not may_list(CHECK_LIST) or not (can("prepare") or can("approve")):
		return None
	found = [row for row in _rows(companies) if _waits(row)]
	return {
		"total": len(found),
		"amounts": [],
		"rows": [_row(row, today) for row in found[:most]],
	}


def _rows(companies: Sequence[str]) -> list[frappe._dict]:
	filters = {"company": ("in", list(companies))}
	unfinished = frappe.get_list(
		CHECK_LIST,
		{**filters, "status": ("!=", ListStatus.APPROVED.value)},
		list(_FIELDS),
		order_by="due_date, name",
		limit_page_length=0,
	)
	changed = frappe.get_list(
		CHECK_LIST,
		{**filters, "status": ListStatus.APPROVED.value, "changed_on": ("is", "set")},
		list(_FIELDS),
		order_by="due_date, name",
		limit_page_length=0,
	)
	return [*unfinished, *changed]


def _waits(row: frappe._dict) -> bool:
	if row.status in _TO_PREPARE:
		return can("prepare")
	if row.status == ListStatus.PREPARED.value and not row.changed_on:
		return can("approve") and not is_maker(row)
	return can("reopen")


def _row(row: frappe._dict, today: date) -> dict:
	return {
		**{field: row[field] for field in _FIELDS if field not in ("makers", "changed_on")},
		"due_date": str(row.due_date),
		"exceptions": cint(row.exceptions),
		"unexplained": cint(row.unexplained),
		"changed": bool(row.changed_on),
		"late": is_late(ListStatus(row.status), getdate(row.due_date), today),
	}
