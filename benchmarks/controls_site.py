"""What a night of all controls takes on a large site: the first one, and a second one after a day's business of some customers.

	python -m benchmarks.controls_site --site bench.localhost

`--clock processor` counts the processor time of the process and of the database thread that serves it, for a busy machine.
Each night runs in a process of its own, for its memory. Beside them the bare queries of the same facts, once. Nothing is written.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from benchmarks.measure import CLOCKS
from benchmarks.site import connected, default_bench

SECONDS, MEGABYTES = 60, 300
# Customers with business on the day between the two nights.
CHANGED = 167
Clock = Callable[[], float]
NIGHTS = ("nothing", "queries", "first", "second")


def main(arguments: Sequence[str] | None = None) -> int:
	"""Measure, print, and return 1 where a goal is missed."""
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", default=default_bench())
	parser.add_argument("--clock", choices=list(CLOCKS), default="wall")
	parser.add_argument("--night", choices=NIGHTS)
	given = parser.parse_args(arguments)
	if given.night:
		with connected(given.bench, given.site):
			print(json.dumps(_measured(given.night, CLOCKS[given.clock])))
		return 0
	costs = {night: _in_a_process(given, night) for night in NIGHTS}
	for night, cost in costs.items():
		print(
			f"{night}: {cost['seconds']:.1f} s, {cost['megabytes']:.0f} MB at most, {cost['found']:,} {cost['of']}"
		)
		for name, seconds in cost["parts"].items():
			print(f"  {name}: {seconds:.1f} s")
	met = all(costs[night]["seconds"] <= SECONDS for night in ("first", "second"))
	met &= all(costs[night]["megabytes"] <= MEGABYTES for night in ("first", "second"))
	print(f"goal at most {SECONDS} s and {MEGABYTES} MB: {'met' if met else 'NOT MET'}")
	return int(not met)


def _in_a_process(given: argparse.Namespace, night: str) -> dict:
	command = [sys.executable, "-m", "benchmarks.controls_site", "--site", given.site, "--bench", given.bench]
	command += ["--clock", given.clock]
	done = subprocess.run([*command, "--night", night], check=True, capture_output=True, text=True)
	return json.loads(done.stdout.strip().splitlines()[-1])


def _measured(night: str, clock: Clock) -> dict:
	started = clock()
	kinds = {"nothing": _nothing, "queries": _queries, "first": _first, "second": _second}
	found, of, parts = kinds[night](clock)
	return {
		"seconds": clock() - started,
		"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
		"found": found,
		"of": of,
		"parts": parts,
	}


Measured = tuple[int, str, dict[str, float]]


def _nothing(_clock: Clock) -> Measured:
	"""A process that only imports what a night needs."""
	import client_ledger.controls.passes
	import client_ledger.core.controls.catalogue  # noqa: F401

	return 0, "facts", {}


def _queries(clock: Clock) -> Measured:
	"""Only read what a first night reads of documents, in plain queries and in pages, without making facts of it."""
	import frappe

	company = frappe.defaults.get_global_default("company")
	rows, parts = 0, {}
	for name, text in {
		"invoices": """select name, customer, posting_date, due_date, grand_total, base_grand_total, creation, owner, po_no
			from `tabSales Invoice` where company = %(company)s and docstatus > 0 and (posting_date >= %(since)s
			or outstanding_amount <> 0) and name > %(last)s order by name limit 10000""",
		"receipts": """select name, party, posting_date, paid_amount, base_paid_amount, creation, owner, reference_no
			from `tabPayment Entry` where company = %(company)s and docstatus > 0 and (posting_date >= %(since)s
			or unallocated_amount <> 0) and name > %(last)s order by name limit 10000""",
		"ledger": """select name, voucher_no, party, against_voucher_no, amount_in_account_currency
			from `tabPayment Ledger Entry` where company = %(company)s and delinked = 0 and posting_date >= %(since)s
			and name > %(last)s order by name limit 10000""",
		"lines": """select name, parent, delivery_note, sales_order, base_net_amount from `tabSales Invoice Item`
			where name > %(last)s order by name limit 10000""",
	}.items():
		started, last = clock(), ""
		values = {"company": company, "since": _today() - timedelta(days=397)}
		while page := frappe.db.sql(text, {**values, "last": last}):
			rows, last = rows + len(page), page[-1][0]
		parts[name] = clock() - started
	return rows, "rows", parts


def _today() -> datetime:
	from frappe.utils import getdate

	return getdate()


def _first(clock: Clock) -> Measured:
	from client_ledger.controls.passes import every
	from client_ledger.core.controls.catalogue import CONTROLS

	return _run(lambda: every(CONTROLS.values()), clock)


def _second(clock: Clock) -> Measured:
	"""Some customers have had business; nothing else was changed."""
	import frappe

	from client_ledger.controls.changes import changed_since
	from client_ledger.core.controls.catalogue import CONTROLS
	from client_ledger.core.controls.facts import FactKind
	from client_ledger.core.controls.run import FactChanges, reruns

	company = frappe.defaults.get_global_default("company")
	customers = frozenset(frappe.get_all("Customer", pluck="name", order_by="name", limit=CHANGED))
	kinds = (FactKind.INVOICES, FactKind.RECEIPTS, FactKind.ORDERS, FactKind.DELIVERIES)

	def night() -> list:
		changed_since(company, datetime.now() + timedelta(days=1))
		return reruns(
			CONTROLS.values(),
			FactChanges({**dict.fromkeys(kinds, customers), FactKind.TIES: {"*"}, FactKind.DUES: {"*"}}),
		)

	return _run(night, clock)


def _run(night: Callable[[], list], clock: Clock) -> Measured:
	"""Run a night's controls; return how many findings there are, and the seconds of reading and of each control."""
	import frappe

	from client_ledger.controls.passes import passes
	from client_ledger.core.controls.run import rerun_findings

	company = frappe.defaults.get_global_default("company")
	parts: dict[str, float] = {}
	keys = set()
	last = clock()

	def count(name: str) -> None:
		nonlocal last
		now = clock()
		parts[name] = parts.get(name, 0.0) + now - last
		last = now

	chosen = night()
	count("what has changed")
	for one in passes(company, _today(), chosen):
		count("reading")
		for rerun in one.reruns:
			found = rerun_findings(rerun, one.facts, rerun.control.defaults())
			keys.update(finding.key for finding in found)
			count(rerun.control.code)
	slow = dict(sorted(parts.items(), key=lambda part: -part[1])[:8])
	return len(keys), "findings", slow


if __name__ == "__main__":
	raise SystemExit(main())
