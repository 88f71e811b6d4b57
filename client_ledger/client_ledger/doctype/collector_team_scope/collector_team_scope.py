"""Collector Team Scope: customers a team looks after."""

from client_ledger.site.documents import LedgerDocument


class CollectorTeamScope(LedgerDocument):
	"""Customers a team looks after."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		applies_to: DF.Literal["Territory", "Customer Group", "Segment", "Customer", "All"]
		customer: DF.Link | None
		customer_group: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		segment: DF.Literal["", "A", "B", "C"]
		territory: DF.Link | None
	# end: auto-generated types
