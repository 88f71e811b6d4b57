"""Our ledger of a customer as lines to compare: each voucher once, with every number that the customer may know it by.

	Payment Ledger -> movements (client_ledger/ledger) -> lines; balance before them -> opening balance

The lines and the opening balance add up to what the General Ledger says of the customer's receivable accounts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha1

import frappe

from client_ledger.core.confirmations.stored import ID_LENGTH
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO, rounded
from client_ledger.core.movements import Movement
from client_ledger.core.reconciliation.lines import BookedLine, LedgerSide, LineKind
from client_ledger.ledger.database import chunks
from client_ledger.ledger.site import site_ledger
from client_ledger.statements.figures import BEGINNING

CREDITS = ("Credit Note", "Write Off Entry")
# Texts are only looked through for numbers.
TEXT_LENGTH, MOST_REFERENCES = 300, 12


@dataclass(frozen=True, slots=True)
class OurLedger:
	"""Our side, and the voucher behind each line."""

	side: LedgerSide
	vouchers: Mapping[str, Voucher]


@dataclass(slots=True)
class _Numbers:
	"""What a voucher is known by besides its name."""

	references: list[str]
	text: str = ""
	is_credit: bool = False


def our_ledger(
	customer: str, company: str, currency: str, as_of: date, since: date | None = None
) -> OurLedger:
	"""Return our ledger from *since* (None: its beginning) to *as_of*, in *currency*. It asks for no permission."""
	ledger = site_ledger()
	opening, found, _closing = ledger.movements_between(
		customer, (company,), since or BEGINNING, as_of, currency
	)
	numbers = _numbers({one.voucher for one in found})
	lines: list[BookedLine] = []
	vouchers: dict[str, Voucher] = {}
	for one in found:
		for line in _lines_of(one, numbers):
			lines.append(_with_own_id(line, vouchers))
			vouchers[lines[-1].id] = one.voucher
	before = rounded(opening.by_currency.get(currency, ZERO), ledger.precision)
	side = LedgerSide(tuple(lines), {currency: before} if before else {}, ends=as_of)
	return OurLedger(side, vouchers)


def _lines_of(one: Movement, numbers: Mapping[Voucher, _Numbers]) -> Iterable[BookedLine]:
	"""Yield the lines of a movement: an invoice that was paid with itself is two, as its customer books it."""
	amounts = [one.debit, -one.credit] if one.voucher.doctype == SALES_INVOICE else [one.debit - one.credit]
	known = numbers.get(one.voucher) or _Numbers([])
	settled = [voucher.name for voucher in one.against]
	for amount in filter(None, amounts):
		yield BookedLine(
			f"{one.voucher.doctype}|{one.voucher.name}",
			one.posting_date,
			amount,
			one.currency,
			one.voucher.name,
			tuple(dict.fromkeys([*known.references, *settled]))[:MOST_REFERENCES],
			known.text,
			_kind(one, amount, known),
		)


def _kind(one: Movement, amount: Decimal, known: _Numbers) -> LineKind | None:
	doctype = one.voucher.doctype
	if doctype == SALES_INVOICE:
		if amount > 0:
			return LineKind.INVOICE
		return LineKind.PAYMENT if one.debit else LineKind.CREDIT_NOTE
	if amount > 0:
		return None
	if doctype == PAYMENT_ENTRY:
		return LineKind.PAYMENT
	return LineKind.CREDIT_NOTE if known.is_credit else None


def _with_own_id(line: BookedLine, taken: Mapping[str, Voucher]) -> BookedLine:
	"""Return a line with an id that no other has: of a voucher's further lines its place is a part."""
	name, place = line.id, 1
	if len(name) > ID_LENGTH - 4:
		name = sha1(name.encode()).hexdigest()
	found = name
	while found in taken:
		place += 1
		found = f"{name}|{place}"
	return BookedLine(
		found, line.date, line.amount, line.currency, line.number, line.references, line.text, line.kind
	)


# --- numbers ---


def _numbers(vouchers: set[Voucher]) -> dict[Voucher, _Numbers]:
	found: dict[Voucher, _Numbers] = {}
	readers = {SALES_INVOICE: _of_invoices, PAYMENT_ENTRY: _of_payments, JOURNAL_ENTRY: _of_journals}
	for doctype, read in readers.items():
		for names in chunks(sorted(one.name for one in vouchers if one.doctype == doctype)):
			for name, numbers in read(names):
				found[Voucher(doctype, name)] = numbers
	return found


def _of_invoices(names: Sequence[str]) -> Iterable[tuple[str, _Numbers]]:
	fields = ["name", "po_no", "return_against", "remarks"]
	rows = frappe.get_all(SALES_INVOICE, {"name": ("in", names)}, fields, order_by="name")
	behind: dict[str, list[str]] = {}
	item = frappe.qb.DocType("Sales Invoice Item")
	query = (
		frappe.qb.from_(item)
		.select(item.parent, item.sales_order, item.delivery_note)
		.where(item.parent.isin(list(names)) & (item.parenttype == SALES_INVOICE))
		.orderby(item.parent)
		.orderby(item.idx)
	)
	for parent, *others in query.run():
		behind.setdefault(parent, []).extend(filter(None, others))
	for row in rows:
		own = [row.po_no, row.return_against, *behind.get(row.name, ())]
		yield row.name, _Numbers([one for one in own if one], _text(row.remarks))


def _of_payments(names: Sequence[str]) -> Iterable[tuple[str, _Numbers]]:
	fields = ["name", "reference_no"]
	for row in frappe.get_all(PAYMENT_ENTRY, {"name": ("in", names)}, fields, order_by="name"):
		yield row.name, _Numbers([row.reference_no] if row.reference_no else [])


def _of_journals(names: Sequence[str]) -> Iterable[tuple[str, _Numbers]]:
	fields = ["name", "cheque_no", "bill_no", "user_remark", "voucher_type"]
	for row in frappe.get_all(JOURNAL_ENTRY, {"name": ("in", names)}, fields, order_by="name"):
		references = [one for one in (row.cheque_no, row.bill_no) if one]
		yield row.name, _Numbers(references, _text(row.user_remark), row.voucher_type in CREDITS)


def _text(remark: str | None) -> str:
	return "" if remark == "No Remarks" else (remark or "")[:TEXT_LENGTH]
