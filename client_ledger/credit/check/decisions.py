"""What is decided on a hold: released or rejected by another person, or cleared because its rules are met by now."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, now_datetime, nowdate

from client_ledger.credit.check.approvers import approvers_of, can_decide
from client_ledger.credit.check.check import evaluate_document
from client_ledger.credit.check.documents import is_checked
from client_ledger.credit.check.holds import (
	CLEARED,
	ON_HOLD,
	REJECTED,
	RELEASED,
	SUBMITTED,
	WITHDRAWN,
	count_holds,
	hold_values,
)
from client_ledger.credit.limits.credit_groups import members_of
from client_ledger.site.doctypes import CREDIT_HOLD
from client_ledger.site.jobs import each_or_log
from client_ledger.site.messages import filled
from client_ledger.site.notify import MOST_READERS, notify
from client_ledger.site.settings import CheckMode, credit_checks

MOST_GRACE_DAYS = 365
# What may be released; a rejection, too, is taken back that way.
UNDECIDED = (ON_HOLD, REJECTED)


def release(name: str, reason: str, grace_days: int = 0) -> Document:
	"""Let the document of a hold pass as it was held, and what is made from it, today and *grace_days* days more.

	Raises frappe.PermissionError for whoever entered it or lacks the role, frappe.ValidationError without a reason.
	"""
	if not 0 <= cint(grace_days) <= MOST_GRACE_DAYS:
		frappe.throw(
			filled(
				_("The grace period must be between 0 and {0} days, not {1}."), MOST_GRACE_DAYS, grace_days
			)
		)
	hold = _hold_to_decide(name, reason, UNDECIDED)
	hold.released_amount = hold.amount
	hold.released_until = add_days(nowdate(), cint(grace_days))
	_decide(hold, RELEASED, reason)
	_notify_owner(hold, lambda: _("{0} has been released. You can submit it now."))
	return hold


def reject(name: str, reason: str) -> Document:
	"""Say that the document may not be submitted. Raises as `release` does, and where it was rejected already."""
	hold = _hold_to_decide(name, reason, (ON_HOLD,))
	_decide(hold, REJECTED, reason)
	_notify_owner(hold, lambda: _("{0} has been rejected by credit control."))
	return hold


def _hold_to_decide(name: str, reason: str, statuses: Sequence[str]) -> Document:
	hold = frappe.get_doc(CREDIT_HOLD, name, for_update=True)
	hold.check_permission("write")
	if not can_decide(hold):
		frappe.throw(
			filled(
				_(
					"You cannot decide on {0}. A Credit Manager or Credit Controller who did not enter, change or try to "
					"submit the document must decide."
				),
				hold.name,
			),
			frappe.PermissionError,
		)
	if hold.status not in statuses:
		frappe.throw(filled(_("{0} is {1}; there is no decision pending."), hold.name, _(hold.status)))
	if not (reason or "").strip():
		frappe.throw(_("Enter a reason. It is stored with the decision."))
	return hold


def _decide(hold: Document, status: str, reason: str | None) -> None:
	hold.status = status
	hold.decision_reason = reason
	hold.decided_by, hold.decided_on = frappe.session.user, now_datetime()
	hold.save(ignore_permissions=True)
	count_holds([hold.customer], hold.company)


def reevaluate(name: str) -> str:
	"""Test the rules on a held document again; return the hold's status, Cleared where it would pass now."""
	hold = frappe.get_doc(CREDIT_HOLD, name, for_update=True)
	if hold.status != ON_HOLD:
		return hold.status
	docstatus = frappe.db.get_value(hold.reference_doctype, hold.reference_name, "docstatus")
	if docstatus != 0:
		hold.status, hold.open_key = (WITHDRAWN if docstatus in (None, 2) else SUBMITTED), None
		hold.save(ignore_permissions=True)
		count_holds([hold.customer], hold.company)
		return hold.status
	doc = frappe.get_doc(hold.reference_doctype, hold.reference_name)
	if credit_checks() != CheckMode.HOLD or not is_checked(doc):
		_clear(hold)
		return hold.status
	checked, verdict = evaluate_document(doc, locked=False)
	if not verdict.holds:
		_clear(hold)
		return hold.status
	values, reasons = hold_values(doc, verdict, checked)
	# Who tried to submit it stays who may not release it.
	hold.update({k: v for k, v in values.items() if k not in ("held_by", "document_owner", "parties")})
	hold.set("reasons", reasons)
	hold.save(ignore_permissions=True)
	return hold.status


def _clear(hold: Document) -> None:
	_decide(hold, CLEARED, None)
	_notify_owner(hold, lambda: _("{0} is no longer on credit hold. You can submit it now."))


def waiting_holds(customers: Iterable[str] | None = None) -> list[str]:
	"""Return the holds that wait for a decision, longest waiting first, of *customers* and all who share their limits."""
	filters: dict = {"status": ON_HOLD}
	if customers is not None:
		customers = list(customers)
		if not customers or not frappe.db.exists(CREDIT_HOLD, {"status": ON_HOLD}):
			return []
		filters["customer"] = (
			"in",
			sorted({member for customer in customers for member in members_of(customer)}),
		)
	return frappe.get_all(CREDIT_HOLD, filters, pluck="name", order_by="held_on, name")


def reevaluate_all(customers: Iterable[str] | None = None) -> dict[str, int]:
	"""Test the waiting holds again, each in a transaction of its own; return how many there are of each status."""
	statuses, failed = each_or_log(
		waiting_holds(customers),
		lambda batch: reevaluate(batch[0]),
		title="Credit Hold not evaluated",
		doctype=CREDIT_HOLD,
		size=1,
	)
	return dict(Counter([*statuses, *("Failed" for _name in failed)]))


def tell_approvers(hold: str) -> None:
	"""Notify those who may decide on a hold that it waits for them."""
	document = frappe.get_doc(CREDIT_HOLD, hold)
	if document.status == ON_HOLD:
		notify(
			approvers_of(document, MOST_READERS),
			document.reference_doctype,
			document.reference_name,
			lambda: _("{0} is on credit hold and waits for your decision."),
			opens=(CREDIT_HOLD, hold),
		)


def _notify_owner(hold: Document, text: Callable[[], str]) -> None:
	"""Notify whoever entered the document and whoever tried to submit it."""
	notify({hold.document_owner, hold.held_by}, hold.reference_doctype, hold.reference_name, text)
