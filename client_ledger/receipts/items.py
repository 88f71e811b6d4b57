"""What is open in a company, as the core's payable items: per term, with order numbers and cash discounts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import frappe
from frappe.utils import flt, getdate

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.core.open_items import OpenItem
from client_ledger.core.receipts.items import PayableItem
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger

# Vouchers that ERPNext allocates receipts to.
PAYABLE = (SALES_INVOICE, "Journal Entry")


@dataclass(frozen=True)
class OpenItems:
	"""Open items of a company, by the id under which the core knows them."""

	by_id: Mapping[str, OpenItem]

	@classmethod
	def of(cls, company: str, customers: Sequence[str] = ()) -> "OpenItems":
		"""Return what receipts can be allocated to; customers: all where none are named."""
		found = site_ledger().open_items(
			Scope((company,), tuple(customers) if customers else None), getdate()
		)
		return cls({id_of(item): item for item in found if _is_payable(item)})

	def of_voucher(self, doctype: str, name: str) -> list[OpenItem]:
		"""Return the open terms of a voucher, in the order of their due dates."""
		return self._of_vouchers.get((doctype, name), [])

	@cached_property
	def _of_vouchers(self) -> dict[tuple[str, str], list[OpenItem]]:
		found: dict[tuple[str, str], list[OpenItem]] = defaultdict(list)
		for item in sorted(self.by_id.values(), key=lambda one: (one.due_date, one.term or "")):
			found[item.voucher.doctype, item.voucher.name].append(item)
		return found

	def payable(self) -> list[PayableItem]:
		"""Return them for the core."""
		names = {item.voucher.name for item in self.by_id.values() if item.voucher.doctype == SALES_INVOICE}
		orders, discounts = _order_numbers(names), _discounts(names)
		found = []
		for name, item in self.by_id.items():
			discount, until = discounts.get((item.voucher.name, item.due_date), (ZERO, None))
			is_whole = item.outstanding == item.amount and discount > 0
			found.append(
				PayableItem(
					name,
					item.customer,
					item.voucher.name,
					item.posting_date,
					item.outstanding,
					item.currency,
					item.due_date,
					orders.get(item.voucher.name, ()) if item.voucher.doctype == SALES_INVOICE else (),
					rounded(item.outstanding * discount / 100, 2) if is_whole else ZERO,
					until if is_whole else None,
				)
			)
		return found


def id_of(item: OpenItem) -> str:
	"""Return what the core knows an open item by."""
	return "|".join(
		(item.voucher.doctype, item.voucher.name, item.term or "", str(item.due_date), item.account)
	)


def _is_payable(item: OpenItem) -> bool:
	if item.voucher.doctype not in PAYABLE or not item.outstanding:
		return False
	# A credit in a journal is a receipt or a credit that ERPNext allocates by itself, not a note to take off.
	return item.outstanding > 0 or item.voucher.doctype == SALES_INVOICE


def _order_numbers(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
	"""Return the customers' own numbers of invoices."""
	found = {}
	for part in chunks(sorted(names)):
		rows = frappe.get_all(
			SALES_INVOICE,
			{"name": ("in", part), "po_no": ("is", "set")},
			["name", "po_no"],
			order_by="name",
		)
		found |= {row.name: (row.po_no,) for row in rows}
	return found


def _discounts(names: Iterable[str]) -> dict[tuple[str, object], tuple[Decimal, object]]:
	"""Return the cash discount of each term in percent and its last day, by invoice and due date.

	A discount that is an amount is turned into a share of its term.
	"""
	found: dict[tuple[str, object], tuple[Decimal, object]] = {}
	for part in chunks(sorted(names)):
		rows = frappe.get_all(
			"Payment Schedule",
			{"parenttype": SALES_INVOICE, "parent": ("in", part), "discount": (">", 0)},
			["parent", "due_date", "discount_type", "discount", "discount_date", "payment_amount"],
			order_by="parent, idx",
		)
		for row in rows:
			share = as_money(flt(row.discount))
			if row.discount_type == "Amount":
				whole = as_money(flt(row.payment_amount))
				share = share * 100 / whole if whole else ZERO
			found[row.parent, getdate(row.due_date)] = (
				share,
				getdate(row.discount_date) if row.discount_date else None,
			)
	return found


def by_voucher(amounts: Iterable[tuple[OpenItem, Decimal]]) -> dict[tuple[str, str], Decimal]:
	"""Return amounts of items added up per voucher (DocType, name)."""
	found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
	for item, amount in amounts:
		found[item.voucher.doctype, item.voucher.name] += amount
	return dict(found)
