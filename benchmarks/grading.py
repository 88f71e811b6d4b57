"""Grading at size: the first night, a night on which nothing changed, the nights after, month ends, one customer.

python -m benchmarks.grading --site NAME [--clock processor]

The site is one that benchmarks.generate has filled. Its assessments, snapshots and payment patterns are deleted first.
"""

import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import click

from benchmarks.measure import CLOCKS, timed
from benchmarks.site import MARK, connected, default_bench

KILOBYTES_PER_MEGABYTE = 1024
CUSTOMERS = ("Bench Giant", "Bench Busy", "Bench Quiet")
OURS = ("Credit Assessment", "Credit Assessment Factor", "Credit Snapshot", "Payment Pattern")
STEPS = (0.05, 0.5, 1.0)
RUNS = 5


@click.command(help=__doc__)
@click.option("--site", required=True)
@click.option("--bench", default=default_bench, show_default="$FRAPPE_BENCH or ~/frappe-bench")
@click.option("--clock", type=click.Choice(list(CLOCKS)), default="wall", show_default=True)
def main(site: str, bench: str, clock: str) -> None:
	"""Measure and print."""
	import frappe

	with connected(bench, site):
		if not frappe.conf.get(MARK):
			sys.exit(f"{site} was not filled by benchmarks.generate")
		company = frappe.defaults.get_global_default("company")
		as_of = frappe.db.get_value("Payment Ledger Entry", {}, "posting_date", order_by="posting_date desc")
		_set_up(company)
		click.echo(f"{frappe.db.count('Sales Invoice'):,} invoices, as of {as_of}, {clock} clock")
		_nights(company, as_of, clock)
		_month_end(as_of, clock)
		_customers(company, clock)
		peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE
		_say("peak memory of the process", f"{peak:.0f} MB")


def _set_up(company: str) -> None:
	"""Give the site its accounts, and forget what was graded."""
	import frappe

	from client_ledger.accounts.rebuild import rebuild

	for doctype in OURS:
		frappe.db.truncate(doctype)
	if not frappe.db.exists("Client Account", {"company": company}):
		rebuild()
	frappe.db.commit()


def _nights(company: str, as_of: date, clock: str) -> None:
	"""Grade all customers, again on the same day, and a day later without any new voucher."""
	from client_ledger.credit.grades.assessments import assess_all
	from client_ledger.credit.grades.in_force import update_all_grades

	days = {"first night": as_of, "same day again": as_of, "next night": as_of + timedelta(days=1)}
	for what, day in days.items():
		if what == "next night":
			_drift(company, day)
		found: dict[str, int] = {}
		seconds = timed(lambda day=day, found=found: found.update(assess_all(day)), clock)
		_say(f"{what}: {found['assessed']:,} assessed, {found['changed']:,} changed", f"{seconds:.1f} s")
	seconds = timed(lambda: update_all_grades(company, as_of), clock)
	_say("bring grades in force of all accounts to a day", f"{seconds:.1f} s")


def _drift(company: str, day: date) -> None:
	"""Say how many scores moved in a night by how much: what a smaller step would write every night."""
	from client_ledger.core.credit.assessment import assess
	from client_ledger.credit.grades.assessments import assessments_in_force, measure_all
	from client_ledger.credit.grades.scorecards import active_scorecard

	site, stored = active_scorecard(company), assessments_in_force(company)
	inputs = measure_all(company, site, day)
	moved = [
		abs((assess(found, site.scorecard).score or 0.0) - stored[customer].score)
		for customer, found in inputs.items()
		if customer in stored
	]
	for step in STEPS:
		_say(f"scores that move by {step} or more in a night", f"{sum(m >= step for m in moved):,}")


def _month_end(as_of: date, clock: str) -> None:
	from client_ledger.credit.grades.snapshots import take_month_ends

	taken: dict[str, int] = {}
	seconds = timed(lambda: taken.update(take_month_ends(as_of)), clock)
	_say(f"month's end: {sum(taken.values()):,} snapshots", f"{seconds:.1f} s")


def _customers(company: str, clock: str) -> None:
	"""Expected dates of a customer's open items, and an assessment by hand, on the day of the last night."""
	import frappe

	from client_ledger.credit.grades.assessments import assess_now
	from client_ledger.credit.grades.expected import expected_payments
	from client_ledger.credit.grades.payment_pattern import pattern_of
	from client_ledger.ledger.reader import Scope
	from client_ledger.ledger.site import site_ledger

	day = pattern_of(company).as_of
	for customer in CUSTOMERS:
		items = site_ledger().open_items(Scope((company,), (customer,)), day)
		found = _best(lambda c=customer, i=items: expected_payments(c, company, i, day), clock)
		_say(f"expected dates of {len(items)} open items, {customer}", f"{1000 * found:.0f} ms")
	for customer in CUSTOMERS:
		invoices = frappe.db.count("Sales Invoice", {"customer": customer})
		found = _best(lambda c=customer: assess_now(c, company, day), clock)
		_say(f"{customer} assessed by hand, {invoices:,} invoices", f"{1000 * found:.0f} ms")
	frappe.db.rollback()


def _best(function: Callable[[], object], clock: str) -> float:
	return min(timed(function, clock) for _run in range(RUNS))


def _say(what: str, measured: str) -> None:
	click.echo(f"{time.strftime('%H:%M:%S')}  {what:<75}{measured:>12}")


if __name__ == "__main__":
	main()
