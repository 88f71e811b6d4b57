"""The one way to write figures down, so that the same figures always have the same hash."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> str:
	"""Return *value* as JSON: keys sorted, no spaces, UTF-8 as it is; amounts and days are texts.

	value: dicts with text keys, lists, tuples, texts, whole numbers, Decimal, days, True, False and None. Raises TypeError for
	anything else, such as float: who keeps an amount says to which digit. Raises ValueError for NaN and infinity.
	"""
	return json.dumps(
		_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
	)


def sha256(text: str | bytes) -> str:
	"""Return the SHA-256 of a text's UTF-8, or of bytes, as 64 hexadecimal digits."""
	data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
	return hashlib.sha256(data).hexdigest()


def amount(value: Decimal) -> str:
	"""Return an amount without exponent: Decimal("1E+3") is "1000", -0 is "0"; its digits stay. Raises ValueError if infinite."""
	if not value.is_finite():
		raise ValueError(f"{value} is no amount")
	return f"{value + 0 if value else abs(value):f}"


def _plain(value: Any) -> Any:
	if value is None or isinstance(value, str | bool | int):
		return value
	if isinstance(value, Decimal):
		return amount(value)
	if isinstance(value, datetime):
		return value.isoformat(timespec="microseconds")
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, list | tuple):
		return [_plain(part) for part in value]
	if isinstance(value, dict):
		if not all(isinstance(key, str) for key in value):
			raise TypeError("keys of figures are texts")
		return {key: _plain(part) for key, part in value.items()}
	raise TypeError(f"{type(value).__name__} has no one way to be written: {value!r:.80}")
