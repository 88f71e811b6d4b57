"""Payer Name: a name or an account that pays for a customer, confirmed once; remove it to forget it."""

from client_ledger.receipts import payers
from client_ledger.site.documents import LedgerDocument


class PayerName(LedgerDocument):
	"""A name or an account that pays for a customer."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		confirmed_by: DF.Link | None
		confirmed_on: DF.Date | None
		customer: DF.Link
		customer_name: DF.Data | None
		payer_account: DF.Data | None
		payer_key: DF.Data | None
		payer_name: DF.Data | None
		receipt_proposal: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse one without a name and an account, or one that is known already."""
		payers.prepare(self)
