"""Reads the book that KPIs are made of, for one company. Customers in batches; what was open on a day for all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.flows import months_before
from client_ledger.core.kpis.inputs import AT_RISK_AFTER, MONTHS_BACK
from client_ledger.core.kpis.reading import money_rows, move_rows, open_rows, sale_rows
from client_ledger.core.kpis.rows import InvoiceRow, KpiBook, MoveRow, SaleRow, Window
from client_ledger.core.money import ZERO
from client_ledger.ledger import queries
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.ledger.rows import as_entry

_BATCH = 400
Disputed = Mapping[tuple[str, str | None], Decimal]


def read_book(
	ledger: Ledger,
	company: str,
	customers: Sequence[str],
	windows: Iterable[Window],
	disputed: Mapping[date, Disputed] | None = None,
) -> KpiBook:
	"""Return the book of *company* with all that the *windows* need, but promises, disputes and costs, which no ledger holds.

	customers: all that the company deals with. disputed: amounts by day, and by voucher and payment term (None: all of it).
	"""
	windows = list(windows)
	disputed = disputed or {}
	last = max(window.as_of for window in windows)
	days = sorted({day for window in windows for day in window.needs()})
	whole = Scope((company,))
	sales: list[SaleRow] = []
	invoices: list[InvoiceRow] = []
	moves: list[MoveRow] = []
	since = min(months_before(last, MONTHS_BACK - 1), min(days) - timedelta(days=2 * AT_RISK_AFTER))
	month = min(window.month_before for window in windows) + timedelta(days=1)
	first = min(window.before.eve for window in windows)
	for batch in chunks(sorted(customers), _BATCH):
		scope = Scope((company,), tuple(batch))
		own = {
			name: invoice
			for name, invoice in ledger.invoices_of(scope, last).items()
			if ledger.accounts[invoice.account].company == company
		}
		sales += sale_rows(invoice for invoice in own.values() if invoice.posting_date >= since)
		invoices += _invoices(ledger, scope, last, first)
		parameters = {**ledger._parameters(scope, last), "since": month}
		entries = [as_entry(row) for row in ledger.database.rows(queries.period_entries(True), parameters)]
		moves += move_rows((entry for entry in entries if entry.posting_date <= last), own)
	received, written_off = money_rows(ledger.flows(whole, min(days), last, True))
	return KpiBook(
		{day: open_rows(ledger.open_items(whole, day), disputed.get(day)) for day in days},
		sales,
		invoices,
		received,
		written_off,
		moves=moves,
		general_ledger={last: general_ledger(ledger, company, last)},
	)


def _invoices(ledger: Ledger, scope: Scope, last: date, first: date) -> list[InvoiceRow]:
	"""Return the invoices that were settled, or became 90 days overdue, after *first*: those of before are in no window."""
	found = []
	for row in ledger.trade_rows(scope, last):
		due = row.due_date or row.posting_date
		is_settled = row.settled_on is not None and row.settled_on > first
		if is_settled or first < due + timedelta(days=AT_RISK_AFTER) <= last:
			found.append(
				InvoiceRow(row.name, row.customer, row.posting_date, due, row.base_amount, row.settled_on)
			)
	return found


def general_ledger(ledger: Ledger, company: str, day: date) -> Decimal:
	"""Return the balance of the receivable accounts in the General Ledger."""
	found = ledger.reconcile(Scope((company,)), day).values()
	return sum((row.general_ledger for row in found), ZERO)
