"""What a customer is asked for: overdue items, less what is spoken for, less what is on account.

	items + credits -> credits set against the oldest items first -> what is left of each item -> total to pay

This is the only place that says so. Letters, statements, the worklist and the tabs show the figures of `AmountDue`. One customer,
company and currency at a time: a credit in another currency pays nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO, rounded
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party


class Credit(NamedTuple):
	"""Money of the customer that is set against nothing yet, as a positive amount in the account's currency.

	voucher, posting_date: the payment or credit note; None for money at the bank that is not booked yet.
	"""

	amount: Decimal
	voucher: Voucher | None = None
	posting_date: date | None = None


class DueItem(NamedTuple):
	"""An item that is asked for, and what the credits leave of it (base: in company currency)."""

	item: OpenItem
	left: Decimal
	base_left: Decimal


@dataclass(frozen=True, slots=True)
class AmountDue:
	"""What one customer is asked for by one company in one currency.

	items: asked for, the oldest first. credits: on account, the oldest first. withheld: overdue and not asked for,
	because it is disputed, promised or handed over; base_withheld: the same in company currency.
	"""

	items: tuple[DueItem, ...] = ()
	credits: tuple[Credit, ...] = ()
	withheld: Decimal = ZERO
	base_withheld: Decimal = ZERO

	@property
	def total(self) -> Decimal:
		"""The items that are asked for, before credits."""
		return sum((due.item.outstanding for due in self.items), ZERO)

	@property
	def overdue(self) -> Decimal:
		"""What is asked for and what is not, before credits."""
		return self.total + self.withheld

	@property
	def credit(self) -> Decimal:
		"""Everything on account."""
		return sum((credit.amount for credit in self.credits), ZERO)

	@property
	def booked_credit(self) -> Decimal:
		"""What is on account in the ledger, money at the bank left out."""
		return sum((credit.amount for credit in self.credits if credit.voucher), ZERO)

	@property
	def net(self) -> Decimal:
		"""The total to pay: never less than nothing."""
		return sum((due.left for due in self.items), ZERO)

	@property
	def base_net(self) -> Decimal:
		"""The total to pay in company currency, what is left of each item at the item's own rate."""
		return sum((due.base_left for due in self.items), ZERO)


def amount_due(items: Iterable[OpenItem], credits: Iterable[Credit]) -> AmountDue:
	"""Return what is asked for with *items*, less *credits*; all of one customer, company and currency."""
	credits = tuple(sorted(credits, key=_age))
	free = sum((credit.amount for credit in credits), ZERO)
	asked = []
	for item in sorted(items, key=_place):
		left = max(item.outstanding - free, ZERO)
		free -= item.outstanding - left
		asked.append(DueItem(item, left, _base(item, left)))
	return AmountDue(tuple(asked), credits)


def credits_of(items: Iterable[OpenItem], bank_receipts: Decimal = ZERO) -> list[Credit]:
	"""Return what of *items* is on account, and *bank_receipts*: what is at the bank and booked nowhere yet."""
	found = [
		Credit(-item.outstanding, item.voucher, item.posting_date)
		for item in items
		if item.is_credit and item.outstanding < 0
	]
	return [*found, Credit(bank_receipts)] if bank_receipts > 0 else found


def less(credits: Iterable[Credit], amount: Decimal) -> list[Credit]:
	"""Return what *amount* leaves of *credits*, the oldest used up first."""
	left = []
	for credit in sorted(credits, key=_age):
		taken = min(credit.amount, amount)
		amount -= taken
		if credit.amount > taken:
			left.append(credit._replace(amount=credit.amount - taken))
	return left


def is_owed(item: OpenItem) -> bool:
	"""Return whether an item is money that the customer owes, in the currency of its account."""
	return not item.is_credit and item.outstanding > 0


def is_overdue(item: OpenItem, today: date) -> bool:
	"""Return whether an item is owed and past its due date on *today*."""
	return is_owed(item) and item.due_date < today


def amounts_due(
	items: Iterable[OpenItem],
	free: Iterable[OpenItem],
	today: date,
	bank_receipts: Mapping[Party, Decimal] | None = None,
) -> dict[Party, AmountDue]:
	"""Return what is asked for of everything overdue on *today*, per party that has anything open.

	items: all that is open. free: the same without what is disputed, promised or handed over, in full or in part.
	"""
	asked, all_items = _by_party(free), _by_party(items)
	found = {}
	for party, rows in all_items.items():
		overdue = [item for item in rows if is_overdue(item, today)]
		due = [item for item in asked.get(party, ()) if is_overdue(item, today)]
		found[party] = replace(
			amount_due(due, credits_of(rows, (bank_receipts or {}).get(party, ZERO))),
			withheld=_sum(overdue, "outstanding") - _sum(due, "outstanding"),
			base_withheld=_sum(overdue, "base_outstanding") - _sum(due, "base_outstanding"),
		)
	return found


def uncovered_items(items: Iterable[OpenItem]) -> list[OpenItem]:
	"""Return what is owed of one customer's items with a company, less what is on account in the same currency.

	The oldest come first; an item that is covered in part has what is left of it.
	"""
	left = []
	for rows in _by_party(items).values():
		for due in amount_due(filter(is_owed, rows), credits_of(rows)).items:
			if due.left > 0:
				left.append(due.item._replace(outstanding=due.left, base_outstanding=due.base_left))
	return left


def party_of(item: OpenItem) -> Party:
	"""Return whose item it is, with whom and in which currency."""
	return Party(item.customer, item.company, item.currency)


def _by_party(items: Iterable[OpenItem]) -> dict[Party, list[OpenItem]]:
	found: dict[Party, list[OpenItem]] = {}
	for item in items:
		found.setdefault(party_of(item), []).append(item)
	return found


def _age(credit: Credit) -> tuple:
	"""Return what credits are ordered by: the oldest first, what is not booked yet last."""
	return (credit.posting_date or date.max, credit.voucher or ())


def _place(item: OpenItem) -> tuple:
	return (item.due_date, item.voucher, item.term or "")


def _base(item: OpenItem, left: Decimal) -> Decimal:
	if left == item.outstanding:
		return item.base_outstanding
	if item.base_outstanding == item.outstanding or not left:
		return left
	return rounded(item.base_outstanding * left / item.outstanding, 2)


def _sum(items: Sequence[OpenItem], field: str) -> Decimal:
	return sum((getattr(item, field) for item in items), ZERO)
