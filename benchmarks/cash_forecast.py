"""What cash forecasts of a large site cost: the walk through the past, a Monday, the page and a scenario; seconds and peak memory.

	python -m benchmarks.cash_forecast --site bench.localhost

Forecasts that are kept of the site's companies are deleted first: it is a site for benchmarks.
"""

import argparse
import re
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.site import MARK, connected, default_bench

# Seconds of a job, of a Monday, and of an answer; MB that a job adds to the process.
GOALS = {"walk": 900.0, "monday": 120.0, "page": 1.0, "scenario": 1.0}
MOST_MB = 500


def main(arguments: Sequence[str] | None = None) -> int:
	"""Measure, print, and return 1 where a goal is missed."""
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", default=default_bench())
	given = parser.parse_args(arguments)
	with connected(given.bench, given.site):
		return measure()


def measure() -> int:
	"""Do all of it once, in the order a site does."""
	import frappe
	from frappe.utils import getdate

	from client_ledger.forecasts import api, making
	from client_ledger.ledger.site import companies

	if not frappe.conf.get(MARK):
		raise SystemExit("Not a site for benchmarks: its forecasts would be deleted.")
	for doctype in ("Cash Forecast Week", "Cash Forecast"):
		frappe.db.delete(doctype)
	frappe.db.commit()
	company = max(companies(), key=lambda name: frappe.db.count("Sales Invoice", {"company": name}))
	today, before = getdate(), _memory()
	week_ago = today - timedelta(days=7)
	invoices = frappe.db.count("Sales Invoice", {"company": company, "docstatus": 1})
	print(f"{company}: {invoices:,} invoices")
	seconds = {
		"walk": _seconds(lambda: making.bring_up_to_date(company, week_ago, 1e9)),
		"monday": _seconds(lambda: making.bring_up_to_date(company, today, 1e9)),
	}
	added = _memory() - before
	seconds["page"] = _seconds(lambda: api.get_forecast(company=company))
	page = api.get_forecast(company=company)
	asked = {"company": company, "currency": page["currency"]}
	seconds["scenario"] = _seconds(lambda: api.get_scenario(**asked, kind="later", days=14))
	print(f"{frappe.db.count('Cash Forecast'):,} forecasts kept")
	for score in page["scores"] or ():
		print(f"  weeks {score['first']}-{score['last']}: {score['model']}, due date {score['due_date']}, "
			f"naive {score['naive']}, covered {score['covered']}")  # fmt: skip
	for name, taken in seconds.items():
		print(f"{name}: {taken:.2f} s, goal {GOALS[name]:.0f} s")
	print(f"memory added: {added} MB, goal {MOST_MB} MB")
	return int(any(taken > GOALS[name] for name, taken in seconds.items()) or added > MOST_MB)


def _seconds(work: Callable[[], object]) -> float:
	started = time.perf_counter()
	work()
	return time.perf_counter() - started


def _memory() -> int:
	"""Return the most memory this process has had, in MB; what getrusage says may be that of whoever started it."""
	status = Path("/proc/self/status").read_text()
	return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024


if __name__ == "__main__":
	raise SystemExit(main())
