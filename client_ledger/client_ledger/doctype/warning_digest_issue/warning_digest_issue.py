"""Warning Digest Issue: one digest that was sent, with what it said."""

import frappe
from frappe import _

from client_ledger.early_warnings import retention
from client_ledger.site.documents import LedgerDocument


class WarningDigestIssue(LedgerDocument):
	"""Written when it is sent, never by hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		by_email: DF.Check
		content: DF.LongText | None
		issue_key: DF.Data | None
		issued_on: DF.Datetime | None
		names: DF.LongText | None
		robot: DF.Link | None
		subject: DF.Data | None
		user: DF.Link | None
		warnings: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse changes by hand."""
		if not self.flags.ignore_permissions:
			frappe.throw(_("A Warning Digest Issue cannot be edited."), frappe.PermissionError)

	@staticmethod
	def clear_old_logs(days: int = 180) -> None:
		"""Delete digests of more than *days* ago: Frappe's Log Settings call this every night."""
		retention.clear_issues(days)
