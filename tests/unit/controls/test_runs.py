"""Nights: what is looked at again, what is new, still there or gone, and what the past would have brought."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from benchmarks.controls import GOAL_FALSE, judge, run_all
from benchmarks.controls_company import wholesale
from benchmarks.controls_other_company import retail
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.compare import (
	RULE_CHANGED,
	LookedAt,
	StoredFinding,
	compare_findings,
	looked_at,
)
from client_ledger.core.controls.control import ControlScope
from client_ledger.core.controls.facts import FactKind, TieFact
from client_ledger.core.controls.parameters import fingerprint
from client_ledger.core.controls.run import (
	FactChanges,
	Rerun,
	findings,
	history,
	parameter_effect,
	rerun_findings,
	reruns,
	run_controls,
)
from tests.unit.controls.made import DAY, TODAY, delivery, facts, found, invoice, keys, receipt

D = Decimal
OPEN = CONTROLS["unallocated_receipt"]


@pytest.fixture(scope="module")
def small():
	"""The facts of the first company."""
	return wholesale(7).facts


def test_the_goal_in_both_companies():
	for company in (wholesale(101), retail(102)):
		assert company.documents > 19_000 and len(company.faults) >= 40
		kinds = {fault.control for fault in company.faults}
		# Set prices have no first digits that could be looked at.
		assert kinds | {"first_digits"} == set(CONTROLS)
		rows = run_all(company.facts)
		missed, false = judge(company, rows)
		assert not missed and len(false) <= company.documents * GOAL_FALSE
		every = [one.key for found_rows in rows.values() for one in found_rows]
		assert len(every) == len(set(every))
		again = run_all(company.facts)
		assert [keys(one) for one in again.values()] == [keys(one) for one in rows.values()]


def test_the_order_of_facts_changes_no_key(small):
	r = random.Random(3)
	lists = {kind.field: getattr(small, kind.field) for kind in FactKind}
	mixed = replace(small, **{name: r.sample(rows, len(rows)) for name, rows in lists.items()})
	for code, one in CONTROLS.items():
		assert keys(findings(one, small, one.defaults())) == keys(findings(one, mixed, one.defaults())), code


def test_a_second_night_looks_at_what_changed_only():
	changes = FactChanges({FactKind.RECEIPTS: {"A"}}, day_passed=False)
	again = {one.control.code: one for one in reruns(CONTROLS.values(), changes)}
	assert "late_billing" not in again and "shared_details" not in again and "backup_overdue" not in again
	assert again["unallocated_receipt"].customers == {"A"} and again["lapping"].customers is None
	quiet = {one.control.code for one in reruns(CONTROLS.values(), FactChanges())}
	assert quiet == {one.code for one in CONTROLS.values() if one.ripens}
	assert not reruns(CONTROLS.values(), FactChanges(day_passed=False))
	masters = {
		one.control.code for one in reruns(CONTROLS.values(), FactChanges({FactKind.MASTERS: {"A"}}, False))
	}
	assert {"shared_details", "allocated_elsewhere", "lapping"} == masters


def test_another_address_has_nobody_s_receipts_read_again():
	def looks(**more):
		found = reruns(
			CONTROLS.values(), FactChanges({FactKind.MASTERS: {"*"}, FactKind.RECEIPTS: {"A"}}, False, **more)
		)
		return {one.control.code: one.customers for one in found}

	assert looks()["allocated_elsewhere"] is None
	again = looks(regrouped=False)
	assert again["allocated_elsewhere"] == frozenset({"A"}) and again["shared_details"] is None
	only = reruns(CONTROLS.values(), FactChanges({FactKind.MASTERS: {"B"}}, False, regrouped=False))
	assert {one.control.code for one in only} == {"shared_details", "lapping"}


def test_looking_again_finds_what_looking_at_all_finds(small):
	names = sorted({one.customer for one in small.invoices})
	some = set(random.Random(1).sample(names, 15))
	changes = FactChanges({kind: some for kind in FactKind if kind is not FactKind.MASTERS}, False)
	for rerun in reruns(CONTROLS.values(), changes):
		control = rerun.control
		if control.scope is ControlScope.CUSTOMER:
			whole = [one.key for one in findings(control, small, control.defaults()) if one.customer in some]
			assert [one.key for one in rerun_findings(rerun, small, control.defaults())] == whole, (
				control.code
			)


def stored(one, **more):
	more.setdefault("parameters", fingerprint(OPEN.defaults()))
	return StoredFinding(one.key, one.on, one.customer, **more)


def looked(values=None, **more):
	return LookedAt(OPEN, fingerprint(values or OPEN.defaults()), TODAY, **more)


def test_new_still_there_again_and_gone():
	rows = found(OPEN.code, facts(receipts=[receipt(f"R{n}", 10, 50 + n) for n in range(3)]))
	kept = [stored(rows[0]), stored(rows[1], is_open=False)]
	gone = StoredFinding("unallocated_receipt:OLD", date(2020, 1, 1), "B", fingerprint(OPEN.defaults()))
	seen = compare_findings([*kept, gone], rows, looked())
	assert keys(seen.new) == [rows[2].key]
	assert [pair[0] for pair in seen.still] == [kept[0]] and [pair[0] for pair in seen.again] == [kept[1]]
	assert [(one.stored, one.reason.message) for one in seen.gone] == [(gone, OPEN.mended)]


def test_what_was_not_looked_at_is_not_gone():
	one = StoredFinding("unallocated_receipt:R", TODAY, "B", "x")
	assert not compare_findings([one], [], looked(customers={"A"})).gone
	assert compare_findings([one], [], looked(customers={"B"})).gone
	event = CONTROLS["backdated"]
	old = StoredFinding("backdated:I", TODAY - 400 * DAY, "B", "x")
	assert not compare_findings([old], [], LookedAt(event, "x", TODAY)).gone
	closed = StoredFinding("backdated:J", TODAY, "B", "x", is_open=False)
	assert not compare_findings([closed], [], LookedAt(event, "x", TODAY)).gone


def test_gone_because_the_rule_was_changed():
	(row,) = found(OPEN.code, facts(receipts=[receipt("R", 10, 50)]))
	(one,) = compare_findings([stored(row)], [], looked({**OPEN.defaults(), "days": D(90)})).gone
	assert one.reason.message == RULE_CHANGED


def test_found_again_is_not_found_twice():
	given = facts(receipts=[receipt("R", 10, 50)])
	rows = found(OPEN.code, given)
	later = facts(receipts=[receipt("R", 10, 50)], now=given.now + timedelta(days=9))
	seen = compare_findings([stored(one) for one in rows], found(OPEN.code, later), looked())
	assert not seen.new and len(seen.still) == 1 and seen.still[0][1].reason != rows[0].reason


def test_the_past_is_told_as_it_was():
	bill = invoice("I", 10, 200)
	paid_late = receipt("R", 10, 150, allocations=(receipt("x", 10, 60, bill).allocations))
	told = history(OPEN, facts(invoices=[bill], receipts=[paid_late]), OPEN.defaults())
	assert told.total == 1 and len(told.months) == 12 and told.before == 0
	(month,) = [month for month in told.months if month.keys]
	assert month.month == date(2026, 2, 1), (
		"30 days after the 18th of January, before it was allocated in April"
	)
	assert not found(OPEN.code, facts(invoices=[bill], receipts=[paid_late]))


def test_the_past_of_events_and_of_what_has_none():
	events = CONTROLS["cancelled_late"]
	gone = invoice("I", date=date(2026, 1, 5), cancelled_on=datetime(2026, 4, 2, 9))
	told = history(events, facts(invoices=[gone]), events.defaults(), months=6)
	assert [month.month for month in told.months if month.keys] == [date(2026, 4, 1)]
	ties = CONTROLS["ledger_untied"]
	assert history(ties, facts(ties=[TieFact("A", "1400", D(5))]), ties.defaults()).months == ()


def test_what_was_there_before_is_not_news():
	told = history(OPEN, facts(receipts=[receipt("R", 10, 900)]), OPEN.defaults(), months=3)
	assert told.total == 0 and told.before == 1


def test_runs_say_where_they_are_silent():
	(digits, open_ones) = run_controls(
		[(CONTROLS["first_digits"], CONTROLS["first_digits"].defaults()), (OPEN, OPEN.defaults())], facts(), 2
	)
	assert "few" in digits.silent and not open_ones.silent and len(open_ones.history.months) == 2


@pytest.mark.parametrize("code", sorted(CONTROLS))
def test_one_customer_and_one_document(code):
	one = invoice("I-1", "0", 10)
	given = facts(invoices=[one], receipts=[receipt("R", "0", 5, one)], deliveries=[delivery("D", 0)])
	found(code, given)
	history(CONTROLS[code], given, CONTROLS[code].defaults(), 2)


def test_where_a_rerun_looks():
	some = frozenset({"A"})
	assert looked_at(Rerun(OPEN, some), "x", TODAY).customers == some
	assert looked_at(Rerun(OPEN, some, open_too=True), "x", TODAY).customers is None
	assert looked_at(Rerun(OPEN, None), "x", TODAY).customers is None


def test_who_sets_parameters_sees_what_they_leave():
	given = facts(receipts=[receipt(f"R{n}", 10, 50 + n) for n in range(5)])
	assert parameter_effect(OPEN, given, {**OPEN.defaults(), "days": D(52)}) == (5, 2)
	assert parameter_effect(OPEN, given, {**OPEN.defaults(), "days": D(180)}) == (5, 0)
