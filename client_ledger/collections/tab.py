"""What the Collections tab and a row of the worklist show of a customer, as plain dicts."""

from typing import Any

import frappe
from frappe.utils import cint, flt, getdate

from client_ledger.collections import access, amounts_due, disputes
from client_ledger.collections import items as of_items
from client_ledger.collections.outcomes import CLOSED
from client_ledger.collections.promises.reads import RUNNING, promised_dates
from client_ledger.core.collections.disputes import TermItemKey, disputed_amounts, disputed_part
from client_ledger.core.money import as_money
from client_ledger.site import contacts
from client_ledger.site.access import link, readable
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	DISPUTE_REASON,
	ESCALATION_CASE,
	FOLLOW_UP,
	LEDGER_DISPUTE,
	PROMISE_TO_PAY,
	RECEIPT_PROPOSAL,
	REMITTANCE_ADVICE,
	WRITE_OFF_REQUEST,
)

HISTORY = 50


def of_customer(customer: str, company: str) -> dict:
	"""Return everything about collecting from a customer with a company."""
	account = frappe.db.get_value(
		CLIENT_ACCOUNT,
		{"customer": customer, "company": company},
		["name", "currency", "stage", "collector", "account_manager", "overdue", "promised", "disputed", "handed_over",
		 "next_follow_up", "last_contact_on", "broken_promises", "promise_reliability", "promises_over", "dunning_level",
		 "credit_grade"],
		as_dict=True,
	) or frappe._dict()  # fmt: skip
	who = contacts.read_customers([customer]).get(customer)
	addressee = who.addressee if who else contacts.Addressee()
	among = {"customer": customer, "company": company}
	return {
		"customer": customer,
		"customer_name": who.customer_name if who else customer,
		"company": company,
		"currency": account.currency or frappe.get_cached_value("Company", company, "default_currency"),
		"stage": account.stage or "Normal",
		"owner": _full_name(account.collector or account.account_manager),
		"overdue": flt(account.overdue),
		"promised": flt(account.promised),
		"disputed": flt(account.disputed),
		"handed_over": flt(account.handed_over),
		"last_contact_on": _text(account.last_contact_on),
		"reliability": {
			"score": flt(account.promise_reliability) if cint(account.promises_over) else None,
			"number": cint(account.promises_over),
			"broken": cint(account.broken_promises),
		},
		"contact": {
			"name": addressee.contact,
			"full_name": addressee.full_name,
			"email": addressee.email,
			"mobile": addressee.mobile,
			"phone": addressee.phone,
		},
		"due": amounts_due.as_rows(amounts_due.of_customer(customer, company)),
		"items": open_items(customer, company),
		"planned": _planned(among),
		"promises": _promises(among),
		"disputes": _disputes(among),
		"cases": _cases(among),
		"advices": _advices(among),
		"receipts": _receipts(among),
		"history": _history(among),
		"reasons": frappe.get_all(DISPUTE_REASON, {"enabled": 1}, pluck="name", order_by="name"),
		"may": {
			**{action: access.can(action) for action in access.ROLES_FOR},
			"announce": bool(frappe.has_permission(REMITTANCE_ADVICE, "create")),
		},
	}


def open_items(customer: str, company: str) -> list[dict]:
	"""Return the customer's open items, with what of each is promised and what disputed."""
	found = of_items.open_items(customer, company)
	visible = readable(item.voucher for item in found)
	disputed = disputed_amounts(disputes.running([customer], company))
	promised = promised_dates(customer, company)
	today = getdate()

	rows = []
	for item in found:
		key = TermItemKey(item.voucher, item.term)
		row = {
			**link(item.voucher, visible),
			"payment_term": item.term,
			"due_date": str(item.due_date),
			"days": max((today - item.due_date).days, 0),
			"outstanding": float(item.outstanding),
			"currency": item.currency,
			"promised_for": _text(promised.get(key) or promised.get(TermItemKey(item.voucher))),
			"disputed": float(disputed_part(disputed, key, item.outstanding)),
		}
		rows.append(row)
	return rows


def _planned(among: dict) -> list[dict]:
	rows = frappe.get_list(
		FOLLOW_UP,
		{**among, "workflow_state": ("not in", CLOSED)},
		["name", "subject", "channel", "due_date", "responsible", "priority", "workflow_state", "source"],
		order_by="due_date, name",
	)
	return [
		{**row, "due_date": str(row.due_date), "responsible": _full_name(row.responsible)} for row in rows
	]


def _history(among: dict) -> list[dict]:
	rows = frappe.get_list(
		FOLLOW_UP,
		{**among, "workflow_state": "Done"},
		[
			"name",
			"subject",
			"channel",
			"outcome",
			"done_on",
			"done_by",
			"next_date",
			"notes",
			"promise",
			"dispute",
		],
		order_by="done_on desc, name desc",
		limit_page_length=HISTORY,
	)
	return [
		{
			**row,
			"done_on": str(row.done_on),
			"next_date": _text(row.next_date),
			"done_by": _full_name(row.done_by),
			"notes": frappe.utils.strip_html(row.notes or "")[:500],
		}
		for row in rows
	]


def _promises(among: dict) -> list[dict]:
	rows = frappe.get_list(
		PROMISE_TO_PAY,
		among,
		["name", "currency", "amount", "received", "missing", "status", "made_on", "first_due", "next_due", "last_due",
		 "taken_by", "decided_on"],
		order_by="last_due desc",
		limit_page_length=HISTORY,
	)  # fmt: skip
	rows.sort(key=lambda row: row.status != RUNNING)
	return [
		{**row, **{name: _text(row[name]) for name in row if name.endswith(("_due", "_on"))}} for row in rows
	]


def _disputes(among: dict) -> list[dict]:
	rows = frappe.get_list(
		LEDGER_DISPUTE,
		among,
		["name", "currency", "amount", "reason", "status", "opened_on", "due_date", "responsible", "credit_note",
		 "resolution"],
		order_by="opened_on desc",
		limit_page_length=HISTORY,
	)  # fmt: skip
	rows.sort(key=lambda row: row.status not in disputes.RUNNING_STATUSES)
	return [
		{
			**row,
			"opened_on": str(row.opened_on),
			"due_date": _text(row.due_date),
			"responsible": _full_name(row.responsible),
			"running": row.status in disputes.RUNNING_STATUSES,
		}
		for row in rows
	]


def _cases(among: dict) -> list[dict]:
	found = []
	if frappe.has_permission(ESCALATION_CASE, "read"):
		rows = frappe.get_list(
			ESCALATION_CASE,
			among,
			["name", "kind", "status", "amount", "currency", "opened_on"],
			order_by="opened_on desc, name",
		)
		found += [
			{**row, "doctype": ESCALATION_CASE, "date": str(row.opened_on), "amount": flt(row.amount)}
			for row in rows
		]
	if frappe.has_permission(WRITE_OFF_REQUEST, "read"):
		rows = frappe.get_list(
			WRITE_OFF_REQUEST,
			among,
			["name", "amount", "currency", "posting_date", "docstatus", "journal_entry"],
			order_by="posting_date desc, name",
		)
		statuses = {0: "Draft", 1: "Approved", 2: "Cancelled"}
		found += [
			{
				**row,
				"doctype": WRITE_OFF_REQUEST,
				"kind": "Write-off",
				"status": statuses[row.docstatus],
				"date": str(row.posting_date),
				"amount": float(as_money(row.amount)),
			}
			for row in rows
		]
	return found


def _advices(among: dict) -> list[dict]:
	"""Return the payments that the customer has announced, the newest first."""
	if not frappe.has_permission(REMITTANCE_ADVICE, "read"):
		return []
	rows = frappe.get_list(
		REMITTANCE_ADVICE,
		among,
		["name", "currency", "amount", "received", "payment_date", "reference", "status", "pause_until"],
		order_by="announced_on desc, name desc",
		limit_page_length=HISTORY,
	)
	open_ones = ("Announced", "Received", "Not Received")
	rows.sort(key=lambda row: row.status not in open_ones)
	return [
		{**row, "payment_date": str(row.payment_date), "pause_until": _text(row.pause_until)} for row in rows
	]


def _receipts(among: dict) -> list[dict]:
	"""Return the customer's receipts without an invoice, and what is proposed for them."""
	if not frappe.has_permission(RECEIPT_PROPOSAL, "read"):
		return []
	rows = frappe.get_list(
		RECEIPT_PROPOSAL,
		{**among, "status": ("in", ("Proposed", "Without Invoice", "Declined"))},
		[
			"name",
			"receipt",
			"receipt_date",
			"currency",
			"amount",
			"status",
			"confidence",
			"found_by",
			"reason",
		],
		order_by="receipt_date, name",
		limit_page_length=HISTORY,
	)
	return [{**row, "receipt_date": str(row.receipt_date)} for row in rows]


def _full_name(user: str | None) -> str | None:
	return frappe.utils.get_fullname(user) if user else None


def _text(value: Any) -> str | None:
	return str(value) if value else None
