"""Background jobs, and the one place where capabilities call one another in sequence: refreshing accounts after vouchers, every
hour what was left over, every night all of them, and what one capability does because of another.
"""

from collections.abc import Iterable, Sequence

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.accounts.month_ago import update_month_ago
from client_ledger.accounts.nightly import refresh_all_accounts
from client_ledger.accounts.rebuild import rebuild
from client_ledger.accounts.refresh import refresh_stale_customers
from client_ledger.archive import chain as archive_chain
from client_ledger.archive import nightly as archive
from client_ledger.backups.check import check
from client_ledger.collections import jobs as collections
from client_ledger.confirmations import jobs as confirmation_jobs
from client_ledger.confirmations import step_status, transit
from client_ledger.controls import nightly as controls
from client_ledger.credit.check.decisions import reevaluate_all, tell_approvers
from client_ledger.credit.grades.assessments import assess_all
from client_ledger.credit.grades.in_force import update_all_grades
from client_ledger.credit.grades.snapshots import take_month_ends
from client_ledger.credit.limits.changes import apply_due
from client_ledger.dunning import dunning_status, runs
from client_ledger.duties import nightly as duties
from client_ledger.early_warnings import digests
from client_ledger.early_warnings import nightly as early_warnings
from client_ledger.forecasts import jobs as cash_forecasts
from client_ledger.group_robots import deliveries as robots
from client_ledger.kpis import nightly as kpis
from client_ledger.ledger.site import companies
from client_ledger.measured_effect import measuring as measured_effect
from client_ledger.period_checks import nightly as period_checks
from client_ledger.receipts import jobs as receipts
from client_ledger.site.jobs import safely
from client_ledger.site.refresh_queue import enqueue_refresh, new_refresh_token, stale_customers
from client_ledger.statement_runs import runs as statement_runs

# A worker kills a job of the default queue that outlives its timeout; stop in time and queue another.
SECONDS_PER_JOB = 600


def refresh_stale() -> None:
	"""Refresh the customers that vouchers marked; continue in another job if this one takes too long."""
	new_refresh_token()
	failed = refresh_stale_customers(SECONDS_PER_JOB, then=after_refresh)
	if stale_customers(1, failed):
		enqueue_refresh()


def after_refresh(customers: Sequence[str]) -> None:
	"""Money may have come or gone: settle promises, update collection figures, evaluate held documents again."""
	safely("Client Ledger, collections: promises failed", lambda: collections.settle_promises(customers))
	safely("Client Ledger: announced payments failed", lambda: receipts.customers_changed(customers))
	reevaluate_all(customers)


def dunning_holds_lifted(customers: Iterable[str]) -> None:
	"""The hold of a dunning step was lifted: evaluate the held documents of *customers* again."""
	reevaluate_all(customers)


def tell_of_hold(hold: str) -> None:
	"""Notify those who may decide on a hold that has just been written."""
	tell_approvers(hold)


def catch_up() -> None:
	"""Bring limits into force that the nightly job missed; propose invoices for receipts anew; process marks that this, a dead
	worker or an unreachable queue left behind, and retry those that failed.
	"""
	apply_due(getdate())
	safely("Client Ledger, archive: not chained", archive_chain.chain_pending)
	safely("Client Ledger: receipts failed", receipts.refresh_all)
	refresh_stale()


def dun() -> None:
	"""Queue planning and sending of dunning, where a policy wants any."""
	runs.tick()


def send_statements() -> None:
	"""Queue planning and sending of statements, where a schedule wants any."""
	statement_runs.tick()


def send_confirmations() -> None:
	"""Queue letters and reminders of balance confirmations whose turn it is, and files that no job has read."""
	confirmation_jobs.tick()


def send_digests() -> None:
	"""Tell people and groups of new early warnings, those whose turn it is."""
	if digests.send_digests():
		send_to_robots()


def send_to_robots() -> None:
	"""Send messages to group robots whose turn it is."""
	robots.send_due()


def nightly() -> None:
	"""Bring everything to today, each step after what it reads: limits, accounts, promises, grades and held documents, then what is
	planned, checked, kept, forecast and looked for.

	A step that fails is logged; the others still run.
	"""
	steps = (
		begin_limits,
		receipts.refresh_all,
		refresh_all_accounts,
		update_month_ago,
		dunning_status.correct_all,
		collections.settle_all_promises,
		grade,
		reevaluate_all,
		collections.plan_follow_ups,
		period_checks.nightly,
		look_at_differences,
		archive.nightly,
		duties.look_again,
		cash_forecasts.nightly,
		controls.look,
		kpis.look,
		measure_trials,
		early_warnings.look_again,
	)
	for step in steps:
		safely(f"Client Ledger, nightly: {step.__name__} failed", step)


def step_changed(doc: Document, method: str | None = None) -> None:
	"""A document changed that a difference of a confirmation may have led to: where it has ended, so has the difference."""
	step_status.document_changed(doc.doctype, doc.name)


def look_at_differences() -> None:
	"""End differences of confirmations whose steps have ended, and look again at what was in transit."""
	transit.nightly(getdate())


def measure_trials() -> None:
	"""Measure what steps of dunning that are tried out are worth."""
	measured_effect.nightly(getdate())


def check_backups() -> None:
	"""Look at the site's backups, keep what was found, and tell people where there is no good one."""
	safely("Client Ledger: checking the backups failed", check)


def run_controls() -> None:
	"""Have all controls look at what has changed since they last did."""
	controls.look()


def begin_limits() -> None:
	"""Bring limits into force whose day has come."""
	apply_due(getdate())


def grade() -> None:
	"""Assess all customers, bring grades in force to today, and store last month's end where that is still to do."""
	today = getdate()
	take_month_ends(today)
	assess_all(today)
	for company in companies():
		update_all_grades(company, today)
		frappe.db.commit()  # nosemgrep: releases the rows


def rebuild_all() -> None:
	"""Calculate all accounts again, after the settings changed."""
	rebuild()
	update_month_ago()
	grade()


def reevaluate_holds() -> None:
	"""Evaluate the rules on every held document again: ageing moves on, temporary limits begin and end."""
	reevaluate_all()
