"""Collector Performance: contacts, what came of them, promises kept, and the money that came within days of a contact."""

from collections import defaultdict
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate

from client_ledger.collections.outcomes import MISSED
from client_ledger.core.flows import Flow
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.reporting import collections, columns
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import COLLECTION_SETTINGS, FOLLOW_UP, PROMISE_TO_PAY


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary), a row per collector, in company currency."""
	rows = read(collections.asked(filters))
	contacts = {row["name"]: row["contacts"] for row in rows}
	return (
		get_columns(),
		rows,
		None,
		collections.chart(contacts, _("Contact Log"), translated=True),
		get_summary(rows),
	)


def read(asked: collections.Asked) -> list[dict]:
	"""Return what each user did in the period; only what the user may see.

	Cash within days of a contact: money the customer paid, each day counted once, for whoever spoke to it last before.
	"""
	found: dict[str, dict] = {}
	contacts: dict[str, list[tuple[date, str]]] = defaultdict(list)
	fields = ["customer", "outcome", "done_by", "done_on"]
	for row in asked.documents(FOLLOW_UP, "done_on", fields, {"workflow_state": "Done"}):
		one = _of(found, row.done_by, asked.currency)
		one["contacts"] += 1
		if row.outcome in MISSED:
			one["missed"] += 1
		else:
			one["reached"] += 1
			contacts[row.customer].append((getdate(row.done_on), row.done_by))
		if row.outcome == "Promised":
			one["promises"] += 1
		if row.outcome == "Disputed":
			one["disputes"] += 1
	for row in asked.documents(PROMISE_TO_PAY, "made_on", ["taken_by", "status"]):
		one = _of(found, row.taken_by, asked.currency)
		one["kept"] += row.status == "Kept"
		one["failed"] += row.status in ("Broken", "Partly Kept")
	for customer, day, amount in _receipts(asked, sorted(contacts)):
		before = [
			(on, user) for on, user in contacts[customer] if on <= day <= getdate(add_days(on, _days()))
		]
		if before:
			found[max(before)[1]]["cash"] += amount
	for one in found.values():
		decided = one["kept"] + one["failed"]
		one["kept_rate"] = 100 * one["kept"] / decided if decided else None
	return sorted(found.values(), key=lambda row: (-row["cash"], -row["contacts"], row["name"]))


def _days() -> int:
	return cint(frappe.db.get_single_value(COLLECTION_SETTINGS, "cash_days")) or 14


def _of(found: dict[str, dict], user: str, currency: str) -> dict:
	return found.setdefault(
		user,
		{"user": user, "name": frappe.utils.get_fullname(user), "currency": currency, "contacts": 0, "reached": 0,
		 "missed": 0, "promises": 0, "disputes": 0, "kept": 0, "failed": 0, "cash": 0.0},
	)  # fmt: skip


def _receipts(asked: collections.Asked, customers: list[str]) -> list[tuple[str, date, float]]:
	"""Return (customer, day, money that came) in company currency; no refunds, write-offs, transfers or counter sales."""
	if not customers:
		return []
	until = getdate(add_days(asked.until, _days()))
	moved = site_ledger().flows(
		Scope((asked.company,), tuple(customers)), asked.since, until, by_customer=True, of_invoices=False
	)
	return [
		(row.customer, row.day, -float(row.amount))
		for row in moved
		if row.flow is Flow.RECEIVED and row.amount < 0
	]


def get_columns() -> list[dict]:
	"""Return the columns."""
	return [
		columns.data("name", _("Collector"), 180),
		columns.number("contacts", _("Contact Log")),
		columns.number("reached", _("Reached")),
		columns.number("missed", _("Not Reached"), 110),
		columns.number("promises", _("Promises")),
		columns.number("disputes", _("Disputes")),
		columns.number("kept", _("Kept")),
		columns.number("failed", _("Broken")),
		{"fieldname": "kept_rate", "label": _("Kept (%)"), "fieldtype": "Percent", "width": 90},
		columns.currency(),
		columns.amount("cash", _("Received within {0} Days").format(_days()), 150),
	]


def get_summary(rows: list[dict]) -> list[dict]:
	"""Return contacts and cash over all."""
	if not rows:
		return []
	cash = sum(row["cash"] for row in rows)
	return [
		{"label": _("Contact Log"), "value": sum(row["contacts"] for row in rows), "datatype": "Int"},
		{"label": _("Reached"), "value": sum(row["reached"] for row in rows), "datatype": "Int"},
		{
			"label": _("Received within {0} Days").format(_days()),
			"value": cash,
			"datatype": "Currency",
			"currency": rows[0]["currency"],
		},
	]
