"""Why a warning was raised: stored as a sentence in the site's language, and as message and values for readers of another one."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from frappe import _
from frappe.utils import fmt_money, formatdate

from client_ledger.core.controls.master_data import ADDRESS, BANK, EMAIL, PHONE, TAX_ID
from client_ledger.core.reconciliation.matches import Because

# Values that are words of ours.
_WORDS = frozenset({BANK, EMAIL, PHONE, TAX_ID, ADDRESS})


def stored_reason(because: Because, currency: str) -> dict[str, str]:
	"""Return the fields of a reason. currency: of its amounts."""
	return {
		"reason": in_words(because.message, [_plain(value, currency) for value in because.values]),
		"reason_message": because.message,
		"reason_values": json.dumps(
			[_plain(value, currency) for value in because.values], ensure_ascii=False
		),
	}


def in_words(message: str, values: Sequence[Any]) -> str:
	"""Return a reason in the language that is spoken. values: as `reason_values` keeps them."""
	return _(message).format(*(_written(value) for value in values))


def reason_of(row: Any) -> str:
	"""Return the reason of a row of Early Warning in the language that is spoken, the stored sentence where it has no message."""
	if not row.get("reason_message"):
		return row.get("reason") or ""
	return in_words(row["reason_message"], json.loads(row.get("reason_values") or "[]"))


def _plain(value: object, currency: str) -> Any:
	if isinstance(value, Decimal):
		return {"amount": float(value), "currency": currency}
	if isinstance(value, date):
		return {"day": str(value)}
	return {"word": value} if value in _WORDS else value


def _written(value: Any) -> str:
	if not isinstance(value, dict):
		return str(value)
	if "amount" in value:
		return fmt_money(value["amount"], currency=value["currency"])
	return formatdate(value["day"]) if "day" in value else _(value["word"])
