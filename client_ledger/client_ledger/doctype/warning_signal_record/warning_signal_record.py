"""Warning Signal Record: a row of Warning Signal."""

from client_ledger.site.documents import LedgerDocument


class WarningSignalRecord(LedgerDocument):
	"""Changed through its document."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		already_bad: DF.Int
		bad: DF.Int
		base_rate: DF.Percent
		chance: DF.Float
		company: DF.Link | None
		customers: DF.Int
		is_on: DF.Check
		judged: DF.Int
		lead_days: DF.Float
		lift: DF.Float
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		raised: DF.Int
		since: DF.Date | None
		unknown: DF.Int
		until: DF.Date | None
		verdict: DF.Literal["Beats the Base Rate", "Too Few to Tell", "No Better than the Base Rate"]
		waiting: DF.Int
	# end: auto-generated types
