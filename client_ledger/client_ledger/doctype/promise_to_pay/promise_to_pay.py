"""Promise to Pay: what a customer promised to pay and when; the ledger decides what becomes of it."""

import frappe
from frappe import _

from client_ledger.collections import account_sync, items
from client_ledger.collections.promises import controller
from client_ledger.site.documents import LedgerDocument

AGREED = ("customer", "company", "currency", "made_on", "tolerance", "grace_days")


class PromisetoPay(LedgerDocument):
	"""Once taken it stands: it is kept, broken or cancelled, and another one is taken."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.collection_item.collection_item import CollectionItem
		from client_ledger.client_ledger.doctype.promise_instalment.promise_instalment import (
			PromiseInstalment,
		)

		amount: DF.Currency
		base_amount: DF.Currency
		cancelled_why: DF.SmallText | None
		channel: DF.Literal["Call", "Email", "Visit", "Message", "Letter", "Portal"]
		company: DF.Link
		contact: DF.Link | None
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		decided_on: DF.Date | None
		first_due: DF.Date | None
		follow_up: DF.Link | None
		grace_days: DF.Int
		instalments: DF.Table[PromiseInstalment]
		items: DF.Table[CollectionItem]
		last_due: DF.Date | None
		made_on: DF.Date
		missing: DF.Currency
		next_due: DF.Date | None
		notes: DF.SmallText | None
		received: DF.Currency
		status: DF.Literal["Open", "Kept", "Partly Kept", "Broken", "Settled by Other Means", "Cancelled"]
		taken_by: DF.Link | None
		tolerance: DF.Percent
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse a promise nobody can keep: in the past, over what is owed, or that does not add up."""
		if self.is_new():
			controller.prepare(self)
			return
		advice = _("A recorded promise cannot be changed. Cancel it and record a new one.")
		items.check_unchanged(self, AGREED, advice)
		before = self.get_doc_before_save()
		plan = [(str(row.due_date), frappe.utils.flt(row.amount, 6)) for row in self.instalments]
		if before and plan != [
			(str(row.due_date), frappe.utils.flt(row.amount, 6)) for row in before.instalments
		]:
			frappe.throw(advice)

	def on_update(self) -> None:
		"""The account shows it."""
		account_sync.sync_accounts([self.customer])

	def after_delete(self) -> None:
		"""The account forgets it."""
		account_sync.sync_accounts([self.customer])
