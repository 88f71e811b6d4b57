"""How well cash by week is forecast, and how fast: walk-forward on invented ledgers, and on a table of paid invoices if one is named.

python -m benchmarks.forecast [--seeds 4] [--file invoices.csv --since 2013-01-01] [--speed]

Needs no bench. Every forecast is made from what was known on its day, corrected and spread by what the forecasts before it taught. The goals
are those of docs/forecast.md: weeks 1 to 4 at least 40 % below the error of the due dates, P10 to P90 right in .75 to .85 of the weeks.
"""

import resource
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from client_ledger.core.credit.cash import WEEKS
from client_ledger.core.credit.histogram import learn
from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.forecast.forecast import make_forecast
from client_ledger.core.forecast.items import ItemBuilder
from client_ledger.core.forecast.past import past_record
from client_ledger.core.forecast.record import PartScore
from client_ledger.preview.commands.forecast import record_of
from client_ledger.preview.importing.trade_lines import read_trade_lines
from tests.unit.credit.ledgers import FIRST, invent

GOAL_GAIN, GOAL_LOW, GOAL_HIGH = 0.40, 0.75, 0.85
KILOBYTES_PER_MEGABYTE = 1024
# Kinds of ledgers: how customers' lateness differs, how many are punctual, how many never pay.
KINDS = {
	"mixed": {},
	"punctual": {"between": 2.0, "centre": 0.0, "on_the_day": 0.7, "never": 0},
	"late": {"between": 14.0, "centre": 12.0, "on_the_day": 0.1},
	"small": {"customers": 15, "never": 1},
	"never-payers": {"never": 30},
}


@click.command(help=__doc__)
@click.option("--seeds", default=4, show_default=True)
@click.option("--file", type=click.Path(exists=True, path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--speed/--no-speed", default=True)
def main(seeds: int, file: Path | None, since: datetime | None, speed: bool) -> None:
	"""Measure and print."""
	if file:
		_print(file.name, record_of(read_trade_lines(file), since.date() if since else None))
	for kind, settings in KINDS.items():
		for seed in range(1, seeds + 1):
			made = invent(seed, **settings)
			scores = past_record(made.lines, made.until).scores(made.until, FIRST + timedelta(days=365))
			_print(f"{kind}, seed {seed}", scores)
	if speed:
		_speed()


def _print(name: str, scores: Iterable[PartScore]) -> None:
	for score in scores:
		if score.model.wape is None:
			click.echo(f"{name}: weeks {score.first}-{score.last}: too few forecasts")
			continue
		goal = ""
		if score.first == 1:
			met = score.gain >= GOAL_GAIN, GOAL_LOW <= score.covered <= GOAL_HIGH
			goal = f"  gain {'met' if met[0] else 'MISSED'}, coverage {'met' if met[1] else 'MISSED'}"
		naive = "-" if score.naive.wape is None else f"{score.naive.wape:.3f}"
		click.echo(
			f"{name}: weeks {score.first}-{score.last}, {score.forecasts} forecasts: WAPE {score.model.wape:.3f}"
			f" (due date {score.due_date.wape:.3f}, same week earlier {naive}), bias {score.model.bias:+.1%},"
			f" within P10-P90 {score.covered:.3f} (below {score.below:.3f}, above {score.above:.3f})"
			f"{', lost to ' + ' and '.join(score.lost_to) if score.lost_to else ''}{goal}"
		)


def _speed() -> None:
	"""Time a forecast of a large ledger, and its record."""
	made = invent(1, customers=6_000)
	lines = list(known(made.lines, made.until))
	as_of: date = made.until
	owed = [line for line in lines if line.settled_on is None]
	started = time.process_time()
	lateness = learn(lines, as_of)
	builder = ItemBuilder(lateness, as_of, WEEKS)
	items = [builder.of_line(line) for line in owed]
	found = make_forecast(items, as_of)
	seconds = time.process_time() - started
	assert found.weeks[0].low <= found.weeks[0].high
	click.echo(
		f"{len(lines):,} invoices, {len(owed):,} open: a forecast in {seconds:.1f} s of processor time"
	)
	_time_record(lines, as_of)
	peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE
	click.echo(f"peak memory {peak:.0f} MB")


def _time_record(lines: list[TradeLine], as_of: date) -> None:
	part = lines[: len(lines) // 5]
	started = time.process_time()
	record = past_record(part, as_of)
	seconds = time.process_time() - started
	click.echo(f"the record of {len(record)} past forecasts of {len(part):,} invoices: {seconds:.1f} s")


if __name__ == "__main__":
	main()
