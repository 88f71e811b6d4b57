"""What the desk asks the server for about dunning: the Dunning tab, runs, replays. About single notices it asks client_ledger.outbox.api.

Each function begins with its permission check; see client_ledger.dunning.access for who may do what.
"""

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime

from client_ledger.dunning import access, decisions, runs, tab
from client_ledger.dunning.planning import levels, preview, replay
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox.decisions import approve
from client_ledger.outbox.listing import listed, permitted_names
from client_ledger.site.access import check_company, check_customer, permitted_companies
from client_ledger.site.arguments import a_date, a_name, a_text, arguments
from client_ledger.site.doctypes import CLIENT_ACCOUNT, DUNNING_RUN, LEDGER_NOTICE
from client_ledger.site.request import as_date, balances_of, company_of_customer

MOST_ROWS = 500


@frappe.whitelist(methods=["GET"])
@arguments()
def customer_dunning(customer: str, company: str | None = None) -> dict:
	"""Return the Dunning tab: policy, level, next step, blocks, items and what was sent."""
	check_customer(customer)
	companies = permitted_companies()
	if company:
		check_company(company)
	balances = balances_of(site_ledger(), customer, companies, as_date(None))
	known = [name for name in companies if name in balances] or companies
	return tab.customer_view(customer, company or company_of_customer(companies, balances), known)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
def customer_levels(customers: list[str] | str) -> dict[str, int]:
	"""Return the dunning level of those of *customers* that have one and the user may see, for lists."""
	frappe.has_permission(CLIENT_ACCOUNT, "read", throw=True)
	return levels.of_customers(customers)


@frappe.whitelist(methods=["GET"])
@arguments()
def customer_message(customer: str, company: str, currency: str) -> dict:
	"""Return the message a customer would get today."""
	check_customer(customer)
	check_company(company)
	return preview.message(customer, company, currency, now_datetime())


@frappe.whitelist(methods=["POST"])
@arguments()
def customer_send_now(customer: str, company: str) -> list[dict]:
	"""Plan, approve and send what is due from a customer; everything that is decided on at send time holds."""
	access.require("send", company)
	check_customer(customer)
	return [listed(row) for row in decisions.send_now(customer, company)]


@frappe.whitelist(methods=["POST"])
@arguments(until=a_date, reason=a_name, details=a_text)
def customer_pause(
	customer: str, until: str, reason: str, details: str | None = None, company: str | None = None
) -> str:
	"""Block a customer's dunning until a day."""
	access.require("block", company)
	check_customer(customer)
	return decisions.pause(customer, getdate(until), reason, details, company)


@frappe.whitelist(methods=["POST"])
@arguments()
def lift_block(name: str) -> None:
	"""Lift a block."""
	block = frappe.get_doc("Dunning Block", name)
	block.check_permission("write")
	block.lifted = 1
	block.save()


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
def lift_holds(names: list[str] | str, why: str) -> int:
	"""Lift the hold that dunning steps have put on a customer's documents, for a reason; return how many were."""
	access.require("lift")
	return len(decisions.lift_holds(permitted_names(names), why))


@frappe.whitelist(methods=["POST"])
@arguments()
def start_run(run: str) -> None:
	"""Have a run plan its customers, over the workers."""
	document = _run(run)
	access.require("start", document.company)
	if document.status == runs.PLANNING:
		frappe.throw(_("This run is already being planned."))
	runs.start(document)


@frappe.whitelist(methods=["GET"])
@arguments()
def run_notices(run: str, start: int = 0, limit: int = 100) -> dict:
	"""Return a page of what a run planned."""
	document = _run(run)
	check_company(document.company)
	found = preview.run_notices(run, max(start, 0), min(max(limit, 1), MOST_ROWS))
	return {**found, "may": {action: access.can(action) for action in ("decide", "send", "start")}}


@frappe.whitelist(methods=["GET"])
@arguments()
def run_preview(run: str, after: str | None = None, size: int = 300) -> dict:
	"""Return what would go to the next customers; nothing is written."""
	document = _run(run)
	check_company(document.company)
	return preview.preview_range(
		document.company,
		getdate(document.as_of),
		document.policy or None,
		after,
		min(max(size, 1), MOST_ROWS),
	)


@frappe.whitelist(methods=["POST"])
@arguments()
def approve_run(run: str) -> int:
	"""Approve everything a run has planned; return how much that was."""
	document = _run(run)
	access.require("decide", document.company)
	names = frappe.get_list(
		LEDGER_NOTICE,
		{"run": run, "status": ("in", ("Planned", "Deferred"))},
		pluck="name",
		limit_page_length=0,
	)
	done = len(approve(names))
	runs.count(run)
	return done


@frappe.whitelist(methods=["POST"])
@arguments()
def send_approved(run: str) -> int:
	"""Have what was approved of a run sent, over the workers; return how many notices that is."""
	document = _run(run)
	access.require("send", document.company)
	return runs.send_in_ranges(now_datetime(), run)


@frappe.whitelist(methods=["GET"])
@arguments()
def replay_size() -> int:
	"""Return how many customers a replay goes through."""
	access.require("replay")
	return len(frappe.get_list("Customer", pluck="name", limit_page_length=0))


@frappe.whitelist(methods=["POST"])
@arguments()
def replay_policy(
	policy: str, company: str, months: int = 12, against: str | None = None, after: str | None = None
) -> dict:
	"""Return what a policy would have sent to the next customers over the last months, beside another one. Reads only."""
	access.require("replay", company)
	frappe.has_permission("Dunning Policy", "read", throw=True)
	return replay.compare(
		policy, company, min(max(cint(months), 1), replay.MOST_MONTHS), against or None, after or None
	)


def _run(name: str) -> "frappe.model.document.Document":
	run = frappe.get_doc(DUNNING_RUN, name)
	run.check_permission("read")
	return run
