"""Warning Signal Parameter: a row of Warning Signal."""

from client_ledger.site.documents import LedgerDocument


class WarningSignalParameter(LedgerDocument):
	"""Changed through its document."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		label: DF.Data | None
		least: DF.Float
		most: DF.Float
		parameter: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		shipped: DF.Float
		unit: DF.Data | None
		value: DF.Float
	# end: auto-generated types
