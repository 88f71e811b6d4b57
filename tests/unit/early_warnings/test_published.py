"""The figures of docs/early-warnings.md, on a published ledger that is not part of the project.

CLIENT_LEDGER_AR_CSV names the file: 2,466 invoices known as WA_Fn-UseC_-Accounts-Receivable.
"""

import os
from pathlib import Path

import pytest

from client_ledger.core.credit.payment_replay import last_day
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS
from client_ledger.core.early_warnings.facts import WarningEvents
from client_ledger.core.early_warnings.watch import watch_company
from client_ledger.preview.importing.trade_lines import read_trade_lines

AR_CSV = os.environ.get("CLIENT_LEDGER_AR_CSV")
pytestmark = pytest.mark.skipif(not AR_CSV, reason="CLIENT_LEDGER_AR_CSV names no file with the ledger")


@pytest.fixture(scope="module")
def found():
	lines = [line._replace(disputed=False) for line in read_trade_lines(Path(AR_CSV))]
	return watch_company(WarningEvents(lines=lines), last_day(lines))


def test_the_tenth_at_highest_risk_turns_bad_three_times_as_often(found):
	used, combined, grade, days_late, oldest = found.early
	assert used.lift == pytest.approx(5.16, abs=0.05) and used.caught == pytest.approx(0.51, abs=0.01)
	assert used.lift > days_late.lift > oldest.lift
	# All evidence together lost to the grade alone here, so the grade alone is used.
	assert combined.lift < grade.lift == used.lift and not found.score.is_combined


def test_no_signal_beats_the_base_rate(found):
	assert not [one.code for one in CUSTOMER_SIGNALS if found.records[one.code].is_on]
	assert found.records["grade_fallen"].lift == pytest.approx(2.06, abs=0.05)
	assert found.result.caught([])[1] == 78
