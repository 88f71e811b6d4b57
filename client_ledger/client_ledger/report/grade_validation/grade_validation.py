"""Grade Validation: did worse grades turn bad more often? Stored grades of month ends, held against the 90 days after."""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.credit.grade_validation import GradeRow, GradeValidation
from client_ledger.credit.grades.snapshots import validation
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.reporting.charts import RED, bar_chart
from client_ledger.reporting.scope import permitted_customers
from client_ledger.site.access import check_company
from client_ledger.site.arguments import report_filters

VERDICTS = {"too_few": "Orange", "holds": "Green", "unclear": "Orange", "fails": "Red"}


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = frappe._dict(filters or {})
	company = checked.one_company(asked)
	check_company(company)
	if permitted_customers() is not None:
		frappe.throw(
			_(
				"Grades can only be validated across all customers, and you do not have permission to view all of "
				"them."
			),
			frappe.PermissionError,
		)
	found = validation(company, getdate())
	grades = [row.grade for row in found.grades]
	return (
		get_columns(grades),
		get_data(found, grades),
		get_message(found),
		get_chart(found),
		get_summary(found),
	)


def get_columns(grades: list[str]) -> list[dict]:
	"""Return the columns: the grade, how it did, and where customers of it were a month later."""
	return [
		columns.data("grade", _("Credit Grade"), 100),
		columns.number("assessments", _("Assessments"), 120),
		columns.number("bad", _("Turned Bad"), 110),
		{"fieldname": "bad_rate", "label": _("Bad Rate"), "fieldtype": "Percent", "width": 100},
		*(columns.number(f"to_{grade}", _("Next Month: {0}").format(grade), 90) for grade in grades),
	]


def get_data(found: GradeValidation, grades: list[str]) -> list[dict]:
	"""Return a row per grade, from best to worst, and one for customers who were not rated."""
	moves = found.migration.counts
	rows = [
		{**_row(row), **{f"to_{other}": moves.get((row.grade, other), 0) for other in grades}}
		for row in found.grades
	]
	if found.unrated.assessments:
		rows.append(_row(found.unrated))
	return rows if found.assessments or found.unrated.assessments else []


def _row(row: GradeRow) -> dict[str, Any]:
	return {
		"grade": _(row.grade) if row.grade == "Unrated" else row.grade,
		"assessments": row.assessments,
		"bad": row.bad,
		"bad_rate": None if row.bad_rate is None else round(row.bad_rate * 100, 1),
	}


def get_message(found: GradeValidation) -> str:
	"""Say what the figures are of, and what they are worth."""
	if not found.assessments:
		return _(
			"Month-end grades are compared with the following 90 days. No 90-day period has been completed yet."
		)
	first, last = (frappe.format(day, "Date") for day in (found.first, found.last))
	serious = "-".join(str(days) for days in dict.fromkeys(found.serious_days))
	text = _(
		"Month-end grades from {0} to {1}. Bad: at least 25 % of the amount due was paid more than {2} days "
		"late."
	)
	return " ".join([text.format(first, last, serious), _verdict(found)])


def _verdict(found: GradeValidation) -> str:
	if found.verdict == "too_few":
		return _("{0} customers turned bad. At least 30 are needed for a verdict.").format(
			found.bad_customers
		)
	if found.verdict == "holds":
		return _(
			"The grades are predictive: lower grades turned bad more often, and they separate better than the "
			"on-time ratio alone."
		)
	if found.verdict == "unclear":
		return _("The grades are not in order throughout, but the deviations are within chance.")
	return _("The grades are not predictive. Review the scorecard.")


def get_chart(found: GradeValidation) -> dict | None:
	"""Return the bad rate per grade."""
	rows = [row for row in found.grades if row.bad_rate is not None]
	rates = [round(row.bad_rate * 100, 1) for row in rows]
	return bar_chart([row.grade for row in rows], {_("Bad Rate"): rates}, (RED,), fieldtype="Percent")


def get_summary(found: GradeValidation) -> list[dict]:
	"""Return how well scores separated, against the plain on-time ratio, and how far the probabilities were off."""
	if not found.assessments:
		return []
	figures: Mapping[str, float | None] = {
		_("AUC"): found.auc,
		_("AUC of On-Time Ratio"): found.auc_on_time,
		_("Gini"): found.gini,
		_("KS"): found.ks,
		_("Calibration Error"): found.calibration,
		_("Grade Unchanged"): found.migration.kept,
	}
	summary = [
		{"label": label, "value": f"{value:.3f}", "datatype": "Data"}
		for label, value in figures.items()
		if value is not None
	]
	labels = {
		"too_few": _("Insufficient Data"),
		"holds": _("Predictive"),
		"unclear": _("Unclear"),
		"fails": _("Not Predictive"),
	}
	verdict = {"label": _("Verdict"), "value": labels[found.verdict], "datatype": "Data"}
	return [*summary, {**verdict, "indicator": VERDICTS[found.verdict]}]
