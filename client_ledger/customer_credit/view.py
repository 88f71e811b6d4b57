"""What the Credit tab shows, as plain dicts: grade and its reasons, exposure and limit, holds, what was decided when."""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import add_months, getdate

from client_ledger.core.credit import words
from client_ledger.grading.grades import UNRATED, grade_in_force
from client_ledger.limits.view import exposure_view

TREND_MONTHS = 12
SHOWN = 10
ASSESSMENT, HOLD, LIMIT, OVERRIDE, REFERENCE, SNAPSHOT = (
	"Credit Assessment",
	"Credit Hold",
	"Credit Limit",
	"Credit Grade Override",
	"Credit Reference",
	"Credit Snapshot",
)


def credit_view(customer: str, company: str, companies: Sequence[str]) -> dict:
	"""Return everything the tab shows. The caller has checked that the user may see customer and company."""
	return {
		"customer": customer,
		"company": company,
		"companies": list(companies),
		"today": str(getdate()),
		"grade": grade_view(customer, company),
		"trend": trend(customer, company),
		"exposure": exposure_view(customer, company),
		"holds": holds(customer, company),
		"limits": limits(customer, company),
		"assessments": assessments(customer, company),
		"overrides": overrides(customer, company),
		"references": references(customer, company),
		"can": what_one_may(),
	}


def grade_view(customer: str, company: str) -> dict:
	"""Return the grade in force with its reasons in words, and what would lift it."""
	grade = grade_in_force(customer, company, getdate())
	policy = frappe.db.get_value(
		"Credit Grade",
		grade.grade,
		[
			"color",
			"description",
			"order_action",
			"prepayment_percent",
			"payment_terms_template",
			"follow_up_days",
		],
		as_dict=True,
	)
	found = {
		"grade": grade.grade,
		"label": words.grade_label(grade.grade, _),
		"source": grade.source,
		"score": grade.score if grade.grade != UNRATED else None,
		"valid_to": grade.valid_to,
		"expired": bool(grade.valid_to and getdate(grade.valid_to) < getdate()),
		"policy": policy,
		"assessment": None,
	}
	if grade.assessment and frappe.has_permission(ASSESSMENT, "read"):
		found["assessment"] = assessment_view(grade.assessment)
	return found


def assessment_view(name: str) -> dict:
	"""Return an assessment: points with their reasons, caps, and what would lift it."""
	doc = frappe.get_doc(ASSESSMENT, name)
	return {
		"name": doc.name,
		"as_of": doc.as_of,
		"grade": doc.grade,
		"score": doc.score,
		"scored_grade": doc.scored_grade,
		"settled": doc.settled,
		"confidence": words.confidence(doc.confidence or "none", doc.settled, _),
		"p_late": doc.p_late,
		"scorecard": doc.scorecard,
		"recommended_limit": doc.recommended_limit,
		"factors": [
			{"measure": row.measure, "points": row.points, "weight": row.weight, "reason": row.reason}
			for row in doc.factors
		],
		"reasons": (doc.reasons or "").splitlines(),
		"lifts": (doc.lifts or "").splitlines(),
	}


def trend(customer: str, company: str) -> list[dict]:
	"""Return the grades of the last month ends, oldest first."""
	if not frappe.has_permission(SNAPSHOT, "read") and not frappe.has_permission(ASSESSMENT, "read"):
		return []
	rows = frappe.get_all(
		SNAPSHOT,
		{"customer": customer, "company": company, "as_of": (">=", add_months(getdate(), -TREND_MONTHS))},
		["as_of", "grade", "score", "settled"],
		order_by="as_of",
	)
	return [
		{"month": row.as_of, "grade": row.grade, "score": None if row.grade == UNRATED else row.score}
		for row in rows
	]


def holds(customer: str, company: str) -> list[dict]:
	"""Return the latest documents on hold, those that wait first."""
	rows = _latest(
		HOLD,
		customer,
		company,
		[
			"name",
			"reference_doctype",
			"reference_name",
			"status",
			"amount",
			"held_on",
			"decided_by",
			"decision_reason",
			"released_until",
		],
		"held_on desc",
	)
	rows.sort(key=lambda row: row.status != "On Hold")
	return rows


def limits(customer: str, company: str) -> list[dict]:
	"""Return the latest changes of the limit, also those that wait for approval."""
	fields = ["name", "limit_type", "amount", "valid_from", "valid_to", "docstatus", "reason"]
	fields += ["requested_by", "approved_by", "approved_on"]
	if frappe.get_meta(LIMIT).has_field("workflow_state"):
		fields.append("workflow_state")
	return _latest(LIMIT, customer, company, fields, "creation desc")


def assessments(customer: str, company: str) -> list[dict]:
	"""Return the latest assessments."""
	fields = ["name", "as_of", "grade", "score", "status", "source", "previous_grade"]
	return _latest(ASSESSMENT, customer, company, fields, "as_of desc, creation desc")


def overrides(customer: str, company: str) -> list[dict]:
	"""Return the latest overrides of the grade."""
	fields = ["name", "grade", "valid_from", "valid_to", "docstatus", "reason", "approved_by"]
	return _latest(OVERRIDE, customer, company, fields, "creation desc")


def references(customer: str, company: str) -> list[dict]:
	"""Return ratings and covers that are valid, of this company or of all."""
	if not frappe.has_permission(REFERENCE, "read"):
		return []
	return frappe.get_list(
		REFERENCE,
		filters={"customer": customer, "company": ("in", (company, "")), "valid_to": (">=", getdate())},
		fields=[
			"name",
			"reference_type",
			"provider",
			"rating",
			"grade_cap",
			"limit_effect",
			"amount",
			"currency",
			"valid_to",
		],
		order_by="valid_to",
	)


def _latest(doctype: str, customer: str, company: str, fields: list[str], order_by: str) -> list[dict]:
	"""Return the user's latest records about the customer; none where the user may not read them."""
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(
		doctype,
		filters={"customer": customer, "company": company, "docstatus": ("<", 2)},
		fields=fields,
		order_by=order_by,
		limit_page_length=SHOWN,
	)


def what_one_may() -> dict[str, bool]:
	"""Return which buttons the user gets."""
	return {
		"assess": bool(frappe.has_permission(ASSESSMENT, "create")),
		"limit": bool(frappe.has_permission(LIMIT, "create")),
		"override": bool(frappe.has_permission(OVERRIDE, "create")),
		"reference": bool(frappe.has_permission(REFERENCE, "create")),
		"queue": bool(frappe.has_permission(HOLD, "read")),
	}
