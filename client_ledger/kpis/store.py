"""Month ends: read from the ledger once, with their rows, for the company and each of its parts; and read back.

The database holds company, month and part unique: a month end is stored once, whoever stores it and however often it is asked for.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from client_ledger.core.kpis.customer_sums import kept_sums
from client_ledger.core.kpis.inputs import summed
from client_ledger.core.kpis.measure import MeasuredKpis, measure
from client_ledger.core.kpis.months import MonthFigures, empty_month, month_figures
from client_ledger.core.kpis.row_sets import RowSet, packed, row_sets, unpacked
from client_ledger.core.kpis.rows import KpiBook, Window
from client_ledger.core.money import ZERO, rounded
from client_ledger.kpis.book import site_book
from client_ledger.kpis.membership import Members, members_on
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import KPI_MONTH_END, KPI_ROWS
from client_ledger.site.messages import filled
from client_ledger.site.rows import bulk_insert

WHOLE = ("", "")
StoredMonth = tuple[frappe._dict, MonthFigures]
UNCHANGED, CHANGED, REVIEWED = "Unchanged", "Changed", "Reviewed"
TIES, DIFFERS = "Ties", "Differs"
PER_STATEMENT = 50
NAME_LENGTH = 140
# What a row of a month end tells: about all customers, and besides.
SHOWN = ("name", "as_of", "dimension_value", "status", "stored_on", "compared_on", "changed_on")
OF_ALL = (
	"tie_status", "general_ledger", "gl_difference", "changed_vouchers", "reviewed_by", "reviewed_on", "review",
)  # fmt: skip
# Before the name of a dimension: not the rows of an input, but who belonged to which part.
MEMBERS = "members:"
# Nor are these: what each customer added to the inputs, for who sees some customers only.
SUMS = "customers:"


def store_month(company: str, day: date) -> str | None:
	"""Store the month that ends with *day*; return the name of the company's month end, None where another worker has stored it.

	Nothing is committed: a month end comes with all of its parts and rows, or not at all.
	"""
	window = Window(day, 1)
	book = site_book(company, window)
	measured = measure(book, window)
	currency = frappe.get_cached_value("Company", company, "default_currency")
	base = {"company": company, "as_of": day, "currency": currency, "stored_on": now_datetime()}
	whole = _values(company, WHOLE, measured, book)
	rows = [{**base, **whole, **_tie(measured), "members_as_of": None}]
	sets = [_set_values(one) for one in row_sets(measured.rows)]
	sets.append(sums_values(kept_sums(book, window, measured.rows), len(book.customers())))
	del measured
	members = members_on(company, day)
	for part, found, own in _parts(book, window, members):
		grouped = {"members_as_of": members[part[0]].as_of}
		rows.append({**base, **_values(company, part, found, own), **_no_tie(), **grouped})
	sets += [_member_values(dimension, one.of, book) for dimension, one in members.items()]
	frappe.db.savepoint("kpi_month")
	try:
		# A statement with all of them would be longer than a database may take.
		names = [name for some in chunks(rows, PER_STATEMENT) for name in bulk_insert(KPI_MONTH_END, some)]
		for one in sets:
			bulk_insert(KPI_ROWS, [{"month_end": names[0], "company": company, "as_of": day, **one}])
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		frappe.db.rollback(save_point="kpi_month")
		return None
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		frappe.db.rollback(save_point="kpi_month")
		return None
	return names[0]


def _set_values(one: RowSet) -> dict[str, Any]:
	return {
		"input_name": one.input,
		"number": one.number,
		"total": float(one.total),
		"packed": one.text,
		"fingerprint": one.fingerprint,
	}


def sums_values(text: str, number: int) -> dict[str, Any]:
	"""Return the row of KPI Rows that keeps what each customer added. number: of customers."""
	return {"input_name": SUMS, "number": number, "total": 0.0, "packed": text, "fingerprint": ""}


def _member_values(dimension: str, values: Mapping[str, str], book: KpiBook) -> dict[str, Any]:
	"""Return who belonged to which part of a dimension, to be kept beside the rows."""
	of = {customer: values.get(customer, "") for customer in sorted(book.customers())}
	return {
		"input_name": f"{MEMBERS}{dimension}",
		"number": len(of),
		"total": 0.0,
		"packed": packed(of),
		"fingerprint": "",
	}


def members_by_name(month_end: str, dimension: str) -> dict[str, str]:
	"""Return what each customer was by a dimension in the company's month end; "" where it was nothing."""
	filters = {"month_end": month_end, "input_name": f"{MEMBERS}{dimension}"}
	text = frappe.db.get_value(KPI_ROWS, filters, "packed")
	return unpacked(text) if text else {}


def _parts(
	book: KpiBook, window: Window, members: Mapping[str, Members]
) -> Iterator[tuple[tuple[str, str], MeasuredKpis, KpiBook]]:
	"""Yield the parts of a company by each dimension, with their figures."""
	for dimension, one in members.items():
		for value, part in book.by(lambda customer, of=one.of: of.get(customer, "")).items():
			yield (dimension, str(value)), measure(part, window), part


def _values(company: str, part: tuple[str, str], measured: MeasuredKpis, book: KpiBook) -> dict[str, Any]:
	inputs = summed(measured.rows, measured.window)
	text = month_figures(measured, inputs, book.costs is not None).as_text()
	amounts = {
		name: float(rounded(inputs.get(name, ZERO), 2))
		for name in ("receivable", "overdue", "unallocated", "sales", "received")
	}
	return {
		"title": _title(company, measured.window.as_of, part),
		"dimension": part[0],
		"dimension_value": part[1],
		"status": UNCHANGED,
		**amounts,
		"figures": text,
		"fingerprint": hashlib.sha256(text.encode()).hexdigest(),
	}


def _title(company: str, day: date, part: tuple[str, str]) -> str:
	"""Return what a month end is called: the same in every language."""
	title = f"{company} {day:%Y-%m}"
	return (title if part == WHOLE else f"{title} · {part[1] or '–'}")[:NAME_LENGTH]


def _tie(measured: MeasuredKpis) -> dict[str, Any]:
	tie = measured.tie
	if tie.general_ledger is None:
		return _no_tie()
	difference = rounded(tie.difference, 2)
	return {
		"tie_status": DIFFERS if difference else TIES,
		"general_ledger": float(rounded(tie.general_ledger, 2)),
		"gl_difference": float(difference),
	}


def _no_tie() -> dict[str, Any]:
	return {"tie_status": "", "general_ledger": 0.0, "gl_difference": 0.0}


def stored_days(company: str) -> list[date]:
	"""Return the month ends that are stored, the newest first."""
	days = frappe.get_all(
		KPI_MONTH_END,
		{"company": company, "dimension": "", "dimension_value": ""},
		pluck="as_of",
		order_by="as_of desc",
	)
	return [getdate(day) for day in days]


def month_end_of(company: str, days: Sequence[date], asked: date | None) -> date:
	"""Return the month end that somebody asked for among those that are stored, the newest first; without any wish the newest one.

	Raises frappe.ValidationError, with why, for another day.
	"""
	if asked is None:
		return days[0]
	if asked in days:
		return asked
	day, newest = frappe.format(asked, "Date"), frappe.format(days[0], "Date")
	if asked >= getdate():
		text = _("{0} is not over yet: month ends are stored afterwards. The newest one of {1} is {2}.")
	elif (asked + timedelta(days=1)).day != 1:
		text = _("{0} is not the last day of a month. Select a month end; the newest one of {1} is {2}.")
	else:
		text = _("No month end is stored for {0}. Select another one; the newest one of {1} is {2}.")
	frappe.throw(filled(text, day, company, newest))


def stored_months(
	company: str,
	days: Sequence[date],
	dimension: str = "",
	values: Sequence[str] = ("",),
	inputs_only: bool = False,
) -> dict[str, list[StoredMonth]]:
	"""Return the month ends of parts on *days* by the part's value, in the order of *days*: each as its row and its figures.

	A part that nothing happened in has no month end: its row is empty then, and so are its figures. inputs_only: without causes and KPIs.
	"""
	rows = stored_rows(company, days, dimension, values, [*SHOWN, *OF_ALL, "figures"])
	found = {(row.dimension_value or "", row.as_of): row for row in rows}
	return {
		value: [
			(row, MonthFigures.from_text(row.pop("figures"), inputs_only))
			if (row := found.get((value, day)))
			else (frappe._dict(), empty_month(day))
			for day in days
		]
		for value in values
	}


def stored_rows(
	company: str,
	days: Sequence[date],
	dimension: str = "",
	values: Sequence[str] = ("",),
	fields: Sequence[str] = (*SHOWN, *OF_ALL),
) -> list[frappe._dict]:
	"""Return the month ends of parts on *days* as rows, the newest first."""
	filters = {
		"company": company,
		"dimension": dimension,
		"dimension_value": ("in", list(values)),
		"as_of": ("in", list(days)),
	}
	rows = frappe.get_all(KPI_MONTH_END, filters, list(fields), order_by="as_of desc")
	for row in rows:
		row.as_of = getdate(row.as_of)
	return rows


def month_ends_of(company: str, days: Sequence[date]) -> dict[date, str]:
	"""Return the names of the company's month ends of some days."""
	return {row.as_of: row.name for row in stored_rows(company, days, fields=["name", "as_of"])}
