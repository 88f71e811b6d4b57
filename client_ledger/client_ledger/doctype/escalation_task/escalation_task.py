"""Escalation Task: a line of a case's checklist."""

from client_ledger.site.documents import LedgerDocument


class EscalationTask(LedgerDocument):
	"""A line of a case's checklist."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		done: DF.Check
		done_by: DF.Link | None
		done_on: DF.Datetime | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		task: DF.Data
	# end: auto-generated types
