"""Client Ledger Settings: how accounts are aged and calculated, for the whole site."""

import frappe
from frappe import _
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import cint, flt

from client_ledger.accounts.columns import BUCKET_FIELDS
from client_ledger.core.ageing import bucket_labels
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled
from client_ledger.site.settings import parse_ranges

CALCULATED_WITH = (
	"ageing_ranges",
	"long_overdue_days",
	"late_tolerance_days",
	"history_months",
	"share_a",
	"share_b",
)
MOST_MONTHS = 120
MOST_BACKUP_DAYS = 365
MOST_DISPUTE_DAYS = 365


class ClientLedgerSettings(LedgerDocument):
	"""Changing what accounts are calculated with queues a rebuild of all of them."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.archive_rule.archive_rule import ArchiveRule

		accounts_refreshed_on: DF.Datetime | None
		ageing_ranges: DF.Data
		archive: DF.Check
		archive_head_to: DF.SmallText | None
		archive_invoice_pdf: DF.Check
		archive_rules: DF.Table[ArchiveRule]
		archive_years: DF.Int
		backup_alert_user: DF.Link | None
		backup_alerts_to: DF.Literal["System Managers", "System Managers and Auditors"]
		backup_max_age: DF.Int
		backups_copied_elsewhere: DF.Check
		check_dispute_days: DF.Int
		credit_checks: DF.Literal["Off", "Warn", "Hold"]
		history_months: DF.Int
		kpi_activity_type: DF.Link | None
		kpi_month_ends: DF.Check
		late_tolerance_days: DF.Int
		limits_by_approval: DF.Check
		long_overdue_days: DF.Int
		made_once: DF.SmallText | None
		monthly_check_lists: DF.Check
		quarterly_check_lists: DF.Check
		share_a: DF.Percent
		share_b: DF.Percent
		yearly_check_lists: DF.Check
	# end: auto-generated types

	def validate(self) -> None:
		"""Throw for what cannot be calculated with, and name the value."""
		self._validate_ranges()
		if cint(self.long_overdue_days) < 1:
			frappe.throw(filled(_("{0} must be at least 1."), self._label("long_overdue_days")))
		if cint(self.late_tolerance_days) < 0:
			frappe.throw(filled(_("{0} cannot be negative."), self._label("late_tolerance_days")))
		if not 1 <= cint(self.history_months) <= MOST_MONTHS:
			frappe.throw(
				filled(_("{0} must be between 1 and {1}."), self._label("history_months"), MOST_MONTHS)
			)
		if not 1 <= cint(self.backup_max_age) <= MOST_BACKUP_DAYS:
			frappe.throw(
				filled(_("{0} must be between 1 and {1}."), self._label("backup_max_age"), MOST_BACKUP_DAYS)
			)
		if not 1 <= cint(self.check_dispute_days) <= MOST_DISPUTE_DAYS:
			frappe.throw(
				filled(
					_("{0} must be between 1 and {1}."), self._label("check_dispute_days"), MOST_DISPUTE_DAYS
				)
			)
		if not 0 < flt(self.share_a) < flt(self.share_b) <= 100:
			frappe.throw(
				filled(
					_("{0} must be more than 0 and less than {1}, and {1} at most 100."),
					self._label("share_a"),
					self._label("share_b"),
				)
			)

	def on_update(self) -> None:
		"""Rename the ageing columns and rebuild the accounts where the change matters."""
		before = self.get_doc_before_save()
		set_bucket_labels(self.ageing_ranges)
		if before and any(str(before.get(field)) != str(self.get(field)) for field in CALCULATED_WITH):
			frappe.enqueue("client_ledger.tasks.rebuild_all", queue="long", enqueue_after_commit=True)

	def _validate_ranges(self) -> None:
		try:
			ranges = parse_ranges(self.ageing_ranges)
		except ValueError:
			frappe.throw(
				filled(
					_("{0} must be four increasing numbers of days such as 30, 60, 90, 120, not {1}."),
					self._label("ageing_ranges"),
					bold(self.ageing_ranges),
				)
			)
		self.ageing_ranges = ", ".join(str(days) for days in ranges)

	def _label(self, field: str) -> str:
		return bold(_(self.meta.get_label(field)))


def set_bucket_labels(ageing_ranges: str) -> None:
	"""Name the ageing columns of Client Account after the ranges, in forms, lists, reports and exports alike."""
	meta = frappe.get_meta("Client Account")
	for field, label in zip(BUCKET_FIELDS, bucket_labels(parse_ranges(ageing_ranges)), strict=True):
		if meta.get_label(field) != label:
			make_property_setter(
				"Client Account", field, "label", label, "Data", validate_fields_for_doctype=False
			)
