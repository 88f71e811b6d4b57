"""When open items are expected: what is usual in a company is learnt once a night, a customer's payments are read anew.

assess_company -> Payment Pattern (the company's histogram) + the customer's trade lines -> Expectation per open item
"""

from collections.abc import Iterable, Mapping
from datetime import date

from frappe.utils import getdate

from client_ledger.collections import items as promised_items
from client_ledger.collections.promises.reads import promised_dates
from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.credit.dates import ExpectedDates
from client_ledger.core.credit.histogram import Expectation, learn_few
from client_ledger.core.credit.lateness import Calendar, TradeLine
from client_ledger.core.open_items import OpenItem
from client_ledger.credit.grades.payment_pattern import Pattern, pattern_of
from client_ledger.credit.grades.trade import calendar_of, trade_lines


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
	promised, calendar = promised_dates(customer, company), calendar_of(company)
	dates = dates_of(customer, company, as_of, pattern)
	return [
		None if item.is_credit else _promised(dates.of(_line(item, calendar)), item, promised)
		for item in items
	]


def _line(item: OpenItem, calendar: Calendar) -> TradeLine:
	due, amount = calendar.effective(item.due_date), float(item.base_amount)
	return TradeLine(item.customer, item.voucher.name, item.posting_date, due, amount)


def _promised(found: Expectation, item: OpenItem, promised: Mapping[TermItemKey, date]) -> Expectation:
	"""Return the day an item is promised for as the one it is expected on."""
	day = next((day for key, day in promised.items() if promised_items.matching(key, [item])), None)
	if not day:
		return found
	return found._replace(expected=day, earliest=min(found.earliest, day), latest=max(found.latest, day))


def dates_of(customer: str, company: str, as_of: date, pattern: Pattern) -> ExpectedDates:
	"""Return the expected dates of a customer's invoices: its own payments, drawn to what is usual in the company."""
	lines = trade_lines(company, as_of, [customer])
	lateness = learn_few(lines, as_of, pattern.usual, pattern.settings, pattern.weekly_hazard)
	return ExpectedDates(lines, lateness, pattern.dates, pattern.settings, as_of)
