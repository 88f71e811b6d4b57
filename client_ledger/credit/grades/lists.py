"""Grades for lists of customers."""

from datetime import date
from typing import Any

import frappe
from frappe import _

from client_ledger.core.credit import messages
from client_ledger.core.credit.assessment import UNRATED
from client_ledger.site.doctypes import CLIENT_ACCOUNT

# More than a list shows at once is asked for by nobody in good faith.
MOST = 500


def grades(customers: list[str], today: date) -> dict[str, dict[str, Any]]:
	"""Return grade, colour and score of each customer whose account the user may see.

	With several companies: that of the user's own, else the worst.
	"""
	rows = frappe.get_list(
		CLIENT_ACCOUNT,
		filters={"customer": ("in", [str(name) for name in customers[:MOST]] or [""])},
		fields=["customer", "company", "credit_grade", "credit_score", "grade_valid_to"],
		order_by="customer asc, company asc",
		limit_page_length=0,
	)
	known = _known_grades()
	preferred = frappe.defaults.get_user_default("Company")
	found: dict[str, dict[str, Any]] = {}
	ranks: dict[str, tuple[bool, int]] = {}
	for row in rows:
		grade = known.get(row.credit_grade)
		if not grade:
			continue
		rank = (row.company == preferred, 0 if grade.name == UNRATED else grade.sequence)
		if row.customer not in ranks or rank > ranks[row.customer]:
			ranks[row.customer] = rank
			found[row.customer] = _shown(row, grade, today)
	return found


def grade_with(customer: str, company: str, today: date) -> dict[str, Any] | None:
	"""Return the grade of one customer with one company, None where there is none or accounts are closed to the user."""
	if not frappe.has_permission(CLIENT_ACCOUNT, "read"):
		return None
	row = frappe.db.get_value(
		CLIENT_ACCOUNT,
		{"customer": customer, "company": company},
		["credit_grade", "credit_score", "grade_valid_to"],
		as_dict=True,
	)
	grade = _known_grades().get(row.credit_grade) if row else None
	return _shown(row, grade, today) if grade else None


def _shown(row: frappe._dict, grade: frappe._dict, today: date) -> dict[str, Any]:
	return {
		"grade": grade.name,
		"label": messages.grade_label(grade.name, _),
		"color": grade.color or "gray",
		"score": row.credit_score,
		"is_expired": bool(row.grade_valid_to and row.grade_valid_to < today),
	}


def _known_grades() -> dict[str, frappe._dict]:
	rows = frappe.get_all("Credit Grade", fields=["name", "sequence", "color"], order_by="sequence")
	return {row.name: row for row in rows}
