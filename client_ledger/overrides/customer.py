"""Customer: what accounts repeat of it, and what becomes of them when it is renamed, merged or deleted."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.accounts.store import delete_rows
from client_ledger.archive.names import keep_renamed
from client_ledger.collections import deletion
from client_ledger.confirmations import customer_merge as confirmation_merge
from client_ledger.credit.check.holds import delete_holds_of
from client_ledger.credit.limits.credit_groups import PARENT_FIELD, check_parent, members_of
from client_ledger.credit.limits.erpnext_limit import check_typed_limits, typed_limits
from client_ledger.dunning import customer_merge
from client_ledger.early_warnings import deletion as warnings_deletion
from client_ledger.guest_links import links
from client_ledger.measured_effect import assignments
from client_ledger.receipts import deletion as receipts_deletion
from client_ledger.site import open_voucher_cache
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	CREDIT_ASSESSMENT,
	CREDIT_ASSESSMENT_FACTOR,
	CREDIT_RESERVATION,
	CREDIT_SNAPSHOT,
	LEDGER_ARCHIVE,
	TRIAL_ASSIGNMENT,
)
from client_ledger.site.refresh_queue import mark_stale
from client_ledger.statement_runs import customer_merge as statement_merge

# What goes with its customer.
FOLLOWING = (CREDIT_ASSESSMENT, CREDIT_RESERVATION, CREDIT_SNAPSHOT)
MODULE = "Client Ledger"
REPEATED = ("customer_name", "customer_group", "territory", "account_manager")


def on_update(doc: Document, method: str | None = None) -> None:
	"""Accounts repeat some fields of the customer."""
	before = doc.get_doc_before_save()
	if before and any(before.get(field) != doc.get(field) for field in REPEATED):
		mark_stale([doc.name])
	if before and typed_limits(before) != typed_limits(doc):
		mark_stale(members_of(doc.name))
	if before and before.get(PARENT_FIELD) != doc.get(PARENT_FIELD):
		mark_stale(
			{
				doc.name,
				*members_of(doc.name),
				*(members_of(before.get(PARENT_FIELD)) if before.get(PARENT_FIELD) else ()),
			}
		)


def validate(doc: Document, method: str | None = None) -> None:
	"""A limit is shared with its parent directly: no chains, no circles. Limits may be for approval only."""
	check_parent(doc)
	check_typed_limits(doc)


def before_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""One account per company survives a merger: those of *old* make room where *new* has its own."""
	if not merge:
		return
	customer_merge.before_merge(old, new)
	assignments.before_merge(old, new)
	statement_merge.before_merge(old, new)
	confirmation_merge.before_merge(old, new)
	companies = frappe.get_all(CLIENT_ACCOUNT, {"customer": new}, pluck="company", order_by="name")
	if companies:
		delete_rows(
			frappe.get_all(
				CLIENT_ACCOUNT, {"customer": old, "company": ("in", companies)}, pluck="name", order_by="name"
			)
		)


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""The ledger of *old* is now that of *new*, and so is everything else of this app that names its customer."""
	open_voucher_cache.forget_on_commit(old, new)
	mark_stale([new])
	_repeat_name(new)
	customer_merge.rewrite_keys(new)
	assignments.rewrite_keys(new)
	statement_merge.rewrite_keys(new)
	confirmation_merge.rewrite_keys(new)
	keep_renamed("Customer", old, new, merge)


def _repeat_name(customer: str) -> None:
	"""Write a customer's name into the documents that repeat it."""
	name = frappe.db.get_value("Customer", customer, "customer_name")
	for doctype in frappe.get_all("DocType", {"module": MODULE, "istable": 0}, pluck="name", order_by="name"):
		meta = frappe.get_meta(doctype)
		if meta.has_field("customer") and meta.has_field("customer_name"):
			table = frappe.qb.DocType(doctype)
			frappe.qb.update(table).set(table.customer_name, name).where(table.customer == customer).run()


def on_trash(doc: Document, method: str | None = None) -> None:
	"""Accounts go with their customer. ERPNext deletes no customer that has a ledger."""
	delete_rows(frappe.get_all(CLIENT_ACCOUNT, {"customer": doc.name}, pluck="name", order_by="name"))
	assessments = frappe.get_all(CREDIT_ASSESSMENT, {"customer": doc.name}, pluck="name", order_by="name")
	if assessments:
		frappe.db.delete(CREDIT_ASSESSMENT_FACTOR, {"parent": ("in", assessments)})
	for doctype in FOLLOWING:
		frappe.db.delete(doctype, {"customer": doc.name})
	delete_holds_of(doc.name)
	customer_merge.delete_of_customer(doc.name)
	assignments.delete_of_customer(doc.name)
	statement_merge.delete_of_customer(doc.name)
	confirmation_merge.delete_of({"customer": doc.name})
	deletion.delete_of({"customer": doc.name})
	receipts_deletion.delete_of({"customer": doc.name})
	warnings_deletion.delete_of_customer(doc.name)
	links.delete_of({"customer": doc.name})


def get_dashboard_data(data: dict) -> dict:
	"""Show the accounts among the connections of a customer."""
	data.setdefault("transactions", []).append(
		{
			"label": _("Ledger", context="Client Ledger"),
			"items": [
				CLIENT_ACCOUNT,
				"Ledger Notice",
				"Customer Statement",
				"Balance Confirmation",
				"Dunning Block",
				"Follow Up",
				"Promise to Pay",
				"Ledger Dispute",
				"Early Warning",
				LEDGER_ARCHIVE,
				TRIAL_ASSIGNMENT,
			],
		}
	)
	return data
