"""Month ends: the grade every customer had, stored once and never computed again, to be held against what came."""

import json
from datetime import date

import frappe
from frappe.utils import getdate

from client_ledger.core.credit.grade_validation import (
	GradeSnapshot,
	GradeValidation,
	snapshots_on,
	validate_grades,
)
from client_ledger.core.credit.histogram import learn
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.credit.grades.assessments import month_end_before
from client_ledger.credit.grades.scorecards import active_scorecard
from client_ledger.credit.grades.trade import company_lines
from client_ledger.ledger.site import companies
from client_ledger.site.doctypes import CREDIT_SNAPSHOT
from client_ledger.site.rows import bulk_insert


def take_month_ends(today: date) -> dict[str, int]:
	"""Store the grades at the end of last month where that was not done; return how many per company. Commits."""
	taken = {}
	for company in companies():
		site, day = active_scorecard(company), month_end_before(today)
		if site and not frappe.db.exists(CREDIT_SNAPSHOT, {"company": company, "as_of": day}):
			taken[company] = _take(company, site.scorecard, day)
			frappe.db.commit()  # nosemgrep: one company's month does not wait for another's
	return taken


def _take(company: str, scorecard: Scorecard, day: date) -> int:
	lines = company_lines(company, day)
	lateness = learn(lines, day, scorecard.settings.histogram())
	rows = []
	for snapshot, found in snapshots_on(lines, day, scorecard, lateness):
		rows.append(
			{
				"customer": snapshot.customer,
				"company": company,
				"as_of": day,
				"grade": snapshot.grade,
				"score": snapshot.score or 0.0,
				"p_serious": snapshot.p_serious,
				"p_late": found.p_late,
				"serious_days": snapshot.serious_days,
				"settled": found.settled,
				"on_time_ratio": snapshot.on_time_ratio or 0.0,
				"inputs": json.dumps(found.as_dict(), sort_keys=True),
			}
		)
	return len(bulk_insert(CREDIT_SNAPSHOT, rows))


def validation(company: str, until: date) -> GradeValidation:
	"""Return how the stored grades of *company* did, those whose 90 days were over by *until*."""
	site = active_scorecard(company)
	rows = frappe.get_all(
		CREDIT_SNAPSHOT,
		{"company": company},
		["customer", "as_of", "grade", "score", "p_serious", "serious_days", "settled", "on_time_ratio"],
		order_by="as_of, customer",
	)
	snapshots = [
		GradeSnapshot(
			row.customer,
			getdate(row.as_of),
			row.grade,
			None if row.grade == "Unrated" else row.score,
			row.p_serious,
			row.serious_days,
			row.on_time_ratio if row.settled else None,
		)
		for row in rows
	]
	grades = site.scorecard.grades if site else sorted({row.grade for row in rows} - {"Unrated"})
	return validate_grades(snapshots, company_lines(company, until), until, grades)
