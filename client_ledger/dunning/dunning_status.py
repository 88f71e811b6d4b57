"""The status of ERPNext's Dunnings: resolved when nothing they remind of is open, whatever cleared it.

ERPNext believes the payment schedule, which payments that name no term, credit notes and reconciliations leave as it was.
Here every change of an invoice's balance counts: payments, journals, credit notes, reconciliations.

Where ERPNext keeps a Dunning open until its fee and interest are paid, so do we (ERPNext 16.9 and 15 do not: there a Dunning
is resolved with its invoices; versions that do have a figure of what is unpaid of them). Resolved by hand, it stays so
until an invoice is owed again.
"""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe.model.base_document import get_controller
from frappe.utils import flt, getdate

from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import END_OF_TIME, site_ledger

RESOLVED, UNRESOLVED = "Resolved", "Unresolved"
# What ERPNext's Dunning calls what is unpaid of its fee and interest, where it counts them.
UNPAID_CHARGES = "get_unpaid_dunning_amount"
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
	statuses = dict(
		frappe.get_all("Dunning", {"name": ("in", names)}, ["name", "status"], as_list=True, order_by="name")
	)
	# A Dunning that is resolved was paid, or its charges were waived.
	asked = {name for name, status in statuses.items() if status == UNRESOLVED and name not in still_open}
	kept_open = still_open | _with_unpaid_charges(asked)
	changed = 0
	for name, status in statuses.items():
		wanted = UNRESOLVED if name in kept_open else RESOLVED
		if status != wanted:
			frappe.db.set_value("Dunning", name, "status", wanted)
			changed += 1
	return changed


def _with_unpaid_charges(dunnings: Iterable[str]) -> set[str]:
	"""Return those of *dunnings* that ERPNext keeps open for their fee and interest; none where it knows no such thing."""
	if not hasattr(get_controller("Dunning"), UNPAID_CHARGES):
		return set()
	return {name for name in dunnings if flt(getattr(frappe.get_doc("Dunning", name), UNPAID_CHARGES)()) > 0}


def _with_something_open(dunnings: list[str]) -> set[str]:
	"""Return those of *dunnings* of which any row is open.

	A row reminds of an invoice, or of what of it is due on a day. What is open is the ledger's word: payments that name no
	term, credit notes and reconciliations leave the paid amounts of a payment schedule as they were, and an invoice that a
	journal moved to another receivable account has no outstanding amount of its own.
	"""
	row, invoice = frappe.qb.DocType("Overdue Payment"), frappe.qb.DocType("Sales Invoice")
	rows = (
		frappe.qb.from_(row)
		.join(invoice)
		.on(invoice.name == row.sales_invoice)
		.select(row.parent, invoice.name, invoice.company, invoice.customer, row.due_date)
		.where(row.parent.isin(dunnings) & (invoice.docstatus == 1))
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
	for item in site_ledger().open_items_of(vouchers, Scope(companies, customers), END_OF_TIME):
		if item.outstanding > 0 and item.voucher.name in found:
			found[item.voucher.name].add(item.due_date)
	return found


def correct_all() -> int:
	"""Resolve what has been cleared unseen. What a person resolved by hand stays so; returns how many changed."""
	names = frappe.get_all("Dunning", {"docstatus": 1, "status": UNRESOLVED}, pluck="name", order_by="name")
	settled = set(names) - _with_something_open(names) if names else set()
	return correct(sorted(settled))
