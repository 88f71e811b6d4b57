"""Whose facts have come, gone or changed since a moment, so that a night looks only at them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate, now_datetime

from client_ledger.controls.facts.terms_above import read_terms_above
from client_ledger.controls.facts.versions import Changed, parsed
from client_ledger.controls.facts.window import FEW, by_name
from client_ledger.controls.reading import make_window
from client_ledger.core.controls.facts import DELIVERY, ORDER, FactKind
from client_ledger.core.controls.run import FactChanges
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE
from client_ledger.site.doctypes import (
	BALANCE_CONFIRMATION,
	CREDIT_HOLD,
	CREDIT_LIMIT,
	CUSTOMER_STATEMENT,
	PAYER_NAME,
	REMITTANCE_ADVICE,
	WRITE_OFF_REQUEST,
)

# Stands for facts that are of no customer.
NOBODY = "*"
Found = dict[FactKind, set[str]]

# DocType -> the field that names the customer, the kinds of facts it makes.
_OF_CUSTOMER: dict[str, tuple[str, tuple[FactKind, ...]]] = {
	SALES_INVOICE: ("customer", (FactKind.INVOICES, FactKind.RECEIPTS, FactKind.WRITE_OFFS)),
	PAYMENT_ENTRY: ("party", (FactKind.RECEIPTS, FactKind.WRITE_OFFS)),
	ORDER: ("customer", (FactKind.ORDERS, FactKind.RELEASES)),
	DELIVERY: ("customer", (FactKind.DELIVERIES,)),
	WRITE_OFF_REQUEST: ("customer", (FactKind.WRITE_OFFS,)),
	CUSTOMER_STATEMENT: ("customer", (FactKind.STATEMENTS,)),
	BALANCE_CONFIRMATION: ("customer", (FactKind.STATEMENTS,)),
	CREDIT_LIMIT: ("customer", (FactKind.TERMS,)),
	CREDIT_HOLD: ("customer", (FactKind.RELEASES,)),
}
_EDITED = (SALES_INVOICE, PAYMENT_ENTRY)
_OF_MASTERS = ("Employee", "Contact", "Address", "Bank Account", PAYER_NAME)
# Of these it is told whose money a receipt is.
_OF_PAYERS = ("Bank Account", PAYER_NAME)
# What of a Customer is looked at; everything else may change without a control caring.
_MASTER_FIELDS = frozenset(
	{"tax_id", "email_id", "mobile_no", "cl_credit_parent", "is_internal_customer", "disabled"}
)
_GROUPING = frozenset({"cl_credit_parent", "is_internal_customer"})
_TERMS_FIELDS = frozenset({"payment_terms", "credit_limits", "is_frozen", "customer_group"})


def changed_since(company: str, moment: datetime) -> FactChanges:
	"""Return the customers whose facts have changed since a moment of the site's clock, by kind of facts.

	Facts that belong to no customer count for "*". What is due and whether the ledgers tie are always among them: they take
	little time to look at, and change without any document being changed.
	"""
	found: Found = defaultdict(set)
	for doctype in _OF_CUSTOMER:
		_documents(found, doctype, company, moment)
	_journals(found, company, moment)
	_ledger(found, company, moment)
	_told_by_others(found, company, moment)
	regrouped = _customers(found, company, moment)
	regrouped |= _masters(found, moment)
	regrouped |= _deleted(found, company, moment)
	found[FactKind.DUES].add(NOBODY)
	found[FactKind.TIES].add(NOBODY)
	return FactChanges(
		{kind: frozenset(customers) for kind, customers in found.items() if customers},
		getdate(moment) < getdate(now_datetime()),
		regrouped,
	)


def _add(found: Found, kinds: Iterable[FactKind], customers: Iterable[str | None]) -> None:
	names = set(filter(None, customers))
	for kind in kinds:
		found[kind] |= names


def _documents(found: Found, doctype: str, company: str, moment: datetime) -> None:
	field, kinds = _OF_CUSTOMER[doctype]
	table = DocType(doctype)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table[field])
		.where((table.company == company) & (table.modified >= moment))
	)
	if doctype == PAYMENT_ENTRY:
		query = query.where(table.party_type == "Customer")
	rows = query.run()
	_add(found, kinds, (row[1] for row in rows))
	if doctype in _EDITED:
		_edits(found, doctype, dict(rows), moment)


def _edits(found: Found, doctype: str, customers: dict[str, str], moment: datetime) -> None:
	version = DocType("Version")
	query = frappe.qb.from_(version).select(version.docname)
	query = query.where((version.ref_doctype == doctype) & (version.creation >= moment))
	rows = by_name(query, version.docname, list(customers), FEW)
	_add(found, (FactKind.EDITS,), (customers[row[0]] for row in rows))


def _journals(found: Found, company: str, moment: datetime) -> None:
	journal, line = DocType(JOURNAL_ENTRY), DocType("Journal Entry Account")
	query = (
		frappe.qb.from_(line)
		.join(journal)
		.on(line.parent == journal.name)
		.select(line.party)
		.distinct()
		.where((journal.company == company) & (journal.modified >= moment) & (line.party_type == "Customer"))
	)
	kinds = (FactKind.RECEIPTS, FactKind.WRITE_OFFS, FactKind.EDITS)
	_add(found, kinds, (row[0] for row in query.run()))


def _ledger(found: Found, company: str, moment: datetime) -> None:
	"""Payments are allocated without the invoice being changed."""
	entry = DocType("Payment Ledger Entry")
	query = frappe.qb.from_(entry).select(entry.party).distinct()
	query = query.where((entry.company == company) & (entry.party_type == "Customer"))
	rows = query.where(entry.modified >= moment).run()
	_add(found, (FactKind.INVOICES, FactKind.RECEIPTS), (row[0] for row in rows))


def _told_by_others(found: Found, company: str, moment: datetime) -> None:
	"""Add whose receipts the bank's lines and advices tell of."""
	line, row, payment = (
		DocType("Bank Transaction"),
		DocType("Bank Transaction Payments"),
		DocType(PAYMENT_ENTRY),
	)
	query = (
		frappe.qb.from_(line)
		.join(row)
		.on(row.parent == line.name)
		.join(payment)
		.on((payment.name == row.payment_entry) & (row.payment_document == PAYMENT_ENTRY))
		.select(payment.party)
		.distinct()
		.where((line.company == company) & (line.modified >= moment) & (payment.party_type == "Customer"))
	)
	_add(found, (FactKind.RECEIPTS,), (one[0] for one in query.run()))
	advice = DocType(REMITTANCE_ADVICE)
	query = (
		frappe.qb.from_(advice)
		.join(payment)
		.on((payment.name == advice.receipt) & (advice.receipt_type == PAYMENT_ENTRY))
		.select(payment.party)
		.where((advice.company == company) & (advice.modified >= moment))
	)
	_add(found, (FactKind.RECEIPTS,), (one[0] for one in query.run()))


def _customers(found: Found, company: str, moment: datetime) -> bool:
	"""Add customers whose details or terms changed; return whether others may belong together now."""
	customer, version = DocType("Customer"), DocType("Version")
	fields = (customer.name, customer.creation, customer.cl_credit_parent, customer.is_internal_customer)
	rows = frappe.qb.from_(customer).select(*fields).where(customer.modified >= moment).run()
	new = [row for row in rows if row[1] >= moment]
	_add(found, (FactKind.MASTERS,), (row[0] for row in new))
	regrouped = any(parent or internal for _name, _entered, parent, internal in new)
	changes = (
		frappe.qb.from_(version)
		.select(version.docname, version.data)
		.where((version.ref_doctype == "Customer") & (version.creation >= moment))
	)
	told = set()
	for name, data in changes.run():
		told.add(name)
		fields = _fields(parsed(data))
		if fields & _MASTER_FIELDS:
			found[FactKind.MASTERS].add(name)
			regrouped |= bool(fields & _GROUPING)
		if fields & _TERMS_FIELDS:
			_add(found, (FactKind.TERMS, FactKind.RELEASES), [name])
	# Changed past Frappe's documents: nothing tells what.
	untold = {row[0] for row in rows if row[1] < moment} - told
	_add(found, (FactKind.MASTERS,), untold)
	above = read_terms_above(make_window(company, getdate(now_datetime())), moment)
	_add(found, (FactKind.TERMS,), (one.customer for one in above))
	return regrouped or bool(untold)


def _fields(content: Changed) -> set[str]:
	return {
		change[0]
		for kind in ("changed", "added", "removed", "row_changed")
		for change in content.get(kind) or ()
	}


def _masters(found: Found, moment: datetime) -> bool:
	"""Add that details of customers changed; return whether they may pay from other accounts now."""
	changed = {one for one in _OF_MASTERS if frappe.db.exists(one, {"modified": (">=", moment)})}
	if changed:
		found[FactKind.MASTERS].add(NOBODY)
	return not changed.isdisjoint(_OF_PAYERS)


def _deleted(found: Found, company: str, moment: datetime) -> bool:
	"""Add whose documents are no more: their numbers are missing now; return whether customers or their accounts are among them."""
	regrouped = False
	gone = DocType("Deleted Document")
	query = (
		frappe.qb.from_(gone)
		.select(gone.name, gone.deleted_doctype, gone.data)
		.where(
			(gone.creation >= moment) & gone.deleted_doctype.isin([*_OF_CUSTOMER, "Customer", *_OF_MASTERS])
		)
	)
	for _name, doctype, data in query.run():
		if doctype not in _OF_CUSTOMER:
			found[FactKind.MASTERS].add(NOBODY)
			regrouped |= doctype in ("Customer", *_OF_PAYERS)
			continue
		field, kinds = _OF_CUSTOMER[doctype]
		content = json.loads(data or "{}")
		if content.get("company") == company:
			_add(found, kinds, [content.get(field)])
	return regrouped
