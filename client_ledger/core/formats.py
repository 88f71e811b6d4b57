"""Amounts and dates as a language writes them, for texts that leave the site."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import parse_pattern

_MONEY = parse_pattern("¤¤ #,##0.00")


@lru_cache
def locale_of(language: str) -> Locale:
	"""Return how *language* writes amounts and dates; English where it is not known."""
	try:
		return Locale.parse(language.replace("-", "_"))
	except (ValueError, LookupError):
		return Locale("en")


def money(amount: Decimal, currency: str, locale: Locale) -> str:
	"""Return an amount as the language writes it, with its currency's code."""
	return _MONEY.apply(amount, locale, currency=currency, currency_digits=True)


def day(value: date, locale: Locale) -> str:
	"""Return a date as the language writes it, the month in words so that nobody can mistake it."""
	return format_date(value, "long", locale=locale)
