"""The status of ERPNext's Dunnings: resolved when nothing they remind of is open, whatever cleared it.

ERPNext looks only when a Payment Entry is submitted, and in some versions lets the last row decide for all
(#41752). Here every change of an invoice's balance counts: payments, journals, credit notes, reconciliations.
"""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe.utils import getdate

from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import END_OF_TIME, site_ledger

RESOLVED, UNRESOLVED = "Resolved", "Unresolved"
_WAITING = "client_ledger_dunnings"


def invoice_changed(invoice: str) -> None:
	"""Note that an invoice's balance changed; the status of its Dunnings is corrected when the transaction commits."""
	waiting = frappe.flags.get(_WAITING)
	if waiting is None:
		waiting = frappe.flags[_WAITING] = set()
		frappe.db.before_commit.add(resolve_waiting)
		frappe.db.after_rollback.add(forget)
	waiting.add(invoice)


def resolve_waiting() -> None:
	"""Correct the Dunnings of the invoices that changed in this transaction."""
	invoices = frappe.flags.pop(_WAITING, None)
	if invoices:
		correct(dunnings_about(invoices))


def forget() -> None:
	"""Drop what was noted in a transaction that was rolled back."""
	frappe.flags.pop(_WAITING, None)


def dunnings_about(invoices: Iterable[str]) -> list[str]:
	"""Return the submitted Dunnings that remind of *invoices*."""
	dunning, row = frappe.qb.DocType("Dunning"), frappe.qb.DocType("Overdue Payment")
	found = (
		frappe.qb.from_(row)
		.join(dunning)
		.on(dunning.name == row.parent)
		.select(dunning.name)
		.distinct()
		.where(row.sales_invoice.isin(sorted(invoices)) & (row.docstatus == 1) & (dunning.docstatus == 1))
	).run()
	return [name for (name,) in found]


def correct(dunnings: Iterable[str]) -> int:
	"""Set the status of *dunnings* by what is open; return how many were wrong."""
	names = list(dunnings)
	if not names:
		return 0
	still_open = _with_something_open(names)
	changed = 0
	for name, status in frappe.get_all(
		"Dunning", {"name": ("in", names)}, ["name", "status"], as_list=True, order_by="name"
	):
		wanted = UNRESOLVED if name in still_open else RESOLVED
		if status != wanted:
			frappe.db.set_value("Dunning", name, "status", wanted)
			changed += 1
	return changed


def _with_something_open(dunnings: list[str]) -> set[str]:
	"""Return those of *dunnings* of which any row is open.

	A row reminds of an invoice, or of what of it is due on a day. What is open is the ledger's word: payments that name no
	term, credit notes and reconciliations leave the paid amounts of a payment schedule as they were.
	"""
	row, invoice = frappe.qb.DocType("Overdue Payment"), frappe.qb.DocType("Sales Invoice")
	rows = (
		frappe.qb.from_(row)
		.join(invoice)
		.on(invoice.name == row.sales_invoice)
		.select(row.parent, invoice.name, invoice.company, invoice.customer, row.due_date)
		.where(row.parent.isin(dunnings) & (invoice.docstatus == 1) & (invoice.outstanding_amount > 0))
	).run()
	due_dates = _open_due_dates({tuple(found[1:4]) for found in rows})
	return {
		parent
		for parent, name, _company, _customer, due_date in rows
		if due_dates[name] and (due_date is None or getdate(due_date) in due_dates[name])
	}


def _open_due_dates(invoices: set[tuple[str, str, str]]) -> dict[str, set[date]]:
	"""Return the days on which something of *invoices* (name, company, customer) is due and open."""
	found: dict[str, set[date]] = {name: set() for name, _company, _customer in invoices}
	if not invoices:
		return found
	_names, companies, customers = (tuple(sorted(set(column))) for column in zip(*invoices, strict=True))
	vouchers = [Voucher(SALES_INVOICE, name) for name in sorted(found)]
	for item in site_ledger().open_items(Scope(companies, customers), END_OF_TIME, vouchers=vouchers):
		if item.outstanding > 0 and item.voucher.name in found:
			found[item.voucher.name].add(item.due_date)
	return found


def correct_all() -> int:
	"""Resolve what has been cleared unseen. What a person resolved by hand stays so; returns how many changed."""
	names = frappe.get_all("Dunning", {"docstatus": 1, "status": UNRESOLVED}, pluck="name", order_by="name")
	settled = set(names) - _with_something_open(names) if names else set()
	return correct(sorted(settled))
