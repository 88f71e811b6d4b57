"""Does the measured effect of a step hold? Simulated trials whose effect is known: how often the interval misses it, at any look and at one.

python -m benchmarks.measured_effect [--trials 400]

Needs no bench. Customers pay as they do: each with a habit of its own, many cases for few, some items never paid, a third settled before the step.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import click

from client_ledger.core.measured_effect.assignment import TrialArm, place_of
from client_ledger.core.measured_effect.effect import (
	EffectVerdict,
	MeasuredEffect,
	TrialCase,
	measured_effect,
)

START, HORIZON = date(2025, 1, 6), 45
# What a customer's own history knows of how it will pay.
_KNOWN_NOISE = 3.0


class SimulatedTrial(NamedTuple):
	"""Cases of a trial, and the days truly gained: the mean over all cases of what the step moved, at most the horizon."""

	cases: list[TrialCase]
	truth: float


def simulate(
	seed: int, effect: float, customers: int = 240, days: int = 300, share: float = 0.5
) -> SimulatedTrial:
	"""Return a trial in which each payment comes *effect* days sooner, never before the step."""
	rng = random.Random(seed)
	cases, gained = [], []
	for number in range(customers):
		name = f"{seed}/C{number}"
		varied = place_of(f"trial {seed}", name) < share
		habit, often = rng.gauss(14, 8), min(rng.paretovariate(1.3), 12.0)
		for _case in range(max(1, round(often * days / 120))):
			reached = START + timedelta(days=rng.randrange(days))
			base = HORIZON if rng.random() < 0.05 else max(rng.gauss(habit, 7), -5.0)
			moved = max(base - effect, min(base, 0.0)) if base < HORIZON else base
			gained.append(min(round(base), HORIZON) - min(round(moved), HORIZON))
			came = round(moved if varied else base)
			paid = None if came >= HORIZON else reached + timedelta(days=came)
			known = habit + rng.gauss(0, _KNOWN_NOISE)
			arm = TrialArm.VARIED if varied else TrialArm.AS_EVER
			cases.append(TrialCase(name, arm, reached, paid, known))
	return SimulatedTrial(cases, sum(gained) / len(gained))


def looks(trial: SimulatedTrial, every: int = 20, days: int = 300) -> Iterator[MeasuredEffect]:
	"""Yield what is said at each look: every some days, until all cases are over."""
	for day in range(60, days + HORIZON + every, every):
		today = START + timedelta(days=day)
		yield measured_effect((case for case in trial.cases if case.reached_on <= today), today, HORIZON)


@click.command(help=__doc__)
@click.option("--trials", default=400, show_default=True)
@click.option("--share", default=0.5, show_default=True)
@click.option("--customers", default=240, show_default=True)
def main(trials: int, share: float, customers: int) -> None:
	"""Measure and print."""
	for effect in (0.0, 1.0, 2.0, 4.0):
		missed = missed_last = once = said = wrong = 0
		widths = []
		for seed in range(trials):
			trial = simulate(seed, effect, customers, share=share)
			found = [one for one in looks(trial) if one.gained is not None]
			if not found:
				continue
			outside = [not one.low <= trial.truth <= one.high for one in found]
			missed += any(outside)
			missed_last += outside[-1]
			last = found[-1]
			once += abs(last.gained - trial.truth) > 1.96 * last.error
			verdicts = {one.verdict for one in found}
			said += EffectVerdict.GAINS in verdicts
			wrong += EffectVerdict.LOSES in verdicts or (not effect and EffectVerdict.GAINS in verdicts)
			widths.append((last.high - last.low) / 2)
		click.echo(
			f"effect {effect:.0f} days (truly {trial.truth:.2f} on the last): the interval misses at any of {len(found)} looks {missed / trials:.1%},"
			f" at the last {missed_last / trials:.1%}; the usual 95 % interval at the last {once / trials:.1%}; half width"
			f" {sum(widths) / len(widths):.1f} days; gain said {said / trials:.0%}, wrongly something {wrong / trials:.1%}"
		)


if __name__ == "__main__":
	main()
