"""Calls, visits and hand-overs: done when the task that the notice's kind made for a person is closed."""

import frappe

from client_ledger.outbox.delivery_outcome import DeliveryOutcome, arrived
from client_ledger.outbox.notice_status import NOT_DELIVERED
from client_ledger.site.doctypes import CANCELLED, DONE

CLOSED = (DONE, "Closed")


def outcome(todo: frappe._dict | None, follow_up: frappe._dict | None) -> DeliveryOutcome | None:
	"""Return what became of a manual notice by its ToDo or Follow Up, None while that is open."""
	task = follow_up or todo
	status = follow_up.workflow_state if follow_up else todo.status if todo else CANCELLED
	if status == CANCELLED:
		return DeliveryOutcome(NOT_DELIVERED)
	return arrived(task.modified) if status in CLOSED else None
