"""The site's credit rules, from Credit Rule to the core."""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.core.credit.rules import Action, CheckRule, Kind, RuleType
from client_ledger.core.money import as_money
from client_ledger.site.doctypes import CREDIT_GRADE, CREDIT_RULE

_KINDS = (
	("check_orders", Kind.ORDER),
	("check_deliveries", Kind.DELIVERY),
	("check_invoices", Kind.INVOICE),
)


def site_rules(company: str) -> list[CheckRule]:
	"""Return the enabled rules of *company*, in the order they are tested."""
	return [as_rule(doc) for doc in _documents() if doc.company in (None, "", company)]


def _documents() -> Iterable[Document]:
	rule = frappe.qb.DocType(CREDIT_RULE)
	query = frappe.qb.from_(rule).select(rule.name).where(rule.enabled == 1)
	names = query.orderby(rule.sequence).orderby(rule.name).run()
	return [frappe.get_cached_doc(CREDIT_RULE, name) for (name,) in names]


def as_rule(doc: Document) -> CheckRule:
	"""Return a Credit Rule as the core's."""
	return CheckRule(
		name=doc.name,
		type=RuleType(doc.rule_type),
		action=Action(doc.action),
		by_grade={row.grade: Action(row.action) for row in doc.grade_actions},
		kinds=frozenset(kind for field, kind in _KINDS if doc.get(field)),
		percent=as_money(doc.overdue_percent if doc.rule_type == "Overdue" else doc.percent_of_limit),
		days=cint(doc.overdue_days),
		amount=as_money(doc.overdue_amount),
		count=cint(doc.get("count")),
	)


def grade_action(grade: str) -> Action:
	"""Return what an order of a customer of *grade* does by the grade's own policy."""
	return Action(frappe.get_cached_value(CREDIT_GRADE, grade, "order_action") or "Off")
