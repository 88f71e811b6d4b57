"""Credit groups: customers that share the limit of one of them, the parent, which their `cl_credit_parent` names."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.site.messages import bold, filled

PARENT_FIELD, LIMIT = "cl_credit_parent", "Credit Limit"


def parent_of(customer: str) -> str:
	"""Return the customer whose limit counts for *customer*: its parent, or itself where it has none."""
	return frappe.db.get_value("Customer", customer, PARENT_FIELD) or customer


def members_of(customer: str) -> tuple[str, ...]:
	"""Return all who share the limit that counts for *customer*: the parent first, then the others by name."""
	found = _parent_and_members(customer)
	parent = found.get(customer) or customer
	if parent != customer:
		found = _parent_and_members(parent)
	return (parent, *(name for name in sorted(found) if name != parent))


def _parent_and_members(parent: str) -> dict[str, str | None]:
	"""Return the parent that *parent* itself and each of its members names."""
	table, field = frappe.qb.DocType("Customer"), frappe.qb.Field(PARENT_FIELD)
	query = frappe.qb.from_(table).select(table.name, field)
	return dict(query.where((table.name == parent) | (field == parent)).run())


def parents(customers: Iterable[str] | None = None) -> dict[str, str]:
	"""Return the parent of each of *customers* (None: all) that shares another one's limit."""
	filters: dict = {PARENT_FIELD: ("is", "set")}
	if customers is not None:
		filters["name"] = ("in", list(customers))
	rows = frappe.get_all("Customer", filters, ["name", PARENT_FIELD], order_by="name")
	return {row.name: row[PARENT_FIELD] for row in rows}


def with_members(customers: Iterable[str]) -> list[str]:
	"""Return *customers* and all who share a limit with any of them, by name."""
	customers = set(customers)
	of_groups = set(parents(customers).values()) | customers
	others = frappe.get_all(
		"Customer", {PARENT_FIELD: ("in", sorted(of_groups))}, pluck="name", order_by="name"
	)
	return sorted(of_groups.union(others))


def check_parent(doc: Document) -> None:
	"""Refuse that a customer shares the limit of itself, of one that shares another's, or while others share its own.

	Raises frappe.ValidationError, or frappe.PermissionError for whoever may not approve limits: choosing another limit
	is as good as raising it. Asks the database only where the field is changed.
	"""
	parent, before = doc.get(PARENT_FIELD), doc.get_doc_before_save()
	if (parent or None) == ((before.get(PARENT_FIELD) or None) if before else None):
		return
	if not doc.flags.ignore_permissions and not frappe.has_permission(LIMIT, "submit"):
		frappe.throw(
			filled(
				_("Only users who can approve credit limits can change {0}."),
				bold(_(doc.meta.get_label(PARENT_FIELD))),
			),
			frappe.PermissionError,
		)
	if not parent:
		return
	if parent == doc.name:
		frappe.throw(_("A customer cannot be its own credit limit parent."))
	grand = frappe.db.get_value("Customer", parent, PARENT_FIELD)
	if grand:
		frappe.throw(
			filled(_("{0} shares the credit limit of {1}. Select {1} instead."), bold(parent), bold(grand))
		)
	if not doc.is_new() and frappe.db.exists("Customer", {PARENT_FIELD: doc.name}):
		frappe.throw(
			filled(
				_(
					"Other customers share the credit limit of {0}, so it cannot share another customer's limit."
				),
				bold(doc.name),
			)
		)
