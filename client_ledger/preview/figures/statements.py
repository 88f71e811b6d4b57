"""The statements of a store: whose there are, and their figures, read in batches."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from client_ledger.core.amount_due import amounts_due
from client_ledger.core.money import ZERO
from client_ledger.core.movements import Opening
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party
from client_ledger.core.statements.build import CustomerLedger, StatementAsked, build_figures
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.ledger.database import chunks
from client_ledger.ledger.period_ledgers import PeriodLedger, period_ledgers
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.preview.figures.companies import read_masters
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused

BATCH = 300
_FIRST_DAY = date(1900, 1, 1)
_NOTHING = PeriodLedger(Opening({}, ZERO), [], Opening({}, ZERO))


@dataclass(frozen=True, slots=True)
class StatementReader:
	"""Reads the statements of one company of a store."""

	connection: sqlite3.Connection
	ledger: Ledger
	asked: StatementAsked

	def customers(self, wanted: Sequence[str] = ()) -> list[str]:
		"""Return the customers with entries up to the day, by name, or those that are *wanted* by ID or name.

		Raises Refused for one that the company does not know, with names that look alike.
		"""
		rows = self.connection.execute(
			"select distinct party from `tabPayment Ledger Entry` where company = ?", (self.asked.company,)
		)
		known = [row[0] for row in rows]
		masters = read_masters(self.connection, known)
		known.sort(key=lambda name: (masters[name].customer_name, name))
		if not wanted:
			return known
		by_text = {master.customer_name.casefold(): name for name, master in masters.items()}
		by_text.update({name.casefold(): name for name in known})
		return list(dict.fromkeys(_known(text, by_text, self.asked.company) for text in wanted))

	def figures(self, names: Iterable[str]) -> Iterator[StatementFigures]:
		"""Yield the figures of the statement of each of *names*."""
		asked = self.asked
		for batch in chunks(names, BATCH):
			scope = Scope((asked.company,), tuple(batch))
			found = self.ledger.open_items(scope, asked.as_of)
			periods = period_ledgers(
				self.ledger, scope, asked.from_date or _FIRST_DAY, asked.as_of, items=found
			)
			items: dict[str, list[OpenItem]] = {}
			for item in found:
				items.setdefault(item.customer, []).append(item)
			due = amounts_due(found, found, asked.as_of)
			masters = read_masters(self.connection, batch)
			for name in batch:
				period, own = periods.get(name, _NOTHING), items.get(name, ())
				parties = sorted({Party(name, asked.company, item.currency) for item in own})
				amounts = [(party.currency, due[party]) for party in parties]
				title = masters[name].customer_name
				yield build_figures(
					asked,
					[
						CustomerLedger(
							name, title, period.opening, period.lines, period.closing, own, {}, amounts
						)
					],
				)


def _known(text: str, by_text: dict[str, str], company: str) -> str:
	found = by_text.get(text.strip().casefold())
	if found is None:
		alike = [by_text[name] for name in get_close_matches(text.casefold(), by_text, 3)]
		if alike:
			raise Refused(
				_("{0} has no customer “{1}”. Did you mean: {2}?").format(
					company, text, ", ".join(dict.fromkeys(alike))
				)
			)
		raise Refused(_("{0} has no customer “{1}”.").format(company, text))
	return found
