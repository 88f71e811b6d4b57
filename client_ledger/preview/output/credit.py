"""What the page shows of grades, expected dates and expected cash, as plain values. Sentences are in both languages."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from client_ledger.core.credit import messages
from client_ledger.core.credit.assessment import UNRATED, DeductionPoints, FactorPoints
from client_ledger.core.credit.backtest import Backtest, CashPart
from client_ledger.core.credit.cash import NEAR_WEEKS, ExpectedCash
from client_ledger.core.credit.grade_validation import GradeRow
from client_ledger.core.credit.histogram import DAYS_A_WEEK, Expectation
from client_ledger.core.credit.scorecard import JUDGEMENTS, MEASURES
from client_ledger.preview import i18n
from client_ledger.preview.figures.credit import AccountCredit, CompanyCredit

_LANGUAGES = tuple(partial(i18n.translate, to=language) for language in i18n.LANGUAGES)


def labels() -> list[str]:
	"""Return the messages that the page looks up by the keys and values below."""
	found = [messages.measure_label(measure, str) for measure in (*MEASURES, *JUDGEMENTS)]
	found.append(messages.grade_label(UNRATED, str))
	return [*found, *(messages.confidence_label(confidence, str) for confidence in ("none", "low", "normal"))]


def account_row(credit: AccountCredit) -> dict[str, Any]:
	"""Return what the list of customers shows and sorts by."""
	made = credit.assessment
	return {
		"grade": made.grade,
		"score": _rounded(made.score, 1),
		"confidence": made.confidence,
		"p_late": _rounded(made.p_late, 3),
	}


def account_detail(credit: AccountCredit) -> dict[str, Any]:
	"""Return the assessment with its reasons."""
	made = credit.assessment
	return {
		"basis": _said(partial(messages.confidence, made.confidence, made.settled)),
		"scored_grade": made.scored_grade,
		"settled": made.settled,
		"p_serious": _rounded(made.p_serious, 3),
		"serious_days": credit.inputs.serious_days,
		"unrated": _said(partial(messages.reason, made.unrated)) if made.unrated else None,
		"factors": [_points(row, row.weight) for row in made.factors],
		"deductions": [_points(row, row.maximum) for row in made.deductions if row.points],
		"caps": _rows(_said(partial(messages.caps, made.caps))),
		"lifts": [
			[[one.heading for one in both], _rows([one.sentences for one in both])]
			for both in _rows(_said(partial(messages.lifts, made.lifts)))
		],
	}


def expectation(found: Expectation | None) -> list:
	"""The order of these is the end of ITEM in report.js."""
	if found is None:
		return [None, None, None, None]
	return [
		found.expected.isoformat(),
		found.earliest.isoformat(),
		found.latest.isoformat(),
		_rounded(found.p_late, 3),
	]


def company(credit: CompanyCredit, as_of: date) -> dict[str, Any]:
	"""Return expected cash and the backtest of a company."""
	return {
		"weeks": [
			(as_of + timedelta(days=1 + DAYS_A_WEEK * week)).isoformat()
			for week in range(len(credit.cash.weeks))
		],
		"expected": _cash(credit.cash),
		"by_due_date": _cash(credit.by_due_date),
		"near_weeks": NEAR_WEEKS,
		"later_by_due_date": credit.correction.later.due_date_wins,
		"test": _test(credit.test) if credit.test else None,
		"customers": credit.customers,
		"tested_customers": credit.tested_customers,
	}


def _cash(forecast: ExpectedCash) -> list[float]:
	return [round(amount, 2) for amount in (*forecast.weeks, forecast.later)]


def _test(found: Backtest) -> dict[str, Any]:
	grades, dates, cash = found.grades, found.dates, found.cash
	return {
		"lines": found.lines,
		"until": found.until.isoformat(),
		"verdict": grades.verdict,
		"monotone": grades.monotone,
		"bad_customers": grades.bad_customers,
		"first": grades.first.isoformat() if grades.first else None,
		"last": grades.last.isoformat() if grades.last else None,
		"serious_days": sorted(set(grades.serious_days or ())),
		"grades": [_grade_row(row) for row in (*grades.grades, grades.unrated)],
		"auc": _rounded(grades.auc, 3),
		"auc_on_time": _rounded(grades.auc_on_time, 3),
		"gini": _rounded(grades.gini, 3),
		"ks": _rounded(grades.ks, 3),
		"calibration": _rounded(grades.calibration, 3),
		"kept": _rounded(grades.migration.kept, 3),
		"far": _rounded(grades.migration.far, 3),
		"invoices": dates.invoices,
		"mae": [_rounded(mae, 2) for mae in (dates.mae_due_date, dates.mae_customer_mean, dates.mae)],
		"coverage": _rounded(dates.coverage, 3),
		"forecasts": cash.forecasts,
		"weeks": cash.near.last,
		"wape": _wapes(cash.near),
		"later_weeks": [cash.later.first, cash.later.last],
		"later_wape": _wapes(cash.later),
	}


def _wapes(found: CashPart) -> list[float | None]:
	return [_rounded(wape, 3) for wape in (found.wape_due_date, found.wape)]


def _grade_row(row: GradeRow) -> list:
	return [row.grade, row.assessments, row.bad, _rounded(row.bad_rate, 3)]


def _points(row: FactorPoints | DeductionPoints, of: float) -> list:
	"""The order of these is that of FACTOR in credit.js."""
	label = messages.measure_label(row.measure, str)
	return [label, round(row.points, 1), of, *_said(partial(messages.reason, row.reason))]


def _said(say: Callable[[messages.Translate], Any]) -> list:
	"""Return what *say* says in each of the languages."""
	return [say(translate) for translate in _LANGUAGES]


def _rows(by_language: list) -> list[list]:
	"""Turn a list per language into rows of one entry per language."""
	return [list(row) for row in zip(*by_language, strict=True)]


def _rounded(value: float | None, digits: int) -> float | None:
	return None if value is None else round(value, digits)
