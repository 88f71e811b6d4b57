"""The backtest: strict in time, its definitions by hand, and true on invented ledgers whose truth is known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_ledger.core.credit.assessment import UNRATED
from client_ledger.core.credit.backtest import backtest, month_ends, validate_cash, validate_dates
from client_ledger.core.credit.grade_validation import (
	BacktestSettings,
	GradeOutcomes,
	GradeSnapshot,
	migration,
	take_snapshots,
	validate_grades,
)
from client_ledger.core.credit.scorecard import Scorecard

from .ledgers import FIRST, invent, line

CARD = Scorecard()
GRADES = CARD.grades
WORLDS = {
	"typical": dict(seed=1, customers=80, days=700),
	"tight": dict(seed=2, customers=80, days=700, between=6.0, centre=0.0, on_the_day=0.6),
	"late": dict(seed=3, customers=80, days=700, between=10.0, centre=12.0, on_the_day=0.1, never=12),
	"long terms": dict(seed=4, customers=80, days=700, terms=60),
}


@pytest.fixture(scope="module", params=WORLDS)
def tested(request):
	world = invent(**WORLDS[request.param])
	return world, backtest(world.lines, until=world.until)


def test_grades_are_monotone_where_habits_last(tested):
	_world, result = tested
	found = result.grades
	# Grades with hardly anyone in them may come out either way.
	rates = [row.bad_rate for row in found.grades if row.assessments >= 30]
	assert rates == sorted(rates)
	assert len(rates) >= 3
	assert found.auc > 0.8
	assert found.gini == pytest.approx(2 * found.auc - 1)
	assert found.ks > 0.4
	assert found.migration.kept > 0.7
	assert found.verdict in (
		("too_few",) if found.bad_customers < 30 else ("holds",) if found.monotone else ("unclear", "fails")
	)


def test_never_payers_are_worst(tested):
	world, _result = tested
	day = world.until
	last = {s.customer: s for s in take_snapshots(world.lines, [day], CARD)}
	seen = 0
	for name, habit in world.habits.items():
		overdue = [li for li in world.lines if li.customer == name and li.age(day) > 5]
		if not habit.pays and overdue:
			seen += 1
			assert last[name].grade == "E"
			assert last[name].score < 40
	assert seen > 1


def test_dates_beat_the_due_date_and_intervals_hold(tested):
	_world, result = tested
	found = result.dates
	assert found.mae < found.mae_due_date
	# Invented habits are normal, for which the mean is the best there is; real ones are not.
	assert found.mae < 1.03 * found.mae_customer_mean
	assert 0.75 < found.coverage < 0.92
	assert found.auc_late > 0.7
	assert found.still_open > 0


def test_cash_beats_the_due_dates(tested):
	_world, result = tested
	assert result.cash.near.wape < result.cash.near.wape_due_date
	assert (result.cash.near.first, result.cash.near.last) == (1, 4)
	assert (result.cash.later.first, result.cash.later.last) == (5, 13)
	assert abs(result.cash.near.bias) < 0.25 and abs(result.cash.later.bias) < 0.25
	assert 0 < result.cash.forecasts <= 65


@given(st.integers(0, 10**6), st.integers(200, 700))
@settings(max_examples=12, deadline=None)
def test_nothing_of_the_future_enters_a_grade(seed, days):
	world = invent(seed, customers=12)
	day = FIRST + timedelta(days=days)
	past = [li for li in world.lines if li.issued <= day]
	past = [li._replace(settled_on=None) if li.settled_on and li.settled_on > day else li for li in past]
	assert list(take_snapshots(world.lines, [day], CARD)) == list(take_snapshots(past, [day], CARD))


@given(st.integers(0, 10**6))
@settings(max_examples=2, deadline=None)
def test_the_order_of_the_lines_does_not_matter(seed):
	world = invent(seed, customers=8, days=400)
	assert rounded(backtest(world.lines)) == rounded(backtest(list(reversed(world.lines))))


def rounded(result):
	"""Sums of floats depend on their order in the last digits."""
	return repr_of(result.grades), repr_of(result.dates), repr_of(result.cash)


def repr_of(found):
	if isinstance(found, float):
		return round(found, 6)
	if hasattr(found, "__dataclass_fields__"):
		return [repr_of(getattr(found, name)) for name in found.__dataclass_fields__]
	return [repr_of(one) for one in found] if isinstance(found, list) else found


def test_where_customers_do_not_differ_nothing_is_claimed():
	"""Where customers do not differ, the grade tells nothing, and the verdict does not say it does."""
	world = invent(9, between=0.01, on_the_day=0.0, centre=6.0, never=0, customers=60)
	result = backtest(world.lines)
	assert result.grades.verdict != "holds" or result.grades.auc < 0.8


def outcome(lines, until=400, serious=10, as_of=100, horizon=90):
	outcomes = GradeOutcomes(lines, FIRST + timedelta(days=until))
	return outcomes.of("Ada", FIRST + timedelta(days=as_of), serious, BacktestSettings(horizon=horizon))


def test_bad_is_a_quarter_of_the_amount_paid_more_than_x_days_late():
	good, bad = line(due=120, late=10, amount=76.0), line(due=130, late=11, amount=24.0)
	assert not outcome([good, bad]).bad
	assert outcome([good, bad._replace(amount=26.0)]).bad
	assert outcome([good._replace(amount=75.0), bad._replace(amount=25.0)]).bad
	assert outcome([good, bad]).seriously_late == [False, True]


def test_the_window_is_what_falls_due_in_it():
	assert outcome([line(due=100, late=50)]) is None
	assert outcome([line(due=101, late=50)]).bad
	assert outcome([line(due=190, late=50)]).bad
	assert outcome([line(due=191, late=50)]) is None
	assert outcome([line(due=120, late=50, disputed=True)]) is None


def test_what_is_still_open_is_bad_once_it_is_late_enough_and_unknown_before():
	assert outcome([line(due=120, late=None)], until=131).bad
	assert outcome([line(due=120, late=None)], until=130) is None
	# A payment after the end of the history is not known of.
	assert outcome([line(due=120, late=40)], until=130) is None
	assert outcome([line(due=120, late=40)], until=131).bad


def stored(customer, as_of, grade, score):
	return GradeSnapshot(customer, FIRST + timedelta(days=as_of), grade, score, 0.1, 10, 0.5)


def test_stored_snapshots_are_held_against_what_came():
	lines = [line("Ada", 120, 0), line("Bob", 120, 50), line("Cas", 120, 50), line("New", 120, 0)]
	snapshots = [
		stored("Ada", 100, "A", 90.0),
		stored("Bob", 100, "E", 20.0),
		stored("Cas", 100, "C", 60.0),
		stored("New", 100, UNRATED, None),
		# Its ninety days are not over.
		stored("Bob", 320, "E", 20.0),
		# Nothing fell due.
		stored("Dan", 100, "A", 95.0),
	]
	found = validate_grades(snapshots, lines, FIRST + timedelta(days=400), GRADES)
	assert (found.assessments, found.bad, found.bad_customers) == (3, 2, 2)
	assert [(row.grade, row.assessments, row.bad) for row in found.grades] == [
		("A", 1, 0), ("B", 0, 0), ("C", 1, 1), ("D", 0, 0), ("E", 1, 1),
	]  # fmt: skip
	assert (found.unrated.assessments, found.unrated.bad) == (1, 0)
	assert found.auc == 1 and found.ks == 1 and found.auc_on_time == 0.5
	assert found.monotone
	assert found.verdict == "too_few"
	enough = BacktestSettings(enough_bad=2)
	assert validate_grades(snapshots, lines, FIRST + timedelta(days=400), GRADES, enough).verdict == "holds"
	swapped = [s._replace(grade="A") if s.customer == "Bob" else s for s in snapshots]
	swapped = [s._replace(grade="E") if s.customer == "Ada" else s for s in swapped]
	found = validate_grades(swapped, lines, FIRST + timedelta(days=400), GRADES, enough)
	# Three customers in the wrong order may be chance.
	assert not found.monotone and found.verdict == "unclear"


def verdict_of(*groups):
	"""Return the verdict on customers as (grade, score, how many, how many of them turn bad)."""
	lines, snapshots = [], []
	for grade, score, count, bad in groups:
		for i in range(count):
			name = f"{grade}{i:03d}"
			lines.append(line(name, 120, 50 if i < bad else 0))
			snapshots.append(stored(name, 100, grade, score))
	return validate_grades(snapshots, lines, FIRST + timedelta(days=400), GRADES).verdict


def test_a_verdict_is_a_failure_only_where_chance_does_not_explain_it():
	assert verdict_of(("A", 90.0, 100, 2), ("C", 60.0, 100, 40)) == "holds"
	# Two in a hundred more than in the worse grade: drawn again, the customers may come out either way.
	assert verdict_of(("A", 90.0, 100, 42), ("C", 60.0, 100, 40)) == "unclear"
	assert verdict_of(("A", 90.0, 100, 60), ("C", 60.0, 100, 20)) == "fails"
	assert verdict_of(("A", 90.0, 100, 10), ("C", 60.0, 100, 19)) == "too_few"


def test_what_is_tested_is_the_final_grade_and_within_it_the_score():
	"""A capped customer with a good score turned bad: the grade has it right, the points alone have not."""
	lines = [line("Ada", 120, 50), line("Bob", 120, 0), line("Cas", 120, 50), line("Dan", 120, 0)]
	snapshots = [
		stored("Ada", 100, "C", 90.0), stored("Bob", 100, "B", 80.0),
		stored("Cas", 100, "C", 58.0), stored("Dan", 100, "A", 88.0),
	]  # fmt: skip
	found = validate_grades(snapshots, lines, FIRST + timedelta(days=400), GRADES)
	assert (found.auc, found.auc_points) == (1, 0.5)


def test_migration():
	moves = {"Ada": "AAB", "Bob": "ACE", "Cas": "D"}
	snapshots = [
		stored(name, 30 * i, grade, 1.0) for name, grades in moves.items() for i, grade in enumerate(grades)
	]
	snapshots.append(stored("Cas", 60, UNRATED, None))
	found = migration(snapshots, GRADES)
	assert found.counts == {("A", "A"): 1, ("A", "B"): 1, ("A", "C"): 1, ("C", "E"): 1}
	assert (found.kept, found.far) == (0.25, 0.5)
	assert migration([], GRADES).kept is None


def test_month_ends():
	assert list(month_ends(date(2024, 1, 31), date(2024, 3, 30))) == [date(2024, 1, 31), date(2024, 2, 29)]
	assert list(month_ends(date(2024, 12, 5), date(2025, 1, 31))) == [date(2024, 12, 31), date(2025, 1, 31)]
	assert list(month_ends(date(2024, 12, 5), date(2024, 12, 30))) == []


def test_dates_by_hand():
	lines = [line(due=i, late=7, number=i, terms=5) for i in range(70)]
	lines.append(line(due=200, late=None, terms=5))
	found = validate_dates(lines, FIRST + timedelta(days=210), 0.3)
	# The latest three tenths were issued when some payments, all seven days late, were known.
	assert (found.mae, found.mae_due_date, found.mae_customer_mean, found.coverage) == (0, 7, 0, 1)
	assert (found.invoices, found.still_open) == (20, 1)
	assert found.wins is False
	assert found.first == lines[50].issued
	none = validate_dates([], FIRST, 0.3)
	assert (none.mae, none.wins, none.first) == (None, None, None)


def test_cash_by_hand():
	lines = [line(due=7 * i, late=0, number=i, terms=30) for i in range(60)]
	end = FIRST + timedelta(days=430)
	found = validate_cash(lines, FIRST + timedelta(days=200), end)
	assert found.near.wape_due_date == 0
	assert found.near.wape == pytest.approx(0, abs=1e-6)
	assert validate_cash(lines, end, end).near.wape is None


def test_a_long_history_is_sampled():
	lines = [line(due=7 * i, late=0, number=i) for i in range(400)]
	found = validate_cash(lines, FIRST, FIRST + timedelta(days=2900))
	assert 26 <= found.forecasts <= 65


def test_a_mistyped_year_does_not_make_centuries():
	world = invent(8, customers=15)
	old = line("Old", 0, 0)._replace(issued=date(202, 1, 1), due=date(202, 2, 1), settled_on=date(202, 3, 1))
	result = backtest([*world.lines, old])
	assert result.grades.first > date(2013, 1, 1)
	assert result.dates.mae is not None
	assert result.cash.forecasts > 0


def test_a_short_history_says_nothing_rather_than_something():
	result = backtest([line(due=40, late=3)])
	assert (result.grades.auc, result.grades.first, result.grades.verdict) == (None, None, "too_few")
	assert result.cash.near.wape is None
	with pytest.raises(ValueError, match="no invoice"):
		backtest([line(due=40, late=3, disputed=True)])


def test_a_wrong_scorecard_is_refused():
	with pytest.raises(ValueError, match="weights sum to 0"):
		backtest([line(due=40, late=3)], replace(CARD, factors=()))
