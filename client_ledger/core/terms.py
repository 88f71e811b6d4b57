"""Payment terms: what is still open of each instalment of an invoice.

The order of settlement is ERPNext's (Accounts Receivable, Based On Payment Terms): amounts paid
expressly against a term first, other payments next to terms without such a payment, credit notes
last, each by due date. Unlike there, the parts always add up to what the ledger says is open.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.money import ZERO


class Term(NamedTuple):
	"""One row of an invoice's payment schedule, in the currency of the account and of the company.

	`paid` is what payments named this term for, discounts included, up to the as-of date.
	"""

	due_date: date
	name: str | None
	amount: Decimal
	base_amount: Decimal
	paid: Decimal = ZERO
	base_paid: Decimal = ZERO


class Split(NamedTuple):
	"""Open amount of each term, in the order given, and what was paid beyond all of them (never positive)."""

	open_amounts: list[Decimal]
	excess: Decimal


def split_outstanding(
	outstanding: Decimal,
	amounts: Sequence[Decimal],
	paid: Sequence[Decimal],
	due_dates: Sequence[date],
	credited: Decimal = ZERO,
) -> Split:
	"""Spread the outstanding amount of one invoice over its terms.

	outstanding: what the ledger says is open, all terms together.
	amounts, paid, due_dates: per term, what was invoiced, what was paid expressly against it, when it is due.
	credited: credit notes against the invoice (positive); only matters beside express payments.

	The result's parts and excess sum to `outstanding` exactly, all in the one currency given.
	"""
	opens = [amount - done for amount, done in zip(amounts, paid, strict=True)]
	unnamed = sum(amounts, ZERO) - credited - outstanding - sum(paid, ZERO)
	order = sorted(range(len(opens)), key=lambda i: (-paid[i], due_dates[i]))
	for i in order:
		if not paid[i]:
			unnamed = _settle(opens, i, unnamed)
		if opens[i]:
			credited = _settle(opens, i, credited)
	return _reconcile(opens, due_dates, outstanding)


def _settle(opens: list[Decimal], i: int, amount: Decimal) -> Decimal:
	"""Use *amount* on term *i*; return what is left. A negative amount (a refund) reopens the term."""
	used = min(amount, opens[i])
	opens[i] -= used
	return amount - used


def _reconcile(opens: list[Decimal], due_dates: Sequence[date], outstanding: Decimal) -> Split:
	"""Make the parts add up: an excess pays the oldest open term first, a shortfall belongs to the last."""
	opens = [max(amount, ZERO) for amount in opens]
	by_due = sorted(range(len(opens)), key=lambda i: due_dates[i])
	difference = outstanding - sum(opens, ZERO)
	if difference > 0:
		opens[by_due[-1]] += difference
		return Split(opens, ZERO)
	for i in by_due:
		used = min(-difference, opens[i])
		opens[i] -= used
		difference += used
	return Split(opens, difference)
