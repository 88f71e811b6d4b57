"""Confirmation Round: customers asked at one day whether their balance is right, and what they answered. See client_ledger.confirmations."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.confirmations import rounds
from client_ledger.site.access import check_company
from client_ledger.site.doctypes import BALANCE_CONFIRMATION
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class ConfirmationRound(LedgerDocument):
	"""What is asked of whom may change until it is planned."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.confirmation_round_customer.confirmation_round_customer import (
			ConfirmationRoundCustomer,
		)

		as_of: DF.Date
		asked_amount: DF.Currency
		attach_pdf: DF.Check
		closed_by: DF.Link | None
		closed_on: DF.Datetime | None
		company: DF.Link
		confirmed: DF.Int
		confirmed_amount: DF.Currency
		confirmed_share: DF.Percent
		customer_group: DF.Link | None
		customers: DF.Table[ConfirmationRoundCustomer]
		differing: DF.Int
		email_account: DF.Link | None
		error: DF.SmallText | None
		failed: DF.Int
		first_reminder: DF.Int
		form: DF.Literal["Reply Either Way", "Reply Only If You Disagree", "Tell Us Your Balance"]
		include_zero: DF.Check
		introduction: DF.SmallText | None
		left_out: DF.Int
		letter_language: DF.Link | None
		link_days: DF.Int
		minimum_balance: DF.Currency
		most_reminders: DF.Int
		no_address: DF.Int
		only_currency: DF.Link | None
		period: DF.Literal["Month", "Quarter", "Year"]
		planned: DF.Int
		planned_by: DF.Link | None
		planned_on: DF.Datetime | None
		print_without_email: DF.Check
		receivables: DF.Currency
		remind_every: DF.Int
		reply_by: DF.Date
		reply_to: DF.Data | None
		sample: DF.Literal["All Customers", "Selected Customers"]
		sent: DF.Int
		sent_on: DF.Datetime | None
		settled: DF.Int
		status: DF.Literal["Draft", "Planned", "Sending", "Open", "Closed"]
		stopped: DF.Int
		title: DF.Data
		unanswered: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse dates that cannot be, and changes of what was asked once it is planned."""
		if self.is_new():
			check_company(self.company)
		self.check_dates()
		if self.sample == "Selected Customers" and not self.customers:
			frappe.throw(_("Select at least one customer, or ask all customers."))
		self._check_customers()
		rounds.check_unplanned(self)

	def check_dates(self) -> None:
		"""Refuse a day that has not ended, and one to reply by that lies before it."""
		if getdate(self.as_of) >= getdate():
			frappe.throw(_("The day of the balances has not ended yet. Select an earlier one."))
		if getdate(self.reply_by) <= getdate(self.as_of):
			frappe.throw(_("The day to reply by must be later than the day of the balances."))

	def _check_customers(self) -> None:
		seen: set[str] = set()
		for row in self.customers:
			if row.customer in seen:
				frappe.throw(filled(_("{0} is listed more than once."), row.customer))
			seen.add(row.customer)

	def on_update(self) -> None:
		"""A later day to reply by holds for confirmations that are out."""
		before = self.get_doc_before_save()
		if before and (getdate(before.reply_by), before.link_days) != (
			getdate(self.reply_by),
			self.link_days,
		):
			rounds.extend(self)

	def on_trash(self) -> None:
		"""What a round has planned stays on record."""
		if frappe.db.exists(BALANCE_CONFIRMATION, {"round": self.name}):
			frappe.throw(_("This round has planned confirmations, which must stay on record."))
