"""The sender: plans once more from what is open now, judges, and hands over, each batch in one transaction.

	lock the rows -> plan and judge again -> prepare what is handed over -> write it and the rows -> commit

A worker killed before the commit has done nothing, one killed after it has done everything: the Email Queue, the
Dunning and the follow-up are rows of the same database. Only an SMS leaves it, so its row says so first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import frappe
from frappe.utils import cint

from client_ledger.core.dunning.plan import Notice, Party, Reason
from client_ledger.core.dunning.policy import BY_HAND, Channel
from client_ledger.core.dunning.verdict import Circumstances, Verdict, judge
from client_ledger.dunning import charges, consequences, planner, reading, thanks
from client_ledger.dunning.channels import by_hand, letter, mail, sms
from client_ledger.dunning.letters import Letter, Writer
from client_ledger.dunning.policies import SitePolicies, aware
from client_ledger.dunning.states import (
	ERROR,
	IN_DOUBT,
	NOTICE,
	SETTINGS,
	THANKS,
	State,
	day_key,
)

LONGEST_BUDGET = 90
BACKOFF = timedelta(minutes=30)
Row = frappe._dict


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


@dataclass(frozen=True)
class Job:
	"""One notice that may go out: its row, what it says now, and whom it goes to."""

	row: Row
	notice: Notice
	customer: reading.Customer
	letter: Letter | None
	charges: "charges.Charges"
	step: frappe._dict
	policy: frappe._dict
	day: date
	now: datetime


class Undeliverable(Exception):
	"""A notice cannot be handed over; the reason is one of client_ledger.dunning.states.FAILURES."""

	def __init__(self, reason: str, detail: str = ""):
		super().__init__(f"{reason}: {detail}" if detail else reason)
		self.reason, self.detail = reason, detail


def due_names(now: datetime, company: str | None = None, limit: int | None = None) -> list[str]:
	"""Return the notices whose turn it is: approved, deferred until now, or failed and to be tried again."""
	table = frappe.qb.DocType(NOTICE)
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
	size = max(cint(frappe.db.get_single_value(SETTINGS, "messages_per_commit")), 1)
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
			reference_doctype=NOTICE,
			reference_name=names[0],
		)
		mark_failed(names[0], ERROR, error.strip().splitlines()[-1], now)
		frappe.db.commit()  # nosemgrep: what failed is on record
		return Outcome(failed=names)


class _Batch:
	"""One transaction's worth of notices."""

	def __init__(self, names: list[str], now: datetime):
		self.names, self.now = names, now
		self.moment = aware(now)
		self.outcome = Outcome()
		self.writers: dict[str, Writer] = {}
		self.paused = bool(cint(frappe.db.get_single_value(SETTINGS, "paused")))
		# Modes may have changed since the plan: a policy that is off now sends nothing.
		self.policies = SitePolicies.of_site()

	def send(self) -> Outcome:
		"""Send the batch. Commits."""
		frappe.db.commit()  # nosemgrep: the locks below begin a transaction with a fresh view
		rows = lock(self.names)
		by_company: dict[str, list[Row]] = {}
		for row in rows:
			by_company.setdefault(row.company, []).append(row)
		jobs = [job for company, of_company in by_company.items() for job in self._jobs(company, of_company)]
		self._hand_over([job for job in jobs if job.step.channel != Channel.SMS.value])
		frappe.db.commit()  # nosemgrep: handed over and marked, in one
		for job in jobs:
			if job.step.channel == Channel.SMS.value:
				self._send_sms(job)
		return self.outcome

	def _jobs(self, company: str, rows: Sequence[Row]) -> Iterable[Job]:
		"""Yield what may go out of *rows*; the others are marked with why not."""
		today = self._today(company, rows)
		customers = sorted({row.customer for row in rows})
		facts = planner.read_facts(company, customers, today, self.policies)
		notices = {notice.party: notice for notice in facts.plan()}
		people = reading.read_customers(customers)
		contacts = reading.contacts(customers, today - timedelta(days=LONGEST_BUDGET))
		for row in rows:
			customer = people.get(row.customer)
			if not customer or row.policy not in self.policies.rules:
				self._mark(row, Verdict(Reason.SUPERSEDED))
			elif row.kind == THANKS:
				yield from self._thanks(row, customer, facts, contacts)
			else:
				notice = notices.get(Party(row.customer, row.company, row.currency))
				yield from self._job(row, notice, customer, facts, contacts)

	def _today(self, company: str, rows: Sequence[Row]) -> date:
		"""Return the date by the company's clock; policies of one company share it but for odd settings."""
		known = [row.policy for row in rows if row.policy in self.policies.rules]
		return self.policies.hours(known[0], company).today(self.moment) if known else self.now.date()

	def _job(
		self,
		row: Row,
		notice: Notice | None,
		customer: reading.Customer,
		facts: planner.Facts,
		contacts: Mapping,
	) -> Iterable[Job]:
		policy = facts.policies.get((row.customer, row.company))
		if notice and (notice.policy, notice.version, notice.step.number) != (
			row.policy,
			row.policy_version,
			row.step,
		):
			# What was approved is not what would be sent now: it is planned anew.
			self._mark(row, Verdict(Reason.SUPERSEDED))
			return
		document = self.policies.documents[row.policy]
		step = document.steps[row.step - 1] if row.step <= len(document.steps) else None
		if not policy or not step:
			self._mark(row, Verdict(Reason.SUPERSEDED))
			return
		channel = Channel(step.channel)
		known = self._circumstances(row, customer, policy, facts, contacts, channel)
		verdict = judge(notice, channel, known, self.moment)
		if not verdict.sends:
			self._mark(row, verdict, notice)
			return
		try:
			due = charges.charges_of(notice, step, facts.today, bool(row.waive_charges))
			letter = None
			if channel not in BY_HAND or step.email_template or document.texts:
				letter = self._writer(row.policy).letter(notice, customer, due, facts.today)
		except Exception as error:
			self._fail(row, ERROR, error)
			return
		yield Job(row, notice, customer, letter, due, step, document, facts.today, self.now)

	def _thanks(
		self, row: Row, customer: reading.Customer, facts: planner.Facts, contacts: Mapping
	) -> Iterable[Job]:
		rules = self.policies.rules[row.policy]
		document = self.policies.documents[row.policy]
		party = Party(row.customer, row.company, row.currency)
		known = self._circumstances(row, customer, rules, facts, contacts, Channel.EMAIL)
		notice = thanks.notice_of(row, party, rules, facts)
		verdict = judge(notice, Channel.EMAIL, known, self.moment)
		if not verdict.sends:
			self._mark(row, verdict)
			return
		try:
			letter = thanks.letter_of(self._writer(row.policy), notice, row, customer, facts.today)
		except Exception as error:
			self._fail(row, ERROR, error)
			return
		yield Job(
			row, notice, customer, letter, charges.Charges(), thanks.STEP, document, facts.today, self.now
		)

	def _circumstances(
		self,
		row: Row,
		customer: reading.Customer,
		policy,
		facts: planner.Facts,
		contacts: Mapping,
		channel: Channel,
	) -> Circumstances:
		party = Party(row.customer, row.company, row.currency)
		to = customer.addressee
		addresses = {Channel.EMAIL: to.email, Channel.SMS: to.mobile, Channel.LETTER: to.address}
		return Circumstances(
			hours=self.policies.hours(policy.name, row.company),
			budget=policy.budget,
			contacts=contacts.get(row.customer, ()),
			last_message=facts.history.last_message.get(party),
			gap=policy.gap,
			has_address=bool(addresses.get(channel)),
			opted_out=to.opted_out and channel in (Channel.EMAIL, Channel.SMS),
			disabled=customer.disabled,
			paused=self.paused,
		)

	def _writer(self, policy: str) -> Writer:
		if policy not in self.writers:
			self.writers[policy] = Writer(self.policies.documents[policy])
		return self.writers[policy]

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
					reference_doctype=NOTICE,
					reference_name=job.row.name,
				)
				self._fail(job.row, ERROR, error)
		post.write()
		for job, fields in done:
			self._write(job, fields)
		planner.rewrite_items(
			{job.row.name: job.notice for job, _fields in done if job.row.kind != THANKS},
			jobs[0].day if jobs else None,
		)

	def _prepare(self, job: Job, post: mail.Post) -> dict:
		"""Make what is handed over; return the fields of the row that say so."""
		fields: dict = {}
		if cint(job.step.formal) and not job.row.dunning:
			fields["dunning"] = charges.make_dunning(job)
		channel = Channel(job.step.channel)
		if channel is Channel.EMAIL:
			fields |= post.add(job, fields.get("dunning") or job.row.dunning)
		elif channel is Channel.LETTER:
			fields |= letter.hand_over(job)
		else:
			fields |= by_hand.hand_over(job)
		fields |= consequences.carry_out(job)
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
			self._write(job, {**fields, **consequences.carry_out(job)})
			planner.rewrite_items({job.row.name: job.notice}, job.day)
		frappe.db.commit()  # nosemgrep: what became of it

	def _claim_for_sms(self, job: Job) -> bool:
		if not [row for row in lock([job.row.name]) if row.state == job.row.state]:
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
		update(
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
				**(planner.amounts_of(job.notice) if job.row.kind != THANKS else {}),
				**fields,
			},
			self.now,
		)
		if announce:
			self.outcome.handed_over.append(job.row.name)

	def _mark(self, row: Row, verdict: Verdict, notice: Notice | None = None) -> None:
		"""Mark a row as deferred or skipped."""
		fields = planner.verdict_fields(verdict)
		update(row.name, fields, self.now)
		if notice and notice.withheld:
			planner.rewrite_items({row.name: notice})
		(self.outcome.deferred if verdict.defers else self.outcome.skipped).append(row.name)

	def _fail(self, row: Row, reason: str, error: object = "") -> None:
		mark_failed(row.name, reason, str(error), self.now)
		self.outcome.failed.append(row.name)


def lock(names: Sequence[str]) -> list[Row]:
	"""Lock the rows of *names* that are still to be sent, without waiting for those another worker holds."""
	table = frappe.qb.DocType(NOTICE)
	sendable = [State.APPROVED.value, State.DEFERRED.value, State.FAILED.value]
	return (
		frappe.qb.from_(table)
		.select("*")
		.where(table.name.isin(list(names)) & table.state.isin(sendable) & table.approved_on.isnotnull())
		.orderby(table.name)
		.for_update(skip_locked=True)
	).run(as_dict=True)


def update(name: str, fields: Mapping, now: datetime) -> None:
	"""Set fields of a row, without the form's checks."""
	table = frappe.qb.DocType(NOTICE)
	query = frappe.qb.update(table).where(table.name == name).set(table.modified, now)
	for fieldname, value in fields.items():
		query = query.set(table[fieldname], value)
	query.run()


def mark_failed(name: str, reason: str, detail: str, now: datetime) -> None:
	"""Mark a row as failed, to be tried again later and later, until the attempts are used up."""
	attempts = cint(frappe.db.get_value(NOTICE, name, "attempts")) + 1
	most = cint(frappe.db.get_single_value(SETTINGS, "most_attempts"))
	# Whether a message in doubt arrived is for a person to find out.
	again = attempts < most and reason != IN_DOUBT
	update(
		name,
		{
			"state": State.FAILED.value,
			"reason": reason,
			"reason_detail": detail[:500],
			"attempts": attempts,
			"next_attempt": now + BACKOFF * 2 ** (attempts - 1) if again else None,
			"day_key": None,
			"contact_on": None,
			"sent_on": None,
		},
		now,
	)
