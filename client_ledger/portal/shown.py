"""Amounts and days as a visitor reads them: formatted by the site's settings, beside the plain value."""

from datetime import date
from decimal import Decimal

from frappe.utils import flt, fmt_money, formatdate

Number = Decimal | float | int | None


def money(amount: Number, currency: str) -> dict:
	"""Return an amount as {value, text, currency}."""
	value = flt(amount)
	return {"value": value, "text": fmt_money(value, currency=currency), "currency": currency}


def day(value: date | str | None) -> dict | None:
	"""Return a day as {value, text}, None where there is none."""
	return {"value": str(value)[:10], "text": formatdate(value)} if value else None
