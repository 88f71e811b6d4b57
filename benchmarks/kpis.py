"""What KPIs cost on a large site: storing a month end at night (seconds, peak memory), comparing it, and the page beside a bare query.

	python -m benchmarks.kpis --site bench.localhost --company "Bench Company" --months 3

Month ends of the company that are stored before are deleted first, and stored anew: a site of its own, see generate.py.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.site import connected, default_bench

GOAL = 1.0
TURNS = 9
KILOBYTES_PER_MEGABYTE = 1024


def main(arguments: Sequence[str] | None = None) -> int:
	"""Measure, print, and return 1 where the page takes longer than the goal."""
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", default=default_bench())
	parser.add_argument("--company")
	parser.add_argument("--months", type=int, default=3, help="month ends to store; 0: those that are there")
	given = parser.parse_args(arguments)
	with connected(given.bench, given.site):
		from client_ledger.site.access import default_company

		company = given.company or default_company()
		make_parts(company)
		if given.months:
			store(company, given.months)
		compare(company)
		return pages(company)


def make_parts(company: str) -> None:
	"""Give every customer a sales person, a collector, a segment and a grade, where none has any: the parts are measured, too."""
	import frappe

	from client_ledger.site.doctypes import CLIENT_ACCOUNT
	from client_ledger.site.rows import bulk_insert

	if frappe.db.count("Sales Team", {"parenttype": "Customer"}):
		return
	customers = frappe.get_all("Customer", pluck="name", order_by="name")
	team = {"parenttype": "Customer", "parentfield": "sales_team", "idx": 1, "allocated_percentage": 100}
	bulk_insert(
		"Sales Team",
		[{**team, "parent": name, "sales_person": f"Person {i % 40:02}"} for i, name in enumerate(customers)],
	)
	frappe.db.delete(CLIENT_ACCOUNT, {"company": company})
	segments = ("On Time", "Late", "Chronically Late", "No History")
	bulk_insert(
		CLIENT_ACCOUNT,
		[
			{
				"name": f"kpi-{i}",
				"customer": name,
				"company": company,
				"collector": f"collector{i % 12}@example.com",
				"behaviour_segment": segments[i % 4],
				"credit_grade": "ABCDE"[i % 5],
			}
			for i, name in enumerate(customers)
		],
	)
	frappe.db.commit()


def seconds_of(work: Callable[[], object]) -> tuple[float, float, object]:
	"""Return (seconds, processor seconds of this process, what came of it)."""
	wall, processor = time.perf_counter(), time.process_time()
	found = work()
	return time.perf_counter() - wall, time.process_time() - processor, found


def peak() -> float:
	"""Return the most memory this process ever had, in MB."""
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE


def store(company: str, months: int) -> None:
	"""Store the newest month ends anew."""
	import frappe
	from frappe.utils import getdate

	from client_ledger.kpis.nightly import missing_days, store_and_commit
	from client_ledger.site.doctypes import KPI_MONTH_END, KPI_ROWS

	for doctype in (KPI_ROWS, KPI_MONTH_END):
		frappe.db.delete(doctype, {"company": company})
	frappe.db.commit()
	print(
		f"entries: {frappe.db.count('Payment Ledger Entry', {'company': company}):,}; at rest {peak():.0f} MB"
	)
	for day in missing_days(company, getdate())[:months]:
		wall, processor, _found = seconds_of(lambda day=day: store_and_commit(company, day))
		parts = frappe.db.count(KPI_MONTH_END, {"company": company, "as_of": day})
		rows = frappe.get_all(
			KPI_ROWS, {"company": company, "as_of": day}, ["number", "packed"], order_by=None
		)
		size = sum(len(row.packed) for row in rows) / 1e6
		print(
			f"month end {day}: {wall:.1f} s ({processor:.1f} s of this process), peak {peak():.0f} MB; {parts} parts, "
			f"{sum(row.number for row in rows):,} rows in {size:.1f} MB"
		)


def compare(company: str) -> None:
	"""Compare: once where nothing was written, once all the same."""
	from client_ledger.kpis import comparing
	from client_ledger.kpis.store import month_ends_of, stored_days

	wall, _processor, found = seconds_of(lambda: comparing.due(company))
	print(f"which month ends are to be compared: {wall:.2f} s, {len(found)}")
	day = stored_days(company)[0]
	name = month_ends_of(company, [day])[day]
	wall, processor, found = seconds_of(lambda: comparing.compare(name))
	print(
		f"comparing {day}: {wall:.1f} s ({processor:.1f} s of this process), {found} vouchers, peak {peak():.0f} MB"
	)


def pages(company: str) -> int:
	"""Draw the page in several ways, in turns with a bare query of its rows; return 1 where the goal is missed."""
	import frappe

	from client_ledger.core.kpis.definitions import BY_KEY
	from client_ledger.kpis.api import get_kpis, get_rows
	from client_ledger.kpis.dimensions import DIMENSIONS
	from client_ledger.site.doctypes import KPI_MONTH_END

	cases: dict[str, Callable[[], object]] = {
		"bare query of the company's month ends": lambda: frappe.db.sql(
			f"select * from `tab{KPI_MONTH_END}` where company = %s and dimension = '' order by as_of desc limit 16",
			company,
		)
	}
	for months in (1, 3, 12):
		cases[f"page, {months} months"] = lambda months=months: get_kpis(company=company, months=months)
	for dimension in DIMENSIONS:
		cases[f"page, 3 months, by {dimension}"] = lambda dimension=dimension: get_kpis(
			company=company, months=3, dimension=dimension
		)
	cases["page, 12 months, by Territory"] = lambda: get_kpis(
		company=company, months=12, dimension="Territory"
	)
	drills = {
		f"rows of {key}": lambda key=key: get_rows(company=company, kpi=key, months=3) for key in BY_KEY
	}
	worst = 0.0
	found: dict[str, list[float]] = {name: [] for name in cases}
	for _turn in range(TURNS):
		for name, work in cases.items():
			found[name].append(seconds_of(work)[0])
	for name, seconds in found.items():
		middle = statistics.median(seconds)
		worst = max(worst, middle)
		print(f"{name}: {middle * 1000:.0f} ms ({min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f})")
	slowest = max(((seconds_of(work)[0], name) for name, work in drills.items()))
	print(f"slowest drill-down: {slowest[1]} {slowest[0]:.2f} s")
	print(f"page at most {GOAL} s: {'met' if worst <= GOAL else 'NOT MET'}")
	return int(worst > GOAL)


if __name__ == "__main__":
	raise SystemExit(main())
