"""Credit Limit: a change of what a customer may owe, requested by one person and approved by another."""

import frappe
from frappe import _
from frappe.utils import flt, fmt_money, getdate

from client_ledger.credit.limits import changes
from client_ledger.credit.limits.credit_groups import members_of
from client_ledger.credit.limits.effective import effective_limit
from client_ledger.site.approvals import ask_approvers, check_approver, note_request
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled
from client_ledger.site.refresh_queue import mark_stale


class CreditLimit(LedgerDocument):
	"""Submitting it is approving it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		amount: DF.Currency
		applied_on: DF.Datetime | None
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		company: DF.Link
		currency: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		exposure: DF.Currency
		grade: DF.Link | None
		limit_type: DF.Literal["Permanent", "Temporary", "No Credit"]
		makers: DF.SmallText | None
		previous_limit: DF.Currency
		previous_state: DF.Literal["", "Unlimited", "Limited", "No Credit"]
		reason: DF.SmallText
		recommended_limit: DF.Currency
		requested_by: DF.Link | None
		valid_from: DF.Date
		valid_to: DF.Date | None
	# end: auto-generated types

	# What an approver approves: whoever changes one of these has requested it.
	REQUESTED = ("customer", "company", "limit_type", "amount", "valid_from", "valid_to")

	def validate(self) -> None:
		"""Refuse what cannot be in force, and say which value it is."""
		note_request(self)
		changes.require_parent(self.customer)
		self._validate_dates()
		self._validate_amount()
		if others := changes.overlapping_limits(self) if self.limit_type != changes.PERMANENT else []:
			frappe.throw(
				filled(
					_("Another {2} already applies from {0} to {1}: {3}."),
					frappe.format(self.valid_from, "Date"),
					frappe.format(self.valid_to, "Date") if self.valid_to else _("further notice"),
					_(self.limit_type),
					", ".join(others),
				)
			)
		if not self.docstatus:
			changes.fill_in(self)

	def _validate_dates(self) -> None:
		if self.limit_type == changes.PERMANENT:
			self.valid_to = None
		if self.limit_type == changes.TEMPORARY and not self.valid_to:
			frappe.throw(filled(_("{0} is required for a temporary limit."), self._label("valid_to")))
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				filled(_("{0} cannot be before {1}."), self._label("valid_to"), self._label("valid_from"))
			)
		if self.valid_to and getdate(self.valid_to) < getdate() and not self.docstatus:
			frappe.throw(filled(_("{0} is in the past."), self._label("valid_to")))

	def _validate_amount(self) -> None:
		currency = frappe.get_cached_value("Company", self.company, "default_currency")
		if self.currency and self.currency != currency:
			frappe.throw(
				filled(
					_("{0} is in {1}, but the company currency of {2} is {3}."),
					self._label("amount"),
					self.currency,
					bold(self.company),
					currency,
				)
			)
		if self.limit_type == changes.NO_CREDIT:
			self.amount = 0
		elif flt(self.amount) < 0:
			frappe.throw(filled(_("{0} cannot be negative."), self._label("amount")))
		elif not flt(self.amount):
			frappe.throw(
				filled(
					_("In ERPNext a credit limit of 0 means unlimited. To block all credit, choose {0}."),
					bold(_(changes.NO_CREDIT)),
				)
			)

	def after_insert(self) -> None:
		"""Those who may approve are told."""
		ask_approvers(self)

	def before_submit(self) -> None:
		"""Only somebody else approves it."""
		check_approver(self)

	def on_submit(self) -> None:
		"""It comes into force, today or on its first day."""
		changes.apply_change(self, getdate())

	def on_cancel(self) -> None:
		"""Say what stands now: cancelling a permanent limit brings no former one back."""
		mark_stale(members_of(self.customer))
		limit = effective_limit(self.customer, self.company, getdate())
		stands = _("Unlimited") if limit.amount is None else fmt_money(limit.amount, currency=self.currency)
		text = _("The credit limit of {0} is now: {1}.").format(bold(self.customer), stands)
		self.add_comment("Info", text)
		frappe.msgprint(text)

	def _label(self, field: str) -> str:
		return bold(_(self.meta.get_label(field)))
