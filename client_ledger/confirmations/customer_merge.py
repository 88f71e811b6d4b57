"""Customers that are merged, renamed or deleted while confirmations are out: what was asked of half an account no longer stands.

What was answered before stays as it was answered. A round that is planned again asks the customer that is left.
"""

import frappe
from frappe.utils import now_datetime

from client_ledger.confirmations import notify, rounds
from client_ledger.confirmations.confirmation_rows import update
from client_ledger.confirmations.planning import confirmation_key
from client_ledger.core.confirmations.answers import UNANSWERED, ConfirmationStatus
from client_ledger.site.doctypes import (
	BALANCE_CONFIRMATION,
	CONFIRMATION_REPLY,
	CONFIRMATION_ROUND,
	RECONCILIATION_LINE,
)

FIELDS = ["name", "customer", "company", "currency", "round", "status"]


def before_merge(old: str, new: str) -> None:
	"""Cancel what neither has answered: each letter states a part of what is one balance now."""
	unanswered = [status.value for status in UNANSWERED]
	of_old = _rows({"customer": old, "status": ("in", unanswered)})
	parties = {(row.company, row.currency) for row in _rows({"customer": old})}
	of_new = [
		row
		for row in _rows({"customer": new, "status": ("in", unanswered)})
		if (row.company, row.currency) in parties
	]
	cancelled = [row.name for row in (*of_old, *of_new)]
	for name in cancelled:
		update(
			name,
			{
				"status": ConfirmationStatus.CANCELLED.value,
				"status_note": "Customer Merged",
				"confirmation_key": None,
			},
			now_datetime(),
		)
	rounds.stop_messages(cancelled)
	rounds.count_of(cancelled)
	for name in cancelled:
		notify.cancelled(name)


def rewrite_keys(customer: str) -> None:
	"""Give a customer's confirmations the keys of its name; of two with the same key the older one keeps it."""
	rows = _rows({"customer": customer, "confirmation_key": ("is", "set")})
	seen: set[str] = set()
	for row in rows:
		frappe.db.set_value(BALANCE_CONFIRMATION, row.name, "confirmation_key", None, update_modified=False)
	for row in rows:
		key = confirmation_key(row.round, row.customer, row.currency)
		if key not in seen:
			frappe.db.set_value(
				BALANCE_CONFIRMATION, row.name, "confirmation_key", key, update_modified=False
			)
		seen.add(key)


def delete_of(filters: dict) -> None:
	"""Delete confirmations with their replies and lines, of a customer or company that is deleted."""
	names = frappe.get_all(BALANCE_CONFIRMATION, filters, pluck="name", order_by="name")
	if not names:
		return
	replies = frappe.get_all(
		CONFIRMATION_REPLY, {"confirmation": ("in", names)}, pluck="name", order_by="name"
	)
	if replies:
		frappe.db.delete("Confirmation Reply Line", {"parent": ("in", replies)})
		frappe.db.delete(CONFIRMATION_REPLY, {"name": ("in", replies)})
	frappe.db.delete(RECONCILIATION_LINE, {"confirmation": ("in", names)})
	frappe.db.delete(BALANCE_CONFIRMATION, {"name": ("in", names)})


def delete_of_company(company: str) -> None:
	"""Delete a company's rounds with it, and all that is of them."""
	delete_of({"company": company})
	rounds_ = frappe.get_all(CONFIRMATION_ROUND, {"company": company}, pluck="name", order_by="name")
	if rounds_:
		frappe.db.delete("Confirmation Round Customer", {"parent": ("in", rounds_)})
		frappe.db.delete(CONFIRMATION_ROUND, {"name": ("in", rounds_)})


def _rows(filters: dict) -> list[frappe._dict]:
	return frappe.get_all(BALANCE_CONFIRMATION, filters, FIELDS, order_by="creation, name")
