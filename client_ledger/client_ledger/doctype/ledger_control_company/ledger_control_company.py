"""Ledger Control Company: a company in which a control is switched off, by whom and why."""

from client_ledger.site.documents import LedgerDocument


class LedgerControlCompany(LedgerDocument):
	"""Written by actions alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.SmallText | None
		switched_off_by: DF.Link | None
		switched_off_on: DF.Datetime | None
	# end: auto-generated types
