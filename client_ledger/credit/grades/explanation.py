"""The grade on the Credit tab: in force, its policy, the assessment behind it in words, and how it moved in a year."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from dateutil.relativedelta import relativedelta
from frappe import _

from client_ledger.core.credit import messages
from client_ledger.core.credit.assessment import DeductionPoints, FactorPoints
from client_ledger.credit.grades.assessment_json import parse
from client_ledger.credit.grades.in_force import Grade
from client_ledger.site.doctypes import CREDIT_ASSESSMENT, CREDIT_GRADE

TREND_MONTHS = 12
POLICY = ("order_action", "limit_months", "prepayment_percent", "payment_terms_template", "follow_up_days")


def grade_row(found: Grade, today: date) -> dict[str, Any]:
	"""Return the grade in force with the policy that follows from it."""
	return {
		"grade": found.grade,
		"label": messages.grade_label(found.grade, _),
		"source": found.source,
		"score": found.score if found.source and found.confidence != "none" else None,
		"confidence": found.confidence or "none",
		"p_late": found.p_late,
		"valid_to": str(found.valid_to) if found.valid_to else None,
		"is_expired": bool(found.valid_to and found.valid_to < today),
		**_policy(found.grade),
	}


def _policy(grade: str) -> dict[str, Any]:
	"""Return what follows from a grade; nothing where the site has no such grade."""
	if not frappe.db.exists(CREDIT_GRADE, grade):
		return {"color": "gray", "meaning": "", "policy": None}
	doc = frappe.get_cached_doc(CREDIT_GRADE, grade)
	return {
		"color": doc.color or "gray",
		"meaning": _(doc.description or ""),
		"policy": {field: doc.get(field) for field in POLICY},
	}


def assessment_row(name: str | None) -> dict[str, Any] | None:
	"""Return an assessment the user may read, its reasons in the user's language; None where there is none."""
	if not name or not frappe.has_permission(CREDIT_ASSESSMENT, "read", doc=name):
		return None
	doc = frappe.get_doc(CREDIT_ASSESSMENT, name)
	made, serious_days = parse(doc.stored)
	return {
		"name": doc.name,
		"as_of": str(doc.as_of),
		"grade": made.grade,
		"scored_grade": made.scored_grade,
		"score": made.score,
		"basis": messages.confidence(made.confidence, made.settled, _),
		"p_late": made.p_late,
		"p_serious": made.p_serious,
		"serious_days": serious_days,
		"settled": made.settled,
		"unrated": messages.reason(made.unrated, _) if made.unrated else None,
		"factors": [_points(row, row.weight) for row in made.factors],
		"deductions": [_points(row, row.maximum) for row in made.deductions if row.points],
		"caps": messages.caps(made.caps, _),
		"lifts": [
			{"heading": said.heading, "sentences": list(said.sentences)}
			for said in messages.lifts(made.lifts, _)
		],
	}


def _points(row: FactorPoints | DeductionPoints, of: float) -> dict[str, Any]:
	return {
		"label": messages.measure_label(row.measure, _),
		"points": row.points,
		"of": of,
		"reason": messages.reason(row.reason, _),
	}


def trend(assessments: Iterable[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
	"""Return per month of the last year the grade that stood at its end (today in the running one).

	assessments: the customer's submitted ones, newest first. A grade stands until the next assessment.
	"""
	rows: Sequence = list(assessments)
	found = []
	for ago in range(TREND_MONTHS - 1, -1, -1):
		first = today.replace(day=1) - relativedelta(months=ago)
		last = min(first + relativedelta(months=1) - timedelta(days=1), today)
		row = next((row for row in rows if row["as_of"] <= last), None)
		found.append(
			{
				"month": str(first),
				"grade": row["grade"] if row else None,
				"score": row["score"] if row and row["confidence"] != "none" else None,
			}
		)
	return found
