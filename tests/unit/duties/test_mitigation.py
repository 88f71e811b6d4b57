"""A mitigation has an end, and applies on its days."""

from datetime import date, timedelta

import pytest

from client_ledger.core.duties.mitigation import MOST_DAYS, Accepted, MitigationFault, fault_of, in_force

TODAY = date(2026, 11, 28)
GOOD = "One person in the office until June"


@pytest.mark.parametrize(
	("since", "until", "reason", "fault"),
	[
		(TODAY, None, GOOD, MitigationFault.NO_END),
		(TODAY, TODAY - timedelta(1), GOOD, MitigationFault.ENDS_BEFORE_IT_BEGINS),
		(TODAY - timedelta(9), TODAY - timedelta(1), GOOD, MitigationFault.OVER_ALREADY),
		(TODAY, TODAY + timedelta(MOST_DAYS + 1), GOOD, MitigationFault.TOO_LONG),
		(TODAY, TODAY + timedelta(MOST_DAYS), " . ", MitigationFault.NO_REASON),
		(TODAY, TODAY, None, MitigationFault.NO_REASON),
		(TODAY, TODAY, GOOD, None),
		(None, TODAY + timedelta(MOST_DAYS), GOOD, None),
	],
)
def test_faults(since, until, reason, fault):
	assert fault_of(since, until, reason, TODAY) is fault


def test_both_days_count_and_the_longest_stands():
	def accepted(name, since, until):
		return Accepted(name, "ann", "rule", TODAY + timedelta(since), TODAY + timedelta(until))

	assert in_force([accepted("M1", -3, 0), accepted("M2", 0, 5)], TODAY)["ann", "rule"].name == "M2"
	assert in_force([accepted("M1", -3, 0)], TODAY)
	assert not in_force([accepted("M1", -3, -1), accepted("M2", 1, 9)], TODAY)
