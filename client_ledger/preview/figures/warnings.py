"""Early warnings of a company in a store: its past walked through, and what is raised today.

settlements, in batches -> invoices; part payments, orders, credit notes -> events -> core.early_warnings.watch

A store has no promises, disputes, limits and statements, so signals that need those stay silent.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from client_ledger.core.credit.lateness import TradeLine, trade_lines
from client_ledger.core.early_warnings.facts import DatedAmount, WarningEvents
from client_ledger.core.early_warnings.outcomes import is_crumb
from client_ledger.core.early_warnings.watch import WatchedCompany, watch_company
from client_ledger.core.settlement import Settlement
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Ledger, Scope

# Invoices that a report's record is made of, about; `client-ledger warnings` looks at all of them.
TESTED = 15_000
_BATCH = 400

_PARTS = """
select party, posting_date, -sum(amount), against_voucher_no from `tabPayment Ledger Entry`
where company = :company and party_type = 'Customer' and delinked = 0 and posting_date <= :until
	and against_voucher_type = 'Sales Invoice' and voucher_type != 'Sales Invoice'
group by party, against_voucher_no, posting_date having -sum(amount) > 0.005"""
_ORDERS = """
select customer, transaction_date, base_grand_total, name from `tabSales Order`
where company = :company and docstatus = 1 and transaction_date <= :until"""
_NOTES = """
select customer, posting_date, -base_grand_total, name from `tabSales Invoice`
where company = :company and docstatus = 1 and is_return = 1 and posting_date <= :until"""


@dataclass(slots=True)
class Watcher:
	"""add() settlements in batches, then watch()."""

	as_of: date
	_lines: list[TradeLine] = field(default_factory=list)

	def add(self, settled: Iterable[Settlement]) -> None:
		"""Take in how invoices were paid."""
		self._lines += trade_lines(settled)

	def watch(self, connection: sqlite3.Connection, company: str, most: int | None = None) -> WatchedCompany:
		"""Return what warnings say of *company*. most: of about how many invoices the past is made, None for all."""

		def read(sql: str) -> list[DatedAmount]:
			rows = connection.execute(sql, {"company": company, "until": self.as_of.isoformat()})
			return [
				DatedAmount(name, date.fromisoformat(day), amount, what) for name, day, amount, what in rows
			]

		settled = {line.reference: line.settled_on for line in self._lines}
		parts = [
			one
			for one in read(_PARTS)
			if one.reference in settled
			and (settled[one.reference] is None or one.day < settled[one.reference])
		]
		# What is open of an invoice is what its part payments left.
		paid = {one.reference for one in parts}
		lines = [
			line._replace(outstanding=None) if line.reference in paid and not is_crumb(line) else line
			for line in self._lines
		]
		events = WarningEvents(lines=lines, parts=parts, orders=read(_ORDERS), credit_notes=read(_NOTES))
		return watch_company(events, self.as_of, most)


def watch_store(
	connection: sqlite3.Connection,
	ledger: Ledger,
	company: str,
	as_of: date,
	progress: Callable[[int], None] | None = None,
) -> WatchedCompany:
	"""Return what warnings say of one company of a store, of all its invoices."""
	names = [
		row[0]
		for row in connection.execute(
			"select distinct party from `tabPayment Ledger Entry` where company = ? and party_type = 'Customer'",
			(company,),
		)
	]
	watcher = Watcher(as_of)
	for batch in chunks(sorted(names), _BATCH):
		watcher.add(ledger.settlements(Scope((company,), tuple(batch)), as_of))
		if progress:
			progress(len(batch))
	return watcher.watch(connection, company)
