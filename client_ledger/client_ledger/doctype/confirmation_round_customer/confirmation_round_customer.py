"""Confirmation Round Customer: one customer of a sample that is given."""

from client_ledger.site.documents import LedgerDocument


class ConfirmationRoundCustomer(LedgerDocument):
	"""A customer to ask, and why it was chosen."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customer: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.Data | None
	# end: auto-generated types
