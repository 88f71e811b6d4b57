"""Credit Exposure: what customers could still fail to pay, against the limit in force, down to each document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.credit.limits import LimitState
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.reporting.charts import BLUE, ORANGE, bar_chart, customer_names, in_currency
from client_ledger.reporting.credit import CreditRow, add_documents, credit_rows
from client_ledger.reporting.customers import CustomerFacts, CustomerFilters, customer_filters, facts_of
from client_ledger.reporting.scope import report_scope
from client_ledger.site.access import readable
from client_ledger.site.arguments import report_filters

STATES = ("", *(state.value for state in LimitState))
IN_CHART = 10


@dataclass(frozen=True, slots=True)
class Filters:
	"""The report's filters, checked. state: "" for any."""

	company: str
	currency: str
	state: str
	over_only: bool
	by_limit: bool
	idle: bool
	documents: bool
	customers: CustomerFilters


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = check(frappe._dict(filters or {}))
	scope = report_scope(asked.company, asked.customers)
	rows = [
		row
		for row in credit_rows(scope, getdate(), asked.by_limit, asked.idle)
		if (not asked.state or row.limit.state.value == asked.state) and (not asked.over_only or row.over)
	]
	if asked.documents:
		add_documents(rows, scope)
	facts = facts_of(row.customer for row in rows)
	return (
		get_columns(asked, facts),
		get_data(asked, rows, facts),
		None,
		get_chart(asked, rows),
		get_summary(asked, rows),
	)


def check(filters: Mapping[str, Any]) -> Filters:
	"""Return the filters checked, or name the one that is wrong."""
	company = checked.one_company(filters)
	return Filters(
		company=company,
		currency=frappe.get_cached_value("Company", company, "default_currency"),
		state=checked.a_choice(filters, "limit_state", _("Credit Limit Status"), STATES),
		over_only=bool(filters.get("over_only")),
		by_limit=bool(filters.get("by_limit")),
		idle=bool(filters.get("with_unused")),
		documents=bool(filters.get("with_documents")),
		customers=customer_filters(filters),
	)


def get_columns(asked: Filters, facts: Mapping[str, CustomerFacts]) -> list[dict]:
	"""Return the columns; those of documents only where documents are shown."""
	named = any(customer != fact.customer_name for customer, fact in facts.items())
	documents = [
		columns.data("part", _("Exposure Type"), 110),
		columns.data("voucher_type", _("Voucher Type"), 130),
		{
			"fieldname": "voucher_no",
			"label": _("Voucher No"),
			"fieldtype": "Dynamic Link",
			"options": "voucher_type",
			"width": 190,
		},
		columns.day("date", _("Date")),
		columns.day("due_date", _("Due Date")),
	]
	return [
		columns.link("customer", _("Customer"), "Customer", 200),
		*([columns.data("customer_name", _("Customer Name"), 160)] if named else []),
		columns.link("grade", _("Credit Grade"), "Credit Grade", 80),
		*(documents if asked.documents else []),
		columns.currency(),
		columns.amount("receivable", _("Open Items")),
		columns.amount("orders", _("Unbilled Orders")),
		columns.amount("deliveries", _("Unbilled Deliveries")),
		columns.amount("exposure", _("Exposure")),
		*([] if asked.by_limit else [columns.amount("counted", _("Counted Against Limit"), 140)]),
		columns.data("limit_state", _("Credit Limit Status"), 100),
		columns.amount("credit_limit", _("Credit Limit")),
		columns.data("source", _("Limit Source"), 150),
		columns.day("valid_to", _("Until")),
		{"fieldname": "used", "label": _("Limit Used (%)"), "fieldtype": "Percent", "width": 90},
		columns.amount("free", _("Available Credit")),
	]


def get_data(asked: Filters, rows: Sequence[CreditRow], facts: Mapping[str, CustomerFacts]) -> list[dict]:
	"""Return the customers, the documents of each under it, and a total."""
	may_open = readable(document.voucher for row in rows for document in row.documents)
	data = []
	for row in rows:
		data.append({**_row(asked, row), "customer_name": facts[row.customer].customer_name})
		data.extend(_document_rows(asked, row, may_open))
	if rows:
		data.append(_total(asked, rows))
	return data


def _row(asked: Filters, row: CreditRow) -> dict:
	free = row.limit.free(row.counted.total)
	return {
		"customer": row.customer,
		"grade": row.grade,
		"currency": asked.currency,
		"receivable": float(row.own.receivable),
		"orders": float(row.own.orders),
		"deliveries": float(row.own.deliveries),
		"exposure": float(row.own.total),
		"counted": float(row.counted.total),
		"state": row.limit.state.value,
		"limit_state": _(row.limit.state.value),
		"credit_limit": None if row.limit.amount is None else float(row.limit.amount),
		"source": _(row.limit.source.value),
		"valid_to": row.limit.valid_to,
		"used": row.used,
		"free": None if free is None else float(free),
		"over": float(row.over),
		"indent": 0,
		"bold": int(asked.documents),
	}


def _document_rows(asked: Filters, row: CreditRow, may_open: set[Voucher]) -> list[dict]:
	return [
		{
			"customer": document.customer,
			"part": _(document.part.value),
			"voucher_type": document.voucher.doctype,
			"voucher_no": document.voucher.name,
			"can_open": int(document.voucher in may_open),
			"date": document.date,
			"due_date": document.due_date,
			"currency": asked.currency,
			"exposure": float(document.amount),
			"indent": 1,
		}
		for document in row.documents
	]


def _total(asked: Filters, rows: Sequence[CreditRow]) -> dict:
	return {
		"customer": _("Total"),
		"currency": asked.currency,
		"receivable": float(sum(row.own.receivable for row in rows)),
		"orders": float(sum(row.own.orders for row in rows)),
		"deliveries": float(sum(row.own.deliveries for row in rows)),
		"exposure": float(sum(row.own.total for row in rows)),
		"bold": 1,
		"total": 1,
	}


def get_chart(asked: Filters, rows: Sequence[CreditRow]) -> dict | None:
	"""Return the largest exposures beside their limits; unlimited ones show none."""
	if not rows:
		return None
	largest = rows[:IN_CHART]
	names = customer_names(row.customer for row in largest)
	series = {
		_("Exposure"): [float(row.counted.total) for row in largest],
		_("Credit Limit"): [float(row.limit.amount or 0) for row in largest],
	}
	labels = [names.get(row.customer, row.customer) for row in largest]
	return bar_chart(labels, series, (ORANGE, BLUE), **in_currency(asked.currency))


def get_summary(asked: Filters, rows: Sequence[CreditRow]) -> list[dict]:
	"""Return exposure, how much of it is under no limit, how many limits are exceeded and by how much."""
	if not rows:
		return []
	total = sum((row.own.total for row in rows), ZERO)
	unlimited = sum((row.own.total for row in rows if row.limit.state is LimitState.UNLIMITED), ZERO)
	# Of several customers who share a limit, any one stands for it.
	exceeded = {row.parent: row.over for row in rows if row.over}
	over = sum(exceeded.values(), ZERO)
	return [
		_amount(asked, _("Exposure"), total, "Blue"),
		_amount(asked, _("Without Limit"), unlimited, "Grey"),
		_amount(asked, _("Over Limit"), over, "Red" if over else "Green"),
		{
			"label": _("Customers over Limit"),
			"value": sum(1 for row in rows if row.over),
			"datatype": "Int",
			"indicator": "Red" if exceeded else "Green",
		},
	]


def _amount(asked: Filters, label: str, amount: Decimal, indicator: str) -> dict:
	return {
		"label": f"{label} ({asked.currency})",
		"value": float(amount),
		"datatype": "Currency",
		"currency": asked.currency,
		"indicator": indicator,
	}
