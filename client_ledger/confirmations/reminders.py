"""Reminders: a further message to those who have not answered, by themselves when their day has come, or when people ask.

who has not answered + the round's terms -> a Ledger Notice each, under a key per number -> the outbox
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import frappe
from frappe.utils import cint, getdate, now_datetime

from client_ledger.confirmations.notice_kind import CONFIRMATION
from client_ledger.confirmations.planning import notice_key
from client_ledger.core.confirmations.answers import ConfirmationStatus, ReplyForm
from client_ledger.core.confirmations.reminders import ReminderTerms, next_reminder
from client_ledger.outbox import dispatch, notice_rows, send
from client_ledger.outbox.keys import open_key
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_ROUND, LEDGER_NOTICE

FIELDS = [
	"name", "customer", "customer_name", "company", "currency", "as_of", "form", "our_balance", "base_balance",
	"sent_on", "reminders", "reminded_on", "round", "channel",
]  # fmt: skip


def remind_due(moment: datetime) -> list[str]:
	"""Write the reminders whose day has come in rounds that are open; return their names. Commits."""
	rounds = frappe.get_all(
		CONFIRMATION_ROUND,
		{"status": ("in", ("Sending", "Open")), "first_reminder": (">", 0), "most_reminders": (">", 0)},
		["name", "first_reminder", "remind_every", "most_reminders"],
		order_by="name",
	)
	made: list[str] = []
	for round_ in rounds:
		terms = ReminderTerms(
			cint(round_.first_reminder), cint(round_.remind_every), cint(round_.most_reminders)
		)
		due = [row for row in _unanswered({"round": round_.name}) if _is_due(row, terms, moment.date())]
		made += write(due, moment, approved_by=None)
		frappe.db.commit()  # nosemgrep: one round does not undo another
	return made


def _is_due(row: frappe._dict, terms: ReminderTerms, today: date) -> bool:
	day = next_reminder(
		ReplyForm(row.form),
		terms,
		getdate(row.sent_on) if row.sent_on else None,
		cint(row.reminders),
		getdate(row.reminded_on) if row.reminded_on else None,
	)
	return bool(day) and day <= today


def remind_now(confirmations: Sequence[str]) -> int:
	"""Write reminders of those among *confirmations* that are not answered, and queue them; return how many. Commits."""
	moment = now_datetime()
	names = write(_unanswered({"name": ("in", list(confirmations))}), moment, frappe.session.user)
	frappe.db.commit()  # nosemgrep: written before they are queued
	own = set(names)
	return dispatch.send_in_ranges([name for name in send.due_names(moment) if name in own], moment)


def _unanswered(filters: dict) -> list[frappe._dict]:
	"""Return confirmations whose letter has arrived and that nobody has answered."""
	wanted = {**filters, "status": ConfirmationStatus.AWAITING.value, "sent_on": ("is", "set")}
	return frappe.get_all(BALANCE_CONFIRMATION, wanted, FIELDS, order_by="name")


def write(rows: Iterable[frappe._dict], moment: datetime, approved_by: str | None) -> list[str]:
	"""Write a reminder for each confirmation that has none under way; return their names.

	approved_by: who asked for them; None where they go out by themselves, as the round says.
	"""
	found = [_notice(row, moment, approved_by) for row in rows]
	taken = set(
		frappe.get_all(
			LEDGER_NOTICE,
			{"open_key": ("in", [one["open_key"] for one in found])},
			pluck="open_key",
			order_by="name",
		)
		if found
		else ()
	)
	return sorted(notice_rows.insert([one for one in found if one["open_key"] not in taken]))


def _notice(row: frappe._dict, moment: datetime, approved_by: str | None) -> dict:
	number = cint(row.reminders) + 1
	return {
		"name": frappe.generate_hash(length=10),
		"kind": CONFIRMATION,
		"confirmation": row.name,
		"customer": row.customer,
		"customer_name": row.customer_name,
		"company": row.company,
		"currency": row.currency,
		"total": row.our_balance,
		"base_total": row.base_balance,
		"status": NoticeStatus.APPROVED.value,
		"channel": row.channel,
		"step": number,
		"step_name": CONFIRMATION,
		"as_of": row.as_of,
		"planned_on": moment,
		"approved_on": moment,
		"approved_by": approved_by or "Administrator",
		"notice_key": notice_key(row.name, number),
		"open_key": open_key((CONFIRMATION, row.name)),
	}
