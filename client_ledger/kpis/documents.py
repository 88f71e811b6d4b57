"""Which document stands behind a row of an input."""

from collections.abc import Iterable
from typing import Any

import frappe

from client_ledger.core.entries import Voucher
from client_ledger.core.kpis.row_sets import OF_A_DAY
from client_ledger.site.access import link, readable
from client_ledger.site.doctypes import LEDGER_DISPUTE, PROMISE_TO_PAY

# What the rows of an input are, where they are not all vouchers of the ledger. Received and written off are sums of a customer and day.
_DOCTYPES = {
	"promises": PROMISE_TO_PAY,
	"promises_kept": PROMISE_TO_PAY,
	"disputes": LEDGER_DISPUTE,
	"dispute_days": LEDGER_DISPUTE,
	"cost": "Timesheet",
}
_CUSTOMER_FIELDS = {PROMISE_TO_PAY: "customer", LEDGER_DISPUTE: "customer", "Timesheet": "customer"}
_DAY_LENGTH = len(" 2026-01-31")
_VOUCHERS = ("Sales Invoice", "Payment Entry", "Journal Entry")


def documents_of(rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
	"""Return the document behind (input, voucher), with whether the user may open it.

	None where a row is a sum of a customer and day, or the document is no more.
	"""
	rows = {row for row in rows if row[0] not in OF_A_DAY}
	names = {voucher for name, voucher in rows if name not in _DOCTYPES}
	known: dict[str, str] = {}
	for doctype in _VOUCHERS:
		if missing := names - known.keys():
			found = frappe.get_all(doctype, {"name": ("in", sorted(missing))}, pluck="name", order_by=None)
			known |= dict.fromkeys(found, doctype)
	vouchers = {
		(name, voucher): Voucher(doctype, voucher)
		for name, voucher in rows
		if (doctype := _DOCTYPES.get(name) or known.get(voucher))
	}
	visible = readable(set(vouchers.values()))
	return {row: link(voucher, visible) for row, voucher in vouchers.items()}


def customers_behind(rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
	"""Return the customers that (input, voucher) is about; nothing where that is not known any more."""
	found: dict[tuple[str, str], set[str]] = {}
	by_doctype: dict[str, list[tuple[str, str]]] = {}
	for name, voucher in set(rows):
		if name in OF_A_DAY:
			# They bear the name of their customer and the day.
			found[name, voucher] = {voucher[:-_DAY_LENGTH]}
		else:
			by_doctype.setdefault(_DOCTYPES.get(name, ""), []).append((name, voucher))
	for doctype, own in by_doctype.items():
		customers = _customers_of(doctype, {voucher for _name, voucher in own})
		found |= {row: customers[row[1]] for row in own if row[1] in customers}
	return found


def _customers_of(doctype: str, names: set[str]) -> dict[str, set[str]]:
	"""Return the customers of documents; doctype: "" for vouchers of the ledger."""
	if doctype:
		filters = {"name": ("in", sorted(names))}
		rows = frappe.get_all(doctype, filters, ["name", _CUSTOMER_FIELDS[doctype]], order_by="name")
		return {row.name: {row.customer} for row in rows if row.customer}
	found: dict[str, set[str]] = {}
	# Also of entries that were cancelled since: those are what has changed.
	for row in frappe.get_all(
		"Payment Ledger Entry",
		{"voucher_no": ("in", sorted(names)), "party_type": "Customer"},
		["voucher_no", "party"],
		distinct=True,
		order_by="voucher_no, party",
	):
		found.setdefault(row.voucher_no, set()).add(row.party)
	return found
