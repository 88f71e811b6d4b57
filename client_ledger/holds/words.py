"""What the credit check says, in the user's language."""

from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import fmt_money, format_date

from client_ledger.core.credit.rules import Finding, RuleType


def finding_text(finding: Finding, company: str) -> str:
	"""Return the sentence for one finding, with its figures."""
	currency = frappe.get_cached_value("Company", company, "default_currency")

	def money(name: str) -> str:
		return fmt_money(figures[name], currency=currency)

	figures = finding.figures
	if finding.type is RuleType.NO_CREDIT:
		return _("No credit is given; exposure would be {0} and has to be paid first.").format(
			money("exposure")
		)
	if finding.type is RuleType.OVER_LIMIT:
		return _("Exposure would be {0}, which is {1} over the limit of {2}.").format(
			money("exposure"), money("over"), money("limit")
		)
	if finding.type is RuleType.OVERDUE:
		return _("{0} are overdue, the oldest for {1} days: {2} % of what is owed.").format(
			money("overdue"), figures["days"], f"{figures['percent']:.0f}"
		)
	if finding.type is RuleType.OLDEST_ITEM:
		return _("The oldest item is overdue by {0} days; {1} are allowed.").format(
			figures["days"], figures["allowed"]
		)
	if finding.type is RuleType.GRADE:
		return _("The customer's grade is {0}.").format(_(figures["grade"]))
	if finding.type is RuleType.EXPIRED_ASSESSMENT:
		return _("The credit assessment expired on {0}.").format(format_date(figures["valid_to"]))
	if finding.type is RuleType.HOST_OVERDUE_LIMIT:
		return _("{0} are overdue; the customer's overdue limit is {1}.").format(
			money("overdue"), money("limit")
		)
	if finding.type is RuleType.BROKEN_PROMISE:
		return _("{0} promises to pay were broken.").format(figures["count"])
	if finding.type is RuleType.DUNNING_STEP:
		return _("{0} of {1} holds until what it asked for is paid; {2} of it are open.").format(
			_(figures["step"]), format_date(figures["on"]), money("amount")
		)
	return _("The customer was dunned up to level {0}.").format(figures["level"])


def plain(figures: dict) -> dict:
	"""Return figures as JSON holds them."""
	return {
		name: str(value) if isinstance(value, Decimal | date) else value for name, value in figures.items()
	}


def list_of(findings: tuple[Finding, ...], company: str) -> str:
	"""Return findings as an HTML list: the rule and what it found."""
	rows = (
		f"<li><b>{frappe.utils.escape_html(_(f.rule))}</b>: {finding_text(f, company)}</li>" for f in findings
	)
	return f"<ol>{''.join(rows)}</ol>"
