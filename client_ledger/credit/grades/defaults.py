"""The grades that are shipped, with the policy that follows from each. What exists is left alone."""

from collections.abc import Callable

import frappe

from client_ledger.site.doctypes import CREDIT_GRADE
from client_ledger.site.language import in_site_language

UNRATED = "Unrated"

# grade, color, what an order does, months of sales as limit, prepayment %, follow-up every (days)
GRADES = (
	("A", "green", "Off", 3, 0, 30),
	("B", "blue", "Off", 2, 0, 21),
	("C", "yellow", "Off", 1.5, 0, 14),
	("D", "orange", "Warn", 1, 30, 7),
	("E", "red", "Hold", 0, 100, 7),
	(UNRATED, "gray", "Off", 1, 0, 14),
)


def meanings(_: Callable[[str], str]) -> dict[str, str]:
	"""Return what each grade means. Stored in the language of the site."""
	return {
		"A": _("Pays on time; long-standing customer."),
		"B": _("Pays reliably; occasionally slightly late."),
		"C": _("Sometimes pays late; monitor."),
		"D": _("Often late, or has long overdue items."),
		"E": _("Pays very late or not at all."),
		UNRATED: _("No payment history yet."),
	}


def make_grades() -> None:
	"""Make the grades that are missing, on a site that has none of them yet or lacks some."""
	meaning = meanings(in_site_language)
	for rank, (grade, color, action, months, prepayment, follow_up) in enumerate(GRADES, 1):
		if not frappe.db.exists(CREDIT_GRADE, grade):
			frappe.get_doc(
				{
					"doctype": CREDIT_GRADE,
					"grade": grade,
					"sequence": rank,
					"color": color,
					"order_action": action,
					"limit_months": months,
					"prepayment_percent": prepayment,
					"follow_up_days": follow_up,
					"description": meaning[grade],
				}
			).insert(ignore_permissions=True)
