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

from client_ledger.collections import disputes
from client_ledger.collections.promises.reads import failed_by_customer
from client_ledger.core.credit import messages
from client_ledger.core.credit.assessment import Assessment, assess, store
from client_ledger.core.credit.dates import learn_dates
from client_ledger.core.credit.histogram import learn, learn_few
from client_ledger.core.credit.limits import recommended
from client_ledger.core.credit.measures import Inputs, measure_company, measure_few, no_history
from client_ledger.core.money import as_money
from client_ledger.credit.grades.cash_outlook import store_outlook
from client_ledger.credit.grades.in_force import update_grades
from client_ledger.credit.grades.payment_pattern import pattern_of, store_pattern
from client_ledger.credit.grades.scorecards import SiteScorecard, active_scorecard
from client_ledger.credit.grades.trade import company_lines, trade_lines
from client_ledger.ledger.site import companies
from client_ledger.site.doctypes import CLIENT_ACCOUNT, CREDIT_ASSESSMENT, CREDIT_ASSESSMENT_FACTOR
from client_ledger.site.jobs import each_or_log
from client_ledger.site.messages import bold, filled
from client_ledger.site.rows import bulk_insert

IN_FORCE, REPLACED = "Active", "Replaced"
NIGHTLY, BY_HAND = "Nightly Job", "Manual"
# A score drifts a little every day as payments age; less than this is no change.
SCORE_STEP = 1.0
BATCH = 500
SAVEPOINT = "cl_assessments"
NOT_MADE = "Credit Assessment not made"

Made = tuple[str, Inputs, Assessment]


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
	"""Assess the customers of one company, and keep how they pay; return (assessed, changed). Commits as it goes."""
	found = measure_all(company, site, today, of_a_night=True)

	def assess_batch(customers: list[str]) -> int:
		stored = assessments_in_force(company, customers)
		changed: list[Made] = []
		for customer in customers:
			made = assess(found[customer], site.scorecard)
			if has_changed(stored.get(customer), made, site, today):
				changed.append((customer, found[customer], made))
		if not changed:
			return 0
		names = insert_assessments(company, site, changed, stored, today)
		update_grades([customer for customer, _inputs, _made in changed], company, today)
		return len(names)

	# Made and written batch by batch: the reasons of ten thousand assessments are never held all at once.
	written, _failed = each_or_log(
		list(found), assess_batch, title=NOT_MADE, doctype="Customer", size=BATCH, savepoint=SAVEPOINT
	)
	return len(found), sum(written)


def measure_all(
	company: str, site: SiteScorecard, today: date, of_a_night: bool = False
) -> dict[str, Inputs]:
	"""Return the inputs of every customer that has an account with *company* or was ever billed by it; keep what was
	learnt of all of them. of_a_night: keep what they are expected to pay, too; commits.
	"""
	settings = site.scorecard.settings
	lines = company_lines(company, today, disputes.invoices_in_dispute(company))
	lateness = learn(lines, today, settings.histogram())
	inputs, habits = measure_company(lines, today, settings, lateness)
	store_pattern(company, lateness, habits, learn_dates(lines, today, settings.histogram()), site, today)
	if of_a_night:
		store_outlook(company, lines, lateness, today)
	found: dict[str, Inputs] = dict(inputs)
	for customer in frappe.get_all(
		CLIENT_ACCOUNT, {"company": company}, pluck="customer", order_by="customer"
	):
		if customer not in found:
			found[customer] = no_history(today, settings, lateness.p_late(customer), habits)
	return with_judgements(company, found, today)


def measure_one(customer: str, company: str, site: SiteScorecard, today: date) -> Inputs:
	"""Return the inputs of one customer: by what the last night learnt of all, else by measuring all anew."""
	pattern = pattern_of(company)
	if not (pattern and pattern.serves(site, today)):
		found = measure_all(company, site, today)
		return found.get(customer) or no_history(today, site.scorecard.settings)
	settings = site.scorecard.settings
	lines = trade_lines(company, today, [customer], disputed=disputes.invoices_in_dispute(company))
	lateness = learn_few(lines, today, pattern.usual, pattern.settings, pattern.weekly_hazard)
	measured = measure_few(lines, today, pattern.habits, settings, lateness)
	inputs = measured.get(customer) or no_history(today, settings, lateness.p_late(customer), pattern.habits)
	return with_judgements(company, {customer: inputs}, today)[customer]


def with_judgements(company: str, found: Mapping[str, Inputs], today: date) -> dict[str, Inputs]:
	"""Return *found* with what is judgement: broken promises, and the use of the limit."""
	filters: dict[str, Any] = {"company": company, "limit_state": "Limited"}
	if len(found) == 1:
		filters["customer"] = next(iter(found))
	rows = frappe.get_all(CLIENT_ACCOUNT, filters, ["customer", "limit_utilisation"], order_by="customer")
	used = {row.customer: flt(row.limit_utilisation) / 100 for row in rows}
	broken = failed_by_customer(company, today)
	return {
		customer: replace(
			inputs,
			limit_utilisation=used.get(customer, inputs.limit_utilisation),
			broken_promises=broken.get(customer, 0),
		)
		if customer in used or customer in broken
		else inputs
		for customer, inputs in found.items()
	}


def assessments_in_force(company: str, customers: Iterable[str] | None = None) -> dict[str, frappe._dict]:
	"""Return the assessment in force of each customer. customers: None for all."""
	filters: dict[str, Any] = {"company": company, "status": IN_FORCE, "docstatus": 1}
	if customers is not None:
		filters["customer"] = ("in", list(customers))
	rows = frappe.get_all(
		CREDIT_ASSESSMENT,
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

	Raises frappe.ValidationError where no scorecard is active. What is usual in the company is what the last night
	learnt; the other customers are read only where that does not serve any more.
	"""
	today = today or getdate()
	site = site_scorecard(company)
	inputs = measure_one(customer, company, site, today)
	made = assess(inputs, site.scorecard)
	stored = assessments_in_force(company, [customer])
	(name,) = insert_assessments(company, site, [(customer, inputs, made)], stored, today, BY_HAND)
	update_grades([customer], company, today)
	return name


def site_scorecard(company: str) -> SiteScorecard:
	"""Return the active scorecard. Raises frappe.ValidationError where there is none."""
	site = active_scorecard(company)
	if not site:
		frappe.throw(filled(_("No Credit Scorecard is active for {0}. Submit one first."), bold(company)))
	return site


def insert_assessments(
	company: str,
	site: SiteScorecard,
	made: list[Made],
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
	_mark_replaced(company, list(customer_names))
	submitted = {"docstatus": 1}
	names = bulk_insert(CREDIT_ASSESSMENT, [{**row, **submitted} for row in rows])
	bulk_insert(CREDIT_ASSESSMENT_FACTOR, [{**row, **submitted} for row in factors])
	return names


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
		(messages.measure_label(f.measure, _), f.value, f.points, f.weight, messages.reason(f.reason, _))
		for f in assessment.factors
	]
	rows += [
		(messages.measure_label(d.measure, _), None, -d.points, d.maximum, messages.reason(d.reason, _))
		for d in assessment.deductions
		if d.points
	]
	return [
		{
			"name": frappe.generate_hash(length=10),
			"parent": parent,
			"parenttype": CREDIT_ASSESSMENT,
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
	lines = messages.caps(assessment.caps, _)
	if assessment.unrated:
		lines.append(messages.reason(assessment.unrated, _))
	return "\n".join(lines)


def lifts_text(assessment: Assessment) -> str:
	"""Return what would lift the assessment one grade, a line each."""
	return "\n".join(
		line for said in messages.lifts(assessment.lifts, _) for line in (f"{said.heading}:", *said.sentences)
	)


def _months(grade: str) -> float:
	return flt(frappe.get_cached_value("Credit Grade", grade, "limit_months"))


def _sales(company: str, customers: list[str]) -> dict[str, float]:
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company, "customer": ("in", customers)},
		["customer", "sales_12_months"],
		order_by="customer",
	)
	return {row.customer: row.sales_12_months for row in rows}


def _mark_replaced(company: str, customers: list[str]) -> None:
	"""Whatever was in force is not any more: also a second one, that came with a customer merged into this one."""
	if customers:
		table = frappe.qb.DocType(CREDIT_ASSESSMENT)
		query = frappe.qb.update(table).set(table.status, REPLACED).set(table.modified, now_datetime())
		query = query.where((table.company == company) & table.customer.isin(customers))
		query.where((table.status == IN_FORCE) & (table.docstatus == 1)).run()


def month_end_before(day: date) -> date:
	"""Return the last day of the month before that of *day*."""
	return day.replace(day=1) - timedelta(days=1)
