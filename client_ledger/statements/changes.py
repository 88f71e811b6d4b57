"""What became of a statement that was kept: its figures against those of the ledger now, explained by the vouchers.

kept figures + the same figures read again -> core/statements/difference, with what the documents say of each voucher
"""

from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe.utils import getdate

from client_ledger.core.entries import Voucher
from client_ledger.core.statements.difference import (
	Difference,
	VoucherNow,
	differences,
	vouchers_to_look_up,
)
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.statements.figures import FactsReader, by_ledger_alone, statement_figures


def figures_now(kept: StatementFigures, facts: FactsReader = by_ledger_alone) -> StatementFigures:
	"""Return the figures of a kept statement as they would be stated now. It asks for no permission: the caller has to."""
	return statement_figures(
		kept.company,
		[customer for customer, _name in kept.customers],
		kept.as_of,
		kept.from_date,
		kept.coverage,
		kept.currency,
		facts,
	)


def changes_since(
	kept: StatementFigures, made_on: datetime, now: StatementFigures | None = None
) -> list[Difference]:
	"""Return what differs between a statement made on *made_on* and the ledger now, each with its reason.

	now: the figures as they are now, where the caller has them.
	"""
	now = now or figures_now(kept)
	looked_up = vouchers_to_look_up(kept, now)
	states = vouchers_now(looked_up, made_on)
	replacing = {state.replaced_by for state in states.values() if state.replaced_by} - looked_up
	return differences(kept, now, {**states, **vouchers_now(replacing, made_on)})


def vouchers_now(vouchers: Iterable[Voucher], made_on: datetime) -> dict[Voucher, VoucherNow]:
	"""Return how vouchers stand now; one without a document has neither day nor status."""
	by_doctype: dict[str, list[str]] = {}
	for voucher in vouchers:
		by_doctype.setdefault(voucher.doctype, []).append(voucher.name)
	found = {}
	for doctype, names in by_doctype.items():
		day = "posting_date" if frappe.get_meta(doctype).has_field("posting_date") else "transaction_date"
		amended = dict(
			frappe.get_all(
				doctype,
				{"amended_from": ("in", names), "docstatus": ("<", 2)},
				["amended_from", "name"],
				as_list=True,
			)
		)
		rows = frappe.get_all(
			doctype, {"name": ("in", names)}, ["name", f"{day} as day", "docstatus", "creation"]
		)
		by_name = {row.name: row for row in rows}
		for name in names:
			row = by_name.get(name)
			replaced_by = Voucher(doctype, amended[name]) if name in amended else None
			found[Voucher(doctype, name)] = VoucherNow(
				getdate(row.day) if row else None,
				bool(row and row.docstatus == 2),
				bool(row and row.creation > made_on),
				replaced_by,
			)
	return found
