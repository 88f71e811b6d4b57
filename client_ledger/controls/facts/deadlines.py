"""Deadlines of procedures in force, measured by the company's documents: since when the oldest thing of a step waits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Max
from frappe.utils import cint, get_datetime, getdate

from client_ledger.controls.facts.people import company_hours
from client_ledger.controls.facts.receipts import advances
from client_ledger.controls.facts.window import FactWindow, is_first
from client_ledger.core.controls.facts import DELIVERY, DueFact, DueKind
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.period_checks import PeriodKind
from client_ledger.core.procedures.deadlines import StepMeasure, due_at
from client_ledger.site.doctypes import (
	BACKUP_CHECK,
	CHECK_LIST,
	CREDIT_LIMIT,
	CUSTOMER_STATEMENT,
	FOLLOW_UP,
	IN_PROGRESS,
	LEDGER_DISPUTE,
	LEDGER_NOTICE,
	OPEN,
	PROCEDURE,
	PROCEDURE_STEP,
	WRITE_OFF_REQUEST,
)

_ALL = 99.99


@dataclass(frozen=True, slots=True)
class Waiting:
	"""The oldest thing that waits for a step, and since when."""

	since: datetime
	customer: str = ""
	document: Voucher | None = None


def read_deadlines(window: FactWindow) -> Iterator[DueFact]:
	"""Yield until when steps of procedures in force have to be done, for what waits for them."""
	hours, worked = company_hours(window.company)

	def is_day_off(day: date) -> bool:
		return day not in worked and not hours.is_working_day(day)

	for row in _steps():
		measure = _MEASURES.get(row.measured_by)
		if waiting := measure(window) if measure else None:
			yield DueFact(
				kind=DueKind.PROCEDURE,
				name=f"{row.procedure} {cint(row.idx)}",
				title=f"{row.procedure}: {row.instruction}",
				due=due_at(waiting.since, cint(row.deadline), row.deadline_unit, is_day_off),
				responsible=row.responsible or "",
				customer=waiting.customer,
				document=waiting.document or Voucher(PROCEDURE, row.procedure),
			)


def _steps() -> list[Any]:
	step, procedure = DocType(PROCEDURE_STEP), DocType(PROCEDURE)
	query = (
		frappe.qb.from_(step)
		.join(procedure)
		.on(step.parent == procedure.name)
		.select(
			procedure.name.as_("procedure"),
			procedure.responsible,
			step.idx,
			step.instruction,
			step.deadline,
			step.deadline_unit,
			step.measured_by,
		)
		.where((procedure.in_force == 1) & (step.deadline > 0) & (step.measured_by != ""))
		.orderby(procedure.name)
		.orderby(step.idx)
	)
	return query.run(as_dict=True)


def _oldest(doctype: str, day: str, filters: Mapping[str, Any], customer: str = "customer") -> Waiting | None:
	"""Return the oldest document by a field that holds a day or a moment."""
	fields = ["name", day, *([customer] if customer else [])]
	rows = frappe.get_all(doctype, {**filters, day: ("is", "set")}, fields, order_by=f"{day}, name", limit=1)
	if not rows:
		return None
	row = rows[0]
	return Waiting(get_datetime(row[day]), row.get(customer) or "", Voucher(doctype, row.name))


def _deliveries(window: FactWindow) -> Waiting | None:
	note = DocType(DELIVERY)
	query = (
		frappe.qb.from_(note)
		.select(note.posting_date, note.posting_time, note.customer, note.name)
		.where((note.company == window.company) & (note.docstatus == 1) & (note.is_return == 0))
		.where((note.status != "Closed") & (note.per_billed < _ALL) & (note.per_returned < _ALL))
		.where((note.base_net_total > 0) & (note.is_internal_customer == 0))
		.orderby(note.posting_date)
		.orderby(note.posting_time)
		.limit(1)
	)
	for day, at, customer, name in query.run():
		since = datetime.combine(day, time.min) + (at or timedelta(0))
		return Waiting(since, customer, Voucher(DELIVERY, name))
	return None


def _bank_lines(window: FactWindow) -> Waiting | None:
	filters = {
		"company": window.company,
		"docstatus": 1,
		"deposit": (">", 0),
		"unallocated_amount": (">", 0.005),
	}
	return _oldest("Bank Transaction", "date", filters, "")


def _receipts(window: FactWindow) -> Waiting | None:
	filters = {
		"company": window.company,
		"docstatus": 1,
		"party_type": "Customer",
		"payment_type": "Receive",
		"unallocated_amount": (">", 0.005),
	}
	names = frappe.get_all(PAYMENT_ENTRY, filters, pluck="name", order_by="posting_date, name")
	ordered = advances(window, PAYMENT_ENTRY, names)
	waiting = [name for name in names if name not in ordered]
	return _oldest(PAYMENT_ENTRY, "posting_date", {"name": waiting[0]}, "party") if waiting else None


def _ledger(window: FactWindow) -> Waiting | None:
	"""The ledger waits since the last entry was made in it."""
	last = []
	for doctype in (SALES_INVOICE, PAYMENT_ENTRY, JOURNAL_ENTRY):
		table = DocType(doctype)
		query = frappe.qb.from_(table).select(Max(table.creation))
		last += [
			row[0] for row in query.where((table.company == window.company) & (table.docstatus == 1)).run()
		]
	entered = list(filter(None, last))
	return Waiting(max(entered)) if entered else None


def _check_list(window: FactWindow) -> Waiting | None:
	filters = {
		"company": window.company,
		"period_kind": PeriodKind.MONTH.value,
		"status": ("!=", "Approved"),
	}
	return _oldest(CHECK_LIST, "to_date", filters, "")


def _statements(window: FactWindow) -> Waiting | None:
	"""The last month waits where no statement of it went out, though some did of earlier ones."""
	sent = {"company": window.company, "sent_on": ("is", "set")}
	last = frappe.get_all(CUSTOMER_STATEMENT, sent, pluck="as_of", order_by="as_of desc", limit=1)
	month = window.today.replace(day=1) - timedelta(days=1)
	if not last or getdate(last[0]) >= month:
		return None
	return Waiting(datetime.combine(month, time.max.replace(microsecond=0)))


def _limits(window: FactWindow) -> Waiting | None:
	return _oldest(CREDIT_LIMIT, "creation", {"company": window.company, "docstatus": 0})


def _notices(window: FactWindow) -> Waiting | None:
	filters = {"company": window.company, "status": "Planned", "kind": "Reminder"}
	return _oldest(LEDGER_NOTICE, "planned_on", filters)


def _follow_ups(window: FactWindow) -> Waiting | None:
	filters = {"company": window.company, "workflow_state": ("in", (OPEN, IN_PROGRESS))}
	return _oldest(FOLLOW_UP, "due_date", filters)


def _disputes(window: FactWindow) -> Waiting | None:
	return _oldest(
		LEDGER_DISPUTE, "opened_on", {"company": window.company, "status": ("in", ("Open", "In Review"))}
	)


def _write_offs(window: FactWindow) -> Waiting | None:
	return _oldest(WRITE_OFF_REQUEST, "creation", {"company": window.company, "docstatus": 0})


def _restores(window: FactWindow) -> Waiting | None:
	"""A restore waits since the last one that went well, or since backups are checked."""
	if not is_first(window.company):
		return None
	tried = {"kind": "Drill", "verdict": ("!=", "Bad")}
	last = frappe.get_all(BACKUP_CHECK, tried, pluck="checked_on", order_by="checked_on desc", limit=1)
	first = frappe.get_all(BACKUP_CHECK, pluck="checked_on", order_by="checked_on", limit=1)
	return Waiting((last or first)[0]) if first else None


_MEASURES: Mapping[str, Callable[[FactWindow], Waiting | None]] = {
	StepMeasure.DELIVERIES.value: _deliveries,
	StepMeasure.BANK_LINES.value: _bank_lines,
	StepMeasure.RECEIPTS.value: _receipts,
	StepMeasure.LEDGER.value: _ledger,
	StepMeasure.CHECK_LIST.value: _check_list,
	StepMeasure.STATEMENTS.value: _statements,
	StepMeasure.LIMITS.value: _limits,
	StepMeasure.NOTICES.value: _notices,
	StepMeasure.FOLLOW_UPS.value: _follow_ups,
	StepMeasure.DISPUTES.value: _disputes,
	StepMeasure.WRITE_OFFS.value: _write_offs,
	StepMeasure.RESTORES.value: _restores,
}
