"""What is to be read: whose documents, since when, and how much of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

import frappe
from erpnext.accounts.utils import get_currency_precision
from frappe.query_builder import Case, Field
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Index

from client_ledger.ledger.database import chunks

# Rows that are in memory at a time, besides the facts made of them.
PAGE = 10_000
# A Version is a text of many kilobytes.
FEW = 500


@dataclass(frozen=True)
class FactWindow:
	"""Of which customers (None: all) what is read since a day.

	old: also what is older and still open. parts: also what documents bill, what receipts pay and who cancelled them;
	without them, facts are enough for controls that look at numbers, amounts, people and times only. heads: of master data only who belongs together.
	"""

	company: str
	since: date
	today: date
	customers: tuple[str, ...] | None = None
	old: bool = True
	parts: bool = True
	heads: bool = False
	# Whether everybody's facts are read in turn: what is small is then read once.
	in_turn: bool = False
	# What is the same for all slices of a company, read once.
	known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

	def once(self, name: str, read: Callable[[], Any]) -> Any:
		"""Return what is read once for all slices of a company."""
		if name not in self.known:
			self.known[name] = read()
		return self.known[name]

	@property
	def since_moment(self) -> datetime:
		"""Return the first moment of the window."""
		return datetime.combine(self.since, time.min)

	@cached_property
	def currency(self) -> str:
		"""The company's currency."""
		return frappe.get_cached_value("Company", self.company, "default_currency")

	@cached_property
	def accounts(self) -> tuple[str, ...]:
		"""The company's receivable accounts."""
		found = frappe.get_all(
			"Account", {"company": self.company, "account_type": "Receivable", "is_group": 0}, pluck="name"
		)
		return tuple(sorted(found))

	def of_customers(self, field: Field) -> Criterion:
		"""Return the condition that a field names one of the customers, who have to be given."""
		return field.isin(self.customers or ("",))

	def moved(self, table: object, dated: str, *more: Criterion) -> Criterion:
		"""Return the condition that a document is of the window: by its date, its entry or its cancelling, or by one of *more*."""
		found = (
			(table[dated] >= self.since)
			| (table.creation >= self.since_moment)
			| ((table.docstatus == 2) & (table.modified >= self.since_moment))
		)
		if self.old:
			for one in more:
				found |= one
		return found


def is_first(company: str) -> bool:
	"""Return whether a company speaks for the site: its default one, or else the first by name."""
	default = frappe.db.get_single_value("Global Defaults", "default_company")
	return company == (default or frappe.get_all("Company", pluck="name", order_by="name", limit=1)[0])


def pages(
	window: FactWindow, query: QueryBuilder, name: Field, size: int = PAGE
) -> Iterator[Sequence[tuple]]:
	"""Yield the rows of a query: of everybody in pages by the document's name, which has to be the first column and unique;
	those of some customers at once, which an index leads to."""
	if window.customers is not None:
		yield query.run()
		return
	if frappe.db.db_type == "mariadb":
		# Any other index would be sorted by name for each page anew.
		query = query.force_index(Index("PRIMARY"))
	last = ""
	while rows := query.where(name > last).orderby(name).limit(size).run():
		yield rows
		if len(rows) < size:
			return
		last = rows[-1][0]


def rows_of(window: FactWindow, query: QueryBuilder, name: Field) -> Iterator[tuple]:
	"""Yield the rows of a query one by one, read as pages are."""
	for rows in pages(window, query, name):
		yield from rows


def by_name(query: QueryBuilder, name: Field, names: Sequence[str], size: int = 1000) -> Iterator[tuple]:
	"""Yield the rows of a query for the documents named."""
	for part in chunks(names, size):
		yield from query.where(name.isin(part)).run()


def cancelled_at(table: object) -> Case:
	"""Return when a document was changed last, of cancelled ones only: moments take time to read, and nobody looks at others."""
	return Case().when(table.docstatus == 2, table.modified)


def money(value: float | None) -> Decimal:
	"""Return an amount as it is stored, at the site's precision."""
	try:
		form = frappe.local.cl_amount_form
	except AttributeError:
		# Asked for once per request or job: a night reads hundreds of thousands of amounts.
		form = frappe.local.cl_amount_form = f"%.{get_currency_precision() or 2}f"
	return Decimal(form % (value or 0))
