"""What collections do by themselves: after a refresh, and every night.

receipts -> promises decided -> accounts -> (grades) -> follow-ups for what happened -> word to managers of what is late
"""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, cint, flt, fmt_money, formatdate, getdate

from client_ledger.collections import account_sync, cases, follow_ups
from client_ledger.collections.promises import settle
from client_ledger.core.collections.worklist import FRESH_DAYS
from client_ledger.site.doctypes import CLIENT_ACCOUNT, COLLECTION_SETTINGS, FOLLOW_UP, PROMISE_TO_PAY

LARGE = "A"
POOR_GRADES = ("D", "E")


def settle_promises(customers: Sequence[str] | None = None, today: date | None = None) -> list[str]:
	"""Decide promises and bring accounts into line; return the promises that failed by it. Commits."""
	today = today or getdate()
	failed = settle.settle_promises(customers, today)
	settled = follow_ups.close_settled(customers)
	if customers is None or failed or settled or _concerns_collections(customers):
		account_sync.sync_accounts(customers, today)
	if failed:
		_follow_up_broken(failed)
	frappe.db.commit()  # nosemgrep: what is decided stays, whatever comes after
	return failed


def _concerns_collections(customers: Sequence[str]) -> bool:
	"""Return whether any of *customers* has something that its account's fields tell of."""
	among = {"customer": ("in", list(customers))}
	return any(frappe.db.exists(doctype, among) for doctype in (PROMISE_TO_PAY, "Ledger Dispute", FOLLOW_UP))


def settle_all_promises() -> None:
	"""Decide every running promise; bring all accounts into line."""
	settle_promises()


def plan_follow_ups() -> None:
	"""Make the follow-ups that the settings ask for, and tell managers of those that are late."""
	settings, today = frappe.get_cached_doc(COLLECTION_SETTINGS), getdate()
	made = [
		*(_of_grades(today) if cint(settings.on_grade) else ()),
		*(_of_limits(today, flt(settings.limit_percent)) if cint(settings.on_limit) else ()),
		*(_of_first_overdue() if cint(settings.on_first_overdue) else ()),
		*_visits(today, settings),
	]
	if made:
		account_sync.sync_accounts(sorted(set(made)), today)
	cases.follow_recoveries()
	follow_ups.escalate_late(today, cint(settings.sla_days))
	frappe.db.commit()  # nosemgrep: nothing commits after a step of the night


def _follow_up_broken(names: Sequence[str]) -> None:
	if not cint(frappe.db.get_single_value(COLLECTION_SETTINGS, "on_broken_promise")):
		return
	rows = frappe.get_all(
		PROMISE_TO_PAY,
		{"name": ("in", list(names))},
		["name", "customer", "company", "currency", "missing", "last_due", "taken_by", "status"],
		order_by="name",
	)
	for row in rows:
		follow_ups.plan(
			row.customer,
			row.company,
			subject=_("Promise broken: {0} outstanding since {1}").format(
				fmt_money(row.missing, currency=row.currency), formatdate(row.last_due)
			),
			responsible=follow_ups.collector_of(row.customer, row.company) or _person(row.taken_by),
			priority="High",
			source="Broken Promise",
			source_document=(PROMISE_TO_PAY, row.name),
			source_key=f"broken|{row.name}",
		)
	account_sync.sync_accounts(sorted({row.customer for row in rows}))


def _person(user: str | None) -> str | None:
	return user if user and user not in ("Administrator", "Guest") else None


def _of_grades(today: date) -> list[str]:
	rows = frappe.get_all(
		"Credit Assessment",
		{
			"docstatus": 1,
			"status": "Active",
			"as_of": (">=", add_days(today, -1)),
			"grade": ("in", POOR_GRADES),
			"previous_grade": ("in", ("A", "B", "C")),
		},
		["name", "customer", "company", "grade", "previous_grade"],
		order_by="name",
	)
	for row in rows:
		follow_ups.plan(
			row.customer,
			row.company,
			subject=_("Credit grade fell from {0} to {1}").format(row.previous_grade, row.grade),
			source="Credit Grade",
			source_document=("Credit Assessment", row.name),
			source_key=f"grade|{row.name}",
		)
	return [row.customer for row in rows]


def _of_limits(today: date, percent: float) -> list[str]:
	"""A limit that stays nearly used is no news: one follow-up a month."""
	if percent <= 0:
		return []
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"limit_state": "Limited", "limit_utilisation": (">=", percent), "overdue": (">", 0)},
		["name", "customer", "company", "limit_utilisation"],
		order_by="name",
	)
	for row in rows:
		follow_ups.plan(
			row.customer,
			row.company,
			subject=_("{0} % of the credit limit used").format(round(row.limit_utilisation)),
			source="Credit Limit",
			source_document=(CLIENT_ACCOUNT, row.name),
			source_key=f"limit|{row.name}|{today:%Y-%m}",
		)
	return [row.customer for row in rows]


def _of_first_overdue() -> list[str]:
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		[
			["volume_segment", "=", LARGE],
			["overdue", ">", 0],
			["oldest_overdue_days", ">", 0],
			["oldest_overdue_days", "<=", FRESH_DAYS],
		],
		["name", "customer", "company", "overdue", "currency", "oldest_due_date"],
		order_by="name",
	)
	for row in rows:
		follow_ups.plan(
			row.customer,
			row.company,
			subject=_("First overdue: {0} since {1}").format(
				fmt_money(row.overdue, currency=row.currency), formatdate(row.oldest_due_date)
			),
			priority="High",
			source="First Overdue",
			source_document=(CLIENT_ACCOUNT, row.name),
			source_key=f"first|{row.name}|{row.oldest_due_date}",
		)
	return [row.customer for row in rows]


def _visits(today: date, settings: "frappe.model.document.Document") -> list[str]:
	"""Key accounts are seen at a personal cadence, whether or not they owe anything overdue."""
	found = []
	for segment in ("A", "B", "C"):
		days = cint(settings.get(f"visit_days_{segment.lower()}"))
		if days <= 0:
			continue
		rows = frappe.get_all(
			CLIENT_ACCOUNT,
			{"volume_segment": segment, "sales_12_months": (">", 0), "next_follow_up": ("is", "not set")},
			["name", "customer", "company", "last_contact_on", "collector", "account_manager"],
			order_by="name",
		)
		for row in rows:
			somebody = row.collector or row.account_manager
			if not somebody or (
				row.last_contact_on and row.last_contact_on > getdate(add_days(today, -days))
			):
				continue
			follow_ups.plan(
				row.customer,
				row.company,
				subject=_("Regular Visit"),
				due_date=add_days(today, 7),
				channel="Visit",
				responsible=somebody,
				priority="Low",
				source="Regular Visit",
				source_document=(CLIENT_ACCOUNT, row.name),
				source_key=f"visit|{row.name}|{row.last_contact_on or today.replace(day=1)}",
			)
			found.append(row.customer)
	return found
