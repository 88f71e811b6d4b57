"""Notices as lists show them: which fields, as plain values, of which notices the user may see."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import frappe

from client_ledger.site.access import permitted_companies
from client_ledger.site.doctypes import LEDGER_NOTICE

LISTED_FIELDS = [
	"name", "customer", "customer_name", "company", "currency", "total", "status", "reason", "reason_detail",
	"policy", "step", "step_name", "level", "channel", "as_of", "contact_on", "sent_on", "deferred_until",
	"next_attempt", "attempts", "recipients", "kind", "dunning", "approved_by",
]  # fmt: skip


def listed(row: Mapping[str, Any]) -> dict[str, Any]:
	"""Return a notice as plain values: dates and times as ISO text."""
	return {key: _plain(value) for key, value in row.items()}


def permitted_names(names: list[str] | str) -> list[str]:
	"""Return those of *names* (a list, one name, or a list as JSON) that the user may see."""
	wanted = frappe.parse_json(names) if isinstance(names, str) and names.startswith("[") else names
	wanted = [wanted] if isinstance(wanted, str) else list(wanted)
	companies = permitted_companies()
	return frappe.get_list(
		LEDGER_NOTICE,
		{"name": ("in", wanted), "company": ("in", companies)},
		pluck="name",
		order_by="name",
		limit_page_length=0,
	)


def _plain(value: Any) -> Any:
	return str(value) if isinstance(value, date | datetime) else value
