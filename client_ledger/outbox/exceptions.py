"""Exceptions: what was not sent, by reason, with what helps; what waits for a person comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe

from client_ledger.core.marked import marked
from client_ledger.core.outbox.message import MANUAL, Channel, WithholdReason
from client_ledger.outbox.kinds import kind_classes
from client_ledger.outbox.listing import LISTED_FIELDS, listed
from client_ledger.outbox.notice_status import (
	BOUNCED,
	ERROR,
	FAILURES,
	IN_DOUBT,
	NO_ACCOUNT,
	NO_GATEWAY,
	NOT_DELIVERED,
	NoticeStatus,
)
from client_ledger.site.doctypes import LEDGER_NOTICE

# By reason, the action that the page offers; kinds add their own. NO_REMEDY: nothing to do, it is on record.
NO_REMEDY = "none"
REMEDIES: dict[str, str] = {
	NO_ACCOUNT: "email-account",
	NO_GATEWAY: "sms-settings",
	NOT_DELIVERED: "retry",
	BOUNCED: "contact",
	IN_DOUBT: "doubt",
	ERROR: "retry",
	WithholdReason.NO_ADDRESS.value: "contact",
	WithholdReason.OPTED_OUT.value: "contact",
	WithholdReason.BUDGET.value: "policy",
	WithholdReason.OUTSIDE_HOURS.value: "policy",
	WithholdReason.HOLIDAY.value: "policy",
	WithholdReason.TOO_SOON.value: "policy",
	WithholdReason.DISABLED.value: "customer",
	WithholdReason.REJECTED.value: NO_REMEDY,
	WithholdReason.SUPERSEDED.value: NO_REMEDY,
}
# What is of no use to anybody after a while.
EXCEPTION_DAYS = 30
MOST_PER_REASON = 200


@dataclass(frozen=True, slots=True)
class _Waiting:
	"""Notices that are neither sent nor stopped: they wait for a person."""

	reason: str
	action: str
	filters: dict


WAITING_FOR_APPROVAL = marked("Waiting for Approval")
LETTERS = marked("Letters to Print")
BY_HAND = marked("Waiting for Manual Action")
WAITING = (
	_Waiting(WAITING_FOR_APPROVAL, "approve", {"status": NoticeStatus.PLANNED.value}),
	_Waiting(
		LETTERS,
		"print",
		{"status": NoticeStatus.SENDING.value, "channel": Channel.LETTER.value},
	),
	_Waiting(
		BY_HAND,
		"follow-up",
		{
			"status": NoticeStatus.SENDING.value,
			"channel": ("in", tuple(channel.value for channel in MANUAL)),
		},
	),
)


def list_exceptions(companies: Sequence[str], now: datetime) -> list[dict]:
	"""Return what was not sent, by reason, what needs a person first."""
	since = now - timedelta(days=EXCEPTION_DAYS)
	base = {"company": ("in", list(companies))}
	found = [_group(wait.reason, wait.action, {**base, **wait.filters}) for wait in WAITING]
	for reason, action in remedies().items():
		filters = {**base, "reason": reason}
		if reason in FAILURES:
			filters["status"] = NoticeStatus.FAILED.value
		else:
			stopped = (NoticeStatus.SKIPPED, NoticeStatus.DEFERRED, NoticeStatus.CANCELLED)
			filters["status"] = ("in", tuple(status.value for status in stopped))
			filters["modified"] = (">=", since)
		found.append(_group(reason, action, filters))
	gone_out = (NoticeStatus.SENDING.value, NoticeStatus.SENT.value)
	for reason, action in remarks().items():
		filters = {**base, "reason": reason, "status": ("in", gone_out), "modified": (">=", since)}
		found.append(_group(reason, action, filters))
	return [group for group in found if group["count"]]


def remedies() -> dict[str, str]:
	"""Return every reason with the action for it, those with nothing to do last."""
	found = dict(REMEDIES)
	for kind in kind_classes():
		found |= kind.remedies
	return dict(sorted(found.items(), key=lambda pair: pair[1] == NO_REMEDY))


def remarks() -> dict[str, str]:
	"""Return what messages that went out may lack, with the action for it."""
	return {reason: action for kind in kind_classes() for reason, action in kind.remarks.items()}


def _group(reason: str, action: str, filters: dict) -> dict:
	names = frappe.get_list(
		LEDGER_NOTICE, filters, pluck="name", order_by="modified desc, name", limit_page_length=0
	)
	rows = (
		frappe.get_list(
			LEDGER_NOTICE,
			{"name": ("in", names[:MOST_PER_REASON])},
			LISTED_FIELDS,
			order_by="modified desc, name",
			limit_page_length=0,
		)
		if names
		else []
	)
	return {
		"reason": reason,
		"action": action,
		"failed": reason in FAILURES,
		"count": len(names),
		"notices": [listed(row) for row in rows],
	}
