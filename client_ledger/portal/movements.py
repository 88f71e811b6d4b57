"""Every movement of a visitor's ledger, newest first, page by page, and those that a text or an amount finds.

The search looks where the customer can know what stands: numbers of documents, its own references, amounts. Remarks are the
company's own and are not looked into.
"""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.collections import disputes
from client_ledger.core.collections.disputes import TermItemKey, disputed_amounts, disputed_part
from client_ledger.core.movements import LedgerLine
from client_ledger.ledger.reader import Cursor, SearchTerm
from client_ledger.ledger.site import site_ledger
from client_ledger.ledger_tab.search import LONGEST, MOST, SHORTEST, amount_of
from client_ledger.portal.access import Visitor
from client_ledger.portal.overview import REFERENCES, references_of
from client_ledger.portal.papers import may_have_file
from client_ledger.portal.shown import day, money
from client_ledger.site.request import dump_cursor

PAGE_LENGTH = 25


def page(visitor: Visitor, after: Cursor | None = None, find: str | None = None) -> dict:
	"""Return a page of movements: {lines, next}; next is None on the last one, else what to ask the next one with."""
	ledger, today, companies = site_ledger(), getdate(), (visitor.company,)
	text = (find or "").strip()[:LONGEST]
	if text:
		found = ledger.search(visitor.customer, companies, today, _term(visitor, text), PAGE_LENGTH, after)
	else:
		found = ledger.page(visitor.customer, companies, today, PAGE_LENGTH, after)
	disputed = disputed_amounts(disputes.running([visitor.customer], visitor.company))
	references = references_of(line.movement.voucher for line in found.lines)
	return {
		"lines": [_row(line, references, disputed) for line in found.lines],
		"next": dump_cursor(found.next),
	}


def _row(line: LedgerLine, references: dict, disputed: dict) -> dict:
	movement = line.movement
	voucher, currency = movement.voucher, movement.currency
	part = disputed_part(disputed, TermItemKey(voucher), line.outstanding)
	return {
		"voucher_type": voucher.doctype,
		"voucher_no": voucher.name,
		"kind": _(voucher.doctype),
		"reference": references.get(voucher),
		"date": day(movement.posting_date),
		"due": day(line.due_date),
		"debit": money(movement.debit, currency) if movement.debit else None,
		"credit": money(movement.credit, currency) if movement.credit else None,
		"balance": money(movement.balance, currency),
		"status": _(line.status.value),
		"outstanding": money(line.outstanding, currency) if line.outstanding else None,
		"disputed": money(part, currency) if part else None,
		"against": [other.name for other in movement.against],
		"has_file": may_have_file(voucher.doctype),
	}


def _term(visitor: Visitor, text: str) -> SearchTerm:
	amount = amount_of(text)
	if len(text) < SHORTEST:
		return SearchTerm(text, amount=amount)
	names = {name for doctype in REFERENCES for name in _documents(visitor, doctype, text)}
	return SearchTerm(text, frozenset(names), amount)


def _documents(visitor: Visitor, doctype: str, text: str) -> list[str]:
	"""Return the names of the customer's documents whose own reference holds *text*."""
	filters: dict = {
		"docstatus": 1,
		"company": visitor.company,
		REFERENCES[doctype]: ("like", f"%{_escaped(text)}%"),
	}
	if doctype == "Sales Invoice":
		filters["customer"] = visitor.customer
	elif doctype == "Payment Entry":
		filters |= {"party_type": "Customer", "party": visitor.customer}
	else:
		entries = {"party_type": "Customer", "party": visitor.customer, "voucher_type": doctype}
		names = frappe.get_all(
			"Payment Ledger Entry", entries, pluck="voucher_no", distinct=True, order_by=None
		)
		filters["name"] = ("in", names or [""])
	return frappe.get_all(doctype, filters, pluck="name", order_by="name", limit=MOST)


def _escaped(text: str) -> str:
	return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
