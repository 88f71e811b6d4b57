"""Remittance Advice: a payment that a customer has announced; reminders of what it covers wait for it for some days."""

from client_ledger.receipts import advices
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.refresh_queue import mark_stale


class RemittanceAdvice(LedgerDocument):
	"""What is announced stands; it is matched with its money, not received, or withdrawn."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.remittance_advice_invoice.remittance_advice_invoice import (
			RemittanceAdviceInvoice,
		)

		amount: DF.Currency
		announced_on: DF.Datetime | None
		base_amount: DF.Currency
		company: DF.Link
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		declared_by: DF.Data | None
		follow_up: DF.Link | None
		invoices: DF.Table[RemittanceAdviceInvoice]
		matched_on: DF.Date | None
		pause_until: DF.Date | None
		payment_date: DF.Date
		receipt: DF.DynamicLink | None
		receipt_type: DF.Link | None
		received: DF.Currency
		reference: DF.Data | None
		responsible: DF.Link | None
		status: DF.Literal["Announced", "Received", "Matched", "Not Received", "Withdrawn"]
		withdrawn_why: DF.SmallText | None
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse what cannot be paid so, or what is announced already."""
		if self.is_new():
			advices.prepare(self)
		else:
			advices.check_unchanged(self)

	def on_update(self) -> None:
		"""The account's figures leave out what is announced."""
		mark_stale([self.customer])

	def after_delete(self) -> None:
		"""The account's figures are other ones now."""
		mark_stale([self.customer])
