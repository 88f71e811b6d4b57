"""How well two ledgers are matched, and how fast: precision, recall and seconds on ledgers whose truth is known.

python -m benchmarks.reconciliation [--seeds 25] [--style first|second|all] [--speed]

Needs no bench. A match counts as right only where its lines, all of them, are those of the truth.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import click

from benchmarks.reconciliation_ledgers import MIXES, TwoLedgers, two_ledgers
from client_ledger.core.reconciliation.lines import LedgerSide, MatchSettings
from client_ledger.core.reconciliation.matches import Confidence
from client_ledger.core.reconciliation.reconcile import Reconciliation, reconcile

GOAL_RIGHT, GOAL_FOUND, GOAL_SECONDS = 0.995, 0.97, 5.0
Made = Callable[[int], TwoLedgers]


@click.command(help=__doc__)
@click.option("--seeds", default=25, show_default=True)
@click.option("--style", type=click.Choice(("first", "second", "all")), default="all", show_default=True)
@click.option("--speed/--no-speed", default=True)
@click.option("--passes", is_flag=True, help="also what each pass found")
def main(seeds: int, style: str, speed: bool, passes: bool) -> None:
	"""Measure and print; exit with 1 where a goal is missed."""
	missed = False
	if style in ("first", "all"):
		for mix in MIXES:
			missed |= measure(
				f"first style, {mix.name}", lambda seed, mix=mix: two_ledgers(seed, mix), seeds, passes
			)
	if style in ("second", "all"):
		from benchmarks.reconciliation_other_style import STYLES, other_ledgers

		for name in STYLES:
			missed |= measure(
				f"second style, {name}", lambda seed, name=name: other_ledgers(seed, name), seeds, passes
			)
	if speed:
		missed |= measure_speed()
	raise SystemExit(int(missed))


def compare(ledgers: TwoLedgers) -> Reconciliation:
	"""Compare two ledgers as the product does."""
	return reconcile(LedgerSide(ledgers.ours), LedgerSide(ledgers.theirs), MatchSettings(ledgers.as_of))


def measure(name: str, make: Made, seeds: int, passes: bool) -> bool:
	"""Print the figures of one way to make ledgers; return whether a goal is missed."""
	made = right = true = 0
	worst_right = worst_found = 1.0
	by_pass: Counter = Counter()
	wrong: Counter = Counter()
	firm: Counter = Counter()
	for seed in range(seeds):
		ledgers = make(seed)
		result = compare(ledgers)
		assert all(not part.identity.unexplained for part in result.parts)
		found = [([o.id for o in m.ours], [t.id for t in m.theirs]) for m in result.matches]
		counts = ledgers.score(found)
		made, right, true = made + counts[0], right + counts[1], true + counts[2]
		worst_right = min(worst_right, counts[1] / max(counts[0], 1))
		worst_found = min(worst_found, counts[1] / max(counts[2], 1))
		for match, ids in zip(result.matches, found, strict=True):
			by_pass[match.found_by] += 1
			is_right = bool(ledgers.score([ids])[1])
			wrong[match.found_by] += not is_right
			if match.confidence is not Confidence.POSSIBLE:
				firm[is_right] += 1
	precision, recall = right / made, right / true
	verdict = "met" if precision >= GOAL_RIGHT and recall >= GOAL_FOUND else "NOT MET"
	print(
		f"{name:<28} {made:>6} made  right {precision:8.3%} (worst {worst_right:.2%})  "
		f"found {recall:8.3%} (worst {worst_found:.2%})  sure and likely right {firm[True] / firm.total():8.3%}  {verdict}"
	)
	if passes:
		for one, count in by_pass.most_common():
			print(
				f"    {one.value:<28} {count:>6}  wrong {wrong[one]:>4}  ({1 - wrong[one] / count:.2%} right)"
			)
	return verdict != "met"


def measure_speed() -> bool:
	"""Print the processor seconds of about 10,000 against 10,000 lines of one year; return whether the goal is missed."""
	missed = False
	for mix in MIXES:
		ledgers = two_ledgers(1, replace(mix, name=f"large {mix.name}", invoices=7_300, days=365))
		started = time.process_time()
		result = compare(ledgers)
		taken = time.process_time() - started
		ids = [([o.id for o in m.ours], [t.id for t in m.theirs]) for m in result.matches]
		made, right, true = ledgers.score(ids)
		print(
			f"{mix.name:<6} {len(ledgers.ours):,} against {len(ledgers.theirs):,} lines: {taken:.1f} s of processor, "
			f"right {right / made:.3%}, found {right / true:.3%}"
		)
		missed |= taken > GOAL_SECONDS
	return missed


if __name__ == "__main__":
	main()
