"""Months on the axis of a chart, written as the user's language writes them."""

from datetime import date

import frappe
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton


def month_label(month: date) -> str:
	"""Return "Dec 2025", or "2025年12月"."""
	return format_skeleton("yMMM", month, locale=_locale())


def months_between(first: date, last: date) -> list[date]:
	"""Return the first day of each month from *first* to *last*."""
	return [
		date(number // 12, number % 12 + 1, 1)
		for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
	]


def _locale() -> Locale:
	"""Return the user's locale; English for a language that Babel does not know."""
	try:
		return Locale.parse((frappe.local.lang or "en").replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return Locale("en")
