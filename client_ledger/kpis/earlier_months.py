"""Month ends that an earlier version stored, without what each customer added: that is calculated from their rows, once."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

import frappe
from frappe.utils import getdate

from client_ledger.core.kpis.customer_sums import months_known, sums_of_rows
from client_ledger.core.kpis.inputs import InputRow
from client_ledger.core.kpis.months import MonthFigures
from client_ledger.core.kpis.row_sets import rows_of
from client_ledger.core.money import ZERO
from client_ledger.kpis.documents import customers_behind
from client_ledger.kpis.store import MEMBERS, SUMS, month_ends_of, stored_days, sums_values
from client_ledger.site.doctypes import KPI_MONTH_END, KPI_ROWS
from client_ledger.site.jobs import TITLE_LENGTH, safely
from client_ledger.site.rows import bulk_insert

Sales = Mapping[date, Mapping[str, Decimal]]


def complete(company: str) -> int:
	"""Add what each customer added to the months of a company that lack it; return to how many. Commits each."""
	days = stored_days(company)
	names = month_ends_of(company, days)
	filters = {"month_end": ("in", list(names.values())), "input_name": SUMS}
	there = set(frappe.get_all(KPI_ROWS, filters, pluck="month_end", order_by="month_end"))
	lacking = [day for day in days if names[day] not in there]
	if not lacking:
		return 0
	sales = {day: _sales(names[day]) for day in days}
	for day in lacking:
		title = f"KPIs of {company}: figures of customers not kept for {day}"[:TITLE_LENGTH]
		safely(title, partial(_complete, names[day], company, day, sales))
	return len(lacking)


def _complete(name: str, company: str, day: date, sales: Sales) -> None:
	month = MonthFigures.from_text(frappe.db.get_value(KPI_MONTH_END, name, "figures"))
	rows = list(_rows(name))
	own_sales = {place: sales[end] for place, end in months_known(day, sales).items()}
	whole_sales = {
		int(key.removeprefix("sales:")): amount
		for key, amount in month.inputs.items()
		if key.startswith("sales:")
	}
	text = sums_of_rows(rows, day, own_sales, whole_sales, _unrated(month), month.has_costs)
	number = len({row.customer for row in rows})
	base = {"month_end": name, "company": company, "as_of": day}
	bulk_insert(KPI_ROWS, [{**base, **sums_values(text, number)}], ignore_duplicates=True)
	frappe.db.commit()  # nosemgrep: one month does not undo another


def _rows(name: str) -> Iterator[InputRow]:
	for row in frappe.get_all(KPI_ROWS, {"month_end": name}, ["input_name", "packed"], order_by="input_name"):
		if not row.input_name.startswith((MEMBERS, SUMS)):
			yield from rows_of(row.input_name, row.packed)


def _sales(name: str) -> dict[str, Decimal]:
	"""Return the sales of a month by customer."""
	text = frappe.db.get_value(KPI_ROWS, {"month_end": name, "input_name": "sales"}, "packed")
	found: dict[str, Decimal] = {}
	for row in rows_of("sales", text) if text else ():
		found[row.customer] = found.get(row.customer, ZERO) + row.amount
	return found


def _unrated(month: MonthFigures) -> dict[str, list[str]]:
	"""Return the vouchers without a rate by customer."""
	found: dict[str, list[str]] = {}
	for (_name, voucher), customers in customers_behind(("", one) for one in month.unrated).items():
		for customer in customers:
			found.setdefault(customer, []).append(voucher)
	return found


def note_grouping_days() -> None:
	"""Say of the parts that an earlier version stored that their customers were grouped as on the day they were stored."""
	rows = frappe.get_all(
		KPI_MONTH_END,
		{"dimension": ("!=", ""), "members_as_of": ("is", "not set")},
		["name", "stored_on"],
		order_by="name",
	)
	for row in rows:
		day = getdate(row.stored_on)
		frappe.db.set_value(KPI_MONTH_END, row.name, "members_as_of", day, update_modified=False)
