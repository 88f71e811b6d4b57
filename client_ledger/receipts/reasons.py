"""Why something is proposed: a sentence in the site's language, and what the desk makes one of in its reader's."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from frappe import _
from frappe.utils import fmt_money, formatdate

from client_ledger.core.marked import marked

BOOKED = marked("{0} has this amount and is not reconciled with the bank. Reconcile the two in ERPNext.")
NOTHING_FITS = marked("No open item fits. Choose its invoices, or ask the customer what it is for.")
CHOSEN = marked("Chosen by {0}.")


class ReasonDay(str):
	"""A day in a reason, as YYYY-MM-DD."""


def stored(message: str, values: Sequence[Any] = (), currency: str = "") -> dict[str, str]:
	"""Return the fields of a reason: its sentence, its message and its values.

	Amounts ([amount, currency]) and days ({"day"}) are written by whoever shows them.
	"""
	return {
		"reason": _(message).format(*(_written(value, currency) for value in values)),
		"reason_message": message,
		"reason_values": json.dumps([_plain(value, currency) for value in values]),
	}


def _written(value: Any, currency: str) -> str:
	if isinstance(value, Decimal):
		return fmt_money(value, currency=currency)
	return formatdate(value) if isinstance(value, ReasonDay) else str(value)


def _plain(value: Any, currency: str) -> Any:
	if isinstance(value, Decimal):
		return {"amount": float(value), "currency": currency}
	return {"day": str(value)} if isinstance(value, ReasonDay) else value
