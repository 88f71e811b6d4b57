"""The rows of a round: confirmations, their links and their messages, written before anything is sent."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.model.document import Document
from frappe.model.naming import make_autoname
from frappe.utils import add_days, getdate, now_datetime

from client_ledger.confirmations.notice_kind import CONFIRMATION
from client_ledger.confirmations.sample import AskedBalance
from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.core.outbox.message import Channel
from client_ledger.guest_links import links
from client_ledger.ledger.database import chunks
from client_ledger.outbox import notice_rows
from client_ledger.outbox.keys import digest, open_key
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CLIENT_ACCOUNT
from client_ledger.site.rows import Row, bulk_insert, stored

# Confirmations whose rows are written in one transaction.
PER_COMMIT = 200
SERIES = "BC-.YYYY.-.#####"


def confirmation_key(round_: str, customer: str, currency: str) -> str:
	"""Return the key of a confirmation: one per round, customer and currency."""
	return digest("|".join((round_, customer, currency)))


def notice_key(confirmation: str, number: int) -> str:
	"""Return the key of a message: the letter is number 0, reminders count from 1."""
	return digest(f"{CONFIRMATION}|{confirmation}|{number}")


def expiry(reply_by: date | str, link_days: int | None) -> date:
	"""Return the last day of a confirmation's link."""
	return getdate(add_days(reply_by, link_days or 0))


def write(round_: Document, asked: Sequence[AskedBalance]) -> int:
	"""Write what is not there yet of a round; return how many confirmations were new. Commits."""
	made = 0
	for part in chunks(asked, PER_COMMIT):
		made += _write(round_, part)
		frappe.db.commit()  # nosemgrep: planned before anything is sent
	return made


def _write(round_: Document, part: Sequence[AskedBalance]) -> int:
	keys = {confirmation_key(round_.name, one.customer, one.currency): one for one in part}
	there = frappe.get_all(
		BALANCE_CONFIRMATION,
		{"confirmation_key": ("in", list(keys))},
		pluck="confirmation_key",
		order_by="name",
	)
	new = {key: one for key, one in keys.items() if key not in there}
	if not new:
		return 0
	names = _customer_names([one.customer for one in new.values()])
	people = _responsible(round_.company, [one.customer for one in new.values()])
	rows = [_row(round_, one, key, names, people) for key, one in new.items()]
	bulk_insert(BALANCE_CONFIRMATION, rows, ignore_duplicates=True)
	made = stored(BALANCE_CONFIRMATION, [row["name"] for row in rows])
	rows = [row for row in rows if row["name"] in made]
	for row in rows:
		_issue_link(row)
	base = {row["name"]: row["base_balance"] for row in rows}
	notice_rows.insert([_notice(row, base[row["name"]]) for row in rows])
	return len(rows)


def _row(round_: Document, one: AskedBalance, key: str, names: dict, people: dict) -> Row:
	return {
		"name": make_autoname(SERIES, BALANCE_CONFIRMATION),
		"round": round_.name,
		"customer": one.customer,
		"customer_name": names.get(one.customer),
		"company": round_.company,
		"currency": one.currency,
		"as_of": round_.as_of,
		"form": round_.form,
		"status": ConfirmationStatus.PLANNED.value,
		"sending_status": "Planned",
		"reply_by": round_.reply_by,
		"expires_on": expiry(round_.reply_by, round_.link_days),
		"our_balance": one.balance,
		"base_balance": one.base_balance,
		"responsible": people.get(one.customer) or round_.planned_by or round_.owner,
		"channel": Channel.EMAIL.value,
		"notice": frappe.generate_hash(length=10),
		"confirmation_key": key,
	}


def _issue_link(row: Row) -> None:
	link = links.issue(
		links.CONFIRMATION,
		BALANCE_CONFIRMATION,
		row["name"],
		row["customer"],
		row["company"],
		row["expires_on"],
	)
	frappe.db.set_value(BALANCE_CONFIRMATION, row["name"], "link", link, update_modified=False)


def _notice(row: Row, base_balance: object) -> Row:
	return {
		"name": row["notice"],
		"kind": CONFIRMATION,
		"confirmation": row["name"],
		"customer": row["customer"],
		"customer_name": row["customer_name"],
		"company": row["company"],
		"currency": row["currency"],
		"total": row["our_balance"],
		"base_total": base_balance,
		"status": NoticeStatus.PLANNED.value,
		"channel": row["channel"],
		"step": 0,
		"step_name": CONFIRMATION,
		"as_of": row["as_of"],
		"planned_on": now_datetime(),
		"notice_key": notice_key(row["name"], 0),
		"open_key": open_key((CONFIRMATION, row["name"])),
	}


def _customer_names(customers: Sequence[str]) -> dict[str, str]:
	rows = frappe.get_all(
		"Customer", {"name": ("in", customers)}, ["name", "customer_name"], as_list=True, order_by="name"
	)
	return dict(rows)


def _responsible(company: str, customers: Sequence[str]) -> dict[str, str]:
	"""Return who looks after each customer: its collector, else its account manager."""
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company, "customer": ("in", customers)},
		["customer", "collector", "account_manager"],
		order_by="name",
	)
	return {row.customer: row.collector or row.account_manager for row in rows}
