"""What people decide about notices: approve, reject, try again, confirm that one arrived."""

from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe.utils import add_days, now_datetime

from client_ledger.core.outbox.message import WithholdReason
from client_ledger.outbox.delivery import mark_sent
from client_ledger.outbox.edits import OUTDATED
from client_ledger.outbox.keys import open_key
from client_ledger.outbox.kinds import kind_class, recipient_key
from client_ledger.outbox.notice_rows import NoticeRow, lock, update
from client_ledger.outbox.notice_status import IN_DOUBT, UNDECIDED, NoticeStatus
from client_ledger.site.doctypes import LEDGER_NOTICE

# A rejected notice may be planned again after its kind's own rest, and never sooner than this.
LEAST_REST_DAYS = 7


def approve(names: Iterable[str], now: datetime | None = None) -> list[str]:
	"""Approve notices that are planned, or deferred and not approved yet; return those that were.

	An edited letter that is out of date is edited again, or restored, before.
	"""
	now = now or now_datetime()
	done = []
	for row in lock(list(names), (NoticeStatus.PLANNED, NoticeStatus.DEFERRED)):
		if row.approved_on or row.reason == OUTDATED:
			continue
		fields = {"approved_by": frappe.session.user, "approved_on": now}
		if row.status == NoticeStatus.PLANNED.value:
			fields["status"] = NoticeStatus.APPROVED.value
		update(row.name, fields, now)
		done.append(row.name)
	return done


def reject(names: Iterable[str], why: str, now: datetime | None = None) -> list[str]:
	"""Reject notices; the same may be planned again after a rest. Return those that were."""
	now = now or now_datetime()
	done = []
	for row in lock(list(names), UNDECIDED):
		update(
			row.name,
			{
				"status": NoticeStatus.CANCELLED.value,
				"reason": WithholdReason.REJECTED.value,
				"reason_detail": f"{frappe.session.user}: {why}"[:500],
				"open_key": None,
				"next_attempt": None,
				"deferred_until": add_days(now, _rest_days(row, now)),
			},
			now,
		)
		done.append(row.name)
	return done


def _rest_days(row: NoticeRow, now: datetime) -> int:
	return max(kind_class(row.kind)(now).rest_days(row), LEAST_REST_DAYS)


def try_again(names: Iterable[str], now: datetime | None = None) -> list[str]:
	"""Have failed notices sent with the next turn, those in doubt included; return those that will be."""
	now = now or now_datetime()
	done = []
	for row in lock(list(names), (NoticeStatus.FAILED,)):
		key = open_key(recipient_key(row))
		if row.open_key != key and frappe.db.exists(LEDGER_NOTICE, {"open_key": key}):
			# Another notice to the same recipient has taken its place.
			continue
		update(
			row.name,
			{
				"status": NoticeStatus.APPROVED.value,
				"approved_on": row.approved_on or now,
				"approved_by": row.approved_by or frappe.session.user,
				"open_key": key,
				"next_attempt": None,
				"day_key": None,
			},
			now,
		)
		done.append(row.name)
	return done


def confirm_arrived(names: Iterable[str], now: datetime | None = None) -> list[str]:
	"""Mark notices in doubt as arrived, since a person knows they did; return those that were in doubt."""
	now = now or now_datetime()
	done = []
	for row in lock(list(names), (NoticeStatus.FAILED,)):
		if row.reason == IN_DOUBT:
			mark_sent(row.name, now, row.data_on or row.sending_on or now)
			done.append(row.name)
	return done
