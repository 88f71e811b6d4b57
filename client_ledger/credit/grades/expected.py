"""When open items are expected: what is usual in a company is learnt once a night, a customer's payments are read anew.

assess_company -> Payment Pattern (the company's histogram) + the customer's trade lines -> Expectation per open item
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import frappe
from frappe.utils import flt, getdate

from client_ledger.collections import items as promised_items
from client_ledger.collections.promises.reads import promised_dates
from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.credit.histogram import (
	Distribution,
	Expectation,
	HistogramSettings,
	Lateness,
	expect,
	learn_few,
)
from client_ledger.core.open_items import OpenItem
from client_ledger.credit.grades.trade import calendar_of, trade_lines
from client_ledger.site.doctypes import PAYMENT_PATTERN
from client_ledger.site.rows import bulk_insert


class Pattern(NamedTuple):
	"""What is usual in a company: the share of payments by days late, and the settings it was learnt with."""

	usual: dict[int, float]
	settings: HistogramSettings


def store_pattern(company: str, lateness: Lateness, settings: HistogramSettings, today: date) -> None:
	"""Keep what is usual in *company* for the expected dates of tomorrow."""
	usual = lateness.company
	values = {
		"as_of": today,
		"payments": usual.payments,
		"p_late": round(usual.p_late * 100, 2),
		"half_life": settings.half_life,
		"prior_strength": settings.prior_strength,
		"shares": json.dumps(lateness.usual),
	}
	name = frappe.db.get_value(PAYMENT_PATTERN, {"company": company})
	if name:
		frappe.db.set_value(PAYMENT_PATTERN, name, values)
	else:
		bulk_insert(PAYMENT_PATTERN, [{"company": company, **values}])


def pattern_of(company: str) -> Pattern | None:
	"""Return what is usual in *company*; None before the first night."""
	fields = ["shares", "half_life", "prior_strength"]
	row = frappe.db.get_value(PAYMENT_PATTERN, {"company": company}, fields, as_dict=True)
	if not row:
		return None
	usual = {int(days): share for days, share in json.loads(row.shares).items()}
	return Pattern(usual, HistogramSettings(flt(row.half_life), flt(row.prior_strength)))


def expected_payments(
	customer: str, company: str, items: Iterable[OpenItem], as_of: date
) -> list[Expectation | None]:
	"""Return when each of *items*, all of one customer and company, is expected.

	None for credits, for a day in the past, of which more is known by now, and before the first night.
	"""
	items = list(items)
	pattern = pattern_of(company) if as_of >= getdate() and any(not i.is_credit for i in items) else None
	if not pattern:
		return [None] * len(items)
	promised = promised_dates(customer, company)
	distribution, calendar = distribution_of(customer, company, as_of, pattern), calendar_of(company)
	return [
		None
		if item.is_credit
		else _promised(expect(distribution, calendar.effective(item.due_date), as_of), item, promised)
		for item in items
	]


def _promised(found: Expectation, item: OpenItem, promised: Mapping[TermItemKey, date]) -> Expectation:
	"""Return the day an item is promised for as the one it is expected on."""
	day = next((day for key, day in promised.items() if promised_items.matching(key, [item])), None)
	if not day:
		return found
	return found._replace(expected=day, earliest=min(found.earliest, day), latest=max(found.latest, day))


def distribution_of(customer: str, company: str, as_of: date, pattern: Pattern) -> Distribution:
	"""Return how late a customer pays: its own payments, drawn to what is usual in the company."""
	lines = trade_lines(company, as_of, [customer])
	return learn_few(lines, as_of, pattern.usual, pattern.settings).of(customer)
