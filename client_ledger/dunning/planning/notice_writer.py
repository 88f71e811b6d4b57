"""Planning customers: the notices that are due are written as rows, committed before anything is sent.

What is planned already stays, what is not due any more is taken back, what was skipped and is due again is reopened. Two
plannings at once write the same keys, of which the database takes one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frappe
from frappe.utils import now_datetime

from client_ledger.core.dunning.missed import Missed
from client_ledger.core.dunning.plan import DunningReason, Notice, ReasonNotSent
from client_ledger.core.dunning.policy import Mode
from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.outbox.message import Party, WithholdReason
from client_ledger.dunning.notice_kinds import DUNNING_KINDS, REMINDER
from client_ledger.dunning.planning import levels
from client_ledger.dunning.planning.notice_fields import amounts_of, items_of, trial_fields
from client_ledger.dunning.planning.plan_facts import PlanFacts, read_facts
from client_ledger.dunning.policies.read import SitePolicies
from client_ledger.measured_effect import assignments
from client_ledger.outbox import notice_rows
from client_ledger.outbox.keys import digest, open_key
from client_ledger.outbox.moments import naive
from client_ledger.outbox.notice_status import OPEN, NoticeStatus
from client_ledger.site.doctypes import LEDGER_NOTICE

# Planning may still change or take back what has one of these statuses.
CHANGEABLE = tuple(
	status.value for status in (NoticeStatus.PLANNED, NoticeStatus.APPROVED, NoticeStatus.DEFERRED)
)
HOLDS_OPEN = {status.value for status in OPEN}


@dataclass(slots=True)
class PlanCounts:
	"""What a planning wrote."""

	customers: int = 0
	planned: int = 0
	skipped: int = 0
	superseded: int = 0

	def add(self, other: "PlanCounts") -> None:
		"""Add what another planning wrote."""
		for name in self.__dataclass_fields__:
			setattr(self, name, getattr(self, name) + getattr(other, name))


def plan_customers(
	company: str,
	customers: Sequence[str],
	today: date,
	run: str | None = None,
	only: Collection[str] | None = None,
	planned_through: date | None = None,
	policies: SitePolicies | None = None,
) -> PlanCounts:
	"""Plan *customers* for *today* and write the rows. only: leave customers of other policies alone. Commits."""
	frappe.db.commit()  # nosemgrep: one snapshot for what is read
	facts = read_facts(company, customers, today, policies, only, planned_through)
	# Committed with what is planned, so before anything is sent.
	names = {name: customer.customer_name for name, customer in facts.customers.items()}
	assignments.record(company, facts.assigned, names)
	notices = {notice.party: notice for notice in facts.plan()}
	rows = _open_rows(company, customers)
	writer = PlannedRows(facts, run)
	for party, notice in notices.items():
		writer.apply(notice, rows.pop(party, None))
	for row in rows.values():
		if row.kind == REMINDER and _is_concerned(row.policy, only, facts.site_policies):
			writer.withdraw(row)
	counts = writer.write()
	writer.supersede(facts.missed(), counts)
	counts.customers = len(customers)
	dunned = [customer for customer, _company in facts.policies]
	levels.write_levels(company, dunned, facts.items, facts.history)
	frappe.db.commit()  # nosemgrep: planned before anything is sent
	return counts


def _is_concerned(policy: str, only: Collection[str] | None, policies: SitePolicies) -> bool:
	"""Return whether a planning for policies of *only* takes back what *policy* planned; one that is off, any does."""
	return only is None or policy in only or policy not in policies.rules


def _open_rows(company: str, customers: Sequence[str]) -> dict[Party, frappe._dict]:
	"""Return the rows of *customers* that are still to go out."""
	fields = ["name", "customer", "company", "currency", "status", "kind", "policy", "policy_version", "step"]
	filters = {
		"company": company,
		"customer": ("in", list(customers)),
		"open_key": ("is", "set"),
		"kind": ("in", DUNNING_KINDS),
	}
	rows = frappe.get_all(
		LEDGER_NOTICE, filters, [*fields, "total", "items_total", "on_account"], order_by="name"
	)
	return {Party(row.customer, row.company, row.currency): row for row in rows}


class PlannedRows:
	"""What is to be written for one planning."""

	def __init__(self, facts: PlanFacts, run: str | None):
		self.facts, self.run, self.now = facts, run, now_datetime()
		self.new: list[tuple[str, Notice]] = []
		self.counts = PlanCounts()
		self.names: dict[Party, str] = {}

	def apply(self, notice: Notice, row: frappe._dict | None) -> None:
		"""Note what to do about a notice that is due, given what of its party is still to go out."""
		if row is None:
			self.new.append((frappe.generate_hash(length=10), notice))
			return
		self.names[notice.party] = row.name
		if row.status not in CHANGEABLE:
			return
		if (row.policy, row.policy_version, row.step) != (
			notice.policy,
			notice.version,
			notice.step.number,
		):
			# Of another version of the policy, or by now of another step: a row of its own.
			self._close(row, WithholdReason.SUPERSEDED)
			self.new.append((frappe.generate_hash(length=10), notice))
		elif notice.reason and not notice.until:
			self._close(row, notice.reason)
		elif row.status == NoticeStatus.PLANNED.value and _differs(row, notice):
			self._refresh(row, notice)

	def withdraw(self, row: frappe._dict) -> None:
		"""Take back what is not due any more, or whose policy is no longer its customer's."""
		if row.status in CHANGEABLE:
			has_policy = (row.customer, row.company) in self.facts.policies
			self._close(row, DunningReason.PAID if has_policy else WithholdReason.SUPERSEDED)

	def _close(self, row: frappe._dict, reason: ReasonNotSent) -> None:
		table = frappe.qb.DocType(LEDGER_NOTICE)
		(
			frappe.qb.update(table)
			.set(table.status, NoticeStatus.SKIPPED.value)
			.set(table.reason, reason.value)
			.set(table.open_key, None)
			.set(table.deferred_until, None)
			.set(table.modified, self.now)
			.where(table.name == row.name)
			.where(table.status.isin(CHANGEABLE))
		).run()

	def _refresh(self, row: frappe._dict, notice: Notice) -> None:
		table = frappe.qb.DocType(LEDGER_NOTICE)
		query = frappe.qb.update(table).where(table.name == row.name)
		query = query.where(table.status == NoticeStatus.PLANNED.value)
		for name, value in amounts_of(notice).items():
			query = query.set(table[name], value)
		query.run()
		notice_rows.rewrite_items({row.name: items_of(notice, self.facts.today)})

	def write(self) -> PlanCounts:
		"""Insert the new rows; reopen those that are there under the same key and were skipped."""
		rows = {name: planned_row(name, notice, self.facts, self.run, self.now) for name, notice in self.new}
		items = {name: items_of(notice, self.facts.today) for name, notice in self.new}
		made = notice_rows.insert(list(rows.values()), items)
		for name, notice in self.new:
			if name in made:
				self._count(notice)
				self.names[notice.party] = name
			else:
				self._reopen(rows[name], notice)
		return self.counts

	def _count(self, notice: Notice) -> None:
		if notice.reason:
			self.counts.skipped += 1
		else:
			self.counts.planned += 1

	def _reopen(self, row: dict, notice: Notice) -> None:
		table = frappe.qb.DocType(LEDGER_NOTICE)
		found = frappe.db.get_value(
			LEDGER_NOTICE,
			{"notice_key": row["notice_key"], "status": NoticeStatus.SKIPPED.value},
			["name", "reason"],
		)
		if not found:
			# Another planner was faster, or the step was sent or rejected under this key.
			return
		name, reason = found
		if row["status"] == NoticeStatus.SKIPPED.value:
			if reason != row["reason"]:
				frappe.db.set_value(LEDGER_NOTICE, name, "reason", row["reason"])
			return
		if frappe.db.exists(LEDGER_NOTICE, {"open_key": row["open_key"]}):
			return
		query = frappe.qb.update(table).where(
			(table.name == name) & (table.status == NoticeStatus.SKIPPED.value)
		)
		kept = ("status", "reason", "reason_detail", "deferred_until", "open_key", "approved_on", "run")
		for field in (*kept, *amounts_of(notice)):
			query = query.set(table[field], row[field])
		query.run()
		notice_rows.rewrite_items({name: items_of(notice, self.facts.today)})
		self.names[notice.party] = name
		self._count(notice)

	def supersede(self, missed: Mapping[Party, Sequence[Missed]], counts: PlanCounts) -> None:
		"""Write down what an outage has cost, each with the notice that is sent in its place."""
		lost = []
		for party, steps in missed.items():
			policy = self.facts.policies[party.customer, party.company]
			for step in steps:
				notice = Notice(
					party,
					policy.name,
					policy.version,
					step.step,
					step.as_of,
					(),
					reason=WithholdReason.SUPERSEDED,
				)
				name = frappe.generate_hash(length=10)
				row = planned_row(name, notice, self.facts, self.run, self.now)
				lost.append({**row, "superseded_by": self.names.get(party)})
		counts.superseded += len(notice_rows.insert(lost))


def _differs(row: frappe._dict, notice: Notice) -> bool:
	amounts = amounts_of(notice)
	return any(
		float(row[name] or 0) != float(amounts[name]) for name in ("total", "items_total", "on_account")
	)


def planned_row(
	name: str, notice: Notice, facts: PlanFacts, run: str | None, now: datetime
) -> dict[str, Any]:
	"""Return the row of a notice as the plan says, with the keys that keep it from being planned twice."""
	policy = facts.policies[notice.party.customer, notice.party.company]
	status, until = NoticeStatus.PLANNED, None
	if notice.reason and notice.until:
		hours = facts.site_policies.hours(policy.name, facts.company)
		opening = hours.next_opening(hours.local(_beginning_of(notice.until, hours)))
		status, until = NoticeStatus.DEFERRED, naive(opening) if opening else None
	elif notice.reason:
		status = NoticeStatus.SKIPPED
	automatic = policy.mode is Mode.AUTOMATIC
	if status is NoticeStatus.PLANNED and automatic:
		status = NoticeStatus.APPROVED
	customer = facts.customers.get(notice.party.customer)
	return {
		"name": name,
		**notice.party._asdict(),
		"customer_name": customer.customer_name if customer else notice.party.customer,
		"status": status.value,
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
		**trial_fields(notice),
		"planned_on": now,
		"approved_on": now
		if automatic and status in (NoticeStatus.APPROVED, NoticeStatus.DEFERRED)
		else None,
		"run": run,
		"superseded_by": None,
		"notice_key": digest(notice.key),
		"open_key": open_key(notice.party) if status.value in HOLDS_OPEN else None,
		**amounts_of(notice),
	}


def _beginning_of(day: date, hours: Hours) -> datetime:
	return datetime(day.year, day.month, day.day, tzinfo=hours.zone)
