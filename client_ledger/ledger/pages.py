"""Reading a customer's ledger: pages of movements, newest first, and whole periods, oldest first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from client_ledger.core.entries import JOURNAL_ENTRY, SALES_INVOICE, Entry, ReceivableAccount, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.movements import LedgerLine, Movement, Opening, movements
from client_ledger.core.open_items import OpenItem, resolve
from client_ledger.ledger import queries
from client_ledger.ledger.line_status import LineStatuses
from client_ledger.ledger.open_items import OpenItemsReading
from client_ledger.ledger.results import Cursor, Page, Scope, SearchTerm
from client_ledger.ledger.rows import as_date, as_entry
from client_ledger.ledger.settlements import SettlementsReading


class PagesReading(OpenItemsReading, SettlementsReading):
	"""What happened on a customer's account, with running balances and the status of each voucher."""

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
		closing: Opening | None = None,
	) -> Page:
		"""Return about *limit* movements of a customer's ledger, newest first, with running balances.

		after: where the previous page ended. currency: only accounts in that currency.
		items: the customer's open items on *as_of*, by terms, where the caller has them already; closing: likewise
		its balance where the page ends.
		"""
		parameters = self._customer_parameters(customer, companies, as_of, currency)
		entries, more = self._newest(parameters, limit, after)
		closing = closing or self.totals(customer, companies, as_of, after, currency)
		found = movements(reversed(entries), self.accounts, _opening(closing, entries, self.accounts))
		if items is None:
			items = self._open_items_of(entries, Scope(tuple(companies), (customer,)), parameters)
		lines = self._describe(customer, found[::-1], items, parameters)
		last = Cursor(entries[-1].posting_date, *entries[-1].voucher) if entries and more else None
		return Page(lines, last)

	def search(
		self,
		customer: str,
		companies: Sequence[str],
		as_of: date,
		term: SearchTerm,
		limit: int = 50,
		after: Cursor | None = None,
		currency: str | None = None,
	) -> Page:
		"""Return up to *limit* movements of a customer's ledger that match *term*, newest first.

		Their balances are those of the whole ledger. after: where the previous page ended.
		"""
		parameters = self._customer_parameters(customer, companies, as_of, currency)
		found = self._found_places(parameters, term, limit + 1, after)
		places = found[:limit]
		if not places:
			return Page([], None)
		days = {place.posting_date for place in places}
		rows = self.database.rows(queries.ENTRIES_OF_DAYS, {**parameters, "days": sorted(days)})
		entries = [as_entry(row) for row in rows]
		openings = self._openings(parameters, days)
		moves = [
			move
			for day in sorted(days, reverse=True)
			for move in reversed(
				movements([e for e in entries if e.posting_date == day], self.accounts, openings[day])
			)
			if Cursor(day, *move.voucher) in places
		]
		shown = [entry for entry in entries if Cursor(entry.posting_date, *entry.voucher) in places]
		items = self._open_items_of(shown, Scope(tuple(companies), (customer,)), parameters)
		lines = self._describe(customer, moves, items, parameters)
		return Page(lines, places[-1] if len(found) > limit else None)

	def _found_places(
		self, parameters: Mapping, term: SearchTerm, limit: int, after: Cursor | None
	) -> list[Cursor]:
		sql = queries.search(after is not None, bool(term.names), term.amount is not None)
		escaped = re.sub(r"([|%_])", r"|\1", term.text.lower())
		what = {"pattern": f"%{escaped}%", "vouchers": sorted(term.names), "amount": term.amount}
		place = after._asdict() if after else {}
		rows = self.database.rows(sql, {**parameters, **place, **what, "limit": limit})
		return [Cursor(as_date(day), doctype, name) for day, doctype, name in rows]

	def _openings(self, parameters: Mapping, days: Iterable[date]) -> dict[date, Opening]:
		"""Return the balance before each of *days*."""
		totals: dict[date, list[tuple]] = {}
		for day, *row in self.database.rows(queries.DAY_TOTALS, parameters):
			totals.setdefault(as_date(day), []).append(row)
		by_currency: dict[str, Decimal] = {}
		base, found = ZERO, {}
		for day in sorted({*totals, *days}):
			found[day] = Opening(dict(by_currency), base)
			for account, amount, base_amount in totals.get(day, ()):
				currency = self.accounts[account].currency
				by_currency[currency] = by_currency.get(currency, ZERO) + as_money(amount)
				base += as_money(base_amount)
		return {day: found[day] for day in days}

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
		opening, found, closing = self.movements_between(customer, companies, since, until, currency)
		items = self.open_items(Scope(tuple(companies), (customer,)), until)
		return opening, self._describe(customer, found, items, parameters), closing

	def movements_between(
		self,
		customer: str,
		companies: Sequence[str],
		since: date,
		until: date,
		currency: str | None = None,
	) -> tuple[Opening, list[Movement], Opening]:
		"""Return what `history` does, without what has become of each voucher, which takes most of its time."""
		parameters = self._customer_parameters(customer, companies, until, currency)
		rows = self.database.rows(queries.history(), {**parameters, "since": since})
		entries = [as_entry(row) for row in rows]
		closing = self.totals(customer, companies, until, None, currency)
		opening = _opening(closing, entries, self.accounts)
		return opening, movements(entries, self.accounts, opening), closing

	def _newest(self, parameters: Mapping, limit: int, after: Cursor | None) -> tuple[list[Entry], bool]:
		"""Return the newest entries, whole vouchers only, and whether older ones exist."""
		if after:
			parameters = {**parameters, **after._asdict()}
		fetch = limit + max(limit // 3, 10)
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
		return [as_entry(row) for row in rows]

	def _open_items_of(self, entries: Sequence[Entry], scope: Scope, parameters: Mapping) -> list[OpenItem]:
		"""Return what is open of the vouchers of *entries*, without reading the rest of the ledger.

		Their balances are those against them, against what they were made for, against the credit notes that
		settled them, and against the journal entries that moved them to other accounts.
		"""
		vouchers = {v for entry in entries for v in (entry.voucher, entry.against)}
		return self.open_items_of(vouchers, scope, parameters) if vouchers else []

	def open_items_of(
		self, vouchers: Iterable[Voucher], scope: Scope, parameters: Mapping | date
	) -> list[OpenItem]:
		"""Return what is open of *vouchers* and of what they have to do with, of customers that *scope* names.

		parameters: those of the queries, or the as-of date.
		"""
		if isinstance(parameters, date):
			parameters = self._parameters(scope, parameters)
		as_of, vouchers = parameters["as_of"], set(vouchers)
		notes, journals = self._moved_by(vouchers, parameters)
		vouchers |= notes
		while journals := journals - vouchers:
			vouchers |= journals
			journals = self._moved_by(journals, parameters)[1]
		return resolve(self.facts(scope, as_of, vouchers=vouchers), self.precision)

	def _moved_by(
		self, vouchers: Iterable[Voucher], parameters: Mapping
	) -> tuple[set[Voucher], set[Voucher]]:
		"""Return the invoices and the journal entries that have entries against *vouchers*."""
		sql = queries.entries_against(of_customers=True)
		found = {Voucher(row[3], row[4]) for row in self._against(sql, vouchers, parameters)}
		return (
			{voucher for voucher in found if voucher.doctype == SALES_INVOICE},
			{voucher for voucher in found if voucher.doctype == JOURNAL_ENTRY},
		)

	def line_statuses(
		self, names: Iterable[str], items: Iterable[OpenItem], parameters: Mapping
	) -> LineStatuses:
		"""Return the statuses of movements: open ones by *items*, settled ones by their entries.

		names: those of their sales invoices.
		"""
		names = set(names)
		return LineStatuses(
			items, self.invoices(names), self._settled(names, parameters), parameters["as_of"]
		)

	def _describe(
		self, customer: str, found: Sequence[Movement], items: Iterable[OpenItem], parameters: Mapping
	) -> list[LedgerLine]:
		names = {m.voucher.name for m in found if m.voucher.doctype == SALES_INVOICE}
		statuses = self.line_statuses(names, items, parameters)
		return [statuses.line(customer, movement) for movement in found]


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
