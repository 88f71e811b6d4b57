"""Procedure Place: on which forms a procedure is shown."""

from client_ledger.site.documents import LedgerDocument


class ProcedurePlace(LedgerDocument):
	"""A DocType, in all states or in one."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		document_type: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		state: DF.Data | None
		state_field: DF.Data | None
	# end: auto-generated types
