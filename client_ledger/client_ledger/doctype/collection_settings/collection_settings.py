"""Collection Settings: how promises are settled, who sees whom, and which follow-ups are made automatically."""

import frappe
from frappe import _

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled


class CollectionSettings(LedgerDocument):
	"""How promises are settled, who sees whom, and which follow-ups are made automatically."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.receipt_account.receipt_account import ReceiptAccount

		advice_days: DF.Int
		apply_advice: DF.Check
		apply_all_open: DF.Check
		apply_discount: DF.Check
		apply_numbers: DF.Check
		apply_numbers_less: DF.Check
		apply_one_amount: DF.Check
		apply_structured: DF.Check
		apply_sum: DF.Check
		apply_sure: DF.Check
		cash_days: DF.Int
		fee_amount: DF.Currency
		fee_share: DF.Percent
		grace_days: DF.Int
		late_discount_days: DF.Int
		limit_percent: DF.Percent
		min_overdue: DF.Currency
		on_broken_promise: DF.Check
		on_first_overdue: DF.Check
		on_grade: DF.Check
		on_limit: DF.Check
		receipt_accounts: DF.Table[ReceiptAccount]
		receipts_responsible: DF.Link | None
		sees: DF.Literal["All Customers", "Assigned Customers Only"]
		sla_days: DF.Int
		tolerance: DF.Percent
		visit_days_a: DF.Int
		visit_days_b: DF.Int
		visit_days_c: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse two rows of one company, and accounts that are not its own."""
		seen = set()
		for row in self.receipt_accounts:
			if row.company in seen:
				frappe.throw(filled(_("Row {0}: {1} is listed more than once."), row.idx, bold(row.company)))
			seen.add(row.company)
			row.check()
