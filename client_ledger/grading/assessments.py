"""Making assessments: of every customer each night where something changed, of one of them by hand.

trade lines of a company -> inputs of every customer -> assessment -> new row where it differs -> the grade in force
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, flt, getdate, now_datetime

from client_ledger.core.credit import words
from client_ledger.core.credit.assessment import Assessment, assess, store
from client_ledger.core.credit.limits import recommended
from client_ledger.core.credit.measures import Inputs, measure, no_history
from client_ledger.core.money import as_money
from client_ledger.grading.grades import update_grades
from client_ledger.grading.scorecards import SiteScorecard, active_scorecard
from client_ledger.grading.trade import trade_lines
from client_ledger.ledger.site import companies

ASSESSMENT, FACTOR, ACCOUNT = "Credit Assessment", "Credit Assessment Factor", "Client Account"
IN_FORCE, REPLACED = "In Force", "Replaced"
NIGHTLY, BY_HAND = "Nightly Job", "By Hand"
# A score drifts a little every day as payments age; less than this is no change.
SCORE_STEP = 1.0
BATCH = 500


def assess_all(today: date | None = None) -> dict[str, int]:
	"""Assess every customer of every company; return how many were assessed and how many changed. Commits as it goes."""
	counts = {"assessed": 0, "changed": 0}
	for company in companies():
		found = active_scorecard(company)
		if found:
			assessed, changed = assess_company(company, found, today or getdate())
			counts["assessed"] += assessed
			counts["changed"] += changed
	return counts


def assess_company(company: str, site: SiteScorecard, today: date) -> tuple[int, int]:
	"""Assess the customers of one company; return (assessed, changed)."""
	inputs = measure_company(company, site, today)
	stored = assessments_in_force(company)
	changed = []
	for customer, found in inputs.items():
		made = assess(found, site.scorecard)
		if has_changed(stored.get(customer), made, site, today):
			changed.append((customer, found, made))
	for start in range(0, len(changed), BATCH):
		batch = changed[start : start + BATCH]
		insert_assessments(company, site, batch, stored, today)
		update_grades([customer for customer, _inputs, _made in batch], company, today)
		frappe.db.commit()  # nosemgrep: releases the rows of this batch
	return len(inputs), len(changed)


def measure_company(company: str, site: SiteScorecard, today: date, judged: bool = True) -> dict[str, Inputs]:
	"""Return the inputs of every customer that has an account with *company* or was ever billed by it."""
	lines = trade_lines(company, today)
	found: dict[str, Inputs] = dict(measure(lines, today, site.scorecard.settings))
	p_late = _company_p_late(found)
	for customer in frappe.get_all(ACCOUNT, {"company": company}, pluck="customer", order_by="customer"):
		if customer not in found:
			found[customer] = no_history(today, site.scorecard.settings, p_late)
	return with_judgements(company, found) if judged else found


def _company_p_late(found: Mapping[str, Inputs]) -> float:
	"""Return what a customer without history is taken for: the mean of those with one."""
	known = [inputs.p_late for inputs in found.values()]
	return sum(known) / len(known) if known else 0.0


def with_judgements(company: str, found: Mapping[str, Inputs]) -> dict[str, Inputs]:
	"""Return *found* with what is judged besides payments: the use of the limit."""
	rows = frappe.get_all(
		ACCOUNT,
		{"company": company, "limit_state": "Limited"},
		["customer", "limit_utilisation"],
		order_by="customer",
	)
	used = {row.customer: flt(row.limit_utilisation) / 100 for row in rows}
	return {
		customer: replace(inputs, limit_utilisation=used[customer]) if customer in used else inputs
		for customer, inputs in found.items()
	}


def assessments_in_force(company: str, customers: Iterable[str] | None = None) -> dict[str, frappe._dict]:
	"""Return the assessment in force of each customer. customers: None for all."""
	filters: dict[str, Any] = {"company": company, "status": IN_FORCE, "docstatus": 1}
	if customers is not None:
		filters["customer"] = ("in", list(customers))
	rows = frappe.get_all(
		ASSESSMENT,
		filters,
		["name", "customer", "grade", "score", "scored_grade", "reasons", "scorecard", "valid_to", "as_of"],
		order_by="as_of, creation",
	)
	return {row.customer: row for row in rows}


def has_changed(stored: Mapping[str, Any] | None, made: Assessment, site: SiteScorecard, today: date) -> bool:
	"""Return whether an assessment says something new: grade, score by a point, caps, scorecard, or it expires."""
	if stored is None:
		return True
	if stored["grade"] != made.grade or stored["scorecard"] != site.name:
		return True
	if abs(flt(stored["score"]) - (made.score or 0.0)) >= SCORE_STEP:
		return True
	if (stored["reasons"] or "") != caps_text(made):
		return True
	return not stored["valid_to"] or getdate(stored["valid_to"]) <= today


def assess_now(customer: str, company: str, today: date | None = None) -> str:
	"""Assess one customer by hand, whether or not something changed; return the assessment's name.

	Raises frappe.ValidationError where no scorecard is active. The company's other customers are read as well: few
	payments are drawn to what is usual.
	"""
	today = today or getdate()
	site = site_scorecard(company)
	inputs = measure_company(company, site, today).get(customer)
	if inputs is None:
		(inputs,) = with_judgements(company, {customer: no_history(today, site.scorecard.settings)}).values()
	made = assess(inputs, site.scorecard)
	stored = assessments_in_force(company, [customer])
	(name,) = insert_assessments(company, site, [(customer, inputs, made)], stored, today, BY_HAND)
	update_grades([customer], company, today)
	return name


def site_scorecard(company: str) -> SiteScorecard:
	"""Return the active scorecard. Raises frappe.ValidationError where there is none."""
	site = active_scorecard(company)
	if not site:
		frappe.throw(
			_("No Credit Scorecard is active for {0}. Submit one first.").format(frappe.bold(company))
		)
	return site


def insert_assessments(
	company: str,
	site: SiteScorecard,
	made: list[tuple[str, Inputs, Assessment]],
	stored: Mapping[str, Mapping[str, Any]],
	today: date,
	source: str = NIGHTLY,
) -> list[str]:
	"""Insert submitted assessments and mark those they replace; return their names in the order of *made*.

	In bulk: ten thousand customers are assessed in a night.
	"""
	customers = [customer for customer, _inputs, _assessment in made]
	names = frappe.get_all(
		"Customer", {"name": ("in", customers)}, ["name", "customer_name"], order_by="name", as_list=True
	)
	customer_names = dict(names)
	sales = _sales(company, customers)
	rows, factors = [], []
	for customer, inputs, assessment in made:
		if customer not in customer_names:
			continue
		values = assessment_values(company, site, inputs, assessment, today)
		values |= {
			"name": frappe.generate_hash(length=10),
			"customer": customer,
			"customer_name": customer_names[customer],
			"source": source,
			"previous_grade": (stored.get(customer) or {}).get("grade"),
			"recommended_limit": float(
				recommended(as_money(sales.get(customer, 0)), _months(assessment.grade))
			),
		}
		rows.append(values)
		factors += factor_rows(assessment, values["name"])
	replaced = [
		row["name"]
		for customer, row in stored.items()
		if customer in customer_names and customer in customers
	]
	_mark_replaced(replaced)
	_bulk_insert(ASSESSMENT, rows, docstatus=1)
	_bulk_insert(FACTOR, factors, docstatus=1)
	return [row["name"] for row in rows]


def assessment_values(
	company: str, site: SiteScorecard, inputs: Inputs, assessment: Assessment, today: date
) -> dict[str, Any]:
	"""Return the columns of an assessment."""
	return {
		"company": company,
		"as_of": today,
		"valid_to": getdate(add_days(today, site.valid_days)),
		"grade": assessment.grade,
		"score": assessment.score or 0.0,
		"scored_grade": assessment.scored_grade,
		"confidence": assessment.confidence,
		"settled": assessment.settled,
		"p_late": round(assessment.p_late * 100, 2),
		"p_serious": round(assessment.p_serious * 100, 2),
		"status": IN_FORCE,
		"reasons": caps_text(assessment),
		"lifts": lifts_text(assessment),
		"scorecard": site.name,
		"currency": frappe.get_cached_value("Company", company, "default_currency"),
		"stored": store(inputs, site.scorecard, assessment),
	}


def factor_rows(assessment: Assessment, parent: str) -> list[dict[str, Any]]:
	"""Return one row per factor and per deduction that costs something."""
	rows = [
		(words.measure_label(f.measure, _), f.value, f.points, f.weight, words.reason(f.reason, _))
		for f in assessment.factors
	]
	rows += [
		(words.measure_label(d.measure, _), None, -d.points, d.maximum, words.reason(d.reason, _))
		for d in assessment.deductions
		if d.points
	]
	return [
		{
			"name": frappe.generate_hash(length=10),
			"parent": parent,
			"parenttype": ASSESSMENT,
			"parentfield": "factors",
			"idx": place,
			"measure": label,
			"value": value or 0.0,
			"points": points,
			"weight": weight,
			"reason": reason,
		}
		for place, (label, value, points, weight, reason) in enumerate(rows, 1)
	]


def caps_text(assessment: Assessment) -> str:
	"""Return caps, and why a customer is unrated, one per line."""
	lines = words.caps(assessment.caps, _)
	if assessment.unrated:
		lines.append(words.reason(assessment.unrated, _))
	return "\n".join(lines)


def lifts_text(assessment: Assessment) -> str:
	"""Return what would lift the assessment one grade, a line each."""
	return "\n".join(
		line for said in words.lifts(assessment.lifts, _) for line in (f"{said.heading}:", *said.sentences)
	)


def _months(grade: str) -> float:
	return flt(frappe.get_cached_value("Credit Grade", grade, "limit_months"))


def _sales(company: str, customers: list[str]) -> dict[str, float]:
	rows = frappe.get_all(
		ACCOUNT,
		{"company": company, "customer": ("in", customers)},
		["customer", "sales_12_months"],
		order_by="customer",
	)
	return {row.customer: row.sales_12_months for row in rows}


def _mark_replaced(names: list[str]) -> None:
	if names:
		table = frappe.qb.DocType(ASSESSMENT)
		query = frappe.qb.update(table).set(table.status, REPLACED).set(table.modified, now_datetime())
		query.where(table.name.isin(names)).run()


def _bulk_insert(doctype: str, rows: list[dict[str, Any]], docstatus: int) -> None:
	if not rows:
		return
	now, user = now_datetime(), frappe.session.user
	fields = list(rows[0])
	frappe.db.bulk_insert(
		doctype,
		["owner", "modified_by", "creation", "modified", "docstatus", *fields],
		[(user, user, now, now, docstatus, *(row[field] for field in fields)) for row in rows],
	)


def month_end_before(day: date) -> date:
	"""Return the last day of the month before that of *day*."""
	return day.replace(day=1) - timedelta(days=1)
