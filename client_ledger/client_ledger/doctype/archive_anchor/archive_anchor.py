"""Archive Anchor: the head of a chain on a day, as it was mailed outside."""

from client_ledger.client_ledger.doctype.ledger_archive.ledger_archive import AppendOnly
from client_ledger.ledger.indexes import Index, make_index


class ArchiveAnchor(AppendOnly):
	"""One per chain and day."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		anchor_key: DF.Data | None
		chain: DF.Data | None
		company: DF.Link
		entry_hash: DF.Data | None
		recipients: DF.SmallText | None
		sequence: DF.Int
		taken_on: DF.Datetime | None
	# end: auto-generated types


def on_doctype_update() -> None:
	"""One head per chain and day, whoever writes it."""
	make_index(Index("cl_archive_anchor", "Archive Anchor", ("anchor_key",), unique=True))
