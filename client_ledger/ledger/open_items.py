"""Reading what is open: balances per voucher, and what it takes to resolve them into open items."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from client_ledger.core.entries import JOURNAL_ENTRY, SALES_INVOICE, BalanceKey, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.moves import pooled
from client_ledger.core.open_items import (
	Balance,
	Invoice,
	LedgerFacts,
	OpenItem,
	find_origin,
	is_of,
	resolve,
)
from client_ledger.core.terms import Term
from client_ledger.ledger import queries
from client_ledger.ledger.base import REVALUATIONS, Reading
from client_ledger.ledger.results import Scope
from client_ledger.ledger.rows import as_date, as_term


class OpenItemsReading(Reading):
	"""What customers owe, item by item, as of any date."""

	def open_items(
		self, scope: Scope, as_of: date, by_terms: bool = True, vouchers: Collection[Voucher] | None = None
	) -> list[OpenItem]:
		"""Return what is open on *as_of*, one item per payment term (or per voucher), by customer and due date.

		vouchers: all that may be unsettled, where the caller knows them.
		"""
		return resolve(self.facts(scope, as_of, by_terms, vouchers), self.precision, by_terms)

	def facts(
		self, scope: Scope, as_of: date, by_terms: bool = True, vouchers: Collection[Voucher] | None = None
	) -> LedgerFacts:
		"""Return everything open items are resolved from; vouchers: only balances against those named."""
		parameters = self._parameters(scope, as_of)
		facts = LedgerFacts(self.accounts, [])
		in_terms: list[str] = []
		unresolved: list[BalanceKey] = []
		unread: list[BalanceKey] = []
		invoices: dict[str, Invoice] = {}
		balances: list[Balance] = []
		for row in self._balances(scope, parameters, vouchers):
			customer, account, doctype, name, amount, base_amount, posted, due, total, more = row
			key = BalanceKey(customer, account, Voucher(doctype or SALES_INVOICE, name))
			base_amount = as_money(base_amount)
			balances.append(Balance(key, base_amount if amount is None else as_money(amount), base_amount))
			if posted is None or (posting_date := as_date(posted)) > as_of:
				unresolved.append(key)
				continue
			if more:
				if more & queries.READ_TERMS:
					in_terms.append(name)
				if more & queries.READ_INVOICE:
					unread.append(key)
					continue
			total = base_amount if total is None else as_money(total)
			invoices[name] = Invoice(name, posting_date, as_date(due), customer, account, total, total)
		invoices.update(self.invoices(key.voucher.name for key in unread))
		for key in unread:
			invoice = invoices[key.voucher.name]
			if invoice.pays_original or not is_of(facts, invoice, key):
				unresolved.append(key)
		facts.balances, facts.invoices = balances, invoices
		if unresolved:
			self._add_origins(facts, unresolved, parameters, as_of)
			self._add_moves(facts, unresolved, parameters)
		carried = {v.name for move in facts.moves for v, _most in move.carried if v.doctype == SALES_INVOICE}
		if by_terms and carried:
			in_terms += [row[0] for row in self._chunked(queries.IN_TERMS, carried - set(in_terms), {})]
		if by_terms and in_terms:
			facts.terms = self._terms(in_terms, as_of)
			paid_by_term = [
				Voucher(SALES_INVOICE, name)
				for name, terms in facts.terms.items()
				if any(term.paid for term in terms)
			]
			facts.entries = {**facts.entries, **self._entries_against(paid_by_term, parameters)}
		return facts

	def _balances(
		self, scope: Scope, parameters: Mapping, vouchers: Collection[Voucher] | None
	) -> Iterable[tuple]:
		of_customers = scope.customers is not None
		if vouchers is None:
			return self.database.rows(queries.balances(of_customers), parameters)
		return self._against(queries.balances(of_customers, True), vouchers, parameters)

	def _add_origins(
		self, facts: LedgerFacts, unresolved: list[BalanceKey], parameters: Mapping, as_of: date
	) -> None:
		"""Find when the other vouchers entered the ledger, and read the entries of those that never did."""
		originals = [
			facts.invoices[k.voucher.name].return_against for k in unresolved if self._is_note(facts, k)
		]
		names = [key.voucher.name for key in unresolved] + originals
		facts.origins = self._origins(names, parameters)
		found = self.invoices(name for name in originals if name)
		facts.invoices.update({n: i for n, i in found.items() if i.posting_date <= as_of})

		homeless = [key.voucher for key in unresolved if not find_origin(facts, pooled(key, self.pools))]
		homeless += [key.voucher for key in unresolved if self._is_note(facts, key)]
		facts.entries = self._entries_against(homeless, parameters)
		# A journal's entries may all be against something outside the ledger, as a revaluation's are.
		strays = {entry.voucher for entries in facts.entries.values() for entry in entries}
		journals = {voucher.name for voucher in strays if voucher.doctype == JOURNAL_ENTRY} - set(names)
		facts.origins.update(self._origins(journals, parameters))
		self._add_journals(facts)

	def _add_moves(self, facts: LedgerFacts, unresolved: list[BalanceKey], parameters: Mapping) -> None:
		"""Find the journals with a balance that moved other vouchers to other accounts, and what is needed of those."""
		left = {key.voucher for key in unresolved if key.voucher.doctype == JOURNAL_ENTRY}
		if not left or not self._has_several_accounts(parameters):
			return
		entries, seen = [], set()
		while left:
			seen |= left
			rows = self._entries_of(left, parameters)
			entries += rows
			left = {row.against for row in rows if row.against.doctype == JOURNAL_ENTRY} - seen
		facts.moves = self._moves(entries, parameters)[0]
		carried = {voucher for move in facts.moves for voucher, _most in move.carried}
		names = {v.name for v in carried if v.doctype == SALES_INVOICE} - set(facts.invoices)
		found = self.invoices(names)
		facts.invoices = {**facts.invoices, **found}
		others = {v.name for v in carried if v.doctype != SALES_INVOICE}
		if others:
			facts.origins = {**self._origins(others, parameters), **facts.origins}
			self._add_journals(facts)

	def _is_note(self, facts: LedgerFacts, key: BalanceKey) -> bool:
		invoice = facts.invoices.get(key.voucher.name) if key.voucher.doctype == SALES_INVOICE else None
		return bool(invoice and invoice.pays_original)

	def _add_journals(self, facts: LedgerFacts) -> None:
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

	def terms_by_day(self, names: Iterable[str]) -> dict[str, list[tuple[date, list[Term]]]]:
		"""Return, of those of *names* that are due in several terms, the terms as they stood from which day on.

		The first day is the earliest there is; another follows wherever a payment named a term.
		"""
		in_terms = [row[0] for row in self._chunked(queries.IN_TERMS, names, {})]
		payments: dict[str, list[tuple[date, str, Decimal]]] = {}
		for name, term, day, amount in self._chunked(queries.TERM_PAYMENTS, in_terms, {}):
			payments.setdefault(name, []).append((as_date(day), term, as_money(amount)))
		rows: dict[str, list[tuple]] = {}
		for row in self._chunked(queries.TERMS, in_terms, {}):
			rows.setdefault(row[0], []).append(row)
		found = {}
		for name, of_invoice in rows.items():
			paid = payments.get(name, ())
			found[name] = [
				(
					since,
					[
						as_term(
							row, sum((a for day, term, a in paid if term == row[2] and day > since), ZERO)
						)
						for row in of_invoice
					],
				)
				for since in sorted({date.min, *(day for day, _term, _amount in paid)})
			]
		return found

	def _terms(self, names: list[str], as_of: date) -> dict[str, list[Term]]:
		later = {
			(row[0], row[1]): as_money(row[2])
			for row in self._chunked(queries.TERM_PAYMENTS_AFTER, names, {"as_of": as_of})
		}
		terms: dict[str, list[Term]] = {}
		for row in self._chunked(queries.TERMS, names, {}):
			terms.setdefault(row[0], []).append(as_term(row, later.get((row[0], row[2]), ZERO)))
		return terms
