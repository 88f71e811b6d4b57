"""ERPNext's own limit check, which knows nothing of releases, temporary limits and shared ones.

It runs within the submit. For a document that passed our check, the customer's row of limits is lifted right before and
put back right after, in the same transaction, so that nobody else ever sees it lifted.
"""

import frappe
from erpnext.selling.doctype.customer.customer import get_credit_limit
from frappe.model.document import Document
from frappe.utils import now_datetime

HOST_LIMIT = "Customer Credit Limit"
LIFTED = 10**11


def lift(doc: Document) -> None:
	"""Let *doc* pass the host's own check."""
	if not get_credit_limit(doc.customer, doc.company):
		return
	row = frappe.db.get_value(
		HOST_LIMIT,
		{"parent": doc.customer, "parenttype": "Customer", "company": doc.company},
		["name", "credit_limit"],
		as_dict=True,
	)
	if row:
		frappe.db.set_value(HOST_LIMIT, row.name, "credit_limit", LIFTED, update_modified=False)
	state = doc.flags.client_ledger_lifted = row or frappe._dict(name=_insert(doc), credit_limit=None)
	state.customer = doc.customer
	# A submit that fails may be caught, and the rest of its transaction committed.
	frappe.db.before_commit.add(lambda: _restore(state))


def put_back(doc: Document) -> None:
	"""Put the host's limit back as it was."""
	if state := doc.flags.pop("client_ledger_lifted", None):
		_restore(state)


def _restore(state: dict) -> None:
	if state.get("restored"):
		return
	state["restored"] = True
	if state["credit_limit"] is None:
		frappe.db.delete(HOST_LIMIT, {"name": state["name"]})
	else:
		frappe.db.set_value(
			HOST_LIMIT, state["name"], "credit_limit", state["credit_limit"], update_modified=False
		)
	# Whoever read the customer meanwhile may have left it in the cache.
	frappe.clear_document_cache("Customer", state["customer"])


def _insert(doc: Document) -> str:
	"""Give a customer whose limit is its group's or company's a row of its own for a moment."""
	name, now, user = frappe.generate_hash(length=10), now_datetime(), frappe.session.user
	frappe.db.bulk_insert(
		HOST_LIMIT,
		[
			*("name", "owner", "modified_by", "creation", "modified", "idx"),
			*("parent", "parenttype", "parentfield", "company", "credit_limit"),
		],
		[(name, user, user, now, now, 999, doc.customer, "Customer", "credit_limits", doc.company, LIFTED)],
	)
	return name
