"""Findings past their due date: who is to look at them is reminded, and where that does not help their control's owners are told.

open and late -> reminded_on, escalated_on (the row, at most once a day) -> commit -> one notification for each person
"""

from collections.abc import Callable, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, now_datetime
from frappe.utils.user import get_users_with_role

from client_ledger.controls import rows
from client_ledger.controls.access import ROLES
from client_ledger.controls.guards import people_of
from client_ledger.controls.tell import by_reader, gravest_first, rows_of
from client_ledger.core.controls.lifecycle import (
	ESCALATED_AFTER,
	OPEN_STATUSES,
	is_to_escalate,
	is_to_remind,
)
from client_ledger.core.marked import marked
from client_ledger.ledger.database import chunks
from client_ledger.outbox.channels.mail import has_outgoing_account
from client_ledger.site.doctypes import CONTROL_FINDING, LEDGER_CONTROL
from client_ledger.site.messages import filled
from client_ledger.site.notify import ALERT, ASSIGNMENT, MOST_READERS, notify, notify_later

ESCALATED = marked("Escalated")
MOST_TOLD = 5000


def remind(today: date | None = None) -> None:
	"""Remind of late findings, and escalate those that have been late for long. Commits; twice a day, or by two workers, is once."""
	today = today or getdate()
	names = _late(today)
	mine = [name for part in chunks(names) for name in _claimed(part, today)]
	escalated = [name for part in chunks(names) for name in _escalated(part, today)]
	if mine:
		notify_later("client_ledger.controls.late.tell_readers", names=mine)
	if escalated:
		notify_later("client_ledger.controls.late.tell_owners", names=escalated)
	frappe.db.commit()  # nosemgrep: told once, whoever else runs


def _late(today: date) -> list[str]:
	filters = {"status": ("in", [status.value for status in OPEN_STATUSES]), "due_date": ("<", today)}
	return frappe.get_all(CONTROL_FINDING, filters, pluck="name", order_by="due_date, name", limit=MOST_TOLD)


def _locked(names: Sequence[str]) -> list[frappe._dict]:
	"""Return late findings as they are once nobody else writes them."""
	table = frappe.qb.DocType(CONTROL_FINDING)
	fields = ("name", "due_date", "reminded_on", "escalated_on", "history", "status")
	query = frappe.qb.from_(table).select(*(table[field] for field in fields))
	found = query.where(table.name.isin(list(names))).orderby(table.name).for_update().run(as_dict=True)
	return [row for row in found if row.status in [status.value for status in OPEN_STATUSES]]


def _claimed(names: Sequence[str], today: date) -> list[str]:
	"""Note that it is reminded of findings today; return those of which it was not yet."""
	found = [row.name for row in _locked(names) if is_to_remind(row.due_date, row.reminded_on, today)]
	if found:
		frappe.db.set_value(
			CONTROL_FINDING, {"name": ("in", found)}, "reminded_on", today, update_modified=False
		)
	return found


def _escalated(names: Sequence[str], today: date) -> list[str]:
	"""Note that findings were escalated, in their history too; return those that were not yet."""
	found = []
	for row in _locked(names):
		if is_to_escalate(row.due_date, row.escalated_on, today):
			history = rows.with_entry(row.history, ESCALATED, now_datetime(), by="")
			values = {"escalated_on": today, "history": history}
			frappe.db.set_value(CONTROL_FINDING, row.name, values, update_modified=False)
			found.append(row.name)
	return found


def tell_readers(names: Sequence[str]) -> None:
	"""Remind each person of the findings that are theirs to look at."""
	for user, theirs in by_reader(rows_of(names)).items():
		_tell(user, theirs, _reminder)


def tell_owners(names: Sequence[str]) -> None:
	"""Tell those who answer for the controls of findings that nobody has closed in time, but for those who were to look at them."""
	found = rows_of(names)
	reminded = {(user, row.name) for user, theirs in by_reader(found).items() for row in theirs}
	by_owner: dict[str, list[frappe._dict]] = {}
	for row in found:
		for user in _owners(row):
			if (user, row.name) not in reminded:
				by_owner.setdefault(user, []).append(row)
	for user, theirs in by_owner.items():
		_tell(user, theirs, _escalation)


def _owners(row: frappe._dict) -> list[str]:
	"""Return who answers for a finding's control; where all of them are to look at it anyway, who may accept what was found."""
	control = frappe.db.get_value(
		LEDGER_CONTROL, row.control, ["responsible", "responsible_role"], as_dict=True
	)
	about = people_of(row)
	owners = [control.responsible, *get_users_with_role(control.responsible_role or "")] if control else []
	owners = [user for user in owners if user and user != row.responsible and user not in about]
	if not row.responsible or not owners:
		owners = [user for role in ROLES["accept"] for user in get_users_with_role(role) if user not in about]
	return sorted(set(owners))[:MOST_READERS]


def _tell(user: str, theirs: Sequence[frappe._dict], text: Callable[[Sequence[frappe._dict]], str]) -> None:
	if found := gravest_first(user, theirs):
		# Without an account that sends, Frappe would raise instead of notifying on the desk.
		kind = ASSIGNMENT if has_outgoing_account() else ALERT
		notify([user], CONTROL_FINDING, found[0].name, lambda: text(found), kind=kind)


def _reminder(found: Sequence[frappe._dict]) -> str:
	if len(found) == 1:
		text = _("What a control has found was to be closed by {1}: {0}")
		return str(filled(text, "{0}", formatdate(found[0].due_date)))
	text = _(
		"{1} things that controls have found are past their due date, {2} of them of high severity. The first: {0}"
	)
	return str(filled(text, "{0}", len(found), sum(row.severity == "High" for row in found)))


def _escalation(found: Sequence[frappe._dict]) -> str:
	if len(found) == 1:
		text = _("Nobody has closed what a control has found; it was due on {1}: {0}")
		return str(filled(text, "{0}", formatdate(found[0].due_date)))
	text = _("{1} things that controls have found are {2} days or more past their due date. The first: {0}")
	return str(filled(text, "{0}", len(found), ESCALATED_AFTER.days))
