"""Sending: notices whose turn it is are decided on once more by their kind and handed over, each batch in one transaction.

	lock the rows -> their kind decides -> prepare what goes along, hand over -> write the rows -> commit

A worker killed before the commit has done nothing, one killed after it has done everything: the Email Queue and whatever
a kind makes are rows of the same database. Only an SMS leaves it, so that is committed to its row first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from traceback import format_exception_only
from typing import Any

import frappe

from client_ledger.core.outbox.message import Channel
from client_ledger.core.outbox.verdict import Verdict
from client_ledger.outbox import notice_rows, settings
from client_ledger.outbox.channels import letter, mail, sms
from client_ledger.outbox.delivery import mark_sent
from client_ledger.outbox.edits import outdated_fields
from client_ledger.outbox.keys import day_key
from client_ledger.outbox.kinds import NoticeKind, kind_class
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.notice_status import ERROR, NoticeStatus, Undeliverable
from client_ledger.outbox.outgoing import Outdated, Outgoing, SendDecision, Unrenderable, Withheld
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.jobs import each_or_log

SAVEPOINT = "cl_notice"
NOT_SENT = "Ledger Notice not sent"


@dataclass
class SendOutcome:
	"""What became of notices, by name."""

	handed_over: list[str] = field(default_factory=list)
	deferred: list[str] = field(default_factory=list)
	skipped: list[str] = field(default_factory=list)
	failed: list[str] = field(default_factory=list)

	def add(self, other: "SendOutcome") -> None:
		"""Add another batch's."""
		for name in self.__dataclass_fields__:
			getattr(self, name).extend(getattr(other, name))


def due_names(now: datetime, company: str | None = None, limit: int | None = None) -> list[str]:
	"""Return the notices whose turn it is: approved, deferred until now, or failed and to be tried again."""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	turn = (
		(table.status == NoticeStatus.APPROVED.value)
		| (
			(table.status == NoticeStatus.DEFERRED.value)
			& table.approved_on.isnotnull()
			& (table.deferred_until <= now)
		)
		| (
			(table.status == NoticeStatus.FAILED.value)
			& table.approved_on.isnotnull()
			& table.next_attempt.isnotnull()
			& (table.next_attempt <= now)
		)
	)
	query = frappe.qb.from_(table).select(table.name).where(turn).orderby(table.customer).orderby(table.name)
	if company:
		query = query.where(table.company == company)
	if limit:
		query = query.limit(limit)
	return [row[0] for row in query.run()]


def send(names: Sequence[str], now: datetime) -> SendOutcome:
	"""Send notices in batches, each committed; one that fails is marked as failed and keeps no other from going out."""

	def mark(name: str, error: Exception) -> None:
		notice_rows.mark_failed(name, ERROR, format_exception_only(error)[-1].strip(), now)

	found, failed = each_or_log(
		names,
		lambda batch: _send_batch(batch, now),
		title=NOT_SENT,
		doctype=LEDGER_NOTICE,
		size=settings.messages_per_commit(),
		on_failure=mark,
	)
	outcome = SendOutcome(failed=failed)
	for of_batch in found:
		outcome.add(of_batch)
	return outcome


def _send_batch(names: list[str], now: datetime) -> SendOutcome:
	return _Batch(names, now).send()


class _Batch:
	"""One transaction's worth of notices."""

	def __init__(self, names: list[str], now: datetime):
		self.names, self.now = names, now
		self.outcome = SendOutcome()
		self.kinds: dict[type[NoticeKind], NoticeKind] = {}

	def send(self) -> SendOutcome:
		"""Send the batch. Commits."""
		frappe.db.commit()  # nosemgrep: the locks below begin a transaction with a fresh view
		decisions = list(self._decide(notice_rows.lock_sendable(self.names)))
		for decision in decisions:
			if isinstance(decision, Withheld):
				self._withhold(decision)
			elif isinstance(decision, Unrenderable):
				self._fail(decision.row, ERROR, decision.error)
			elif isinstance(decision, Outdated):
				self._ask_again(decision)
		outgoing = [decision for decision in decisions if isinstance(decision, Outgoing)]
		self._hand_over([one for one in outgoing if one.channel is not Channel.SMS])
		frappe.db.commit()  # nosemgrep: handed over and marked, in one
		for one in outgoing:
			if one.channel is Channel.SMS:
				self._send_sms(one)
		return self.outcome

	def _decide(self, rows: Iterable[NoticeRow]) -> Iterable[SendDecision]:
		"""Yield what the kinds decide, asking each once per company."""
		groups: dict[tuple[type[NoticeKind], str], list[NoticeRow]] = {}
		for row in rows:
			try:
				groups.setdefault((kind_class(row.kind), row.company), []).append(row)
			except LookupError as error:
				yield Unrenderable(row, error)
		for (kind, company), of_company in groups.items():
			self.kinds.setdefault(kind, kind(self.now))
			yield from self.kinds[kind].decide(company, of_company)

	def _kind(self, row: NoticeRow) -> NoticeKind:
		return self.kinds[kind_class(row.kind)]

	# --- handing over ---

	def _hand_over(self, outgoing: Sequence[Outgoing]) -> None:
		"""Hand over everything that stays in this database, and mark the rows, in this transaction."""
		done: list[tuple[Outgoing, dict]] = []
		post = mail.Post()
		for one in outgoing:
			frappe.db.savepoint(SAVEPOINT)
			try:
				done.append((one, self._prepare(one, post)))
			except Undeliverable as error:
				frappe.db.rollback(save_point=SAVEPOINT)
				self._fail(one.row, error.reason, error.detail)
			except Exception as error:
				frappe.db.rollback(save_point=SAVEPOINT)
				frappe.log_error(
					title=f"{NOT_SENT}: {one.row.name}"[:140],
					reference_doctype=LEDGER_NOTICE,
					reference_name=one.row.name,
				)
				self._fail(one.row, ERROR, error)
		post.write()
		for one, fields in done:
			self._write(one, fields)
			self.outcome.handed_over.append(one.row.name)
		notice_rows.rewrite_items({one.row.name: one.items for one, _ in done if one.items is not None})

	def _prepare(self, one: Outgoing, post: mail.Post) -> dict[str, Any]:
		"""Make what is handed over; return the fields of the row that say so."""
		kind = self._kind(one.row)
		prepared = kind.prepare(one)
		fields = dict(prepared.fields)
		made = None
		if one.channel is Channel.EMAIL:
			made = post.make(one, prepared.attachments)
			fields |= made.fields
		elif one.channel is Channel.LETTER:
			fields |= letter.hand_over(one)
		fields |= kind.follow_through(one)
		if made:
			# Only now: a mail whose notice fails must not go out.
			post.keep(made)
		return fields

	def _send_sms(self, one: Outgoing) -> None:
		"""An SMS leaves the database: that it is about to is committed first, so that it never goes twice."""
		if not self._claim_for_sms(one):
			return
		try:
			fields = sms.send(one)
		except Undeliverable as error:
			self._fail(one.row, error.reason, error.detail)
		else:
			self._write(one, {**fields, **self._kind(one.row).follow_through(one)})
			if one.items is not None:
				notice_rows.rewrite_items({one.row.name: one.items})
			mark_sent(one.row.name, self.now, self.now)
			self.outcome.handed_over.append(one.row.name)
		frappe.db.commit()  # nosemgrep: what became of it

	def _claim_for_sms(self, one: Outgoing) -> bool:
		"""Mark an SMS as about to be sent; return False where another worker was faster or there is no gateway. Commits."""
		locked = notice_rows.lock_sendable([one.row.name])
		if not any(row.status == one.row.status for row in locked):
			frappe.db.rollback()
			return False
		try:
			sms.require_gateway()
		except Undeliverable as error:
			self._fail(one.row, error.reason, error.detail)
			frappe.db.commit()  # nosemgrep: why it did not go
			return False
		self._write(one, {})
		frappe.db.commit()  # nosemgrep: about to leave the database
		return True

	# --- marking ---

	def _write(self, one: Outgoing, fields: dict[str, Any]) -> None:
		"""Mark a row as handed over."""
		recipient = self._kind(one.row).recipient_key(one.row)
		notice_rows.update(
			one.row.name,
			{
				"status": NoticeStatus.SENDING.value,
				"reason": None,
				"reason_detail": None,
				"deferred_until": None,
				"next_attempt": None,
				"contact_on": one.day,
				"day_key": day_key(recipient, one.day),
				"sending_on": self.now,
				"data_on": None,
				"language": one.letter.language if one.letter else None,
				"subject": one.letter.subject if one.letter else None,
				"message": one.letter.html if one.letter else None,
				**one.fields,
				**fields,
			},
			self.now,
		)

	def _withhold(self, decision: Withheld) -> None:
		"""Mark a row as deferred or skipped."""
		row, verdict = decision.row, decision.verdict
		notice_rows.update(row.name, notice_rows.verdict_fields(verdict), self.now)
		if decision.items is not None:
			notice_rows.rewrite_items({row.name: decision.items})
		self._outcome_of(verdict).append(row.name)

	def _ask_again(self, decision: Outdated) -> None:
		"""Have a person look at an edited letter once more."""
		name = decision.row.name
		notice_rows.update(name, outdated_fields(decision), self.now)
		notice_rows.rewrite_items({name: decision.items})
		self.outcome.deferred.append(name)

	def _outcome_of(self, verdict: Verdict) -> list[str]:
		return self.outcome.deferred if verdict.defers else self.outcome.skipped

	def _fail(self, row: NoticeRow, reason: str, error: object = "") -> None:
		notice_rows.mark_failed(row.name, reason, str(error), self.now)
		self.outcome.failed.append(row.name)
