"""Open items that a promise, a dispute, a case or a write-off is about: checked against the ledger and filled in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, fmt_money, getdate

from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import COLLECTION_ITEM
from client_ledger.site.messages import bold, filled


def open_items(customer: str, company: str) -> list[OpenItem]:
	"""Return what is open today, by payment terms, credits left out."""
	found = site_ledger().open_items(Scope((company,), (customer,)), getdate())
	return [item for item in found if not item.is_credit]


def add_lines(rows: Sequence[frappe._dict], doctype: str) -> None:
	"""Give each stored document of *rows* its items, as `lines`."""
	fields = ("voucher_type", "voucher_no", "payment_term", "due_date", "amount", "base_amount")
	add_children(rows, doctype, COLLECTION_ITEM, "lines", fields)


def add_children(
	rows: Sequence[frappe._dict], doctype: str, table: str, name: str, fields: Sequence[str]
) -> None:
	"""Give each stored document of *rows* its rows of the child *table*, under *name*."""
	by_parent = defaultdict(list)
	if rows:
		children = frappe.get_all(
			table,
			{"parent": ("in", [row.name for row in rows]), "parenttype": doctype},
			["parent", *fields],
			order_by="parent, idx",
		)
		for child in children:
			by_parent[child.parent].append(child)
	for row in rows:
		row[name] = by_parent[row.name]


def key_of(row: Document | dict) -> TermItemKey:
	"""Return what a row is about."""
	return TermItemKey(
		Voucher(row.get("voucher_type"), row.get("voucher_no")), row.get("payment_term") or None
	)


def matching(key: TermItemKey, items: Iterable[OpenItem]) -> list[OpenItem]:
	"""Return those of *items* that *key* names: all terms of a voucher where it names none."""
	return [item for item in items if item.voucher == key.voucher and key.term in (None, item.term)]


def throw_row(row: int, text: str) -> None:
	"""Throw with the number of the row that is at fault."""
	frappe.throw(filled(_("Row {0}: {1}"), row, text))


def fill_in(doc: Document) -> list[OpenItem]:
	"""Fill in the rows of doc.items from the ledger, and its currency; return what is open.

	Raises frappe.ValidationError with the row for what is not open, named twice, in another currency, or less than
	what is asked for.
	"""
	if not doc.items:
		frappe.throw(filled(_("Select the items in {0}."), _("Open Items")))
	found = open_items(doc.customer, doc.company)
	if doc.is_new():
		# Not the default currency, which frappe puts where nothing is said.
		doc.currency = None
	seen: list[TermItemKey] = []
	for row in doc.items:
		key = key_of(row)
		items = matching(key, found)
		if not items:
			throw_row(
				row.idx,
				filled(
					_("{0} is not an open item of {1} in {2}."), bold(name_of(key)), doc.customer, doc.company
				),
			)
		if any(one.voucher == key.voucher and (None in (one.term, key.term) or one == key) for one in seen):
			throw_row(row.idx, filled(_("{0} is listed more than once."), bold(name_of(key))))
		seen.append(key)
		_fill_row(row, items, doc)
	return found


def _fill_row(row: Document, items: Sequence[OpenItem], doc: Document) -> None:
	currency = items[0].currency
	doc.currency = doc.currency or currency
	if currency != doc.currency:
		throw_row(
			row.idx,
			filled(
				_(
					"{0} is in {1}, but the other items are in {2}. Enter items in {1} in a separate document."
				),
				row.voucher_no,
				currency,
				doc.currency,
			),
		)
	outstanding = sum((item.outstanding for item in items), ZERO)
	base = sum((item.base_outstanding for item in items), ZERO)
	amount = as_money(flt(row.amount)) or outstanding
	if amount < 0:
		throw_row(row.idx, filled(_("{0} cannot be negative."), _("Amount")))
	if amount > outstanding:
		throw_row(
			row.idx,
			filled(
				_("{0} exceeds the outstanding amount {1} of {2}."),
				fmt_money(amount, currency=currency),
				fmt_money(outstanding, currency=currency),
				bold(row.voucher_no),
			),
		)
	row.update(
		{
			"currency": currency,
			"due_date": min(item.due_date for item in items),
			"outstanding": float(outstanding),
			"amount": float(amount),
			"base_amount": float(base * amount / outstanding),
		}
	)


def total(doc: Document) -> None:
	"""Add up the rows into the document's amounts."""
	doc.amount = flt(sum(as_money(row.amount) for row in doc.items))
	doc.base_amount = flt(sum(as_money(row.base_amount) for row in doc.items))


def identity(item: OpenItem) -> tuple:
	"""Return what tells an open item from every other."""
	return (item.account, item.voucher, item.term, item.due_date, item.is_credit)


def name_of(key: TermItemKey) -> str:
	"""Return how a row is called."""
	return f"{key.voucher.name} ({key.term})" if key.term else str(key.voucher.name)


def amounts(doc: Document) -> dict[TermItemKey, Decimal]:
	"""Return the amounts of the document's rows."""
	return {key_of(row): as_money(row.amount) for row in doc.items}


def as_rows(items: str | Sequence[dict]) -> list[dict]:
	"""Return rows as a request sends them, only with what may be said."""
	fields = ("voucher_type", "voucher_no", "payment_term", "amount")
	return [{name: row.get(name) for name in fields} for row in frappe.parse_json(items)]


def check_unchanged(doc: Document, fields: Iterable[str], advice: str) -> None:
	"""Refuse that what was agreed is changed afterwards. Raises frappe.ValidationError."""
	before = doc.get_doc_before_save()
	if not before:
		return
	changed = [f for f in fields if str(before.get(f) or "") != str(doc.get(f) or "")]
	if changed or rows_of(before) != rows_of(doc):
		frappe.throw(advice)


def rows_of(doc: Document) -> list[tuple]:
	"""Return what a document is about and how much of it, to tell whether that was changed."""
	return [(key_of(row), flt(row.amount, 6)) for row in doc.items]
