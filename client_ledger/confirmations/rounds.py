"""Rounds: planned, sent, closed, and counted as replies come in. See reminders for who is asked again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from client_ledger.confirmations import planning, results
from client_ledger.confirmations.confirmation_rows import update
from client_ledger.confirmations.notice_kind import CONFIRMATION
from client_ledger.confirmations.sample import SELECTED, sample_of
from client_ledger.core.confirmations.answers import (
	UNANSWERED,
	ConfirmationStatus,
	ReplyForm,
	at_close,
)
from client_ledger.core.outbox.message import WithholdReason
from client_ledger.guest_links import links
from client_ledger.outbox import dispatch, notice_rows, send
from client_ledger.outbox.decisions import approve
from client_ledger.outbox.keys import open_key
from client_ledger.outbox.notice_status import UNDECIDED, NoticeStatus
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_ROUND, LEDGER_NOTICE
from client_ledger.site.messages import filled

DRAFT, PLANNED, SENDING, OPEN, CLOSED = "Draft", "Planned", "Sending", "Open", "Closed"
NOT_GONE = ("Planned", "Waiting", "Failed")
ARRIVED = ("Sent", "Printed", "Sending")


def new_round(
	company: str,
	as_of: date,
	title: str,
	reply_by: date,
	customers: Sequence[tuple[str, str]] = (),
	**fields: Any,
) -> Document:
	"""Make a round; customers: a sample drawn outside, as (customer, reason). None given: all with a balance."""
	round_ = frappe.new_doc(CONFIRMATION_ROUND)
	round_.update({"company": company, "as_of": as_of, "title": title, "reply_by": reply_by, **fields})
	if customers:
		round_.sample = SELECTED
		for customer, reason in customers:
			round_.append("customers", {"customer": customer, "reason": reason})
	return round_.insert()


def plan(name: str) -> int:
	"""Write the confirmations of a round; return how many are new. One that is planned gets those that are missing. Commits."""
	status = frappe.db.get_value(CONFIRMATION_ROUND, name, "status", for_update=True)
	if status == CLOSED:
		frappe.throw(_("This round is closed. Create a new one."))
	round_ = frappe.get_doc(CONFIRMATION_ROUND, name)
	round_.check_dates()
	now = now_datetime()
	fields: dict[str, Any] = {"planned_on": now, "planned_by": frappe.session.user}
	if status == DRAFT:
		fields["status"] = PLANNED
	_set(name, fields)
	round_.planned_by = frappe.session.user
	frappe.db.commit()  # nosemgrep: one snapshot for what is read
	sample = sample_of(round_)
	made = planning.write(round_, sample.asked)
	_set(name, {"left_out": sample.left_out, "receivables": sample.receivables})
	count(name)
	return made


def send_round(name: str) -> int:
	"""Approve the letters of a round and queue them; return how many. Commits."""
	frappe.db.get_value(CONFIRMATION_ROUND, name, "status", for_update=True)
	round_ = frappe.get_doc(CONFIRMATION_ROUND, name)
	if round_.status in (DRAFT, CLOSED):
		frappe.throw(
			_("This round is closed. Create a new one.")
			if round_.status == CLOSED
			else _("Plan the round before sending it.")
		)
	round_.check_dates()
	take_up_again(now_datetime(), name)
	letters = _letters(name, NOT_GONE)
	approve(letters)
	_set(name, {"status": SENDING, "sent_on": round_.sent_on or now_datetime()})
	frappe.db.commit()  # nosemgrep: approved before it is queued
	moment = now_datetime()
	own = set(letters)
	return dispatch.send_in_ranges([due for due in send.due_names(moment) if due in own], moment)


def _letters(round_: str, statuses: Iterable[str]) -> list[str]:
	filters = {
		"round": round_,
		"sending_status": ("in", list(statuses)),
		"status": ("!=", ConfirmationStatus.CANCELLED.value),
	}
	return frappe.get_all(BALANCE_CONFIRMATION, filters, pluck="notice", order_by="name")


def take_up_again(moment: datetime, round_: str | None = None) -> int:
	"""Have letters sent after all that lacked an address, or whose customer was disabled, now that this has changed.

	round_: of this one only; None: of all that are not closed. Return how many there are.
	"""
	rounds = (
		[round_]
		if round_
		else frappe.get_all(
			CONFIRMATION_ROUND, {"status": ("in", (SENDING, OPEN))}, pluck="name", order_by="name"
		)
	)
	filters = {
		"round": ("in", rounds),
		"status": ConfirmationStatus.PLANNED.value,
		"sending_status": ("in", ("No Address", "Not Sent")),
		"reason": ("in", (WithholdReason.NO_ADDRESS.value, WithholdReason.DISABLED.value)),
	}
	rows = (
		frappe.get_all(BALANCE_CONFIRMATION, filters, ["name", "customer", "notice"], order_by="name")
		if rounds
		else []
	)
	people = read_customers(sorted({row.customer for row in rows})) if rows else {}
	able = [row for row in rows if (who := people.get(row.customer)) and _may_be_told(who)]
	for row in able:
		approved = frappe.db.get_value(LEDGER_NOTICE, row.notice, "approved_on")
		status = NoticeStatus.APPROVED if approved else NoticeStatus.PLANNED
		fields = {"status": status.value, "reason": None, "open_key": open_key((CONFIRMATION, row.name))}
		notice_rows.update(row.notice, fields, moment)
	return len(able)


def _may_be_told(customer: Customer) -> bool:
	to = customer.addressee
	return not customer.disabled and bool(to.email or to.address)


def close(name: str) -> dict[str, int]:
	"""Close a round: who has not answered gets the status that counts, and letters that wait do not go out any more. Commits.

	Returns how many confirmations got which status. Replies that come later are kept, but do not count.
	"""
	status = frappe.db.get_value(CONFIRMATION_ROUND, name, "status", for_update=True)
	if status == CLOSED:
		frappe.throw(_("This round is closed already."))
	if status == DRAFT:
		frappe.throw(_("Plan the round before closing it."))
	found: dict[str, int] = {}
	open_ones = _locked_unanswered(name)
	for row in open_ones:
		after = at_close(
			ReplyForm(row.form), ConfirmationStatus(row.status), row.sending_status in ("Sent", "Printed")
		)
		update(row.name, {"status": after.value}, now_datetime())
		found[after.value] = found.get(after.value, 0) + 1
	stop_messages([row.name for row in open_ones])
	_set(name, {"status": CLOSED, "closed_on": now_datetime(), "closed_by": frappe.session.user})
	count(name)
	return found


def _locked_unanswered(name: str) -> list[frappe._dict]:
	"""Lock the confirmations of a round that nobody has answered: a reply that comes now waits, and finds it closed."""
	table = frappe.qb.DocType(BALANCE_CONFIRMATION)
	return (
		frappe.qb.from_(table)
		.select(table.name, table.form, table.status, table.sending_status, table.notice)
		.where((table.round == name) & table.status.isin([one.value for one in UNANSWERED]))
		.orderby(table.name)
		.for_update()
	).run(as_dict=True)


def stop_messages(confirmations: Sequence[str]) -> None:
	"""Stop the letters and reminders of confirmations that have not gone out."""
	if not confirmations:
		return
	names = frappe.get_all(
		LEDGER_NOTICE,
		{
			"confirmation": ("in", list(confirmations)),
			"kind": "Confirmation",
			"status": ("in", [status.value for status in UNDECIDED]),
		},
		pluck="name",
		order_by="name",
	)
	now = now_datetime()
	for row in notice_rows.lock(names, UNDECIDED):
		notice_rows.update(
			row.name,
			{
				"status": "Skipped",
				"reason": WithholdReason.SUPERSEDED.value,
				"open_key": None,
				"deferred_until": None,
				"next_attempt": None,
			},
			now,
		)


def extend(round_: Document) -> None:
	"""Let confirmations that are not ended follow the round's day to reply by, and their links with them."""
	expires = planning.expiry(round_.reply_by, round_.link_days)
	rows = frappe.get_all(
		BALANCE_CONFIRMATION,
		{"round": round_.name, "status": ("!=", ConfirmationStatus.CANCELLED.value)},
		["name", "customer", "company", "link", "expires_on"],
		order_by="name",
	)
	for row in rows:
		fields: dict[str, Any] = {"reply_by": round_.reply_by}
		if row.expires_on and getdate(row.expires_on) < expires:
			fields["expires_on"] = expires
			if row.link and not frappe.db.get_value("Guest Link", row.link, "revoked"):
				fields["link"] = links.issue(
					links.CONFIRMATION, BALANCE_CONFIRMATION, row.name, row.customer, row.company, expires
				)
		update(row.name, fields)


def new_link(name: str) -> str:
	"""Return the address of a confirmation's link, a new one where it was revoked or has expired."""
	row = frappe.get_doc(BALANCE_CONFIRMATION, name)
	if row.status == ConfirmationStatus.CANCELLED.value:
		frappe.throw(_("This confirmation is cancelled. Plan the round again for a new one."))
	expires = max(planning.expiry(row.reply_by, _link_days(row.round)), getdate())
	link = links.issue(links.CONFIRMATION, BALANCE_CONFIRMATION, row.name, row.customer, row.company, expires)
	update(name, {"link": link, "expires_on": frappe.db.get_value("Guest Link", link, "expires_on")})
	return links.url(link, language=row.language)


def _link_days(round_: str | None) -> int:
	return (frappe.db.get_value(CONFIRMATION_ROUND, round_, "link_days") if round_ else 0) or 0


def is_closed(round_: str | None) -> bool:
	"""Return whether a round is closed."""
	return bool(round_) and frappe.db.get_value(CONFIRMATION_ROUND, round_, "status") == CLOSED


# --- counting ---


def progressed(notices: Sequence[str]) -> None:
	"""Count the rounds of some messages. Commits."""
	names = frappe.get_all(
		LEDGER_NOTICE, {"name": ("in", list(notices))}, pluck="confirmation", order_by="name"
	)
	count_of([name for name in names if name])
	frappe.db.commit()  # nosemgrep: figures of the round


def count_of(confirmations: Sequence[str]) -> None:
	"""Count the rounds that confirmations are of."""
	found = frappe.get_all(
		BALANCE_CONFIRMATION, {"name": ("in", list(confirmations))}, pluck="round", order_by="name"
	)
	for round_ in sorted({one for one in found if one}):
		count(round_)


def count(name: str) -> None:
	"""Count a round's confirmations by what became of them, and what share of the receivables is confirmed."""
	figures = results.figures_of(name)
	status = frappe.db.get_value(CONFIRMATION_ROUND, name, "status")
	sending = results.by_sending_status(name)
	if status == SENDING and not any(sending.get(one) for one in ("Planned", "Waiting")):
		figures["status"] = OPEN
	_set(name, figures)
	announce(name)


def announce(name: str) -> None:
	"""Notify open forms of the round."""
	frappe.publish_realtime(
		"confirmation_round", {"name": name}, doctype=CONFIRMATION_ROUND, docname=name, after_commit=True
	)


def check_unplanned(round_: Document) -> None:
	"""Refuse changes of what was asked once it is planned."""
	before = round_.get_doc_before_save()
	if not before or before.status == DRAFT:
		return
	if before.form != round_.form:
		frappe.throw(
			filled(
				_("{0} cannot be changed once confirmations are planned. Create another round."),
				_("Form of Reply"),
			)
		)


def _set(name: str, fields: Mapping[str, Any]) -> None:
	frappe.db.set_value(CONFIRMATION_ROUND, name, dict(fields))
