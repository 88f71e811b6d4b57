"""Episodes and records: one warning however long it lasts, and a verdict that luck does not earn."""

import random
from datetime import date, timedelta

from client_ledger.core.early_warnings.episodes import WarningEpisode, compare_episodes, episode_starts
from client_ledger.core.early_warnings.outcomes import WarningOutcome
from client_ledger.core.early_warnings.record import (
	JudgedWarning,
	RaisedCounts,
	SignalVerdict,
	records,
)
from client_ledger.core.early_warnings.signals import (
	ProposedAction,
	RaisedSignal,
	SignalSeverity,
)
from client_ledger.core.reconciliation.matches import Because

DAY = date(2026, 1, 5)


def _raised(signal: str = "rolling", subject: str = "Ada") -> RaisedSignal:
	return RaisedSignal(signal, subject, Because("x"), SignalSeverity.LOW, ProposedAction.CALL)


def test_first_day_makes_an_episode_and_the_next_brings_it_to_the_day():
	first = compare_episodes([], [_raised()], DAY)
	assert [one.start for one, _raised_ in first.new] == [DAY] and not first.still
	stored = [one for one, _raised_ in first.new]
	again = compare_episodes(stored, [_raised()], DAY)
	assert not again.new and [one.last for one, _raised_ in again.still] == [DAY]
	later = compare_episodes(stored, [_raised()], DAY + timedelta(days=20))
	assert [(one.start, one.last) for one, _raised_ in later.still] == [(DAY, DAY + timedelta(days=20))]


def test_silence_ends_an_episode_and_flicker_does_not():
	stored = [WarningEpisode("rolling", "Ada", DAY, DAY)]
	assert compare_episodes(stored, [], DAY + timedelta(days=30)).quiet == tuple(stored)
	assert compare_episodes(stored, [], DAY + timedelta(days=31)).over == tuple(stored)
	both = compare_episodes(stored, [_raised()], DAY + timedelta(days=31))
	assert both.over == tuple(stored) and [one.start for one, _r in both.new] == [DAY + timedelta(days=31)]


def test_who_was_not_looked_at_stays():
	stored = [WarningEpisode("rolling", "Ada", DAY, DAY)]
	found = compare_episodes(stored, [], DAY + timedelta(days=90), looked_at={"Bob"})
	assert not found.over and not found.quiet


def test_starts_of_episodes():
	days = [DAY + timedelta(days=day) for day in (0, 7, 14, 60, 67, 98)]
	assert episode_starts(days) == [days[0], days[3], days[5]]


def _warnings(signal: str, count: int, bad: int, base: float, customers: int = 10**6) -> list[JudgedWarning]:
	return [
		JudgedWarning(
			signal,
			f"C{place % customers}",
			DAY,
			WarningOutcome(place < bad, DAY + timedelta(days=40) if place < bad else None),
			base,
		)
		for place in range(count)
	]


def test_a_record_counts_and_compares():
	found = records(
		{"rolling": _warnings("rolling", 60, 20, 0.1)},
		{"rolling": RaisedCounts(4, 3, 2)},
		["rolling"],
		DAY,
		DAY,
	)
	one = found["rolling"]
	assert (one.raised, one.judged, one.bad, one.already_bad, one.waiting, one.unknown) == (
		69,
		60,
		20,
		4,
		3,
		2,
	)
	assert one.lift and abs(one.lift - 20 / 6) < 1e-9 and one.lead_days == 40
	assert one.verdict is SignalVerdict.BEATS and one.is_on
	assert one.as_plain()["verdict"] == "Beats the Base Rate"


def test_few_warnings_say_nothing_and_the_base_rate_is_no_better():
	few = records({"rolling": _warnings("rolling", 6, 6, 0.1)}, {}, ["rolling"], DAY, DAY)["rolling"]
	assert few.verdict is SignalVerdict.TOO_FEW and not few.is_on
	none = records({}, {}, ["rolling"], DAY, DAY)["rolling"]
	assert none.verdict is SignalVerdict.TOO_FEW and none.lift is None and none.lead_days is None
	even = records({"rolling": _warnings("rolling", 100, 12, 0.1)}, {}, ["rolling"], DAY, DAY)["rolling"]
	assert even.verdict is SignalVerdict.NO_BETTER and not even.is_on


def test_many_warnings_on_two_customers_are_two_cases():
	rows = [
		row._replace(subject="Ada" if row.outcome.is_bad else "Bob")
		for row in _warnings("rolling", 40, 20, 0.1)
	]
	assert records({"rolling": rows}, {}, ["rolling"], DAY, DAY)["rolling"].verdict is SignalVerdict.NO_BETTER


def test_luck_hardly_ever_switches_a_signal_on():
	"""Thirteen signals that say nothing, on customers whose warnings share their fate: how often is any of them on?"""
	rng, lucky, trials = random.Random(7), 0, 200
	codes = [f"s{number}" for number in range(13)]
	for _trial in range(trials):
		judged = {}
		for code in codes:
			rows = []
			for customer in range(40):
				risk = 0.35 if rng.random() < 0.2 else 0.05
				for _warning in range(rng.randint(1, 3)):
					bad = rng.random() < risk
					outcome = WarningOutcome(bad, DAY if bad else None)
					rows.append(JudgedWarning(code, f"C{customer}", DAY, outcome, 0.11))
			judged[code] = rows
		lucky += any(one.is_on for one in records(judged, {}, codes, DAY, DAY).values())
	assert lucky / trials <= 0.08


def test_a_signal_that_doubles_the_rate_is_found():
	rng, found, trials = random.Random(8), 0, 100
	for _trial in range(trials):
		rows = []
		for place in range(120):
			bad = rng.random() < 0.25
			rows.append(JudgedWarning("s", f"C{place}", DAY, WarningOutcome(bad, DAY if bad else None), 0.1))
		found += records({"s": rows}, {}, ["s"], DAY, DAY)["s"].is_on
	assert found / trials >= 0.95
