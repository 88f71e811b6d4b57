"""What people do with a check list: read its figures again, explain exceptions, prepare, approve, and open it again.

Maker is not checker: whoever has ever explained or prepared a list never approves it, the Administrator neither. Who did what,
when and why stays on the list; an approved list is kept in the archive, each time it is approved.
"""

import json
from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from client_ledger.archive.keep import keep
from client_ledger.archive.kinds import CHECK_LIST as KEPT_AS
from client_ledger.core.period_checks import (
	POSSIBLE,
	CheckState,
	FigureChange,
	ListAction,
	ListStatus,
	PeriodCheck,
	PeriodKind,
	changes,
	checks_of,
	unexplained,
)
from client_ledger.period_checks import figures, lists
from client_ledger.site.doctypes import CHECK_LIST
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import notify_later

# Shorter says nothing to whoever approves.
SHORTEST_REASON = 3


def read_again(name: str) -> None:
	"""Read the figures of a list again; explanations of figures that are the same stay."""
	possible(name, ListAction.READ)
	doc = frappe.get_doc(CHECK_LIST, name)
	kind = PeriodKind(doc.period_kind)
	readings = figures.read(lists.books_of(doc), checks_of(kind))
	doc = _locked(name, ListAction.READ)
	lists.put(doc, readings)
	_save(doc)


def explain(name: str, check: PeriodCheck, explanation: str) -> None:
	"""Explain the exception that a check has found. An empty explanation takes back what was explained."""
	doc = _locked(name, ListAction.EXPLAIN)
	row = next((one for one in doc.checks if one.check_name == check.value), None)
	if not row or row.state == CheckState.OK.value:
		frappe.throw(
			filled(_("{0} has found no exception, so there is nothing to explain."), bold(_(check.value)))
		)
	text = (explanation or "").strip()
	if text:
		_check_reason(text, _("Explanation"))
	row.update(
		{
			"explanation": text,
			"state": (CheckState.EXPLAINED if text else CheckState.EXCEPTION).value,
			"explained_by": frappe.session.user if text else None,
			"explained_on": now_datetime() if text else None,
		}
	)
	lists.count(doc)
	_add_maker(doc)
	_save(doc)


def prepare(name: str) -> None:
	"""Say that a list is complete. Raises frappe.ValidationError while an exception is not explained or figures have changed."""
	possible(name, ListAction.PREPARE)
	changed = changes_of(frappe.get_doc(CHECK_LIST, name))
	doc = _locked(name, ListAction.PREPARE)
	if changed:
		frappe.throw(
			filled(
				_(
					"These figures have changed since they were read: {0}. Read them again, then prepare the list."
				),
				in_words(changed),
			)
		)
	if missing := unexplained(lists.rows_of(doc)):
		frappe.throw(
			filled(
				_("These exceptions have no explanation: {0}. Explain each of them, then prepare the list."),
				", ".join(_(check.value) for check in missing),
			)
		)
	doc.update(
		{
			"status": ListStatus.PREPARED.value,
			"prepared_by": frappe.session.user,
			"prepared_on": now_datetime(),
			"changed_on": None,
			"changes": None,
		}
	)
	_add_maker(doc)
	_note(doc, ListAction.PREPARE)
	_save(doc)
	notify_later("client_ledger.period_checks.notices.tell_approvers", name=name)


def approve(name: str) -> None:
	"""Approve a prepared list and keep it in the archive.

	Raises frappe.PermissionError for its makers, frappe.ValidationError where figures have changed since it was prepared.
	"""
	possible(name, ListAction.APPROVE)
	changed = changes_of(frappe.get_doc(CHECK_LIST, name))
	doc = _locked(name, ListAction.APPROVE)
	if is_maker(doc):
		frappe.throw(
			filled(
				_("You have prepared or explained {0}, so another user must approve it."), bold(doc.title)
			),
			frappe.PermissionError,
		)
	if changed:
		frappe.throw(
			filled(
				_(
					"These figures have changed since the list was prepared: {0}. Reopen it and have it prepared again."
				),
				in_words(changed),
			)
		)
	doc.update(
		{
			"status": ListStatus.APPROVED.value,
			"approved_by": frappe.session.user,
			"approved_on": now_datetime(),
			"changed_on": None,
			"changes": None,
		}
	)
	_note(doc, ListAction.APPROVE)
	_save(doc)
	keep(
		KEPT_AS,
		doc.company,
		CHECK_LIST,
		doc.name,
		figures=kept_figures(doc),
		on=doc.to_date,
		version=str(doc.approved_on),
	)
	notify_later("client_ledger.period_checks.notices.tell_makers", name=name, approved=True)


def reopen(name: str, why: str) -> None:
	"""Open a prepared or approved list again, for a reason that stays on record."""
	doc = _locked(name, ListAction.REOPEN)
	_check_reason(why, _("Reason"))
	doc.update(
		{
			"status": ListStatus.REOPENED.value,
			"prepared_by": None,
			"prepared_on": None,
			"approved_by": None,
			"approved_on": None,
		}
	)
	_note(doc, ListAction.REOPEN, why.strip())
	_save(doc)
	notify_later("client_ledger.period_checks.notices.tell_makers", name=name, approved=False)


# --- what has changed ---


def changes_of(doc: Document) -> list[FigureChange]:
	"""Return the checks of a list that find something else today. Client accounts are left out: they are never of a past day."""
	compared = [row for row in lists.rows_of(doc) if row.figure.check is not PeriodCheck.CLIENT_ACCOUNTS]
	readings = figures.read(lists.books_of(doc), [row.figure.check for row in compared])
	return changes(compared, (reading.figure for reading in readings))


def as_dicts(changed: Sequence[FigureChange]) -> list[dict[str, Any]]:
	"""Return changes as they are stored and sent: [{check, was, was_amount, now, now_amount}]."""
	return [
		{
			"check": was.check.value,
			"was": was.found,
			"was_amount": float(was.amount),
			"now": now.found,
			"now_amount": float(now.amount),
		}
		for was, now in changed
	]


def in_words(changed: Sequence[FigureChange]) -> str:
	"""Return which checks have changed, as a text in the user's language."""
	return ", ".join(_(was.check.value) for was, _now in changed)


# --- helpers ---


def is_maker(doc: Document | frappe._dict) -> bool:
	"""Return whether the user has ever explained or prepared a list."""
	return frappe.session.user in (doc.makers or "").split()


def possible(name: str, action: ListAction) -> None:
	"""Raise frappe.ValidationError where a list does not stand where *action* is possible."""
	_check_status(frappe.get_doc(CHECK_LIST, name), action)


def history_of(doc: Document) -> list[dict[str, str]]:
	"""Return what was done with a list: [{what, by, on, why}], the oldest first."""
	return json.loads(doc.history or "[]")


def kept_figures(doc: Document) -> dict[str, Any]:
	"""Return what of an approved list goes into the archive."""
	head = (
		"title",
		"period_kind",
		"from_date",
		"to_date",
		"prepared_by",
		"prepared_on",
		"approved_by",
		"approved_on",
	)
	row = ("check_name", "state", "found", "amount", "currency", "explanation", "explained_by", "fingerprint")
	return {
		**{field: doc.get(field) for field in head},
		"checks": [
			{**{field: one.get(field) for field in row}, "details": lists.details_of(one)}
			for one in doc.checks
		],
		"history": history_of(doc),
	}


def _locked(name: str, action: ListAction) -> Document:
	"""Return a list that nobody else changes until this transaction ends."""
	doc = frappe.get_doc(CHECK_LIST, name, for_update=True)
	_check_status(doc, action)
	return doc


def _check_status(doc: Document, action: ListAction) -> None:
	if ListStatus(doc.status) in POSSIBLE[action]:
		return
	if action in (ListAction.APPROVE, ListAction.REOPEN):
		text = _("{0} is {1}. Only a list that is {2} can be changed this way. Reload the page.")
	else:
		text = _(
			"{0} is {1}. Only a list that is {2} can be changed this way. Reopen it first, with a reason."
		)
	wanted = " / ".join(_(status.value) for status in POSSIBLE[action])
	frappe.throw(filled(text, bold(doc.title), _(doc.status), wanted))


def _check_reason(text: str, label: str) -> None:
	if len((text or "").strip()) < SHORTEST_REASON:
		frappe.throw(filled(_("{0} is required. Say in a few words what it is."), bold(label)))


def _add_maker(doc: Document) -> None:
	doc.makers = "\n".join(dict.fromkeys([*(doc.makers or "").split(), frappe.session.user]))


def _note(doc: Document, action: ListAction, why: str = "") -> None:
	entry = {"what": action.value, "by": frappe.session.user, "on": str(now_datetime()), "why": why}
	doc.history = json.dumps([*history_of(doc), entry], ensure_ascii=False)


def _save(doc: Document) -> None:
	doc.flags.ignore_permissions = True
	by_action(doc).save()
