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
