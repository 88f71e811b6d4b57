"""Contact Coverage: of the customers with something overdue, how many were spoken to lately, and which were not."""

import frappe
from frappe import _
from frappe.utils import cint, flt, getdate

from client_ledger.collections import access
from client_ledger.reporting import collections, columns
from client_ledger.reporting import filters as checked
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import CLIENT_ACCOUNT

NO_ONE = "No Owner"


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary), a row per collector, in company currency."""
	given = frappe._dict(filters or {})
	company, currency = collections.company_of(given)
	days = cint(given.get("days") or 30)
	if days < 1:
		checked.reject(_("Contact Limit Period (Days)"), _("enter a number of days greater than 0"))
	rows = read(company, currency, days)
	shares = {row["name"]: row["coverage"] for row in rows}
	return (
		get_columns(),
		rows,
		None,
		collections.chart(shares, _("Coverage (%)"), translated=True),
		get_summary(rows),
	)


def read(company: str, currency: str, days: int) -> list[dict]:
	"""Return how many overdue customers each collector has spoken to within *days*; only what the user may see."""
	accounts = frappe.get_list(
		CLIENT_ACCOUNT,
		{"company": company, "overdue": (">", 0)},
		["customer", "overdue", "collector", "account_manager", "last_contact_on"],
		order_by="name",
		limit_page_length=0,
	)
	if access.sees_own_only():
		own = set(access.covers_for(frappe.session.user))
		accounts = [row for row in accounts if {row.collector, row.account_manager} & own]
	today = getdate()
	found: dict[str, dict] = {}
	for account in accounts:
		user = account.collector or account.account_manager
		row = found.setdefault(
			user or "",
			{"collector": user, "name": frappe.utils.get_fullname(user) if user else _(NO_ONE), "currency": currency,
			 "customers": 0, "contacted": 0, "never": 0, "overdue": 0.0, "not_contacted": 0.0},
		)  # fmt: skip
		row["customers"] += 1
		row["overdue"] += flt(account.overdue)
		if account.last_contact_on and (today - account.last_contact_on).days <= days:
			row["contacted"] += 1
		else:
			row["never"] += not account.last_contact_on
			row["not_contacted"] += flt(account.overdue)
	for row in found.values():
		row["coverage"] = 100 * row["contacted"] / row["customers"]
	return sorted(found.values(), key=lambda row: (-row["overdue"], row["name"]))


def get_columns() -> list[dict]:
	"""Return the columns."""
	return [
		columns.data("name", _("Collector"), 180),
		columns.number("customers", _("Overdue Customers"), 140),
		columns.number("contacted", _("Contacted"), 110),
		columns.number("never", _("Never Contacted"), 130),
		{"fieldname": "coverage", "label": _("Coverage (%)"), "fieldtype": "Percent", "width": 110},
		columns.currency(),
		columns.amount("overdue", _("Overdue")),
		columns.amount("not_contacted", _("Overdue, Not Contacted"), 170),
	]


def get_summary(rows: list[dict]) -> list[dict]:
	"""Return the coverage over all collectors."""
	customers = sum(row["customers"] for row in rows)
	if not customers:
		return []
	contacted = sum(row["contacted"] for row in rows)
	return [
		{"label": _("Overdue Customers"), "value": customers, "datatype": "Int"},
		{"label": _("Contacted"), "value": contacted, "datatype": "Int", "indicator": "Green"},
		{"label": _("Coverage (%)"), "value": 100 * contacted / customers, "datatype": "Percent"},
	]
