"""What the checks of a period come to on a site: figures as of the period's end, and the documents behind them.

Each check returns Things (ties.py, documents.py); what they come to is counted here, the same for all.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from client_ledger.core.money import ZERO, rounded
from client_ledger.core.period_checks import Figure, PeriodCheck, fingerprint
from client_ledger.period_checks import documents, ties
from client_ledger.period_checks.books import PeriodBooks, Thing

# Of so many documents it is kept which they are; of all of them, how many and what they come to.
MOST_KEPT = 100


class CheckReading(NamedTuple):
	"""A check's figure, and as JSON the amounts per currency and the documents behind it."""

	figure: Figure
	details: str


def read(books: PeriodBooks, checks: Iterable[PeriodCheck]) -> list[CheckReading]:
	"""Return what *checks* find. Commits before accounts are compared with the ledger, for one snapshot of both."""
	return [_reading(check, READERS[check](books), books) for check in checks]


def _reading(check: PeriodCheck, things: Sequence[Thing], books: PeriodBooks) -> CheckReading:
	amounts: dict[str, Decimal] = {}
	base = ZERO
	for thing in things:
		currency = thing.currency or books.currency
		amounts[currency] = amounts.get(currency, ZERO) + thing.amount
		if thing.base_amount is not None:
			base += thing.base_amount
		elif currency == books.currency:
			base += thing.amount
	marks = fingerprint(
		(one.doctype, one.name, one.customer, one.text, f"{rounded(one.amount, 2):f}") for one in things
	)
	kept = sorted(things, key=lambda one: (-abs(one.base_amount or one.amount), one.name))[:MOST_KEPT]
	details: dict[str, Any] = {
		"amounts": [
			{"currency": code, "amount": float(rounded(amount, 2))}
			for code, amount in sorted(amounts.items())
			if amount
		],
		"rows": [_row(one, books.currency) for one in kept],
		"more": len(things) - len(kept),
	}
	if check is PeriodCheck.GENERAL_LEDGER:
		details["compared"] = books.compared
	figure = Figure(check, len(things), rounded(base, 2), marks)
	return CheckReading(figure, json.dumps(details, ensure_ascii=False))


def _row(one: Thing, currency: str) -> dict[str, Any]:
	return {
		"doctype": one.doctype,
		"name": one.name,
		"customer": one.customer,
		"date": str(one.day) if one.day else None,
		"amount": float(rounded(one.amount, 2)),
		"currency": one.currency or currency,
		"text": one.text,
	}


READERS: dict[PeriodCheck, Callable[[PeriodBooks], list[Thing]]] = {
	PeriodCheck.GENERAL_LEDGER: ties.general_ledger,
	PeriodCheck.CLIENT_ACCOUNTS: ties.client_accounts,
	PeriodCheck.RECEIPTS: documents.receipts,
	PeriodCheck.CREDIT_NOTES: documents.credit_notes,
	PeriodCheck.BANK: documents.bank_transactions,
	PeriodCheck.CONFIRMATIONS: documents.confirmations,
	PeriodCheck.DISPUTES: documents.disputes,
	PeriodCheck.CREDIT_BALANCES: documents.credit_balances,
	PeriodCheck.SHORTER_LISTS: documents.shorter_lists,
}
