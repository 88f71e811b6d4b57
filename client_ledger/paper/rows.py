"""The rows of a statement as papers list them: movements, or open items with a running balance."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.paper.style import PaperStyle, StatusTexts


class StatementRow(NamedTuple):
	"""One line. `debit`, `credit`, `balance`, `amount` and `outstanding` are in `currency`, base ones in the company's.

	amount: what the voucher, or the term of it, was for; a credit is negative.
	"""

	customer: str
	posting_date: date
	voucher: Voucher
	against: tuple[Voucher, ...]
	due_date: date | None
	status: str
	days_late: int | None
	currency: str
	debit: Decimal
	credit: Decimal
	balance: Decimal
	base_debit: Decimal
	base_credit: Decimal
	base_balance: Decimal
	amount: Decimal
	base_amount: Decimal
	outstanding: Decimal
	base_outstanding: Decimal


def listed_rows(figures: StatementFigures, style: PaperStyle) -> Iterator[StatementRow]:
	"""Yield the rows of what the statement covers first: its movements, or its open items where it has those only."""
	return item_rows(figures, style) if figures.open_only else activity_rows(figures, style)


def activity_rows(figures: StatementFigures, style: PaperStyle) -> Iterator[StatementRow]:
	"""Yield the movements, oldest first."""
	texts = StatusTexts(style.translate)
	for line in figures.lines:
		yield StatementRow(
			line.customer,
			line.posting_date,
			line.voucher,
			line.against,
			line.due_date,
			texts.of(line.status, line.days_late, line.is_disputed),
			line.days_late,
			line.currency,
			line.debit,
			line.credit,
			line.balance,
			line.base_debit,
			line.base_credit,
			line.base_balance,
			line.debit - line.credit,
			line.base_debit - line.base_credit,
			line.outstanding,
			line.base_outstanding,
		)


def item_rows(figures: StatementFigures, style: PaperStyle) -> Iterator[StatementRow]:
	"""Yield the open items, oldest first, each with the sum of those so far."""
	texts = StatusTexts(style.translate)
	sums: dict[str, Decimal] = {}
	base = ZERO
	for item in figures.open_items:
		sums[item.currency] = sums.get(item.currency, ZERO) + item.outstanding
		base += item.base_outstanding
		yield StatementRow(
			item.customer,
			item.posting_date,
			item.voucher,
			(),
			item.due_date,
			texts.of(item.status, item.days_late, item.is_disputed),
			item.days_late,
			item.currency,
			max(item.outstanding, ZERO),
			max(-item.outstanding, ZERO),
			sums[item.currency],
			max(item.base_outstanding, ZERO),
			max(-item.base_outstanding, ZERO),
			base,
			item.amount,
			item.base_amount,
			item.outstanding,
			item.base_outstanding,
		)
