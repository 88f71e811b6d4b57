"""Decimal amounts: conversion at the edge of the core and rounding at a currency's precision."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

ZERO = Decimal(0)
# Frappe stores amounts with nine decimals; sums of binary floats are only good to fewer.
_STORED = Decimal("0.000001")


def as_money(value: object) -> Decimal:
	"""Return *value* (None, int, float, str or Decimal as a database hands it over) as a Decimal.

	Floats are read at six decimals, which removes the noise of binary sums and keeps every
	currency's precision. Raises decimal.InvalidOperation when the value is no number.
	"""
	if value is None:
		return ZERO
	if isinstance(value, float):
		return Decimal(f"{value:.6f}")
	if isinstance(value, Decimal):
		return value.quantize(_STORED) if value.as_tuple().exponent < -6 else value
	return Decimal(value)


@cache
def unit(precision: int) -> Decimal:
	"""Return the smallest amount at *precision* decimals, e.g. 0.01 for 2."""
	return Decimal(1).scaleb(-precision)


def rounded(amount: Decimal, precision: int) -> Decimal:
	"""Return *amount* rounded half up (away from zero), as commercial rounding does, to *precision* decimals."""
	return amount.quantize(unit(precision), rounding=ROUND_HALF_UP)
