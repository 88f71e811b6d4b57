"""What the credit check says, in the user's language; stored are the figures, put into words by whoever reads them."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import fmt_money, format_date

from client_ledger.core.credit.rules import Finding, RuleType


def finding_text(finding: Finding, company: str) -> str:
	"""Return the sentence for one finding, with its figures."""
	currency = frappe.get_cached_value("Company", company, "default_currency")
	return _sentence(finding.type, finding.figures, currency)


def stored(finding: Finding) -> str:
	"""Return what is kept of a finding: what was tested, and its figures."""
	return json.dumps({"type": finding.type.value, **_plain(finding.figures)})


def stored_text(text: str, rule: str, currency: str | None) -> str:
	"""Return the sentence for what `stored` kept. rule: says what was tested where the figures do not yet."""
	figures = json.loads(text)
	rule_type = figures.get("type") or frappe.get_cached_value("Credit Rule", rule, "rule_type")
	return _sentence(RuleType(rule_type), figures, currency)


def _sentence(rule_type: RuleType, figures: Mapping[str, Any], currency: str | None) -> str:
	def money(name: str) -> str:
		return fmt_money(Decimal(figures[name]), currency=currency)

	if rule_type is RuleType.NO_CREDIT:
		return _("The customer has no credit. The exposure of {0} must be prepaid.").format(money("exposure"))
	if rule_type is RuleType.OVER_LIMIT:
		return _("The exposure would be {0}, exceeding the credit limit of {2} by {1}.").format(
			money("exposure"), money("over"), money("limit")
		)
	if rule_type is RuleType.OVERDUE:
		return _("{0} is overdue, the oldest item by {1} days ({2} % of the balance).").format(
			money("overdue"), figures["days"], f"{Decimal(figures['percent']):.0f}"
		)
	if rule_type is RuleType.OLDEST_ITEM:
		return _("The oldest item is {0} days overdue; {1} days are allowed.").format(
			figures["days"], figures["allowed"]
		)
	if rule_type is RuleType.GRADE:
		return _("The customer's credit grade is {0}.").format(_(figures["grade"]))
	if rule_type is RuleType.EXPIRED_ASSESSMENT:
		return _("The credit assessment expired on {0}.").format(format_date(figures["valid_to"]))
	if rule_type is RuleType.HOST_OVERDUE_LIMIT:
		return _("{0} is overdue; the customer's overdue limit is {1}.").format(
			money("overdue"), money("limit")
		)
	if rule_type is RuleType.BROKEN_PROMISE:
		return _("Broken promises to pay: {0}.").format(figures["count"])
	if rule_type is RuleType.DUNNING_STEP:
		return _(
			"Dunning step {0} of {1} blocks this document until its invoices are paid; {2} outstanding."
		).format(_(figures["step"]), format_date(figures["on"]), money("amount"))
	return _("The customer has reached dunning level {0}.").format(figures["level"])


def _plain(figures: dict) -> dict:
	"""Return figures as JSON holds them."""
	return {
		name: str(value) if isinstance(value, Decimal | date) else value for name, value in figures.items()
	}


def list_of(findings: tuple[Finding, ...], company: str) -> str:
	"""Return findings as an HTML list: the rule and what it found."""
	rows = (
		f"<li><b>{frappe.utils.escape_html(_(f.rule))}</b>: {frappe.utils.escape_html(finding_text(f, company))}</li>"
		for f in findings
	)
	return f"<ol>{''.join(rows)}</ol>"
