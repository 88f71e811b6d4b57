"""Versions keep values as they are shown: days and amounts read back from the site's formats."""

import re
from datetime import date, datetime
from decimal import Decimal

import frappe

_FORMATS = {"yyyy": "%Y", "mm": "%m", "dd": "%d"}


def as_day(shown: object) -> date | None:
	"""Return a day as it is shown on this site, or as ISO text; None where it is neither."""
	text = str(shown or "").strip()
	wanted = frappe.db.get_default("date_format") or "yyyy-mm-dd"
	for name, code in _FORMATS.items():
		wanted = wanted.replace(name, code)
	for one in (wanted, "%Y-%m-%d"):
		try:
			return datetime.strptime(text, one).date()
		except ValueError:
			continue
	return None


def as_amount(shown: object) -> Decimal:
	"""Return an amount as it is shown: with a currency's sign, marks between thousands, and whatever mark before the decimals."""
	text = re.sub(r"[^\d.,\-]", "", str(shown or "")).strip(".,")
	marks = re.findall(r"[.,]", text)
	whole, decimals = text, ""
	if marks:
		left, _mark, right = text.rpartition(marks[-1])
		# One mark with three digits behind stands between thousands, unless another kind does.
		if len(right) != 3 or (len(set(marks)) == 2 and marks.count(marks[-1]) == 1):
			whole, decimals = left, right
	digits = re.sub(r"[^\d]", "", whole) or "0"
	sign = -1 if text.startswith("-") else 1
	return sign * Decimal(f"{digits}.{decimals or 0}")


def is_set(shown: object) -> bool:
	"""Return whether a box is ticked, however that is shown."""
	return str(shown or "0") not in ("0", "", "None", "No")
