"""Reasons on a site: stored as a sentence in the language that is spoken then, and as message and values for readers of another one."""

from datetime import date
from decimal import Decimal
from typing import Any

from frappe import _
from frappe.utils import fmt_money, formatdate

from client_ledger.core.reasons import ReasonAmount, in_currency, kept_reason, reason_text, values_as_json
from client_ledger.core.reconciliation.matches import Because


def stored_reason(reason: Because, currency: str = "") -> dict[str, str]:
	"""Return the fields of a reason: reason, reason_message, reason_values. currency: of its amounts."""
	reason = in_currency(reason, currency)
	return {
		"reason": reason_text(reason, _, _written),
		"reason_message": reason.message,
		"reason_values": values_as_json(reason),
	}


def reason_of(row: Any) -> str:
	"""Return the reason of a row in the language that is spoken, the stored sentence where it has no message."""
	if not row.get("reason_message"):
		return row.get("reason") or ""
	return reason_text(kept_reason(row["reason_message"], row.get("reason_values")), _, _written)


def _written(value: object) -> object:
	if isinstance(value, ReasonAmount):
		return fmt_money(float(value.amount), currency=value.currency)
	if isinstance(value, Decimal):
		return fmt_money(float(value))
	return formatdate(value) if isinstance(value, date) else value
