"""Stored remittance advices and what others ask about them: what of each item is announced, and so not chased for some days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import flt, getdate

from client_ledger.collections import items as open_items
from client_ledger.core.collections.disputes import TermItemKey, subtract_amounts
from client_ledger.core.dunning.plan import Claim, DunningReason
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.core.receipts.announced import AdviceStatus
from client_ledger.site.doctypes import REMITTANCE_ADVICE, REMITTANCE_ADVICE_INVOICE

ANNOUNCED, RECEIVED = AdviceStatus.ANNOUNCED.value, AdviceStatus.RECEIVED.value
# Money in the ledger is taken off as a credit; what is at the bank only is still waited for.
BANK_TRANSACTION = "Bank Transaction"
_FIELDS = (
	"name",
	"customer",
	"company",
	"currency",
	"amount",
	"status",
	"payment_date",
	"reference",
	"pause_until",
	"responsible",
	"announced_on",
	"receipt_type",
	"receipt",
	"received",
	"follow_up",
	"creation",
)


def stored(customers: Sequence[str] | None, statuses: Sequence[str]) -> list[frappe._dict]:
	"""Return remittance advices with their invoices (lines), the first payment first. customers: None for all."""
	filters: dict[str, Any] = {"status": ("in", list(statuses))}
	if customers is not None:
		filters["customer"] = ("in", list(customers))
	rows = frappe.get_all(REMITTANCE_ADVICE, filters, list(_FIELDS), order_by="payment_date, name")
	fields = ("name", "sales_invoice", "due_date", "outstanding", "amount", "is_assumed")
	open_items.add_children(rows, REMITTANCE_ADVICE, REMITTANCE_ADVICE_INVOICE, "lines", fields)
	return rows


def waited_for(customers: Sequence[str] | None, today: date) -> list[frappe._dict]:
	"""Return the announced payments that reminders wait for on *today*."""
	return [row for row in stored(customers, (ANNOUNCED, RECEIVED)) if _holds(row, today)]


def _holds(row: frappe._dict, today: date) -> bool:
	if row.status == RECEIVED:
		return row.receipt_type == BANK_TRANSACTION
	return bool(row.pause_until) and getdate(row.pause_until) >= today


def receipts_waited_for(companies: Sequence[str]) -> set[str]:
	"""Return the bank transactions that announced payments were found in: reminders wait for them already."""
	filters = {"status": RECEIVED, "receipt_type": BANK_TRANSACTION, "company": ("in", list(companies))}
	return set(frappe.get_all(REMITTANCE_ADVICE, filters, pluck="receipt", order_by="name"))


def announced_amounts(rows: Iterable[frappe._dict]) -> dict[TermItemKey, Decimal]:
	"""Return what announced payments cover per invoice, in the invoices' currency."""
	found: dict[TermItemKey, Decimal] = {}
	for row in rows:
		for line in row.lines:
			key = TermItemKey(Voucher(SALES_INVOICE, line.sales_invoice))
			found[key] = found.get(key, ZERO) + as_money(flt(line.amount))
	return found


def claims(
	rows: Sequence[frappe._dict],
	items: Sequence[OpenItem],
	before: Sequence[Mapping[TermItemKey, Decimal]],
	announced: Mapping[TermItemKey, Decimal],
) -> list[Claim]:
	"""Return which of *items* are not dunned because announced payments (*rows*) cover what is left to ask for of them.

	before: what is not asked for anyway, taken off first.
	"""
	if not rows:
		return []
	asked = list(items)
	for layer in before:
		asked = subtract_amounts(asked, layer)
	left = {open_items.identity(item) for item in subtract_amounts(asked, announced)}
	covered = {open_items.identity(item) for item in asked} - left
	return [
		Claim(
			row.customer,
			DunningReason.ANNOUNCED,
			getdate(row.announced_on),
			getdate(row.pause_until) if row.status == ANNOUNCED else None,
			row.company,
			item.voucher,
			item.due_date,
		)
		for row in rows
		for line in row.lines
		for item in open_items.matching(TermItemKey(Voucher(SALES_INVOICE, line.sales_invoice)), items)
		if open_items.identity(item) in covered
	]
