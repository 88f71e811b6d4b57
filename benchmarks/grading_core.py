"""Grading at size without a bench: what a night and one customer cost on an invented ledger, in time and memory.

python -m benchmarks.grading_core [--invoices 300000] [--customers 10000] [--seed 1]

Times are processor time. Memory is the process's peak, with and without what it had before the first line was made.
"""

import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TypeVar

import click

from client_ledger.core.credit.assessment import assess
from client_ledger.core.credit.cash import expected_cash
from client_ledger.core.credit.dates import ExpectedDates, learn_dates
from client_ledger.core.credit.histogram import learn, learn_few
from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine
from client_ledger.core.credit.measures import measure_company, measure_few
from client_ledger.core.credit.scorecard import Scorecard

FIRST, DAYS = date(2023, 1, 2), 1095
KILOBYTES_PER_MEGABYTE = 1024
TERMS = (14, 30, 30, 60)
Result = TypeVar("Result")


@click.command(help=__doc__)
@click.option("--invoices", default=300_000, show_default=True)
@click.option("--customers", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(invoices: int, customers: int, seed: int) -> None:
	"""Measure and print."""
	before = _peak()
	lines = list(invented_lines(invoices, customers, seed))
	today, settings = FIRST + timedelta(days=DAYS), Scorecard().settings
	_say(
		f"{len(lines):,} invoices of {customers:,} customers, memory of the lines",
		f"{_peak() - before:.0f} MB",
	)
	lateness = _timed("learning how all customers pay", lambda: learn(lines, today, settings.histogram()))
	inputs, habits = _timed(
		"measuring all customers", lambda: measure_company(lines, today, settings, lateness)
	)
	_timed("assessing all customers", lambda: sum(bool(assess(one, Scorecard())) for one in inputs.values()))
	model = _timed(
		"choosing similar payments and the regression",
		lambda: learn_dates(lines, today, settings.histogram()),
	)
	_timed("cash of 13 weeks", lambda: expected_cash(lateness, lines, today))
	_say("peak memory of the night, beyond the process itself", f"{_peak() - before:.0f} MB")
	largest = max(inputs, key=lambda customer: inputs[customer].settled)
	own = [line for line in lines if line.customer == largest]

	def one() -> None:
		few = learn_few(own, today, lateness.usual, settings.histogram(), lateness.weekly_hazard)
		assess(measure_few(own, today, habits, settings, few)[largest], Scorecard())
		dates = ExpectedDates(own, few, model, settings.histogram(), today)
		for line in own:
			if line.settled_on is None:
				dates.of(line)

	_timed(f"the largest customer alone, {len(own):,} invoices, with its expected dates", one)


def invented_lines(invoices: int, customers: int, seed: int) -> Iterator[TradeLine]:
	"""Yield invoices of customers of heavy-tailed size, each with a habit of its own, one per thousand never paid."""
	rng = random.Random(seed)
	until = FIRST + timedelta(days=DAYS)
	sizes = [rng.paretovariate(1.2) for _ in range(customers)]
	scale, days = invoices / sum(sizes), {}
	for number, size in enumerate(sizes):
		mean, spread, usual = rng.gauss(3, 8), rng.choice((2.0, 3.0, 5.0, 7.0)), rng.gauss(7, 1)
		for _ in range(max(1, round(size * scale))):
			issued = FIRST + timedelta(days=rng.randrange(DAYS))
			due = BUSINESS_DAYS.effective(issued + timedelta(days=rng.choice(TERMS)))
			paid = max(due + timedelta(days=round(rng.gauss(mean, spread))), issued)
			settled_on = None if paid > until or rng.random() < 0.001 else paid
			issued, due = days.setdefault(issued, issued), days.setdefault(due, due)
			if settled_on:
				settled_on = days.setdefault(settled_on, settled_on)
			yield TradeLine(number, "", issued, due, rng.lognormvariate(usual, 0.7), settled_on)


def _timed(what: str, work: Callable[[], Result]) -> Result:
	start = time.process_time()
	result = work()
	_say(what, f"{time.process_time() - start:.2f} s")
	return result


def _peak() -> float:
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE


def _say(what: str, measured: str) -> None:
	click.echo(f"{what:<75}{measured:>12}")


if __name__ == "__main__":
	main()
