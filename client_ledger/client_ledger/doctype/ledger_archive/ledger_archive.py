"""Ledger Archive: what the company told a customer or was told, kept as it was and chained. See client_ledger.archive."""

from typing import Any, NoReturn

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class AppendOnly(LedgerDocument):
	"""A document that code of ours writes and nobody changes, renames or deletes, whatever the role and the way."""

	def validate(self) -> None:
		"""Refuse what comes by form, REST, import or `frappe.client`; entries are inserted as rows."""
		self._refuse()

	def on_trash(self) -> None:
		"""Refuse to delete."""
		self._refuse()

	def before_rename(self, *names: Any) -> None:
		"""Refuse another name."""
		self._refuse()

	def db_set(self, *values: Any, **options: Any) -> None:
		"""Refuse to change a field past the document."""
		self._refuse()

	def _refuse(self) -> NoReturn:
		frappe.throw(
			filled(
				_(
					"{0} is written by Client Ledger alone. It cannot be entered, changed, renamed or deleted."
				),
				_(self.doctype),
			),
			frappe.PermissionError,
		)


class LedgerArchive(AppendOnly):
	"""One entry of the archive."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.ledger_archive_file.ledger_archive_file import (
			LedgerArchiveFile,
		)

		chain_key: DF.Data | None
		company: DF.Link
		content: DF.LongText | None
		content_hash: DF.Data | None
		customer: DF.Link | None
		date: DF.Date | None
		entry_hash: DF.Data | None
		entry_key: DF.Data | None
		figures: DF.LongText | None
		files: DF.Table[LedgerArchiveFile]
		kept_on: DF.Datetime | None
		kind: DF.Data
		legal_hold: DF.Check
		legal_hold_reason: DF.SmallText | None
		previous_hash: DF.Data | None
		purged_by: DF.Link | None
		purged_on: DF.Datetime | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		retention_until: DF.Date | None
		sequence: DF.Int
	# end: auto-generated types


def on_doctype_update() -> None:
	"""What keeps an entry from being there twice is in the database itself."""
	make_index(Index("cl_archive_key", "Ledger Archive", ("entry_key",), unique=True))
	make_index(Index("cl_archive_chain", "Ledger Archive", ("chain_key",), unique=True))
	make_index(Index("cl_archive_order", "Ledger Archive", ("company", "sequence")))
	make_index(Index("cl_archive_kind", "Ledger Archive", ("company", "kind", "retention_until")))
