"""Confirmations in the outbox: the letter, told as of the round's day and kept as it was told, and reminders of it.

row + confirmation + round + customer -> verdict -> figures as of the day -> mail with the letter, or the letter on paper
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from client_ledger.confirmations import compose, confirmation_rows, letter, rounds
from client_ledger.confirmations.confirmation_rows import update
from client_ledger.confirmations.files import delete_file, store_file
from client_ledger.confirmations.letter import LetterParts
from client_ledger.confirmations.notice_kind import CONFIRMATION
from client_ledger.core.confirmations.answers import UNANSWERED
from client_ledger.core.money import as_money
from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.outbox.message import Channel, WithholdReason
from client_ledger.core.outbox.verdict import Budget, Circumstances, Verdict, can_send
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.outbox.kinds import NoticeKind
from client_ledger.outbox.moments import aware
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.notice_status import ERROR, Undeliverable
from client_ledger.outbox.outgoing import Outgoing, Prepared, SendDecision, Unrenderable, Withheld
from client_ledger.site.contacts import read_customers
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_ROUND
from client_ledger.site.messages import filled

SUPERSEDED = Verdict(WithholdReason.SUPERSEDED)
_HOURS = Hours()


@dataclass(frozen=True, kw_only=True)
class ConfirmationMessage(Outgoing):
	"""A letter or reminder that may go out, with what it is made of."""

	parts: LetterParts
	attach_pdf: bool


class ConfirmationNotices(NoticeKind[ConfirmationMessage]):
	"""Letters and reminders of balance confirmations."""

	archived_as = None

	# --- deciding ---

	def decide(self, company: str, rows: Sequence[NoticeRow]) -> Iterable[SendDecision]:
		"""Yield what becomes of *rows*: who has answered meanwhile is not written to."""
		confirmations = _by_name(BALANCE_CONFIRMATION, {row.confirmation for row in rows}, compose.FIELDS)
		terms = _by_name(CONFIRMATION_ROUND, {one.round for one in confirmations.values()}, compose.TERMS)
		people = read_customers(sorted({row.customer for row in rows}))
		may_go: list[compose.ClearedMessage] = []
		for row in rows:
			one, customer = confirmations.get(row.confirmation), people.get(row.customer)
			round_ = one and terms.get(one.round)
			if not one or not round_ or not customer or not _waits(one, round_):
				yield Withheld(row, SUPERSEDED)
				continue
			found = compose.ClearedMessage(
				row, one, round_, customer, *compose.recipient_of(round_, customer)
			)
			verdict = can_send(found.channel, _circumstances(found), aware(self.now))
			if verdict.sends:
				may_go.append(found)
			else:
				yield Withheld(row, verdict)
		figures = compose.figures_of_letters([one for one in may_go if not one.row.step])
		for one in may_go:
			yield self._written(one, figures.get(one.confirmation.name))

	def _written(self, one: compose.ClearedMessage, figures: StatementFigures | None) -> SendDecision:
		try:
			parts, text, _language = compose.compose(one, figures)
		except Exception as error:
			return Unrenderable(one.row, error)
		return ConfirmationMessage(
			row=one.row,
			channel=one.channel,
			letter=text,
			day=self.day(one.row, self.now),
			now=self.now,
			recipient=one.recipient,
			reply_to=one.terms.reply_to or None,
			reply_to_default=one.customer.account_manager,
			email_account=one.terms.email_account or None,
			fields={"channel": one.channel.value, "total": float(as_money(parts.confirmation.our_balance))},
			parts=parts,
			attach_pdf=bool(cint(one.terms.attach_pdf)) and not one.row.step and one.channel is Channel.EMAIL,
		)

	# --- handing over ---

	def prepare(self, outgoing: ConfirmationMessage) -> Prepared:
		"""Keep what the letter states, and make its PDF. A reminder states nothing anew."""
		if outgoing.row.step:
			return Prepared()
		one, figures, language = outgoing.parts.confirmation, outgoing.parts.figures, outgoing.letter.language
		url = None
		if outgoing.attach_pdf:
			url = _store_letter(outgoing.parts, language)
		update(
			one.name,
			{
				"our_balance": one.our_balance,
				"base_balance": one.base_balance,
				"language": language,
				"letter": url,
				"figures": figures.to_json(),
				"content_hash": figures.content_hash(),
				"stated_on": self.now,
			},
			self.now,
		)
		if not url:
			return Prepared()
		fid = frappe.db.get_value("File", {"attached_to_name": one.name, "file_url": url})
		return Prepared({}, [{"fid": fid}])

	# --- what waits to be sent ---

	def is_current(self, row: NoticeRow, outgoing: ConfirmationMessage) -> bool:
		"""Return whether a mail tells the same person the same."""
		if row.recipients != outgoing.recipient:
			return False
		if row.step:
			return True
		return outgoing.parts.figures.content_hash() == frappe.db.get_value(
			BALANCE_CONFIRMATION, row.confirmation, "content_hash"
		)

	def taken_back(self, row: NoticeRow) -> Mapping[str, Any]:
		"""Delete the letter that did not leave, and what it would have stated."""
		if not row.step:
			if url := frappe.db.get_value(BALANCE_CONFIRMATION, row.confirmation, "letter"):
				delete_file(BALANCE_CONFIRMATION, row.confirmation, url)
			update(row.confirmation, dict.fromkeys(("letter", "figures", "content_hash", "stated_on")))
		return {}

	# --- afterwards ---

	def sent(self, row: NoticeRow, on: date) -> None:
		"""Keep in the archive what has reached the customer; count a reminder."""
		if not row.step:
			confirmation_rows.archive_letter(row.confirmation)
			return
		update(row.confirmation, {"reminders": row.step, "reminded_on": row.sent_on or now_datetime()})

	@classmethod
	def progressed(cls, names: Sequence[str]) -> None:
		"""Count the rounds of confirmations."""
		rounds.progressed(list(names))

	@classmethod
	def recipient_key(cls, row: Mapping[str, Any]) -> tuple[str, ...]:
		"""Confirmations wait for nobody else's messages; of one confirmation a letter or reminder at a time."""
		return CONFIRMATION, row["confirmation"] or ""

	def preview(self, row: NoticeRow) -> dict[str, Any]:
		"""Return the mail as it would read now."""
		one = frappe.db.get_value(BALANCE_CONFIRMATION, row.confirmation, compose.FIELDS, as_dict=True)
		terms = frappe.db.get_value(CONFIRMATION_ROUND, one.round, compose.TERMS, as_dict=True)
		if not terms:
			frappe.throw(_("The round of this confirmation is no longer there."))
		customer = read_customers([row.customer])[row.customer]
		recipient, channel = compose.recipient_of(terms, customer)
		_parts, text, language = compose.compose(
			compose.ClearedMessage(row, one, terms, customer, recipient, channel), None
		)
		return {
			"subject": text.subject,
			"message": text.html,
			"to": recipient,
			"language": language,
			"step": CONFIRMATION,
			"fee": 0,
			"interest": 0,
		}


def _waits(one: frappe._dict, terms: frappe._dict) -> bool:
	return one.status in [status.value for status in UNANSWERED] and terms.status != rounds.CLOSED


def _circumstances(one: compose.ClearedMessage) -> Circumstances:
	# A confirmation is no advertisement: who has unsubscribed from mails is written to on paper, or by a person.
	opted_out = one.customer.addressee.opted_out and one.channel is Channel.EMAIL
	return Circumstances(
		hours=_HOURS,
		budget=Budget(),
		has_address=bool(one.recipient),
		opted_out=opted_out,
		disabled=one.customer.disabled,
	)


def _store_letter(parts: LetterParts, language: str) -> str:
	name = parts.confirmation.name
	try:
		return store_file(
			BALANCE_CONFIRMATION, name, "letter", f"{name}.pdf", letter.letter_pdf(parts, language)
		)
	except OSError as error:
		raise Undeliverable(
			ERROR,
			filled(
				_("The letter could not be written ({0}). Check the disk of the server."),
				error.strerror or str(error),
			),
		) from error
	except frappe.ValidationError as error:
		raise Undeliverable(ERROR, str(error)) from error


def _by_name(doctype: str, names: Iterable[str | None], fields: Sequence[str]) -> dict[str, frappe._dict]:
	found = frappe.get_all(
		doctype, {"name": ("in", [name for name in names if name])}, fields, order_by="name"
	)
	return {row.name: row for row in found}
