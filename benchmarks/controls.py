"""How many planted faults controls find, how many findings are false, and what a night costs.

python -m benchmarks.controls [--seeds 10] [--details] [--large]

Needs no bench. A fault is found where its own control names one of its documents; a finding is false where it names no document
of any fault.
"""

import pickle
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import click

from benchmarks.controls_company import PlantedCompany, wholesale
from benchmarks.controls_other_company import retail
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import ControlFinding, ControlScope
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.controls.run import FactChanges, findings, reruns

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
	"""Print seconds and memory of all controls over about 613,000 entries, and over their last thirteen months."""
	with tempfile.TemporaryDirectory() as folder:
		for name, days in (("all three years", 0), ("thirteen months and what is open", 396)):
			path = Path(folder) / "facts"
			_in_own_process(_write_facts, path, days)
			_in_own_process(_measure_facts, path, name)


def _in_own_process(work: Callable, *arguments: object) -> None:
	"""Run something where the memory of what went before does not count."""
	process = get_context("spawn").Process(target=work, args=arguments)
	process.start()
	process.join()
	if process.exitcode:
		raise SystemExit(process.exitcode)


def _write_facts(path: Path, days: int) -> None:
	"""Write the facts of a large company in parts, as a database would hand them over. days: how far back, 0 for all."""
	facts = wholesale(1, orders=248_000, customers=10_000, days=1_100).facts
	first = facts.today - timedelta(days=days)
	paid = {part.invoice for one in facts.receipts for part in one.allocations}
	invoices = [one for one in facts.invoices if not days or one.date >= first or one.name not in paid]
	kept = {
		"invoices": invoices,
		"receipts": [one for one in facts.receipts if not days or one.date >= first or not one.allocations],
		"orders": facts.orders[-20_000:],
		"deliveries": facts.deliveries[-20_000:],
		"statements": facts.statements[-100_000:],
		**{
			kind: getattr(facts, kind)
			for kind in ("write_offs", "edits", "terms", "releases", "masters", "ties", "dues")
		},
	}
	rest = {
		name: getattr(facts, name) for name in ("company", "currency", "now", "people", "hours", "threshold")
	}
	with path.open("wb") as file:
		pickle.dump(rest, file)
		for kind, rows in kept.items():
			for start in range(0, len(rows), 2_000):
				pickle.dump((kind, rows[start : start + 2_000]), file)


def _measure_facts(path: Path, name: str) -> None:
	lists: dict[str, list] = defaultdict(list)
	with path.open("rb") as file:
		rest = pickle.load(file)
		while True:
			try:
				kind, rows = pickle.load(file)
			except EOFError:
				break
			lists[kind] += rows
	facts = ControlFacts(**rest, **lists)
	entries = len(facts.invoices) + sum(max(len(one.allocations), 1) for one in facts.receipts)
	before = _memory()
	print(
		f"{name}: {len(facts.invoices):,} invoices, {len(facts.receipts):,} receipts, {entries:,} entries, {facts.count():,} facts; {before:,.0f} MB"
	)
	started = time.process_time()
	for code, one in CONTROLS.items():
		began = time.process_time()
		found = findings(one, facts, one.defaults())
		if (taken := time.process_time() - began) > 0.5:
			print(f"   {code:<24} {taken:6.2f} s {len(found):>6} findings")
	print(
		f"   all controls {time.process_time() - started:.1f} s processor, {_memory():,.0f} MB with the facts"
	)
	_measure_second_night(facts)


def _measure_second_night(facts: ControlFacts) -> None:
	"""Print what a night costs in which one customer in fifty had business: its facts, what is open, and the company's own."""
	some = {one.customer for one in facts.invoices[-200:]}
	kinds = [kind for kind in FactKind if kind not in (FactKind.MASTERS, FactKind.EDITS)]
	seconds = {scope: 0.0 for scope in ControlScope}
	small = facts.of_customers(some)
	for rerun in reruns(CONTROLS.values(), FactChanges({kind: some for kind in kinds})):
		one = rerun.control
		began = time.process_time()
		findings(one, small if rerun.customers is not None and not rerun.open_too else facts, one.defaults())
		seconds[one.scope] += time.process_time() - began
	shown = ", ".join(f"{scope.value.lower()} {taken:.1f} s" for scope, taken in seconds.items())
	print(f"   second night, {len(some)} customers changed: {shown}")


def _memory() -> float:
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
	main()
