"""Reading where a customer stands with its companies: one pass over each ledger, however much is asked of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.entries import ReceivableAccount
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.core.movements import Opening
from client_ledger.core.open_items import OpenItem, resolve
from client_ledger.ledger import queries
from client_ledger.ledger.answers import Scope, Tie
from client_ledger.ledger.open_items import OpenItemsReading


class AccountSum(NamedTuple):
	"""A customer's balance in one receivable account, in its currency and the company's."""

	account: ReceivableAccount
	amount: Decimal
	base_amount: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
	"""A customer's open items by terms, its balance in every account it has entries in, and whether companies tie."""

	items: Sequence[OpenItem]
	sums: Sequence[AccountSum]
	ties: Mapping[str, Tie]

	def total(self, company: str, currency: str | None = None) -> Opening:
		"""Return the balance with *company*. currency: count only accounts in it."""
		by_currency: dict[str, Decimal] = {}
		base = ZERO
		for account, amount, base_amount in self.sums:
			if account.company == company and currency in (None, "", account.currency):
				by_currency[account.currency] = by_currency.get(account.currency, ZERO) + amount
				base += base_amount
		return Opening(by_currency, base)


class StandingReading(OpenItemsReading):
	"""Where customers stand."""

	def standing(self, customer: str, companies: Sequence[str], as_of: date) -> Standing:
		"""Return where a customer stands with *companies* on *as_of*.

		What is settled cancels out, so that the balances left open add up to that of each account.
		"""
		parameters = self._customer_parameters(customer, companies, as_of)
		facts = self.facts(Scope(tuple(companies), (customer,)), as_of)
		sums = {row[0]: (ZERO, ZERO) for row in self.database.rows(queries.ACCOUNTS_WITH_ENTRIES, parameters)}
		for key, amount, base_amount in facts.balances:
			before = sums[key.account]
			sums[key.account] = (before[0] + amount, before[1] + base_amount)
		found = [AccountSum(self.accounts[name], *amounts) for name, amounts in sums.items()]
		return Standing(resolve(facts, self.precision), found, self._ties(found, parameters))

	def _ties(self, sums: Sequence[AccountSum], parameters: Mapping) -> dict[str, Tie]:
		payment: dict[str, Decimal] = {}
		for account, _amount, base_amount in sums:
			payment[account.company] = payment.get(account.company, ZERO) + base_amount
		general = dict.fromkeys(payment, ZERO)
		for _customer, name, amount in self.database.rows(queries.general_ledger_balances(True), parameters):
			company = self.accounts[name].company
			general[company] = general.get(company, ZERO) + as_money(amount)
		return {
			company: Tie(rounded(payment.get(company, ZERO), self.precision), rounded(amount, self.precision))
			for company, amount in general.items()
		}
