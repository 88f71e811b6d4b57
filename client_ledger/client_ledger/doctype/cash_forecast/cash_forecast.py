"""Cash Forecast: what was expected of 13 weeks at the end of a Sunday, as it was said then, and what came."""

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class CashForecast(LedgerDocument):
	"""Made by the weekly job; what came is brought up to date while its weeks go on."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.cash_forecast_week.cash_forecast_week import CashForecastWeek

		by_customer: DF.LongText | None
		came: DF.SmallText | None
		came_near: DF.Currency
		company: DF.Link
		currency: DF.Link
		day: DF.Date
		details: DF.LongText | None
		due_near: DF.Currency
		expected_near: DF.Currency
		expected_total: DF.Currency
		first_day: DF.Date | None
		made: DF.LongText | None
		miss: DF.Literal["", "Below P10", "Above P90", "Large Error"]
		miss_noted: DF.Check
		origin: DF.Literal["Weekly", "Caught Up", "Replayed"]
		title: DF.Data | None
		weeks: DF.Table[CashForecastWeek]
		weeks_over: DF.Int
		weeks_within: DF.Int
	# end: auto-generated types


def on_doctype_update() -> None:
	"""One forecast per company, currency and day."""
	make_index(Index("cl_cash_forecast_key", "Cash Forecast", ("company", "currency", "day"), unique=True))
