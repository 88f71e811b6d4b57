"""At send time: plans once more from what is open now, judges, and writes the letters of what may go out. Changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import frappe
from frappe.utils import cint

from client_ledger.core.dunning.plan import Notice, Party, Reason
from client_ledger.core.dunning.policy import BY_HAND, Channel
from client_ledger.core.dunning.verdict import Circumstances, Verdict, judge
from client_ledger.dunning.letters.render import Letter, Writer
from client_ledger.dunning.planning import history, plan_facts
from client_ledger.dunning.policies.read import SitePolicies, aware
from client_ledger.dunning.sending import acknowledgements, formal_dunning
from client_ledger.outbox.notice_rows import Row
from client_ledger.outbox.notice_status import THANKS
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import DUNNING_SETTINGS

LONGEST_BUDGET = 90


@dataclass(frozen=True)
class Job:
	"""One notice that may go out: its row, what it says now, and whom it goes to."""

	row: Row
	notice: Notice
	customer: Customer
	letter: Letter | None
	charges: formal_dunning.Charges
	step: frappe._dict
	policy: frappe._dict
	day: date
	now: datetime


@dataclass(frozen=True)
class Held:
	"""A notice that does not go out now, and why. notice: what it would say."""

	row: Row
	verdict: Verdict
	notice: Notice | None = None


@dataclass(frozen=True)
class Broken:
	"""A notice whose message cannot be written."""

	row: Row
	error: Exception


Decision = Job | Held | Broken


class Judge:
	"""What is known at one moment of a site's policies, to decide on notices by."""

	def __init__(self, now: datetime):
		self.now, self.moment = now, aware(now)
		self.writers: dict[str, Writer] = {}
		self.paused = bool(cint(frappe.db.get_single_value(DUNNING_SETTINGS, "paused")))
		# Modes may have changed since the plan: a policy that is off now sends nothing.
		self.policies = SitePolicies.of_site()

	def decide(self, company: str, rows: Sequence[Row]) -> Iterable[Decision]:
		"""Yield what becomes of *rows*, all of one company."""
		today = self._today(company, rows)
		customers = sorted({row.customer for row in rows})
		facts = plan_facts.read_facts(company, customers, today, self.policies)
		notices = {notice.party: notice for notice in facts.plan()}
		people = read_customers(customers)
		contacts = history.contacts(customers, today - timedelta(days=LONGEST_BUDGET))
		for row in rows:
			customer = people.get(row.customer)
			if not customer or row.policy not in self.policies.rules:
				yield Held(row, Verdict(Reason.SUPERSEDED))
			elif row.kind == THANKS:
				yield self._thanks(row, customer, facts, contacts)
			else:
				notice = notices.get(Party(row.customer, row.company, row.currency))
				yield self._job(row, notice, customer, facts, contacts)

	def _today(self, company: str, rows: Sequence[Row]) -> date:
		"""Return the date by the company's clock; policies of one company share it but for odd settings."""
		known = [row.policy for row in rows if row.policy in self.policies.rules]
		return self.policies.hours(known[0], company).today(self.moment) if known else self.now.date()

	def _job(
		self,
		row: Row,
		notice: Notice | None,
		customer: Customer,
		facts: plan_facts.Facts,
		contacts: Mapping,
	) -> Decision:
		policy = facts.policies.get((row.customer, row.company))
		if notice and (notice.policy, notice.version, notice.step.number) != (
			row.policy,
			row.policy_version,
			row.step,
		):
			# What was approved is not what would be sent now: it is planned anew.
			return Held(row, Verdict(Reason.SUPERSEDED))
		document = self.policies.documents[row.policy]
		step = document.steps[row.step - 1] if row.step <= len(document.steps) else None
		if not policy or not step:
			return Held(row, Verdict(Reason.SUPERSEDED))
		channel = Channel(step.channel)
		known = self._circumstances(row, customer, policy, facts, contacts, channel)
		verdict = judge(notice, channel, known, self.moment)
		if not verdict.sends:
			return Held(row, verdict, notice)
		try:
			due = formal_dunning.charges_of(notice, step, facts.today, bool(row.waive_charges))
			letter = None
			if channel not in BY_HAND or step.email_template or document.texts:
				letter = self._writer(row.policy).letter(notice, customer, due, facts.today)
		except Exception as error:
			return Broken(row, error)
		return Job(row, notice, customer, letter, due, step, document, facts.today, self.now)

	def _thanks(self, row: Row, customer: Customer, facts: plan_facts.Facts, contacts: Mapping) -> Decision:
		rules = self.policies.rules[row.policy]
		document = self.policies.documents[row.policy]
		party = Party(row.customer, row.company, row.currency)
		known = self._circumstances(row, customer, rules, facts, contacts, Channel.EMAIL)
		notice = acknowledgements.notice_of(row, party, rules, facts)
		verdict = judge(notice, Channel.EMAIL, known, self.moment)
		if not verdict.sends:
			return Held(row, verdict)
		try:
			letter = acknowledgements.letter_of(self._writer(row.policy), notice, row, customer, facts.today)
		except Exception as error:
			return Broken(row, error)
		return Job(
			row,
			notice,
			customer,
			letter,
			formal_dunning.Charges(),
			acknowledgements.STEP,
			document,
			facts.today,
			self.now,
		)

	def _circumstances(
		self,
		row: Row,
		customer: Customer,
		policy,
		facts: plan_facts.Facts,
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
