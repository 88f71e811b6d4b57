"""The ledger reader: runs the queries, hands core dataclasses out. It reads and never decides.

base (what all share)  ->  open_items, settlements, reconciliation, sales  ->  pages, balances  ->  Ledger
"""

from client_ledger.ledger.balances import AccountSum, CustomerBalance, CustomerBalanceReading
from client_ledger.ledger.base import DEFAULT_ADVANCE_DOCTYPES
from client_ledger.ledger.flows import FlowReading
from client_ledger.ledger.pages import PagesReading
from client_ledger.ledger.reconciliation import ReconciliationReading
from client_ledger.ledger.results import (
	Activity,
	Cursor,
	GLReconciliation,
	Page,
	Scope,
	SearchTerm,
	TradeRow,
	Unbilled,
	UnbilledDelivery,
	UnbilledOrder,
	VoucherDifference,
)
from client_ledger.ledger.rows import as_date
from client_ledger.ledger.sales import SalesReading

__all__ = (
	"DEFAULT_ADVANCE_DOCTYPES",
	"AccountSum",
	"Activity",
	"Cursor",
	"CustomerBalance",
	"GLReconciliation",
	"Ledger",
	"Page",
	"Scope",
	"SearchTerm",
	"TradeRow",
	"Unbilled",
	"UnbilledDelivery",
	"UnbilledOrder",
	"VoucherDifference",
	"as_date",
)


class Ledger(PagesReading, CustomerBalanceReading, ReconciliationReading, SalesReading, FlowReading):
	"""The customer ledger of one database, as of any date.

	precision: decimals at which an amount counts as zero (ERPNext: currency precision).
	advance_doctypes: orders that payments are made against before there is an invoice.
	"""
