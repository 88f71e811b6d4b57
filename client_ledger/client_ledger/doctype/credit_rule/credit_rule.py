"""Credit Rule: one test at the submit of orders, deliveries and invoices: off, warn or hold, per grade."""

import frappe
from frappe import _
from frappe.utils import flt

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled

# What a rule type looks at; the other figures are not used.
FIGURES = ("percent_of_limit", "overdue_days", "overdue_amount", "overdue_percent", "count")


class CreditRule(LedgerDocument):
	"""A rule that cannot be computed with is refused, naming the row."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.credit_rule_action.credit_rule_action import CreditRuleAction

		action: DF.Literal["Off", "Warn", "Hold"]
		check_deliveries: DF.Check
		check_invoices: DF.Check
		check_orders: DF.Check
		company: DF.Link | None
		count: DF.Int
		enabled: DF.Check
		grade_actions: DF.Table[CreditRuleAction]
		overdue_amount: DF.Currency
		overdue_days: DF.Int
		overdue_percent: DF.Percent
		percent_of_limit: DF.Percent
		rule_type: DF.Literal[
			"No Credit",
			"Over Limit",
			"Overdue",
			"Oldest Item",
			"Credit Grade",
			"Expired Assessment",
			"ERPNext Overdue Limit",
			"Broken Promise",
			"Dunning Level",
			"Dunning Step",
		]
		sequence: DF.Int
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse negative figures, a rule that looks at no document, and a grade that is listed more than once."""
		for field in FIGURES:
			if flt(self.get(field)) < 0:
				frappe.throw(filled(_("{0} cannot be negative."), self._label(field)))
		if not (self.check_orders or self.check_deliveries or self.check_invoices):
			frappe.throw(_("Select at least one of orders, deliveries and invoices."))
		if self.rule_type == "Over Limit" and not flt(self.percent_of_limit):
			frappe.throw(filled(_("{0} must be greater than 0."), self._label("percent_of_limit")))
		self._validate_grades()

	def _validate_grades(self) -> None:
		seen: dict[str, int] = {}
		for row in self.grade_actions:
			if row.grade in seen:
				frappe.throw(
					filled(
						_("Row {0} of {1}: grade {2} is already in row {3}."),
						row.idx,
						self._label("grade_actions"),
						bold(row.grade),
						seen[row.grade],
					)
				)
			seen[row.grade] = row.idx

	def _label(self, field: str) -> str:
		return bold(_(self.meta.get_label(field)))
