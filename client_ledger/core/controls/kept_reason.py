"""Reasons as they are kept: the message, and its values as JSON, so that each reader gets the sentence in their own language."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from client_ledger.core.controls.messages import WORDS
from client_ledger.core.reconciliation.matches import Because


def values_as_json(reason: Because) -> str:
	"""Return the values of a reason: texts, whole numbers and null as they are, {"amount": "1.50"}, {"day": "2026-01-31"},
	{"word": one of ours}.
	"""
	return json.dumps([_plain(value) for value in reason.values], ensure_ascii=False)


def kept_reason(message: str, values: str | None) -> Because:
	"""Return the reason that was kept. The inverse of `values_as_json`."""
	return Because(message, tuple(_value(one) for one in json.loads(values or "[]")))


def _plain(value: object) -> Any:
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
	if isinstance(one, dict):
		if "word" in one:
			return one["word"]
		return Decimal(one["amount"]) if "amount" in one else date.fromisoformat(one["day"])
	return one
