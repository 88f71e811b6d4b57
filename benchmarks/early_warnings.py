"""How well early warnings warn, and what they cost: on invented ledgers of two styles, and on a table of paid invoices if one is named.

python -m benchmarks.early_warnings [--seeds 3] [--file invoices.csv] [--speed]

Needs no bench. Every look sees what was known on its day; the score is fitted to what had been decided by then. The goal of docs/early-warnings.md:
the tenth of the customers at highest risk turns bad at least three times as often as all (lift), of those that are not bad already. --halves: signals
that beat the base rate in the first half of the record, measured on the second.
"""

import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click

from benchmarks.forecast import KINDS
from benchmarks.warning_ledgers import STYLES, LedgerStyle, invent_company
from benchmarks.warning_ledgers_other_style import TEMPERS, invent_tempers
from client_ledger.core.credit.lateness import known
from client_ledger.core.credit.payment_replay import last_day
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS
from client_ledger.core.early_warnings.company import CompanyTotals, company_warnings
from client_ledger.core.early_warnings.defaults import find_defaults
from client_ledger.core.early_warnings.facts import WarningEvents, by_customer
from client_ledger.core.early_warnings.grades import given_grades
from client_ledger.core.early_warnings.lift import TopTenth
from client_ledger.core.early_warnings.replay import WarningReplay, company_days, look_days
from client_ledger.core.early_warnings.score import learn_score, walk_forward
from client_ledger.core.early_warnings.signals import raised
from client_ledger.core.early_warnings.walk import CustomerWalk
from client_ledger.core.early_warnings.watch import WatchedCompany, watch_company
from client_ledger.preview.importing.trade_lines import read_trade_lines
from tests.unit.credit.ledgers import invent

GOAL = 3.0
KILOBYTES_PER_MEGABYTE = 1024
CODES = [one.code for one in CUSTOMER_SIGNALS]


@click.command(help=__doc__)
@click.option("--seeds", default=3, show_default=True)
@click.option("--file", type=click.Path(exists=True, path_type=Path))
@click.option("--only", default="", help="Part of the names of the ledgers to measure.")
@click.option("--signals/--no-signals", default=True)
@click.option("--speed/--no-speed", default=True)
@click.option("--invoices", default=300_000, show_default=True)
def main(seeds: int, file: Path | None, only: str, signals: bool, speed: bool, invoices: int) -> None:
	"""Measure and print."""
	if file:
		lines = [line._replace(disputed=False) for line in read_trade_lines(file)]
		_print(file.name, watch_company(WarningEvents(lines=lines), last_day(lines)), signals)
	for name, events, until in ledgers(seeds):
		if only in name:
			_print(name, watch_company(events, until), signals)
	if speed:
		_speed(invoices)


def ledgers(seeds: int) -> Iterator[tuple[str, WarningEvents, date]]:
	"""Yield the invented ledgers: of changing customers in two styles, and of those of the forecast, whose habits never change."""
	for seed in range(1, seeds + 1):
		for kind, style in STYLES.items():
			yield f"{kind}, seed {seed}", *invent_company(seed, style)
		for kind, temper in TEMPERS.items():
			yield f"{kind}, seed {seed}", *invent_tempers(seed, temper)
		for kind, settings in KINDS.items():
			made = invent(seed, **settings)
			yield f"habit only: {kind}, seed {seed}", WarningEvents(lines=made.lines), made.until


def _print(name: str, found: WatchedCompany, signals: bool) -> None:
	base = found.result.base
	judged, bad = sum(one.customers for one in base), sum(one.bad for one in base)
	click.echo(f"{name}: {found.invoices:,} invoices, {len(base)} looks, {bad / max(judged, 1):.1%} turn bad")
	if found.early and found.early[0].lift is not None:
		met = "met" if found.early[0].lift >= GOAL else "MISSED"
		click.echo(f"  not bad already (goal {met}): {'; '.join(map(_ranking, found.early))}")
		click.echo(f"  everybody: {'; '.join(map(_ranking, found.everybody))}")
	if signals:
		_print_signals(found)
	on = [code for code in CODES if found.records[code].is_on]
	caught, turns = found.result.caught(on)
	click.echo(
		f"  warned of by a signal that is on: {caught} of {turns} turns; on: {', '.join(on) or 'none'}"
	)
	_print_halves(found)


def _ranking(one: TopTenth) -> str:
	between = "" if one.interval is None else f" ({one.interval[0]:.2f} to {one.interval[1]:.2f})"
	return f"{one.ranking} lift {one.lift:.2f}{between}, AUC {one.auc:.3f}, finds {one.caught:.0%}"


def _print_signals(found: WatchedCompany) -> None:
	for code in CODES:
		one = found.records[code]
		if not one.raised:
			continue
		lift = "-" if one.lift is None else f"{one.lift:.2f}"
		click.echo(
			f"    {code}: raised {one.raised}, judged {one.judged}, bad {one.bad}, base {one.base_rate:.1%}, lift {lift},"
			f" lead {one.lead_days}, chance {one.chance:.2g}: {one.verdict.value} (bad already {one.already_bad})"
		)


def _print_halves(found: WatchedCompany) -> None:
	"""Print how signals that were on by the first half of the record did in the second: nothing was learnt from it."""
	looks = found.result.looks
	if not looks:
		return
	middle = looks[len(looks) // 2].day
	# What was judged by the middle: warnings whose ninety days were over.
	first = found.result.records(CODES, until=middle - timedelta(days=90 + looks[0].serious_days + 1))
	second = found.result.records(CODES, since=middle + timedelta(days=1))
	on = [code for code in CODES if first[code].is_on]
	judged = sum(second[code].judged for code in on)
	bad = sum(second[code].bad for code in on)
	expected = sum(second[code].base_rate * second[code].judged for code in on)
	if judged:
		click.echo(
			f"  on by the first half: {', '.join(on)}; in the second half {bad} of {judged} turned bad, by the base rate"
			f" {expected:.0f}: lift {bad / expected:.2f}"
		)


def _speed(invoices: int) -> None:
	"""Time a night and the replay of two years of a large ledger, customers added one by one."""
	style = LedgerStyle(customers=invoices // 30, days=1095, sizes=2.6)
	events, until = invent_company(1, style)
	lines = list(known(events.lines, until))
	held = _peak()
	click.echo(
		f"{len(lines):,} invoices of {style.customers:,} customers; memory with the ledger {held:.0f} MB"
	)
	looks = company_days(lines, look_days(min(line.issued for line in lines), until))
	started = time.process_time()
	grades = list(given_grades(lines, [until - timedelta(days=91), until]))
	click.echo(f"grades of two days (a site has them stored): {time.process_time() - started:.1f} s")
	events = replace(events, lines=lines, grades=grades)
	in_default = find_defaults(lines)
	_night(events, looks[-1:], in_default)
	started = time.process_time()
	replay = WarningReplay(looks, until, in_default=in_default)
	totals = CompanyTotals(until, looks[-1].serious_days)
	for customer, own in by_customer(events):
		walk = CustomerWalk(customer, own)
		replay.add(customer, own, walk)
		totals.add(walk)
	result = replay.result()
	company_warnings(totals)
	click.echo(f"replay of {len(looks)} weeks: {time.process_time() - started:.1f} s")
	started = time.process_time()
	scored = walk_forward(result.rows, looks)
	learn_score(result.rows, looks, scored)
	result.records(CODES)
	click.echo(f"score and records of {len(result.rows):,} rows: {time.process_time() - started:.1f} s")
	click.echo(f"peak memory beyond the ledger {_peak() - held:.0f} MB")


def _night(events: WarningEvents, looks, in_default) -> None:
	started, count = time.process_time(), 0
	for customer, own in by_customer(events):
		count += len(raised(CustomerWalk(customer, own).at(looks[0], in_default), CUSTOMER_SIGNALS))
	click.echo(f"a night, all customers: {time.process_time() - started:.1f} s, {count:,} signals raised")


def _peak() -> float:
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE


if __name__ == "__main__":
	main()
