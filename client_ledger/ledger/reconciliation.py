"""Comparing the payment ledger with the general ledger."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from client_ledger.core.account import AccountKey
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.ledger import queries
from client_ledger.ledger.base import Reading
from client_ledger.ledger.results import (
	AccountActivity,
	AccountReconciliation,
	GLReconciliation,
	Scope,
	VoucherDifference,
)


class ReconciliationReading(Reading):
	"""Whether balances tie to the general ledger, and which vouchers keep them from it."""

	def balances(self, scope: Scope, as_of: date) -> dict[AccountKey, Decimal]:
		"""Return the payment ledger's balance per customer and company, company currency."""
		found: dict[AccountKey, Decimal] = {}
		for customer, account, base, _amount in self.database.rows(
			queries.ledger_balances(scope.customers is not None), self._parameters(scope, as_of)
		):
			key = AccountKey(customer, self.accounts[account].company)
			found[key] = found.get(key, ZERO) + as_money(base)
		return {key: rounded(amount, self.precision) for key, amount in found.items()}

	def account_activity(self, scope: Scope, since: date, as_of: date) -> list[AccountActivity]:
		"""Return the balance of each customer in each receivable account on *as_of*, and its entries from *since* on."""
		parameters = {**self._parameters(scope, as_of), "since": since}
		found = []
		for customer, account, base, amount, moved in self.database.rows(
			queries.account_activity(scope.customers is not None), parameters
		):
			of = self.accounts[account]
			found.append(
				AccountActivity(
					customer, of.company, of.currency, as_money(amount), as_money(base), int(moved)
				)
			)
		return found

	def balance(self, customer: str, company: str) -> Decimal:
		"""Return the payment ledger's balance of one customer with one company, whatever the dates."""
		accounts = [account.name for account in self.accounts.values() if account.company == company]
		if not accounts:
			return ZERO
		parameters = {"customer": customer, "accounts": accounts}
		((amount,),) = self.database.rows(queries.LEDGER_BALANCE, parameters)
		return rounded(as_money(amount), self.precision)

	def reconcile(self, scope: Scope, as_of: date) -> dict[AccountKey, GLReconciliation]:
		"""Return both ledgers' balances per customer and company, account by account."""
		parameters = self._parameters(scope, as_of)
		sums: dict[AccountKey, dict[str, list[Decimal]]] = {}
		for i, text in enumerate((queries.ledger_balances, queries.general_ledger_balances)):
			for customer, account, base, *_ in self.database.rows(
				text(scope.customers is not None), parameters
			):
				key = AccountKey(customer, self.accounts[account].company)
				sums.setdefault(key, {}).setdefault(account, [ZERO, ZERO])[i] += as_money(base)
		return {key: self._reconciliation(accounts) for key, accounts in sums.items()}

	def _reconciliation(self, accounts: Mapping[str, Sequence[Decimal]]) -> GLReconciliation:
		payment, general = (sum((sums[i] for sums in accounts.values()), ZERO) for i in (0, 1))
		return GLReconciliation(
			rounded(payment, self.precision),
			rounded(general, self.precision),
			tuple(
				AccountReconciliation(name, *(rounded(amount, self.precision) for amount in accounts[name]))
				for name in sorted(accounts)
			),
		)

	def differences(self, customer: str, companies: Sequence[str], as_of: date) -> list[VoucherDifference]:
		"""Return the vouchers of a customer that the payment ledger and the general ledger disagree on."""
		parameters = self._customer_parameters(customer, companies, as_of)
		sums: dict[tuple, list[Decimal]] = {}
		for i, text in enumerate((queries.PAYMENT_LEDGER_VOUCHERS, queries.GENERAL_LEDGER_VOUCHERS)):
			for doctype, name, account, amount in self.database.rows(text, parameters):
				sums.setdefault((doctype, name, account), [ZERO, ZERO])[i] += as_money(amount)
		return [
			VoucherDifference(Voucher(doctype, name), account, payment, general)
			for (doctype, name, account), (payment, general) in sorted(sums.items())
			if rounded(payment - general, self.precision)
		]
