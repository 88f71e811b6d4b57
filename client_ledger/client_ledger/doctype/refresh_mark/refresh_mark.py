"""Refresh Mark: a mark that a customer's accounts are behind the ledger. See client_ledger.site.refresh_queue."""

from client_ledger.site.documents import LedgerDocument


class RefreshMark(LedgerDocument):
	"""Written in bulk, one per customer and transaction; deleted by the job that works it off."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customer: DF.Data
	# end: auto-generated types
