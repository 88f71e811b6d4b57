"""Credit Concentration: how much of what is owed, or sold, hangs on the largest customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate

from client_ledger.core.credit.concentration import Concentration, Level, Share, concentration
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.credit.limits.credit_groups import parents
from client_ledger.ledger.reader import Scope
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.reporting.charts import bar_chart, customer_names
from client_ledger.reporting.credit import credit_rows, sales_of
from client_ledger.reporting.customers import CustomerFacts, CustomerFilters, customer_filters, facts_of
from client_ledger.reporting.scope import report_scope
from client_ledger.site.arguments import report_filters
from client_ledger.site.messages import filled

EXPOSURE, RECEIVABLE, SALES = "Exposure", "Open Items", "Sales (12 Months)"
BASES = (EXPOSURE, RECEIVABLE, SALES)
SHOWN, IN_CHART, MOST = 20, 10, 1000
COLOURS = {Level.LOW: "Green", Level.MODERATE: "Orange", Level.HIGH: "Red"}


@dataclass(frozen=True, slots=True)
class Filters:
	"""The report's filters, checked. together: customers who share a limit count as one."""

	company: str
	currency: str
	basis: str
	together: bool
	shown: int
	customers: CustomerFilters


@report_filters(shown=marked("Number of Customers"))
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = check(frappe._dict(filters or {}))
	found = concentration(amounts(asked, report_scope(asked.company, asked.customers)))
	facts = facts_of(share.key for share in found.shares[: asked.shown])
	return (
		get_columns(asked, facts),
		get_data(asked, found, facts),
		None,
		get_chart(found),
		get_summary(asked, found),
	)


def check(filters: Mapping[str, Any]) -> Filters:
	"""Return the filters checked, or name the one that is wrong."""
	company = checked.one_company(filters)
	shown = cint(filters.get("shown") or SHOWN)
	if not 1 <= shown <= MOST:
		checked.reject(_("Number of Customers"), filled(_("enter a number between 1 and {0}"), MOST))
	return Filters(
		company=company,
		currency=frappe.get_cached_value("Company", company, "default_currency"),
		basis=checked.a_choice(filters, "basis", _("Basis"), BASES),
		together=bool(filters.get("together", 1)),
		shown=shown,
		customers=customer_filters(filters),
	)


def amounts(asked: Filters, scope: Scope) -> dict[str, Decimal]:
	"""Return the amount of every customer of *scope*, or of all of them who share a limit."""
	if asked.basis == SALES:
		own = sales_of(asked.company, scope.customers)
	else:
		rows = credit_rows(scope, getdate())
		own = {row.customer: row.own.total if asked.basis == EXPOSURE else row.own.receivable for row in rows}
	if not asked.together:
		return dict(own)
	shares, found = parents(), {}
	for customer, amount in own.items():
		parent = shares.get(customer, customer)
		found[parent] = found.get(parent, ZERO) + amount
	return found


def get_columns(asked: Filters, facts: Mapping[str, CustomerFacts]) -> list[dict]:
	"""Return the columns; the customer's name only where it says more than the customer's id."""
	named = any(customer != fact.customer_name for customer, fact in facts.items())
	return [
		columns.number("rank", _("Rank"), 70),
		columns.link("customer", _("Customer"), "Customer", 220),
		*([columns.data("customer_name", _("Customer Name"), 180)] if named else []),
		columns.currency(),
		columns.amount("amount", _(asked.basis), 150),
		{"fieldname": "percent", "label": _("Share (%)"), "fieldtype": "Percent", "width": 100},
		{"fieldname": "cumulated", "label": _("Cumulative (%)"), "fieldtype": "Percent", "width": 110},
	]


def get_data(asked: Filters, found: Concentration, facts: Mapping[str, CustomerFacts]) -> list[dict]:
	"""Return the largest customers, the others as one row, and the total."""
	if not found.shares:
		return []
	shown, others = found.shares[: asked.shown], found.shares[asked.shown :]
	data = [
		{"rank": rank, "customer_name": facts[share.key].customer_name, **_row(asked, share)}
		for rank, share in enumerate(shown, start=1)
	]
	if others:
		data.append(
			{
				"customer": _("{0} others").format(len(others)),
				"currency": asked.currency,
				"amount": float(sum(share.amount for share in others)),
				"percent": round(sum(share.percent for share in others), 1),
				"cumulated": 100,
				"other": 1,
			}
		)
	total = {"customer": _("Total"), "currency": asked.currency, "amount": float(found.total)}
	return [*data, {**total, "percent": 100, "bold": 1, "other": 1}]


def _row(asked: Filters, share: Share) -> dict:
	return {
		"customer": share.key,
		"currency": asked.currency,
		"amount": float(share.amount),
		"percent": round(share.percent, 1),
		"cumulated": round(share.cumulated, 1),
	}


def get_chart(found: Concentration) -> dict | None:
	"""Return the shares of the largest and of the others."""
	if not found.shares:
		return None
	largest, others = found.shares[:IN_CHART], found.shares[IN_CHART:]
	names = customer_names(str(share.key) for share in largest)
	parts = [(names.get(str(share.key), str(share.key)), share.percent) for share in largest]
	if others:
		parts.append((_("{0} others").format(len(others)), sum(share.percent for share in others)))
	shares = [round(percent, 1) for _label, percent in parts]
	return bar_chart([label for label, _percent in parts], {_("Share (%)"): shares}, fieldtype="Percent")


def get_summary(asked: Filters, found: Concentration) -> list[dict]:
	"""Return the total, the shares of the largest, the index, and how many customers alike that would be."""
	if not found.shares:
		return []
	return [
		{
			"label": f"{_(asked.basis)} ({asked.currency})",
			"value": float(found.total),
			"datatype": "Currency",
			"currency": asked.currency,
			"indicator": "Blue",
		},
		_share(_("Share of Largest Customer"), found.of_largest(1)),
		*(_share(_("Share of {0} Largest Customers").format(n), found.of_largest(n)) for n in (5, 10)),
		{
			"label": _("Herfindahl Index (of 10,000)"),
			"value": round(found.index),
			"datatype": "Int",
			"indicator": COLOURS[found.level],
		},
		{
			"label": _("Equivalent Number of Equal Customers"),
			"value": f"{found.alike:.1f}",
			"datatype": "Data",
		},
		{
			"label": _("Concentration"),
			"value": _(found.level.value),
			"datatype": "Data",
			"indicator": COLOURS[found.level],
		},
	]


def _share(label: str, percent: float) -> dict:
	return {"label": label, "value": round(percent, 1), "datatype": "Percent"}
