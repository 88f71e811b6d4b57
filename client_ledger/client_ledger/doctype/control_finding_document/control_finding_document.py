"""Control Finding Document: a document that a finding is about."""

from client_ledger.site.documents import LedgerDocument


class ControlFindingDocument(LedgerDocument):
	"""Written by actions alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		document_name: DF.DynamicLink | None
		document_type: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
