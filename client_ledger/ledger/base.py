"""What all readings of the ledger share: its receivable accounts, the parameters of queries, entries and invoices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from client_ledger.core.entries import BalanceKey, Entry, ReceivableAccount, Voucher
from client_ledger.core.money import as_money
from client_ledger.core.open_items import Invoice
from client_ledger.ledger import queries
from client_ledger.ledger.database import Database, chunks
from client_ledger.ledger.results import Scope
from client_ledger.ledger.rows import as_date, as_entry

DEFAULT_ADVANCE_DOCTYPES = ("Sales Order",)


class Reading:
	"""One database's ledger, with how it is to be read.

	precision: decimals at which an amount counts as zero (ERPNext: currency precision).
	advance_doctypes: orders that payments are made against before there is an invoice.
	"""

	def __init__(
		self,
		database: Database,
		precision: int = 2,
		advance_doctypes: Sequence[str] = DEFAULT_ADVANCE_DOCTYPES,
	):
		self.database = database
		self.precision = precision
		self.advance_doctypes = tuple(advance_doctypes)

	@cached_property
	def accounts(self) -> dict[str, ReceivableAccount]:
		"""All receivable accounts by name."""
		rows = self.database.rows(queries.RECEIVABLE_ACCOUNTS, {})
		return {row[0]: ReceivableAccount(row[0], row[1], row[2] or row[3], row[3]) for row in rows}

	def entries(self, scope: Scope, as_of: date) -> Iterable[Entry]:
		"""Yield every entry up to *as_of*, in no order."""
		sql = queries.entries(scope.customers is not None)
		for row in self.database.rows(sql, self._parameters(scope, as_of)):
			yield as_entry(row)

	def invoices(self, names: Iterable[str]) -> dict[str, Invoice]:
		"""Return the submitted sales invoices of *names*."""
		rows = self._chunked(queries.INVOICES, names, {})
		return {row[0]: self._invoice(row) for row in rows}

	def invoices_of(self, scope: Scope, as_of: date) -> dict[str, Invoice]:
		"""Return all submitted sales invoices of the customers of *scope* (which must name them)."""
		rows = self.database.rows(
			queries.INVOICES_OF_CUSTOMERS, {"customers": scope.customers or (), "as_of": as_of}
		)
		return {row[0]: self._invoice(row) for row in rows}

	def _customer_parameters(
		self, customer: str, companies: Sequence[str], as_of: date, currency: str | None = None
	) -> dict:
		scope = Scope(tuple(companies), (customer,))
		return {**self._parameters(scope, as_of, currency), "customer": customer}

	def _parameters(self, scope: Scope, as_of: date, currency: str | None = None) -> dict:
		accounts = [
			account.name
			for account in self.accounts.values()
			if account.company in scope.companies
			and (scope.accounts is None or account.name in scope.accounts)
			and currency in (None, "", account.currency)
		]
		return {
			"accounts": accounts,
			"companies": scope.companies,
			"customers": scope.customers or (),
			"as_of": as_of,
			"advance_doctypes": self.advance_doctypes,
		}

	def _chunked(self, sql: str, names: Iterable[str], parameters: Mapping) -> Iterable[tuple]:
		for chunk in chunks(dict.fromkeys(names)):
			yield from self.database.rows(sql, {**parameters, "vouchers": chunk})

	def _against(self, sql: str, vouchers: Iterable[Voucher], parameters: Mapping) -> Iterable[tuple]:
		vouchers = list(vouchers)
		doctypes = sorted({voucher.doctype for voucher in vouchers})
		return self._chunked(sql, [v.name for v in vouchers], {**parameters, "doctypes": doctypes})

	def _invoice(self, row: Sequence) -> Invoice:
		name, posting_date, due_date, customer, account, return_against, pays_original, amount, base = row
		base_amount = as_money(base)
		if amount is None or self._in_company_currency(account):
			amount = base_amount
		else:
			amount = as_money(amount)
		return Invoice(
			name,
			as_date(posting_date),
			as_date(due_date),
			customer,
			account,
			amount,
			base_amount,
			return_against or None,
			bool(pays_original and return_against),
		)

	def _in_company_currency(self, name: str) -> bool:
		account = self.accounts.get(name)
		return account is not None and account.currency == account.company_currency

	def _entries_against(
		self, vouchers: Iterable[Voucher], parameters: Mapping
	) -> dict[BalanceKey, list[Entry]]:
		found: dict[BalanceKey, list[Entry]] = {}
		for row in self._against(queries.entries_against(), vouchers, parameters):
			entry = as_entry(row)
			found.setdefault(BalanceKey(entry.customer, entry.account, entry.against), []).append(entry)
		return found
