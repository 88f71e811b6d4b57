"""Customers that are merged, renamed or deleted while statements wait: one statement per period survives, none is lost."""

import frappe
from frappe.utils import getdate

from client_ledger.core.outbox.message import WithholdReason
from client_ledger.core.statements.outcome import StatementStatus
from client_ledger.core.statements.periods import Period
from client_ledger.outbox import notice_rows
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, LEDGER_NOTICE, STATEMENT_SCHEDULE
from client_ledger.statement_runs.planning import statement_key

FIELDS = ["name", "customer", "company", "currency", "from_date", "as_of", "schedule", "notice", "status"]
UNSENT = (StatementStatus.PLANNED.value, StatementStatus.WAITING.value, StatementStatus.FAILED.value)


def before_merge(old: str, new: str) -> None:
	"""Of two unsent statements for one period only that of *new* goes out: it is told from the merged ledger."""
	of_new = {_period(row) for row in _scheduled(new)}
	for row in _scheduled(old):
		if row.status in UNSENT and _period(row) in of_new:
			_stop(row.notice)


def rewrite_keys(customer: str) -> None:
	"""Give a customer's statements the keys of its name; of two with the same key the sent one keeps it."""
	rows = sorted(_scheduled(customer), key=lambda row: row.status in UNSENT)
	frequencies = dict(
		frappe.get_all(STATEMENT_SCHEDULE, fields=["name", "frequency"], as_list=True, order_by="name")
	)
	seen: set[str] = set()
	for row in rows:
		frappe.db.set_value(CUSTOMER_STATEMENT, row.name, "statement_key", None, update_modified=False)
	for row in rows:
		period = Period(getdate(row.from_date), getdate(row.as_of))
		frequency = frequencies.get(row.schedule, "")
		key = statement_key(row.customer, row.company, row.currency, frequency, period)
		if key not in seen:
			frappe.db.set_value(CUSTOMER_STATEMENT, row.name, "statement_key", key, update_modified=False)
		seen.add(key)


def delete_of_customer(customer: str) -> None:
	"""Delete a customer's statements with it. ERPNext deletes no customer that has a ledger."""
	frappe.db.delete(CUSTOMER_STATEMENT, {"customer": customer})


def _scheduled(customer: str) -> list[frappe._dict]:
	filters = {"customer": customer, "statement_key": ("is", "set")}
	return frappe.get_all(CUSTOMER_STATEMENT, filters, FIELDS, order_by="creation, name")


def _period(row: frappe._dict) -> tuple:
	return row.company, row.currency, getdate(row.as_of), row.schedule


def _stop(notice: str) -> None:
	if frappe.db.get_value(LEDGER_NOTICE, notice, "status") == NoticeStatus.SENDING.value:
		return
	notice_rows.update(
		notice,
		{
			"status": NoticeStatus.SKIPPED.value,
			"reason": WithholdReason.SUPERSEDED.value,
			"open_key": None,
			"deferred_until": None,
			"next_attempt": None,
		},
		frappe.utils.now_datetime(),
	)
