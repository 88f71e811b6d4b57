"""Credit Reference: what others say of a customer or stand in for: agency ratings, insurance cover, guarantees."""

import frappe
from frappe import _
from frappe.utils import flt, getdate

from client_ledger.credit.grades.in_force import update_grades
from client_ledger.credit.limits import references
from client_ledger.credit.limits.credit_groups import members_of
from client_ledger.ledger.site import companies
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled
from client_ledger.site.refresh_queue import mark_stale


class CreditReference(LedgerDocument):
	"""While it is valid it may raise or cap the limit, and cap the grade."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		approval_status: DF.Literal["Not Required", "Pending Approval", "Approved"]
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		attachment: DF.Attach | None
		company: DF.Link | None
		currency: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		grade_cap: DF.Link | None
		limit_effect: DF.Literal["None", "Cap", "Raise"]
		makers: DF.SmallText | None
		notes: DF.SmallText | None
		provider: DF.Data
		rating: DF.Data | None
		reference_number: DF.Data | None
		reference_type: DF.Literal["Agency Rating", "Credit Insurance", "Bank Guarantee", "Other"]
		requested_by: DF.Link | None
		valid_from: DF.Date
		valid_to: DF.Date
	# end: auto-generated types

	# What an approver approves: whoever changes one of these has requested it.
	REQUESTED = ("customer", "company", "limit_effect", "amount", "currency", "valid_from", "valid_to")

	def onload(self) -> None:
		"""Tell the form whether this user may approve it."""
		self.set_onload("may_approve", references.may_approve(self))

	def validate(self) -> None:
		"""Refuse dates and amounts that cannot be in force; have approved what raises a limit."""
		if getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				filled(_("{0} cannot be before {1}."), self._label("valid_to"), self._label("valid_from"))
			)
		if self.limit_effect == "None":
			self.amount = 0
		elif flt(self.amount) <= 0:
			frappe.throw(filled(_("{0} must be greater than 0."), self._label("amount")))
		else:
			self._validate_currency()
		references.request_approval(self)

	def _validate_currency(self) -> None:
		companies = (
			[self.company] if self.company else frappe.get_all("Company", pluck="name", order_by="name")
		)
		currencies = {frappe.get_cached_value("Company", name, "default_currency") for name in companies}
		if len(currencies) > 1:
			frappe.throw(
				filled(
					_(
						"The companies have different currencies ({0}). Select the company the amount applies to."
					),
					", ".join(sorted(currencies)),
				)
			)
		(currency,) = currencies
		self.currency = self.currency or currency
		if self.currency != currency:
			frappe.throw(
				filled(
					_("{0} is in {1}, but the company currency of {2} is {3}."),
					self._label("amount"),
					self.currency,
					bold(self.company or companies[0]),
					currency,
				)
			)

	def on_update(self) -> None:
		"""The limit of all who share it may change, and the customer's grade."""
		mark_stale(members_of(self.customer))
		for company in [self.company] if self.company else companies():
			update_grades([self.customer], company, getdate())

	def on_trash(self) -> None:
		"""A cap ends only by whoever may approve limits."""
		references.check_loosened(self, None)

	def after_delete(self) -> None:
		"""What it raised or capped is as without it."""
		self.on_update()

	def _label(self, field: str) -> str:
		return bold(_(self.meta.get_label(field)))
