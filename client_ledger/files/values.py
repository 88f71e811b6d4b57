"""Dates, amounts and yes/no out of cells, which are texts in CSV and typed values in XLSX."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from client_ledger.core.money import as_money

ORDERS = ("dmy", "mdy")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d{1,3}(,\d{2})*,\d{3}(\.\d+)?")
_GROUPED_COMMA = re.compile(r"-?\d{1,3}([.' ]\d{3})*(,\d+)?|-?\d+(,\d+)?")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?")
# Excel's number of a day, from 1927 to 2119: no other number is taken for one.
_SERIAL = range(10_000, 80_000)
_SERIAL_ZERO = date(1899, 12, 30)
_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y")
_MONEY_SIGNS = re.compile(r"[¥￥$€£₹]|CNY|RMB|USD|EUR|GBP|元", re.IGNORECASE)
_YES = {"1", "yes", "true", "y", "是", "√"}


class AmbiguousDate(ValueError):
	"""A date such as 03/04/2025, whose day and month could be either."""


def text_of(value: object) -> str:
	"""Return a cell as text; a whole number from a spreadsheet without its decimals."""
	if value is None:
		return ""
	if isinstance(value, float) and value.is_integer():
		return str(int(value))
	return str(value).strip()


def day_of(value: object, order: str | None = None) -> date | None:
	"""Return a cell as a date, None for an empty one.

	order: "dmy" or "mdy" for dates with the year last. Raises ValueError for what is no date,
	AmbiguousDate for one that needs *order*.
	"""
	if value is None or value == "":
		return None
	if isinstance(value, datetime):
		return value.date()
	if isinstance(value, date):
		return value
	if not isinstance(value, str):
		return _serial_day(value)
	return _parse_day(value, order)


def _serial_day(value: object) -> date:
	"""Return the day that Excel writes as a number of days, the time of day behind the point left out."""
	if isinstance(value, bool) or not isinstance(value, int | float) or int(value) not in _SERIAL:
		raise ValueError(str(value))
	return _SERIAL_ZERO + timedelta(days=int(value))


@lru_cache(maxsize=8192)
def _parse_day(value: str, order: str | None) -> date | None:
	text = unicodedata.normalize("NFKC", value).strip()
	if not text:
		return None
	if match := _YEAR_FIRST.fullmatch(text):
		return date(*map(int, match.groups()))
	if re.fullmatch(r"\d{8}", text):
		return date(int(text[:4]), int(text[4:6]), int(text[6:]))
	if re.fullmatch(r"\d{5}(\.\d+)?", text):
		return _serial_day(float(text))
	if match := _YEAR_LAST.fullmatch(text):
		first, second, year = map(int, match.groups())
		if order is None and first != second and first <= 12 and second <= 12:
			raise AmbiguousDate(text)
		month_first = order == "mdy" or (order is None and second > 12)
		return date(year, first, second) if month_first else date(year, second, first)
	for pattern in _NAMED:
		try:
			return datetime.strptime(text, pattern).date()
		except ValueError:
			continue
	raise ValueError(text)


def has_year_last(text: str) -> bool:
	"""Return whether a text is a date whose day and month may stand in either order."""
	return bool(_YEAR_LAST.fullmatch(text.strip()))


def order_of(values: list[str]) -> str | None:
	"""Return the order of day and month that fits all *values* with the year last; None where both or neither do."""
	fits = set(ORDERS)
	for value in values:
		if match := _YEAR_LAST.fullmatch(value.strip()):
			first, second = int(match.group(1)), int(match.group(2))
			fits -= {"dmy"} if second > 12 else set()
			fits -= {"mdy"} if first > 12 else set()
	return fits.pop() if len(fits) == 1 else None


def amount_of(value: object, decimal: str = ".") -> Decimal | None:
	"""Return a cell as an amount, None for an empty one. decimal: the decimal sign of texts, "." or ",".

	Raises ValueError for what is no amount; "1,23" with a decimal point is none.
	"""
	if value is None or value == "":
		return None
	if isinstance(value, bool):
		raise ValueError(str(value))
	if isinstance(value, int | float | Decimal):
		return _finite(as_money(value))
	text = str(value)
	if _PLAIN.fullmatch(text) and (decimal == "." or "." not in text):
		return _finite(as_money(text))
	return _parse_amount(text, decimal)


def _parse_amount(value: str, decimal: str) -> Decimal | None:
	text = _MONEY_SIGNS.sub("", unicodedata.normalize("NFKC", value)).strip().replace("\u2212", "-")
	if not text or text == "-":
		return None
	if text.startswith("(") and text.endswith(")"):
		text = "-" + text[1:-1].strip()
	if text.endswith("-"):
		text = "-" + text[:-1]
	text = text.replace("- ", "-").lstrip("+")
	if decimal == ",":
		if not _GROUPED_COMMA.fullmatch(text):
			raise ValueError(value)
		text = re.sub(r"[.' ]", "", text).replace(",", ".")
	elif _GROUPED.fullmatch(text):
		text = text.replace(",", "")
	elif not _PLAIN.fullmatch(text):
		raise ValueError(value)
	try:
		return _finite(as_money(text))
	except InvalidOperation as error:
		raise ValueError(value) from error


def _finite(value: Decimal) -> Decimal:
	if not value.is_finite() or abs(value) >= Decimal("1e15"):
		raise ValueError(str(value))
	return value if value.as_tuple().exponent >= -6 else round(value, 6)


def is_yes(value: object) -> bool:
	"""Return whether a cell says yes."""
	return text_of(value).lower() in _YES
