"""Habits measured by the person's own, first digits where they apply, and the exact probabilities behind both."""

import math
import random
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.controls import chance
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.facts import PersonFact
from client_ledger.core.controls.first_digits import digit_test, first_two, why_silent
from client_ledger.core.controls.habits import is_round
from client_ledger.core.outbox.calendar import WEEKEND, Hours
from tests.unit.controls.made import DAY, TODAY, facts, found, invoice, keys

D = Decimal
SETTINGS = (300, 1.5, 0.2)


@pytest.mark.parametrize(("hits", "trials", "share"), [(3, 10, 0.5), (1, 5, 0.1), (10, 10, 0.9), (0, 4, 0.2)])
def test_binomial_tail_against_the_sum(hits, trials, share):
	exact = sum(
		math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(hits, trials + 1)
	)
	assert chance.binomial_tail(hits, trials, share) == pytest.approx(exact)


def test_edges_of_probabilities():
	assert (
		chance.binomial_tail(1, 10, 0) == 0
		and chance.binomial_tail(3, 2, 0.5) == 0
		and chance.binomial_tail(2, 2, 1) == 1
	)
	assert chance.more_often(3, 0, 1, 10) == 1 and chance.larger_share(1, 0, 1, 10) == 1


def test_fishers_exact_test():
	# Fisher's tea: 4 of 4 right where half are
	assert chance.larger_share(4, 4, 0, 4) == pytest.approx(1 / 70)
	assert chance.larger_share(3, 4, 1, 4) == pytest.approx(17 / 70)


def test_of_many_tests_few_hold():
	assert chance.discoveries([0.001, 0.02, 0.03, 0.8], 0.05) == {0, 1, 2}
	assert chance.discoveries([0.04] + [0.9] * 20, 0.05) == set() and chance.discoveries([], 0.05) == set()


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0.001, 0.2))
def test_discoveries_are_the_smallest(chances, rate):
	held = chance.discoveries(chances, rate)
	rest = [one for place, one in enumerate(chances) if place not in held]
	assert all(chances[place] <= min(rest, default=1) for place in held)


def test_the_deviation_that_chance_brings():
	r = random.Random(1)
	for total in (300, 2000):
		seen = []
		for _ in range(60):
			counts = [0] * 90
			for _n in range(total):
				counts[int(10 ** (1 + r.random())) - 10] += 1
			seen.append((chance.deviation(counts), chance.deviation_score(counts)))
		mean = sum(mad for mad, _score in seen) / 60
		assert mean == pytest.approx(chance.expected_deviation(total), rel=0.03)
		scores = [score for _mad, score in seen]
		spread = math.sqrt(sum(one * one for one in scores) / 60)
		assert 0.7 < spread < 1.35, "scores have a standard deviation of one"
	assert sum(chance.benford(two) for two in chance.FIRST_TWO) == pytest.approx(1)


def test_first_two_digits():
	assert [first_two(D(text)) for text in ("10", "99.99", "1234.5", "-4990", "1E+3", "9.99", "0")] == [
		10,
		99,
		12,
		49,
		10,
		None,
		None,
	]


def grown(count, seed=1, sigma=1.4):
	r = random.Random(seed)
	return [D(f"{r.lognormvariate(6.5, sigma):.2f}") for _ in range(count)]


def test_where_the_law_does_not_apply():
	assert "few" in digit_test(grown(200), *SETTINGS).why_not
	assert "narrow" in digit_test([D(f"{100 + n / 10:.2f}") for n in range(900)], *SETTINGS).why_not
	prices = [D(price) * n for price in ("12.90", "49.90", "199.90") for n in range(1, 200)]
	assert "set prices" in digit_test(prices, *SETTINGS).why_not
	assert "set prices" in digit_test([D(n % 7 * 900 + 10) for n in range(900)], *SETTINGS).why_not
	assert digit_test([], *SETTINGS).why_not


def test_whole_amounts_of_a_currency_without_cents_apply():
	assert not digit_test([D(int(one * 100)) for one in grown(2000)], *SETTINGS).why_not


def by_person(amounts, person):
	return [
		invoice(f"{person}{n}", one, 1 + n % 300, customer=f"C{n % 40}", owner=person)
		for n, one in enumerate(amounts)
	]


def test_who_invents_amounts():
	r = random.Random(5)
	honest = by_person(grown(1500), "ann") + by_person(grown(1500, 2), "ben")
	assert not found("first_digits", facts(invoices=honest))
	invented = by_person(grown(900, 3) + [D(f"{r.uniform(4900, 4999):.2f}") for _ in range(110)], "eve")
	(one,) = found("first_digits", facts(invoices=honest + invented))
	assert one.person == "eve" and one.key == "first_digits:eve" and one.severity.value == "Low"
	assert len(one.documents) == 50 and one.reason.values[4].startswith("49")


def test_a_company_without_known_people_is_tested_as_one():
	amounts = [D(f"{(10 + n * 37 % 90) * 10 ** (n % 3) + n % 10 + n % 97 / 100:.2f}") for n in range(3000)]
	rows = [invoice(f"I{n}", amount, 1 + n % 300, owner="") for n, amount in enumerate(amounts)]
	given = facts(invoices=rows)
	assert keys(found("first_digits", given)) == ["first_digits:*"] and not why_silent(given, _defaults())
	assert "few" in why_silent(facts(), _defaults())


def _defaults():
	return CONTROLS["first_digits"].defaults()


def entered(person="ann", months=10, hour=10, weekend=False):
	"""Two invoices on each working day of the last months."""
	rows = []
	for n in range(months * 30):
		day = TODAY - n * DAY
		if weekend or day.weekday() < 5:
			rows += [
				invoice(
					f"{person}{n}-{k}",
					f"{n * 7 + k}.31",
					date=day,
					owner=person,
					created=datetime.combine(day, time(hour, k)),
				)
				for k in range(2)
			]
	return rows


def at_night(days, person="ann", hour=23):
	return [
		invoice(f"N{person}{day}", "12.31", date=day, owner=person, created=datetime.combine(day, time(hour)))
		for day in days
	]


MARCH = [TODAY.replace(month=3, day=2) + n * DAY for n in (0, 1, 3, 7, 9)]


def test_nights_that_are_no_habit():
	(one,) = found("nights", facts(invoices=entered() + at_night(MARCH)))
	assert one.key == "nights:ann:2026-03" and one.reason.values[1:4] == (5, 5, "2026-03")
	assert not found("nights", facts(invoices=entered() + at_night(MARCH[:2])))
	spread = [TODAY - n * 40 * DAY for n in range(6)]
	assert not found("nights", facts(invoices=entered() + at_night(spread)))


def test_one_busy_night_counts_once():
	one_night = [
		invoice(f"N{n}", "3.1", date=MARCH[0], created=datetime.combine(MARCH[0], time(23, n)))
		for n in range(40)
	]
	assert not found("nights", facts(invoices=entered() + one_night))


def test_who_always_works_at_night_and_who_lives_elsewhere():
	assert not found("nights", facts(invoices=entered(hour=23)))
	chicago = {"ann": PersonFact("ann", zone="America/Chicago")}
	assert not found("nights", facts(invoices=entered(hour=16) + at_night(MARCH), people=chicago))
	shanghai = Hours(ZoneInfo("Asia/Shanghai"), closed=WEEKEND)
	aware = [
		invoice(f"Z{day}", "1.1", date=day, created=datetime.combine(day, time(15), ZoneInfo("UTC")))
		for day in MARCH
	]
	assert keys(found("nights", facts(invoices=entered() + aware, hours=shanghai))) == ["nights:ann:2026-03"]


def test_no_habit_yet_nobody_and_imports():
	assert not found(
		"nights", facts(invoices=entered(months=2) + at_night([TODAY - n * DAY for n in range(5)]))
	)
	assert not found("nights", facts(invoices=entered(person="") + at_night(MARCH, person="")))
	robot = {"ann": PersonFact("ann", is_system=True)}
	assert not found("nights", facts(invoices=entered() + at_night(MARCH), people=robot))
	assert (
		not found("nights", facts())
		and not found("days_off", facts())
		and not found("round_amounts", facts())
	)


def test_days_off_that_are_no_habit():
	sundays = [TODAY.replace(month=3, day=1) + n * 7 * DAY for n in range(5)]
	rows = entered() + at_night(sundays, hour=11)
	assert keys(found("days_off", facts(invoices=rows))) == ["days_off:ann:2026-03"]
	assert not found("days_off", facts(invoices=rows, worked=frozenset(sundays)))
	assert not found("days_off", facts(invoices=entered(weekend=True)))


@pytest.mark.parametrize(("text", "expected"), [("1500", True), ("100", True), ("90", False), ("12300", False), ("1500.10", False), ("-2000", True), ("0", False)])  # fmt: skip
def test_what_is_round(text, expected):
	assert is_round(D(text)) is expected


def test_round_amounts_that_are_no_habit():
	march = [invoice(f"R{n}", 1000 * (n + 1), date=MARCH[n % 5], customer=f"C{n}") for n in range(9)]
	assert keys(found("round_amounts", facts(invoices=entered() + march))) == ["round_amounts:ann:2026-03"]
	one_price = [invoice(f"R{n}", 1000, date=MARCH[n % 5], customer="A") for n in range(30)]
	assert not found("round_amounts", facts(invoices=entered() + one_price))
