"""Ledger Archive File: a file of an entry, which lies in the private files under its SHA-256."""

from client_ledger.site.documents import LedgerDocument


class LedgerArchiveFile(LedgerDocument):
	"""Written with its entry."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		file_name: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		sha256: DF.Data | None
		size: DF.Int
	# end: auto-generated types
