"""What did not go out, by reason, with what mends it; what waits for a person comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe

from client_ledger.core.dunning.plan import Reason
from client_ledger.core.marked import marked
from client_ledger.dunning.tab import NOTICE_FIELDS, notice_row
from client_ledger.outbox.notice_status import (
	BOUNCED,
	ERROR,
	FAILURES,
	IN_DOUBT,
	NO_ACCOUNT,
	NO_GATEWAY,
	NOT_DELIVERED,
	State,
)
from client_ledger.site.doctypes import LEDGER_NOTICE

# Why, and what mends it: (reason, action of the page, or the DocType whose list helps).
MENDING: dict[str, str] = {
	NO_ACCOUNT: "email-account",
	NO_GATEWAY: "sms-settings",
	NOT_DELIVERED: "retry",
	BOUNCED: "contact",
	IN_DOUBT: "doubt",
	ERROR: "retry",
	Reason.NO_ADDRESS.value: "contact",
	Reason.OPTED_OUT.value: "contact",
	Reason.DISPUTED.value: "block",
	Reason.PROMISED.value: "block",
	Reason.BLOCKED.value: "block",
	Reason.COVERED.value: "reconcile",
	Reason.BANK_RECEIPT.value: "bank",
	Reason.UNDER_MINIMUM.value: "policy",
	Reason.BUDGET.value: "policy",
	Reason.OUTSIDE_HOURS.value: "policy",
	Reason.HOLIDAY.value: "policy",
	Reason.TOO_SOON.value: "policy",
	Reason.PAUSED.value: "settings",
	Reason.DISABLED.value: "customer",
	Reason.REJECTED.value: "none",
	Reason.SUPERSEDED.value: "none",
	Reason.PAID.value: "none",
}
# What is of no use to anybody after a while.
EXCEPTION_DAYS = 30
MOST_PER_REASON = 200


@dataclass(frozen=True, slots=True)
class _Wait:
	"""A kind of notice that is neither sent nor stopped: it waits for a person."""

	reason: str
	action: str
	filters: dict


WAITING = (
	_Wait(marked("Waiting for Approval"), "approve", {"state": State.PLANNED.value}),
	_Wait(marked("Letters to Print"), "print", {"state": State.SENDING.value, "channel": "Letter"}),
	_Wait(
		marked("Waiting for a Person"),
		"follow-up",
		{"state": State.SENDING.value, "channel": ("in", ("Call", "Visit", "Hand-over"))},
	),
)


def not_sent(companies: Sequence[str], now: datetime) -> list[dict]:
	"""Return what did not go out, by reason, what needs a person first."""
	since = now - timedelta(days=EXCEPTION_DAYS)
	base = {"company": ("in", list(companies))}
	found = [_group(wait.reason, wait.action, {**base, **wait.filters}) for wait in WAITING]
	for reason, action in MENDING.items():
		filters = {**base, "reason": reason}
		if reason in FAILURES:
			filters["state"] = State.FAILED.value
		else:
			filters["state"] = ("in", (State.SKIPPED.value, State.DEFERRED.value, State.CANCELLED.value))
			filters["modified"] = (">=", since)
		found.append(_group(reason, action, filters))
	return [group for group in found if group["count"]]


def _group(reason: str, action: str, filters: dict) -> dict:
	names = frappe.get_list(
		LEDGER_NOTICE, filters, pluck="name", order_by="modified desc, name", limit_page_length=0
	)
	rows = (
		frappe.get_list(
			LEDGER_NOTICE,
			{"name": ("in", names[:MOST_PER_REASON])},
			NOTICE_FIELDS,
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
		"notices": [notice_row(row) for row in rows],
	}
