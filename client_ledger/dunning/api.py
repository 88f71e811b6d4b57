"""What the desk asks the server for about dunning: the Dunning tab, runs, replays. About single notices it asks client_ledger.outbox.api.

Each function says what it requires; see client_ledger.dunning.access for who may do what.
"""

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime

from client_ledger.dunning import decisions, run_progress, runs, tab
from client_ledger.dunning.access import ROLES
from client_ledger.dunning.planning import levels, preview, replay
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox.decisions import approve
from client_ledger.outbox.listing import listed
from client_ledger.site.access import permitted_companies
from client_ledger.site.arguments import a_date, a_letter, a_name, a_text, arguments, some_rows
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	DUNNING_BLOCK,
	DUNNING_POLICY,
	DUNNING_RUN,
	LEDGER_NOTICE,
)
from client_ledger.site.request import as_date, balances_of, company_of_customer
from client_ledger.site.requirements import (
	CompanyOf,
	CompanyRight,
	CustomerRight,
	DocumentRight,
	Listed,
	OneOf,
	Right,
	requires,
)

MOST_ROWS = 500
RUN = (DocumentRight(DUNNING_RUN, argument="run"), CompanyOf(DUNNING_RUN, "run"))


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(CustomerRight(), CompanyRight())
def customer_dunning(customer: str, company: str | None = None) -> dict:
	"""Return the Dunning tab: policy, level, next step, blocks, items and what was sent."""
	companies = permitted_companies()
	balances = balances_of(site_ledger(), customer, companies, as_date(None))
	known = [name for name in companies if name in balances] or companies
	return tab.customer_view(customer, company or company_of_customer(companies, balances), known)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(Right(CLIENT_ACCOUNT))
def customer_levels(customers: list[str] | str) -> dict[str, int]:
	"""Return the dunning level of those of *customers* that have one and the user may see, for lists."""
	return levels.of_customers(customers)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(CustomerRight(), CompanyRight())
def customer_message(customer: str, company: str, currency: str) -> dict:
	"""Return the message a customer would get today."""
	return preview.message(customer, company, currency, now_datetime())


@frappe.whitelist(methods=["POST"])
@arguments(letters=some_rows(currency=a_name, subject=a_name, message=a_letter, figures=a_name))
@requires(OneOf(ROLES["send"]), CompanyRight(), CustomerRight())
def customer_send_now(customer: str, company: str, letters: list | str | None = None) -> list[dict]:
	"""Plan, approve and send what is due from a customer; everything that is decided on at send time holds.

	letters: those that were edited before, see client_ledger.dunning.decisions.send_now.
	"""
	return [listed(row) for row in decisions.send_now(customer, company, edited=letters or ())]


@frappe.whitelist(methods=["POST"])
@arguments(until=a_date, reason=a_name, details=a_text)
@requires(OneOf(ROLES["block"]), CompanyRight(), CustomerRight())
def customer_pause(
	customer: str, until: str, reason: str, details: str | None = None, company: str | None = None
) -> str:
	"""Block a customer's dunning until a day."""
	return decisions.pause(customer, getdate(until), reason, details, company)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(DocumentRight(DUNNING_BLOCK, "write"))
def lift_block(name: str) -> None:
	"""Lift a block."""
	block = frappe.get_doc(DUNNING_BLOCK, name)
	block.lifted = 1
	block.save()


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(ROLES["lift"]), Listed(LEDGER_NOTICE))
def lift_holds(names: list[str] | str, why: str) -> int:
	"""Lift the hold that dunning steps have put on a customer's documents, for a reason; return how many were."""
	return len(decisions.lift_holds(names, why))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["start"]), *RUN)
def start_run(run: str) -> None:
	"""Have a run plan its customers, over the workers."""
	document = frappe.get_doc(DUNNING_RUN, run)
	if document.status == runs.PLANNING:
		frappe.throw(_("This run is already being planned."))
	runs.start(document)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*RUN)
def run_notices(run: str, start: int = 0, limit: int = 100) -> dict:
	"""Return a page of what a run planned."""
	found = preview.run_notices(run, max(start, 0), min(max(limit, 1), MOST_ROWS))
	return {**found, "may": {action: ROLES.can(action) for action in ("decide", "send", "start")}}


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*RUN, Right("Customer"))
def run_preview(run: str, after: str | None = None, size: int = 300) -> dict:
	"""Return what would go to the next customers; nothing is written."""
	document = frappe.get_doc(DUNNING_RUN, run)
	return preview.preview_range(
		document.company,
		getdate(document.as_of),
		document.policy or None,
		after,
		min(max(size, 1), MOST_ROWS),
	)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["decide"]), *RUN)
def approve_run(run: str) -> int:
	"""Approve everything a run has planned; return how much that was."""
	names = frappe.get_list(
		LEDGER_NOTICE,
		{"run": run, "status": ("in", ("Planned", "Deferred"))},
		pluck="name",
		limit_page_length=0,
	)
	done = len(approve(names))
	run_progress.count(run)
	return done


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["send"]), *RUN)
def send_approved(run: str) -> int:
	"""Have what was approved of a run sent, over the workers; return how many notices that is."""
	return runs.send_in_ranges(now_datetime(), run)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(OneOf(ROLES["replay"]), Right("Customer"))
def replay_size() -> int:
	"""Return how many customers a replay goes through."""
	return len(frappe.get_list("Customer", pluck="name", limit_page_length=0))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["replay"]), CompanyRight(), Right(DUNNING_POLICY), Right("Customer"))
def replay_policy(
	policy: str, company: str, months: int = 12, against: str | None = None, after: str | None = None
) -> dict:
	"""Return what a policy would have sent to the next customers over the last months, beside another one. Reads only."""
	return replay.compare(
		policy, company, min(max(cint(months), 1), replay.MOST_MONTHS), against or None, after or None
	)
