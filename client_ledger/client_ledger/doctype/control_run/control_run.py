"""Control Run: what one control did for one company in one night."""

import frappe
from frappe import _

from client_ledger.site.documents import LedgerDocument


class ControlRun(LedgerDocument):
	"""The proof that a control has run: where it looked, with which parameters, and why it could say nothing."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		again_count: DF.Int
		company: DF.Link | None
		control: DF.Link | None
		control_title: DF.Data | None
		error: DF.SmallText | None
		found_count: DF.Int
		gone_count: DF.Int
		looked_at: DF.Datetime | None
		looked_where: DF.Literal["All", "Those That Changed"]
		new_count: DF.Int
		parameters: DF.JSON | None
		parameters_used: DF.Data | None
		run_date: DF.Date | None
		seconds: DF.Float
		silent: DF.SmallText | None
		status: DF.Literal["Done", "Nothing Changed", "Failed"]
		unique_key: DF.Data | None
	# end: auto-generated types

	def onload(self) -> None:
		"""Tell the form why the control was silent, in the reader's language."""
		self.set_onload("silent", _(self.silent) if self.silent else "")

	def on_trash(self) -> None:
		"""It stays on record."""
		frappe.throw(_("A Control Run stays on record and cannot be deleted."), frappe.PermissionError)
