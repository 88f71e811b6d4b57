"""ERPNext's own limit check, which knows nothing of releases, temporary limits and shared ones.

It runs within the submit. For a document that passed our check, the customer's row of limits is lifted right before and
put back right after, in the same transaction, so that nobody else ever sees it lifted.
"""

import frappe
from erpnext.selling.doctype.customer.customer import get_credit_limit
from frappe.model.document import Document
from frappe.utils import now_datetime

from client_ledger.core.credit.rules import Kind
from client_ledger.core.money import as_money
from client_ledger.credit.check.facts import Checked
from client_ledger.credit.limits import erpnext_overdue_limit
from client_ledger.site.doctypes import CUSTOMER_CREDIT_LIMIT

LIFTED = 10**11


def suspend(doc: Document, is_released: bool = False, checked: Checked | None = None) -> None:
	"""Let *doc* pass the host's own check; its limit on overdue amounts only where somebody released *doc*.

	checked: what is known of it. Far below the host's limit nothing is lifted, and nothing written.
	"""
	watched = ["credit_limit"]
	if is_released and erpnext_overdue_limit.overdue_limit(doc.customer, doc.company):
		watched.append(erpnext_overdue_limit.FIELD)
	row = frappe.db.get_value(
		CUSTOMER_CREDIT_LIMIT,
		{"parent": doc.customer, "parenttype": "Customer", "company": doc.company},
		["name", *watched],
		as_dict=True,
	)
	if row and row.credit_limit and checked and not is_released and _is_far_below(row.credit_limit, checked):
		return
	fields = watched if row and row.credit_limit else _without_own_limit(doc, watched)
	if not fields:
		return
	if row:
		frappe.db.set_value(
			CUSTOMER_CREDIT_LIMIT, row.name, dict.fromkeys(fields, LIFTED), update_modified=False
		)
		state = frappe._dict(name=row.name, before={field: row[field] for field in fields})
	else:
		state = frappe._dict(name=_insert(doc, fields), before=None)
	state.customer = doc.customer
	doc.flags.client_ledger_lifted = state
	# A submit that fails may be caught, and the rest of its transaction committed.
	frappe.db.before_commit.add(lambda: _restore(state))


def _is_far_below(limit: float, checked: Checked) -> bool:
	"""Return whether the host's check passes by itself, with room for where it counts otherwise than we do.

	It may count a document twice while it is submitted, and deliveries by much more than they are worth.
	"""
	facts = checked.facts
	if len(checked.members) > 1 or facts.kind is Kind.DELIVERY or facts.exposure.deliveries:
		return False
	return 2 * (facts.exposure.total + 2 * facts.amount) <= as_money(limit)


def _without_own_limit(doc: Document, watched: list[str]) -> list[str]:
	"""Return those of *watched* that may stop a customer whose credit limit is its group's or company's, or nobody's."""
	limited = get_credit_limit(doc.customer, doc.company)
	return [field for field in watched if limited or field != "credit_limit"]


def restore(doc: Document) -> None:
	"""Put the host's limit back as it was."""
	if state := doc.flags.pop("client_ledger_lifted", None):
		_restore(state)


def _restore(state: dict) -> None:
	if state.get("restored"):
		return
	state["restored"] = True
	if state["before"] is None:
		frappe.db.delete(CUSTOMER_CREDIT_LIMIT, {"name": state["name"]})
	else:
		frappe.db.set_value(CUSTOMER_CREDIT_LIMIT, state["name"], state["before"], update_modified=False)
	# Whoever read the customer meanwhile may have left it in the cache.
	frappe.clear_document_cache("Customer", state["customer"])


def _insert(doc: Document, fields: list[str]) -> str:
	"""Give a customer whose limit is its group's or company's a row of its own for a moment."""
	name, now, user = frappe.generate_hash(length=10), now_datetime(), frappe.session.user
	frappe.db.bulk_insert(
		CUSTOMER_CREDIT_LIMIT,
		[
			*("name", "owner", "modified_by", "creation", "modified", "idx"),
			*("parent", "parenttype", "parentfield", "company", *fields),
		],
		[
			(
				*(name, user, user, now, now, 999),
				*(doc.customer, "Customer", "credit_limits", doc.company, *(LIFTED for _ in fields)),
			)
		],
	)
	return name
