"""The limit in force and what counts for it, down to each document, as the user may see it.

Of others who share the limit and whom the user may not see, only the sum is shown: it counts.
"""

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.credit.exposure import Exposure, utilisation
from client_ledger.core.credit.limits import Limit, Step
from client_ledger.core.money import ZERO
from client_ledger.customer_ledger.access import readable
from client_ledger.limits.exposure import ExposedDocument, documents, exposure
from client_ledger.limits.limits import effective_limit
from client_ledger.limits.sharing import sharing

# Source of a step -> DocType of the document behind it.
BEHIND = {
	"NO_CREDIT": "Credit Limit",
	"TEMPORARY": "Credit Limit",
	"RAISE": "Credit Reference",
	"CAP": "Credit Reference",
}


def exposure_view(customer: str, company: str) -> dict:
	"""Return limit, exposure and documents. The caller has checked that the user may see customer and company."""
	members = sharing(customer)
	limit, owed = effective_limit(members[0], company, getdate()), exposure(customer, company)
	visible = visible_customers(members)
	found = documents(customer, company)
	shown = [row for row in found if row.customer in visible]
	used = utilisation(owed.total, limit.amount)
	return {
		"customer": customer,
		"company": company,
		"currency": frappe.get_cached_value("Company", company, "default_currency"),
		"holder": members[0],
		"members": [name for name in members if name in visible],
		"hidden_members": len(members) - len(visible),
		"limit": limit_view(limit),
		"exposure": parts_view(owed),
		"used": round(used * 100, 2) if used is not None else None,
		"free": None if limit.amount is None else float(limit.amount - owed.total),
		"documents": documents_view(shown),
		"hidden_amount": float(_sum(found) - _sum(shown)),
	}


def visible_customers(names: Sequence[str]) -> set[str]:
	"""Return those of *names* that the user may read."""
	return set(
		frappe.get_list(
			"Customer", {"name": ("in", names)}, pluck="name", order_by="name", limit_page_length=0
		)
	)


def limit_view(limit: Limit) -> dict:
	"""Return a limit for the screen, its steps in the order they were taken."""
	return {
		"state": limit.state.value,
		"amount": None if limit.amount is None else float(limit.amount),
		"source": _(limit.source.value),
		"valid_to": limit.valid_to,
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


def _step(step: Step) -> dict:
	return {
		"source": _(step.source.value),
		"amount": None if step.amount is None else float(step.amount),
		"doctype": BEHIND.get(step.source.name) if step.document else None,
		"document": step.document,
	}


def _sum(rows: Sequence[ExposedDocument]) -> Decimal:
	return sum((row.amount for row in rows), ZERO)
