"""Number cards of the workspace's Credit section: figures of one company, over what the user may see.

Each takes the filters of its card, {"company": ...}; without one, the user's default company counts.
"""

import frappe
from frappe.utils import getdate

from client_ledger.core.money import ZERO, as_money
from client_ledger.reporting.accounts import account_rows
from client_ledger.reporting.dashboard import Filters, money
from client_ledger.reporting.scope import CARD
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import CLIENT_ACCOUNT, CREDIT_HOLD
from client_ledger.site.requirements import requires

ON_HOLD = "On Hold"
RISKY = ("D", "E")
# A customer's own exposure: `credit_exposure` is that of all who share its limit, and would count several times.
OWN_EXPOSURE = ("balance", "unbilled_orders", "unbilled_deliveries")


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def documents_on_hold(filters: Filters = None) -> dict:
	"""Return how many documents wait for a decision."""
	company = filters["company"]
	return {"value": len(_waiting(company)), "fieldtype": "Int", **_queue(company)}


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def amount_on_hold(filters: Filters = None) -> dict:
	"""Return the amount of the documents that wait for a decision."""
	company = filters["company"]
	amount = sum((as_money(row.amount) for row in _waiting(company)), ZERO)
	return {**money(amount, company), **_queue(company)}


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def customers_over_limit(filters: Filters = None) -> dict:
	"""Return how many customers owe and ordered more than they may; whoever is given no credit may owe nothing."""
	company = filters["company"]
	rows = account_rows(
		company,
		["limit_state", "limit_utilisation", "credit_exposure"],
		where={"limit_state": ("!=", "Unlimited")},
	)
	over = [
		row
		for row in rows
		if row["limit_utilisation"] > 100
		or (row["limit_state"] == "No Credit" and row["credit_exposure"] > 0)
	]
	return {
		"value": len(over),
		"fieldtype": "Int",
		"route": ["List", CLIENT_ACCOUNT, "List"],
		"route_options": {"company": company, "limit_utilisation": [">=", 100]},
	}


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def risky_exposure(filters: Filters = None) -> dict:
	"""Return what customers of the two worst grades could still fail to pay."""
	company = filters["company"]
	rows = account_rows(company, OWN_EXPOSURE, where={"credit_grade": ("in", RISKY)})
	total = sum((as_money(row[field]) for row in rows for field in OWN_EXPOSURE), ZERO)
	return {
		**money(total, company),
		"route": ["List", CLIENT_ACCOUNT, "List"],
		"route_options": {"company": company, "credit_grade": ["in", ",".join(RISKY)]},
	}


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def assessments_expired(filters: Filters = None) -> dict:
	"""Return how many customers' grades are past their last day."""
	company, today = filters["company"], getdate()
	rows = account_rows(company, ["name"], where={"grade_valid_to": ("<", today)})
	return {
		"value": len(rows),
		"fieldtype": "Int",
		"route": ["List", CLIENT_ACCOUNT, "List"],
		"route_options": {"company": company, "grade_valid_to": ["<", str(today)]},
	}


def _waiting(company: str) -> list[frappe._dict]:
	"""Return the holds that wait, of the customers the user may see; none where holds are closed to the user."""
	if not frappe.has_permission(CREDIT_HOLD, "read"):
		return []
	return frappe.get_list(
		CREDIT_HOLD,
		filters={"company": company, "status": ON_HOLD},
		fields=["name", "amount"],
		order_by="held_on asc",
		limit_page_length=0,
	)


def _queue(company: str) -> dict:
	return {
		"route": ["List", CREDIT_HOLD, "List"],
		"route_options": {"company": company, "status": ON_HOLD},
	}
