"""The histogram of days late: its limits, its probabilities, and what it makes of an invoice's age."""

import itertools
import json
import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_ledger.core.credit.cash import due_date_cash, expected_cash
from client_ledger.core.credit.histogram import (
	FIRST_DAY,
	LAST_DAY,
	HistogramSettings,
	History,
	expect,
	learn,
	learn_few,
)

from .ledgers import FIRST, invent, line

days_late = st.lists(st.integers(-40, 120), min_size=1, max_size=25)
# Payments that do not age, so that shares can be counted by hand.
AGELESS = HistogramSettings(half_life=1e9)
AS_OF = FIRST + timedelta(days=500)


def paid(customer, days, due=0):
	return [line(customer, due, late, number=i) for i, late in enumerate(days)]


def share_later(days, than):
	return sum(day > than for day in days) / len(days)


@given(days_late, days_late, st.integers(-40, 120))
def test_shrinkage_lies_between_the_customer_and_the_company(own, others, day):
	lateness = learn(paid("Ada", own) + paid("Bob", others), AS_OF, AGELESS)
	company = lateness.company.later_than(day)
	found = lateness.of("Ada").later_than(day)
	raw = share_later(own, day)
	assert min(raw, company) - 1e-6 <= found <= max(raw, company) + 1e-6


@given(days_late, days_late)
def test_shrinkage_limits(own, others):
	lines = paid("Ada", own) + paid("Bob", others)
	trusting = learn(lines, AS_OF, HistogramSettings(half_life=1e9, prior_strength=1e-9)).of("Ada")
	doubting = learn(lines, AS_OF, HistogramSettings(half_life=1e9, prior_strength=1e9))
	for day in (-10, 0, 5, 30):
		assert trusting.later_than(day) == pytest.approx(share_later(own, day), abs=1e-6)
		assert doubting.of("Ada").later_than(day) == pytest.approx(doubting.company.later_than(day), abs=1e-6)


def test_equal_weights_give_the_formula_exactly():
	lateness = learn(paid("Ada", [10] * 9) + paid("Bob", [0] * 9), AS_OF, AGELESS)
	# Nine payments of its own, three pseudo-payments of which half are late.
	assert lateness.of("Ada").p_late == pytest.approx((9 + 1.5) / 12)
	assert lateness.of("Bob").p_late == pytest.approx(1.5 / 12)
	assert lateness.of("Ada").effective == pytest.approx(9)


def test_a_payment_one_half_life_ago_weighs_half():
	lines = [line("Ada", 0, 0), line("Ada", 180, 0), line("Bob", 0, 0)]
	effective = learn(lines, AS_OF, HistogramSettings(half_life=180)).of("Ada").effective
	assert effective == pytest.approx(1.5**2 / 1.25)


def test_weights_do_not_depend_on_when_they_are_looked_at():
	lines = paid("Ada", [3, 9, 20]) + paid("Ada", [0], due=200) + paid("Bob", [1, 2], due=90)
	early, later = learn(lines, AS_OF).of("Ada"), learn(lines, AS_OF + timedelta(days=400)).of("Ada")
	for day in range(-5, 30):
		assert early.later_than(day) == pytest.approx(later.later_than(day))


@given(days_late, st.one_of(st.none(), st.integers(-60, 900)), st.lists(st.integers(1, 700), max_size=3))
def test_probabilities_are_probabilities(own, age, open_ages):
	history = History(AS_OF)
	for i, day in enumerate(own):
		history.record("Ada", FIRST + timedelta(days=i), day)
	found = history.at(FIRST + timedelta(days=60), {"Ada": open_ages, "Bob": [-3]}).of("Ada")
	shares = [found.later_than(day) for day in range(FIRST_DAY - 5, LAST_DAY + 50)]
	assert shares[0] == pytest.approx(1)
	assert all(a >= b - 1e-12 for a, b in itertools.pairwise(shares))
	quantiles = [found.quantile(q, age) for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
	assert quantiles == sorted(quantiles)
	if age is not None:
		assert quantiles[0] > age
		weekly = found.weekly(age, 13)
		assert all(-1e-12 <= week <= 1 + 1e-12 for week in weekly)
		assert sum(weekly) <= 1 + 1e-9


@given(days_late, st.lists(st.integers(-20, 400), max_size=4), days_late)
def test_p_late_without_the_histogram_is_that_of_the_histogram(own, open_ages, others):
	history = History(AS_OF)
	for customer, days in (("Ada", own), ("Bob", others)):
		for i, day in enumerate(days):
			history.record(customer, FIRST + timedelta(days=30 * i), day)
	lateness = history.at(AS_OF, {"Ada": open_ages})
	for customer in ("Ada", "Bob", "nobody"):
		assert lateness.p_late(customer) == pytest.approx(lateness.of(customer).p_late)


def test_quantiles_are_those_of_the_payments():
	own = list(range(100))
	found = learn(paid("Ada", own), AS_OF, AGELESS).of("Ada")
	assert [found.quantile(q) for q in (0.095, 0.495, 0.895)] == [9, 49, 89]
	# Given that it is 49 days late already, half of the fifty left come by day 74.
	assert found.quantile(0.495, 49) == 74


def test_customers_without_history_are_the_company_and_say_so():
	lateness = learn(paid("Ada", [0, 5, 10, 20]), AS_OF)
	stranger = lateness.of("nobody")
	assert stranger.confidence == "none"
	assert lateness.of("Ada").confidence == "low"
	assert learn(paid("Ada", [0] * 5), AS_OF).of("Ada").confidence == "normal"
	for day in range(-5, 30):
		assert stranger.later_than(day) == pytest.approx(lateness.company.later_than(day))


def test_no_payment_at_all_expects_the_due_date():
	lateness = learn([line("Ada", 480, None)], AS_OF)
	assert lateness.of("Ada").quantile(0.5, -3) == 0
	assert learn([], AS_OF).of("Ada").quantile(0.5) == 0


def test_a_tail_of_which_nothing_is_known_is_paid_at_a_tenth_a_week():
	found = learn(paid("Ada", [0, 1, 2, 3] * 10), AS_OF)
	assert found.weekly_hazard == 0.1
	assert found.of("Ada").weekly(200, 2) == pytest.approx([0.1, 0.09])
	assert found.of("Ada").weekly(3000, 4) == pytest.approx([0.1, 0.09, 0.081, 0.0729])
	# The median of a tenth a week is 6.58 weeks.
	assert found.of("Ada").quantile(0.5, 300) == 300 + 47


def test_a_tail_is_paid_the_slower_the_more_old_items_stand_open():
	lines = paid("Ada", [0, 1, 2, 3] * 10)
	as_of = FIRST + timedelta(days=400)
	# Open for 297 days beyond the third day, after which nothing was ever paid: one payment in 10 + 297 / 7 weeks.
	one = learn([*lines, line("Ada", 100, None)], as_of)
	assert one.weekly_hazard == pytest.approx(1 / (10 + 297 / 7))
	assert one.of("Ada").weekly(300, 1) == pytest.approx([one.weekly_hazard])
	many = learn([*lines, *(line("Ada", 100, None, number=i) for i in range(99))], as_of)
	assert many.weekly_hazard == 0.005
	late = [*paid("Ada", [0, 1, 2, 3] * 30), line("Bob", 10, 17), line("Bob", 20, 24, number=1)]
	# Two of them were paid after all, two and three weeks after the third day.
	assert learn(late, as_of).weekly_hazard == pytest.approx(3 / (10 + 2 + 3))


@given(st.integers(1, 200), st.integers(1, 6))
@settings(max_examples=50)
def test_what_is_not_paid_makes_everything_later(age, items):
	lines = paid("Ada", [0, 2, 5, 9, 30]) + paid("Bob", [1, 1, 4, 60, 90])
	as_of = FIRST + timedelta(days=400)
	unpaid = [line("Ada", 400 - age, None, number=100 + i) for i in range(items)]
	before, after = learn(lines, as_of).of("Ada"), learn(lines + unpaid, as_of).of("Ada")
	assert after.p_late > before.p_late
	assert after.later_than(age) > before.later_than(age)
	assert after.quantile(0.5) >= before.quantile(0.5)


def test_disputes_and_residues_teach_nothing():
	lines = paid("Ada", [0, 2, 5])
	more = [line("Ada", 10, 90, disputed=True), line("Ada", 10, None, outstanding=0.5, number=9)]
	assert learn(lines + more, AS_OF).of("Ada").p_late == pytest.approx(learn(lines, AS_OF).of("Ada").p_late)


def test_nothing_of_the_future_is_learnt():
	lines = paid("Ada", [0, 2, 5])
	as_of = FIRST + timedelta(days=20)
	later = [line("Ada", 0, 60, number=50), line("Bob", 100, 5)]
	assert learn(lines + later, as_of).company.payments == 3
	# The invoice paid later is known as open, twenty days late.
	assert learn(lines + later, as_of).of("Ada").later_than(19) > learn(lines, as_of).of("Ada").later_than(19)


def test_mistyped_years_do_no_harm():
	lines = [*paid("Ada", [3] * 30), line("Ada", 0, 0)._replace(due=FIRST, settled_on=date(202, 1, 1))]
	lines.append(
		line("Old", 0, 0)._replace(issued=date(201, 1, 1), due=date(201, 1, 1), settled_on=date(202, 1, 1))
	)
	lateness = learn(lines, AS_OF, HistogramSettings(half_life=5))
	assert lateness.of("Ada").quantile(0.5) == 3
	assert lateness.of("Old").quantile(0.5) == 3
	assert lateness.p_late("Old") == pytest.approx(lateness.of("Old").p_late)


def test_expectations():
	lateness = learn(paid("Ada", [10] * 50), AS_OF)
	fresh = expect(lateness.of("Ada"), AS_OF)
	assert (fresh.earliest, fresh.expected, fresh.latest) == (AS_OF + timedelta(days=10),) * 3
	assert fresh.p_late == pytest.approx(1)
	overdue = expect(lateness.of("Ada"), AS_OF - timedelta(days=3), AS_OF)
	assert overdue.expected == AS_OF + timedelta(days=7)
	assert overdue.p_late == 1
	early = learn(paid("Ada", [-20] * 50 + [5] * 50), AS_OF, AGELESS).of("Ada")
	assert early.p_late == pytest.approx(0.5)
	# Ten days before it is due and still open: it is one of the late ones.
	assert expect(early, AS_OF + timedelta(days=10), AS_OF).p_late == pytest.approx(1)


def test_cash_adds_up():
	world = invent(5, customers=40)
	lateness = learn(world.lines, world.until)
	open_lines = [li for li in world.lines if li.settled_on is None and li.issued <= world.until]
	for forecast in (
		expected_cash(lateness, world.lines, world.until),
		due_date_cash(world.lines, world.until),
	):
		assert len(forecast.weeks) == 13
		assert sum(forecast.weeks) + forecast.later == pytest.approx(sum(li.amount for li in open_lines))
		assert min(forecast.weeks) >= 0


def test_cash_counts_what_is_outstanding():
	lines = [*paid("Ada", [0] * 20), line("Ada", 503, None, outstanding=30.0)]
	assert expected_cash(learn(lines, AS_OF), lines, AS_OF, 1).weeks == pytest.approx([30.0])
	assert due_date_cash(lines, AS_OF, 1).weeks == [30.0]


def test_due_date_forecast_puts_overdue_in_the_first_week():
	lines = [line("Ada", 500 + days, None, number=days) for days in (-40, 0, 1, 7, 8, 14, 15)]
	assert due_date_cash(lines, AS_OF, 2) == ([400.0, 200.0], 100.0)


@pytest.mark.parametrize("wrong", [{"half_life": 0}, {"prior_strength": 0}, {"weekly_hazard": 1}])
def test_settings_that_make_no_histogram(wrong):
	with pytest.raises(ValueError):
		HistogramSettings(**wrong)


def test_estimates_converge_to_the_truth():
	"""The more payments, the nearer: median and P(late) of a customer with a known habit."""
	rng = random.Random(11)
	others = paid("Bob", [round(rng.gauss(-5, 4)) for _ in range(400)])
	errors = []
	for n in (4, 40, 400):
		own = [round(rng.gauss(12, 5)) for _ in range(n)]
		found = learn(others + paid("Ada", own), AS_OF).of("Ada")
		errors.append(abs(found.quantile(0.5) - 12) / 12 + abs(found.p_late - 0.99))
	assert errors[2] < errors[0]
	assert errors[2] < 0.1


@pytest.mark.parametrize("seed", [1, 2])
def test_a_customer_learnt_alone_is_as_learnt_with_all_others(seed):
	"""With what is usual in the company kept, a customer's own lines are enough."""
	found = invent(seed, customers=25)
	lateness = learn(found.lines, found.until)
	kept = json.loads(json.dumps(lateness.usual))
	for customer in found.habits:
		own = [line for line in found.lines if line.customer == customer]
		usual = {int(days): share for days, share in kept.items()}
		alone = learn_few(own, found.until, usual, weekly_hazard=lateness.weekly_hazard).of(customer)
		among = lateness.of(customer)
		assert (alone.payments, alone.effective) == (among.payments, among.effective)
		for day in (-30, -1, 0, 5, 30, 90, 364):
			assert alone.later_than(day) == among.later_than(day)
		assert expect(alone, found.until, found.until) == expect(among, found.until, found.until)


@pytest.mark.parametrize("usual", [{}, {0: 0.5}, {LAST_DAY + 1: 1.0}, {0: 1.5, 1: -0.5}])
def test_what_is_no_histogram_is_refused(usual):
	with pytest.raises(ValueError, match="histogram"):
		learn_few([], AS_OF, usual)


def test_a_delay_moves_every_payment():
	lines = [line(due=i, late=5 + i % 4, number=i) for i in range(40)]
	distribution = learn(lines, FIRST + timedelta(days=90)).of("Ada")
	usual, moved = distribution.weekly(0, 4), distribution.weekly(0, 4, 7)
	assert moved == pytest.approx([0.0, *usual[:3]])
	assert distribution.weekly(0, 4, 0) == usual
	# Older than anything known: the tail fades at its hazard, later.
	late = distribution.weekly(2_000, 3, 7)
	assert late == pytest.approx([0.0, *distribution.weekly(2_000, 2)])


def test_pooled_customers_pay_as_one_who_made_all_payments():
	lines = [
		line(customer, due=i, late=late) for i in range(20) for customer, late in (("Ada", 0), ("Bob", 30))
	]
	day = FIRST + timedelta(days=90)
	both = learn(lines, day).pooled(["Ada", "Bob", "Nobody"])
	assert both.payments == 40
	assert both.later_than(10) == pytest.approx(0.5, abs=0.05)
	assert learn(lines, day).pooled(["Nobody"]).payments == 0
