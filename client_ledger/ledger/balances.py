"""Reading a customer's balance with its companies: one pass over its ledger, or less where the caller knows enough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.entries import SALES_INVOICE, ReceivableAccount, Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.movements import Opening
from client_ledger.core.open_items import OpenItem, resolve
from client_ledger.ledger import queries
from client_ledger.ledger.open_items import OpenItemsReading
from client_ledger.ledger.results import Scope


class AccountSum(NamedTuple):
	"""A customer's balance in one receivable account, in its currency and the company's."""

	account: ReceivableAccount
	amount: Decimal
	base_amount: Decimal


@dataclass(frozen=True, slots=True)
class CustomerBalance:
	"""A customer's open items by terms, its balance in every account it has entries in, and what is not settled."""

	items: Sequence[OpenItem]
	sums: Sequence[AccountSum]
	unsettled: frozenset[Voucher]

	@property
	def balances(self) -> dict[str, Decimal]:
		"""Balance per company the customer has entries with, company currency."""
		found: dict[str, Decimal] = {}
		for account, _amount, base_amount in self.sums:
			found[account.company] = found.get(account.company, ZERO) + base_amount
		return found

	def total(self, company: str, currency: str | None = None) -> Opening:
		"""Return the balance with *company*. currency: count only accounts in it."""
		by_currency: dict[str, Decimal] = {}
		base = ZERO
		for account, amount, base_amount in self.sums:
			if account.company == company and currency in (None, "", account.currency):
				by_currency[account.currency] = by_currency.get(account.currency, ZERO) + amount
				base += base_amount
		return Opening(by_currency, base)


class CustomerBalanceReading(OpenItemsReading):
	"""Balances of single customers."""

	def customer_balance(
		self,
		customer: str,
		companies: Sequence[str],
		as_of: date,
		vouchers: Collection[Voucher] | None = None,
	) -> CustomerBalance:
		"""Return a customer's open items and balances with *companies* on *as_of*.

		What is settled cancels out, so that the balances left open add up to that of each account. vouchers: all
		that may be unsettled, where the caller knows them: then no others are read.
		"""
		parameters = self._customer_parameters(customer, companies, as_of)
		sums = {row[0]: (ZERO, ZERO) for row in self.database.rows(queries.ACCOUNTS_WITH_ENTRIES, parameters)}
		scope = Scope(tuple(companies), (customer,), frozenset(sums))
		facts = self.facts(scope, as_of, vouchers=vouchers)
		for key, amount, base_amount in facts.balances:
			before = sums[key.account]
			sums[key.account] = (before[0] + amount, before[1] + base_amount)
		found = [AccountSum(self.accounts[name], *sums[name]) for name in sorted(sums)]
		unsettled = frozenset(key.voucher for key, _amount, _base in facts.balances)
		return CustomerBalance(resolve(facts, self.precision), found, unsettled)

	def is_long(self, customer: str, entries: int) -> bool:
		"""Return whether a customer has more than so many entries."""
		return bool(self.database.rows(queries.IS_LONG, {"customer": customer, "entries": entries}))

	def changed_since(self, customer: str, since: datetime) -> set[Voucher]:
		"""Return a customer's invoices that changed since, and what entries are against that did."""
		parameters = {"customer": customer, "since": since}
		invoices = self.database.rows(queries.INVOICES_CHANGED_SINCE, parameters)
		entries = self.database.rows(queries.CHANGED_SINCE, parameters)
		return {Voucher(SALES_INVOICE, name) for (name,) in invoices} | {Voucher(*row) for row in entries}

	def moved_after(self, customer: str, companies: Sequence[str], as_of: date) -> set[Voucher]:
		"""Return what a customer's entries of days after *as_of* are against."""
		parameters = self._customer_parameters(customer, companies, as_of)
		return {Voucher(*row) for row in self.database.rows(queries.MOVED_AFTER, parameters)}
