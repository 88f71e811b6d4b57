"""Submitted documents that were changed, as their Versions tell. What was done to drafts is no change of the books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from sys import intern
from typing import Any

import frappe
from frappe.query_builder import DocType, Field
from pypika.queries import QueryBuilder

from client_ledger.controls.facts.formatted import as_day
from client_ledger.controls.facts.versions import Changed, moved, signed, slices
from client_ledger.controls.facts.window import FactWindow, by_name, money
from client_ledger.core.controls.facts import EditFact
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Voucher

# What of a document's rows its figures and days rest on.
_OF_ROWS = frozenset(
	{
		"item_code", "qty", "uom", "rate", "amount", "net_rate", "net_amount", "base_amount", "base_net_amount", "discount_amount",
		"discount_percentage", "due_date", "payment_amount", "invoice_portion", "tax_amount", "party", "debit", "credit",
		"debit_in_account_currency", "credit_in_account_currency", "allocated_amount", "account",
	}
)  # fmt: skip
# A Version in which a document was submitted or cancelled, as Frappe writes it.
_SIGNED = '%["docstatus",%'


@dataclass(frozen=True, slots=True)
class _Edit:
	name: str
	person: str
	at: datetime
	fields: tuple[str, ...]
	day_before: date | None


def read_edits(window: FactWindow) -> list[EditFact]:
	"""Return the changes of submitted invoices, payments and journal entries of customers."""
	found = []
	for doctype in (SALES_INVOICE, PAYMENT_ENTRY, JOURNAL_ENTRY):
		edits = list(_edits(doctype, window))
		names = sorted({one.name for one in edits})
		documents = _documents(doctype, names, window)
		submitted = signed(doctype, sorted(documents), 1)
		for one in edits:
			if one.name in documents and (one.name not in submitted or one.at >= submitted[one.name].at):
				found.append(_fact(doctype, one, documents[one.name]))
	return found


def _edits(doctype: str, window: FactWindow) -> Iterator[_Edit]:
	"""Yield what was changed, whether of a draft or not, but for what submitted or cancelled it."""
	names = None if window.customers is None else _names_of_customers(doctype, window)
	for _version, name, person, at, content in slices(doctype, window.since_moment, names, _SIGNED):
		fields = tuple(dict.fromkeys(map(intern, _fields(content))))
		if fields and not moved(content, "docstatus"):
			before = moved(content, "posting_date")
			yield _Edit(name, intern(person), at, fields, as_day(before[0]) if before else None)


def _fields(content: Changed) -> Iterator[str]:
	for kind in ("changed", "added", "removed"):
		for change in content.get(kind) or ():
			yield change[0]
	# Of a row that was changed: what figures rest on, not its cost centre or what is printed of it.
	for table, _place, _row, changes in content.get("row_changed") or ():
		if any(change[0] in _OF_ROWS for change in changes):
			yield table


def _names_of_customers(doctype: str, window: FactWindow) -> list[str]:
	"""Return the documents of the window's customers, which are fewer than the Versions of all."""
	query, _name = _query(doctype, window)
	return [row[0] for row in query.run()]


def _documents(doctype: str, names: list[str], window: FactWindow) -> dict[str, Any]:
	"""Return (customer, day, amount) of those that are submitted or cancelled and of customers of the window."""
	query, name = _query(doctype, window)
	return {row[0]: row[1:] for row in by_name(query, name, names)}


def _query(doctype: str, window: FactWindow) -> tuple[QueryBuilder, Field]:
	"""Return the documents of a window with customer, day and amount, and the column of their names."""
	table = DocType(doctype)
	if doctype == JOURNAL_ENTRY:
		line = DocType("Journal Entry Account")
		customer = line.party
		query = frappe.qb.from_(line).join(table).on(line.parent == table.name)
		query = query.select(table.name, customer, table.posting_date, table.total_debit)
		query = query.where((line.party_type == "Customer") & line.account.isin(window.accounts or ("",)))
	elif doctype == SALES_INVOICE:
		customer = table.customer
		query = frappe.qb.from_(table).select(
			table.name, customer, table.posting_date, table.base_grand_total
		)
	else:
		customer = table.party
		query = frappe.qb.from_(table).select(
			table.name, customer, table.posting_date, table.base_paid_amount
		)
		query = query.where(table.party_type == "Customer")
	query = query.where((table.company == window.company) & (table.docstatus > 0))
	if window.customers is not None:
		# Whose last change is older has no Version in the window.
		query = query.where(window.of_customers(customer) & (table.modified >= window.since_moment))
	return query, table.name


def _fact(doctype: str, one: _Edit, document: tuple) -> EditFact:
	customer, day, amount = document
	return EditFact(
		document=Voucher(doctype, one.name),
		customer=intern(customer),
		date=one.day_before or day,
		at=one.at,
		person=one.person,
		fields=one.fields,
		base_amount=money(amount),
	)
