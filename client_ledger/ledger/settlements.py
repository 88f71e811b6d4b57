"""Reading when invoices were paid."""

from collections.abc import Iterable, Mapping
from datetime import date

from client_ledger.core.entries import SALES_INVOICE, BalanceKey, Entry, Voucher
from client_ledger.core.money import as_money, unit
from client_ledger.core.settlement import Settlement, run_down, settlements
from client_ledger.ledger import queries
from client_ledger.ledger.base import Reading
from client_ledger.ledger.results import Scope, TradeRow
from client_ledger.ledger.rows import as_date, as_entry


class SettlementsReading(Reading):
	"""Since when each invoice is settled."""

	def settlements(self, scope: Scope, as_of: date) -> list[Settlement]:
		"""Return when each invoice of the customers of *scope* (which must name them) was paid in full."""
		invoices = self.invoices_of(scope, as_of)
		return settlements(self.entries(scope, as_of), invoices, self.precision)

	def trade_rows(self, scope: Scope, as_of: date, since: date | None = None) -> list[TradeRow]:
		"""Return every invoice with the day it was settled: what `settlements` returns, from sums instead of entries.

		Where an invoice was moved more often than once after it was made, or credited beyond its amount, its entries
		decide, as they do there. since: only invoices that were moved then or later, as each was that was settled then.
		"""
		parameters = {**self._parameters(scope, as_of), "since": since}
		sql = queries.trade_lines(scope.customers is not None, since is not None)
		smallest = unit(self.precision)
		rows, unsure = [], []
		for row in self.database.rows(sql, parameters):
			customer, account, name, outstanding, moved_on, moves, posted, due, own, base = row
			base_amount = as_money(base)
			if base_amount <= 0:
				continue
			in_base = own is None or self._in_company_currency(account)
			amount = base_amount if in_base else as_money(own)
			posting_date, outstanding = as_date(posted), as_money(outstanding)
			settled_on = max(as_date(moved_on), posting_date) if outstanding < smallest and moved_on else None
			if moves > 2 or outstanding <= -smallest:
				unsure.append(len(rows))
			rows.append(
				TradeRow(
					*(customer, account, name, posting_date, as_date(due)),
					*(amount, base_amount, settled_on, outstanding),
				)
			)
		exact = self._entries_against([Voucher(SALES_INVOICE, rows[i].name) for i in unsure], parameters)
		for i in unsure:
			row = rows[i]
			entries = exact.get(BalanceKey(row.customer, row.account, Voucher(SALES_INVOICE, row.name)), [])
			entries.sort(key=lambda entry: entry.posting_date)
			settled_on = run_down(entries, smallest)[1]
			rows[i] = row._replace(settled_on=settled_on and max(settled_on, row.posting_date))
		return rows

	def _settled(self, names: Iterable[str], parameters: Mapping) -> dict[tuple, date | None]:
		by_voucher: dict[tuple, list[Entry]] = {}
		sql = queries.entries_against(of_customers=bool(parameters["customers"]))
		vouchers = [Voucher(SALES_INVOICE, name) for name in names]
		for row in self._against(sql, vouchers, parameters):
			entry = as_entry(row)
			by_voucher.setdefault((entry.account, entry.against), []).append(entry)
		smallest = unit(self.precision)
		found = {}
		for key, entries in by_voucher.items():
			entries.sort(key=lambda entry: entry.posting_date)
			posted = min((e.posting_date for e in entries if e.voucher == e.against), default=None)
			settled_on = run_down(entries, smallest)[1]
			found[key] = max(settled_on, posted) if settled_on and posted else settled_on
		return found
