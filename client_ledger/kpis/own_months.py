"""Month ends as somebody has them who sees some customers only: what these customers added to the stored months, and nothing of others.

KPI Rows "customers:" of a month -> the lines of visible customers, by part -> MonthFigures, as the whole company's are stored
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date

import frappe
from frappe import _

from client_ledger.core.kpis.customer_sums import CustomerSums, add_up, figures_of
from client_ledger.core.kpis.months import MonthFigures, empty_month
from client_ledger.core.kpis.rows import Window
from client_ledger.core.money import ZERO
from client_ledger.kpis.store import (
	SHOWN,
	SUMS,
	WHOLE,
	StoredMonth,
	members_by_name,
	stored_months,
	stored_rows,
)
from client_ledger.site.doctypes import KPI_ROWS

# Seconds for which sums are kept for the next who sees the same customers.
KEPT_FOR = 24 * 3600
PartOf = Callable[[str], str | None]


def months_of(
	company: str,
	days: Sequence[date],
	visible: frozenset[str] | None,
	dimension: str = "",
	values: Sequence[str] = ("",),
	inputs_only: bool = False,
) -> dict[str, list[StoredMonth]]:
	"""Return the month ends of parts on *days*, the newest first, as `stored_months` does; of *visible* customers alone where there are any.

	A part without visible customers has an empty row then.
	"""
	if visible is None:
		return stored_months(company, days, dimension, values, inputs_only)
	whole = {row.as_of: row for row in stored_rows(company, days, fields=SHOWN)}
	newest = days[0] if days else None
	sums = {
		day: _sums(row, visible, dimension, with_causes=day == newest and not inputs_only)
		for day, row in whole.items()
	}
	return {
		value: [
			_month(whole.get(day), day, value, sums, is_newest=place == 0 and not inputs_only)
			for place, day in enumerate(days)
		]
		for value in values
	}


def values_seen(company: str, as_of: date, dimension: str, visible: frozenset[str]) -> list[str]:
	"""Return the values of a dimension that visible customers have figures of, those that owe most first."""
	found: dict[str, CustomerSums] = {}
	for row in stored_rows(company, [as_of], fields=SHOWN):
		found = _sums(row, visible, dimension)
	return sorted(found, key=lambda value: (-found[value].inputs.get("receivable", ZERO), value))


def _sums(
	row: frappe._dict, visible: frozenset[str], dimension: str, with_causes: bool = False
) -> dict[str, CustomerSums]:
	"""Return what visible customers added to a month, by part: kept for a while, as it never changes and many lines are read for it."""
	kept = {"month_end": row.name, "input_name": SUMS}
	name = frappe.db.get_value(KPI_ROWS, kept, "name")
	if not name:
		frappe.throw(
			_(
				"The figures of single customers are still being prepared. Try again tomorrow, or ask a System Manager to run bench migrate."
			)
		)
	who = hashlib.sha256("\n".join(sorted(visible)).encode()).hexdigest()
	key = f"client_ledger_kpis:{name}:{dimension}:{int(with_causes)}:{who}"
	found = frappe.cache.get_value(key)
	if found is None:
		text = frappe.db.get_value(KPI_ROWS, name, "packed")
		found = add_up(text, _part_of(row.name, visible, dimension), with_causes)
		frappe.cache.set_value(key, found, expires_in_sec=KEPT_FOR)
	return found


def _part_of(name: str, visible: frozenset[str], dimension: str) -> PartOf:
	if not dimension:
		return lambda customer: "" if customer in visible else None
	members = members_by_name(name, dimension)
	return lambda customer: members.get(customer, "") if customer in visible else None


def _month(
	row: frappe._dict | None,
	day: date,
	value: str,
	sums: dict[date, dict[str, CustomerSums]],
	is_newest: bool,
) -> tuple[frappe._dict, MonthFigures]:
	"""Return a month as its row and its figures; the newest one with what changed them. has_causes of the row: whether it was kept what
	each customer's payments and bills added, as it is not of months that an earlier version stored."""
	own = sums.get(day, {}).get(value)
	if row is None or own is None:
		return (row if row and not value else frappe._dict()), empty_month(day)
	eve = Window(day, 1).eve
	before = sums[eve].get(value, CustomerSums()) if is_newest and eve in sums else None
	return frappe._dict(row, has_causes=own.causes is not None), figures_of(own, day, before)


def part_members(name: str, part: tuple[str, str], visible: frozenset[str] | None) -> Callable[[str], bool]:
	"""Return whether a customer's rows in a month end belong to a part, and are the user's to see."""
	if part == WHOLE:
		return (lambda _customer: True) if visible is None else visible.__contains__
	members = members_by_name(name, part[0])
	return lambda customer: members.get(customer) == part[1] and (visible is None or customer in visible)
