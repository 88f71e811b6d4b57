"""The grades that are shipped, with the policy that follows from each. What exists is left alone."""

import frappe

GRADE = "Credit Grade"
UNRATED = "Unrated"

# grade, color, what an order does, months of sales as limit, prepayment %, follow-up every (days), meaning
GRADES = (
	("A", "green", "Off", 3, 0, 30, "Pays on time, known for long."),
	("B", "blue", "Off", 2, 0, 21, "Pays reliably, at times a little late."),
	("C", "yellow", "Off", 1.5, 0, 14, "Pays late at times; watch."),
	("D", "orange", "Warn", 1, 30, 7, "Often late, or something is long overdue."),
	("E", "red", "Hold", 0, 100, 7, "Pays very late or not at all."),
	(UNRATED, "gray", "Off", 1, 0, 14, "No history to judge by yet."),
)


def make_grades() -> None:
	"""Make the grades that are missing, on a site that has none of them yet or lacks some."""
	for rank, (grade, color, action, months, prepayment, follow_up, meaning) in enumerate(GRADES, 1):
		if not frappe.db.exists(GRADE, grade):
			frappe.get_doc(
				{
					"doctype": GRADE,
					"grade": grade,
					"sequence": rank,
					"color": color,
					"order_action": action,
					"limit_months": months,
					"prepayment_percent": prepayment,
					"follow_up_days": follow_up,
					"description": meaning,
				}
			).insert(ignore_permissions=True)
