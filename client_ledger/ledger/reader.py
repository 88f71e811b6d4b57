"""The ledger reader: runs the queries, hands core dataclasses out. It reads and never decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from client_ledger.core.entries import (
	JOURNAL_ENTRY,
	SALES_INVOICE,
	BalanceKey,
	Entry,
	ReceivableAccount,
	Voucher,
)
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import (
	Balance,
	Facts,
	Invoice,
	OpenItem,
	Origin,
	find_origin,
	resolve,
)
from client_ledger.core.terms import Term
from client_ledger.ledger import queries
from client_ledger.ledger.database import Database, chunks

REVALUATIONS = ("Exchange Rate Revaluation", "Exchange Gain Or Loss")
DEFAULT_ADVANCE_DOCTYPES = ("Sales Order",)


@dataclass(frozen=True, slots=True)
class Scope:
	"""Whose ledger: companies, and customers (None for all of them)."""

	companies: tuple[str, ...]
	customers: tuple[str, ...] | None = None


class Ledger:
	"""The customer ledger of one database, as of any date.

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

	def open_items(self, scope: Scope, as_of: date, by_terms: bool = True) -> list[OpenItem]:
		"""Return what is open on *as_of*, one item per payment term (or per voucher), by customer and due date."""
		return resolve(self.facts(scope, as_of, by_terms), self.precision, by_terms)

	def facts(self, scope: Scope, as_of: date, by_terms: bool = True) -> Facts:
		"""Return everything open items are resolved from."""
		parameters = self._parameters(scope, as_of)
		facts = Facts(self.accounts, [])
		in_terms: list[str] = []
		unresolved: list[BalanceKey] = []
		invoices: dict[str, Invoice] = {}
		balances: list[Balance] = []
		for row in self.database.rows(queries.balances(scope.customers is not None), parameters):
			key = BalanceKey(row[0], row[1], Voucher(row[2], row[3]))
			balances.append(Balance(key, as_money(row[4]), as_money(row[5])))
			invoice = self._invoice(row[3], row[6:]) if row[6] else None
			if invoice and invoice.posting_date <= as_of:
				invoices[invoice.name] = invoice
				if invoice.terms > 1:
					in_terms.append(invoice.name)
			if not invoice or invoice.pays_original or invoice.name not in invoices:
				unresolved.append(key)
			elif (invoice.customer, invoice.account) != (key.customer, key.account):
				unresolved.append(key)
		facts.balances, facts.invoices = balances, invoices
		if unresolved:
			self._add_origins(facts, unresolved, parameters, as_of)
		if by_terms and in_terms:
			facts.terms = self._terms(in_terms, as_of)
			paid_by_term = [n for n, terms in facts.terms.items() if any(term.paid for term in terms)]
			facts.entries = {**facts.entries, **self._entries_against(paid_by_term, parameters)}
		return facts

	def entries(self, scope: Scope, as_of: date) -> Iterable[Entry]:
		"""Yield every entry up to *as_of*, in no order."""
		sql = queries.entries(scope.customers is not None)
		for row in self.database.rows(sql, self._parameters(scope, as_of)):
			yield _entry(row)

	def invoices(self, names: Iterable[str]) -> dict[str, Invoice]:
		"""Return the submitted sales invoices of *names*."""
		rows = self._chunked(queries.INVOICES, names, {})
		return {row[0]: self._invoice(row[0], row[1:]) for row in rows}

	def invoices_of(self, scope: Scope, as_of: date) -> dict[str, Invoice]:
		"""Return all submitted sales invoices of the customers of *scope* (which must name them)."""
		rows = self.database.rows(
			queries.INVOICES_OF_CUSTOMERS, {"customers": scope.customers or (), "as_of": as_of}
		)
		return {row[0]: self._invoice(row[0], row[1:]) for row in rows}

	def _parameters(self, scope: Scope, as_of: date) -> dict:
		accounts = [a.name for a in self.accounts.values() if a.company in scope.companies]
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

	def _invoice(self, name: str, row: Sequence) -> Invoice:
		"""Build an invoice from the columns that follow its name in the queries."""
		(posting_date, due_date, customer, debit_to, currency, is_return, return_against, for_self) = row[:8]
		account = self.accounts.get(debit_to)
		total, base_total, rounded, base_rounded = (as_money(value) for value in row[8:12])
		base_amount = base_rounded or base_total
		in_company_currency = account is not None and account.currency == account.company_currency
		amount = base_amount if in_company_currency else rounded or total
		return Invoice(
			name,
			as_date(posting_date),
			as_date(due_date),
			customer,
			debit_to,
			amount,
			base_amount,
			return_against or None,
			bool(is_return and return_against and not for_self),
			row[12] or 1,
		)

	def _add_origins(
		self, facts: Facts, unresolved: list[BalanceKey], parameters: Mapping, as_of: date
	) -> None:
		"""Find when the other vouchers entered the ledger, and read the entries of those that never did."""
		originals = [facts.invoices[k.voucher.name].return_against for k in unresolved if self._is_note(facts, k)]
		names = [key.voucher.name for key in unresolved] + originals
		origins = {}
		for row in self._chunked(queries.origins(), names, parameters):
			key = BalanceKey(row[0], row[1], Voucher(row[2], row[3]))
			origins[key] = Origin(as_date(row[4]), as_money(row[5]), as_money(row[6]))
		facts.origins = origins
		found = self.invoices(name for name in originals if name)
		facts.invoices.update({n: i for n, i in found.items() if i.posting_date <= as_of})
		self._add_journals(facts)

		homeless = [key.voucher.name for key in unresolved if not find_origin(facts, key)]
		homeless += [key.voucher.name for key in unresolved if self._is_note(facts, key)]
		facts.entries = self._entries_against(homeless, parameters)

	def _is_note(self, facts: Facts, key: BalanceKey) -> bool:
		invoice = facts.invoices.get(key.voucher.name) if key.voucher.doctype == SALES_INVOICE else None
		return bool(invoice and invoice.pays_original)

	def _add_journals(self, facts: Facts) -> None:
		"""Due dates of journals that book a bill, and which journals are revaluations."""
		names = {key.voucher.name for key in facts.origins if key.voucher.doctype == JOURNAL_ENTRY}
		due, revaluations = {}, set()
		for name, due_date, bill_no, voucher_type in self._chunked(queries.JOURNALS, names, {}):
			if bill_no and due_date:
				due[name] = as_date(due_date)
			if voucher_type in REVALUATIONS:
				revaluations.add(name)
		facts.revaluations = frozenset(revaluations)
		for key, origin in facts.origins.items():
			if key.voucher.doctype == JOURNAL_ENTRY and key.voucher.name in due:
				facts.origins[key] = origin._replace(due_date=due[key.voucher.name])

	def _entries_against(self, names: Iterable[str], parameters: Mapping) -> dict[BalanceKey, list[Entry]]:
		found: dict[BalanceKey, list[Entry]] = {}
		for row in self._chunked(queries.entries_against(), names, parameters):
			entry = _entry(row)
			found.setdefault(BalanceKey(entry.customer, entry.account, entry.against), []).append(entry)
		return found

	def _terms(self, names: list[str], as_of: date) -> dict[str, list[Term]]:
		later = {
			(row[0], row[1]): as_money(row[2])
			for row in self._chunked(queries.TERM_PAYMENTS_AFTER, names, {"as_of": as_of})
		}
		terms: dict[str, list[Term]] = {}
		for row in self._chunked(queries.TERMS, names, {}):
			terms.setdefault(row[0], []).append(_term(row, later.get((row[0], row[2]), ZERO)))
		return terms


def _term(row: Sequence, paid_later: Decimal) -> Term:
	"""Build a term; what was paid for it after the as-of date (in account currency) is not paid yet."""
	name, due_date, amounts = row[2], as_date(row[1]), [as_money(value) for value in row[3:8]]
	amount, base_amount, paid, base_paid, discount = amounts
	currency, account_currency, rate = row[8], row[9], as_money(row[10]) or Decimal(1)
	paid, base_paid = paid + discount, base_paid + discount * rate
	if currency != account_currency:
		amount, paid = base_amount, base_paid
	share = min(paid_later / paid, Decimal(1)) if paid else ZERO
	return Term(due_date, name, amount, base_amount, paid * (1 - share), base_paid * (1 - share))


def _entry(row: Sequence) -> Entry:
	return Entry(
		as_date(row[0]),
		row[1],
		row[2],
		Voucher(row[3], row[4]),
		Voucher(row[5], row[6]),
		as_money(row[7]),
		as_money(row[8]),
	)


def as_date(value: date | str | None) -> date | None:
	"""Return a database's date (a date, or ISO text on SQLite) as a date."""
	if value is None or value == "":
		return None
	if isinstance(value, str):
		return date.fromisoformat(value[:10])
	return value
