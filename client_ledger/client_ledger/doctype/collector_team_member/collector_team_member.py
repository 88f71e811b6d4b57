"""Collector Team Member: a collector, with the share of the work and who stands in."""

from client_ledger.site.documents import LedgerDocument


class CollectorTeamMember(LedgerDocument):
	"""A collector, with the share of the work and who stands in."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		away_from: DF.Date | None
		away_until: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		share: DF.Int
		substitute: DF.Link | None
		user: DF.Link
	# end: auto-generated types
