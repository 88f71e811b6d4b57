"""How well receipts find their invoices, and how fast, on bank lines whose truth is known.

python -m benchmarks.receipts [--seeds 25] [--passes]

Needs no bench. A proposal is right only where its customer and its items, all of them, are those of the truth.
"""

import time
from collections import Counter
from collections.abc import Callable

import click

from benchmarks.bank_lines import BANK_MIXES, BankLines, BankMix, bank_lines
from benchmarks.bank_lines_other_style import BANK_STYLES
from client_ledger.core.receipts.items import ProposedPayment
from client_ledger.core.receipts.propose import propose

GOAL_SURE, GOAL_FOUND = 0.995, 0.90


@click.command(help=__doc__)
@click.option("--seeds", default=25, show_default=True)
@click.option("--passes", is_flag=True, help="also what each pass found")
def main(seeds: int, passes: bool) -> None:
	"""Measure and print; exit with 1 where a goal is missed."""
	made = {mix.name: lambda seed, mix=mix: bank_lines(seed, mix) for mix in BANK_MIXES}
	missed = [name for name, make in {**made, **BANK_STYLES}.items() if measure(name, make, seeds, passes)]
	measure_speed()
	raise SystemExit(int(bool(missed)))


def is_right(lines: BankLines, made: ProposedPayment) -> bool:
	"""Return whether a proposal is what the truth says."""
	customer, items = lines.truth[made.receipt.id]
	return made.customer == customer and {name for name, _amount in made.allocations} == items


def measure(name: str, make: Callable[[int], BankLines], seeds: int, passes: bool) -> bool:
	"""Print the figures of one way to make lines; return whether a goal is missed."""
	counts: Counter = Counter()
	by_pass: Counter = Counter()
	for seed in range(seeds):
		lines = make(seed)
		result = propose(lines.receipts, lines.items, lines.advices, lines.payers)
		counts["all"] += len(lines.receipts)
		counts["payable"] += sum(bool(items) for _customer, items in lines.truth.values())
		for made in result.proposals:
			right = is_right(lines, made)
			kind = "sure" if made.is_sure else "other"
			counts[kind] += 1
			counts[f"{kind} right"] += right
			counts["found"] += right and bool(made.allocations)
			by_pass[made.found_by, kind, right] += 1
	sure, found = counts["sure right"] / counts["sure"], counts["found"] / counts["payable"]
	verdict = "met" if sure >= GOAL_SURE and found >= GOAL_FOUND else "NOT MET"
	print(
		f"{name:<13} {counts['all']:>6} lines  sure {counts['sure'] / counts['all']:7.2%} of them, right {sure:8.3%}  "
		f"others right {counts['other right'] / max(counts['other'], 1):7.2%}  found {found:8.3%}  {verdict}"
	)
	if passes:
		for (one, kind, right), count in sorted(by_pass.items(), key=lambda entry: entry[0][0].name):
			print(f"    {one.value:<32} {kind:<6} {'right' if right else 'WRONG'} {count:>6}")
	return verdict != "met"


def measure_speed() -> None:
	"""Print the processor seconds of many receipts."""
	lines = bank_lines(1, BankMix("large", customers=1_500, days=180))
	started = time.process_time()
	result = propose(lines.receipts, lines.items, lines.advices, lines.payers)
	print(
		f"{len(lines.receipts):,} receipts, {len(lines.items):,} items: {time.process_time() - started:.1f} s processor, "
		f"{len(result.proposals):,} proposals"
	)


if __name__ == "__main__":
	main()
