"""The ledger reader: runs the queries, hands core dataclasses out. It reads and never decides.

reading (what all share)  ->  open_items, settling, comparing, trading  ->  pages, standing  ->  Ledger
"""

from client_ledger.ledger.balances import AccountSum, Standing, StandingReading
from client_ledger.ledger.base import DEFAULT_ADVANCE_DOCTYPES
from client_ledger.ledger.flows import FlowReading
from client_ledger.ledger.pages import PagesReading
from client_ledger.ledger.reconciliation import ComparisonReading
from client_ledger.ledger.results import (
	Activity,
	Cursor,
	Page,
	Scope,
	Sought,
	Tie,
	TradeRow,
	Unbilled,
	UnbilledDelivery,
	UnbilledOrder,
	VoucherDifference,
)
from client_ledger.ledger.rows import as_date
from client_ledger.ledger.sales import TradeReading

__all__ = (
	"DEFAULT_ADVANCE_DOCTYPES",
	"AccountSum",
	"Activity",
	"Cursor",
	"Ledger",
	"Page",
	"Scope",
	"Sought",
	"Standing",
	"Tie",
	"TradeRow",
	"Unbilled",
	"UnbilledDelivery",
	"UnbilledOrder",
	"VoucherDifference",
	"as_date",
)


class Ledger(PagesReading, StandingReading, ComparisonReading, TradeReading, FlowReading):
	"""The customer ledger of one database, as of any date.

	precision: decimals at which an amount counts as zero (ERPNext: currency precision).
	advance_doctypes: orders that payments are made against before there is an invoice.
	"""
