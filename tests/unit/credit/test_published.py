"""The figures of docs/grading.md, on a published ledger that is not part of the project.

CLIENT_LEDGER_AR_CSV names the file: 2,466 invoices known as WA_Fn-UseC_-Accounts-Receivable.
"""

import os
from pathlib import Path

import pytest

from client_ledger.core.credit.backtest import backtest
from client_ledger.preview.importing.trade_lines import read_trade_lines

AR_CSV = os.environ.get("CLIENT_LEDGER_AR_CSV")
pytestmark = pytest.mark.skipif(not AR_CSV, reason="CLIENT_LEDGER_AR_CSV names no file with the ledger")


@pytest.fixture(scope="module")
def result():
	lines = read_trade_lines(Path(AR_CSV))
	assert len(lines) == 2466
	# Disputes are flagged without a date: nobody knew of them when the invoice was issued.
	return backtest([line._replace(disputed=False) for line in lines])


def test_grades_separate_and_are_monotone(result):
	assert result.grades.auc >= 0.922
	assert result.grades.auc > result.grades.auc_on_time
	assert result.grades.monotone
	assert result.grades.serious_days == (13, 13)
	assert 0.88 <= result.grades.migration.kept <= 0.94
	assert result.grades.migration.far == 0


def test_bad_rates(result):
	rates = [row.bad_rate for row in result.grades.grades]
	assert rates == pytest.approx([0.005, 0.034, 0.092, 0.303, 0.667], abs=0.001)


def test_dates(result):
	assert result.dates.mae <= 6.05
	assert result.dates.mae <= result.dates.mae_alike
	assert result.dates.wins
	assert result.dates.auc_late == pytest.approx(0.870, abs=0.006)
	assert result.dates.auc_late_5 >= 0.871
	assert result.dates.coverage == pytest.approx(0.82, abs=0.01)


def test_cash(result):
	assert result.cash.near.wape <= 0.182
	assert result.cash.near.wape_due_date == pytest.approx(0.366, abs=0.01)
	assert abs(result.cash.near.bias) < 0.01 and abs(result.cash.later.bias) < 0.05
