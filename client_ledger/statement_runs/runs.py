"""Statement runs: one per schedule and period. The schedule makes those whose day has come, people make others.

The hourly entry only looks what is due and queues it. A run that is lost with its worker is planned again by the next hour.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from traceback import format_exception_only

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime, getdate, now_datetime
from frappe.utils.user import get_users_with_role

from client_ledger.core.outbox.message import WithholdReason
from client_ledger.core.statements.outcome import StatementStatus
from client_ledger.core.statements.periods import Period
from client_ledger.outbox import access as outbox
from client_ledger.outbox import dispatch, notice_rows, send
from client_ledger.outbox.keys import open_key
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, LEDGER_NOTICE, STATEMENT_RUN, STATEMENT_SCHEDULE
from client_ledger.site.documents import by_action
from client_ledger.site.jobs import TITLE_LENGTH, again_after_a_lock, safely
from client_ledger.site.notify import notify
from client_ledger.statement_runs import planning, schedules
from client_ledger.statement_runs.notice_kind import STATEMENT

NEW, PLANNING, PLANNED, SENDING, DONE, FAILED = ("New", "Planning", "Planned", "Sending", "Done", "Failed")
# A run that is still planning after this long has lost its worker.
LOST_AFTER = timedelta(hours=1)
# How long statements wait for an address, or for a customer that is disabled.
TAKEN_UP_WITHIN = timedelta(days=60)
NOT_PLANNED = "Statements not planned"


def tick() -> None:
	"""Queue the work of the hour, where there is any. Does nothing else."""
	if frappe.db.exists(STATEMENT_SCHEDULE, {"mode": ("!=", schedules.OFF)}):
		dispatch.enqueue("client_ledger.statement_runs.runs.work", job_id="client_ledger_statements")


def work(now: datetime | str | None = None, in_process: bool = False) -> None:
	"""Plan the runs whose day has come, and send what needs no approval.

	in_process: send here instead of over the workers.
	"""
	moment = get_datetime(now) if now else now_datetime()
	for schedule in schedules.active_schedules():
		safely(f"{NOT_PLANNED}: {schedule.name}"[:TITLE_LENGTH], partial(_plan_schedule, schedule, moment))
	safely("Statements not taken up again", partial(take_up_again, moment))
	names = _due_statements(moment)
	if in_process:
		dispatch.send_range(names, str(moment))
	else:
		dispatch.send_in_ranges(names, moment)


def _plan_schedule(schedule: Document, moment: datetime) -> None:
	for period in schedules.ended_periods(schedule, schedules.today_of(schedule, moment)):
		run = run_of(schedule, period)
		if run.status == NEW or _is_lost(run):
			plan(run)


def take_up_again(moment: datetime, run: str | None = None) -> int:
	"""Have statements sent after all that lacked an address, or whose customer was disabled, now that this has changed.

	run: of this one only; None: those of the last days. Return how many there are. Commits.
	"""
	filters: dict = {"status": ("in", (StatementStatus.NO_ADDRESS.value, StatementStatus.NOT_SENT.value))}
	filters["reason"] = ("in", (WithholdReason.NO_ADDRESS.value, WithholdReason.DISABLED.value))
	filters |= {"run": run} if run else {"run": ("is", "set"), "creation": (">=", moment - TAKEN_UP_WITHIN)}
	rows = frappe.get_all(CUSTOMER_STATEMENT, filters, ["name", "customer", "notice", "run"], order_by="name")
	people = read_customers(sorted({row.customer for row in rows})) if rows else {}
	able = [row for row in rows if (who := people.get(row.customer)) and _may_be_told(who)]
	for row in able:
		approved = frappe.db.get_value(LEDGER_NOTICE, row.notice, "approved_on")
		status = NoticeStatus.APPROVED if approved else NoticeStatus.PLANNED
		fields = {"status": status.value, "reason": None, "open_key": open_key((STATEMENT, row.name))}
		notice_rows.update(row.notice, fields, moment)
	frappe.db.commit()  # nosemgrep: they are to go out again
	return len(able)


def _may_be_told(customer: Customer) -> bool:
	to = customer.addressee
	return not customer.disabled and bool(to.email or to.address)


def _due_statements(moment: datetime, run: str | None = None) -> list[str]:
	"""Return the messages of statements whose turn it is. run: of this one only."""
	filters = {"run": run} if run else {"status": ("in", _MAY_GO_OUT)}
	own = set(frappe.get_all(CUSTOMER_STATEMENT, filters, pluck="notice", order_by="name"))
	return [name for name in send.due_names(moment) if name in own] if own else []


_MAY_GO_OUT = (StatementStatus.WAITING.value, StatementStatus.FAILED.value)


def run_of(schedule: Document, period: Period, origin: str = "Schedule") -> Document:
	"""Return the run of a schedule for a period, made where there is none. Commits."""
	key = schedules.run_key(schedule.name, period)
	name = frappe.db.get_value(STATEMENT_RUN, {"run_key": key})
	if name:
		return frappe.get_doc(STATEMENT_RUN, name)
	run = frappe.new_doc(STATEMENT_RUN)
	run.update(
		{
			"schedule": schedule.name,
			"company": schedule.company,
			"from_date": period.from_date,
			"as_of": period.as_of,
			"origin": origin,
			"run_key": key,
		}
	)
	run.flags.ignore_permissions = True
	try:
		by_action(run).insert()
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		frappe.db.rollback()
		return frappe.get_doc(STATEMENT_RUN, {"run_key": key})
	frappe.db.commit()  # nosemgrep: one run per schedule and period
	return run


def _is_lost(run: Document) -> bool:
	return (
		run.status == PLANNING
		and bool(run.started_on)
		and get_datetime(run.started_on) < now_datetime() - LOST_AFTER
	)


def plan(run: Document) -> None:
	"""Write the statements of a run; what fails is logged and noted on the run, which the next hour plans again. Commits.

	What is written already stays: the keys of statements let each be planned once only.
	"""
	stored = frappe.db.get_value(
		STATEMENT_RUN, run.name, ["status", "started_on"], as_dict=True, for_update=True
	)
	if (stored.status, str(stored.started_on)) != (run.status, str(run.started_on)):
		frappe.db.commit()  # nosemgrep: another worker has started it
		return
	_set(run.name, status=PLANNING, started_on=now_datetime())
	frappe.db.commit()  # nosemgrep: whoever watches sees it
	announce(run.name)
	schedule = frappe.get_doc(STATEMENT_SCHEDULE, run.schedule)
	period = Period(getdate(run.from_date), getdate(run.as_of))
	try:
		again_after_a_lock(lambda: _plan(run, schedule, period))
	except Exception as error:
		frappe.db.rollback()
		frappe.log_error(title=NOT_PLANNED, reference_doctype=STATEMENT_RUN, reference_name=run.name)
		known = frappe.db.get_value(STATEMENT_RUN, run.name, "error")
		_set(run.name, status=NEW, error=format_exception_only(error)[-1].strip()[:500])
		if not known:
			_tell(run.name, lambda: _("The statements of a run could not be planned: {0}."))
		frappe.db.commit()  # nosemgrep: the log outlives what failed
	announce(run.name)


def _plan(run: Document, schedule: Document, period: Period) -> None:
	frappe.db.commit()  # nosemgrep: one snapshot for what is read
	found = planning.due_statements(schedule, period)
	planning.write(run, schedule, period, found.due)
	planned = frappe.db.count(CUSTOMER_STATEMENT, {"run": run.name})
	_set(
		run.name,
		status=PLANNED,
		error=None,
		planned_on=now_datetime(),
		planned=planned,
		zero=found.zero,
		under_minimum=found.under_minimum,
		elsewhere=len(found.due) - planned,
	)
	frappe.db.commit()  # nosemgrep: planned
	count(run.name)


def send_run(run: str, moment: datetime) -> int:
	"""Queue what was approved of a run; return how many statements that is."""
	return dispatch.send_in_ranges(_due_statements(moment, run), moment)


def progressed(notices: list[str]) -> None:
	"""Count the runs of some messages, and notify whoever watches them. Commits."""
	rows = frappe.get_all(
		CUSTOMER_STATEMENT, {"notice": ("in", notices)}, pluck="run", distinct=True, order_by=None
	)
	for run in sorted({name for name in rows if name}):
		count(run)
		announce(run)


def count(run: str) -> None:
	"""Count a run's statements by what became of them, and close it when none is left to send. Commits."""
	by_status = counted(run)
	left = sum(
		by_status.get(status.value, 0) for status in (StatementStatus.PLANNED, StatementStatus.WAITING)
	)
	arrived = (StatementStatus.SENDING, StatementStatus.SENT, StatementStatus.PRINTED, StatementStatus.SEEN)
	fields = {
		"sent": sum(by_status.get(status.value, 0) for status in arrived),
		"failed": by_status.get(StatementStatus.FAILED.value, 0),
		"no_address": by_status.get(StatementStatus.NO_ADDRESS.value, 0),
		"stopped": by_status.get(StatementStatus.NOT_SENT.value, 0),
	}
	before = frappe.db.get_value(STATEMENT_RUN, run, "status")
	if before in (PLANNED, SENDING, DONE):
		if not left:
			if before != DONE and (fields["failed"] or fields["no_address"]):
				_tell(run, lambda: _("A run has ended with statements that were not sent: {0}."))
			fields |= {"status": DONE, "finished_on": now_datetime()}
		else:
			fields["status"] = SENDING if fields["sent"] else PLANNED
	_set(run, **fields)
	frappe.db.commit()  # nosemgrep: figures of the run


def counted(run: str) -> dict[str, int]:
	"""Return how many statements of a run have each status."""
	table = frappe.qb.DocType(CUSTOMER_STATEMENT)
	rows = frappe.qb.from_(table).select(table.status, Count("*")).where(table.run == run)
	return dict(rows.groupby(table.status).run())


def announce(run: str) -> None:
	"""Notify open forms of the run how far it is."""
	fields = ["status", "planned", "sent", "failed", "no_address", "stopped"]
	row = frappe.db.get_value(STATEMENT_RUN, run, fields, as_dict=True)
	if row:
		frappe.publish_realtime("statement_run", {"name": run, **row}, doctype=STATEMENT_RUN, docname=run)


def _tell(run: str, text: Callable[[], str]) -> None:
	"""Notify those who decide about statements, and may read a run. text: called in each reader's language."""
	users = {user for role in outbox.ROLES["decide"] for user in get_users_with_role(role)}
	readers = [
		user for user in sorted(users) if frappe.has_permission(STATEMENT_RUN, "read", doc=run, user=user)
	]
	notify(readers, STATEMENT_RUN, run, text)


def _set(run: str, **fields: object) -> None:
	frappe.db.set_value(STATEMENT_RUN, run, fields)
