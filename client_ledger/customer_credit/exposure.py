"""Exposure against the limit on the Credit tab, and the documents it is made of."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from client_ledger.core.credit.exposure import Part, utilisation
from client_ledger.core.credit.limits import Limit, Source, Step
from client_ledger.customer_ledger.access import readable
from client_ledger.customer_ledger.view import link
from client_ledger.ledger.reader import Ledger
from client_ledger.limits.exposure import ExposedDocument, documents, exposure
from client_ledger.limits.limits import effective_limit
from client_ledger.limits.sharing import sharing

# Part of the exposure -> its key on the tab, as ExposedDocument names them.
PARTS = {"receivable": Part.ITEM, "orders": Part.ORDER, "deliveries": Part.DELIVERY}
# What made a step of a limit, and whether its document is one of ours.
DOCUMENTS = {
	Source.NO_CREDIT: "Credit Limit",
	Source.TEMPORARY: "Credit Limit",
	Source.RAISE: "Credit Reference",
	Source.CAP: "Credit Reference",
}


def exposure_row(ledger: Ledger, customer: str, company: str, today: date) -> dict[str, Any]:
	"""Return exposure and limit of all who share the customer's limit, in company currency."""
	members = sharing(customer)
	found = exposure(customer, company, ledger)
	limit = effective_limit(customer, company, today)
	free = limit.free(found.total)
	used = utilisation(found.total, limit.amount)
	return {
		"receivable": float(found.receivable),
		"orders": float(found.orders),
		"deliveries": float(found.deliveries),
		"total": float(found.total),
		"limit": limit_row(limit),
		"free": None if free is None else float(free),
		"used": used,
		"sharing": _customers(members) if len(members) > 1 else [],
	}


def limit_row(limit: Limit) -> dict[str, Any]:
	"""Return the limit in force and how it came about."""
	return {
		"state": limit.state.value,
		"amount": _number(limit.amount),
		"valid_to": str(limit.valid_to) if limit.valid_to else None,
		"steps": [_step(step) for step in limit.steps],
	}


def _step(step: Step) -> dict[str, Any]:
	doctype = DOCUMENTS.get(step.source)
	may_read = bool(step.document and doctype and frappe.has_permission(doctype, "read", doc=step.document))
	return {
		"source": _(step.source.value),
		"amount": _number(step.amount),
		"document": {"doctype": doctype, "name": step.document, "readable": may_read}
		if step.document
		else None,
	}


def _customers(names: Iterable[str]) -> list[dict[str, Any]]:
	"""Return who shares a limit, the holder first; names only of those the user may read."""
	visible = _readable_customers(names)
	return [
		{"name": name, "label": frappe.db.get_value("Customer", name, "customer_name") or name}
		if name in visible
		else {"name": None, "label": _("Another customer")}
		for name in names
	]


def _readable_customers(names: Iterable[str]) -> set[str]:
	filters = {"name": ("in", list(names))}
	return set(frappe.get_list("Customer", filters=filters, pluck="name", order_by="name"))


def document_rows(ledger: Ledger, customer: str, company: str, part: str) -> list[dict[str, Any]]:
	"""Return the documents of one part of the exposure, oldest first.

	Those of customers the user may not read are one line, so that the sum is right and nobody learns their names.
	"""
	if part not in PARTS:
		frappe.throw(_("Exposure has no part {0}.").format(part))
	found = [row for row in documents(customer, company, ledger) if row.part == PARTS[part]]
	visible_customers = _readable_customers({row.customer for row in found}) if found else set()
	shown = [row for row in found if row.customer in visible_customers]
	hidden = sum((row.amount for row in found if row.customer not in visible_customers), Decimal(0))
	visible = readable(row.voucher for row in shown)
	rows = [{**link(row.voucher, visible), **_document(row)} for row in shown]
	if hidden:
		rows.append(
			{"doctype": None, "name": _("Other customers who share the limit"), "amount": float(hidden)}
		)
	return rows


def _document(row: ExposedDocument) -> dict[str, Any]:
	return {
		"customer": row.customer,
		"date": str(row.date),
		"due_date": str(row.due_date) if row.due_date else None,
		"amount": float(row.amount),
	}


def _number(amount: Decimal | None) -> float | None:
	return None if amount is None else float(amount)
