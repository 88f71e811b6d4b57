"""What the desk asks the server for about collections: the worklist, contacts, promises, disputes, the Collections tab.

Each function says what it requires; see client_ledger.collections.access for who may do what.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.collections import (
	access,
	cases,
	disputes,
	evidence,
	follow_ups,
	items,
	statement_mail,
	tab,
	worklist,
)
from client_ledger.collections.access import ROLES_FOR, AccountOf, AccountRight
from client_ledger.collections.outcomes import DISPUTED, PROMISED
from client_ledger.collections.promises import controller
from client_ledger.ledger.site import site_ledger
from client_ledger.site.access import permitted_companies
from client_ledger.site.arguments import a_date, a_name, a_text, an_amount, arguments, some_rows
from client_ledger.site.doctypes import CLIENT_ACCOUNT, ESCALATION_CASE, LEDGER_DISPUTE, PROMISE_TO_PAY
from client_ledger.site.messages import filled
from client_ledger.site.request import as_date, balances_of, company_of_customer
from client_ledger.site.requirements import CompanyRight, DocumentRight, OneOf, Right, requires

ITEMS = some_rows(voucher_type=a_name, voucher_no=a_name, payment_term=a_name, amount=an_amount)
INSTALMENTS = some_rows(due_date=a_date, amount=an_amount)
WORK = OneOf(ROLES_FOR["work"])
DISPUTE = (OneOf(ROLES_FOR["resolve"]), AccountOf(LEDGER_DISPUTE))
CASE = (OneOf(ROLES_FOR["escalate"]), AccountOf(ESCALATION_CASE), DocumentRight(ESCALATION_CASE, "write"))

# --- the worklist ---


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(WORK, Right(CLIENT_ACCOUNT), CompanyRight())
def my_worklist(company: str | None = None, collector: str | None = None, start: int = 0) -> dict:
	"""Return a page of today's worklist. collector: a user, "everyone", or nobody for one's own where there are any."""
	companies = permitted_companies()
	if company:
		companies = [company]
	day = worklist.day_of(companies)
	counts = worklist.collectors_seen(day)
	chosen, collector = worklist.of_collector(day, collector)
	return {
		"companies": permitted_companies(),
		"collector": collector,
		"collectors": [
			{"user": user, "name": frappe.utils.get_fullname(user), "count": count}
			for user, count in sorted(counts.items())
			if user
		],
		"total": len(chosen.rows),
		"start": max(cint(start), 0),
		"rows": worklist.page(chosen, max(cint(start), 0)),
		"off": worklist.off_page(chosen),
		"scripts": worklist.scripts(),
		"may": {action: access.can(action) for action in ROLES_FOR},
	}


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(AccountRight())
def customer_on_worklist(customer: str, company: str) -> dict:
	"""Return what one needs to know to call a customer: items, promises, disputes, history, and why to call."""
	return {
		**tab.of_customer(customer, company),
		"worklist": worklist.of_customer(customer, company),
	}


# --- the Collections tab ---


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(AccountRight())
def customer_collections(customer: str, company: str | None = None) -> dict:
	"""Return the Collections tab of a customer."""
	companies = permitted_companies()
	if not company:
		balances = balances_of(site_ledger(), customer, companies, as_date(None))
		company = company_of_customer(companies, balances)
		companies = [name for name in companies if name in balances] or companies
		access.check_account(customer, company)
	return {
		**tab.of_customer(customer, company),
		"companies": companies,
		"worklist": worklist.of_customer(customer, company),
	}


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(AccountRight())
def open_items(customer: str, company: str) -> list[dict]:
	"""Return the items a promise or dispute can be about, with what of each is promised or disputed already."""
	return tab.open_items(customer, company)


# --- contacts ---


@frappe.whitelist(methods=["POST"])
@arguments(notes=a_text, next_date=a_date)
@requires(WORK, AccountRight())
def log_contact(
	customer: str,
	company: str,
	outcome: str,
	follow_up: str | None = None,
	channel: str = "Call",
	contact: str | None = None,
	notes: str | None = None,
	next_date: str | None = None,
) -> str:
	"""Log a contact and what came of it; return the follow-up's name."""
	return follow_ups.log(
		customer,
		company,
		outcome,
		follow_up=follow_up or None,
		channel=channel,
		contact=contact or None,
		notes=notes,
		next_date=next_date or None,
	).name


@frappe.whitelist(methods=["POST"])
@arguments(due_date=a_date)
@requires(WORK, AccountRight())
def plan_follow_up(
	customer: str,
	company: str,
	subject: str,
	due_date: str,
	channel: str = "Call",
	responsible: str | None = None,
	priority: str = "Medium",
) -> str:
	"""Plan a follow-up by hand; return its name."""
	return follow_ups.plan(
		customer,
		company,
		subject=subject,
		due_date=due_date,
		channel=channel,
		responsible=responsible or None,
		priority=priority,
	)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, AccountRight())
def send_statement(customer: str, company: str) -> str:
	"""Mail the customer a statement of its open items; return the address it goes to."""
	return statement_mail.send_statement(customer, company)


# --- promises ---


@frappe.whitelist(methods=["POST"])
@arguments(items=ITEMS, instalments=INSTALMENTS, notes=a_text)
@requires(WORK, AccountRight())
def take_promise(
	customer: str,
	company: str,
	items: list | str,
	instalments: list | str,
	follow_up: str | None = None,
	channel: str = "Call",
	contact: str | None = None,
	notes: str | None = None,
) -> str:
	"""Take a promise and log the contact it was made in, both or neither; return the promise's name."""
	doc = controller.take_promise(
		customer, company, _rows(items), instalments, channel=channel, contact=contact or None, notes=notes
	)
	_log_with(doc, PROMISED, follow_up, channel, notes, promise=doc.name)
	return doc.name


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(WORK, AccountOf(PROMISE_TO_PAY))
def cancel_promise(name: str, why: str) -> None:
	"""Cancel a running promise, for a reason."""
	controller.cancel_promise(name, why)


# --- disputes ---


@frappe.whitelist(methods=["POST"])
@arguments(items=ITEMS, details=a_text)
@requires(WORK, AccountRight())
def open_dispute(
	customer: str,
	company: str,
	items: list | str,
	reason: str,
	follow_up: str | None = None,
	channel: str = "Call",
	contact: str | None = None,
	details: str | None = None,
	responsible: str | None = None,
) -> str:
	"""Open a dispute and log the contact it came up in, both or neither; return the dispute's name."""
	doc = disputes.open_dispute(
		customer,
		company,
		_rows(items),
		reason,
		details=details,
		responsible=responsible or None,
		contact=contact or None,
	)
	_log_with(doc, DISPUTED, follow_up, channel, details, dispute=doc.name)
	return doc.name


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*DISPUTE)
def review_dispute(name: str) -> None:
	"""Say that a dispute is being looked into."""
	disputes.start_review(name)


@frappe.whitelist(methods=["POST"])
@arguments(resolution=a_text)
@requires(*DISPUTE)
def settle_dispute(name: str, status: str, resolution: str) -> None:
	"""End a dispute: accepted, rejected, paid short or withdrawn."""
	disputes.settle(name, status, resolution)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*DISPUTE)
def credit_dispute(name: str, credit_note: str) -> None:
	"""End a dispute by a credit note."""
	disputes.credit(name, credit_note)


# --- cases ---


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*CASE)
def make_evidence_pack(name: str) -> str:
	"""Make the evidence pack of a case; return the file's address."""
	return evidence.make_pack(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*CASE)
def hand_over(name: str) -> None:
	"""Hand a case over."""
	cases.hand_over(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*CASE)
def close_case(name: str, status: str) -> None:
	"""End a case."""
	cases.close(name, status)


def _log_with(
	doc: Document, outcome: str, follow_up: str | None, channel: str, notes: str | None, **made: str
) -> None:
	"""Log the contact that a promise or dispute came of, and link the two."""
	call = follow_ups.log(
		doc.customer,
		doc.company,
		outcome,
		follow_up=follow_up or None,
		channel=channel,
		contact=doc.contact,
		notes=notes,
		**made,
	)
	frappe.db.set_value(doc.doctype, doc.name, "follow_up", call.name, update_modified=False)


def _rows(rows: Sequence | str) -> list[dict]:
	found = items.as_rows(rows)
	if not found:
		frappe.throw(filled(_("Select the items in {0}."), _("Open Items")))
	return found
