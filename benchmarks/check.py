"""The credit check at submit, at size: what an order, of customers with many and with few entries, has to wait for it.

python -m benchmarks.check --site NAME [--clock processor]

The site is one that benchmarks.generate has filled. Beside it ERPNext's own check, which only knows the limit.
"""

import statistics
import sys
from collections.abc import Callable

import click

from benchmarks.measure import CLOCKS, timed
from benchmarks.site import MARK, connected, default_bench

CUSTOMERS = ("Bench Giant", "Bench Busy", "Bench Quiet")
RUNS = 15
GOAL_MS = 30
LIMIT = 10**9


@click.command(help=__doc__)
@click.option("--site", required=True)
@click.option("--bench", default=default_bench, show_default="$FRAPPE_BENCH or ~/frappe-bench")
@click.option("--clock", type=click.Choice(list(CLOCKS)), default="processor", show_default=True)
def main(site: str, bench: str, clock: str) -> None:
	"""Measure and print; exit with 1 where the goal is missed."""
	import frappe

	with connected(bench, site):
		if not frappe.conf.get(MARK):
			sys.exit(f"{site} was not filled by benchmarks.generate")
		company = frappe.defaults.get_global_default("company")
		_set_up(company)
		entries = frappe.db.count("Payment Ledger Entry")
		click.echo(f"{entries:,} payment ledger entries, {clock} clock, medians of {RUNS} runs in turns")
		missed = [name for name in CUSTOMERS if not _measure(name, company, clock)]
	sys.exit(f"over {GOAL_MS} ms: {', '.join(missed)}" if missed else 0)


def _set_up(company: str) -> None:
	"""Checks that hold, and a limit that none of the customers reaches, so that everything is read."""
	import frappe

	from client_ledger.credit.check import reservations
	from client_ledger.credit.limits.erpnext_limit import set_erpnext_limit

	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
	# Old items must not hold the order: all rules are tested, and none may stop the measuring.
	for rule in frappe.get_all("Credit Rule", pluck="name"):
		frappe.db.set_value("Credit Rule", rule, "action", "Warn")
		frappe.db.delete("Credit Rule Action", {"parent": rule})
	for customer in CUSTOMERS:
		set_erpnext_limit(customer, company, LIMIT, "benchmark")
		# Whoever ordered before has a row that others wait for; an order need not make it.
		reservations.lock(customer, company)
	frappe.db.commit()
	frappe.clear_cache()


def _measure(customer: str, company: str, clock: str) -> bool:
	import frappe
	from erpnext.selling.doctype.customer.customer import check_credit_limit

	from client_ledger.credit.check.check import after_submit, check_document

	def ours() -> None:
		doc = _order(customer, company)
		check_document(doc)
		after_submit(doc)

	cases: dict[str, Callable[[], None]] = {
		"ours": ours,
		"erpnext": lambda: check_credit_limit(customer, company),
	}
	seconds: dict[str, list[float]] = {name: [] for name in cases}
	for turn in range(RUNS + 1):
		for name, case in cases.items():
			took = timed(case, clock)
			frappe.db.rollback()
			frappe.clear_messages()
			# The first turn fills caches that every process has after its first document.
			if turn:
				seconds[name].append(took)
	ours_ms, erpnext_ms = (1000 * statistics.median(seconds[name]) for name in ("ours", "erpnext"))
	number = frappe.db.count("Payment Ledger Entry", {"party": customer})
	queries = _queries(ours)
	click.echo(
		f"{customer:<14}{number:>7,} entries  our check {ours_ms:6.1f} ms, {queries} statements;"
		f"  ERPNext's own {erpnext_ms:6.1f} ms"
	)
	return ours_ms <= GOAL_MS


def _order(customer: str, company: str) -> object:
	"""An order as it is right before its submit; nothing of it is stored."""
	import frappe

	return frappe.get_doc(
		{
			"doctype": "Sales Order",
			"name": "BENCH-ORDER",
			"customer": customer,
			"customer_name": customer,
			"company": company,
			"base_grand_total": 1000,
			"grand_total": 1000,
			"items": [{"item_code": "Bench Item", "base_net_amount": 1000}],
		}
	)


def _queries(case: Callable[[], None]) -> int:
	"""Return how many statements *case* sends."""
	import frappe

	sent, sql = [], frappe.db.sql

	def counted(*args: object, **kwargs: object) -> object:
		sent.append(1)
		return sql(*args, **kwargs)

	frappe.db.sql = counted
	try:
		case()
	finally:
		frappe.db.sql = sql
		frappe.db.rollback()
	return len(sent)


if __name__ == "__main__":
	main()
