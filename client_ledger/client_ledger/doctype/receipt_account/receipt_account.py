"""Receipt Account: where a company books what is withheld of receipts, and how receipts of the bank are paid."""

import frappe
from frappe import _

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled


class ReceiptAccount(LedgerDocument):
	"""Where a company books what is withheld of receipts, and how receipts of the bank are paid."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Link
		discount_account: DF.Link | None
		fee_account: DF.Link | None
		mode_of_payment: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types

	def check(self) -> None:
		"""Refuse an account of another company, or a group. Raises frappe.ValidationError."""
		for field in ("discount_account", "fee_account"):
			if not (account := self.get(field)):
				continue
			found = frappe.db.get_value("Account", account, ["company", "is_group"])
			if not found or found[0] != self.company or found[1]:
				label = _(self.meta.get_label(field))
				frappe.throw(
					filled(
						_("Row {0}: {1}"),
						self.idx,
						filled(
							_("{0}: select an account of {1} that is not a group."), bold(label), self.company
						),
					)
				)
