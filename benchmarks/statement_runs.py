"""What planning statements costs on a large site: who of all customers is due for a month, and the rows that say so.

	python -m benchmarks.statement_runs --site bench.localhost --company "Bench Company" --as-of 2026-10-31

Compared with the bare query of every customer's balance on that day. What is written is rolled back.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import date

from benchmarks.measure import processor_clock
from benchmarks.site import connected, default_bench

GOAL_PLAN_SECONDS, GOAL_PLAN_CUSTOMERS = 20, 10_000


def main(arguments: Sequence[str] | None = None) -> int:
	"""Measure and print; return 1 where planning misses its goal."""
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", default=default_bench())
	parser.add_argument("--company", required=True)
	parser.add_argument("--as-of", type=date.fromisoformat, required=True)
	given = parser.parse_args(arguments)
	with connected(given.bench, given.site):
		return plan(given.company, given.as_of)


def plan(company: str, as_of: date) -> int:
	"""Plan a month for all customers of *company*; return 1 where it takes longer than the goal."""
	import frappe

	from client_ledger.core.statements.periods import Period
	from client_ledger.ledger import queries
	from client_ledger.ledger.results import Scope
	from client_ledger.ledger.site import site_ledger
	from client_ledger.statement_runs import planning

	schedule = frappe.new_doc("Statement Schedule")
	schedule.update({"title": "Benchmark", "company": company, "mode": "Automatic", "starts_on": as_of})
	schedule.name = "Benchmark"
	run = frappe._dict(name="Benchmark", origin="User")
	period = Period(as_of.replace(day=1), as_of)
	ledger = site_ledger()
	parameters = ledger._parameters(Scope((company,), None), as_of)
	bare, _rows = timed(lambda: ledger.database.rows(queries.ledger_balances(False), parameters))
	used = processor_clock()
	read, found = timed(lambda: planning.due_statements(schedule, period))

	def write() -> None:
		for start in range(0, len(found.due), planning.PER_COMMIT):
			planning._write(found.due[start : start + planning.PER_COMMIT], run, schedule, period)

	written, _nothing = timed(write)
	used = processor_clock() - used
	frappe.db.rollback()
	seconds = read + written
	each = seconds / max(len(found.due), 1) * GOAL_PLAN_CUSTOMERS
	print(
		f"{len(found.due)} statements due; balances alone {bare:.2f} s, due {read:.2f} s, rows {written:.2f} s; "
		f"processor, with the database's thread: {used:.2f} s"
	)
	print(
		f"planning : balances alone = {seconds / bare:.1f} : 1; {each:.1f} s for {GOAL_PLAN_CUSTOMERS:,} customers"
	)
	print(f"goal at most {GOAL_PLAN_SECONDS} s: {'met' if each <= GOAL_PLAN_SECONDS else 'NOT MET'}")
	return int(each > GOAL_PLAN_SECONDS)


def timed(work: Callable) -> tuple[float, object]:
	"""Return how many seconds *work* took, and what it returned."""
	started = time.perf_counter()
	result = work()
	return time.perf_counter() - started, result


if __name__ == "__main__":
	raise SystemExit(main())
