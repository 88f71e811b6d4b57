"""Statement Schedule: who gets which statement of account, and when."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate, now_datetime, split_emails, validate_email_address

from client_ledger.outbox.hours import as_time
from client_ledger.site.access import check_company
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, STATEMENT_RUN
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled
from client_ledger.statement_runs import schedules

LAST_DAY_OF_MONTH, MONTHS = 31, 12
CYCLE_FIELDS = ("frequency", "closing", "day", "last_month")


class StatementSchedule(LedgerDocument):
	"""Each period that ends makes a Statement Run. Changes hold for what is still to be planned or sent."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.statement_schedule_scope.statement_schedule_scope import (
			StatementScheduleScope,
		)

		attach_pdf: DF.Check
		attach_xlsx: DF.Check
		cc: DF.Data | None
		cc_account_manager: DF.Check
		closes: DF.Time | None
		closing: DF.Literal["Last Day", "Last Working Day", "Day of Month"]
		company: DF.Link
		consolidate: DF.Check
		coverage: DF.Literal["Activity", "Open Items", "Both"]
		day: DF.Int
		days_after: DF.Int
		email_account: DF.Link | None
		frequency: DF.Literal["Monthly", "Quarterly", "Yearly"]
		holiday_list: DF.Link | None
		include_zero: DF.Check
		introduction: DF.SmallText | None
		last_month: DF.Int
		letter_language: DF.Link | None
		minimum_balance: DF.Currency
		mode: DF.Literal["Off", "Approve", "Automatic"]
		only_currency: DF.Link | None
		opens: DF.Time | None
		print_format: DF.Link | None
		print_without_email: DF.Check
		reply_to: DF.Data | None
		scopes: DF.Table[StatementScheduleScope]
		skip_weekends: DF.Check
		starts_on: DF.Date
		time_zone: DF.Data | None
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		"""Raise frappe.ValidationError for what cannot be followed, and for a schedule that overlaps another."""
		self._check_days()
		self._leave_the_past()
		self._check_scopes()
		self._check_sending()
		if self.mode != schedules.OFF:
			self._check_overlap()

	def _check_days(self) -> None:
		if self.closing == "Day of Month" and not 1 <= cint(self.day) <= LAST_DAY_OF_MONTH:
			frappe.throw(
				filled(_("{0} must be between {1} and {2}."), _("Day of Month"), 1, LAST_DAY_OF_MONTH)
			)
		if self.frequency != "Monthly" and not 1 <= cint(self.last_month) <= MONTHS:
			frappe.throw(
				filled(_("{0} must be between {1} and {2}."), _("Last Month of the Year"), 1, MONTHS)
			)

	def _leave_the_past(self) -> None:
		"""Where a schedule that was used gets other periods, or is taken up again, begin with those that end from today on."""
		before = self.get_doc_before_save()
		if not before or not frappe.db.exists(STATEMENT_RUN, {"schedule": self.name}):
			return
		is_other = any(cstr(before.get(field)) != cstr(self.get(field)) for field in CYCLE_FIELDS)
		is_taken_up = before.mode == schedules.OFF != self.mode
		asked_for = getdate(before.starts_on) != getdate(self.starts_on)
		today = schedules.today_of(self, now_datetime())
		if (is_other or is_taken_up) and not asked_for and getdate(self.starts_on) < today:
			self.starts_on = today
			frappe.msgprint(
				_(
					"Periods that ended before today are not made up, so that nobody gets a statement for them again. Set “First Closing On or After” to an earlier day to have them made up."
				),
				indicator="blue",
			)

	def _check_scopes(self) -> None:
		seen = set()
		for row in self.scopes:
			value = row.get(schedules.KIND_FIELDS[row.applies_to])
			if not value:
				frappe.throw(filled(_("Row {0}: select a {1}."), row.idx, _(row.applies_to)))
			if (row.applies_to, value) in seen:
				frappe.throw(filled(_("Row {0}: {1} is listed twice."), row.idx, bold(value)))
			seen.add((row.applies_to, value))

	def _check_sending(self) -> None:
		for address in split_emails(self.cc or ""):
			if not validate_email_address(address):
				frappe.throw(filled(_("{0} is not a valid email address."), bold(address)))
		opens, closes = as_time(self.opens), as_time(self.closes)
		if self.closes and closes <= opens:
			frappe.throw(filled(_("{0} must be later than {1}."), _("Until"), _("From")))
		if self.time_zone:
			try:
				ZoneInfo(self.time_zone)
			except (ZoneInfoNotFoundError, ValueError, OSError):
				frappe.throw(filled(_("{0} is not a known time zone."), bold(self.time_zone)))
		if self.print_format:
			of = frappe.db.get_value(
				"Print Format", self.print_format, ["doc_type", "disabled"], as_dict=True
			)
			if not of or of.doc_type != CUSTOMER_STATEMENT or of.disabled:
				frappe.throw(
					filled(
						_("{0} is not a print format of {1} in use."),
						bold(self.print_format),
						_(CUSTOMER_STATEMENT),
					)
				)

	def _check_overlap(self) -> None:
		found = schedules.overlap(self)
		if found:
			other, customer = found
			frappe.throw(
				filled(
					_(
						"{0} already sends statements for the same closing days to {1}. Narrow one of the schedules, or set its mode to Off."
					),
					bold(other),
					bold(customer),
				),
				title=_("Overlapping Schedule"),
			)

	def before_save(self) -> None:
		"""Only who sees a company's figures sends its statements."""
		if not self.flags.ignore_permissions:
			check_company(self.company)

	def on_trash(self) -> None:
		"""A schedule that has told customers something stays, as their statements name it."""
		if frappe.db.exists(CUSTOMER_STATEMENT, {"schedule": self.name}):
			frappe.throw(
				filled(
					_(
						"{0} has been used to send statements and must stay on record. Set its mode to Off instead."
					),
					bold(self.title),
				)
			)
