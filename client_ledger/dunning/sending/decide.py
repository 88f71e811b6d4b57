"""At send time, reminders and acknowledgements are planned once more from what is open now, decided on, and written.

rows + facts -> notice as it reads now -> verdict -> letter, charges -> DunningMessage
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate

from client_ledger.core.dunning.plan import NO_DUNNING, DunningReason, Notice
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.dunning.verdict import decide
from client_ledger.core.outbox.message import MANUAL, Channel, Party, WithholdReason
from client_ledger.core.outbox.verdict import Circumstances, Verdict
from client_ledger.dunning import run_progress
from client_ledger.dunning.letters.charges import charges_of
from client_ledger.dunning.letters.render import LetterWriter
from client_ledger.dunning.letters.template_values import Charges
from client_ledger.dunning.notice_kinds import THANKS
from client_ledger.dunning.planning import levels, preview
from client_ledger.dunning.planning.notice_fields import amounts_of, figures_of, items_of
from client_ledger.dunning.planning.plan_facts import PlanFacts, read_facts
from client_ledger.dunning.policies.read import SitePolicies
from client_ledger.dunning.sending import acknowledgements, envelope, formal_dunning, step_actions
from client_ledger.dunning.sending.dunning_message import DunningMessage
from client_ledger.dunning.step_holds import recheck_later
from client_ledger.outbox.contact_history import contact_days
from client_ledger.outbox.edits import edit_of
from client_ledger.outbox.kinds import NoticeKind
from client_ledger.outbox.moments import aware
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.outgoing import (
	Draft,
	Letter,
	Outdated,
	Prepared,
	SendDecision,
	Unrenderable,
	Withheld,
)
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import DUNNING_POLICY, DUNNING_SETTINGS, LEDGER_NOTICE_ITEM

LONGEST_BUDGET = 90
SHOWN = ["voucher_type", "voucher_no", "due_date", "outstanding", "withheld"]
SUPERSEDED = Verdict(WithholdReason.SUPERSEDED)


class DunningNotices(NoticeKind[DunningMessage]):
	"""Reminders and acknowledgements of payment. Policies and letters are read once for a batch."""

	remedies = {
		DunningReason.DISPUTED.value: "block",
		DunningReason.PROMISED.value: "block",
		DunningReason.ANNOUNCED.value: "block",
		DunningReason.BLOCKED.value: "block",
		DunningReason.COVERED.value: "reconcile",
		DunningReason.BANK_RECEIPT.value: "bank",
		DunningReason.UNDER_MINIMUM.value: "policy",
		DunningReason.PAUSED.value: "settings",
		DunningReason.PAID.value: "none",
	}

	remarks = {NO_DUNNING: "no-dunning"}

	# --- deciding ---

	def decide(self, company: str, rows: Sequence[NoticeRow]) -> Iterable[SendDecision]:
		"""Yield what becomes of *rows*, all of one company, each on the day it is by its own policy's clock."""
		by_day: dict[date, list[NoticeRow]] = {}
		for row in rows:
			by_day.setdefault(self.day(row, self.now), []).append(row)
		for today, of_day in by_day.items():
			yield from self._decide_on(today, company, of_day)

	def _decide_on(self, today: date, company: str, rows: Sequence[NoticeRow]) -> Iterable[SendDecision]:
		customers = sorted({row.customer for row in rows})
		facts = read_facts(company, customers, today, self._policies)
		notices = {notice.party: notice for notice in facts.plan()}
		# The facts know those who owe already.
		others = [name for name in customers if name not in facts.customers]
		people = {**facts.customers, **(read_customers(others) if others else {})}
		contacts = contact_days(customers, today - timedelta(days=LONGEST_BUDGET))
		for row in rows:
			customer = people.get(row.customer)
			if not customer or row.policy not in self._policies.rules:
				yield Withheld(row, SUPERSEDED)
			elif row.kind == THANKS:
				yield self._acknowledgement(row, customer, facts, contacts)
			else:
				yield self._reminder(row, notices.get(_party(row)), customer, facts, contacts)

	@cached_property
	def _policies(self) -> SitePolicies:
		# Modes may have changed since the plan: a policy that is off now sends nothing.
		return SitePolicies.of_site()

	@cached_property
	def _paused(self) -> bool:
		return bool(cint(frappe.db.get_single_value(DUNNING_SETTINGS, "paused")))

	@cached_property
	def _writers(self) -> dict[str, LetterWriter]:
		return {name: LetterWriter(document) for name, document in self._policies.documents.items()}

	def _reminder(
		self,
		row: NoticeRow,
		notice: Notice | None,
		customer: Customer,
		facts: PlanFacts,
		contacts: Mapping[str, Sequence[date]],
	) -> SendDecision:
		rules = facts.policies.get((row.customer, row.company))
		if notice and (notice.policy, notice.version, notice.step.number) != (
			row.policy,
			row.policy_version,
			row.step,
		):
			# What was approved is not what would be sent now: it is planned again.
			return Withheld(row, SUPERSEDED)
		document = self._policies.documents[row.policy]
		step = document.steps[row.step - 1] if row.step <= len(document.steps) else None
		if not rules or not step:
			return Withheld(row, SUPERSEDED)
		channel = _channel(notice, step, customer)
		known = self._circumstances(row, customer, rules, facts, contacts, channel)
		verdict = decide(notice, channel, known, aware(self.now), self._paused)
		if not verdict.sends:
			items = items_of(notice, facts.today) if notice and notice.withheld else None
			return Withheld(row, verdict, items)
		try:
			charges = charges_of(notice, step, facts.today, bool(row.waive_charges), row.dunning)
			edit = edit_of(row)
			if edit and not edit.is_right(figures_of(notice, charges, facts.today), facts.today):
				return Outdated(row, amounts_of(notice), items_of(notice, facts.today))
			letter = None
			if channel not in MANUAL or step.email_template or document.texts:
				letter = self._writers[row.policy].letter(notice, customer, charges, facts.today, edit)
		except Exception as error:
			return Unrenderable(row, error)
		return self._message(row, notice, customer, letter, charges, step, facts.today, channel)

	def _acknowledgement(
		self,
		row: NoticeRow,
		customer: Customer,
		facts: PlanFacts,
		contacts: Mapping[str, Sequence[date]],
	) -> SendDecision:
		rules = self._policies.rules[row.policy]
		known = self._circumstances(row, customer, rules, facts, contacts, Channel.EMAIL)
		notice = acknowledgements.notice_of(row, rules, facts)
		verdict = decide(notice, Channel.EMAIL, known, aware(self.now), self._paused)
		if not verdict.sends:
			return Withheld(row, verdict)
		try:
			letter = acknowledgements.letter_of(self._writers[row.policy], notice, row, customer, facts.today)
		except Exception as error:
			return Unrenderable(row, error)
		step = acknowledgements.STEP
		return self._message(
			row, notice, customer, letter, Charges(), step, facts.today, Channel(step.channel)
		)

	def _circumstances(
		self,
		row: NoticeRow,
		customer: Customer,
		rules: Policy,
		facts: PlanFacts,
		contacts: Mapping[str, Sequence[date]],
		channel: Channel,
	) -> Circumstances:
		return Circumstances(
			hours=self._policies.hours(rules.name, row.company),
			budget=rules.budget,
			contacts=contacts.get(row.customer, ()),
			last_message=facts.history.last_message.get(_party(row)),
			gap=rules.gap,
			has_address=bool(_address(customer, channel)),
			opted_out=customer.addressee.opted_out and channel in (Channel.EMAIL, Channel.SMS),
			disabled=customer.disabled,
		)

	def _message(
		self,
		row: NoticeRow,
		notice: Notice,
		customer: Customer,
		letter: Letter | None,
		charges: Charges,
		step: Document,
		today: date,
		channel: Channel,
	) -> DunningMessage:
		policy = self._policies.documents[row.policy]
		is_reminder = row.kind != THANKS
		amounts = amounts_of(notice) if is_reminder else {}
		return DunningMessage(
			row=row,
			channel=channel,
			letter=letter,
			day=today,
			now=self.now,
			recipient=_address(customer, channel),
			cc=envelope.copies(step, customer) if channel is Channel.EMAIL else (),
			reply_to=policy.reply_to or None,
			reply_to_default=envelope.reply_to_default(customer),
			email_account=policy.email_account,
			fields={
				"fee": charges.fee,
				"interest": charges.interest,
				"channel": channel.value,
				**amounts,
				**_remark(charges),
			},
			items=items_of(notice, today) if is_reminder else None,
			notice=notice,
			customer=customer,
			charges=charges,
			step=step,
			policy=policy,
		)

	# --- handing over ---

	def prepare(self, outgoing: DunningMessage) -> Prepared:
		"""Make the formal Dunning of a step that asks for one, and what is attached to the mail."""
		row = outgoing.row
		fields: dict[str, Any] = {}
		if cint(outgoing.step.formal) and not _is_submitted(row.dunning):
			fields["dunning"] = formal_dunning.make_dunning(outgoing)
		if outgoing.channel is not Channel.EMAIL:
			return Prepared(fields)
		return Prepared(fields, envelope.attachments(outgoing, fields.get("dunning") or row.dunning))

	def follow_through(self, outgoing: DunningMessage) -> Mapping[str, Any]:
		"""Do what the step asks for besides its message; make the task of a manual step."""
		task = step_actions.make_task(outgoing) if outgoing.channel in MANUAL else {}
		return {**task, **step_actions.carry_out(outgoing)}

	# --- what waits to be sent ---

	def is_current(self, row: NoticeRow, outgoing: DunningMessage) -> bool:
		"""Return whether a mail asks the same person for the same. Interest that grew by a day does not count."""
		if row.recipients != outgoing.recipient:
			return False
		if outgoing.items is None:
			return True
		fields = outgoing.fields
		if any(flt(row[name], 2) != flt(fields[name], 2) for name in ("fee", "on_account", "total")):
			return False
		stored = frappe.get_all(LEDGER_NOTICE_ITEM, {"parent": row.name}, SHOWN, order_by="idx")
		return [_shown(item) for item in stored] == [_shown(item) for item in outgoing.items]

	def taken_back(self, row: NoticeRow) -> Mapping[str, Any]:
		"""Cancel the Dunning, the follow-up and the tasks of a step whose mail did not leave, put the stage back, end its hold."""
		if row.holds:
			recheck_later(row.customer)
		document = self._policies.documents.get(row.policy)
		steps = document.steps if document else ()
		step = steps[row.step - 1] if 0 < row.step <= len(steps) else None
		fields = step_actions.undo(row, step and step.stage)
		if row.dunning and formal_dunning.withdraw(row.dunning):
			fields["dunning"] = None
		return fields

	# --- afterwards ---

	def day(self, row: NoticeRow, moment: datetime) -> date:
		"""Return the date by the clock of a row's policy, the site's where it has none any more."""
		if row.policy not in self._policies.rules:
			return moment.date()
		return self._policies.today(row.policy, moment)

	def sent(self, row: NoticeRow, on: date) -> None:
		"""Raise the dunning level of the account to that of the notice."""
		levels.raise_level(row.customer, row.company, cint(row.level), on)

	def returned(self, row: NoticeRow) -> None:
		"""Have what is held checked again: a step that reached nobody holds nothing."""
		if row.holds:
			recheck_later(row.customer)

	@classmethod
	def progressed(cls, names: Sequence[str]) -> None:
		"""Count the runs of reminders and acknowledgements."""
		run_progress.progressed(names)

	def rest_days(self, row: NoticeRow) -> int:
		"""Return the wait of the step that was rejected."""
		steps = frappe.get_cached_doc(DUNNING_POLICY, row.policy).steps if row.policy else []
		return cint(steps[row.step - 1].wait_days) if 0 < row.step <= len(steps) else 0

	def preview(self, row: NoticeRow) -> dict[str, Any]:
		"""Return the message the customer would get today, and what an editor of it needs."""
		return preview.message(row.customer, row.company, row.currency, self.now, row)

	def draft(self, row: NoticeRow) -> Draft:
		"""Return the message of a reminder as a person may edit it now; acknowledgements are not edited."""
		if row.kind == THANKS:
			return super().draft(row)
		return preview.WouldBe(row.customer, row.company, row.currency, self.now, row).draft


def _channel(notice: Notice | None, step: Document, customer: Customer) -> Channel:
	"""Return the channel of a step: as its trial says, but nobody goes without it for want of an address for another channel."""
	usual = Channel(step.channel)
	if not notice or notice.step.channel is usual:
		return usual
	varied = notice.step.channel
	return varied if varied in MANUAL or _address(customer, varied) else usual


def _remark(charges: Charges) -> dict[str, str]:
	"""Return the fields of a row that say why a formal step has no Dunning."""
	return {"reason": NO_DUNNING, "reason_detail": charges.no_dunning} if charges.no_dunning else {}


def _shown(item: Mapping[str, Any]) -> tuple:
	"""Return what the customer reads of an item."""
	due_date = item["due_date"] and getdate(item["due_date"])
	return (
		item["voucher_type"],
		item["voucher_no"],
		due_date,
		flt(item["outstanding"], 2),
		item["withheld"] or "",
	)


def _is_submitted(dunning: str | None) -> bool:
	return bool(dunning) and cint(frappe.db.get_value("Dunning", dunning, "docstatus")) == 1


def _party(row: NoticeRow) -> Party:
	return Party(row.customer, row.company, row.currency)


def _address(customer: Customer, channel: Channel) -> str | None:
	to = customer.addressee
	return {Channel.EMAIL: to.email, Channel.SMS: to.mobile, Channel.LETTER: to.address}.get(channel)
