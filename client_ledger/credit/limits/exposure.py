"""Exposure on the site, of all who share a limit. Permissions are the caller's business."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.account import AccountKey
from client_ledger.core.credit.exposure import Exposure, Part, total_exposure
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO, rounded
from client_ledger.core.open_items import OpenItem, resolve
from client_ledger.credit.limits.above_order_value import deliveries_beyond_orders
from client_ledger.credit.limits.credit_groups import members_of, parents
from client_ledger.ledger.reader import Ledger, Scope, Unbilled, UnbilledDelivery, UnbilledOrder
from client_ledger.ledger.site import END_OF_TIME, site_ledger

# So few customers are read faster one by one.
FEW = 5


class ExposedDocument(NamedTuple):
	"""A document that exposure is made of, its amount in company currency."""

	part: Part
	customer: str
	voucher: Voucher
	date: date
	due_date: date | None
	amount: Decimal


def exposure(customer: str, company: str, ledger: Ledger | None = None) -> Exposure:
	"""Return the exposure of *customer* and all who share its limit, now."""
	members = members_of(customer)
	found = exposures_of((company,), members, ledger)
	return total_exposure(found.get(AccountKey(member, company), Exposure()) for member in members)


def exposures_of(
	companies: tuple[str, ...], customers: Iterable[str] | None = None, ledger: Ledger | None = None
) -> dict[AccountKey, Exposure]:
	"""Return everybody's own exposure, in a handful of statements. customers: None for all."""
	ledger = ledger or site_ledger()
	scope = Scope(companies, None if customers is None else tuple(customers))
	return _exposures(ledger, scope, _balances(ledger, scope))


def exposure_and_items(scope: Scope, ledger: Ledger) -> tuple[Exposure, list[OpenItem]]:
	"""Return the exposure of all customers of *scope* together and what they have open, in one pass over the ledger.

	What is settled cancels out, so that what is left open adds up to the balance.
	"""
	facts = ledger.facts(scope, END_OF_TIME)
	balances: dict[AccountKey, Decimal] = {}
	for key, _amount, base_amount in facts.balances:
		account = AccountKey(key.customer, ledger.accounts[key.account].company)
		balances[account] = balances.get(account, ZERO) + base_amount
	found = _exposures(
		ledger, scope, {account: rounded(amount, ledger.precision) for account, amount in balances.items()}
	)
	return total_exposure(found.values()), resolve(facts, ledger.precision)


def _exposures(
	ledger: Ledger, scope: Scope, balances: Mapping[AccountKey, Decimal]
) -> dict[AccountKey, Exposure]:
	unbilled = ledger.unbilled(scope)
	found = {}
	for key in {**balances, **unbilled}:
		rest = unbilled.get(key, Unbilled())
		found[key] = Exposure(balances.get(key, ZERO), rest.orders, rest.deliveries)
	for note in deliveries_beyond_orders(scope, ledger.precision):
		key = AccountKey(note.customer, note.company)
		found[key] = found.get(key, Exposure()) + Exposure(deliveries=note.base_unbilled)
	return found


def _balances(ledger: Ledger, scope: Scope) -> dict[AccountKey, Decimal]:
	if len(scope.companies) == 1 and scope.customers is not None and len(scope.customers) <= FEW:
		(company,) = scope.companies
		return {AccountKey(name, company): ledger.balance(name, company) for name in scope.customers}
	return ledger.balances(scope, END_OF_TIME)


def shared_exposures(
	own: dict[AccountKey, Exposure], shares: dict[str, str] | None = None
) -> dict[AccountKey, Exposure]:
	"""Return per account the exposure that counts for its limit: that of all who share it.

	shares: the parent of each customer that shares a limit; read from the site where None.
	"""
	shares = parents() if shares is None else shares
	totals: dict[AccountKey, Exposure] = {}
	for key, one in own.items():
		parent = AccountKey(shares.get(key.customer, key.customer), key.company)
		totals[parent] = totals.get(parent, Exposure()) + one
	names = {
		*own,
		*totals,
		*(AccountKey(c, k.company) for k in totals for c, h in shares.items() if h == k.customer),
	}
	return {
		key: totals.get(AccountKey(shares.get(key.customer, key.customer), key.company), Exposure())
		for key in names
	}


def documents(customer: str, company: str, ledger: Ledger | None = None) -> list[ExposedDocument]:
	"""Return what the exposure of *customer* and all who share its limit is made of, oldest first.

	The amounts add up to `exposure(...).total`, but for the rounding of partly billed orders.
	"""
	return documents_of(Scope((company,), members_of(customer)), ledger)


def documents_of(scope: Scope, ledger: Ledger | None = None) -> list[ExposedDocument]:
	"""Return what the customers of *scope* owe, ordered and were delivered, oldest first."""
	ledger = ledger or site_ledger()
	items = ledger.open_items(scope, END_OF_TIME, by_terms=False)
	orders, notes = ledger.unbilled_orders(scope), unbilled_deliveries(scope, ledger)
	found = [*map(_item, items), *map(_order, orders), *map(_delivery, notes)]
	return sorted(found, key=lambda row: (row.date, row.voucher))


def unbilled_deliveries(scope: Scope, ledger: Ledger | None = None) -> list[UnbilledDelivery]:
	"""Return what is delivered and neither billed nor covered by an order, note by note, oldest first."""
	ledger = ledger or site_ledger()
	found: dict[str, UnbilledDelivery] = {}
	for note in (*ledger.unbilled_deliveries(scope), *deliveries_beyond_orders(scope, ledger.precision)):
		before = found.get(note.name)
		amount = note.base_unbilled + (before.base_unbilled if before else ZERO)
		found[note.name] = note._replace(base_unbilled=amount)
	return sorted(found.values(), key=lambda note: (note.posting_date, note.name))


def _item(item: OpenItem) -> ExposedDocument:
	due_date = None if item.is_credit else item.due_date
	return ExposedDocument(
		Part.ITEM, item.customer, item.voucher, item.posting_date, due_date, item.base_outstanding
	)


def _order(order: UnbilledOrder) -> ExposedDocument:
	voucher = Voucher("Sales Order", order.name)
	return ExposedDocument(
		Part.ORDER, order.customer, voucher, order.transaction_date, None, order.base_unbilled
	)


def _delivery(note: UnbilledDelivery) -> ExposedDocument:
	voucher = Voucher("Delivery Note", note.name)
	return ExposedDocument(Part.DELIVERY, note.customer, voucher, note.posting_date, None, note.base_unbilled)
