"""Archive Chain: where the archive of a company ends, and what its last check found."""

from client_ledger.client_ledger.doctype.ledger_archive.ledger_archive import AppendOnly
from client_ledger.ledger.indexes import Index, make_index


class ArchiveChain(AppendOnly):
	"""One per company. Its row is the lock under which entries are chained."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Link
		entry_hash: DF.Data | None
		findings: DF.LongText | None
		findings_count: DF.Int
		sequence: DF.Int
		status: DF.Literal["Not Verified", "Intact", "Findings"]
		verified_on: DF.Datetime | None
	# end: auto-generated types


def on_doctype_update() -> None:
	"""One chain per company, whoever writes it."""
	make_index(Index("cl_archive_company", "Archive Chain", ("company",), unique=True))
