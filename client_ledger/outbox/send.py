"""The sender: plans once more from what is open now, judges, and hands over, each batch in one transaction.

	lock the rows -> plan and judge again -> prepare what is handed over -> write it and the rows -> commit

A worker killed before the commit has done nothing, one killed after it has done everything: the Email Queue, the
Dunning and the follow-up are rows of the same database. Only an SMS leaves it, so its row says so first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import frappe
from frappe.utils import cint

from client_ledger.core.dunning.plan import Notice, Party
from client_ledger.core.dunning.policy import Channel
from client_ledger.core.dunning.verdict import Verdict
from client_ledger.dunning.sending import formal_dunning, step_actions
from client_ledger.dunning.sending.decide import Broken, Held, Job, Judge
from client_ledger.outbox import notice_rows
from client_ledger.outbox.channels import letter, mail, manual, sms
from client_ledger.outbox.notice_rows import Row
from client_ledger.outbox.notice_status import ERROR, THANKS, State, Undeliverable, day_key
from client_ledger.site.doctypes import DUNNING_SETTINGS, LEDGER_NOTICE


@dataclass
class Outcome:
	"""What became of a batch, by name."""

	handed_over: list[str] = field(default_factory=list)
	deferred: list[str] = field(default_factory=list)
	skipped: list[str] = field(default_factory=list)
	failed: list[str] = field(default_factory=list)

	def add(self, other: "Outcome") -> None:
		"""Add another batch's."""
		for name in self.__dataclass_fields__:
			getattr(self, name).extend(getattr(other, name))


def due_names(now: datetime, company: str | None = None, limit: int | None = None) -> list[str]:
	"""Return the notices whose turn it is: approved, deferred until now, or failed and to be tried again."""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	turn = (
		(table.state == State.APPROVED.value)
		| (
			(table.state == State.DEFERRED.value)
			& table.approved_on.isnotnull()
			& (table.deferred_until <= now)
		)
		| (
			(table.state == State.FAILED.value)
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


def send(names: Sequence[str], now: datetime) -> Outcome:
	"""Send notices in batches, each committed; one that fails keeps no other from going out."""
	outcome = Outcome()
	size = max(cint(frappe.db.get_single_value(DUNNING_SETTINGS, "messages_per_commit")), 1)
	for start in range(0, len(names), size):
		outcome.add(_send_batch(list(names[start : start + size]), now))
	return outcome


def _send_batch(names: list[str], now: datetime) -> Outcome:
	"""Send a batch; if it breaks as a whole, one by one, the one that breaks marked as failed."""
	try:
		return _Batch(names, now).send()
	except Exception:
		frappe.db.rollback()
		if len(names) > 1:
			outcome = Outcome()
			for name in names:
				outcome.add(_send_batch([name], now))
			return outcome
		error = frappe.get_traceback()
		frappe.log_error(
			title=f"Ledger Notice not sent: {names[0]}"[:140],
			reference_doctype=LEDGER_NOTICE,
			reference_name=names[0],
		)
		notice_rows.mark_failed(names[0], ERROR, error.strip().splitlines()[-1], now)
		frappe.db.commit()  # nosemgrep: what failed is on record
		return Outcome(failed=names)


class _Batch:
	"""One transaction's worth of notices."""

	def __init__(self, names: list[str], now: datetime):
		self.names, self.now = names, now
		self.outcome = Outcome()

	def send(self) -> Outcome:
		"""Send the batch. Commits."""
		frappe.db.commit()  # nosemgrep: the locks below begin a transaction with a fresh view
		by_company: dict[str, list[Row]] = {}
		for row in notice_rows.lock(self.names):
			by_company.setdefault(row.company, []).append(row)
		judge = Judge(self.now)
		decisions = [
			d for company, of_company in by_company.items() for d in judge.decide(company, of_company)
		]
		for decision in decisions:
			if isinstance(decision, Held):
				self._mark(decision.row, decision.verdict, decision.notice)
			elif isinstance(decision, Broken):
				self._fail(decision.row, ERROR, decision.error)
		jobs = [decision for decision in decisions if isinstance(decision, Job)]
		self._hand_over([job for job in jobs if job.step.channel != Channel.SMS.value])
		frappe.db.commit()  # nosemgrep: handed over and marked, in one
		for job in jobs:
			if job.step.channel == Channel.SMS.value:
				self._send_sms(job)
		return self.outcome

	# --- handing over ---

	def _hand_over(self, jobs: Sequence[Job]) -> None:
		"""Hand over everything that stays in this database, and mark the rows, in this transaction."""
		done: list[tuple[Job, dict]] = []
		post = mail.Post()
		for job in jobs:
			frappe.db.savepoint("cl_notice")
			try:
				done.append((job, self._prepare(job, post)))
			except Undeliverable as error:
				frappe.db.rollback(save_point="cl_notice")
				self._fail(job.row, error.reason, error.detail)
			except Exception as error:
				frappe.db.rollback(save_point="cl_notice")
				frappe.log_error(
					title=f"Ledger Notice not sent: {job.row.name}"[:140],
					reference_doctype=LEDGER_NOTICE,
					reference_name=job.row.name,
				)
				self._fail(job.row, ERROR, error)
		post.write()
		for job, fields in done:
			self._write(job, fields)
		notice_rows.rewrite_items(
			{job.row.name: job.notice for job, _fields in done if job.row.kind != THANKS},
			jobs[0].day if jobs else None,
		)

	def _prepare(self, job: Job, post: mail.Post) -> dict:
		"""Make what is handed over; return the fields of the row that say so."""
		fields: dict = {}
		if cint(job.step.formal) and not job.row.dunning:
			fields["dunning"] = formal_dunning.make_dunning(job)
		channel = Channel(job.step.channel)
		if channel is Channel.EMAIL:
			fields |= post.add(job, fields.get("dunning") or job.row.dunning)
		elif channel is Channel.LETTER:
			fields |= letter.hand_over(job)
		else:
			fields |= manual.hand_over(job)
		fields |= step_actions.carry_out(job)
		return fields

	def _send_sms(self, job: Job) -> None:
		"""An SMS leaves the database: that it is about to is committed first, so that it never goes twice."""
		if not self._claim_for_sms(job):
			return
		try:
			fields = sms.send(job)
		except Undeliverable as error:
			self._fail(job.row, error.reason, error.detail)
		else:
			self._write(job, {**fields, **step_actions.carry_out(job)})
			notice_rows.rewrite_items({job.row.name: job.notice}, job.day)
		frappe.db.commit()  # nosemgrep: what became of it

	def _claim_for_sms(self, job: Job) -> bool:
		if not [row for row in notice_rows.lock([job.row.name]) if row.state == job.row.state]:
			frappe.db.rollback()
			return False
		try:
			sms.check()
		except Undeliverable as error:
			self._fail(job.row, error.reason, error.detail)
			frappe.db.commit()  # nosemgrep: why it did not go
			return False
		self._write(job, {"state": State.SENDING.value, "reason": None}, announce=False)
		frappe.db.commit()  # nosemgrep: about to leave the database
		return True

	# --- marking ---

	def _write(self, job: Job, fields: dict, announce: bool = True) -> None:
		"""Mark a row as handed over."""
		party = Party(job.row.customer, job.row.company, job.row.currency)
		notice_rows.update(
			job.row.name,
			{
				"state": State.SENDING.value,
				"reason": None,
				"reason_detail": None,
				"deferred_until": None,
				"next_attempt": None,
				"contact_on": job.day,
				"day_key": day_key(party, job.day),
				"sending_on": self.now,
				"fee": job.charges.fee,
				"interest": job.charges.interest,
				"language": job.letter.language if job.letter else None,
				"subject": job.letter.subject if job.letter else None,
				"message": job.letter.html if job.letter else None,
				**(notice_rows.amounts_of(job.notice) if job.row.kind != THANKS else {}),
				**fields,
			},
			self.now,
		)
		if announce:
			self.outcome.handed_over.append(job.row.name)

	def _mark(self, row: Row, verdict: Verdict, notice: Notice | None = None) -> None:
		"""Mark a row as deferred or skipped."""
		fields = notice_rows.verdict_fields(verdict)
		notice_rows.update(row.name, fields, self.now)
		if notice and notice.withheld:
			notice_rows.rewrite_items({row.name: notice})
		(self.outcome.deferred if verdict.defers else self.outcome.skipped).append(row.name)

	def _fail(self, row: Row, reason: str, error: object = "") -> None:
		notice_rows.mark_failed(row.name, reason, str(error), self.now)
		self.outcome.failed.append(row.name)
