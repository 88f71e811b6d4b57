"""Reading when invoices were paid."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Entry, Voucher
from client_ledger.core.money import ZERO, as_money, unit
from client_ledger.core.moves import Move, crossing, received_on, unmoved
from client_ledger.core.open_items import Invoice
from client_ledger.core.settlement import Settlement, in_order, run_down, settlements
from client_ledger.ledger import queries
from client_ledger.ledger.base import Reading
from client_ledger.ledger.database import CHUNK
from client_ledger.ledger.results import Scope, TradeRow
from client_ledger.ledger.rows import as_date, as_entry


class SettlementsReading(Reading):
	"""Since when each invoice is settled."""

	def settlements(self, scope: Scope, as_of: date) -> list[Settlement]:
		"""Return when each invoice of the customers of *scope* was paid in full."""
		raw = list(self.entries(scope, as_of))
		moves, days = self._moves_among(raw, self._parameters(scope, as_of))
		entries = unmoved(raw, moves, self.pools)
		if scope.customers is None:
			invoices = self.invoices({e.against.name for e in entries if e.against.doctype == SALES_INVOICE})
			invoices = {name: invoice for name, invoice in invoices.items() if invoice.posting_date <= as_of}
		else:
			invoices = self.invoices_of(scope, as_of)
		return settlements(entries, invoices, self.precision, self.accounts, received_on(raw, days))

	def unmoved_entries(self, scope: Scope, as_of: date) -> list[Entry]:
		"""Return every entry up to *as_of*, in no order, as if nothing had been moved between receivable accounts."""
		entries = list(self.entries(scope, as_of))
		moves, _days = self._moves_among(entries, self._parameters(scope, as_of))
		return unmoved(entries, moves, self.pools)

	def moves(self, scope: Scope, as_of: date) -> list[Move]:
		"""Return what journal entries moved between accounts; one that moves what another moved before that other."""
		across = self._across_accounts(scope.customers is not None, self._parameters(scope, as_of))
		return list(across.moves)

	def _moves_among(
		self, entries: list[Entry], parameters: Mapping
	) -> tuple[list[Move], dict[Voucher, date]]:
		return self._moves(entries, parameters) if self._has_several_accounts(parameters) else ([], {})

	def trade_rows(self, scope: Scope, as_of: date, since: date | None = None) -> list[TradeRow]:
		"""Return every invoice with the day it was settled: what `settlements` returns, from sums instead of entries.

		Where an invoice was moved more often than once after it was made, was credited beyond its amount, or has to do with
		several accounts, its entries decide, as they do there. since: only invoices that were moved then or later, as each
		was that was settled then.
		"""
		parameters = {**self._parameters(scope, as_of), "since": since}
		across = self._across_accounts(scope.customers is not None, parameters)
		sql = queries.trade_lines(scope.customers is not None, since is not None)
		smallest = unit(self.precision)
		rows: dict[tuple[str, str], TradeRow] = {}
		unsure = {(customer, voucher.name) for customer, voucher in across.invoices}
		for row in self.database.rows(sql, parameters):
			customer, account, name, outstanding, moved_on, moves, posted, due, own, base, debit_to = row
			base_amount = as_money(base)
			if base_amount <= 0:
				continue
			key = (customer, name)
			in_base = own is None or self._in_company_currency(debit_to)
			amount = base_amount if in_base else as_money(own)
			posting_date, outstanding = as_date(posted), as_money(outstanding)
			settled_on = max(as_date(moved_on), posting_date) if outstanding < smallest and moved_on else None
			if moves > 2 or outstanding <= -smallest or account != debit_to:
				unsure.add(key)
			home = debit_to if debit_to in self.accounts else account
			rows[key] = TradeRow(
				*(customer, home, name, posting_date, as_date(due)),
				*(amount, base_amount, settled_on, outstanding),
			)
		self._add_carried(rows, across, parameters)
		exact = [rows[key] for key in unsure if key in rows]
		invoices = {
			r.name: Invoice(
				r.name, r.posting_date, r.due_date, r.customer, r.account, r.amount, r.base_amount
			)
			for r in exact
		}
		entries = self._entries_about((Voucher(SALES_INVOICE, name) for name in invoices), across, parameters)
		for found in settlements(entries, invoices, self.precision, self.accounts, across.received):
			key = (found.key.customer, found.invoice.name)
			if key in rows:
				rows[key] = rows[key]._replace(settled_on=found.settled_on, outstanding=found.outstanding)
		return list(rows.values())

	def _across_accounts(self, of_customers: bool, parameters: Mapping) -> "_Across":
		"""Return what the ledger says of vouchers in several accounts of one customer."""
		if not self._has_several_accounts(parameters):
			return _Across()
		rows = self.database.rows(queries.crossing_entries(of_customers), parameters)
		return self._across([as_entry(row) for row in rows], parameters)

	def _across_accounts_of(self, invoices: Iterable[str], parameters: Mapping) -> "_Across":
		"""Return the same, only of what has to do with *invoices*: that of a long ledger is not read whole."""
		if not self._has_several_accounts(parameters):
			return _Across()
		against = queries.entries_against(bool(parameters["customers"]))
		about = [Voucher(SALES_INVOICE, name) for name in invoices]
		seen: set[Voucher] = set()
		entries: list[Entry] = []
		left: set[Voucher] = set()
		while about or left:
			rows = map(as_entry, self._against(against, about, parameters)) if about else ()
			left |= {row.voucher for row in rows if row.voucher.doctype in (JOURNAL_ENTRY, PAYMENT_ENTRY)}
			left -= seen
			seen |= left
			found = self._entries_of(left, parameters) if left else []
			own = [
				row
				for doctype in (JOURNAL_ENTRY, PAYMENT_ENTRY)
				for rows in crossing(found, doctype).values()
				for row in rows
			]
			entries += own
			about = list({row.voucher for row in own if row.voucher.doctype == JOURNAL_ENTRY})
			left = {row.against for row in own if row.against.doctype == JOURNAL_ENTRY} - seen
		return self._across(entries, parameters)

	def _across(self, entries: list[Entry], parameters: Mapping) -> "_Across":
		moves, days = self._moves(entries, parameters)
		about = {(row.customer, row.against) for row in entries}
		return _Across(
			tuple(moves),
			received_on(entries, days),
			frozenset((customer, voucher) for customer, voucher in about if voucher.doctype == SALES_INVOICE),
		)

	def _add_carried(
		self, rows: dict[tuple[str, str], TradeRow], across: "_Across", parameters: Mapping
	) -> None:
		"""Add the invoices that journals carried: no entry need have moved them since they were moved themselves."""
		missing = {
			voucher.name
			for customer, voucher in across.invoices
			if (customer, voucher.name) not in rows and parameters["since"]
		}
		for name, invoice in self.invoices(missing).items():
			if (
				invoice.return_against
				or invoice.base_amount <= 0
				or invoice.posting_date > parameters["as_of"]
			):
				continue
			rows[invoice.customer, name] = TradeRow(
				*(invoice.customer, invoice.account, name, invoice.posting_date, invoice.due_date),
				*(invoice.amount, invoice.base_amount, None, ZERO),
			)

	def _entries_about(
		self, invoices: Iterable[Voucher], across: "_Across", parameters: Mapping
	) -> list[Entry]:
		"""Return the entries against *invoices*, without moves: what is against the journals that moved them is theirs."""
		wanted = set(invoices)
		wanted |= {move.voucher for move in across.moves}
		of_customers = bool(parameters["customers"])
		rows = self._against(queries.entries_against(of_customers), wanted, parameters)
		return unmoved(map(as_entry, rows), across.moves, self.pools)

	def _settled(self, names: Iterable[str], parameters: Mapping) -> dict[tuple[str, str], date | None]:
		"""Return since when invoices are settled, by customer and name; None while open."""
		names = set(names)
		if not names:
			return {}
		if len(names) > CHUNK:
			across = self._across_accounts(bool(parameters["customers"]), parameters)
		else:
			across = self._across_accounts_of(names, parameters)
		by_voucher: dict[tuple[str, str], list[Entry]] = {}
		for entry in self._entries_about(
			(Voucher(SALES_INVOICE, name) for name in names), across, parameters
		):
			if entry.against.doctype == SALES_INVOICE and entry.against.name in names:
				by_voucher.setdefault((entry.customer, entry.against.name), []).append(entry)
		smallest = unit(self.precision)
		found = {}
		for key, entries in by_voucher.items():
			entries = in_order(entries, across.received)
			posted = min((e.posting_date for e in entries if e.voucher == e.against), default=None)
			settled_on = run_down(entries, smallest)[1]
			found[key] = max(settled_on, posted) if settled_on and posted else settled_on
		return found


class _Across(NamedTuple):
	"""What vouchers in several accounts change: moves, when money came, and the invoices that have to do with it."""

	moves: tuple[Move, ...] = ()
	received: Mapping[tuple[str, Voucher], date] = {}
	invoices: frozenset[tuple[str, Voucher]] = frozenset()
