"""The grade in force: assessed, overridden for a while, or capped by what others say. Kept on Client Account."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	CREDIT_ASSESSMENT,
	CREDIT_GRADE_OVERRIDE,
	CREDIT_REFERENCE,
)

UNRATED = "Unrated"
# Columns of a Client Account that grading writes, and a refresh never.
GRADE_FIELDS = (
	"credit_grade",
	"credit_score",
	"grade_confidence",
	"p_late",
	"credit_assessment",
	"graded_on",
	"grade_valid_to",
	"grade_source",
)


class Grade(NamedTuple):
	"""The grade on a day. source: Assessment, Override or Reference; "" where nothing is known."""

	grade: str = UNRATED
	source: str = ""
	score: float | None = None
	valid_to: date | None = None
	assessment: str | None = None
	confidence: str = ""
	p_late: float = 0.0
	as_of: date | None = None


def grade_in_force(customer: str, company: str, on: date) -> Grade:
	"""Return the grade of *customer* with *company* on a day."""
	return grades_in_force([customer], company, on)[customer]


def grades_in_force(customers: Iterable[str], company: str, on: date) -> dict[str, Grade]:
	"""Return the grade of each of *customers*: an override while it is valid, else the assessment, then the caps."""
	customers = list(customers)
	if not customers:
		return {}
	assessed = _assessed(customers, company)
	overridden = _overridden(customers, company, on)
	caps = _caps(customers, company, on)
	ranks = _ranks()
	found = {}
	for customer in customers:
		grade = assessed.get(customer, Grade())
		if override := overridden.get(customer):
			grade = grade._replace(
				grade=override.grade, source="Override", valid_to=getdate(override.valid_to)
			)
		cap = max(caps.get(customer, ()), key=lambda name: ranks.get(name, 0), default=None)
		if (cap and ranks.get(cap, 0) > ranks.get(grade.grade, 0)) or (cap and grade.grade == UNRATED):
			grade = grade._replace(grade=cap, source="Reference")
		found[customer] = grade
	return found


def update_grades(customers: Iterable[str], company: str, on: date) -> int:
	"""Write the grades in force of *customers* to their accounts where they differ; return how many did.

	Grades are this module's alone on an account, so nothing a refresh writes is in the way.
	"""
	customers = list(customers)
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company, "customer": ("in", customers)},
		["name", "customer", *GRADE_FIELDS],
		order_by="name",
	)
	grades = grades_in_force([row.customer for row in rows], company, on)
	table, now, written = frappe.qb.DocType(CLIENT_ACCOUNT), now_datetime(), 0
	for row in rows:
		values = account_values(grades[row.customer])
		if any(_plain(row[column]) != _plain(values[column]) for column in GRADE_FIELDS):
			query = frappe.qb.update(table).set(table.modified, now).where(table.name == row.name)
			for column, value in values.items():
				query = query.set(table[column], value)
			query.run()
			written += 1
	return written


def update_all_grades(company: str, on: date) -> int:
	"""Bring the grades of all accounts of *company* to a day: overrides and references begin and end."""
	customers = frappe.get_all(CLIENT_ACCOUNT, {"company": company}, pluck="customer", order_by="customer")
	return update_grades(customers, company, on) if customers else 0


def account_values(grade: Grade) -> dict[str, Any]:
	"""Return the columns of Client Account that hold *grade*."""
	return {
		"credit_grade": grade.grade,
		"credit_score": grade.score or 0.0,
		"grade_confidence": grade.confidence,
		"p_late": grade.p_late,
		"credit_assessment": grade.assessment,
		"graded_on": grade.as_of,
		"grade_valid_to": grade.valid_to,
		"grade_source": grade.source,
	}


def _plain(value: Any) -> Any:
	return round(float(value), 6) if isinstance(value, int | float) else (value or None)


def _assessed(customers: list[str], company: str) -> dict[str, Grade]:
	rows = frappe.get_all(
		CREDIT_ASSESSMENT,
		{"company": company, "customer": ("in", customers), "status": "Active", "docstatus": 1},
		["name", "customer", "grade", "score", "valid_to", "confidence", "p_late", "as_of"],
		order_by="as_of, creation",
	)
	return {
		row.customer: Grade(
			row.grade, "Assessment", row.score, row.valid_to, row.name, row.confidence, row.p_late, row.as_of
		)
		for row in rows
	}


def _overridden(customers: list[str], company: str, on: date) -> Mapping[str, frappe._dict]:
	rows = frappe.get_all(
		CREDIT_GRADE_OVERRIDE,
		{
			"company": company,
			"customer": ("in", customers),
			"docstatus": 1,
			"valid_from": ("<=", on),
			"valid_to": (">=", on),
		},
		["customer", "grade", "valid_to"],
		order_by="valid_from, name",
	)
	return {row.customer: row for row in rows}


def _caps(customers: list[str], company: str, on: date) -> dict[str, list[str]]:
	rows = frappe.get_all(
		CREDIT_REFERENCE,
		{
			"customer": ("in", customers),
			"grade_cap": ("is", "set"),
			"valid_from": ("<=", on),
			"valid_to": (">=", on),
		},
		["customer", "company", "grade_cap"],
		order_by="name",
	)
	found: dict[str, list[str]] = {}
	for row in rows:
		if not row.company or row.company == company:
			found.setdefault(row.customer, []).append(row.grade_cap)
	return found


def _ranks() -> dict[str, int]:
	rows = frappe.get_all("Credit Grade", fields=["name", "sequence"], order_by="sequence")
	return {row.name: row.sequence for row in rows if row.name != UNRATED}
