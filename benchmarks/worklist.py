"""How long the worklist of a large site takes to open, beside the bare query for what it is made of.

	python -m benchmarks.worklist --site bench.localhost

Nothing is written but the shipped rules and, for the accounts, what a rebuild would write.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.site import connected, default_bench

GOAL = 0.3
TURNS = 9


def main(arguments: Sequence[str] | None = None) -> int:
	"""Measure, print, and return 1 where the goal is missed."""
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", default=default_bench())
	given = parser.parse_args(arguments)
	with connected(given.bench, given.site):
		return measure()


def measure() -> int:
	"""Take turns: all that opening the page asks the server for, and one bare query over the same accounts."""
	import frappe

	from client_ledger.collections import api

	bare = """select customer, company, overdue, oldest_overdue_days, disputed, promised, unallocated, credit_grade
		from `tabClient Account` where overdue > 0"""
	cases: dict[str, Callable[[], object]] = {
		"worklist, first page": lambda: api.my_worklist(collector="everyone"),
		"bare query of the accounts": lambda: frappe.db.sql(bare),
	}
	seconds: dict[str, list[float]] = {name: [] for name in cases}
	found = None
	for turn in range(TURNS + 1):
		for name, case in cases.items():
			started = time.perf_counter()
			result = case()
			if turn:
				seconds[name].append(time.perf_counter() - started)
			found = found or result
	middle = {name: statistics.median(times) for name, times in seconds.items()}
	for name, value in middle.items():
		print(
			f"{name}: {value * 1000:.0f} ms ({min(seconds[name]) * 1000:.0f} to {max(seconds[name]) * 1000:.0f})"
		)
	page, query = middle.values()
	print(f"rows on the list: {found['total']}, off it: {len(found['off'])} shown; ratio {page / query:.1f}")
	met = page <= GOAL
	print(f"goal at most {GOAL * 1000:.0f} ms: {'met' if met else 'NOT MET'}")
	return 0 if met else 1


if __name__ == "__main__":
	raise SystemExit(main())
