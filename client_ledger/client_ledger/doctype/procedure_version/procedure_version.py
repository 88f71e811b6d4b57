"""Procedure Version: what a procedure said, and what had changed."""

from frappe import _

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.refusals import refuse


class ProcedureVersion(LedgerDocument):
	"""Written once, never by hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		content: DF.Code | None
		made_by: DF.Link | None
		made_on: DF.Datetime | None
		procedure: DF.Link | None
		version: DF.Int
		version_key: DF.Data | None
		what_changed: DF.SmallText | None
	# end: auto-generated types

	# Every change is refused, on record, by validate.
	restores_owned = True

	def validate(self) -> None:
		"""Refuse what is not written by the action."""
		if not self.flags.ignore_permissions or not self.is_new():
			self._refuse()

	def on_trash(self) -> None:
		"""It stays on record."""
		self._refuse()

	def _refuse(self) -> None:
		refuse(
			self,
			_("A Procedure Version stays as it was, and is kept by the procedure itself."),
		)
