"""The Credit tab of one customer with one company, as a plain dict. The caller has checked customer and company.

Lists hold only documents the user may read; a list of a DocType that is closed to them is None.
"""

from datetime import date
from typing import Any

import frappe

from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.credit.grades import explanation
from client_ledger.credit.grades.in_force import UNRATED, grade_in_force
from client_ledger.credit.limits.view import exposure_row
from client_ledger.ledger.reader import Ledger
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	CONTROL_FINDING,
	CREDIT_ASSESSMENT,
	CREDIT_GRADE_OVERRIDE,
	CREDIT_HOLD,
	CREDIT_LIMIT,
	CREDIT_REFERENCE,
)

# Rows of a list on the tab; the trend reads as many assessments as a year can have.
SHOWN, OF_A_YEAR = 20, 400
LISTS = {
	CREDIT_LIMIT: (
		("limit_type", "amount", "currency", "valid_from", "valid_to", "reason", "docstatus", "requested_by"),
		"creation desc",
	),
	CREDIT_HOLD: (
		("reference_doctype", "reference_name", "status", "amount", "currency", "held_on", "decided_by"),
		"held_on desc",
	),
	CREDIT_GRADE_OVERRIDE: (
		("grade", "assessed_grade", "valid_from", "valid_to", "reason", "docstatus", "requested_by"),
		"creation desc",
	),
	CREDIT_REFERENCE: (
		(
			"reference_type",
			"provider",
			"rating",
			"grade_cap",
			"limit_effect",
			"approval_status",
			"amount",
			"currency",
			"valid_from",
			"valid_to",
		),
		"valid_to desc",
	),
	CONTROL_FINDING: (
		(
			"control_title",
			"severity",
			"status",
			"on_date",
			"amount",
			"currency",
			"reason",
			"reason_message",
			"reason_values",
		),
		"on_date desc, name",
	),
}
# What may be done from the tab: the right it takes on a DocType.
ACTIONS = {
	"assess": (CREDIT_ASSESSMENT, "create"),
	"request_limit": (CREDIT_LIMIT, "create"),
	"override": (CREDIT_GRADE_OVERRIDE, "create"),
	"reference": (CREDIT_REFERENCE, "create"),
	"queue": (CREDIT_HOLD, "read"),
}


def overview(ledger: Ledger, customer: str, company: str, companies: list[str], today: date) -> dict:
	"""Return everything the tab shows."""
	found = grade_in_force(customer, company, today)
	history = _assessments(customer, company)
	return {
		"customer": customer,
		"company": company,
		"companies": companies,
		"currency": frappe.get_cached_value("Company", company, "default_currency"),
		"today": str(today),
		"grades": [*Scorecard().grades, UNRATED],
		"grade": explanation.grade_row(found, today),
		"assessment": explanation.assessment_row(found.assessment),
		"trend": explanation.trend(history or [], today),
		"exposure": exposure_row(ledger, customer, company, today),
		"assessments": None if history is None else [_plain(row) for row in history[:SHOWN]],
		"limits": _rows(CREDIT_LIMIT, customer, company),
		"holds": _rows(CREDIT_HOLD, customer, company),
		"overrides": _rows(CREDIT_GRADE_OVERRIDE, customer, company),
		"findings": _rows(CONTROL_FINDING, customer, company),
		"references": _rows(CREDIT_REFERENCE, customer, company),
		"can": {action: bool(frappe.has_permission(*right)) for action, right in ACTIONS.items()},
	}


def _assessments(customer: str, company: str) -> list[dict] | None:
	"""Return the submitted assessments, newest first; None where they are closed to the user."""
	if not frappe.has_permission(CREDIT_ASSESSMENT, "read"):
		return None
	return frappe.get_list(
		CREDIT_ASSESSMENT,
		filters={"customer": customer, "company": company, "docstatus": 1},
		fields=["name", "as_of", "grade", "score", "confidence", "status", "source"],
		order_by="as_of desc, creation desc",
		limit_page_length=OF_A_YEAR,
	)


def _rows(doctype: str, customer: str, company: str) -> list[dict[str, Any]] | None:
	if not frappe.has_permission(doctype, "read"):
		return None
	fields, order_by = LISTS[doctype]
	fields = ["name", *fields]
	if frappe.get_meta(doctype).has_field("workflow_state"):
		fields.append("workflow_state")
	companies = (company, "") if doctype == CREDIT_REFERENCE else (company,)
	return [
		_plain(row)
		for row in frappe.get_list(
			doctype,
			filters={"customer": customer, "company": ("in", companies)},
			fields=fields,
			order_by=order_by,
			limit_page_length=SHOWN,
		)
	]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
	"""Return a row as JSON can hold it: dates as text."""
	return {name: str(value) if hasattr(value, "isoformat") else value for name, value in row.items()}


def companies_of(customer: str, permitted: list[str]) -> tuple[list[str], str]:
	"""Return the companies to choose from and the one to begin with: the user's own, else the most exposed one."""
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"customer": customer, "company": ("in", permitted)},
		["company", "credit_exposure"],
		order_by="credit_exposure desc, company",
	)
	known = [row.company for row in rows]
	preferred = frappe.defaults.get_user_default("Company")
	if preferred in permitted and (preferred in known or not known):
		return sorted({preferred, *known}), preferred
	return sorted(known or permitted), (known or permitted)[0]
