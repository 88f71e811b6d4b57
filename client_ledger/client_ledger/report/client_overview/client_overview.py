"""Client Overview: the accounts of the customers of a company or several, with status and segments, as last refreshed."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.docfield.docfield import DocField

from client_ledger.core.status import PaymentStatus
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.reporting.accounts import SUMMED, account_rows, add_up, by_status
from client_ledger.reporting.charts import bar_chart
from client_ledger.reporting.customers import customer_filters
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.settings import get_settings

FIELDS = (
	"customer", "customer_name", "payment_status", "currency", "balance", "overdue", "oldest_overdue_days", "not_due",
	"bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5", "unallocated", "unbilled_orders",
	"unbilled_deliveries", "volume_segment", "sales_12_months", "behaviour_segment", "average_days_late",
	"average_days_to_pay", "stage", "account_manager", "customer_group", "territory", "last_invoice_date",
	"last_payment_date", "open_items", "ties_to_gl", "refreshed_on",
)  # fmt: skip
CHOICES = ("payment_status", "volume_segment", "behaviour_segment", "stage", "account_manager")
TRANSLATED = ("payment_status", "behaviour_segment", "stage")
WIDTHS = {
	"customer": 180,
	"payment_status": 130,
	"oldest_overdue_days": 170,
	"customer_name": 160,
	"account_manager": 160,
	"refreshed_on": 160,
}


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	filters = frappe._dict(filters or {})
	companies = checked.companies(filters)
	where = {fieldname: filters[fieldname] for fieldname in CHOICES if filters.get(fieldname)}
	if filters.get("with_balance"):
		where["open_items"] = (">", 0)
	rows = account_rows(companies, {*FIELDS, *SUMMED, "name", "company"}, customer_filters(filters), where)
	return get_columns(companies, rows), get_data(rows), None, get_chart(rows), get_summary(rows)


def get_columns(companies: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[dict]:
	"""Return the account's own fields as columns, the buckets under the days the site has set."""
	meta, labels = frappe.get_meta(CLIENT_ACCOUNT), get_settings().labels
	labels = {f"bucket_{i}": label for i, label in enumerate(labels, start=1)}
	named = any(row["customer"] != row["customer_name"] for row in rows)
	found = [
		get_column(meta.get_field(fieldname), labels.get(fieldname))
		for fieldname in FIELDS
		if named or fieldname != "customer_name"
	]
	return [*found[:1], *columns.company(companies), *found[1:]]


def get_column(field: DocField, label: str | None) -> dict:
	"""Return a field of the account as a column."""
	label, width = label or _(field.label, context=CLIENT_ACCOUNT), WIDTHS.get(field.fieldname, 115)
	if field.fieldtype == "Link":
		return columns.link(field.fieldname, label, field.options, width)
	if field.fieldtype == "Select":
		return columns.data(field.fieldname, label, width)
	return {
		"fieldname": field.fieldname,
		"label": label,
		"fieldtype": field.fieldtype,
		"options": field.options,
		"precision": field.precision,
		"width": width,
	}


def get_data(rows: Sequence[Mapping[str, Any]]) -> list[dict]:
	"""Return the rows with their choices translated; `status` keeps the stored one for the colour."""
	return [
		{
			**row,
			"status": row["payment_status"],
			**{field: _(row[field]) for field in TRANSLATED if row[field]},
		}
		for row in rows
	]


def get_chart(rows: Sequence[Mapping[str, Any]]) -> dict | None:
	"""Return how many customers stand at each payment status."""
	if not rows:
		return None
	counted = by_status(rows)
	labels = [_(status.value) for status in counted]
	return bar_chart(labels, {_("Customers"): list(counted.values())}, fieldtype="Int")


def get_summary(rows: Sequence[Mapping[str, Any]]) -> list[dict]:
	"""Return balance, overdue, overdue share and unallocated per currency, and how many customers are overdue."""
	if not rows:
		return []
	counted = by_status(rows)
	late = counted[PaymentStatus.OVERDUE] + counted[PaymentStatus.LONG_OVERDUE]
	currencies = sorted({row["currency"] for row in rows})
	return [
		*(figure for currency in currencies for figure in _sums(rows, currency, len(currencies) > 1)),
		{"label": _("Overdue Customers"), "value": late, "datatype": "Int", "indicator": "Orange"},
		{
			"label": _("Long Overdue Customers"),
			"value": counted[PaymentStatus.LONG_OVERDUE],
			"datatype": "Int",
			"indicator": "Red",
		},
	]


def _sums(rows: Sequence[Mapping[str, Any]], currency: str, several: bool) -> list[dict]:
	totals = add_up(row for row in rows if row["currency"] == currency)
	amounts = (
		(_("Balance"), totals.balance, "Blue"),
		(_("Overdue"), totals.overdue, "Red" if totals.overdue else "Green"),
		(_("Unallocated Amount"), totals.unallocated, "Grey"),
	)
	share = f"{_('Overdue %')} ({currency})" if several else _("Overdue %")
	return [
		*(
			{
				"label": f"{label} ({currency})",
				"value": float(amount),
				"datatype": "Currency",
				"currency": currency,
				"indicator": indicator,
			}
			for label, amount, indicator in amounts
		),
		{"label": share, "value": round(float(totals.overdue_share), 1), "datatype": "Percent"},
	]
