"""Reasons as they are kept: the message, and its values as JSON, so that each reader gets the sentence in their own language and formats.

Because -> values_as_json -> a row -> kept_reason -> reason_text
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from client_ledger.core.controls.facts import DueKind
from client_ledger.core.controls.master_data import ADDRESS, BANK, EMAIL, PHONE, TAX_ID
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

UNLIMITED = marked("unlimited")
# Values that are words of ours.
WORDS = frozenset({BANK, EMAIL, PHONE, TAX_ID, ADDRESS, *(kind.value for kind in DueKind)})


class ReasonAmount(NamedTuple):
	"""An amount of a currency that is not the reader's own by itself."""

	amount: Decimal
	currency: str


def in_currency(reason: Because, currency: str) -> Because:
	"""Return a reason whose amounts say that they are in *currency*; unchanged without one."""
	if not currency:
		return reason
	return replace(
		reason,
		values=tuple(
			ReasonAmount(value, currency) if isinstance(value, Decimal) else value for value in reason.values
		),
	)


def values_as_json(reason: Because) -> str:
	"""Return the values of a reason: texts, numbers and null as they are, {"amount": "1.50"} with its "currency" where it has one,
	{"day": "2026-01-31"}, {"word": one of ours}.
	"""
	return json.dumps([_plain(value) for value in reason.values], ensure_ascii=False)


def kept_reason(message: str, values: str | None) -> Because:
	"""Return the reason that was kept. The inverse of `values_as_json`."""
	return Because(message, tuple(_value(one) for one in json.loads(values or "[]")))


def plain_value(value: object) -> object:
	"""Return a value as it stands in a sentence without a site's formats: amounts with separators, days as 2026-01-31."""
	if isinstance(value, ReasonAmount):
		return f"{value.amount:,.2f} {value.currency}"
	if isinstance(value, Decimal):
		return f"{value:,.2f}"
	return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


def reason_text(
	reason: Because,
	translate: Callable[[str], str],
	written: Callable[[object], object] = plain_value,
) -> str:
	"""Return a reason as a sentence. written: how amounts and days are written."""
	return translate(reason.message).format(*(_shown(value, translate, written) for value in reason.values))


def _shown(value: object, translate: Callable[[str], str], written: Callable[[object], object]) -> object:
	if value is None:
		return translate(UNLIMITED)
	return translate(value) if isinstance(value, str) and value in WORDS else written(value)


def _plain(value: object) -> Any:
	if isinstance(value, ReasonAmount):
		return {"amount": str(value.amount), "currency": value.currency}
	if isinstance(value, Decimal):
		return {"amount": str(value)}
	if isinstance(value, datetime):
		return str(value)
	if isinstance(value, date):
		return {"day": value.isoformat()}
	if value is None or isinstance(value, int | float):
		return value
	return {"word": value} if value in WORDS else str(value)


def _value(one: Any) -> object:
	if not isinstance(one, dict):
		return one
	if "word" in one:
		return one["word"]
	if "day" in one:
		return date.fromisoformat(one["day"])
	amount = Decimal(str(one["amount"]))
	return ReasonAmount(amount, one["currency"]) if one.get("currency") else amount
