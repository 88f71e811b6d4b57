"""The ledgers of many customers over a period, read together: a handful of statements, however many customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.entries import SALES_INVOICE, Entry
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.core.movements import (
	LedgerLine,
	Movement,
	Opening,
	ledger_order,
	movements,
)
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger import queries
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.ledger.rows import as_entry


@dataclass(frozen=True, slots=True)
class PeriodLedger:
	"""A customer's ledger: the balance before, the lines of the period oldest first, the balance after."""

	opening: Opening
	lines: list[LedgerLine]
	closing: Opening


def period_ledgers(
	ledger: Ledger,
	scope: Scope,
	since: date,
	until: date,
	currency: str | None = None,
	items: Sequence[OpenItem] | None = None,
) -> dict[str, PeriodLedger]:
	"""Return the ledger from *since* to *until* of each customer with a movement then or a balance before.

	currency: only accounts in it. The companies of *scope* must share one company currency. items: what is open on *until*,
	by terms, where the caller has it already.
	"""
	of_customers = scope.customers is not None
	parameters = ledger._parameters(scope, until, currency)
	openings = _balances(ledger, of_customers, {**parameters, "as_of": since - timedelta(days=1)})
	by_customer: dict[str, list[Entry]] = {}
	for row in ledger.database.rows(queries.period_entries(of_customers), {**parameters, "since": since}):
		entry = as_entry(row)
		by_customer.setdefault(entry.customer, []).append(entry)
	names = {
		e.voucher.name for rows in by_customer.values() for e in rows if e.voucher.doctype == SALES_INVOICE
	}
	items = ledger.open_items(scope, until) if items is None else items
	statuses = ledger.line_statuses(names, items, parameters)
	found = {}
	for customer in sorted({*openings, *by_customer}):
		opening = openings.get(customer) or Opening({}, ZERO)
		entries = sorted(by_customer.get(customer, ()), key=ledger_order)
		rows = movements(entries, ledger.accounts, opening)
		if rows or opening.base or any(opening.by_currency.values()):
			lines = [statuses.line(customer, row) for row in rows]
			found[customer] = PeriodLedger(opening, lines, _after(opening, rows))
	return found


def _balances(ledger: Ledger, of_customers: bool, parameters: Mapping) -> dict[str, Opening]:
	"""Return the balance of each customer on the as-of date of *parameters*."""
	sums: dict[str, dict[str, Decimal]] = {}
	base: dict[str, Decimal] = {}
	for customer, account, base_amount, amount in ledger.database.rows(
		queries.ledger_balances(of_customers), parameters
	):
		by_currency, currency = sums.setdefault(customer, {}), ledger.accounts[account].currency
		by_currency[currency] = by_currency.get(currency, ZERO) + as_money(amount)
		base[customer] = base.get(customer, ZERO) + as_money(base_amount)
	return {
		customer: Opening(
			{currency: rounded(amount, ledger.precision) for currency, amount in by_currency.items()},
			rounded(base[customer], ledger.precision),
		)
		for customer, by_currency in sums.items()
	}


def _after(opening: Opening, rows: list[Movement]) -> Opening:
	"""Return the balance after *rows*: the last balance of each currency."""
	by_currency = {**opening.by_currency, **{row.currency: row.balance for row in rows}}
	return Opening(by_currency, rows[-1].base_balance if rows else opening.base)
