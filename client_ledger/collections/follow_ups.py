"""Follow-ups: planned by hand or by what happens, done with an outcome, and what comes of it.

an outcome -> state Done through Frappe's Workflow -> the customer's timeline -> the next follow-up
"""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, get_fullname, getdate, now_datetime

from client_ledger.collections import assignment
from client_ledger.collections.outcomes import CLOSED, MISSED, NEEDS_NEXT, OUTCOMES
from client_ledger.collections.teams import manager_of
from client_ledger.site.arguments import a_date, arguments, bad_argument, some_filters
from client_ledger.site.doctypes import CANCELLED, CLIENT_ACCOUNT, DONE, FOLLOW_UP
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.requirements import Right, requires

MEDIUM = {"Call": "Phone", "Email": "Email", "Visit": "Visit", "Message": "Chat", "Letter": "Other"}
BY_HAND, NEXT_DATE = "Manual", "Next Date"
# Begins the key of what was made to log a contact.
_CONTACT = "contact|"
# Made because something was overdue: there is nothing to say once nothing is. A dunning step follows its notice.
ABOUT_OVERDUE = ("Broken Promise", "Credit Limit", "First Overdue", NEXT_DATE)


def plan(
	customer: str,
	company: str,
	*,
	subject: str,
	due_date: date | str | None = None,
	channel: str = "Call",
	responsible: str | None = None,
	priority: str = "Medium",
	source: str = BY_HAND,
	source_document: tuple[str, str] = ("", ""),
	source_key: str | None = None,
	items: Sequence[dict] = (),
	notes: str | None = None,
) -> str:
	"""Return the name of a new follow-up, or of the one there is under *source_key* already."""
	if source_key and (name := frappe.db.get_value(FOLLOW_UP, {"source_key": source_key})):
		return name
	doc = frappe.new_doc(FOLLOW_UP)
	doctype, name = source_document
	doc.update(
		{
			"customer": customer,
			"company": company,
			"subject": subject[:140],
			"due_date": due_date or getdate(),
			"channel": channel,
			"responsible": responsible or collector_of(customer, company),
			"priority": priority,
			"source": source,
			"source_doctype": doctype or None,
			"source_name": name or None,
			"source_key": source_key,
			"notes": notes,
		}
	)
	for row in items:
		doc.append("items", row)
	doc.flags.ignore_permissions = source != BY_HAND
	frappe.db.savepoint("follow_up")
	try:
		return by_action(doc).insert().name
	except frappe.UniqueValidationError:
		# Another worker was faster.
		frappe.db.rollback(save_point="follow_up")
		frappe.clear_last_message()
		return frappe.db.get_value(FOLLOW_UP, {"source_key": source_key})


def withdraw(name: str, why: str) -> None:
	"""Cancel a follow-up whose reason is gone, unless it is closed. Another one may be planned under its key."""
	if frappe.db.get_value(FOLLOW_UP, name, "workflow_state") in (None, *CLOSED):
		return
	frappe.db.set_value(FOLLOW_UP, name, {"workflow_state": CANCELLED, "source_key": None})
	frappe.get_doc(FOLLOW_UP, name).add_comment("Info", why)
	assignment.close(FOLLOW_UP, name)


def collector_of(customer: str, company: str) -> str | None:
	"""Return who looks after an account: its collector, else its owner."""
	row = frappe.db.get_value(
		CLIENT_ACCOUNT, {"customer": customer, "company": company}, ["collector", "account_manager"]
	)
	return next((user for user in row or () if user), None)


def log(
	customer: str,
	company: str,
	outcome: str,
	*,
	follow_up: str | None = None,
	channel: str = "Call",
	contact: str | None = None,
	notes: str | None = None,
	next_date: date | str | None = None,
	promise: str | None = None,
	dispute: str | None = None,
) -> Document:
	"""Record a contact: complete *follow_up*, or one made for it; return it.

	Raises frappe.ValidationError for an outcome that needs a next date and has none.
	"""
	if follow_up:
		doc = frappe.get_doc(FOLLOW_UP, follow_up)
		if (doc.customer, doc.company) != (customer, company):
			frappe.throw(filled(_("{0} belongs to {1} ({2})."), follow_up, doc.customer, doc.company))
		if doc.workflow_state in CLOSED:
			frappe.throw(filled(_("{0} is already closed."), bold(follow_up)))
	else:
		doc = frappe.new_doc(FOLLOW_UP)
		doc.update({"customer": customer, "company": company, "channel": channel, "due_date": getdate()})
		doc.update({"responsible": frappe.session.user, "subject": _("Contact"), "source": BY_HAND})
		doc.source_key = f"{_CONTACT}{frappe.generate_hash(length=10)}"
		doc.flags.no_assignment = True
	doc.update({"outcome": outcome, "next_date": next_date, "promise": promise, "dispute": dispute})
	doc.update({"contact": contact or doc.contact, "notes": notes or doc.notes})
	if doc.is_new():
		check_outcome(doc)
		by_action(doc).insert()
		doc.flags.no_assignment = True
	doc.workflow_state = DONE
	return by_action(doc).save()


def is_made_with_contact(doc: Document) -> bool:
	"""Return whether a follow-up was made to log a contact, and not planned before it."""
	return (doc.source_key or "").startswith(_CONTACT)


def check_outcome(doc: Document) -> None:
	"""Refuse an outcome without its next step, where one is due. Raises frappe.ValidationError."""
	if doc.outcome not in OUTCOMES:
		frappe.throw(filled(_("Select an {0}."), _("Outcome")))
	if doc.next_date and getdate(doc.next_date) < getdate():
		frappe.throw(filled(_("{0} is in the past. Select today or a later date."), _("Next Date")))
	if doc.outcome in NEEDS_NEXT and not doc.next_date and _overdue(doc.customer, doc.company) > 0:
		frappe.throw(
			filled(_("The customer still has overdue items. {0} is required."), _("Next Date")),
			title=_(doc.outcome),
		)


def _overdue(customer: str, company: str) -> float:
	return (
		frappe.db.get_value(
			CLIENT_ACCOUNT, {"customer": customer, "company": company}, "overdue", cache=False
		)
		or 0
	)


def on_done(doc: Document) -> None:
	"""Do what follows from an outcome: a note on the timeline, and the next follow-up."""
	if not doc.communication:
		doc.db_set("communication", _note_on_timeline(doc), update_modified=False)
	if doc.next_date and not doc.next_follow_up:
		name = plan(
			doc.customer,
			doc.company,
			subject=_("After {0}: {1}").format(_(doc.channel), _(doc.outcome)),
			due_date=doc.next_date,
			channel=doc.channel,
			responsible=doc.responsible,
			source=NEXT_DATE,
			source_document=(doc.doctype, doc.name),
			source_key=f"next|{doc.name}",
		)
		doc.db_set("next_follow_up", name, update_modified=False)
	assignment.close(doc.doctype, doc.name)


def _note_on_timeline(doc: Document) -> str | None:
	said = _("{0}: {1}").format(_(doc.channel), _(doc.outcome))
	if doc.outcome in MISSED:
		customer = frappe.get_doc("Customer", doc.customer)
		customer.add_comment("Info", said)
		return None
	communication = frappe.new_doc("Communication")
	communication.update(
		{
			"subject": said,
			"content": doc.notes or said,
			"communication_medium": MEDIUM[doc.channel],
			"communication_type": "Communication",
			"sent_or_received": "Sent",
			"status": "Linked",
			"communication_date": now_datetime(),
			"reference_doctype": "Customer",
			"reference_name": doc.customer,
			"sender_full_name": get_fullname(),
			"user": frappe.session.user,
		}
	)
	return communication.insert(ignore_permissions=True).name


def assign(doc: Document) -> None:
	"""Assign an open follow-up to its owner."""
	if not doc.flags.no_assignment and doc.workflow_state not in CLOSED:
		what = f"{doc.customer_name or doc.customer}: {doc.subject or _(doc.channel)}"
		assignment.sync_assignment(doc, what, doc.due_date, doc.priority)


def close_settled(customers: Sequence[str] | None = None) -> list[str]:
	"""Cancel what was to be said about money that has come meanwhile; return the customers it was about."""
	among = {} if customers is None else {"customer": ("in", list(customers))}
	rows = frappe.get_all(
		FOLLOW_UP,
		{**among, "workflow_state": ("not in", CLOSED), "source": ("in", ABOUT_OVERDUE)},
		["name", "customer", "company"],
		order_by="name",
	)
	if not rows:
		return []
	owing = frappe.get_all(
		CLIENT_ACCOUNT,
		{"customer": ("in", sorted({row.customer for row in rows})), "overdue": (">", 0)},
		["customer", "company"],
		order_by="name",
	)
	still = {(row.customer, row.company) for row in owing}
	settled = [row for row in rows if (row.customer, row.company) not in still]
	for row in settled:
		frappe.db.set_value(FOLLOW_UP, row.name, "workflow_state", CANCELLED)
		frappe.get_doc(FOLLOW_UP, row.name).add_comment("Info", _("Nothing is overdue any more."))
		assignment.close(FOLLOW_UP, row.name)
	return sorted({row.customer for row in settled})


def escalate_late(today: date, days: int) -> int:
	"""Tell the team's manager of follow-ups that are late by more than *days*, once each; return how many."""
	if days <= 0:
		return 0
	late = frappe.get_all(
		FOLLOW_UP,
		{
			"workflow_state": ("not in", CLOSED),
			"due_date": ("<", add_days(today, -days)),
			"escalated_on": ("is", "not set"),
			"responsible": ("is", "set"),
		},
		["name", "responsible", "customer_name", "customer", "due_date"],
		order_by="name",
	)
	notified = 0
	for row in late:
		if not (manager := manager_of(row.responsible)):
			continue
		frappe.db.set_value(
			FOLLOW_UP, row.name, {"escalated_on": today, "escalated_to": manager}, update_modified=False
		)
		what = _("{0} is overdue: {1}").format(get_fullname(row.responsible), row.customer_name)
		assignment.assign(FOLLOW_UP, row.name, manager, what, priority="High")
		notified += 1
	return notified


@frappe.whitelist(methods=["GET", "POST"])
@arguments(start=a_date, end=a_date, filters=some_filters)
@requires(Right(FOLLOW_UP))
def get_events(start: str, end: str, filters: str | list | None = None) -> list[dict]:
	"""Return follow-ups for Frappe's calendar."""
	rows = frappe.get_list(
		FOLLOW_UP,
		filters=[*_as_conditions(filters), ["due_date", "between", [start, end]]],
		fields=["name", "subject", "customer_name", "due_date", "workflow_state"],
		order_by="due_date",
		limit_page_length=0,
	)
	return [{**row, "all_day": 1} for row in rows]


def _as_conditions(filters: dict | list | None) -> list[list]:
	"""Return filters as a list of conditions, whichever of the two the calendar sends."""
	if isinstance(filters, dict):
		return [
			[field, *(value if isinstance(value, list) else ("=", value))] for field, value in filters.items()
		]
	if any(not isinstance(row, list) or not 3 <= len(row) <= 5 for row in filters or ()):
		bad_argument("filters", _("Send filters as an object."))
	return list(filters or ())
