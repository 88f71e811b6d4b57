"""The rows that a KPI is made of, from what is stored with its months: a page of them, or all of them as a workbook of formulas."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.core.kpis import messages
from client_ledger.core.kpis.definitions import BY_KEY
from client_ledger.core.kpis.inputs import MONTHS_BACK, InputRow
from client_ledger.core.kpis.measure import MeasuredKpis, Tie
from client_ledger.core.kpis.months import consecutive, window_kpis
from client_ledger.core.kpis.row_sets import OF_A_DAY, is_flow, rows_of, set_names
from client_ledger.core.kpis.rows import Window
from client_ledger.core.money import ZERO
from client_ledger.kpis.dimensions import label_of
from client_ledger.kpis.documents import documents_of
from client_ledger.kpis.own_months import months_of, part_members
from client_ledger.kpis.store import (
	WHOLE,
	StoredMonth,
	month_end_of,
	month_ends_of,
	stored_days,
	stored_months,
)
from client_ledger.kpis.view import KpiQuery, formula_of, number, raise_no_part
from client_ledger.paper.kpi_workbook import write_kpi_workbook
from client_ledger.site.doctypes import KPI_ROWS
from client_ledger.site.messages import filled

PAGE = 50
# More rows than this are more than a workbook is read with, and take a worker too long.
MOST_ROWS = 300_000
_OUTSTANDING = "outstanding_days"


class StoredWindow:
	"""The months of a window as they are stored, and the rows of its part."""

	def __init__(self, asked: KpiQuery):
		"""Raises frappe.ValidationError where there is nothing stored of what is asked for."""
		days = stored_days(asked.company)
		if not days:
			frappe.throw(filled(_("No month end of {0} is stored yet."), asked.company))
		as_of = month_end_of(asked.company, days, asked.as_of)
		wanted = [day for day in days if day <= as_of][: asked.months + 1]
		dimension, value = asked.part
		self.asked = asked
		stored = months_of(asked.company, wanted, asked.visible, dimension, (value,))
		self.stored: list[StoredMonth] = stored[value]
		if not self.stored[0][0]:
			raise_no_part(asked, as_of)
		self.months = [month for _row, month in self.stored]
		self.length = min(asked.months, consecutive(self.months))
		self.window = Window(as_of, self.length)
		self.days = wanted[: self.length]
		self.names = month_ends_of(asked.company, self.days)
		self._of_day: dict[date, Callable[[str], bool]] = {}

	def rows(self, names: Sequence[str]) -> Iterator[InputRow]:
		"""Yield the rows of inputs: of what happened those of every month, of what is open those of the last day."""
		scale = self._scale() if _OUTSTANDING in names else None
		for name in names:
			days = self.days if is_flow(name) else self.days[-1:] if name == "opening" else self.days[:1]
			for day, text in self._texts(name, days):
				is_member = self._members(day)
				for row in rows_of(name, text):
					if is_member(row.customer):
						yield scale(row) if scale and name == _OUTSTANDING else row

	def count(self, names: Sequence[str]) -> int:
		"""Return how many rows the company has of inputs, at most: not only those of the part."""
		found = 0
		for name in names:
			days = self.days if is_flow(name) else self.days[:1]
			numbers = frappe.get_all(
				KPI_ROWS,
				{"month_end": ("in", [self.names[day] for day in days]), "input_name": name},
				pluck="number",
				order_by=None,
			)
			found += sum(cint(one) for one in numbers)
		return found

	def _members(self, day: date) -> Callable[[str], bool]:
		"""Return who was of the part in a month and is the user's to see."""
		if day not in self._of_day:
			self._of_day[day] = part_members(self.names[day], self.asked.part, self.asked.visible)
		return self._of_day[day]

	def _texts(self, name: str, days: Sequence[date]) -> Iterator[tuple[date, str]]:
		for day in days:
			text = frappe.db.get_value(KPI_ROWS, {"month_end": self.names[day], "input_name": name}, "packed")
			if text:
				yield day, text

	def _scale(self) -> Callable[[InputRow], InputRow] | None:
		"""Return how days outstanding, which are by the company's sales of the invoice's month, become those by the part's own."""
		if self.asked.part == WHOLE and self.asked.visible is None:
			return None
		whole = stored_months(self.asked.company, self.days[:1])[""][0][1].inputs
		own, as_of = self.months[0].inputs, self.window.as_of

		def scaled(row: InputRow) -> InputRow:
			place = (as_of.year - row.day.year) * 12 + as_of.month - row.day.month
			sales = own.get(f"sales:{place}", ZERO)
			factor = whole.get(f"sales:{place}", ZERO) / sales if sales > 0 else ZERO
			return row._replace(amount=row.amount * factor)

		return scaled


def drill(asked: KpiQuery, key: str, start: int) -> dict[str, Any]:
	"""Return a page of the rows of a KPI, the largest first: {rows, total, sums: [[input, number, sum]], start}."""
	window = StoredWindow(asked)
	names = set_names(BY_KEY[key].inputs)
	sums: dict[str, list] = {name: [0, ZERO] for name in names}
	largest = heapq.nsmallest(
		start + PAGE, _counted(window.rows(names), sums), key=lambda row: (-abs(row.amount), row)
	)
	shown = largest[start:]
	documents = documents_of((row.input, row.voucher) for row in shown)
	customers = _customer_names(shown)
	return {
		"label": messages.label(BY_KEY[key], _),
		"formula": formula_of(BY_KEY[key], asked),
		"total": sum(count for count, _total in sums.values()),
		"start": start,
		"sums": [
			[messages.input_label(name, _) or name, count, number(total, 4)]
			for name, (count, total) in sums.items()
		],
		"rows": [
			{
				"input": messages.input_label(row.input, _) or row.input,
				"document": documents.get((row.input, row.voucher)),
				"term": row.term,
				"customer": row.customer,
				"customer_name": customers.get(row.customer, row.customer),
				"day": str(row.day),
				"amount": number(row.amount, 4),
				"of_a_day": row.input in OF_A_DAY,
			}
			for row in shown
		],
	}


def _counted(rows: Iterable[InputRow], sums: dict[str, list]) -> Iterator[InputRow]:
	"""Yield rows while they are counted and added up by input."""
	for row in rows:
		kept = sums[row.input]
		kept[0] += 1
		kept[1] += row.amount
		yield row


def _customer_names(rows: Iterable[InputRow]) -> dict[str, str]:
	names = sorted({row.customer for row in rows if row.customer})
	if not names:
		return {}
	found = frappe.get_all("Customer", {"name": ("in", names)}, ["name", "customer_name"], order_by="name")
	return {row.name: row.customer_name for row in found}


def workbook(asked: KpiQuery) -> tuple[str, bytes]:
	"""Return (file name, content) of a workbook whose formulas calculate the KPIs again from all their rows.

	Raises frappe.ValidationError where there are more rows than a workbook is read with.
	"""
	window = StoredWindow(asked)
	kpis = window_kpis(window.months, window.length)
	names = list(dict.fromkeys(name for kpi in kpis for name in set_names(kpi.definition.inputs)))
	rows = _all_rows(window, names)
	rows += _customer_rows(rows) + _month_rows(window)
	balance = window.months[0].inputs.get("receivable", ZERO) - window.months[0].inputs.get(
		"unallocated", ZERO
	)
	measured = MeasuredKpis(window.window, kpis, rows, Tie(balance, None))
	currency = frappe.get_cached_value("Company", asked.company, "default_currency")
	title = asked.company
	if asked.part != WHOLE:
		title = f"{asked.company}: {_(asked.part[0])} {label_of(*asked.part) or _('Not Set')}"
	if asked.visible is not None:
		title = filled(_("{0}, the {1} customers you may see"), title, len(asked.visible))
	file = BytesIO()
	write_kpi_workbook(file, measured, title, currency, _)
	return f"KPIs {asked.company} {window.window.as_of}.xlsx", file.getvalue()


def _all_rows(window: StoredWindow, names: Sequence[str]) -> list[InputRow]:
	"""Return the rows for a workbook. Raises frappe.ValidationError where they are more than one is read with."""
	# How many the company has is not for who sees some customers only: theirs are counted.
	count = window.count(names) if window.asked.visible is None else 0
	rows = list(islice(window.rows(names), MOST_ROWS + 1)) if count <= MOST_ROWS else []
	count = max(count, len(rows))
	if count > MOST_ROWS:
		frappe.throw(
			filled(
				_("A workbook of {0} rows would be too large (at most {1}). Choose fewer months."),
				f"{count:,}",
				f"{MOST_ROWS:,}",
			)
		)
	return rows


def _customer_rows(rows: Iterable[InputRow]) -> list[InputRow]:
	"""Return what each customer owes, which is not kept by itself."""
	return [row._replace(input=f"owed:{row.customer}") for row in rows if row.input == "receivable"]


def _month_rows(window: StoredWindow) -> list[InputRow]:
	"""Return the sales of months, which are kept as sums."""
	inputs, found, day = window.months[0].inputs, [], window.window.as_of
	for place in range(MONTHS_BACK):
		if amount := inputs.get(f"sales:{place}"):
			found.append(InputRow(f"sales:{place}", "", "", day, amount))
		day = Window(day, 1).eve
	return found
