"""The planner: brings the rows of notices in line with what the plan says today. Committed before anything is sent.

What is planned already stays; what is not due any more is taken back; what was skipped and is due again is reopened.
Two planners at once write the same keys, of which the database takes one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe.utils import now_datetime

from client_ledger.collections.disputes import unchased
from client_ledger.core.dunning.plan import (
	History,
	Line,
	Missed,
	Notice,
	Party,
	Reason,
	missed_steps,
	notice_key,
	plan,
)
from client_ledger.core.dunning.policy import Mode, Policy
from client_ledger.core.dunning.verdict import Verdict
from client_ledger.core.open_items import OpenItem
from client_ledger.dunning import levels, reading
from client_ledger.dunning.policies import SitePolicies, naive
from client_ledger.dunning.states import ITEM, NOTICE, OPEN, REMINDER, State, digest, open_key
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger

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


@dataclass(frozen=True)
class Facts:
	"""Everything the plan of some customers with one company is made of."""

	company: str
	today: date
	policies: Mapping[tuple[str, str], Policy]
	site_policies: SitePolicies
	items: Sequence[OpenItem]
	history: History
	claims: Sequence
	receipts: Mapping
	customers: Mapping[str, reading.Customer]

	def plan(self) -> list[Notice]:
		"""Return the notices due."""
		return plan(self.items, self.policies, self.history, self.claims, self.today, self.receipts)

	def missed(self) -> dict[Party, list[Missed]]:
		"""Return what an outage has cost."""
		return missed_steps(self.items, self.policies, self.history, self.today)


def read_facts(
	company: str,
	customers: Sequence[str],
	today: date,
	policies: SitePolicies | None = None,
	only_policy: str | None = None,
	planned_through: date | None = None,
) -> Facts:
	"""Return the facts of *customers*. only_policy: leave customers of other policies alone."""
	site_policies = policies or SitePolicies.of_site()
	of_customers = site_policies.of_customers(customers, (company,))
	if only_policy:
		of_customers = {key: rules for key, rules in of_customers.items() if rules.name == only_policy}
	names = tuple(customer for customer, _company in of_customers)
	items = site_ledger().open_items(Scope((company,), names), today) if names else []
	# What is disputed in full stays, to be skipped with that reason.
	items = unchased(items, wholly=False)
	owing = sorted({item.customer for item in items})
	receipts = reading.BankReceipts.read(owing, (company,)).of(items) if owing else {}
	return Facts(
		company,
		today,
		of_customers,
		site_policies,
		items,
		reading.history(items, owing, today, planned_through) if owing else History(),
		reading.claims(owing, today) if owing else (),
		receipts,
		reading.read_customers(owing) if owing else {},
	)


def plan_customers(
	company: str,
	customers: Sequence[str],
	today: date,
	run: str | None = None,
	only_policy: str | None = None,
	planned_through: date | None = None,
	policies: SitePolicies | None = None,
) -> Counts:
	"""Plan *customers* for *today* and write the rows. Commits."""
	frappe.db.commit()  # nosemgrep: one snapshot for what is read
	facts = read_facts(company, customers, today, policies, only_policy, planned_through)
	notices = {notice.party: notice for notice in facts.plan()}
	rows = _existing(company, customers)
	writer = _Rows(facts, run)
	for party, notice in notices.items():
		writer.bring_in_line(notice, rows.pop(party, None))
	for row in rows.values():
		if only_policy in (None, row.policy) and row.kind == REMINDER:
			writer.withdraw(row)
	counts = writer.write()
	writer.supersede(facts.missed(), counts)
	counts.customers = len(customers)
	dunned = [customer for customer, _company in facts.policies]
	levels.bring_in_line(company, dunned, facts.items, facts.history)
	frappe.db.commit()  # nosemgrep: planned before anything is sent
	return counts


def preview(company: str, customers: Sequence[str], today: date, policies: SitePolicies) -> list[Notice]:
	"""Return what would be planned, and write nothing."""
	return read_facts(company, customers, today, policies).plan()


def _existing(company: str, customers: Sequence[str]) -> dict[Party, frappe._dict]:
	"""Return the rows of *customers* that are still to go out."""
	fields = ["name", "customer", "company", "currency", "state", "kind", "policy", "policy_version", "step"]
	fields += ["total", "notice_key", "modified", "approved_on", "deferred_until"]
	rows = frappe.get_all(
		NOTICE,
		{"company": company, "customer": ("in", list(customers)), "open_key": ("is", "set")},
		fields,
		order_by="name",
	)
	return {Party(row.customer, row.company, row.currency): row for row in rows}


class _Rows:
	"""What is to be written for one planning."""

	def __init__(self, facts: Facts, run: str | None):
		self.facts, self.run, self.now = facts, run, now_datetime()
		self.new: list[tuple[str, Notice]] = []
		self.reopen: list[Notice] = []
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
		notice = frappe.qb.DocType(NOTICE)
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
		table = frappe.qb.DocType(NOTICE)
		query = frappe.qb.update(table).where(table.name == row.name)
		query = query.where(table.state == State.PLANNED.value)
		for name, value in amounts_of(notice).items():
			query = query.set(table[name], value)
		query.run()
		rewrite_items({row.name: notice})

	def write(self) -> Counts:
		"""Insert the new rows; reopen those that are there under the same key and were skipped."""
		rows = {name: notice_row(name, notice, self.facts, self.run, self.now) for name, notice in self.new}
		made = insert(rows)
		notices = dict(self.new)
		insert_items({name: notices[name] for name in made})
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
		table = frappe.qb.DocType(NOTICE)
		found = frappe.db.get_value(
			NOTICE, {"notice_key": row["notice_key"], "state": State.SKIPPED.value}, ["name", "reason"]
		)
		if not found:
			# Another planner was faster, or the step was sent or rejected under this key.
			return
		name, reason = found
		if row["state"] == State.SKIPPED.value:
			if reason != row["reason"]:
				frappe.db.set_value(NOTICE, name, "reason", row["reason"])
			return
		if frappe.db.exists(NOTICE, {"open_key": row["open_key"]}):
			return
		query = frappe.qb.update(table).where((table.name == name) & (table.state == State.SKIPPED.value))
		kept = ("state", "reason", "reason_detail", "deferred_until", "open_key", "approved_on", "run")
		for field in (*kept, *amounts_of(notice)):
			query = query.set(table[field], row[field])
		query.run()
		rewrite_items({name: notice})
		self.names[notice.party] = name
		self._count(notice)

	def supersede(self, missed: Mapping[Party, Sequence[Missed]], counts: Counts) -> None:
		"""Write down what an outage has cost, each with the notice that is sent in its place."""
		rows, notices = {}, {}
		for party, steps in missed.items():
			policy = self.facts.policies[party.customer, party.company]
			for step in steps:
				name = frappe.generate_hash(length=10)
				notice = Notice(
					party, policy.name, policy.version, step.step, step.as_of, (), reason=Reason.SUPERSEDED
				)
				notices[name] = notice
				rows[name] = {
					**notice_row(name, notice, self.facts, self.run, self.now),
					"superseded_by": self.names.get(party),
				}
		counts.superseded += len(insert(rows))


def notice_row(name: str, notice: Notice, facts: Facts, run: str | None, now: datetime) -> dict:
	"""Return the row of a notice as the plan says, with the keys that keep it from being there twice."""
	policy = facts.policies[notice.party.customer, notice.party.company]
	state, until = State.PLANNED, None
	if notice.reason and notice.until:
		hours = facts.site_policies.hours(policy.name, facts.company)
		opening = hours.next_opening(hours.local(_at_noon(notice.until, hours)))
		state, until = State.DEFERRED, naive(opening) if opening else None
	elif notice.reason:
		state = State.SKIPPED
	automatic = policy.mode is Mode.AUTOMATIC
	if state is State.PLANNED and automatic:
		state = State.APPROVED
	customer = facts.customers[notice.party.customer] if notice.party.customer in facts.customers else None
	user = frappe.session.user
	return {
		"name": name,
		"owner": user,
		"modified_by": user,
		"creation": now,
		"modified": now,
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
		**amounts_of(notice),
	}


def _at_noon(day: date, hours) -> datetime:
	return datetime(day.year, day.month, day.day, tzinfo=hours.zone)


def amounts_of(notice: Notice) -> dict:
	"""Return the fields of a row that follow from the lines of its notice."""
	lines = notice.lines or tuple(line for line, _reason in notice.withheld)
	return {
		"total": sum(line.amount for line in lines),
		"base_total": sum(line.base for line in lines),
		"oldest_due_date": min((line.key.due_date for line in lines), default=None),
		"level": max((line.level for line in lines), default=0),
	}


def insert(rows: Mapping[str, dict]) -> set[str]:
	"""Insert rows; return the names of those the database took, the others being there already."""
	if not rows:
		return set()
	fields = list(next(iter(rows.values())))
	frappe.db.bulk_insert(
		NOTICE, fields, [tuple(row[f] for f in fields) for row in rows.values()], ignore_duplicates=True
	)
	return set(frappe.get_all(NOTICE, {"name": ("in", list(rows))}, pluck="name", order_by="name"))


def insert_items(notices: Mapping[str, Notice], day: date | None = None) -> None:
	"""Insert the items of rows."""
	now, user = now_datetime(), frappe.session.user
	fields = ["name", "owner", "modified_by", "creation", "modified", "parent", "parenttype", "parentfield"]
	fields += [
		"idx",
		"voucher_type",
		"voucher_no",
		"due_date",
		"days_overdue",
		"term",
		"currency",
		"outstanding",
	]
	fields += ["base_outstanding", "previous_level", "level", "due_since", "withheld"]
	values = []
	for parent, notice in notices.items():
		lines: Iterable[tuple[Line, Reason | None]] = [
			*((line, None) for line in notice.lines),
			*notice.withheld,
		]
		for i, (line, reason) in enumerate(lines, 1):
			overdue = max(((day or now.date()) - line.key.due_date).days, 0)
			values.append(
				(
					*(frappe.generate_hash(length=10), user, user, now, now, parent, NOTICE, "items", i),
					*(*line.key.voucher, line.key.due_date, overdue, line.term, notice.party.currency),
					*(line.amount, line.base, line.previous, line.level, line.due_since),
					reason.value if reason else None,
				)
			)
	if values:
		frappe.db.bulk_insert(ITEM, fields, values)


def rewrite_items(notices: Mapping[str, Notice], day: date | None = None) -> None:
	"""Replace the items of rows."""
	if notices:
		frappe.db.delete(ITEM, {"parent": ("in", list(notices)), "parenttype": NOTICE})
		insert_items(notices, day)


def verdict_fields(verdict: Verdict) -> dict:
	"""Return the fields of a row that does not go out now."""
	if verdict.defers:
		return {
			"state": State.DEFERRED.value,
			"reason": verdict.reason.value,
			"deferred_until": naive(verdict.until),
		}
	return {
		"state": State.SKIPPED.value,
		"reason": verdict.reason.value,
		"deferred_until": None,
		"open_key": None,
	}


def key_of(party: Party, policy: str, version: int, step: int, as_of: date) -> str:
	"""Return the stored key of a notice."""
	return digest(notice_key(party, policy, version, step, as_of))
