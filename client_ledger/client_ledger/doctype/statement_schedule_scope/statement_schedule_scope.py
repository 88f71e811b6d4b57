"""Statement Schedule Scope: for whom a schedule is."""

from client_ledger.site.documents import LedgerDocument


class StatementScheduleScope(LedgerDocument):
	"""One customer, group, grade or segment."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		applies_to: DF.Literal["Customer", "Customer Group", "Credit Grade", "Segment"]
		customer: DF.Link | None
		customer_group: DF.Link | None
		grade: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		segment: DF.Literal["", "A", "B", "C", "On Time", "Late", "Chronically Late", "No History"]
	# end: auto-generated types
