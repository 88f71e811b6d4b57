"""Promise Instalment: an amount promised for a date, and what became of it."""

from client_ledger.site.documents import LedgerDocument


class PromiseInstalment(LedgerDocument):
	"""An amount promised for a date, and what became of it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		currency: DF.Link | None
		due_date: DF.Date
		paid_on: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		received: DF.Currency
		status: DF.Literal["Open", "Kept", "Partly Kept", "Broken", "Settled by Other Means", "Cancelled"]
	# end: auto-generated types
