"""Robot Delivery: one message to a group robot, and what became of it."""

import frappe
from frappe import _

from client_ledger.group_robots import retention
from client_ledger.site.documents import LedgerDocument


class RobotDelivery(LedgerDocument):
	"""Written and changed by jobs and actions, never by hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		claimed_on: DF.Datetime | None
		code: DF.Data | None
		delivery_key: DF.Data | None
		detail: DF.SmallText | None
		message: DF.LongText | None
		next_try: DF.Datetime | None
		reason: DF.SmallText | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		robot: DF.Link | None
		sent_on: DF.Datetime | None
		status: DF.Literal["Waiting", "Sending", "Sent", "Failed", "Unknown", "Withdrawn"]
		title: DF.Data | None
		tries: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse changes by hand."""
		if not self.flags.ignore_permissions:
			frappe.throw(_("A Robot Delivery cannot be edited. Use its buttons."), frappe.PermissionError)

	@staticmethod
	def clear_old_logs(days: int = 180) -> None:
		"""Delete what ended more than *days* ago: Frappe's Log Settings call this every night."""
		retention.clear(days)
