"""Replies: each kept as it came in, never overwritten; one of several counts, and what it says is on the confirmation.

what somebody answers -> checked -> Confirmation Reply -> does it count? -> the confirmation's status, balance and round
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, format_datetime, now_datetime

from client_ledger.archive.keep import keep_at_least_figures
from client_ledger.archive.kinds import REPLY
from client_ledger.confirmations import notify, rounds
from client_ledger.confirmations.confirmation_rows import update
from client_ledger.core.confirmations.answers import (
	STATED,
	Answer,
	ConfirmationStatus,
	Refusal,
	ReplyForm,
	answers_to,
	outcome,
	refusal,
)
from client_ledger.core.money import as_money, rounded
from client_ledger.ledger.site import site_ledger
from client_ledger.site.arguments import BadArgument
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY, CONFIRMATION_ROUND
from client_ledger.site.documents import by_action
from client_ledger.site.messages import filled

COUNTED, REPLACED, NOT_COUNTED = "Counted", "Replaced", "Not Counted"
MOST_LINES = 200
# What follows when a reply counts that can be compared: paths to functions of (confirmation, reply), by their names.
COMPARABLE = "client_ledger_confirmation_comparable"


@dataclass(frozen=True, slots=True)
class Given:
	"""What somebody answers. balance: signed as ours, what the customer owes is positive. lines: kind, number, date, amount, remark.

	name, position: as the person says of itself.
	"""

	answer: Answer
	name: str
	position: str = ""
	balance: Decimal | None = None
	remark: str = ""
	lines: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class ReplySource:
	"""Through what an answer came: Link, Portal or User. address: of the network. language: in which it was written."""

	origin: str
	link: str | None = None
	address: str = ""
	language: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
	"""A reply that was kept. refused: why it does not count, in the reader's language; "" where it does."""

	reply: str
	refused: str = ""


def take(
	confirmation: str, given: Given, source: ReplySource, file: Mapping[str, Any] | None = None
) -> Taken:
	"""Keep an answer, and let it count where it may; the responsible people are told. file: fields of an uploaded ledger.

	Two people who answer at once wait for one another: the first one counts. Raises BadArgument for what is incomplete.
	"""
	row = locked(confirmation)
	_check(row, given)
	why = _refusal(row, given.answer)
	reply = _insert(row, given, source, file or {}, why)
	update(confirmation, {"replies": cint(row.replies) + 1})
	if not file:
		keep_reply(reply)
	if why:
		notify.not_counted(confirmation)
		return Taken(reply.name, refusal_text(row, why))
	apply(row, reply)
	notify.answered(confirmation)
	return Taken(reply.name)


def locked(confirmation: str) -> Document:
	"""Return a confirmation whose row is locked for this transaction, and its round before it, as those lock who close one.

	It is read as it is now: a transaction that has waited would else see what was there when it began.
	"""
	round_ = frappe.db.get_value(BALANCE_CONFIRMATION, confirmation, "round")
	if round_:
		frappe.db.get_value(CONFIRMATION_ROUND, round_, "status", for_update=True)
	return frappe.get_doc(BALANCE_CONFIRMATION, confirmation, for_update=True)


def apply(row: Document, reply: Document) -> None:
	"""Let a reply count: the confirmation says what it says, the one before is replaced, and the round is counted."""
	answer = Answer(reply.answer)
	ours = as_money(row.our_balance)
	stated = as_money(reply.balance) if reply.has_balance else None
	found = outcome(answer, ours, stated)
	if row.reply and row.reply != reply.name:
		frappe.db.set_value(CONFIRMATION_REPLY, row.reply, "state", REPLACED)
	if reply.state != COUNTED:
		frappe.db.set_value(CONFIRMATION_REPLY, reply.name, {"state": COUNTED, "not_counted_because": None})
	difference = found.difference(ours)
	fields: dict[str, Any] = {
		"status": found.status.value,
		"reply": reply.name,
		"replied_on": reply.replied_on,
		"replied_by": reply.declared_name,
		"replied_position": reply.declared_position,
		"comparison_status": "Waiting" if answer is Answer.LEDGER else row.comparison_status,
	}
	if found.stated is not None or answer is not Answer.LEDGER:
		fields |= {
			"has_stated": int(found.stated is not None),
			"stated_balance": float(found.stated or 0),
			"difference": float(difference or 0),
		}
	update(row.name, fields, now_datetime())
	rounds.stop_messages([row.name])
	rounds.count_of([row.name])
	if answer is Answer.DIFFERENCES:
		comparable(row.name, reply.name)


def comparable(confirmation: str, reply: str) -> None:
	"""Let it be compared what a reply states line by line."""
	for path in frappe.get_hooks(COMPARABLE):
		frappe.get_attr(path)(confirmation, reply)


def count_instead(reply: str) -> None:
	"""Let a reply count that did not: what people decide of several."""
	chosen = frappe.get_doc(CONFIRMATION_REPLY, reply)
	row = locked(chosen.confirmation)
	if chosen.state == COUNTED:
		frappe.throw(_("This reply counts already."))
	if row.status == ConfirmationStatus.CANCELLED.value:
		frappe.throw(_("This confirmation is cancelled. Plan the round again for a new one."))
	apply(row, chosen)
	if chosen.answer == Answer.LEDGER.value and chosen.processing == "Read":
		comparable(row.name, chosen.name)


# --- checking ---


def _check(row: Document, given: Given) -> None:
	if given.answer not in answers_to(ReplyForm(row.form)):
		_refuse(_("This letter asks for your balance. Enter the balance according to your records."))
	if not given.name.strip():
		_refuse(_("Enter your name, so that it is known who answers."))
	if given.answer is Answer.OTHER_BALANCE and given.balance is None:
		_refuse(_("Enter the balance according to your records; 0 where nothing is owed."))
	if given.answer is Answer.DIFFERENCES and not given.lines:
		_refuse(_("Enter at least one difference: number, date and amount of a document, or what differs."))
	if len(given.lines) > MOST_LINES:
		_refuse(
			filled(_("Enter at most {0} differences, or upload your ledger as a file instead."), MOST_LINES)
		)


def _refuse(text: str) -> None:
	frappe.throw(text, BadArgument, title=_("Incomplete"))


def _refusal(row: Document, answer: Answer) -> Refusal | None:
	before = (
		frappe.db.get_value(CONFIRMATION_REPLY, row.reply, "answer", for_update=True) if row.reply else None
	)
	return refusal(
		ConfirmationStatus(row.status),
		rounds.is_closed(row.round),
		Answer(before) if before else None,
		answer,
	)


def refusal_text(row: Document, why: Refusal) -> str:
	"""Return what a reader is told whose answer does not count, in the language spoken now."""
	if why is Refusal.CANCELLED:
		return _(
			"This confirmation no longer stands: your account was combined with another one. Your reply was kept for the "
			"company. Please wait for a new letter, or contact the company."
		)
	if why is Refusal.CLOSED:
		return _(
			"This round of confirmations is closed. Your reply was kept for the company, but does not change the result. "
			"Please contact the company."
		)
	return _(
		"{0} has already answered on {1}. Your reply was kept for the company, but the first one counts until the company "
		"decides. Please contact the company if the first one is wrong."
	).format(row.replied_by or "", format_datetime(row.replied_on))


# --- keeping ---


def _insert(
	row: Document, given: Given, source: ReplySource, file: Mapping[str, Any], why: Refusal | None
) -> Document:
	precision = site_ledger().precision
	balance = given.balance if given.answer is not Answer.CONFIRMED else as_money(row.our_balance)
	reply = frappe.new_doc(CONFIRMATION_REPLY)
	reply.update(
		{
			"confirmation": row.name,
			"customer": row.customer,
			"customer_name": row.customer_name,
			"company": row.company,
			"currency": row.currency,
			"answer": given.answer.value,
			"state": NOT_COUNTED if why else COUNTED,
			"not_counted_because": why.value if why else None,
			"replied_on": now_datetime(),
			"has_balance": int(balance is not None),
			"balance": float(rounded(balance, precision)) if balance is not None else 0,
			"remark": given.remark.strip() or None,
			"declared_name": given.name.strip(),
			"declared_position": given.position.strip() or None,
			"origin": source.origin,
			"user": frappe.session.user if frappe.session.user != "Guest" else None,
			"link": source.link,
			"ip_address": source.address or None,
			"language": source.language,
			**file,
		}
	)
	if given.answer in STATED:
		for line in given.lines:
			reply.append("lines", {**line, "currency": row.currency})
	reply.flags.ignore_permissions = True
	return by_action(reply).insert()


def keep_reply(reply: Document, files: Sequence[tuple[str, bytes]] = ()) -> None:
	"""Keep an answer in the archive, once, whether it counts or not. files: (name, content) of what came with it, while the disk takes them."""
	keep_at_least_figures(
		REPLY,
		reply.company,
		CONFIRMATION_REPLY,
		reply.name,
		customer=reply.customer,
		figures={
			"confirmation": reply.confirmation,
			"answer": reply.answer,
			"currency": reply.currency,
			"balance": as_money(reply.balance) if reply.has_balance else None,
			"remark": reply.remark,
			"name": reply.declared_name,
			"position": reply.declared_position,
			"origin": reply.origin,
			"user": reply.user,
			"address": reply.ip_address,
			"lines": [
				{
					"kind": line.kind,
					"number": line.number,
					"date": str(line.date) if line.date else None,
					"amount": as_money(line.amount),
					"remark": line.remark,
				}
				for line in reply.lines
			],
			"file": reply.file_name,
			"file_digest": reply.file_digest,
		},
		files=files,
		on=reply.replied_on,
	)
