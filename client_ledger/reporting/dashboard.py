"""Number cards and charts of the workspace: figures of one company, over the accounts the user may see.

Each takes the filters of its card or chart, {"company": ...}; without one, the user's default company counts.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.status import PaymentStatus
from client_ledger.ledger.site import site_ledger
from client_ledger.reporting.accounts import SUMMED, Totals, account_rows, add_up, by_status
from client_ledger.reporting.customers import CustomerFilters
from client_ledger.reporting.months import month_label
from client_ledger.reporting.scope import CARD, report_scope
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.requirements import requires
from client_ledger.site.settings import get_settings
from client_ledger.site.visible import may_list

Filters = dict | list | str | None
# Two years and the month that is running: the axis shows every second, third or fourth month and always the last.
MONTHS = 25
LATE = (PaymentStatus.OVERDUE, PaymentStatus.LONG_OVERDUE)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def total_receivable(filters: Filters = None) -> dict:
	"""Return what customers owe."""
	company = filters["company"]
	return money(_totals(company).receivable, company)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def overdue(filters: Filters = None) -> dict:
	"""Return what is past its due date."""
	company = filters["company"]
	return money(_totals(company).overdue, company)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def overdue_share(filters: Filters = None) -> dict:
	"""Return overdue in percent of what customers owe."""
	company = filters["company"]
	share = float(_totals(company).overdue_share)
	return {"value": round(share, 1), "fieldtype": "Percent", "precision": 1, **_ageing_route(company)}


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def unallocated(filters: Filters = None) -> dict:
	"""Return payments and credits not set against an invoice yet."""
	company = filters["company"]
	return money(_totals(company).unallocated, company)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def customers_overdue(filters: Filters = None) -> dict:
	"""Return how many customers have something overdue, long or not."""
	return _count(filters["company"], LATE)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def customers_long_overdue(filters: Filters = None) -> dict:
	"""Return how many customers are long overdue."""
	return _count(filters["company"], (PaymentStatus.LONG_OVERDUE,))


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def ageing_chart(filters: Filters = None) -> dict:
	"""Return open amounts by how long they are overdue."""
	company = filters["company"]
	amounts = _totals(company).ageing
	if not any(amounts):
		return {}
	labels = [_("Not Due"), *get_settings().labels]
	return chart(labels, {_("Outstanding"): [float(amount) for amount in amounts]})


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def billed_and_received_chart(filters: Filters = None) -> dict:
	"""Return what was billed (less credit notes) and received per month."""
	if not may_list("Customer"):
		return {}
	company = filters["company"]
	scope = report_scope(company, CustomerFilters())
	months = site_ledger().monthly(scope, getdate(), MONTHS)
	if not any(month.billed or month.received for month in months):
		return {}
	return chart(
		[month_label(month.month) for month in months],
		{
			_("Billed"): [float(month.billed - month.credited) for month in months],
			_("Amount Received"): [float(month.received) for month in months],
		},
	)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def status_chart(filters: Filters = None) -> dict:
	"""Return how many customers have each payment status."""
	counted = by_status(account_rows(filters["company"], ["payment_status"]))
	if not any(counted.values()):
		return {}
	return chart([_(status.value) for status in counted], {_("Customers"): list(counted.values())})


def money(amount: Any, company: str) -> dict:
	"""Return an amount as a number card takes it.

	The desk puts the currency of the user's default company to it, so another company's amount goes bare.
	"""
	is_default = company == frappe.defaults.get_user_default("Company")
	return {
		"value": float(amount),
		"fieldtype": "Currency" if is_default else "Float",
		"options": "Company:company:default_currency",
		**_ageing_route(company),
	}


def chart(labels: list[str], series: dict[str, list]) -> dict:
	"""Return labels and series as a dashboard chart takes them."""
	return {
		"labels": labels,
		"datasets": [{"name": name, "values": values} for name, values in series.items()],
	}


def _totals(company: str) -> Totals:
	return add_up(account_rows(company, SUMMED))


def _count(company: str, statuses: tuple[PaymentStatus, ...]) -> dict:
	counted = by_status(account_rows(company, ["payment_status"]))
	wanted = ",".join(status.value for status in statuses)
	return {
		"value": sum(counted[status] for status in statuses),
		"fieldtype": "Int",
		"route": ["List", CLIENT_ACCOUNT, "List"],
		"route_options": {"company": company, "payment_status": ["in", wanted]},
	}


def _ageing_route(company: str) -> dict:
	return {"route": ["query-report", "Client Ageing"], "route_options": {"company": company}}
