"""Receipt Proposal: money without an invoice, and which customer and invoices are proposed for it."""

import frappe

from client_ledger.receipts import tasks
from client_ledger.site.documents import LedgerDocument


class ReceiptProposal(LedgerDocument):
	"""Made and replaced by a job; applied, declined or changed by a person."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.receipt_proposal_item.receipt_proposal_item import (
			ReceiptProposalItem,
		)

		allocated: DF.Currency
		amount: DF.Currency
		base_amount: DF.Currency
		by_policy: DF.Check
		company: DF.Link | None
		confidence: DF.Literal["", "Sure", "Likely", "Possible"]
		currency: DF.Link | None
		customer: DF.Link | None
		customer_name: DF.Data | None
		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		declined_fingerprint: DF.Data | None
		fingerprint: DF.Data | None
		found_by: DF.Literal[
			"",
			"Structured Reference",
			"Remittance Advice",
			"Numbers in the Text",
			"Numbers, Less Discount or Fee",
			"Amount of One Item",
			"All That Is Open",
			"Amount Less Discount",
			"Sum of Several Items",
			"Amount Less Fee",
			"Part of a Named Item",
			"Payer Only",
			"Chosen by Hand",
		]
		items: DF.Table[ReceiptProposalItem]
		journal_entry: DF.Link | None
		note: DF.SmallText | None
		on_account: DF.Currency
		payer_account: DF.Data | None
		payer_name: DF.Data | None
		payment_entry: DF.Link | None
		reason: DF.SmallText | None
		reason_message: DF.SmallText | None
		reason_values: DF.JSON | None
		receipt: DF.DynamicLink | None
		receipt_date: DF.Date | None
		receipt_key: DF.Data | None
		receipt_type: DF.Link | None
		remittance_advice: DF.Link | None
		responsible: DF.Link | None
		status: DF.Literal["Proposed", "Without Invoice", "Declined", "Applied", "Closed"]
		text: DF.SmallText | None
		title: DF.Data | None
		withheld: DF.Currency
		withheld_as: DF.Literal["", "Cash Discount", "Bank Fee"]
	# end: auto-generated types

	def before_save(self) -> None:
		"""Be called as its customer, else as its payer."""
		who = self.customer and frappe.get_cached_value("Customer", self.customer, "customer_name")
		self.title = (who or self.payer_name or self.receipt or "")[:140]

	def on_update(self) -> None:
		"""Money without an invoice is a task of its responsible, until it has one."""
		tasks.sync(self)
