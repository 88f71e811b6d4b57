"""What became of a statement: two figures of the same customers, and what differs between them, voucher by voucher.

	what was stated then + the differences = what would be stated now, per currency and in company currency, always

The figures alone tell a voucher that is new, gone, redated, changed or allocated otherwise. Why one is new or gone, only the
ledger tells: whoever can read it hands in how the vouchers stand now (`VoucherNow`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage


class Change(str, Enum):
	"""What happened to a voucher. The value is the English label, translated at the edge."""

	ENTERED = "Entered Since"
	CANCELLED = "Cancelled Since"
	REDATED = "Redated"
	AMENDED = "Amended"
	AMOUNT = "Amount Changed"
	ALLOCATION = "Allocation Changed"
	DUE_DATE = "Due Date Changed"
	# Without the ledger nobody knows whether it was cancelled, redated or settled.
	ADDED = "Not Stated Before"
	GONE = "Not Stated Any More"
	BEFORE = "Before the Period"


@dataclass(frozen=True, slots=True)
class VoucherNow:
	"""How a voucher stands in the ledger today. posting_date: None where there is no such document.

	is_new: entered after the statement was made. replaced_by: the one that amends it.
	"""

	posting_date: date | None
	is_cancelled: bool = False
	is_new: bool = False
	replaced_by: Voucher | None = None


class VoucherKey(NamedTuple):
	"""Whose voucher, in which currency."""

	customer: str
	voucher: Voucher
	currency: str


@dataclass(frozen=True, slots=True)
class Difference:
	"""What one voucher changes in one currency, or, where voucher is None, all that is older than the period.

	amount: what it adds to the closing balance; base_amount: in company currency. before, after: its dates and amounts in
	the two statements, None where it is in one only. replaces: the cancelled voucher that it amends, whose amount is taken off.
	"""

	customer: str
	voucher: Voucher | None
	currency: str | None
	changes: tuple[Change, ...]
	amount: Decimal
	base_amount: Decimal
	before: "StatedVoucher | None" = None
	after: "StatedVoucher | None" = None
	replaces: Voucher | None = None


@dataclass(frozen=True, slots=True)
class StatedVoucher:
	"""A voucher as a statement states it: what it adds to the balance, what is open of it, and what it settles.

	in_period: False for one that is older than the period, which is stated among the open items only.
	"""

	posting_date: date
	amount: Decimal
	base_amount: Decimal
	outstanding: Decimal
	base_outstanding: Decimal
	due_dates: tuple[date, ...]
	against: tuple[Voucher, ...]
	in_period: bool = True


def differences(
	before: StatementFigures, after: StatementFigures, now: Mapping[Voucher, VoucherNow] | None = None
) -> list[Difference]:
	"""Return what differs, by customer, currency, date and voucher.

	now: how vouchers that are in one of the figures only stand today, where that is known. Raises ValueError where the two
	are not of the same company, coverage, period and currency.
	"""
	_check(before, after)
	old, new, now = _vouchers(before), _vouchers(after), now or {}
	of_items = before.coverage is Coverage.OPEN_ITEMS
	found = []
	for key in old.keys() | new.keys():
		pair = (old.get(key), new.get(key))
		if pair[0] != pair[1]:
			found.append(_difference(key, *pair, now.get(key.voucher), of_items))
	found = _joined(found, now, of_items)
	found += _openings(before, after)
	return sorted(found, key=_place)


def unexplained(
	before: StatementFigures, after: StatementFigures, found: Iterable[Difference]
) -> tuple[dict[str, Decimal], Decimal]:
	"""Return what *found* leaves of the change of the closing balance, per currency and in company currency: nothing, ever."""
	found = list(found)
	currencies = {*before.closing.by_currency, *after.closing.by_currency}
	left = {}
	for currency in sorted(currencies):
		moved = sum((d.amount for d in found if d.currency == currency), ZERO)
		rest = (
			after.closing.by_currency.get(currency, ZERO)
			- before.closing.by_currency.get(currency, ZERO)
			- moved
		)
		if rest:
			left[currency] = rest
	base = after.closing.base - before.closing.base - sum((d.base_amount for d in found), ZERO)
	return left, base


def vouchers_to_look_up(before: StatementFigures, after: StatementFigures) -> set[Voucher]:
	"""Return the vouchers of which `differences` would like to know how they stand now: those in one of the figures only."""
	return {key.voucher for key in _vouchers(before).keys() ^ _vouchers(after).keys()}


def _check(before: StatementFigures, after: StatementFigures) -> None:
	for name in ("company", "company_currency", "coverage", "from_date", "as_of", "currency"):
		if getattr(before, name) != getattr(after, name):
			raise ValueError(f"statements of another {name} cannot be compared")


def _vouchers(figures: StatementFigures) -> dict[VoucherKey, StatedVoucher]:
	"""Return what is stated of each voucher: what makes the closing balance, and what is open of it."""
	found: dict[VoucherKey, StatedVoucher] = {}
	of_items = figures.coverage is Coverage.OPEN_ITEMS
	for line in figures.lines:
		key = VoucherKey(line.customer, line.voucher, line.currency)
		_add(
			found,
			key,
			StatedVoucher(
				line.posting_date,
				line.debit - line.credit,
				line.base_debit - line.base_credit,
				ZERO,
				ZERO,
				(),
				line.against,
			),
		)
	for item in figures.open_items:
		key = VoucherKey(item.customer, item.voucher, item.currency)
		amounts = (item.outstanding, item.base_outstanding)
		due = (item.due_date,) if item.due_date else ()
		# What is older than the period is in the opening balance.
		moved = amounts if of_items else (ZERO, ZERO)
		_add(found, key, StatedVoucher(item.posting_date, *moved, *amounts, due, (), of_items))
	return found


def _add(found: dict[VoucherKey, StatedVoucher], key: VoucherKey, more: StatedVoucher) -> None:
	known = found.get(key)
	if known is None:
		found[key] = more
		return
	found[key] = StatedVoucher(
		min(known.posting_date, more.posting_date),
		known.amount + more.amount,
		known.base_amount + more.base_amount,
		known.outstanding + more.outstanding,
		known.base_outstanding + more.base_outstanding,
		tuple(sorted({*known.due_dates, *more.due_dates})),
		tuple(sorted({*known.against, *more.against})),
		known.in_period or more.in_period,
	)


def _difference(
	key: VoucherKey,
	before: StatedVoucher | None,
	after: StatedVoucher | None,
	now: VoucherNow | None,
	of_items: bool,
) -> Difference:
	if before and after:
		changes = _changes(before, after, of_items)
	else:
		changes = (_one_sided(after is not None, now),)
	amount = (after.amount if after else ZERO) - (before.amount if before else ZERO)
	base = (after.base_amount if after else ZERO) - (before.base_amount if before else ZERO)
	return Difference(key.customer, key.voucher, key.currency, changes, amount, base, before, after)


def _changes(before: StatedVoucher, after: StatedVoucher, of_items: bool) -> tuple[Change, ...]:
	"""Return what is different of a voucher that is in both. of_items: the amounts are what is open, not what was moved."""
	is_changed = (before.amount, before.base_amount) != (after.amount, after.base_amount)
	is_allocated = (before.outstanding, before.base_outstanding, before.against) != (
		after.outstanding,
		after.base_outstanding,
		after.against,
	)
	changes = []
	if before.posting_date != after.posting_date:
		changes.append(Change.REDATED)
	is_moved_out = bool(changes) and before.in_period != after.in_period
	if is_changed and not of_items and not is_moved_out:
		changes.append(Change.AMOUNT)
	if is_allocated and (of_items or not is_changed):
		changes.append(Change.ALLOCATION)
	if before.due_dates != after.due_dates and not changes and not is_allocated:
		changes.append(Change.DUE_DATE)
	return tuple(changes)


def _one_sided(is_after: bool, now: VoucherNow | None) -> Change:
	"""Return why a voucher is in one of the figures only."""
	if is_after:
		if now is None:
			return Change.ADDED
		return Change.ENTERED if now.is_new else Change.ALLOCATION
	if now is None:
		return Change.GONE
	if now.is_cancelled or now.posting_date is None:
		return Change.CANCELLED
	return Change.REDATED if now.is_new else Change.ALLOCATION


def _joined(found: list[Difference], now: Mapping[Voucher, VoucherNow], of_items: bool) -> list[Difference]:
	"""Return *found* with a voucher and the one that amends it as one difference, where both are stated."""
	by_key = {(d.customer, d.voucher, d.currency): d for d in found}
	gone: set[tuple] = set()
	joined = []
	for difference in found:
		state = now.get(difference.voucher)
		if not (state and state.replaced_by and difference.after is None):
			continue
		other = by_key.get((difference.customer, state.replaced_by, difference.currency))
		if other and other.before is None:
			changes = _changes(difference.before, other.after, of_items) or (Change.AMENDED,)
			joined.append(
				replace(
					other,
					changes=changes,
					amount=other.amount + difference.amount,
					base_amount=other.base_amount + difference.base_amount,
					before=difference.before,
					replaces=difference.voucher,
				)
			)
			gone |= {(d.customer, d.voucher, d.currency) for d in (difference, other)}
		elif (then := now.get(state.replaced_by)) and then.posting_date:
			# The one that amends it is dated out of the statement.
			joined.append(replace(difference, changes=(Change.REDATED,)))
			gone.add((difference.customer, difference.voucher, difference.currency))
	return [d for d in found if (d.customer, d.voucher, d.currency) not in gone] + joined


def _openings(before: StatementFigures, after: StatementFigures) -> list[Difference]:
	"""Return what changed before the period, per currency; what has changed in company currency alone stands by itself."""
	found = []
	base_left = after.opening.base - before.opening.base
	for currency in sorted({*before.opening.by_currency, *after.opening.by_currency}):
		moved = after.opening.by_currency.get(currency, ZERO) - before.opening.by_currency.get(currency, ZERO)
		if moved:
			is_base = currency == after.company_currency
			base = moved if is_base else ZERO
			base_left -= base
			found.append(Difference(after.customer, None, currency, (Change.BEFORE,), moved, base))
	if base_left:
		foreign = [i for i, d in enumerate(found) if d.currency != after.company_currency]
		if len(foreign) == 1:
			found[foreign[0]] = replace(found[foreign[0]], base_amount=base_left)
		else:
			found.append(Difference(after.customer, None, None, (Change.BEFORE,), ZERO, base_left))
	return found


def _place(difference: Difference) -> tuple:
	stated = difference.after or difference.before
	return (
		difference.voucher is not None,
		difference.customer,
		difference.currency or "",
		stated.posting_date if stated else date.min,
		difference.voucher or ("", ""),
	)
