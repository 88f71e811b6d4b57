"""Who is told of a check list: those who may approve it, and those who made it of what became of it."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

from client_ledger.core.period_checks import ListStatus
from client_ledger.period_checks.access import ROLES
from client_ledger.site.doctypes import CHECK_LIST
from client_ledger.site.notify import notify


def tell_approvers(name: str) -> None:
	"""Notify those who may approve a prepared list, and had no hand in it, that it waits for them."""
	doc = frappe.get_doc(CHECK_LIST, name)
	if doc.status != ListStatus.PREPARED.value:
		return
	users = {user for role in ROLES["approve"] for user in get_users_with_role(role)} - _makers(doc)
	notify(_readers(doc, users), CHECK_LIST, name, lambda: _("{0} was prepared and waits for your approval."))


def tell_makers(name: str, approved: bool) -> None:
	"""Notify those who explained and prepared a list that it was approved or opened again."""
	doc = frappe.get_doc(CHECK_LIST, name)
	notify(
		_readers(doc, _makers(doc)),
		CHECK_LIST,
		name,
		lambda: _("{0} was approved.") if approved else _("{0} was reopened."),
	)


def tell_of_changes(name: str) -> None:
	"""Notify those who prepared and approved a list that its figures are no longer what they were."""
	doc = frappe.get_doc(CHECK_LIST, name)
	users = {doc.prepared_by, doc.approved_by} - {None, ""}
	notify(_readers(doc, users), CHECK_LIST, name, lambda: _("Figures have changed since {0} was prepared."))


def _makers(doc: Document) -> set[str]:
	return set((doc.makers or "").split())


def _readers(doc: Document, users: Iterable[str]) -> list[str]:
	return [user for user in sorted(users) if frappe.has_permission(CHECK_LIST, "read", doc=doc, user=user)]
