"""Entries of vouchers in both ledgers, and the accounts they are on.

An entry is against the voucher whose balance it changes.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.preview.store.ledger_file import StoreWriter
from client_ledger.sample.documents import CompanyMaster


def receivable_account(company: CompanyMaster, currency: str) -> str:
	"""Return the name of a company's receivable account in *currency*."""
	middle = "" if currency == company.currency else f" {currency}"
	return f"Debtors{middle} - {company.abbr}"


class Accounts:
	"""The accounts of a store; each is written when it is first booked on."""

	def __init__(self, writer: StoreWriter):
		self.writer = writer
		self._written: set[str] = set()

	def receivable(self, company: CompanyMaster, currency: str) -> str:
		"""Return a company's receivable account in *currency*."""
		name = receivable_account(company, currency)
		self.add(name, company, currency, "Receivable")
		return name

	def add(self, name: str, company: CompanyMaster, currency: str, kind: str) -> None:
		"""Write an account, unless it is there."""
		if name not in self._written:
			self._written.add(name)
			self.writer.add_master(
				"Account",
				{
					"name": name,
					"company": company.name,
					"account_type": kind,
					"account_currency": currency,
					"is_group": 0,
				},
			)


class Booking:
	"""The entries of one voucher: on the customer's account in both ledgers, on other accounts in one."""

	def __init__(
		self,
		accounts: Accounts,
		company: CompanyMaster,
		account: str,
		currency: str,
		customer: str,
		voucher: Voucher,
		day: date,
	):
		self.accounts, self.company, self.account, self.currency = accounts, company, account, currency
		self.customer, self.voucher, self.day = customer, voucher, day
		self.cancelled = False

	def party(self, against: Voucher, amount: Decimal, base: Decimal, due_date: date | None = None) -> None:
		"""Book on the customer's account; debits are positive."""
		self.accounts.writer.add(
			"Payment Ledger Entry",
			{
				**self._head(),
				"account": self.account,
				"account_currency": self.currency,
				"party_type": "Customer",
				"party": self.customer,
				"against_voucher_type": against.doctype,
				"against_voucher_no": against.name,
				"amount": base,
				"amount_in_account_currency": amount,
				"due_date": due_date,
				"delinked": self.cancelled,
			},
		)
		self._general(self.account, self.currency, amount, base, self.customer)

	def other(self, account: str, base: Decimal) -> None:
		"""Book the counterpart, in company currency."""
		self.accounts.add(account, self.company, self.company.currency, "")
		self._general(account, self.company.currency, base, base, None)

	def _general(
		self, account: str, currency: str, amount: Decimal, base: Decimal, customer: str | None
	) -> None:
		self.accounts.writer.add(
			"GL Entry",
			{
				**self._head(),
				"account": account,
				"account_currency": currency,
				"party_type": "Customer" if customer else None,
				"party": customer,
				"debit": max(base, ZERO),
				"credit": max(-base, ZERO),
				"debit_in_account_currency": max(amount, ZERO),
				"credit_in_account_currency": max(-amount, ZERO),
				"is_cancelled": self.cancelled,
			},
		)

	def _head(self) -> Mapping[str, Any]:
		return {
			"posting_date": self.day,
			"company": self.company.name,
			"voucher_type": self.voucher.doctype,
			"voucher_no": self.voucher.name,
		}
