"""What the desk asks the server for about collections: the worklist, contacts, promises, disputes, the Collections tab.

Each function says what it requires; see client_ledger.collections.access for who may do what.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.model.document import Document
from frappe.utils import cint, nowdate
from werkzeug.wrappers import Response

from client_ledger.collections import (
	access,
	cases,
	disputes,
	drafts,
	evidence,
	follow_ups,
	items,
	notes,
	tab,
	undo,
	worklist,
	worklist_choice,
)
from client_ledger.collections.access import ROLES_FOR, AccountOf, AccountRight
from client_ledger.collections.outcomes import DISPUTED, NO_ANSWER, PROMISED
from client_ledger.collections.promises import controller
from client_ledger.core.account import AccountKey
from client_ledger.ledger.site import site_ledger
from client_ledger.site.access import permitted_companies
from client_ledger.site.arguments import a_date, a_name, a_text, an_amount, arguments, one_of, some_rows
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	ESCALATION_CASE,
	FOLLOW_UP,
	LEDGER_DISPUTE,
	PROMISE_TO_PAY,
	WRITE_OFF_REQUEST,
)
from client_ledger.site.messages import filled
from client_ledger.site.one_by_one import MOST_AT_ONCE, try_each
from client_ledger.site.request import as_date, balances_of, company_of_customer
from client_ledger.site.requirements import CompanyRight, DocumentRight, OneOf, Right, requires

ITEMS = some_rows(voucher_type=a_name, voucher_no=a_name, payment_term=a_name, amount=an_amount)
INSTALMENTS = some_rows(due_date=a_date, amount=an_amount)
WORK = OneOf(ROLES_FOR["work"])
DISPUTE = (OneOf(ROLES_FOR["resolve"]), AccountOf(LEDGER_DISPUTE))
CASE = (OneOf(ROLES_FOR["escalate"]), AccountOf(ESCALATION_CASE), DocumentRight(ESCALATION_CASE, "write"))
ACCOUNTS = some_rows(customer=a_name, company=a_name)
SORT = one_of(*worklist_choice.SORTS)

# --- the worklist ---


@frappe.whitelist(methods=["GET"])
@arguments(sort=SORT)
@requires(WORK, Right(CLIENT_ACCOUNT), CompanyRight())
def my_worklist(
	company: str | None = None,
	collector: str | None = None,
	start: int = 0,
	search: str | None = None,
	sort: str = worklist_choice.PRIORITY,
	backwards: bool = False,
) -> dict:
	"""Return a page of today's worklist. collector: a user, "everyone", or nobody for one's own where there are any.

	search: part of a customer's name, ID or phone number. totals: of all rows that were found, not of the page.
	"""
	if not frappe.has_permission("Customer", "read"):
		return {"may_read": False}
	day = _day(company)
	counts = worklist.collectors_seen(day)
	chosen, collector = worklist.of_collector(day, collector)
	chosen = worklist_choice.ordered(worklist_choice.searched(chosen, search), sort, backwards)
	return {
		"may_read": True,
		"companies": permitted_companies(),
		"collector": collector,
		"collectors": [
			{"user": user, "name": frappe.utils.get_fullname(user), "count": count}
			for user, count in sorted(counts.items())
			if user
		],
		"total": len(chosen.rows),
		"totals": worklist_choice.totals(chosen),
		"start": max(cint(start), 0),
		"rows": worklist.page(chosen, max(cint(start), 0)),
		"off": worklist.off_page(chosen),
		"scripts": worklist.scripts(),
		"may": {action: access.can(action) for action in ROLES_FOR},
	}


@frappe.whitelist(methods=["GET"])
@arguments(sort=SORT)
@requires(WORK, Right(CLIENT_ACCOUNT), Right("Customer"), CompanyRight())
def worklist_csv(
	company: str | None = None,
	collector: str | None = None,
	search: str | None = None,
	sort: str = worklist_choice.PRIORITY,
	backwards: bool = False,
) -> Response:
	"""Return all rows of the worklist as a CSV file: the same that `my_worklist` shows page by page."""
	chosen, _collector = worklist.of_collector(_day(company), collector)
	chosen = worklist_choice.ordered(worklist_choice.searched(chosen, search), sort, backwards)
	make_access_log(doctype="Client Account", file_type="CSV", method="Collection Worklist")
	answer = Response(worklist_choice.as_csv(chosen), mimetype="text/csv")
	answer.headers.set("Content-Disposition", "attachment", filename=f"worklist-{nowdate()}.csv")
	return answer


def _day(company: str | None) -> worklist.Day:
	return worklist.day_of([company] if company else permitted_companies())


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(AccountRight())
def customer_on_worklist(customer: str, company: str) -> dict:
	"""Return what one needs to know to call a customer: items, promises, disputes, history, and why to call."""
	return {
		**tab.of_customer(customer, company),
		"worklist": worklist.of_customer(customer, company),
		"notes": notes.of_customer(customer),
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
@arguments(accounts=ACCOUNTS, next_date=a_date)
@requires(WORK)
def log_no_answer(accounts: list | str, next_date: str) -> list[dict]:
	"""Log for each of *accounts* ({customer, company}) that nobody answered; return for each whether it was, and else why not.

	The follow-up that is due of an account is completed by it.
	"""
	keys = list(dict.fromkeys(AccountKey(row["customer"] or "", row["company"] or "") for row in accounts))
	if not 0 < len(keys) <= MOST_AT_ONCE:
		frappe.throw(filled(_("Select between 1 and {0} customers."), MOST_AT_ONCE))

	def log(key: AccountKey) -> str:
		access.check_account(key.customer, key.company)
		due = worklist.due_follow_ups([key]).get(key)
		made = follow_ups.log(
			key.customer, key.company, NO_ANSWER, follow_up=due, next_date=next_date or None
		)
		return made.name

	return [
		{
			"customer": key.customer,
			"company": key.company,
			"name": one.result,
			"done": bool(one.result),
			"reason": one.reason,
		}
		for key, one in try_each(keys, log, "Customer", lambda key: key.customer)
	]


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, Right(FOLLOW_UP))
def undo_contacts(names: list[str] | str) -> list[dict]:
	"""Take back outcomes that the user has just logged; return for each whether it was taken back, and else why not."""
	if not 0 < len(names) <= MOST_AT_ONCE:
		frappe.throw(filled(_("Select between 1 and {0} follow-ups."), MOST_AT_ONCE))

	def take_back(name: str) -> str:
		frappe.has_permission(FOLLOW_UP, "read", doc=name, throw=True)
		access.check_account(*frappe.db.get_value(FOLLOW_UP, name, ["customer", "company"]))
		return undo.undo(name)

	return [
		{"name": name, "customer_name": one.result, "done": bool(one.result), "reason": one.reason}
		for name, one in try_each(dict.fromkeys(names), take_back, FOLLOW_UP)
	]


@frappe.whitelist(methods=["POST"])
@arguments(note=a_text)
@requires(WORK, AccountRight())
def add_note(customer: str, company: str, note: str) -> list[dict]:
	"""Note something about a customer on its timeline; return its newest notes."""
	notes.add(customer, note)
	return notes.of_customer(customer)


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


@frappe.whitelist(methods=["GET", "POST"])
@arguments(doctype=one_of(ESCALATION_CASE, WRITE_OFF_REQUEST), items=ITEMS)
@requires(OneOf(ROLES_FOR["escalate"]), AccountRight())
def new_document(doctype: str, customer: str, company: str, items: list | str | None = None) -> dict:
	"""Return what a new Escalation Case or Write Off Request begins with: values, items, and currencies that are left out.

	items: what it is about; all that is overdue without them.
	"""
	frappe.has_permission(doctype, "create", throw=True)
	return drafts.draft(doctype, customer, company, items or ())


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
