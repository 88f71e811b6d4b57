"""The credit rules that are shipped. They are made once: what an administrator deletes or changes stays so."""

import frappe

from client_ledger.site.doctypes import CREDIT_RULE
from client_ledger.site.language import in_site_language

# title, rule type, action for grades not named, figures, actions per grade
RULES = (
	("No Credit", "No Credit", "Hold", {}, {}),
	("Over Limit", "Over Limit", "Hold", {"percent_of_limit": 100}, {}),
	("Overdue", "Overdue", "Warn", {"overdue_days": 30, "overdue_percent": 10}, {"D": "Hold", "E": "Hold"}),
	("Oldest Item", "Oldest Item", "Hold", {"overdue_days": 60}, {"A": "Warn", "B": "Warn"}),
	("Credit Grade", "Credit Grade", "Off", {}, {}),
	("Expired Assessment", "Expired Assessment", "Warn", {"overdue_days": 0}, {}),
	("ERPNext Overdue Limit", "ERPNext Overdue Limit", "Hold", {}, {}),
	("Broken Promise", "Broken Promise", "Warn", {"count": 1}, {}),
	("Dunning Level", "Dunning Level", "Warn", {"count": 3}, {}),
)
# Of its own, for sites that had the others before: it does nothing until a dunning step holds.
STEP_RULE = ("Dunning Step", "Dunning Step", "Hold", {}, {})


def make_rules() -> None:
	"""Make the shipped rules; those whose title is taken are left alone."""
	for place, rule in enumerate(RULES, 1):
		_make(place, *rule)


def make_step_rule() -> None:
	"""Make the rule for dunning steps that hold."""
	_make(len(RULES) + 1, *STEP_RULE)


def _make(place: int, title: str, rule_type: str, action: str, figures: dict, by_grade: dict) -> None:
	name = in_site_language(title)
	if frappe.db.exists(CREDIT_RULE, name):
		return
	frappe.get_doc(
		{
			"doctype": CREDIT_RULE,
			"title": name,
			"rule_type": rule_type,
			"sequence": place * 10,
			# Not the default company, which frappe puts where nothing is said.
			"company": "",
			"action": action,
			**figures,
			"grade_actions": [{"grade": grade, "action": what} for grade, what in by_grade.items()],
		}
	).insert(ignore_permissions=True)
