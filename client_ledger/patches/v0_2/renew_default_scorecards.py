"""Replace active scorecards that are still as they were shipped by a new version with the card that is shipped now.

A scorecard that was changed in any row or setting stays in force as it is.
"""

from typing import Any

import frappe
from frappe.utils import cint, flt

from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.credit.grades.scorecards import ACTIVE, rows_of
from client_ledger.site.doctypes import CREDIT_SCORECARD

SHIPPED: dict[str, list[tuple]] = {
	"factors": [
		("on_time_share", 30, "0: 0, 0.3: 0, 0.6: 0.35, 0.9: 0.85, 1: 1"),
		("average_days_late", 30, "0: 1, 2: 0.9, 5: 0.7, 15: 0.3, 30: 0"),
		("serious_share", 15, "0: 1, 0.05: 0.75, 0.15: 0.4, 0.4: 0"),
		("oldest_days", 10, "0: 1, 1: 0.8, 7: 0.55, 30: 0.2, 60: 0"),
		("settled", 10, "1: 0, 3: 0.4, 10: 0.8, 30: 1"),
		("trend", 5, "-5: 1, 0: 0.8, 5: 0.4, 15: 0"),
	],
	"bands": [("A", 85, 100), ("B", 70, 85), ("C", 55, 70), ("D", 40, 55), ("E", 0, 40)],
	"caps": [(60, "D"), (90, "E")],
	"deductions": [
		("broken_promises", 5, "0: 0, 2: 5"),
		("limit_utilisation", 5, "0.9: 0, 1.2: 5"),
	],
}
COLUMNS = {
	"factors": ("measure", "weight", "curve"),
	"bands": ("grade", "minimum", "maximum"),
	"caps": ("days", "grade"),
	"deductions": ("measure", "maximum", "curve"),
}
SETTINGS = {
	"tolerance": 5,
	"serious_days": 0,
	"lateness_cap": 60,
	"trend_days": 90,
	"half_life": 180,
	"prior_strength": 3,
	"amount_cap": 5,
}


def execute() -> None:
	"""Submit a new version beside each active scorecard that is as it was shipped."""
	filters = {"docstatus": 1, "status": ACTIVE}
	for name in frappe.get_all(CREDIT_SCORECARD, filters, pluck="name", order_by="name"):
		doc = frappe.get_doc(CREDIT_SCORECARD, name)
		if _is_as_shipped(doc):
			_submit_new_version(doc)


def _is_as_shipped(doc: Any) -> bool:
	tables = all(
		[tuple(row.get(column) for column in COLUMNS[table]) for row in doc.get(table)] == rows
		for table, rows in SHIPPED.items()
	)
	return tables and all(flt(doc.get(name)) == value for name, value in SETTINGS.items())


def _submit_new_version(old: Any) -> None:
	doc = frappe.get_doc(
		{
			"doctype": CREDIT_SCORECARD,
			"title": old.title,
			"company": old.company or "",
			"valid_days": cint(old.valid_days),
			"notes": old.notes,
			**rows_of(Scorecard()),
		}
	)
	doc.flags.ignore_permissions = True
	doc.insert()
	doc.submit()
