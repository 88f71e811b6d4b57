"""Small ledgers read as a reader of statements reads them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.amount_due import amounts_due
from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.entries import Entry
from client_ledger.core.movements import Opening, describe, ledger_order, movements
from client_ledger.core.open_items import resolve
from client_ledger.core.statements.build import CustomerLedger, StatementAsked
from client_ledger.core.statements.parts import BankDetails, Coverage
from tests.unit.core.ledgers import DAY, TWO, facts_of

AS_OF = DAY + timedelta(days=60)
BANK = BankDetails("Testers", "", iban="DE89 3704")


def read(
	customer: str,
	entries: Iterable[Entry],
	since: date = DAY,
	disputed: Mapping[TermItemKey, Decimal] | None = None,
	as_of: date = AS_OF,
) -> CustomerLedger:
	"""Return what a reader would of one customer's *entries*, oldest first."""
	entries = sorted((e for e in entries if e.posting_date <= as_of), key=ledger_order)
	before = [e for e in entries if e.posting_date < since]
	opening = _sum(before)
	items = [item for item in resolve(facts_of(entries, accounts=TWO)) if item.customer == customer]
	lines = []
	for moved in movements([e for e in entries if e.posting_date >= since], TWO, opening):
		own = [i for i in items if (i.voucher, i.currency) == (moved.voucher, moved.currency)]
		lines.append(describe(moved, own, None, None, as_of))
	due = [(party.currency, due) for party, due in sorted(amounts_due(items, items, as_of).items())]
	return CustomerLedger(
		customer, f"{customer} & Co", opening, lines, _sum(entries), items, disputed or {}, due
	)


def _sum(entries: Iterable[Entry]) -> Opening:
	by_currency, base = {}, Decimal(0)
	for e in entries:
		currency = TWO[e.account].currency
		by_currency[currency] = by_currency.get(currency, Decimal(0)) + e.amount
		base += e.base_amount
	return Opening(by_currency, base)


def asked(
	coverage: Coverage = Coverage.BOTH, since: date = DAY, currency: str | None = None, as_of: date = AS_OF
) -> StatementAsked:
	"""Return which statement of the testers' company."""
	return StatementAsked("Testers", "USD", as_of, since, coverage, currency, BANK)
