"""Reads the figures of statements on a site: of one customer or of many, of a parent with its subsidiaries.

	the ledger -> items, lines, balances + what is disputed and asked for -> core/statements -> StatementFigures

It asks for no permission: the caller has to. What disputes and promises take off the amount due is known on a higher floor,
which hands it in (`facts`); without it, everything overdue is asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe

from client_ledger.core.amount_due import AmountDue, amounts_due
from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.money import ZERO
from client_ledger.core.movements import Opening
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party
from client_ledger.core.statements.build import CustomerLedger, StatementAsked, build_figures
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.ledger.period_ledgers import PeriodLedger, period_ledgers
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.open_voucher_cache import open_items
from client_ledger.site.request import LedgerRequest
from client_ledger.statements.bank_details import bank_details

# Older than any entry: a ledger without a from date starts at its beginning.
BEGINNING = date(1900, 1, 1)
# So many customers are read together: enough to spare queries, few enough to fit in memory.
BATCH = 300


@dataclass(frozen=True, slots=True)
class StatementFacts:
	"""What is said of open items beside the ledger: what is in dispute, and what each party is asked for."""

	disputed: Mapping[TermItemKey, Decimal] = field(default_factory=dict)
	due: Mapping[Party, AmountDue] = field(default_factory=dict)


# Called with the company, everything that its customers have open, and the day of the statement.
FactsReader = Callable[[str, Sequence[OpenItem], date], StatementFacts]


def by_ledger_alone(_company: str, items: Sequence[OpenItem], as_of: date) -> StatementFacts:
	"""Return the facts where nobody disputes or promises anything."""
	return StatementFacts({}, amounts_due(items, items, as_of))


def statement_figures(
	company: str,
	customers: str | Sequence[str],
	as_of: date,
	from_date: date | None = None,
	coverage: Coverage = Coverage.ACTIVITY,
	currency: str | None = None,
	facts: FactsReader = by_ledger_alone,
) -> StatementFigures:
	"""Return the figures of one statement; customers: one, or a parent followed by its subsidiaries.

	from_date: None is the ledger's beginning. currency: None for all of them, each with balances of its own.
	"""
	names = [customers] if isinstance(customers, str) else list(customers)
	ledger, asked = site_ledger(), _asked(company, as_of, from_date, coverage, currency)
	# Of a long ledger only what may be open is read, which the batches below cannot do.
	items = {name: open_items(ledger, LedgerRequest(name, company, as_of)) for name in names}
	periods = {}
	if coverage is not Coverage.OPEN_ITEMS:
		for name in names:
			periods[name] = PeriodLedger(
				*ledger.history(name, (company,), from_date or BEGINNING, as_of, currency)
			)
	return next(_statements(asked, [names], items, periods, facts))


def figures_of_many(
	company: str,
	groups: Iterable[Sequence[str]],
	as_of: date,
	from_date: date | None = None,
	coverage: Coverage = Coverage.ACTIVITY,
	currency: str | None = None,
	facts: FactsReader = by_ledger_alone,
) -> Iterator[StatementFigures]:
	"""Yield the figures of many statements in the order of *groups*: each the customers of one statement.

	They are the same as `statement_figures` returns, read in batches.
	"""
	ledger, asked = site_ledger(), _asked(company, as_of, from_date, coverage, currency)
	for batch in _batches(groups):
		names = tuple(dict.fromkeys(name for group in batch for name in group))
		scope = Scope((company,), names)
		found = ledger.open_items(scope, as_of)
		items: dict[str, list[OpenItem]] = {}
		for item in found:
			items.setdefault(item.customer, []).append(item)
		periods = _periods(ledger, scope, asked, found)
		yield from _statements(asked, batch, items, periods, facts)


def _periods(
	ledger: Ledger, scope: Scope, asked: StatementAsked, items: Sequence[OpenItem]
) -> Mapping[str, PeriodLedger]:
	if asked.coverage is Coverage.OPEN_ITEMS:
		return {}
	return period_ledgers(ledger, scope, asked.from_date or BEGINNING, asked.as_of, asked.currency, items)


def _statements(
	asked: StatementAsked,
	groups: Sequence[Sequence[str]],
	items: Mapping[str, Sequence[OpenItem]],
	periods: Mapping[str, PeriodLedger],
	facts: FactsReader,
) -> Iterator[StatementFigures]:
	names = list(dict.fromkeys(name for group in groups for name in group))
	titles = dict(
		frappe.get_all("Customer", {"name": ("in", names)}, ["name", "customer_name"], as_list=True)
	)
	said = facts(asked.company, [item for name in names for item in items.get(name, ())], asked.as_of)
	nothing = PeriodLedger(Opening({}, ZERO), [], Opening({}, ZERO))
	for group in groups:
		ledgers = []
		for name in group:
			period = periods.get(name, nothing)
			due = [
				(party.currency, said.due[party])
				for party in sorted({Party(name, asked.company, i.currency) for i in items.get(name, ())})
				if party in said.due
			]
			ledgers.append(
				CustomerLedger(
					name,
					titles.get(name) or name,
					period.opening,
					period.lines,
					period.closing,
					items.get(name, ()),
					said.disputed,
					due,
				)
			)
		yield build_figures(asked, ledgers)


def _asked(
	company: str, as_of: date, from_date: date | None, coverage: Coverage, currency: str | None
) -> StatementAsked:
	company_currency = frappe.get_cached_value("Company", company, "default_currency")
	return StatementAsked(
		company, company_currency, as_of, from_date, coverage, currency or None, bank_details(company)
	)


def _batches(groups: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
	batch, size = [], 0
	for group in groups:
		batch.append(group)
		size += len(group)
		if size >= BATCH:
			yield batch
			batch, size = [], 0
	if batch:
		yield batch
