"""From what is read of a customer's ledger, or of a parent's and its subsidiaries', to the figures of one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from client_ledger.core.ageing import DEFAULT_RANGES, age_items
from client_ledger.core.amount_due import AmountDue
from client_ledger.core.collections.disputes import TermItemKey, disputed_part
from client_ledger.core.money import ZERO
from client_ledger.core.movements import LedgerLine, Opening, item_place, ledger_place
from client_ledger.core.open_items import OpenItem
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import BankDetails, Coverage, StatedAmountDue, StatedItem, StatedLine
from client_ledger.core.status import item_status


@dataclass(frozen=True, slots=True)
class CustomerLedger:
	"""What is read of one customer for a statement. lines: from the opening to the closing balance, oldest first.

	disputed: what of items is in dispute, which may be that of other customers, too. due: what it is asked for, per currency.
	"""

	customer: str
	customer_name: str
	opening: Opening
	lines: Sequence[LedgerLine]
	closing: Opening
	items: Sequence[OpenItem]
	disputed: Mapping[TermItemKey, Decimal]
	due: Sequence[tuple[str, AmountDue]] = ()


@dataclass(frozen=True, slots=True)
class StatementAsked:
	"""Which statement: of a company, in `currency` (None: in all), from `from_date` (None: the beginning) to `as_of`."""

	company: str
	company_currency: str
	as_of: date
	from_date: date | None = None
	coverage: Coverage = Coverage.ACTIVITY
	currency: str | None = None
	bank: BankDetails | None = None


def build_figures(asked: StatementAsked, ledgers: Sequence[CustomerLedger]) -> StatementFigures:
	"""Return the figures of a statement of *ledgers*, made out to the first of them. Raises ValueError without one."""
	if not ledgers:
		raise ValueError("a statement needs a customer")
	items = [item for ledger in ledgers for item in _of_currency(ledger.items, asked.currency)]
	disputed = {ledger.customer: ledger.disputed for ledger in ledgers}
	if asked.coverage is Coverage.OPEN_ITEMS:
		opening, lines, closing = Opening({}, ZERO), (), _sum(items)
	else:
		opening, closing = _add(l.opening for l in ledgers), _add(l.closing for l in ledgers)
		used = {line.movement.currency for ledger in ledgers for line in ledger.lines}
		used |= {c for o in (opening, closing) for c, amount in o.by_currency.items() if amount}
		opening, closing = _in(opening, used), _in(closing, used)
		lines = tuple(_lines(opening, ledgers))
	currencies = sorted({item.currency for item in items})
	first = ledgers[0]
	return StatementFigures(
		first.customer,
		first.customer_name,
		tuple((ledger.customer, ledger.customer_name) for ledger in ledgers),
		asked.company,
		asked.company_currency,
		asked.currency,
		asked.coverage,
		None if asked.coverage is Coverage.OPEN_ITEMS else asked.from_date,
		asked.as_of,
		opening,
		lines,
		closing,
		tuple(_item(item, asked.as_of, disputed[item.customer]) for item in sorted(items, key=item_place)),
		{c: age_items(_of_currency(items, c), asked.as_of, DEFAULT_RANGES, base=False) for c in currencies},
		age_items(items, asked.as_of, DEFAULT_RANGES),
		tuple(
			_due(ledger.customer, currency, amount)
			for ledger in ledgers
			for currency, amount in ledger.due
			if asked.currency in (None, currency)
		),
		asked.bank,
	)


def _of_currency(items: Iterable[OpenItem], currency: str | None) -> list[OpenItem]:
	return [item for item in items if currency in (None, item.currency)]


def _lines(opening: Opening, ledgers: Sequence[CustomerLedger]) -> Iterable[StatedLine]:
	"""Yield the lines of all ledgers in the order of one, with balances that run over all of them."""
	found = [(line, ledger) for ledger in ledgers for line in ledger.lines]
	if len(ledgers) > 1:
		found.sort(key=lambda pair: ledger_place(pair[0].movement.posting_date, *pair[0].movement.voucher))
	balances, base_balance = dict(opening.by_currency), opening.base
	for line, ledger in found:
		moved = line.movement
		balances[moved.currency] = balances.get(moved.currency, ZERO) + moved.debit - moved.credit
		base_balance += moved.base_debit - moved.base_credit
		disputed = disputed_part(ledger.disputed, TermItemKey(moved.voucher), line.outstanding)
		yield StatedLine(
			ledger.customer,
			moved.posting_date,
			moved.voucher,
			moved.against,
			line.due_date,
			line.status,
			line.days_late,
			moved.currency,
			moved.debit,
			moved.credit,
			balances[moved.currency],
			moved.base_debit,
			moved.base_credit,
			base_balance,
			line.outstanding,
			line.base_outstanding,
			disputed > 0,
		)


def _item(item: OpenItem, as_of: date, disputed: Mapping[TermItemKey, Decimal]) -> StatedItem:
	return StatedItem(
		item.customer,
		item.posting_date,
		item.voucher,
		item.term,
		None if item.is_credit else item.due_date,
		item_status(item.amount, item.outstanding, item.due_date, as_of),
		None if item.is_credit else item.days_overdue(as_of),
		item.currency,
		item.amount,
		item.base_amount,
		item.outstanding,
		item.base_outstanding,
		disputed_part(disputed, TermItemKey(item.voucher, item.term), item.outstanding) > 0,
	)


def _due(customer: str, currency: str, amount: AmountDue) -> StatedAmountDue:
	return StatedAmountDue(
		customer, currency, amount.overdue, amount.withheld, amount.credits, amount.net, amount.base_net
	)


def _sum(items: Iterable[OpenItem]) -> Opening:
	by_currency: dict[str, Decimal] = {}
	base = ZERO
	for item in items:
		by_currency[item.currency] = by_currency.get(item.currency, ZERO) + item.outstanding
		base += item.base_outstanding
	return Opening(by_currency, base)


def _add(openings: Iterable[Opening]) -> Opening:
	by_currency: dict[str, Decimal] = {}
	base = ZERO
	for opening in openings:
		for currency, amount in opening.by_currency.items():
			by_currency[currency] = by_currency.get(currency, ZERO) + amount
		base += opening.base
	return Opening(by_currency, base)


def _in(opening: Opening, currencies: Iterable[str]) -> Opening:
	"""Return a balance in exactly these currencies, however it was read."""
	return Opening({c: opening.by_currency.get(c, ZERO) for c in sorted(currencies)}, opening.base)
