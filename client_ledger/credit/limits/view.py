"""The limit in force and what counts for it, down to each document, as the user may see it.

Of others who share the limit and whom the user may not see, only the sum is shown: it counts.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.credit.exposure import Exposure, Part, utilisation
from client_ledger.core.credit.limits import Limit, LimitSource, LimitStep
from client_ledger.core.money import ZERO, as_money
from client_ledger.credit.limits import changes
from client_ledger.credit.limits.credit_groups import members_of
from client_ledger.credit.limits.effective import effective_limit
from client_ledger.credit.limits.exposure import ExposedDocument, documents, exposure
from client_ledger.ledger.reader import Ledger
from client_ledger.site.access import link, readable
from client_ledger.site.messages import filled

# Source of a step -> DocType of the document behind it.
BEHIND = {
	LimitSource.NO_CREDIT: "Credit Limit",
	LimitSource.TEMPORARY: "Credit Limit",
	LimitSource.RAISE: "Credit Reference",
	LimitSource.CAP: "Credit Reference",
}
# Part of the exposure -> its key on the Credit tab.
PARTS = {"receivable": Part.ITEM, "orders": Part.ORDER, "deliveries": Part.DELIVERY}


def exposure_view(customer: str, company: str) -> dict:
	"""Return limit, exposure and documents. The caller has checked that the user may see customer and company."""
	members = members_of(customer)
	limit, owed = effective_limit(members[0], company, getdate()), exposure(customer, company)
	visible = visible_customers(members)
	found = documents(customer, company)
	shown = [row for row in found if row.customer in visible]
	used = utilisation(owed.total, limit.amount)
	return {
		"customer": customer,
		"company": company,
		"currency": frappe.get_cached_value("Company", company, "default_currency"),
		"parent": members[0],
		"members": [name for name in members if name in visible],
		"hidden_members": len(members) - len(visible),
		"limit": limit_view(limit),
		"exposure": parts_view(owed),
		"used": round(used * 100, 2) if used is not None else None,
		"free": _number(limit.free(owed.total)),
		"documents": documents_view(shown),
		"hidden_amount": float(_sum(found) - _sum(shown)),
	}


def request_view(customer: str, company: str, limit_type: str, amount: float | None) -> dict:
	"""Return what a requested limit would change: the limit now and after it, what is free of each, and the recommended one.

	amount: company currency; without one there is no "after". The caller has checked that the user may see customer and company.
	"""
	today, owed = getdate(), exposure(customer, company)
	before = effective_limit(customer, company, today)
	is_given = bool(amount and amount > 0) or limit_type == changes.NO_CREDIT
	after = changes.limit_after(customer, company, limit_type, as_money(amount), today) if is_given else None
	grade, recommendation = changes.recommendation_of(customer, company)
	return {
		"currency": frappe.get_cached_value("Company", company, "default_currency"),
		"exposure": float(owed.total),
		"sharing": len(members_of(customer)),
		"before": _limit_and_free(before, owed),
		"after": _limit_and_free(after, owed) if after else None,
		"requested": (0.0 if limit_type == changes.NO_CREDIT else float(as_money(amount)))
		if is_given
		else None,
		"recommended": float(recommendation) if grade else None,
		"grade": grade,
	}


def _limit_and_free(limit: Limit, owed: Exposure) -> dict:
	return {
		"amount": _number(limit.amount),
		"source": _(limit.source.value),
		"free": _number(limit.free(owed.total)),
	}


def exposure_row(ledger: Ledger, customer: str, company: str, today: date) -> dict[str, Any]:
	"""Return exposure and limit of all who share the customer's limit, for the Credit tab."""
	members = members_of(customer)
	owed = exposure(customer, company, ledger)
	limit = effective_limit(customer, company, today)
	return {
		**parts_view(owed),
		"limit": limit_view(limit),
		"free": _number(limit.free(owed.total)),
		"used": utilisation(owed.total, limit.amount),
		"sharing": _customers(members) if len(members) > 1 else [],
	}


def document_rows(ledger: Ledger, customer: str, company: str, part: str) -> list[dict[str, Any]]:
	"""Return the documents of one part of the exposure, oldest first, for the Credit tab.

	Those of customers the user may not read are one line, so that the sum is right and nobody learns their names.
	"""
	if part not in PARTS:
		frappe.throw(filled(_("Exposure type {0} does not exist."), part))
	found = [row for row in documents(customer, company, ledger) if row.part == PARTS[part]]
	seen = visible_customers({row.customer for row in found})
	shown = [row for row in found if row.customer in seen]
	hidden = _sum(found) - _sum(shown)
	visible = readable(row.voucher for row in shown)
	rows = [{**link(row.voucher, visible), **_document(row)} for row in shown]
	if hidden:
		rows.append(
			{"doctype": None, "name": _("Other customers sharing the limit"), "amount": float(hidden)}
		)
	return rows


def visible_customers(names: Iterable[str]) -> set[str]:
	"""Return those of *names* that the user may read."""
	names = sorted(names)
	if not names:
		return set()
	return set(
		frappe.get_list(
			"Customer", {"name": ("in", names)}, pluck="name", order_by="name", limit_page_length=0
		)
	)


def limit_view(limit: Limit) -> dict:
	"""Return a limit for the screen, its steps in the order they were taken."""
	return {
		"state": limit.state.value,
		"amount": _number(limit.amount),
		"source": _(limit.source.value),
		"valid_to": str(limit.valid_to) if limit.valid_to else None,
		"steps": [_step(step) for step in limit.steps],
	}


def parts_view(owed: Exposure) -> dict:
	"""Return what exposure is made of."""
	return {
		"receivable": float(owed.receivable),
		"orders": float(owed.orders),
		"deliveries": float(owed.deliveries),
		"total": float(owed.total),
	}


def documents_view(rows: Sequence[ExposedDocument]) -> list[dict]:
	"""Return documents for the screen. can_open: whether the user may open it."""
	may_open = readable(row.voucher for row in rows)
	return [
		{
			"part": _(row.part.value),
			"customer": row.customer,
			"doctype": row.voucher.doctype,
			"name": row.voucher.name,
			"date": row.date,
			"due_date": row.due_date,
			"amount": float(row.amount),
			"can_open": row.voucher in may_open,
		}
		for row in rows
	]


def _step(step: LimitStep) -> dict:
	doctype = BEHIND.get(step.source)
	may_read = bool(step.document and doctype and frappe.has_permission(doctype, "read", doc=step.document))
	return {
		"source": _(step.source.value),
		"amount": _number(step.amount),
		"document": {"doctype": doctype, "name": step.document, "readable": may_read}
		if step.document
		else None,
	}


def _customers(names: Sequence[str]) -> list[dict[str, Any]]:
	"""Return who shares a limit, the parent first; names only of those the user may read."""
	visible = visible_customers(names)
	return [
		{"name": name, "label": frappe.db.get_value("Customer", name, "customer_name") or name}
		if name in visible
		else {"name": None, "label": _("Another customer")}
		for name in names
	]


def _document(row: ExposedDocument) -> dict[str, Any]:
	return {
		"customer": row.customer,
		"date": str(row.date),
		"due_date": str(row.due_date) if row.due_date else None,
		"amount": float(row.amount),
	}


def _number(amount: Decimal | None) -> float | None:
	return None if amount is None else float(amount)


def _sum(rows: Sequence[ExposedDocument]) -> Decimal:
	return sum((row.amount for row in rows), ZERO)
