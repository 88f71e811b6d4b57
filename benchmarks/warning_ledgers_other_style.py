"""Invented ledgers in another style, written apart: no distress that announces itself, but payment tempers that change by themselves.

Each customer is in one of three tempers (prompt, slow, stuck), which change from week to week by chance (a Markov chain, with rates of its own).
Days late follow a random walk that is drawn to the temper's. What else is kept depends on what happens: promises are asked for when something is
overdue, disputes come with bad deliveries and delay payment, orders follow the season. Limits are set by sales a year ago.
"""

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.controls.master_data import ADDRESS, PHONE
from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine
from client_ledger.core.early_warnings.facts import (
	DatedAmount,
	GivenLimit,
	SentStatement,
	SharedData,
	WarningEvents,
)

START = date(2022, 7, 4)
_WEEK = 7
# Mean days late of each temper, and how far it goes in a week.
_LEVELS, _PULL, _STEP = (1.0, 9.0, 55.0), 0.25, 2.2
# Chance a week of changing from one temper to the next worse, and back.
_WORSE, _BETTER = (0.006, 0.02), (0.02, 0.03)


@dataclass(frozen=True)
class TemperStyle:
	"""worse, better: what the usual chances of a change are multiplied by. season: swing of orders. open_items: how many it opens with."""

	customers: int = 250
	weeks: int = 170
	worse: float = 1.0
	better: float = 1.0
	season: float = 0.4
	told: bool = True


TEMPERS = {
	"tempers": TemperStyle(),
	"restless": TemperStyle(worse=3.0, better=3.0),
	"crisis": TemperStyle(worse=2.0, better=0.5),
	"tempers, invoices only": TemperStyle(told=False),
}


class _Path:
	"""The temper of a customer week by week, and the days late it pays with."""

	def __init__(self, rng: random.Random, style: TemperStyle):
		own = rng.lognormvariate(0, 0.8)
		temper = rng.choices((0, 1, 2), (70, 27, 3))[0]
		level = _LEVELS[temper] + rng.gauss(0, 2)
		bias = rng.gauss(0, 3)
		self.tempers, self.levels = [], []
		for _week in range(style.weeks + 30):
			if temper < 2 and rng.random() < _WORSE[temper] * style.worse * own:
				temper += 1
			elif temper and rng.random() < _BETTER[temper - 1] * style.better:
				temper -= 1
			level += _PULL * (_LEVELS[temper] + bias - level) + rng.gauss(0, _STEP)
			self.tempers.append(temper)
			self.levels.append(level)


def invent_tempers(seed: int, style: TemperStyle) -> tuple[WarningEvents, date]:
	"""Return what happened in a company up to a day, and that day."""
	rng = random.Random(1000 + seed)
	until = START + timedelta(days=_WEEK * style.weeks)
	kinds: dict[str, list] = {
		name: [] for name in ("lines", "parts", "credit_notes", "disputes", "broken_promises")
	}
	more: dict[str, list] = {name: [] for name in ("orders", "statements", "limits", "shared")}
	names = [f"Firm {number:04d}" for number in range(style.customers)]
	for name in names:
		_live(random.Random(rng.random()), name, style, until, kinds, more)
	for _pair in range(style.customers // 30):
		one, other = rng.sample(names, 2)
		what = rng.choice((ADDRESS, PHONE))
		more["shared"] += [SharedData(one, other, what), SharedData(other, one, what)]
	if not style.told:
		return WarningEvents(lines=kinds["lines"]), until
	return WarningEvents(**kinds, **more), until


def _live(rng: random.Random, name: str, style: TemperStyle, until: date, kinds: dict, more: dict) -> None:
	path, usual = _Path(rng, style), rng.gauss(8, 1.1)
	rate = min(0.15 * rng.paretovariate(1.2), 4.0)
	terms, phase, opens = rng.choice((10, 30, 30, 60)), rng.random(), rng.random()
	sold = 0.0
	for week in range(style.weeks):
		pace = rate * (1 + style.season * math.sin(2 * math.pi * (week / 52 + phase)))
		pace *= (1.0, 0.95, 0.5)[path.tempers[week]]
		for _order in range(_count(rng, pace)):
			amount = round(rng.lognormvariate(usual, 0.5), 2)
			sold += amount
			_sell(rng, name, week, terms, amount, path, until, kinds, more)
		if week % 4 == 0:
			sent = START + timedelta(days=_WEEK * week)
			reads = rng.random() < opens * (1.0, 0.8, 0.35)[path.tempers[week]]
			more["statements"].append(SentStatement(name, sent, sent + timedelta(days=2) if reads else None))
	if sold and rng.random() < 0.8:
		more["limits"].append(GivenLimit(name, START, round(sold / style.weeks * rng.uniform(6, 20), -2)))


def _count(rng: random.Random, mean: float) -> int:
	"""Return a Poisson number."""
	limit, product, found = math.exp(-mean), rng.random(), 0
	while product > limit:
		product *= rng.random()
		found += 1
	return found


def _sell(
	rng: random.Random,
	name: str,
	week: int,
	terms: int,
	amount: float,
	path: _Path,
	until: date,
	kinds: dict,
	more: dict,
) -> None:
	ordered = START + timedelta(days=_WEEK * week + rng.randrange(5))
	issued = ordered + timedelta(days=rng.randrange(1, 6))
	if issued > until:
		return
	more["orders"].append(DatedAmount(name, ordered, amount))
	reference = f"{name}/{len(kinds['lines'])}"
	due = BUSINESS_DAYS.effective(issued + timedelta(days=terms))
	at = min(week + 1 + terms // _WEEK, len(path.levels) - 1)
	late = path.levels[at] + rng.gauss(0, 3)
	if rng.random() < 0.02:
		when = issued + timedelta(days=rng.randrange(3, 25))
		kinds["disputes"].append(DatedAmount(name, when, amount, reference))
		late += rng.uniform(5, 40)
		if rng.random() < 0.5:
			kinds["credit_notes"].append(DatedAmount(name, when + timedelta(days=15), round(amount * 0.2, 2)))
	paid = BUSINESS_DAYS.effective(max(due + timedelta(days=round(late)), issued))
	temper = path.tempers[at]
	if rng.random() < (0.02, 0.06, 0.3)[temper] and (paid - issued).days > 20:
		kinds["parts"].append(
			DatedAmount(name, paid - timedelta(days=rng.randrange(5, 15)), round(amount * 0.5, 2), reference)
		)
	overdue = (paid - due).days
	if overdue > 8:
		promised = due + timedelta(days=8 + rng.randrange(1, 14))
		if paid > promised and rng.random() < 0.5:
			kinds["broken_promises"].append(
				DatedAmount(name, promised + timedelta(days=1), amount, reference)
			)
	kinds["lines"].append(TradeLine(name, reference, issued, due, amount, paid if paid <= until else None))
