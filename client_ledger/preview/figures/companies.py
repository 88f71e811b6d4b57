"""The figures that the page and the workbook show: read through the Ledger, ruled by the core, nothing added here.

Company by company, because companies may differ in currency; customers in batches, so that memory stays bounded.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from client_ledger.core.account import AccountKey, Position, position
from client_ledger.core.ageing import DEFAULT_RANGES
from client_ledger.core.early_warnings.watch import WatchedCompany
from client_ledger.core.flows import Flow, Month, monthly, months_before
from client_ledger.core.money import ZERO
from client_ledger.core.movements import LedgerLine
from client_ledger.core.open_items import OpenItem
from client_ledger.core.settlement import Settlement, average_days_late, average_days_to_pay
from client_ledger.core.status import Behaviour, behaviour, volume_segments
from client_ledger.ledger.database import SQLiteDatabase, chunks
from client_ledger.ledger.period_ledgers import period_ledgers
from client_ledger.ledger.reader import (
	Activity,
	GLReconciliation,
	Ledger,
	Scope,
	Unbilled,
	UnbilledOrder,
	VoucherDifference,
)
from client_ledger.preview.figures.credit import AccountCredit, CompanyCredit, Grader
from client_ledger.preview.figures.forecast import CashByWeek, Forecaster, read_not_billed
from client_ledger.preview.figures.warnings import TESTED, Watcher
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused

BATCH = 400
MONTHS = 24
_FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Master:
	"""What is shown of a customer beside its figures."""

	customer: str
	customer_name: str
	group: str
	territory: str
	sales_person: str


@dataclass(frozen=True, slots=True)
class Habits:
	"""How invoices settled in the last twelve months were paid: mean days, None where there were none."""

	days_late: Decimal | None
	days_to_pay: Decimal | None
	settled: int


@dataclass(frozen=True, slots=True)
class AccountFigures:
	"""One customer with one company, as of a date. Lines are oldest first, items by due date.

	credit: its grade, and for each of the items when it is expected.
	"""

	master: Master
	position: Position
	by_currency: dict[str, Position]
	unbilled: Unbilled
	activity: Activity
	habits: Habits
	segment: str
	behaviour: Behaviour
	reconciliation: GLReconciliation
	differences: list[VoucherDifference]
	months: list[Month]
	lines: list[LedgerLine]
	items: list[OpenItem]
	orders: list[UnbilledOrder]
	credit: AccountCredit


@dataclass(frozen=True, slots=True)
class CompanyFigures:
	"""A company's receivables: everything in company currency, and what each currency owes in its own."""

	company: str
	currency: str
	position: Position
	by_currency: dict[str, Position]
	unbilled: Unbilled
	habits: Habits
	months: list[Month]
	untied: dict[str, GLReconciliation]
	credit: CompanyCredit


@dataclass(slots=True)
class _HabitSums:
	"""What the company's habits are the mean of: days of all invoices settled in the period."""

	days_late: int = 0
	days_to_pay: int = 0
	settled: int = 0

	def add(self, found: Iterable[Settlement], since: date) -> None:
		"""Add what was settled since that day."""
		for one in found:
			if one.settled_on and one.settled_on >= since:
				self.days_late += one.days_late
				self.days_to_pay += one.days_to_pay
				self.settled += 1

	def habits(self) -> Habits:
		"""Return the means."""
		if not self.settled:
			return Habits(None, None, 0)
		return Habits(
			Decimal(self.days_late) / self.settled, Decimal(self.days_to_pay) / self.settled, self.settled
		)


@dataclass(slots=True)
class CompanyReader:
	"""Reads one company: how its customers pay, then their figures in batches, and then its own."""

	connection: sqlite3.Connection
	ledger: Ledger
	company: str
	currency: str
	as_of: date
	_habits: dict[str, Habits] = field(default_factory=dict)
	_habit_sums: _HabitSums = field(default_factory=_HabitSums)
	_grader: Grader | None = None
	_forecaster: Forecaster | None = None
	_watcher: Watcher | None = None
	_flows: dict[tuple[date, Flow], Decimal] = field(default_factory=dict)

	@property
	def scope(self) -> Scope:
		"""The whole company."""
		return Scope((self.company,))

	@property
	def since(self) -> date:
		"""The day twelve months ago, from which habits and sales count."""
		day = min(self.as_of.day, 28)
		return self.as_of.replace(year=self.as_of.year - 1, day=day)

	def accounts(self, progress: Callable[[str, int], None] | None = None) -> Iterator[AccountFigures]:
		"""Yield the figures of every customer the company deals with, by name.

		progress: called with how many are done of a stage, "grade" and then "write".
		"""
		whole = self.ledger.activity(self.scope, self.since, self.as_of)
		unbilled = self.ledger.unbilled(self.scope)
		reconciliations = self.ledger.reconcile(self.scope, self.as_of)
		segments = volume_segments((key.customer, a.sales) for key, a in whole.items())
		names = {key.customer for source in (whole, unbilled, reconciliations) for key in source}
		masters = read_masters(self.connection, names)
		self._grader = self._grade(sorted(names), progress)
		for batch in chunks(sorted(names, key=lambda name: (masters[name].customer_name, name)), BATCH):
			yield from self._batch(batch, masters, whole, unbilled, reconciliations, segments)
			if progress:
				progress("write", len(batch))

	def _grade(self, names: list[str], progress: Callable[[str, int], None] | None) -> Grader:
		"""Return what is learnt of how all customers pay; only that makes sense of any of them."""
		grader = Grader(self.as_of)
		self._forecaster = Forecaster(self.as_of, self.ledger.accounts)
		self._watcher = Watcher(self.as_of)
		for batch in chunks(names, BATCH):
			settled = self.ledger.settlements(Scope((self.company,), tuple(batch)), self.as_of)
			grader.add(settled)
			self._forecaster.add(settled)
			self._watcher.add(settled)
			self._habit_sums.add(settled, self.since)
			for name, found in _by_customer(settled, lambda s: s.key.customer).items():
				self._habits[name] = _habits(found, self.since, self.as_of)
			if progress:
				progress("grade", len(batch))
		grader.learn()
		return grader

	def _batch(
		self,
		names: list[str],
		masters: Mapping[str, Master],
		activity: Mapping[AccountKey, Activity],
		unbilled: Mapping[AccountKey, Unbilled],
		reconciliations: Mapping[AccountKey, GLReconciliation],
		segments: Mapping[str, str],
	) -> Iterator[AccountFigures]:
		scope = Scope((self.company,), tuple(names))
		ledgers = period_ledgers(self.ledger, scope, _FIRST_DAY, self.as_of)
		items = _by_customer(self.ledger.open_items(scope, self.as_of))
		moved = self._moved(scope)
		for name in names:
			key = AccountKey(name, self.company)
			lines = ledgers[name].lines if name in ledgers else []
			found = position(items.get(name, ()), self.as_of)
			habits = self._habits.get(name) or Habits(None, None, 0)
			owed = unbilled.get(key, Unbilled())
			reconciliation = reconciliations.get(key, GLReconciliation(ZERO, ZERO))
			orders = self.ledger.orders(name, (self.company,)) if owed.orders else []
			credit = self._grader.account(name, items.get(name, []))
			self._forecaster.account(name, credit.assessment.grade, items.get(name, []), orders)
			yield AccountFigures(
				master=masters[name],
				position=found,
				by_currency=_by_currency(items.get(name, ()), self.as_of),
				unbilled=owed,
				activity=activity.get(key, Activity()),
				habits=habits,
				segment=segments.get(name, ""),
				behaviour=behaviour(habits.days_late, found.oldest_overdue_days),
				reconciliation=reconciliation,
				differences=self._differences(name) if reconciliation.difference else [],
				months=monthly(moved.get(name, ()), self.as_of, MONTHS),
				lines=lines,
				items=items.get(name, []),
				orders=orders,
				credit=credit,
			)

	def forecasts(self) -> list[CashByWeek]:
		"""Return the cash of the next weeks per currency; the accounts must have been read before."""
		deliveries = self.ledger.unbilled_deliveries(self.scope)
		return self._forecaster.forecasts(
			read_not_billed(self.connection, self.company, self.currency, deliveries)
		)

	def warnings(self) -> WatchedCompany:
		"""Return what early warnings say; the accounts must have been read before."""
		return self._watcher.watch(self.connection, self.company, TESTED)

	def _differences(self, customer: str) -> list[VoucherDifference]:
		return self.ledger.differences(customer, (self.company,), self.as_of)

	def _moved(self, scope: Scope) -> dict[str, list[tuple[date, Flow, Decimal]]]:
		"""Return what moved the accounts of *scope*, per customer; the company's months are theirs together."""
		found: dict[str, list[tuple[date, Flow, Decimal]]] = {}
		for customer, day, flow, amount in self.ledger.flows(
			scope, months_before(self.as_of, MONTHS - 1), self.as_of, True
		):
			found.setdefault(customer, []).append((day, flow, amount))
			month = (day.replace(day=1), flow)
			self._flows[month] = self._flows.get(month, ZERO) + amount
		return found

	def totals(self) -> CompanyFigures:
		"""Return the company's own figures; months, habits and credit are those of the accounts, read before."""
		items = self.ledger.open_items(self.scope, self.as_of)
		unbilled = self.ledger.unbilled(self.scope).values()
		reconciliations = self.ledger.reconcile(self.scope, self.as_of)
		moved = [(month, flow, amount) for (month, flow), amount in self._flows.items()]
		return CompanyFigures(
			company=self.company,
			currency=self.currency,
			position=position(items, self.as_of),
			by_currency=_by_currency(items, self.as_of),
			unbilled=Unbilled(
				sum((u.orders for u in unbilled), ZERO), sum((u.deliveries for u in unbilled), ZERO)
			),
			habits=self._habit_sums.habits(),
			months=monthly(moved, self.as_of, MONTHS),
			untied={key.customer: found for key, found in reconciliations.items() if found.difference},
			credit=self._grader.company(),
		)


def list_companies(connection: sqlite3.Connection) -> list[tuple[str, str]]:
	"""Return (name, currency) of the companies in a store, by name."""
	return connection.execute("select name, default_currency from `tabCompany` order by name").fetchall()


def chosen_company(connection: sqlite3.Connection, wanted: str | None) -> str:
	"""Return the company asked for, or the only one. Raises Refused where there is no such, or no single one."""
	names = [row[0] for row in connection.execute("select name from `tabCompany` order by name")]
	if wanted is None and len(names) == 1:
		return names[0]
	if wanted not in names:
		raise Refused(_("Specify the company with --company. Available: {0}").format(", ".join(names)))
	return wanted


def last_day(connection: sqlite3.Connection) -> date | None:
	"""Return the day of the last entry in a store, None for an empty one."""
	found = connection.execute("select max(posting_date) from `tabPayment Ledger Entry`").fetchone()[0]
	return date.fromisoformat(found) if found else None


def number_of_accounts(connection: sqlite3.Connection) -> int:
	"""Return how many customers all companies of a store deal with, for progress bars."""
	return connection.execute(
		"select count(*) from (select distinct company, party from `tabPayment Ledger Entry`)"
	).fetchone()[0]


def compare_ledgers(
	connection: sqlite3.Connection, as_of: date
) -> tuple[int, dict[AccountKey, GLReconciliation]]:
	"""Return how many accounts a store has, and those whose ledgers differ."""
	scope = Scope(tuple(name for name, _currency in list_companies(connection)))
	reconciliations = Ledger(SQLiteDatabase(connection)).reconcile(scope, as_of)
	return len(reconciliations), {
		key: found for key, found in sorted(reconciliations.items(), key=str) if found.difference
	}


def read_masters(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, Master]:
	"""Return the customers of *names*; one without a master stands under its own name."""
	found = {name: Master(name, name, "", "", "") for name in names}
	rows = connection.execute(
		"""
select c.name, coalesce(nullif(c.customer_name, ''), c.name), coalesce(c.customer_group, ''),
	coalesce(c.territory, ''), coalesce((select st.sales_person from `tabSales Team` st
		where st.parent = c.name order by st.allocated_percentage desc, st.idx limit 1), '')
from `tabCustomer` c"""
	)
	found.update({row[0]: Master(*row) for row in rows if row[0] in found})
	return found


def _by_customer(rows: Iterable, key: Callable = lambda row: row.customer) -> dict[str, list]:
	found: dict[str, list] = {}
	for row in rows:
		found.setdefault(key(row), []).append(row)
	return found


def _by_currency(items: Iterable[OpenItem], as_of: date) -> dict[str, Position]:
	"""Return the position per account currency; `currencies` of each holds the amount in that currency."""
	found = _by_customer(items, lambda item: item.currency)
	return {currency: position(found[currency], as_of, DEFAULT_RANGES) for currency in sorted(found)}


def _habits(settled: Iterable[Settlement], since: date, until: date) -> Habits:
	settled = list(settled)
	late, number = average_days_late(settled, since, until)
	return Habits(late, average_days_to_pay(settled, since, until), number)
