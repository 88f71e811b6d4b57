"""Credit Reservation: what a document that just passed the credit check adds to the exposure, for others that are being submitted at the same moment."""

from client_ledger.site.documents import LedgerDocument


class CreditReservation(LedgerDocument):
	"""What a document that just passed the credit check adds to the exposure, for others that are being submitted at the same moment."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Link
		customer: DF.Link
		recent: DF.LongText | None
	# end: auto-generated types
