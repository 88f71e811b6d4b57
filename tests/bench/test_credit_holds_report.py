"""Report Credit Holds: its summary. Real documents are held in test_holds.py."""

import pytest

from client_ledger.client_ledger.report.credit_holds import credit_holds
from tests.bench import factories as f


def decided(*hours: float) -> list[dict]:
	return [{"status": "Released", "decided_on": "2026-01-05", "hours": h, "amount": 1} for h in hours]


@pytest.mark.parametrize(
	("hours", "median"), [((4, 1, 2), 2), ((1, 2, 4, 100), 3), ((10, 1), 5.5), ((7,), 7)]
)
def test_the_median_of_hours_to_a_decision(hours, median):
	(shown,) = (
		row["value"]
		for row in credit_holds.get_summary(decided(*hours), f.COMPANY)
		if row["label"] == "Median Hours to Decision"
	)
	assert shown == median
