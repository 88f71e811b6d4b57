"""Procedure Reading: somebody has read and understood a version."""

from frappe import _

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.refusals import refuse


class ProcedureReading(LedgerDocument):
	"""Written once, never by hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		procedure: DF.Link | None
		read_on: DF.Datetime | None
		reading_key: DF.Data | None
		user: DF.Link | None
		user_full_name: DF.Data | None
		version: DF.Int
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
			_("A Procedure Reading is made with the button on the procedure, and stays on record."),
		)
