"""Runs: one per company and day by the schedule, others when somebody starts one. They plan, and send.

Where the policies of a company are in several time zones, each zone has runs of its own: their days begin at other hours.

The hourly entry only gates and enqueues. Planning and sending are split over the workers by ranges of customers;
each job commits for itself, and a job that is lost is done again by the next hour.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from traceback import format_exception_only

import frappe
from frappe.utils import cint, get_datetime, getdate, now_datetime

from client_ledger.dunning.planning.notice_writer import PlanCounts, plan_customers
from client_ledger.dunning.policies.read import SitePolicies
from client_ledger.dunning.run_progress import NEW, PLANNED, PLANNING, announce, count
from client_ledger.dunning.sending import acknowledgements
from client_ledger.outbox import delivery, dispatch, send
from client_ledger.outbox.dispatch import enqueue
from client_ledger.outbox.keys import digest
from client_ledger.outbox.notice_status import OPEN, NoticeStatus
from client_ledger.site.doctypes import (
	DUNNING_BLOCK,
	DUNNING_POLICY,
	DUNNING_RUN,
	DUNNING_SETTINGS,
	LEDGER_NOTICE,
)
from client_ledger.site.documents import by_action
from client_ledger.site.jobs import each_or_log

SCHEDULE = "Schedule"
# A run that is still planning after this long has lost a worker.
LOST_AFTER = timedelta(hours=2)
# A company has no more time zones than this.
RUNS_LOOKED_AT = 50


def tick() -> None:
	"""Queue the work of the hour, where there is any. Does nothing else."""
	if (
		not frappe.db.exists(DUNNING_POLICY, {"mode": ("in", ("Approve", "Automatic"))})
		and not _anything_open()
	):
		return
	enqueue("client_ledger.dunning.runs.work", job_id="client_ledger_dunning")


def _anything_open() -> bool:
	return bool(frappe.db.exists(LEDGER_NOTICE, {"status": ("in", [status.value for status in OPEN])}))


def work(now: datetime | str | None = None, in_process: bool = False) -> None:
	"""Update what became of sent notices, plan each company for its day, and send what is due.

	in_process: do it all here instead of over the workers.
	"""
	moment = get_datetime(now) if now else now_datetime()
	delivery.update_delivery_status(moment)
	policies = SitePolicies.of_site()
	for company in companies_of(policies):
		for zone, today in days_of(company, policies, moment).items():
			plan_company(company, today, in_process, zone)
	if in_process:
		dispatch.send_range(send.due_names(moment), str(moment))
	else:
		send_in_ranges(moment)


def companies_of(policies: SitePolicies) -> list[str]:
	"""Return the companies that policies are for."""
	names = {policies.documents[name].for_company for name in policies.rules}
	if None in names or "" in names:
		return frappe.get_all("Company", pluck="name", order_by="name")
	return sorted(names)


def days_of(company: str, policies: SitePolicies, moment: datetime) -> dict[str | None, date]:
	"""Return the date in each time zone of a company's policies; under None where they have one zone only."""
	zones = {
		policies.zone(name).key: policies.today(name, moment)
		for name in policies.rules
		if policies.documents[name].for_company in (None, "", company)
	}
	return dict(zones) if len(zones) > 1 else {None: next(iter(zones.values()), moment.date())}


# --- planning ---


def plan_company(company: str, today: date, in_process: bool = False, zone: str | None = None) -> str:
	"""Plan a company's customers for *today*: all of them the first time, later those for whom something changed.

	zone: only those whose policy is in this time zone.
	"""
	key = digest("|".join(part for part in (company, str(today), zone) if part))
	name = frappe.db.get_value(DUNNING_RUN, {"run_key": key})
	run = frappe.get_doc(DUNNING_RUN, name) if name else _new_run(company, today, zone, key)
	if run.status == NEW or _is_lost(run):
		start(run, in_process)
	elif run.status not in (PLANNING,):
		replan_changed(run)
	return run.name


def _new_run(company: str, today: date, zone: str | None, key: str) -> "frappe.model.document.Document":
	run = frappe.new_doc(DUNNING_RUN)
	run.update({"company": company, "as_of": today, "origin": SCHEDULE, "time_zone": zone, "run_key": key})
	run.flags.ignore_permissions = True
	try:
		by_action(run).insert()
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		frappe.db.rollback()
		return frappe.get_doc(DUNNING_RUN, {"run_key": key})
	frappe.db.commit()  # nosemgrep: one run per company, day and time zone
	return run


def _is_lost(run: frappe._dict) -> bool:
	if run.status != PLANNING or not run.started_on:
		return False
	return get_datetime(run.started_on) < now_datetime() - LOST_AFTER


def start(run: "frappe.model.document.Document", in_process: bool = False) -> None:
	"""Have a run plan all its customers, in ranges.

	Its time is by the clock that stamps documents as modified: what changes from then on is planned again. Does nothing
	where another worker has started it since *run* was read.
	"""
	stored = frappe.db.get_value(
		DUNNING_RUN, run.name, ["status", "started_on"], as_dict=True, for_update=True
	)
	if (stored.status, str(stored.started_on)) != (run.status, str(run.started_on)):
		frappe.db.commit()  # nosemgrep: releases the row
		return
	moment = now_datetime()
	ranges = list(customer_ranges())
	_set(
		run.name,
		status=PLANNING,
		started_on=moment,
		pending_ranges=len(ranges),
		customers=sum(count for _first, _last, count in ranges),
		customers_done=0,
		planned=0,
		skipped=0,
		superseded=0,
		error=None,
	)
	frappe.db.commit()  # nosemgrep: the workers read it
	if not ranges:
		_finish_planning(run.name)
	for first, last, _count in ranges:
		arguments = {"run": run.name, "first": first, "last": last, "started_on": str(moment)}
		if in_process:
			plan_range(**arguments)
		else:
			job = digest(f"{run.name}|{first}|{moment}")[:16]
			enqueue("client_ledger.dunning.runs.plan_range", f"client_ledger_plan_{job}", **arguments)


def customer_ranges() -> Iterable[tuple[str, str, int]]:
	"""Yield (first, last, number) of the customers that each job takes."""
	size = max(cint(frappe.db.get_single_value(DUNNING_SETTINGS, "customers_per_job")), 1)
	names = frappe.get_all("Customer", pluck="name", order_by="name")
	for start_at in range(0, len(names), size):
		part = names[start_at : start_at + size]
		yield part[0], part[-1], len(part)


def plan_range(run: str, first: str, last: str, started_on: str) -> None:
	"""Plan the customers from *first* to *last* for a run; those that fail are logged by name."""
	document = frappe.get_doc(DUNNING_RUN, run)
	if str(document.started_on) != str(get_datetime(started_on)) or document.status != PLANNING:
		# Started again meanwhile: the jobs of that start do it.
		return
	customers = frappe.get_all(
		"Customer", [["name", ">=", first], ["name", "<=", last]], pluck="name", order_by="name"
	)
	counts = plan_each(document, customers)
	table = frappe.qb.DocType(DUNNING_RUN)
	(
		frappe.qb.update(table)
		.set(table.pending_ranges, table.pending_ranges - 1)
		.set(table.customers_done, table.customers_done + len(customers))
		.set(table.planned, table.planned + counts.planned)
		.set(table.skipped, table.skipped + counts.skipped)
		.set(table.superseded, table.superseded + counts.superseded)
		.where(table.name == run)
	).run()
	frappe.db.commit()  # nosemgrep: this range is done
	announce(run)
	if cint(frappe.db.get_value(DUNNING_RUN, run, "pending_ranges")) <= 0:
		_finish_planning(run)


def plan_each(run: frappe._dict, customers: Sequence[str]) -> PlanCounts:
	"""Plan *customers*; if that fails, one at a time, each failure logged by name and noted on the run. Commits."""
	policies = SitePolicies.of_site()
	today, through = getdate(run.as_of), planned_through(run)
	only = _policies_of(run, policies)

	def plan(names: Sequence[str]) -> PlanCounts:
		counts = plan_customers(run.company, names, today, run.name, only, through, policies)
		counts.planned += acknowledgements.plan_thanks(run.company, names, today, policies, run.name, only)
		return counts

	def note(customer: str, error: Exception) -> None:
		_set(run.name, error=f"{customer}: {format_exception_only(error)[-1].strip()}"[:500])

	found, _failed = each_or_log(
		customers, plan, title="Dunning not planned", doctype="Customer", on_failure=note
	)
	total = PlanCounts()
	for counts in found:
		total.add(counts)
	return total


def planned_through(run: frappe._dict) -> date | None:
	"""Return the last day before the run's that was planned completely for its company, None before the first."""
	filters = {
		"company": run.company,
		"origin": SCHEDULE,
		"planned_on": ("is", "set"),
		"as_of": ("<", run.as_of),
	}
	rows = frappe.get_all(
		DUNNING_RUN, filters, ["as_of", "time_zone"], order_by="as_of desc", limit=RUNS_LOOKED_AT
	)
	# A run without a time zone planned everybody.
	days = [row.as_of for row in rows if not row.time_zone or run.time_zone in (None, "", row.time_zone)]
	return getdate(days[0]) if days else None


def _policies_of(run: frappe._dict, policies: SitePolicies) -> set[str] | None:
	"""Return the policies a run is for, None for all."""
	if run.policy:
		return {run.policy}
	if run.time_zone:
		return {name for name in policies.rules if policies.zone(name).key == run.time_zone}
	return None


def replan_changed(run: "frappe.model.document.Document") -> list[str]:
	"""Plan those customers again for whom something has changed since the run last planned; return them."""
	moment = now_datetime()
	since = get_datetime(run.planned_on or run.started_on)
	if policies_changed(since):
		customers = frappe.get_all("Customer", pluck="name", order_by="name")
	else:
		customers = changed_customers(since)
	if customers:
		counts = plan_each(run, customers)
		_set(run.name, planned=run.planned + counts.planned, skipped=run.skipped + counts.skipped)
	_set(run.name, planned_on=moment)
	frappe.db.commit()  # nosemgrep: the next hour starts from here
	return customers


def policies_changed(since: datetime) -> bool:
	"""Return whether any policy was changed: its customers may be any."""
	return bool(frappe.db.exists(DUNNING_POLICY, {"modified": (">=", since)}))


def changed_customers(since: datetime) -> list[str]:
	"""Return the customers whose ledger, blocks, contacts or own records changed, or that reopened."""
	found: set[str] = set()
	for doctype, field, more in (
		("Payment Ledger Entry", "party", {"party_type": "Customer"}),
		("Bank Transaction", "party", {"party_type": "Customer"}),
		(DUNNING_BLOCK, "customer", {}),
		("Customer", "name", {}),
		(
			LEDGER_NOTICE,
			"customer",
			{"status": ("in", (NoticeStatus.SKIPPED.value, NoticeStatus.CANCELLED.value))},
		),
	):
		filters = {"modified": (">=", since), **more}
		found |= set(frappe.get_all(doctype, filters, pluck=field, distinct=True, order_by=None))
	contacts = frappe.get_all("Contact", {"modified": (">=", since)}, pluck="name", order_by=None)
	if contacts:
		links = {"link_doctype": "Customer", "parenttype": "Contact", "parent": ("in", contacts)}
		found |= set(frappe.get_all("Dynamic Link", links, pluck="link_name", order_by=None))
	return sorted(name for name in found if name)


def _finish_planning(run: str) -> None:
	# What changes while a run plans is planned again: its time is that of its start.
	_set(run, status=PLANNED, planned_on=frappe.db.get_value(DUNNING_RUN, run, "started_on"))
	frappe.db.commit()  # nosemgrep: planned
	count(run)
	announce(run)


# --- sending ---


def send_in_ranges(moment: datetime, run: str | None = None) -> int:
	"""Queue jobs that send what is due, in ranges; return how many notices that is. run: only its own."""
	names = send.due_names(moment)
	if run:
		of_run = set(frappe.get_all(LEDGER_NOTICE, {"run": run}, pluck="name", order_by="name"))
		names = [name for name in names if name in of_run]
	return dispatch.send_in_ranges(names, moment)


def _set(run: str, **fields: object) -> None:
	frappe.db.set_value(DUNNING_RUN, run, fields)
