"""What all readings of the ledger share: its receivable accounts, the parameters of queries, entries and invoices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from client_ledger.core.entries import (
	JOURNAL_ENTRY,
	PAYMENT_ENTRY,
	SALES_INVOICE,
	BalanceKey,
	Entry,
	ReceivableAccount,
	Voucher,
)
from client_ledger.core.money import as_money
from client_ledger.core.moves import Move, crossing, find_moves, pooled, pools_of
from client_ledger.core.open_items import Invoice, Origin
from client_ledger.ledger import queries
from client_ledger.ledger.database import Database, chunks
from client_ledger.ledger.results import Scope
from client_ledger.ledger.rows import as_date, as_entry

DEFAULT_ADVANCE_DOCTYPES = ("Sales Order",)
REVALUATIONS = ("Exchange Rate Revaluation", "Exchange Gain Or Loss")


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

	@cached_property
	def pools(self) -> dict[str, str]:
		"""For each receivable account the one it counts as: the first of its company and currency."""
		return pools_of(self.accounts)

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

	def _origins(self, names: Iterable[str], parameters: Mapping) -> dict[BalanceKey, Origin]:
		"""Return when vouchers entered the ledger and for how much, whichever accounts they are in."""
		origins: dict[BalanceKey, Origin] = {}
		for row in self._chunked(queries.origins(), names, parameters):
			key = pooled(BalanceKey(row[0], row[1], Voucher(row[2], row[3])), self.pools)
			found = Origin(as_date(row[4]), as_money(row[5]), as_money(row[6]))
			if before := origins.get(key):
				found = Origin(
					min(before.posting_date, found.posting_date),
					before.amount + found.amount,
					before.base_amount + found.base_amount,
				)
			origins[key] = found
		return origins

	def _has_several_accounts(self, parameters: Mapping) -> bool:
		"""Return whether anything can move: whether a company has more than one receivable account."""
		companies = [self.accounts[name].company for name in parameters["accounts"]]
		return len(companies) > len(set(companies))

	def _entries_of(self, vouchers: Iterable[Voucher], parameters: Mapping) -> list[Entry]:
		return [as_entry(row) for row in self._against(queries.entries_of(), vouchers, parameters)]

	def _moves(self, entries: Iterable[Entry], parameters: Mapping) -> tuple[list[Move], dict[Voucher, date]]:
		"""Return the moves between accounts among *entries*, which must hold all entries of the journals they are of, and
		when what these are about is due.
		"""
		found = crossing(entries)
		if not found:
			return [], {}
		rows = [row for own in found.values() for row in own]
		others = {row.against for row in rows} | {voucher for _customer, voucher in found}
		days, booked = self._days_of(others, parameters)
		return find_moves(rows, days, booked), days

	def _days_of(
		self, vouchers: Iterable[Voucher], parameters: Mapping
	) -> tuple[dict[Voucher, date], set[str]]:
		"""Return when vouchers that are in the ledger are due, and which journal entries book a debt of their own."""
		vouchers, as_of = set(vouchers), parameters["as_of"]
		invoices = self.invoices(v.name for v in vouchers if v.doctype == SALES_INVOICE)
		days = {
			Voucher(SALES_INVOICE, name): invoice.due_date or invoice.posting_date
			for name, invoice in invoices.items()
			if invoice.posting_date <= as_of
		}
		paid = {v.name for v in vouchers if v.doctype in (JOURNAL_ENTRY, PAYMENT_ENTRY)}
		for key, origin in self._origins(paid, parameters).items():
			if key.voucher in vouchers:
				days[key.voucher] = min(days.get(key.voucher, origin.posting_date), origin.posting_date)
		booked = set()
		journals = [v.name for v in vouchers if v.doctype == JOURNAL_ENTRY]
		for name, due_date, bill_no, voucher_type in self._chunked(queries.JOURNALS, journals, {}):
			if bill_no and due_date:
				booked.add(name)
				days[Voucher(JOURNAL_ENTRY, name)] = as_date(due_date)
			elif voucher_type in REVALUATIONS:
				booked.add(name)
		return days, booked

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
