"""Collection Settings: how promises are settled, who sees whom, and which follow-ups are made automatically."""

from client_ledger.site.documents import LedgerDocument


class CollectionSettings(LedgerDocument):
	"""How promises are settled, who sees whom, and which follow-ups are made automatically."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		cash_days: DF.Int
		grace_days: DF.Int
		limit_percent: DF.Percent
		min_overdue: DF.Currency
		on_broken_promise: DF.Check
		on_first_overdue: DF.Check
		on_grade: DF.Check
		on_limit: DF.Check
		sees: DF.Literal["All Customers", "Assigned Customers Only"]
		sla_days: DF.Int
		tolerance: DF.Percent
		visit_days_a: DF.Int
		visit_days_b: DF.Int
		visit_days_c: DF.Int
	# end: auto-generated types
