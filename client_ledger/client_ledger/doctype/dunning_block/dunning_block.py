"""Dunning Block: something is not dunned for a time, and why."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class DunningBlock(LedgerDocument):
	"""Of a customer, or of one invoice; ends on its last day, or when it is lifted."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customer: DF.Link
		customer_name: DF.Data | None
		details: DF.SmallText | None
		for_company: DF.Link | None
		from_date: DF.Date
		lifted: DF.Check
		reason: DF.Literal[
			"Dispute",
			"Promise to Pay",
			"Payment Plan",
			"Goodwill",
			"Our Error",
			"Insolvency",
			"Opted Out",
			"Other",
		]
		sales_invoice: DF.Link | None
		until: DF.Date | None
	# end: auto-generated types

	def validate(self) -> None:
		"""Raise frappe.ValidationError for a block that never holds, or is about another customer's invoice."""
		if self.until and getdate(self.until) < getdate(self.from_date):
			frappe.throw(filled(_("{0} cannot be before {1}."), _("Until"), _("From")))
		if self.reason == "Other" and not (self.details or "").strip():
			frappe.throw(filled(_("{0} is required."), _("Details")))
		if self.reason in ("Promise to Pay", "Payment Plan") and not self.until:
			frappe.throw(filled(_("{0} is required for a promise to pay."), _("Until")))
		if self.sales_invoice:
			invoice = frappe.db.get_value(
				"Sales Invoice", self.sales_invoice, ["customer", "company"], as_dict=True
			)
			if invoice.customer != self.customer:
				frappe.throw(
					filled(
						_("{0} is an invoice of {1}, not of {2}."),
						self.sales_invoice,
						invoice.customer,
						self.customer,
					)
				)
			self.for_company = invoice.company
