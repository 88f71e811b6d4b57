"""The past walked through, and the score learnt from it: nothing of the future, a lift where there is something to see, and none invented."""

import math
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.warning_ledgers import LedgerStyle, invent_company
from benchmarks.warning_ledgers_other_style import TemperStyle, invent_tempers
from client_ledger.core.credit.lateness import known
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS
from client_ledger.core.early_warnings.facts import WarningEvents, by_customer
from client_ledger.core.early_warnings.lift import top_tenth, top_tenths
from client_ledger.core.early_warnings.outcomes import judged_on
from client_ledger.core.early_warnings.record import SignalVerdict
from client_ledger.core.early_warnings.replay import WarningReplay
from client_ledger.core.early_warnings.score import WarningScore, walk_forward
from client_ledger.core.early_warnings.score_rows import INPUTS
from client_ledger.core.early_warnings.watch import watch_company
from tests.unit.credit.ledgers import invent
from tests.unit.early_warnings.cases import TODAY, invoice

CODES = [one.code for one in CUSTOMER_SIGNALS]


@pytest.fixture(scope="module")
def tempers():
	events, until = invent_tempers(1, TemperStyle(customers=130))
	return events, until, watch_company(events, until)


def test_signals_and_score_find_what_is_there(tempers):
	_events, _until, found = tempers
	assert found.records["promises_broken"].verdict is SignalVerdict.BEATS
	used, combined, _grade, days_late, oldest = found.early
	assert used.lift >= 3 and combined.auc > max(days_late.auc, oldest.auc)
	assert 0 < used.caught < 1
	assert all(0 < score < 1 for score in found.scores.values())
	names = found.riskiest(5)
	assert [found.scores[name] for name in names] == sorted(found.scores.values(), reverse=True)[: len(names)]
	assert not any(found.facts_now[name].is_bad for name in names)


def test_the_lift_is_as_unsure_as_samples_of_the_customers_say(tempers):
	_events, _until, found = tempers
	rows, scored = found.result.rows, walk_forward(found.result.rows, found.result.looks)
	scored = [row for row in scored if not rows.was_bad[row.place]]
	whole = top_tenth("used", rows, scored, lambda row: row.used)
	top = {row.place for row in _top(rows, scored)}
	by_customer_: dict = {}
	for row in scored:
		by_customer_.setdefault(rows.customers[row.place], []).append(row.place)
	rng, logs = random.Random(1), []
	for _sample in range(300):
		places = [
			place
			for name in rng.choices(list(by_customer_), k=len(by_customer_))
			for place in by_customer_[name]
		]
		first = [place for place in places if place in top]
		bad = [sum(rows.outcomes[place] for place in chosen) / len(chosen) for chosen in (first, places)]
		logs.append(math.log(bad[0] / bad[1]))
	mean = sum(logs) / len(logs)
	spread = math.sqrt(sum((value - mean) ** 2 for value in logs) / len(logs))
	assert whole.spread == pytest.approx(spread, rel=0.25)
	low, high = whole.interval
	assert low < whole.lift < high


def _top(rows, scored):
	found = []
	for look in set(rows.looks):
		of_look = [row for row in scored if rows.looks[row.place] == look]
		if of_look:
			found += sorted(of_look, key=lambda row: (-row.used, row.place))[
				: max(1, round(0.1 * len(of_look)))
			]
	return found


def test_a_record_counts_every_warning_once(tempers):
	_events, _until, found = tempers
	for code in CODES:
		one = found.records[code]
		assert one.raised == sum(row.signal == code for row in found.result.warnings)
		assert one.raised == one.judged + one.already_bad + one.waiting + one.unknown
		assert one.bad <= one.judged and 0 <= one.base_rate <= 1
	caught, turns = found.result.caught(CODES)
	assert 0 < caught <= turns == len(found.result.turns)


def test_lead_times_lie_within_the_horizon(tempers):
	_events, _until, found = tempers
	for one in found.result.warnings:
		if one.outcome and one.outcome.bad_on and not one.was_bad:
			serious = found.result.looks[one.look].serious_days
			assert 1 <= (one.outcome.bad_on - one.start).days <= 90 + serious + 1


def test_what_comes_later_changes_no_warning_and_no_score_of_before():
	events, until = invent_company(5, LedgerStyle(customers=70, distress=0.3))
	middle = until - timedelta(days=7 * 40)
	whole = watch_company(events, until)
	before = watch_company(_cut(events, middle), middle)

	def early(result, day):
		return {(one.signal, one.subject, one.start) for one in result.warnings if one.start <= day}

	# Looks before the first common one are of the shorter history only.
	start = whole.result.looks[0].day
	both = [early(one.result, middle) for one in (whole, before)]
	assert {row for row in both[0] if row[2] > start + timedelta(days=120)} == {
		row for row in both[1] if row[2] > start + timedelta(days=120)
	}
	looks = whole.result.looks
	known_then = {
		place for place, look in enumerate(looks) if judged_on(look.day, look.serious_days) <= middle
	}
	rows = whole.result.rows
	scored = {row.place: row for row in walk_forward(rows, looks)}
	# Turn every outcome of the last looks round: scores of looks before them stay what they were.
	last = max(rows.looks)
	changed = [place for place, look in enumerate(rows.looks) if look > last - 12]
	for place in changed:
		rows.outcomes[place] = {0: 1, 1: 0, 2: 2}[rows.outcomes[place]]
	again = {row.place: row for row in walk_forward(rows, looks)}
	unchanged = [place for place in scored if rows.looks[place] <= last - 12]
	assert known_then and len(unchanged) > 100
	assert all(scored[place] == again[place] for place in unchanged)


def _cut(events: WarningEvents, day) -> WarningEvents:
	"""Return what was known on a day; read statements included, which the signals look at by their dates."""
	names = ("parts", "orders", "credit_notes", "disputes", "broken_promises")
	cut = {name: [one for one in getattr(events, name) if one.day <= day] for name in names}
	sent = [one for one in events.statements if one.sent_on <= day]
	return replace(events, lines=list(known(events.lines, day)), statements=sent, **cut)


@pytest.mark.parametrize("seed", [1, 2])
def test_habits_that_never_change_switch_nothing_on(seed):
	made = invent(seed)
	found = watch_company(WarningEvents(lines=made.lines), made.until)
	assert not [code for code in CODES if found.records[code].is_on]
	assert found.early[0].lift >= 3


def test_a_score_comes_back_from_json(tempers):
	_events, _until, found = tempers
	again = WarningScore.from_plain(found.score.as_plain())
	for facts in list(found.facts_now.values())[:20]:
		assert again.of(facts) == found.score.of(facts)
	assert len(found.score.weights) in (4, len(INPUTS) + 1)
	assert all(weight > 0 for _name, weight in found.score.reasons(facts))


@pytest.mark.parametrize("lines", [[], [invoice(400, 3)], [invoice(30, None)]])
def test_too_little_says_why(lines):
	found = watch_company(WarningEvents(lines=lines), TODAY)
	assert found.score is None and not found.scores and not found.now and found.riskiest() == []
	assert all(row.verdict is SignalVerdict.TOO_FEW for row in found.records.values())
	assert all(one.lift is None for one in found.early)


def test_customers_in_parts_give_the_same(tempers):
	events, until, found = tempers
	replay = WarningReplay(found.result.looks, until)
	for customer, own in reversed(list(by_customer(replace(events, grades=[])))):
		replay.add(customer, own)
	other = replay.result()
	for code in ("days_late_drifting", "rolling", "orders_fallen"):
		assert other.records([code])[code].bad == found.records[code].bad
	assert len(other.rows) == len(found.result.rows)


def test_a_sampled_past_raises_todays_of_everybody(tempers):
	events, until, found = tempers
	sampled = watch_company(events, until, most=4_000)
	assert sampled.tested < sampled.invoices == found.invoices
	assert set(sampled.facts_now) == set(found.facts_now)

	def paying(one):
		return {
			(row.signal, row.subject) for row in one.now if row.signal in ("rolling", "days_late_drifting")
		}

	assert paying(sampled) == paying(found)


def test_rankings_of_everybody_hold_more_rows(tempers):
	_events, _until, found = tempers
	scored = walk_forward(found.result.rows, found.result.looks)
	early, everybody = (
		top_tenths(found.result.rows, scored),
		top_tenths(found.result.rows, scored, early=False),
	)
	assert everybody[0].scored > early[0].scored and everybody[0].bad > early[0].bad
