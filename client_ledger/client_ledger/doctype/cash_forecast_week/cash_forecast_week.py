"""Cash Forecast Week: one week of a forecast, and what came in it."""

from client_ledger.site.documents import LedgerDocument


class CashForecastWeek(LedgerDocument):
	"""A row of a Cash Forecast."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		by_due_date: DF.Currency
		came: DF.Currency
		currency: DF.Link | None
		expected: DF.Currency
		from_date: DF.Date | None
		high: DF.Currency
		is_over: DF.Check
		low: DF.Currency
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
