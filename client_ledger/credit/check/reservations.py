"""Two documents submitted at the same moment: one lock per limit, and what passed a moment ago.

A database snapshot does not show what others committed after it was taken. Who holds the lock reads the row of the
limit as it is now, which names the documents that passed lately, and adds those the snapshot does not show.
"""

import hashlib
import json
from datetime import datetime
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, get_datetime, now_datetime

from client_ledger.core.money import ZERO, as_money
from client_ledger.site.doctypes import CREDIT_RESERVATION
from client_ledger.site.rows import bulk_insert

# No transaction is older than this.
HOURS_KEPT = 24


def lock(parent: str, company: str) -> list[dict]:
	"""Wait for the limit of *parent* with *company*, lock it until this transaction ends, return what passed lately."""
	customers = frappe.qb.DocType("Customer")
	frappe.qb.from_(customers).select(customers.name).where(customers.name == parent).for_update().run()
	name = _name(parent, company)
	if not frappe.db.exists(CREDIT_RESERVATION, name):
		# Somebody may have made it after our snapshot; whoever holds the customer is alone here.
		row = {"name": name, "customer": parent, "company": company, "recent": "[]"}
		bulk_insert(CREDIT_RESERVATION, [row], ignore_duplicates=True)
	rows = frappe.qb.DocType(CREDIT_RESERVATION)
	(found,) = frappe.qb.from_(rows).select(rows.recent).where(rows.name == name).for_update().run()
	return json.loads(found[0] or "[]")


def unseen(recent: list[dict], doc: Document) -> Decimal:
	"""Return what the documents of *recent* add that this transaction's snapshot does not show; *doc* is being checked.

	A document is shown once it is submitted; what it grew by since, once it shows that change or a later one.
	"""
	by_doctype: dict[str, list[dict]] = {}
	for row in recent:
		by_doctype.setdefault(row["doctype"], []).append(row)
	total = ZERO
	for doctype, rows in by_doctype.items():
		found = frappe.get_all(
			doctype,
			{"name": ("in", [row["name"] for row in rows]), "docstatus": ("!=", 0)},
			["name", "modified"],
			order_by="name",
		)
		shown = {row.name: row.modified for row in found}
		total += sum((as_money(row["amount"]) for row in rows if not _is_shown(row, shown, doc)), ZERO)
	return total


def _is_shown(row: dict, shown: dict[str, datetime], doc: Document) -> bool:
	since = row.get("modified")
	if since is None and (row["doctype"], row["name"]) == (doc.doctype, doc.name):
		# It passed before, but something else kept it a draft.
		return True
	return row["name"] in shown and (since is None or shown[row["name"]] >= get_datetime(since))


def reserve(doc: Document, parent: str, amount: Decimal, recent: list[dict]) -> None:
	"""Note that *doc* passed and adds *amount*; the lock is held, so nobody else writes the row."""
	kept = [row for row in _young(recent) if (row["doctype"], row["name"]) != (doc.doctype, doc.name)]
	_store(parent, doc.company, [*kept, _row(doc, amount)])


def reserve_growth(doc: Document, parent: str, amount: Decimal, recent: list[dict]) -> None:
	"""Note that the submitted *doc* grows by *amount* with the change being saved, or counts again from now on."""
	_store(
		parent,
		doc.company,
		[*_young(recent), {**_row(doc, amount), "modified": str(get_datetime(doc.modified))}],
	)


def _young(recent: list[dict]) -> list[dict]:
	since = add_to_date(now_datetime(), hours=-HOURS_KEPT)
	return [row for row in recent if get_datetime(row["at"]) >= since]


def _row(doc: Document, amount: Decimal) -> dict:
	return {"doctype": doc.doctype, "name": doc.name, "amount": str(amount), "at": str(now_datetime())}


def cancel(doc: Document, parent: str) -> None:
	"""Take *doc* off the list: it is cancelled or deleted."""
	if frappe.db.exists(CREDIT_RESERVATION, _name(parent, doc.company)):
		recent = lock(parent, doc.company)
		kept = [row for row in recent if (row["doctype"], row["name"]) != (doc.doctype, doc.name)]
		if len(kept) < len(recent):
			_store(parent, doc.company, kept)


def _store(parent: str, company: str, rows: list[dict]) -> None:
	frappe.db.set_value(CREDIT_RESERVATION, _name(parent, company), "recent", json.dumps(rows))


def _name(parent: str, company: str) -> str:
	return hashlib.sha1(f"{parent}\n{company}".encode()).hexdigest()[:20]
