"""Messages of the outbox in the archive: kept when they have reached their recipient, and when they came back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import cint

from client_ledger.archive.keep import keep, keep_at_least_figures
from client_ledger.archive.kinds import LETTER, RETURNED
from client_ledger.site.doctypes import LEDGER_NOTICE, LEDGER_NOTICE_ITEM

# Of a notice, what was said, to whom and how.
_SAID = (
	"kind", "channel", "subject", "message", "language", "recipients", "cc", "step_name", "level", "currency", "items_total",
	"on_account", "fee", "interest", "total", "as_of", "contact_on", "email_queue",
)  # fmt: skip
_ITEM = (
	"voucher_type",
	"voucher_no",
	"term",
	"due_date",
	"days_overdue",
	"currency",
	"outstanding",
	"withheld",
	"level",
)


def keep_sent(
	row: Mapping[str, Any], arrived_on: datetime, files: Iterable[tuple[str, bytes]] = (), kind: str = LETTER
) -> None:
	"""Keep a notice that has arrived, once per attempt. files: what exactly was handed over, where that is known.

	A disk that is full must not make a message count as not sent: its text stands among the figures.
	"""
	keep_at_least_figures(
		kind,
		row["company"],
		LEDGER_NOTICE,
		row["name"],
		files=files,
		customer=row["customer"],
		figures={**figures_of(row), "arrived_on": arrived_on},
		on=arrived_on,
		version=_attempt(row),
	)


def keep_returned(row: Mapping[str, Any], why: str) -> None:
	"""Keep that a message came back."""
	keep(
		RETURNED,
		row["company"],
		LEDGER_NOTICE,
		row["name"],
		customer=row["customer"],
		figures={"recipients": row["recipients"], "sent_on": row["sent_on"], "why": why},
		version=_attempt(row),
	)


def figures_of(row: Mapping[str, Any]) -> dict[str, Any]:
	"""Return what a notice said, with its items."""
	items = frappe.get_all(
		LEDGER_NOTICE_ITEM,
		{"parent": row["name"], "parenttype": LEDGER_NOTICE},
		list(_ITEM),
		order_by="idx",
	)
	return {**{field: row.get(field) for field in _SAID}, "items": [dict(item) for item in items]}


def _attempt(row: Mapping[str, Any]) -> str:
	return row.get("email_queue") or f"{cint(row.get('attempts'))}.{cint(row.get('taken_back'))}"
