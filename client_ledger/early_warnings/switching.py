"""A company's warnings switched on and off: on only once its past was replayed, off with a reason."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from client_ledger.early_warnings.replaying import REPLAYED, REPLAYING, SECONDS
from client_ledger.site.doctypes import WARNING_SETUP
from client_ledger.site.messages import bold, filled


def setup_of(company: str) -> Document:
	"""Return the setup of *company*, made where there is none."""
	if frappe.db.exists(WARNING_SETUP, company):
		return frappe.get_doc(WARNING_SETUP, company)
	return frappe.get_doc({"doctype": WARNING_SETUP, "company": company}).insert()


def start_replay(company: str) -> None:
	"""Have the past replayed in the background; asking again while that is done changes nothing."""
	doc = setup_of(company)
	doc.db_set({"status": REPLAYING, "problem": None})
	frappe.enqueue(
		"client_ledger.early_warnings.replaying.replay_or_say_why",
		queue="long",
		timeout=SECONDS,
		job_id=f"client_ledger_warnings {company}",
		deduplicate=True,
		enqueue_after_commit=True,
		company=company,
	)


def switch_on(company: str) -> None:
	"""Have warnings raised from tonight on. Raises frappe.ValidationError where nobody has seen what the past would have raised."""
	doc = setup_of(company)
	if doc.status != REPLAYED:
		frappe.throw(
			filled(_("Replay the past of {0} first, and see what would have been raised."), bold(company))
		)
	_switch(doc, 1, "")


def switch_off(company: str, reason: str) -> None:
	"""Raise no more warnings; those there are stay. Raises frappe.ValidationError without a reason."""
	if not (reason or "").strip():
		frappe.throw(_("Enter a reason."))
	_switch(setup_of(company), 0, reason)


def _switch(doc: Document, enabled: int, reason: str) -> None:
	if doc.enabled == enabled:
		return
	doc.update(
		{
			"enabled": enabled,
			"switched_by": frappe.session.user,
			"switched_on": now_datetime(),
			"switch_reason": reason or None,
		}
	)
	doc.save(ignore_permissions=True)
