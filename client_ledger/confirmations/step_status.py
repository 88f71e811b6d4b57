"""What has become of the documents that differences led to: a step that has ended ends its difference."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

import frappe
from frappe.utils import cint, flt, now_datetime

from client_ledger.collections.disputes import RUNNING_STATUSES
from client_ledger.confirmations import comparison_rows
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import (
	CANCELLED,
	DONE,
	FOLLOW_UP,
	LEDGER_DISPUTE,
	LEDGER_NOTICE,
	RECONCILIATION_LINE,
)

PAYMENT_ENTRY, BANK_TRANSACTION = "Payment Entry", "Bank Transaction"


class StepState(str, Enum):
	"""RUNNING: nothing is decided. ENDED: nothing is left to do. FAILED: it came to nothing, so another one may be made."""

	RUNNING = "Running"
	ENDED = "Ended"
	FAILED = "Failed"


class StepStatus(NamedTuple):
	"""status: of the document, as it says it, in English."""

	state: StepState
	status: str


def of_rows(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], StepStatus]:
	"""Return what has become of the steps of rows, by DocType and name."""
	wanted: dict[str, set[str]] = {}
	for row in rows:
		if row["step_name"]:
			wanted.setdefault(row["step_doctype"], set()).add(row["step_name"])
	found: dict[tuple[str, str], StepStatus] = {}
	for doctype, names in wanted.items():
		states = _READERS.get(doctype, _booked)(doctype, sorted(names))
		for name in names:
			found[doctype, name] = states.get(name, StepStatus(StepState.FAILED, ""))
	return found


def has_failed(row: Mapping[str, Any]) -> bool:
	"""Return whether the step of a row came to nothing."""
	if not row["step_name"]:
		return False
	return of_rows([row])[row["step_doctype"], row["step_name"]].state is StepState.FAILED


def update(rows: Sequence[Mapping[str, Any]]) -> int:
	"""End the rows whose step has ended; return how many there were."""
	running = [row for row in rows if row["step_name"] and not cint(row["done"]) and row["difference_kind"]]
	states, ended = of_rows(running), 0
	for row in running:
		state = states[row["step_doctype"], row["step_name"]]
		if state.state is StepState.ENDED:
			fields = {"done": 1, "done_on": now_datetime(), "done_by": frappe.session.user}
			frappe.db.set_value(RECONCILIATION_LINE, row["name"], {**fields, "done_note": state.status})
			ended += 1
	return ended


def document_changed(doctype: str, name: str) -> None:
	"""End the differences that a document is the step of, where that has ended; called when it changes."""
	filters = {"step_doctype": doctype, "step_name": name, "done": 0}
	fields = ["name", "confirmation", "difference_kind", "next_step", "step_doctype", "step_name", "done"]
	rows = frappe.get_all(RECONCILIATION_LINE, filters, fields, order_by="name")
	for confirmation in sorted({row.confirmation for row in rows}):
		if update([row for row in rows if row.confirmation == confirmation]):
			comparison_rows.count_open(confirmation)


def _rows(doctype: str, names: Sequence[str], fields: Sequence[str]) -> list[frappe._dict]:
	return frappe.get_all(
		doctype, {"name": ("in", list(names))}, ["name", *fields], order_by="name", limit_page_length=0
	)


def _disputes(doctype: str, names: Sequence[str]) -> dict[str, StepStatus]:
	return {
		row.name: StepStatus(
			StepState.RUNNING if row.status in RUNNING_STATUSES else StepState.ENDED, row.status
		)
		for row in _rows(doctype, names, ["status"])
	}


def _follow_ups(doctype: str, names: Sequence[str]) -> dict[str, StepStatus]:
	states = {DONE: StepState.ENDED, CANCELLED: StepState.FAILED}
	return {
		row.name: StepStatus(states.get(row.workflow_state, StepState.RUNNING), row.workflow_state)
		for row in _rows(doctype, names, ["workflow_state"])
	}


def _notices(doctype: str, names: Sequence[str]) -> dict[str, StepStatus]:
	states = {
		NoticeStatus.SENT.value: StepState.ENDED,
		NoticeStatus.SKIPPED.value: StepState.FAILED,
		NoticeStatus.CANCELLED.value: StepState.FAILED,
	}
	return {
		row.name: StepStatus(states.get(row.status, StepState.RUNNING), row.status)
		for row in _rows(doctype, names, ["status"])
	}


def _payments(doctype: str, names: Sequence[str]) -> dict[str, StepStatus]:
	found = {}
	for row in _rows(doctype, names, ["docstatus", "status", "unallocated_amount"]):
		if row.docstatus == 2:
			state = StepState.FAILED
		else:
			is_over = row.docstatus == 1 and not flt(row.unallocated_amount, 2)
			state = StepState.ENDED if is_over else StepState.RUNNING
		found[row.name] = StepStatus(state, row.status)
	return found


def _booked(doctype: str, names: Sequence[str]) -> dict[str, StepStatus]:
	"""Any other document is one that has been booked: it counts while it is submitted."""
	return {
		row.name: StepStatus(StepState.ENDED if row.docstatus == 1 else StepState.FAILED, "Booked")
		for row in _rows(doctype, names, ["docstatus"])
	}


_READERS = {
	LEDGER_DISPUTE: _disputes,
	FOLLOW_UP: _follow_ups,
	LEDGER_NOTICE: _notices,
	PAYMENT_ENTRY: _payments,
	BANK_TRANSACTION: _payments,
}
