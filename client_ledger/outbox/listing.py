"""Notices as lists show them: which fields, as plain values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

LISTED_FIELDS = [
	"name", "customer", "customer_name", "company", "currency", "total", "status", "reason", "reason_detail",
	"policy", "step", "step_name", "level", "channel", "as_of", "contact_on", "sent_on", "deferred_until",
	"next_attempt", "attempts", "recipients", "kind", "dunning", "approved_by", "edited_by",
]  # fmt: skip


def listed(row: Mapping[str, Any]) -> dict[str, Any]:
	"""Return a notice as plain values: dates and times as ISO text."""
	return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
	return str(value) if isinstance(value, date | datetime) else value
