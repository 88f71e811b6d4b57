"""What was done through the books: who posted a document, journal entries by what they move, receipts allocated afterwards."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import frappe
from frappe import _dict
from frappe.query_builder import DocType
from frappe.utils import flt

from client_ledger.ledger.database import chunks

# Where a document's entries stand, whose owner has submitted it.
LEDGERS = {
	"Sales Invoice": "GL Entry",
	"Purchase Invoice": "GL Entry",
	"Payment Entry": "GL Entry",
	"Journal Entry": "GL Entry",
	"Delivery Note": "Stock Ledger Entry",
}
RECEIPT, PAYMENT, WRITE_OFF, ALLOCATION = "receipt", "payment", "write-off", "allocation"
MONEY = ("Bank", "Cash")
# Accounts that a debt is written off to: a loss, or what was earned by it.
RESULTS = ("Expense", "Income")
NAMES = 1000


def posted_by(doctype: str, names: Collection[str]) -> dict[str, tuple[str, datetime]]:
	"""Return who posted documents and when, by the first of their ledger entries; without those that have none."""
	if doctype not in LEDGERS:
		return {}
	found: dict[str, tuple[str, datetime]] = {}
	for part in chunks(sorted(names), NAMES):
		rows = frappe.get_all(
			LEDGERS[doctype],
			{"voucher_type": doctype, "voucher_no": ("in", part)},
			["voucher_no", "owner", "creation"],
			order_by="creation, name",
		)
		for row in rows:
			found.setdefault(row.voucher_no, (row.owner, row.creation))
	return found


def entries_that(posting: str, names: Iterable[str]) -> set[str]:
	"""Return those Journal Entries that are a receipt, a payment or a write-off by their accounts, whatever type they were given."""
	found = set()
	for part in chunks(sorted(set(names)), NAMES):
		by_entry: dict[str, list[_dict]] = {}
		for row in _rows(part):
			by_entry.setdefault(row.parent, []).append(row)
		found |= {name for name, rows in by_entry.items() if posting in _postings(rows)}
	return found


def _rows(names: list[str]) -> list[_dict]:
	row, account = DocType("Journal Entry Account"), DocType("Account")
	return (
		frappe.qb.from_(row)
		.join(account)
		.on(row.account == account.name)
		.select(row.parent, row.party_type, row.party, row.debit, row.credit)
		.select(account.account_type, account.root_type)
		.where(row.parent.isin(names))
	).run(as_dict=True)


def _postings(rows: list[_dict]) -> set[str]:
	credited, debited = [r for r in rows if flt(r.credit) > 0], [r for r in rows if flt(r.debit) > 0]
	from_customer = any(row.party_type == "Customer" for row in credited)
	found = set()
	if from_customer and any(row.account_type in MONEY for row in debited):
		found.add(RECEIPT)
	if from_customer and any(row.root_type in RESULTS for row in debited):
		found.add(WRITE_OFF)
	if any(row.account_type in MONEY for row in credited) and any(row.party for row in debited):
		found.add(PAYMENT)
	return found


def allocated(since: datetime, until: datetime) -> Iterator[tuple[str, str, datetime]]:
	"""Yield (user, Payment Entry, when) of receipts that somebody else than who posted them set against invoices."""
	entry, payment = DocType("Payment Ledger Entry"), DocType("Payment Entry")
	rows = (
		frappe.qb.from_(entry)
		.join(payment)
		.on(entry.voucher_no == payment.name)
		.select(entry.owner, entry.voucher_no, entry.creation)
		.where((entry.voucher_type == "Payment Entry") & (payment.payment_type == "Receive"))
		.where((entry.against_voucher_no != entry.voucher_no) & (entry.delinked == 0))
		.where((entry.creation >= since) & (entry.creation <= until))
		.orderby(entry.creation)
	).run()
	posted = posted_by("Payment Entry", {name for _user, name, _when in rows})
	told = set()
	for user, name, when in rows:
		if (user, name) not in told and user != posted.get(name, ("", None))[0]:
			told.add((user, name))
			yield user, name, when
