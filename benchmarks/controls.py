"""How many planted faults controls find, how many findings are false, and what a night costs.

python -m benchmarks.controls [--seeds 10] [--details] [--large]

Needs no bench. A fault is found where its own control names one of its documents; a finding is false where it names no document
of any fault.
"""

import resource
import time
from collections import Counter
from collections.abc import Callable

import click

from benchmarks.controls_company import PlantedCompany, wholesale
from benchmarks.controls_other_company import retail
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import ControlFinding
from client_ledger.core.controls.run import findings

GOAL_FALSE = 1 / 200
COMPANIES: dict[str, Callable[..., PlantedCompany]] = {"wholesale": wholesale, "retail": retail}


@click.command(help=__doc__)
@click.option("--seeds", default=10, show_default=True)
@click.option("--details", is_flag=True, help="what was missed and what is false, by control")
@click.option("--large", is_flag=True, help="time and memory of 613,000 entries instead")
def main(seeds: int, details: bool, large: bool) -> None:
	"""Measure and print; exit with 1 where a goal is missed."""
	if large:
		measure_large()
		return
	missed = [name for name, make in COMPANIES.items() if not measure(name, make, seeds, details)]
	raise SystemExit(int(bool(missed)))


def run_all(facts: ControlFacts) -> dict[str, list[ControlFinding]]:
	"""Return what every control finds with its parameters as shipped."""
	return {code: findings(one, facts, one.defaults()) for code, one in CONTROLS.items()}


def judge(
	company: PlantedCompany, found: dict[str, list[ControlFinding]]
) -> tuple[list[str], list[ControlFinding]]:
	"""Return the controls of the faults that were not found, and the false findings."""
	named = {
		code: {one.name for finding in rows for one in finding.documents} for code, rows in found.items()
	}
	missed = [fault.control for fault in company.faults if not fault.documents & named[fault.control]]
	planted = {name for fault in company.faults for name in fault.documents}
	false = [
		one for rows in found.values() for one in rows if not planted & {doc.name for doc in one.documents}
	]
	return missed, false


def measure(name: str, make: Callable[..., PlantedCompany], seeds: int, details: bool) -> bool:
	"""Print the figures of one company; return whether the goals are met."""
	faults = documents = all_found = 0
	missed, false, worst = Counter(), Counter(), 0.0
	for seed in range(seeds):
		company = make(seed)
		found = run_all(company.facts)
		not_found, wrong = judge(company, found)
		faults += len(company.faults)
		documents += company.documents
		all_found += sum(map(len, found.values()))
		missed.update(not_found)
		false.update(one.control for one in wrong)
		worst = max(worst, len(wrong) / company.documents)
		if details:
			for one in wrong[:20]:
				print("   false", seed, one.control, one.reason.message.format(*one.reason.values)[:180])
	share = false.total() / documents
	met = not missed and worst <= GOAL_FALSE
	print(
		f"{name:<10} {documents:>8,} documents  {faults - missed.total()} of {faults} faults found  {all_found} findings, "
		f"{false.total()} false: 1 in {1 / share if share else float('inf'):,.0f} documents, at worst 1 in "
		f"{1 / worst if worst else float('inf'):,.0f}  {'met' if met else 'NOT MET'}"
	)
	if missed or false:
		print("   missed:", dict(missed), " false:", dict(false))
	return met


def measure_large() -> None:
	"""Print seconds and memory of all controls over about 613,000 entries."""
	company = wholesale(1, orders=128_000, customers=10_000, days=1_100)
	facts = company.facts
	entries = len(facts.invoices) + len(facts.receipts) + sum(len(one.allocations) for one in facts.receipts)
	before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	print(
		f"{company.documents:,} documents, {facts.count():,} facts, about {entries:,} entries; {before:,.0f} MB with the facts"
	)
	started = time.process_time()
	for code, one in CONTROLS.items():
		began = time.process_time()
		found = findings(one, facts, one.defaults())
		print(f"   {code:<24} {time.process_time() - began:6.2f} s {len(found):>6} findings")
	after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	print(
		f"all controls {time.process_time() - started:.1f} s processor, {after - before:,.0f} MB more, {after:,.0f} MB in all"
	)


if __name__ == "__main__":
	main()
