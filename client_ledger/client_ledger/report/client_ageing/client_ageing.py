"""Client Ageing: what customers owe on a date, by how long, under a customer, group, territory, sales person or grade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _

from client_ledger.core.ageing import Basis, bucket_labels
from client_ledger.core.marked import marked
from client_ledger.ledger.site import site_ledger
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.reporting.accounts import grades_of
from client_ledger.reporting.ageing import AgedKey, AgedRow, age_customers, group_rows, total_rows
from client_ledger.reporting.charts import BLUE, GREEN, ORANGE, PURPLE, bar_chart, in_currency
from client_ledger.reporting.customers import CustomerFacts, CustomerFilters, customer_filters, facts_of
from client_ledger.reporting.scope import report_scope
from client_ledger.site.access import currencies_of
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import CREDIT_GRADE

GROUPS = ("Customer", "Customer Group", "Territory", "Sales Person", CREDIT_GRADE)
BASES = ("Due Date", "Posting Date")
Rows = Mapping[AgedKey, AgedRow]


@dataclass(frozen=True, slots=True)
class Filters:
	"""The report's filters, checked. `currencies` are those of the companies, None for party currencies."""

	companies: tuple[str, ...]
	as_of: date
	ranges: tuple[int, ...]
	basis: Basis
	group_by: str
	by_terms: bool
	currencies: Mapping[str, str] | None
	customers: CustomerFilters


@report_filters(report_date=marked("As On Date"))
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = check(frappe._dict(filters or {}))
	scope = report_scope(asked.companies, asked.customers)
	items = site_ledger().open_items(scope, asked.as_of, asked.by_terms)
	rows = age_customers(items, asked.as_of, asked.ranges, asked.basis, asked.currencies)
	totals = total_rows(rows.values(), asked.ranges)
	facts = facts_of(key.customer for key in rows)
	return (
		get_columns(asked, facts),
		get_data(asked, rows, facts, totals),
		None,
		get_chart(asked, totals),
		get_summary(totals),
	)


def check(filters: Mapping[str, Any]) -> Filters:
	"""Return the filters checked, or name the one that is wrong."""
	companies = checked.companies(filters)
	basis = checked.a_choice(filters, "ageing_based_on", _("Ageing Based On"), BASES)
	return Filters(
		companies=companies,
		as_of=checked.a_date(filters, "report_date", _("As On Date")),
		ranges=checked.ranges(filters),
		basis="due" if basis == "Due Date" else "posting",
		group_by=checked.a_choice(filters, "group_by", _("Group By"), GROUPS),
		by_terms=bool(filters.get("based_on_payment_terms", 1)),
		currencies=None if filters.get("in_party_currency") else currencies_of(companies),
		customers=customer_filters(filters),
	)


def get_columns(asked: Filters, facts: Mapping[str, CustomerFacts]) -> list[dict]:
	"""Return the columns; the customer's name only where it says more than the customer's id."""
	group = (
		[]
		if asked.group_by == "Customer"
		else [columns.link(frappe.scrub(asked.group_by), _(asked.group_by), asked.group_by, 180)]
	)
	named = any(customer != fact.customer_name for customer, fact in facts.items())
	return [
		*group,
		columns.link("customer", _("Customer"), "Customer", 200),
		*([columns.data("customer_name", _("Customer Name"), 160)] if named else []),
		*columns.company(asked.companies),
		columns.currency(),
		columns.amount("outstanding", _("Outstanding")),
		columns.amount("not_due", _("Not Due")),
		*columns.buckets(asked.ranges),
		columns.amount("past_due", _("Overdue")),
		columns.amount("unallocated", _("Unallocated Amount")),
		columns.number("oldest_days", _("Oldest Item (Days)"), 120),
		columns.number("open_items", _("Open Items")),
	]


def get_data(
	asked: Filters, rows: Rows, facts: Mapping[str, CustomerFacts], totals: Sequence[AgedRow]
) -> list[dict]:
	"""Return customers with the largest amounts first, under their group's totals, and totals per currency."""
	data = (
		_customer_rows(rows, facts, {}) if asked.group_by == "Customer" else _grouped_rows(asked, rows, facts)
	)
	label = {frappe.scrub(asked.group_by): _("Total"), "bold": 1, "total": 1}
	return [*data, *({**total.values(), **label} for total in totals)]


def _grouped_rows(asked: Filters, rows: Rows, facts: Mapping[str, CustomerFacts]) -> list[dict]:
	fieldname = frappe.scrub(asked.group_by)
	if asked.group_by == CREDIT_GRADE:
		group_of = grades_of(asked.companies, rows)
	else:
		group_of = {key: getattr(facts[key.customer], fieldname) for key in rows}
	data = []
	for group in group_rows(rows, group_of):
		for total in total_rows(group.rows.values(), asked.ranges):
			data.append({**total.values(), fieldname: group.name, "bold": 1, "indent": 0})
			in_currency = {key: row for key, row in group.rows.items() if row.currency == total.currency}
			data.extend(_customer_rows(in_currency, facts, {fieldname: group.name, "indent": 1}))
	return data


def _customer_rows(rows: Rows, facts: Mapping[str, CustomerFacts], also: Mapping[str, object]) -> list[dict]:
	by_amount = sorted(rows.items(), key=lambda pair: (pair[1].currency, -pair[1].ageing.total, pair[0]))
	return [
		{
			"customer": key.customer,
			"customer_name": facts[key.customer].customer_name,
			"company": key.company,
			**also,
			**row.values(),
		}
		for key, row in by_amount
	]


def get_chart(asked: Filters, totals: Sequence[AgedRow]) -> dict | None:
	"""Return bars per bucket, a series per currency."""
	if not totals:
		return None
	labels = [_("Not Due"), *bucket_labels(asked.ranges)]
	series = {
		total.currency: [float(amount) for amount in (total.ageing.not_due, *total.ageing.buckets)]
		for total in totals
	}
	currency = totals[0].currency if len(totals) == 1 else None
	return bar_chart(labels, series, (BLUE, ORANGE, GREEN, PURPLE), **in_currency(currency))


def get_summary(totals: Sequence[AgedRow]) -> list[dict]:
	"""Return outstanding, overdue, overdue share and unallocated, each per currency."""
	summary = []
	for total in totals:
		owed = total.ageing.total + total.unallocated
		share = total.past_due / owed * 100 if owed else 0
		for label, amount, indicator in (
			(_("Outstanding"), total.ageing.total, "Blue"),
			(_("Overdue"), total.past_due, "Red" if total.past_due else "Green"),
			(_("Unallocated Amount"), total.unallocated, "Grey"),
		):
			summary.append(
				{
					"label": f"{label} ({total.currency})",
					"value": float(amount),
					"datatype": "Currency",
					"currency": total.currency,
					"indicator": indicator,
				}
			)
		label = f"{_('Overdue %')} ({total.currency})"
		summary.append({"label": label, "value": round(float(share), 1), "datatype": "Percent"})
	return summary
