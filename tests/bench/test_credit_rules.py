"""Credit rules that cannot be computed with are refused, naming the field or the row that is wrong."""

import frappe
import pytest

RULE = {
	"doctype": "Credit Rule",
	"title": "Rule of a Test",
	"sequence": 99,
	"rule_type": "Overdue",
	"action": "Hold",
}


def make(**values):
	return frappe.get_doc({**RULE, "check_orders": 1, **values}).insert()


@pytest.mark.parametrize(
	("values", "text"),
	[
		({"rule_type": "Moon Phase"}, "Moon Phase"),
		({"action": "Explode"}, "Explode"),
		({"overdue_days": -1}, "Overdue Days.*negative|negative"),
		({"overdue_amount": -1}, "negative"),
		({"overdue_percent": -1}, "negative"),
		({"count": -1}, "negative"),
		({"rule_type": "Over Limit", "percent_of_limit": 0}, "greater than 0"),
		({"check_orders": 0, "check_deliveries": 0, "check_invoices": 0}, "orders, deliveries and invoices"),
		(
			{"grade_actions": [{"grade": "A", "action": "Warn"}, {"grade": "A", "action": "Hold"}]},
			"Row 2 .*row 1",
		),
		(
			{"grade_actions": [{"grade": "A", "action": "Warn"}, {"grade": "Z", "action": "Hold"}]},
			"Row #2.*Z",
		),
		({"grade_actions": [{"grade": "A", "action": "Explode"}]}, "Row #1.*Explode"),
	],
)
def test_bad_rules_are_refused(values, text):
	with pytest.raises(frappe.ValidationError, match=text):
		make(**values)


def test_a_good_one_is_not():
	assert make(grade_actions=[{"grade": "A", "action": "Off"}]).name
