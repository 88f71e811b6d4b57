"""Until when something has to be done, by a calendar with days off."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from client_ledger.core.procedures.deadlines import StepMeasure, due_at

STEP = Path(__file__).parents[3] / "client_ledger/client_ledger/doctype/procedure_step/procedure_step.json"
FRIDAY = datetime(2026, 11, 27, 16, 0)


def is_weekend(day: date) -> bool:
	return day.weekday() > 4


@pytest.mark.parametrize(
	("deadline", "unit", "due"),
	[
		(24, "Hours", datetime(2026, 11, 30, 16, 0)),
		(8, "Hours", datetime(2026, 11, 28, 0, 0)),
		(7, "Days", datetime(2026, 12, 4, 16, 0)),
		(1, "Working Days", datetime(2026, 11, 30, 23, 59, 59)),
		(0, "Working Days", datetime(2026, 11, 27, 23, 59, 59)),
		(5, "Working Days", datetime(2026, 12, 4, 23, 59, 59)),
	],
)
def test_days_off_do_not_count_but_in_days(deadline: int, unit: str, due: datetime):
	assert due_at(FRIDAY, deadline, unit, is_weekend) == due


def test_a_calendar_without_working_days_ends():
	assert due_at(FRIDAY, 24, "Hours", lambda _day: True) > FRIDAY
	assert due_at(FRIDAY, 3, "Working Days", lambda _day: True) > FRIDAY


def test_a_step_can_be_measured_by_each_of_them():
	fields = {field["fieldname"]: field for field in json.loads(STEP.read_text())["fields"]}
	assert fields["measured_by"]["options"].split("\n") == ["", *(one.value for one in StepMeasure)]
