"""What a planning writes: what is planned already stays, what is not due any more is taken back, what was skipped and is
due again is reopened. Two plannings at once write the same keys, of which the database takes one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import frappe
from frappe.utils import now_datetime

from client_ledger.core.dunning.missed import Missed
from client_ledger.core.dunning.plan import Notice, Party, Reason
from client_ledger.core.dunning.policy import Mode
from client_ledger.dunning.policies.read import naive
from client_ledger.outbox import notice_rows
from client_ledger.outbox.notice_status import OPEN, REMINDER, State, digest, open_key
from client_ledger.site.doctypes import LEDGER_NOTICE

if TYPE_CHECKING:
	from client_ledger.dunning.planning.plan_facts import Facts

CONDITIONAL = (State.PLANNED, State.APPROVED, State.DEFERRED)
HOLDS_OPEN = {state.value for state in OPEN}


@dataclass(slots=True)
class Counts:
	"""What a planning wrote."""

	customers: int = 0
	planned: int = 0
	skipped: int = 0
	superseded: int = 0
	withdrawn: int = 0

	def add(self, other: "Counts") -> None:
		"""Add what another planning wrote."""
		for name in self.__dataclass_fields__:
			setattr(self, name, getattr(self, name) + getattr(other, name))


class PlannedRows:
	"""What is to be written for one planning."""

	def __init__(self, facts: "Facts", run: str | None):
		self.facts, self.run, self.now = facts, run, now_datetime()
		self.new: list[tuple[str, Notice]] = []
		self.counts = Counts()
		self.names: dict[Party, str] = {}

	def bring_in_line(self, notice: Notice, row: frappe._dict | None) -> None:
		"""Note what to do about a notice that is due, given what of its party is still to go out."""
		if row is None:
			self.new.append((frappe.generate_hash(length=10), notice))
			return
		self.names[notice.party] = row.name
		if row.state not in {state.value for state in CONDITIONAL}:
			return
		if (row.policy, row.policy_version, row.step) != (
			notice.policy,
			notice.version,
			notice.step.number,
		):
			# Of another version of the policy, or by now of another step: a row of its own.
			self._close(row, Reason.SUPERSEDED)
			self.new.append((frappe.generate_hash(length=10), notice))
		elif notice.reason and not notice.until:
			self._close(row, notice.reason)
		elif row.state == State.PLANNED.value and float(row.total or 0) != float(notice.total):
			self._refresh(row, notice)

	def withdraw(self, row: frappe._dict) -> None:
		"""Take back what is not due any more, or whose policy is no longer its customer's."""
		if row.state in {state.value for state in CONDITIONAL}:
			has_policy = (row.customer, row.company) in self.facts.policies
			self._close(row, Reason.PAID if has_policy else Reason.SUPERSEDED)

	def _close(self, row: frappe._dict, reason: Reason) -> None:
		notice = frappe.qb.DocType(LEDGER_NOTICE)
		(
			frappe.qb.update(notice)
			.set(notice.state, State.SKIPPED.value)
			.set(notice.reason, reason.value)
			.set(notice.open_key, None)
			.set(notice.deferred_until, None)
			.set(notice.modified, self.now)
			.where(notice.name == row.name)
			.where(notice.state.isin([state.value for state in CONDITIONAL]))
		).run()
		self.counts.withdrawn += 1

	def _refresh(self, row: frappe._dict, notice: Notice) -> None:
		table = frappe.qb.DocType(LEDGER_NOTICE)
		query = frappe.qb.update(table).where(table.name == row.name)
		query = query.where(table.state == State.PLANNED.value)
		for name, value in notice_rows.amounts_of(notice).items():
			query = query.set(table[name], value)
		query.run()
		notice_rows.rewrite_items({row.name: notice})

	def write(self) -> Counts:
		"""Insert the new rows; reopen those that are there under the same key and were skipped."""
		planned = {name: notice_row(notice, self.facts, self.run, self.now) for name, notice in self.new}
		made = notice_rows.insert(planned)
		notices = dict(self.new)
		notice_rows.insert_items({name: notices[name] for name in made})
		for name, notice in self.new:
			if name in made:
				self._count(notice)
				self.names[notice.party] = name
			else:
				self._reopen(planned[name], notice)
		return self.counts

	def _count(self, notice: Notice) -> None:
		if notice.reason:
			self.counts.skipped += 1
		else:
			self.counts.planned += 1

	def _reopen(self, row: dict, notice: Notice) -> None:
		table = frappe.qb.DocType(LEDGER_NOTICE)
		found = frappe.db.get_value(
			LEDGER_NOTICE, {"notice_key": row["notice_key"], "state": State.SKIPPED.value}, ["name", "reason"]
		)
		if not found:
			# Another planner was faster, or the step was sent or rejected under this key.
			return
		name, reason = found
		if row["state"] == State.SKIPPED.value:
			if reason != row["reason"]:
				frappe.db.set_value(LEDGER_NOTICE, name, "reason", row["reason"])
			return
		if frappe.db.exists(LEDGER_NOTICE, {"open_key": row["open_key"]}):
			return
		query = frappe.qb.update(table).where((table.name == name) & (table.state == State.SKIPPED.value))
		kept = ("state", "reason", "reason_detail", "deferred_until", "open_key", "approved_on", "run")
		for field in (*kept, *notice_rows.amounts_of(notice)):
			query = query.set(table[field], row[field])
		query.run()
		notice_rows.rewrite_items({name: notice})
		self.names[notice.party] = name
		self._count(notice)

	def supersede(self, missed: Mapping[Party, Sequence[Missed]], counts: Counts) -> None:
		"""Write down what an outage has cost, each with the notice that is sent in its place."""
		lost = {}
		for party, steps in missed.items():
			policy = self.facts.policies[party.customer, party.company]
			for step in steps:
				name = frappe.generate_hash(length=10)
				notice = Notice(
					party, policy.name, policy.version, step.step, step.as_of, (), reason=Reason.SUPERSEDED
				)
				lost[name] = {
					**notice_row(notice, self.facts, self.run, self.now),
					"superseded_by": self.names.get(party),
				}
		counts.superseded += len(notice_rows.insert(lost))


def notice_row(notice: Notice, facts: "Facts", run: str | None, now: datetime) -> dict:
	"""Return the row of a notice as the plan says, with the keys that keep it from being there twice."""
	policy = facts.policies[notice.party.customer, notice.party.company]
	state, until = State.PLANNED, None
	if notice.reason and notice.until:
		hours = facts.site_policies.hours(policy.name, facts.company)
		opening = hours.next_opening(hours.local(_beginning_of(notice.until, hours)))
		state, until = State.DEFERRED, naive(opening) if opening else None
	elif notice.reason:
		state = State.SKIPPED
	automatic = policy.mode is Mode.AUTOMATIC
	if state is State.PLANNED and automatic:
		state = State.APPROVED
	customer = facts.customers[notice.party.customer] if notice.party.customer in facts.customers else None
	return {
		**notice.party._asdict(),
		"customer_name": customer.customer_name if customer else notice.party.customer,
		"state": state.value,
		"kind": REMINDER,
		"reason": notice.reason.value if notice.reason else None,
		"reason_detail": None,
		"deferred_until": until,
		"policy": notice.policy,
		"policy_version": notice.version,
		"step": notice.step.number,
		"step_name": notice.step.name,
		"channel": notice.step.channel.value,
		"as_of": notice.as_of,
		"planned_on": now,
		"approved_on": now if automatic and state in (State.APPROVED, State.DEFERRED) else None,
		"run": run,
		"superseded_by": None,
		"notice_key": digest(notice.key),
		"open_key": open_key(notice.party) if state.value in HOLDS_OPEN else None,
		**notice_rows.amounts_of(notice),
	}


def _beginning_of(day: date, hours) -> datetime:
	return datetime(day.year, day.month, day.day, tzinfo=hours.zone)
