"""One customer with one company: the figures of its account, rolled up from open items and history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from client_ledger.core.ageing import DEFAULT_RANGES, Ageing, Basis, age_items
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.core.status import LONG_OVERDUE_DAYS, PaymentStatus, payment_status


@dataclass(frozen=True, slots=True)
class AccountKey:
	"""A customer as seen by one company."""

	customer: str
	company: str


@dataclass(slots=True)
class Position:
	"""What a customer owes a company on one date, in company currency; `currencies` per account currency.

	balance: all open items. receivable: those the customer owes. unallocated: credits (positive).
	overdue: owed and past due. oldest_overdue_days: of the oldest item owed, 0 if none is overdue.
	"""

	balance: Decimal
	receivable: Decimal
	unallocated: Decimal
	overdue: Decimal
	ageing: Ageing
	oldest_due_date: date | None
	oldest_overdue_days: int
	open_items: int
	status: PaymentStatus
	currencies: dict[str, Decimal] = field(default_factory=dict)


def position(
	items: Iterable[OpenItem],
	as_of: date,
	ranges: Sequence[int] = DEFAULT_RANGES,
	basis: Basis = "due",
	long_overdue_after: int = LONG_OVERDUE_DAYS,
) -> Position:
	"""Return the position of one customer and company from its open items (days, company currency)."""
	items = list(items)
	owed = [item for item in items if not item.is_credit]
	overdue = [item for item in owed if item.due_date < as_of]
	oldest = min((item.due_date for item in overdue), default=None)
	oldest_days = (as_of - oldest).days if oldest else 0
	receivable = sum((item.base_outstanding for item in owed), ZERO)
	balance = sum((item.base_outstanding for item in items), ZERO)
	currencies: dict[str, Decimal] = {}
	for item in items:
		currencies[item.currency] = currencies.get(item.currency, ZERO) + item.outstanding
	return Position(
		balance=balance,
		receivable=receivable,
		unallocated=receivable - balance,
		overdue=sum((item.base_outstanding for item in overdue), ZERO),
		ageing=age_items(items, as_of, ranges, basis),
		oldest_due_date=oldest,
		oldest_overdue_days=oldest_days,
		open_items=len(items),
		status=payment_status(receivable, oldest_days, long_overdue_after),
		currencies=currencies,
	)


def positions(
	items: Iterable[OpenItem],
	as_of: date,
	ranges: Sequence[int] = DEFAULT_RANGES,
	basis: Basis = "due",
	long_overdue_after: int = LONG_OVERDUE_DAYS,
) -> Mapping[AccountKey, Position]:
	"""Return the position of every customer and company that has open items."""
	by_account: dict[AccountKey, list[OpenItem]] = {}
	for item in items:
		by_account.setdefault(AccountKey(item.customer, item.company), []).append(item)
	return {key: position(rows, as_of, ranges, basis, long_overdue_after) for key, rows in by_account.items()}
