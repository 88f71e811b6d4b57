"""The ledger reader: runs the queries, hands core dataclasses out. It reads and never decides."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from client_ledger.core.account import AccountKey
from client_ledger.core.entries import (
	JOURNAL_ENTRY,
	SALES_INVOICE,
	BalanceKey,
	Entry,
	ReceivableAccount,
	Voucher,
)
from client_ledger.core.money import ZERO, as_money, rounded, unit
from client_ledger.core.movements import LedgerLine, Month, Opening, describe, monthly, movements
from client_ledger.core.open_items import (
	Balance,
	Facts,
	Invoice,
	OpenItem,
	Origin,
	find_origin,
	resolve,
)
from client_ledger.core.settlement import Settlement, run_down, settlements
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


class Cursor(NamedTuple):
	"""A place in a customer's ledger: the voucher a page ended with."""

	posting_date: date
	voucher_type: str
	voucher_no: str


@dataclass(frozen=True, slots=True)
class Page:
	"""Lines of a ledger, newest first, and where the next page starts (None: this was the last)."""

	lines: list[LedgerLine]
	next: Cursor | None


@dataclass(frozen=True, slots=True)
class Tie:
	"""Balance of the payment ledger and of the general ledger, company currency."""

	payment_ledger: Decimal
	general_ledger: Decimal

	@property
	def difference(self) -> Decimal:
		"""General ledger less payment ledger; zero when the balance ties."""
		return self.general_ledger - self.payment_ledger


class VoucherDifference(NamedTuple):
	"""A voucher that the two ledgers disagree on, company currency."""

	voucher: Voucher
	account: str
	payment_ledger: Decimal
	general_ledger: Decimal


@dataclass(frozen=True, slots=True)
class Unbilled:
	"""Orders and deliveries not billed yet, company currency, as ERPNext's credit check counts them."""

	orders: Decimal = ZERO
	deliveries: Decimal = ZERO

	@property
	def total(self) -> Decimal:
		"""Both together."""
		return self.orders + self.deliveries


class UnbilledOrder(NamedTuple):
	"""An order not or only partly billed. `unbilled` is in `currency`, `base_unbilled` in company currency."""

	name: str
	company: str
	transaction_date: date
	delivery_date: date | None
	status: str
	currency: str
	grand_total: Decimal
	unbilled: Decimal
	base_unbilled: Decimal
	per_billed: Decimal
	customer: str


class UnbilledDelivery(NamedTuple):
	"""A delivery without order that is not or only partly billed. `base_unbilled` is in company currency."""

	name: str
	customer: str
	company: str
	posting_date: date
	base_unbilled: Decimal


class TradeRow(NamedTuple):
	"""An invoice as grading reads it. base_amount is in company currency, amount and outstanding in the account's."""

	customer: str
	account: str
	name: str
	posting_date: date
	due_date: date | None
	amount: Decimal
	base_amount: Decimal
	settled_on: date | None
	outstanding: Decimal


@dataclass(frozen=True, slots=True)
class Activity:
	"""Net sales since a date (company currency), and when the last invoice and the last payment were."""

	sales: Decimal = ZERO
	last_invoice: date | None = None
	last_payment: date | None = None


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

	def facts(
		self, scope: Scope, as_of: date, by_terms: bool = True, vouchers: Collection[str] | None = None
	) -> Facts:
		"""Return everything open items are resolved from; vouchers: only balances against those named."""
		parameters = {**self._parameters(scope, as_of), "vouchers": list(vouchers or ())}
		facts = Facts(self.accounts, [])
		in_terms: list[str] = []
		unresolved: list[BalanceKey] = []
		invoices: dict[str, Invoice] = {}
		balances: list[Balance] = []
		sql = queries.balances(scope.customers is not None, vouchers is not None)
		for row in self.database.rows(sql, parameters):
			key = BalanceKey(row[0], row[1], Voucher(row[2], row[3]))
			base_amount = as_money(row[5])
			balances.append(Balance(key, base_amount if row[4] is None else as_money(row[4]), base_amount))
			invoice = self._invoice(row[3], row[6:], row[0], row[1]) if row[6] else None
			if not invoice or invoice.posting_date > as_of:
				unresolved.append(key)
				continue
			invoices[invoice.name] = invoice
			if invoice.terms > 1:
				in_terms.append(invoice.name)
			if invoice.pays_original or row[8] or row[9]:
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

	def totals(
		self,
		customer: str,
		companies: Sequence[str],
		as_of: date,
		before: Cursor | None = None,
		currency: str | None = None,
	) -> Opening:
		"""Return the customer's balance on *as_of* per currency and in company currency.

		before: count only what is older than this place. currency: count only accounts in it.
		"""
		parameters = self._customer_parameters(customer, companies, as_of, currency)
		if before:
			parameters.update(before._asdict())
		by_currency: dict[str, Decimal] = {}
		base = ZERO
		for row in self.database.rows(queries.totals(before is not None), parameters):
			account_currency = self.accounts[row[0]].currency
			by_currency[account_currency] = by_currency.get(account_currency, ZERO) + as_money(row[1])
			base += as_money(row[2])
		return Opening(by_currency, base)

	def page(
		self,
		customer: str,
		companies: Sequence[str],
		as_of: date,
		limit: int = 50,
		after: Cursor | None = None,
		currency: str | None = None,
		items: Sequence[OpenItem] | None = None,
	) -> Page:
		"""Return about *limit* movements of a customer's ledger, newest first, with running balances.

		after: where the previous page ended. currency: only accounts in that currency.
		items: the customer's open items on *as_of*, by terms, where the caller has them already.
		"""
		parameters = self._customer_parameters(customer, companies, as_of, currency)
		entries, more = self._newest(parameters, limit, after)
		closing = self.totals(customer, companies, as_of, after, currency)
		found = movements(reversed(entries), self.accounts, _opening(closing, entries, self.accounts))
		if items is None:
			items = self._open_items_of(entries, Scope(tuple(companies), (customer,)), parameters, as_of)
		lines = self._describe(list(reversed(found)), items, parameters, as_of)
		last = Cursor(entries[-1].posting_date, *entries[-1].voucher) if entries and more else None
		return Page(lines, last)

	def history(
		self,
		customer: str,
		companies: Sequence[str],
		since: date,
		until: date,
		currency: str | None = None,
	) -> tuple[Opening, list[LedgerLine], Opening]:
		"""Return (opening, lines oldest first, closing) of a customer's ledger from *since* to *until*."""
		parameters = self._customer_parameters(customer, companies, until, currency)
		rows = self.database.rows(queries.history(), {**parameters, "since": since})
		entries = [_entry(row) for row in rows]
		closing = self.totals(customer, companies, until, None, currency)
		opening = _opening(closing, entries, self.accounts)
		found = movements(entries, self.accounts, opening)
		items = self.open_items(Scope(tuple(companies), (customer,)), until)
		return opening, self._describe(found, items, parameters, until), closing

	def monthly(self, scope: Scope, as_of: date, months: int = 24) -> list[Month]:
		"""Return what the customers of *scope* were billed, paid and were credited per month, oldest first.

		Company currency: the companies of *scope* must share one.
		"""
		first = as_of.year * 12 + as_of.month - months
		since = date(first // 12, first % 12 + 1, 1)
		parameters = {**self._parameters(scope, as_of), "since": since}
		of_customers = scope.customers is not None
		notes = {
			as_date(day): as_money(amount)
			for day, amount in self.database.rows(queries.daily_credit_notes(of_customers), parameters)
		}
		sums = [(day, SALES_INVOICE, True, amount) for day, amount in notes.items()]
		for posting_date, doctype, is_debit, amount in self.database.rows(
			queries.daily_totals(of_customers), parameters
		):
			day = as_date(posting_date)
			is_noted = doctype == SALES_INVOICE and not is_debit
			sums.append(
				(day, doctype, False, as_money(amount) - (notes.get(day, ZERO) if is_noted else ZERO))
			)
		return monthly(sums, as_of, months)

	def settlements(self, scope: Scope, as_of: date) -> list[Settlement]:
		"""Return when each invoice of the customers of *scope* (which must name them) was paid in full."""
		invoices = self.invoices_of(scope, as_of)
		return settlements(self.entries(scope, as_of), invoices, self.precision)

	def trade_rows(self, scope: Scope, as_of: date) -> list[TradeRow]:
		"""Return every invoice with the day it was settled: what `settlements` returns, from sums instead of entries.

		Where an invoice was moved more often than once after it was made, its entries decide, as they do there.
		"""
		parameters = self._parameters(scope, as_of)
		smallest = unit(self.precision)
		rows, unsure = [], []
		for row in self.database.rows(queries.trade_lines(scope.customers is not None), parameters):
			customer, account, name, outstanding, moved_on, moves, posted, due, own, base = row
			base_amount = as_money(base)
			if base_amount <= 0:
				continue
			in_base = own is None or self._in_company_currency(account)
			amount = base_amount if in_base else as_money(own)
			posting_date, outstanding = as_date(posted), as_money(outstanding)
			settled_on = max(as_date(moved_on), posting_date) if outstanding < smallest and moved_on else None
			if moves > 2:
				unsure.append(len(rows))
			rows.append(
				TradeRow(
					customer,
					account,
					name,
					posting_date,
					as_date(due),
					amount,
					base_amount,
					settled_on,
					outstanding,
				)
			)
		exact = self._entries_against([rows[i].name for i in unsure], parameters) if unsure else {}
		for i in unsure:
			row = rows[i]
			entries = exact.get(BalanceKey(row.customer, row.account, Voucher(SALES_INVOICE, row.name)), [])
			entries.sort(key=lambda entry: entry.posting_date)
			settled_on = run_down(entries, smallest)[1]
			rows[i] = row._replace(settled_on=settled_on and max(settled_on, row.posting_date))
		return rows

	def tie(self, scope: Scope, as_of: date) -> dict[AccountKey, Tie]:
		"""Return both ledgers' balances per customer and company."""
		parameters = self._parameters(scope, as_of)
		sums: dict[AccountKey, list[Decimal]] = {}
		for i, text in enumerate((queries.ledger_balances, queries.general_ledger_balances)):
			for customer, account, base, *_ in self.database.rows(
				text(scope.customers is not None), parameters
			):
				key = AccountKey(customer, self.accounts[account].company)
				sums.setdefault(key, [ZERO, ZERO])[i] += as_money(base)
		return {
			key: Tie(rounded(payment, self.precision), rounded(general, self.precision))
			for key, (payment, general) in sums.items()
		}

	def balances(self, scope: Scope, as_of: date) -> dict[AccountKey, Decimal]:
		"""Return the payment ledger's balance per customer and company, company currency."""
		found: dict[AccountKey, Decimal] = {}
		for customer, account, base, _amount in self.database.rows(
			queries.ledger_balances(scope.customers is not None), self._parameters(scope, as_of)
		):
			key = AccountKey(customer, self.accounts[account].company)
			found[key] = found.get(key, ZERO) + as_money(base)
		return {key: rounded(amount, self.precision) for key, amount in found.items()}

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

	def unbilled(self, scope: Scope) -> dict[AccountKey, Unbilled]:
		"""Return orders and deliveries not billed yet, per customer and company."""
		parameters = {"companies": scope.companies, "customers": scope.customers or ()}
		of_customers = scope.customers is not None
		orders = self.database.rows(queries.unbilled_orders(of_customers), parameters)
		deliveries = self.database.rows(queries.unbilled_deliveries(of_customers), parameters)
		found = {AccountKey(row[0], row[1]): Unbilled(as_money(row[2])) for row in orders}
		for customer, company, amount, _lines in deliveries:
			key = AccountKey(customer, company)
			found[key] = Unbilled(found.get(key, Unbilled()).orders, as_money(amount))
		return {
			key: Unbilled(rounded(u.orders, self.precision), rounded(u.deliveries, self.precision))
			for key, u in found.items()
		}

	def orders(self, customer: str, companies: Sequence[str]) -> list[UnbilledOrder]:
		"""Return the customer's orders that are not fully billed, newest first."""
		return self.unbilled_orders(Scope(tuple(companies), (customer,)))

	def unbilled_orders(self, scope: Scope) -> list[UnbilledOrder]:
		"""Return the orders that are not fully billed, newest first."""
		parameters = {"companies": scope.companies, "customers": scope.customers or ()}
		sql = queries.orders(scope.customers is not None)
		return [self._order(row) for row in self.database.rows(sql, parameters)]

	def unbilled_deliveries(self, scope: Scope) -> list[UnbilledDelivery]:
		"""Return the deliveries without order or invoice that are not fully billed, oldest first."""
		parameters = {"companies": scope.companies, "customers": scope.customers or ()}
		sql = queries.unbilled_delivery_notes(scope.customers is not None)
		return [
			UnbilledDelivery(name, customer, company, as_date(day), rounded(as_money(amount), self.precision))
			for customer, company, name, day, amount in self.database.rows(sql, parameters)
		]

	def activity(self, scope: Scope, since: date, as_of: date) -> dict[AccountKey, Activity]:
		"""Return net sales since *since*, last invoice and last payment, per customer and company."""
		parameters = {**self._parameters(scope, as_of), "since": since}
		of_customers = scope.customers is not None
		paid = {
			AccountKey(row[0], row[1]): as_date(row[2])
			for row in self.database.rows(queries.last_payments(of_customers), parameters)
		}
		found = {key: Activity(last_payment=day) for key, day in paid.items()}
		for customer, company, amount, last_invoice in self.database.rows(
			queries.sales(of_customers), parameters
		):
			key = AccountKey(customer, company)
			found[key] = Activity(as_money(amount), as_date(last_invoice), paid.get(key))
		return found

	def _order(self, row: Sequence) -> UnbilledOrder:
		name, ordered, delivery, currency, company, status, total, base_total, billed, customer = row
		share = (100 - as_money(billed)) / 100
		return UnbilledOrder(
			name,
			company,
			as_date(ordered),
			as_date(delivery),
			status,
			currency,
			as_money(total),
			rounded(as_money(total) * share, self.precision),
			rounded(as_money(base_total) * share, self.precision),
			as_money(billed),
			customer,
		)

	def _newest(self, parameters: Mapping, limit: int, after: Cursor | None) -> tuple[list[Entry], bool]:
		"""Return the newest entries, whole vouchers only, and whether older ones exist."""
		if after:
			parameters = {**parameters, **after._asdict()}
		fetch = limit * 2
		while True:
			entries = self._newest_entries({**parameters, "limit": fetch}, after is not None)
			starts = [
				i for i, entry in enumerate(entries) if i == 0 or _place(entry) != _place(entries[i - 1])
			]
			complete = len(entries) < fetch
			if not complete:
				starts, end = starts[:-1], starts[-1]
			if complete or starts:
				break
			fetch *= 4
		if len(starts) > limit:
			return entries[: starts[limit]], True
		return (entries, False) if complete else (entries[:end], True)

	def _newest_entries(self, parameters: Mapping, older: bool) -> list[Entry]:
		"""Return as many of the newest entries as the limit says.

		Their dates come first, straight from the index, so that only entries of those days are sorted.
		"""
		dates = self.database.rows(queries.newest_dates(older), parameters)
		if not dates:
			return []
		rows = self.database.rows(queries.page(older), {**parameters, "since": dates[-1][0]})
		return [_entry(row) for row in rows]

	def _open_items_of(
		self, entries: Sequence[Entry], scope: Scope, parameters: Mapping, as_of: date
	) -> list[OpenItem]:
		"""Return what is open of the vouchers of *entries*, without reading the rest of the ledger.

		Their balances are those against them, against what they were made for, and against the credit notes
		that settled them.
		"""
		names = {v.name for entry in entries for v in (entry.voucher, entry.against)}
		sql = queries.entries_against(of_customers=True)
		notes = {row[4] for row in self._chunked(sql, names, parameters) if row[3] == SALES_INVOICE}
		if not names:
			return []
		return resolve(self.facts(scope, as_of, vouchers=names | notes), self.precision)

	def _describe(
		self, found: list, items: Sequence[OpenItem], parameters: Mapping, as_of: date
	) -> list[LedgerLine]:
		"""Return the lines of *found* movements: open ones from *items*, settled ones from their entries."""
		open_items: dict[tuple, list[OpenItem]] = {}
		for item in items:
			open_items.setdefault((item.account, item.voucher), []).append(item)
		names = {m.voucher.name for m in found if m.voucher.doctype == SALES_INVOICE}
		invoices = self.invoices(names)
		settled = self._settled(names, parameters)
		return [
			describe(
				movement,
				open_items.get((movement.account, movement.voucher), []),
				invoices.get(movement.voucher.name) if movement.voucher.doctype == SALES_INVOICE else None,
				settled.get((movement.account, movement.voucher)),
				as_of,
			)
			for movement in found
		]

	def _settled(self, names: Iterable[str], parameters: Mapping) -> dict[tuple, date | None]:
		by_voucher: dict[tuple, list[Entry]] = {}
		sql = queries.entries_against(of_customers=bool(parameters["customers"]))
		for row in self._chunked(sql, names, parameters):
			entry = _entry(row)
			by_voucher.setdefault((entry.account, entry.against), []).append(entry)
		smallest = unit(self.precision)
		found = {}
		for key, entries in by_voucher.items():
			entries.sort(key=lambda entry: entry.posting_date)
			posted = min((e.posting_date for e in entries if e.voucher == e.against), default=None)
			settled_on = run_down(entries, smallest)[1]
			found[key] = max(settled_on, posted) if settled_on and posted else settled_on
		return found

	def _customer_parameters(
		self, customer: str, companies: Sequence[str], as_of: date, currency: str | None = None
	) -> dict:
		scope = Scope(tuple(companies), (customer,))
		return {**self._parameters(scope, as_of, currency), "customer": customer}

	def _parameters(self, scope: Scope, as_of: date, currency: str | None = None) -> dict:
		accounts = [
			account.name
			for account in self.accounts.values()
			if account.company in scope.companies and currency in (None, "", account.currency)
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

	def _invoice(
		self, name: str, row: Sequence, customer: str | None = None, account: str | None = None
	) -> Invoice:
		"""Build an invoice from the columns that follow its name in the queries.

		customer, account: those it has where its own columns are null.
		"""
		(
			posting_date,
			due_date,
			own_customer,
			own_account,
			return_against,
			pays_original,
			amount,
			base,
			terms,
		) = row
		debit_to = own_account or account
		base_amount = as_money(base)
		if amount is None or self._in_company_currency(debit_to):
			amount = base_amount
		else:
			amount = as_money(amount)
		return Invoice(
			name,
			as_date(posting_date),
			as_date(due_date),
			own_customer or customer,
			debit_to,
			amount,
			base_amount,
			return_against or None,
			bool(pays_original and return_against),
			terms or 1,
		)

	def _in_company_currency(self, name: str) -> bool:
		account = self.accounts.get(name)
		return account is not None and account.currency == account.company_currency

	def _add_origins(
		self, facts: Facts, unresolved: list[BalanceKey], parameters: Mapping, as_of: date
	) -> None:
		"""Find when the other vouchers entered the ledger, and read the entries of those that never did."""
		originals = [
			facts.invoices[k.voucher.name].return_against for k in unresolved if self._is_note(facts, k)
		]
		names = [key.voucher.name for key in unresolved] + originals
		facts.origins = self._origins(names, parameters)
		found = self.invoices(name for name in originals if name)
		facts.invoices.update({n: i for n, i in found.items() if i.posting_date <= as_of})

		homeless = [key.voucher.name for key in unresolved if not find_origin(facts, key)]
		homeless += [key.voucher.name for key in unresolved if self._is_note(facts, key)]
		facts.entries = self._entries_against(homeless, parameters)
		# A journal's entries may all be against something outside the ledger, as a revaluation's are.
		strays = {entry.voucher for entries in facts.entries.values() for entry in entries}
		journals = {voucher.name for voucher in strays if voucher.doctype == JOURNAL_ENTRY} - set(names)
		facts.origins.update(self._origins(journals, parameters))
		self._add_journals(facts)

	def _origins(self, names: Iterable[str], parameters: Mapping) -> dict[BalanceKey, Origin]:
		origins = {}
		for row in self._chunked(queries.origins(), names, parameters):
			key = BalanceKey(row[0], row[1], Voucher(row[2], row[3]))
			origins[key] = Origin(as_date(row[4]), as_money(row[5]), as_money(row[6]))
		return origins

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


def _opening(
	closing: Opening, entries: Sequence[Entry], accounts: Mapping[str, ReceivableAccount]
) -> Opening:
	"""Return the balance before *entries*, from the one after them."""
	by_currency, base = dict(closing.by_currency), closing.base
	for entry in entries:
		currency = accounts[entry.account].currency
		by_currency[currency] = by_currency.get(currency, ZERO) - entry.amount
		base -= entry.base_amount
	return Opening(by_currency, base)


def _place(entry: Entry) -> tuple:
	return (entry.posting_date, entry.voucher)


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
