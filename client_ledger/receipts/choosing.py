"""Invoices chosen for a receipt by a person, instead of what is proposed."""

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, fmt_money, get_fullname, now_datetime

from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.core.reconciliation.matches import Because, Confidence
from client_ledger.receipts import reasons
from client_ledger.receipts.items import OpenItems
from client_ledger.receipts.proposals import BANK_FEE, CASH_DISCOUNT, rows_of
from client_ledger.receipts.statuses import BY_HAND, PAYMENT_ENTRY, PROPOSED, WAITING
from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.reasons import stored_reason

MOST = 200


def choices(name: str, customer: str) -> list[dict]:
	"""Return the open items of a customer that a receipt can pay, with what is proposed of each; the first due first."""
	doc = frappe.get_doc(RECEIPT_PROPOSAL, name)
	proposed = {
		(row.voucher_no, row.payment_term or ""): row.amount for row in doc.items if doc.customer == customer
	}
	items = [
		item
		for item in OpenItems.of(doc.company, (customer,)).by_id.values()
		if item.currency == doc.currency
	]
	return [
		{
			**row,
			"due_date": str(row["due_date"]),
			"amount": float(proposed.get((row["voucher_no"], row["payment_term"] or ""), 0)),
		}
		for row in rows_of(
			[(item, ZERO) for item in sorted(items, key=lambda one: (one.due_date, one.voucher.name))]
		)
	]


def choose(name: str, customer: str, rows: Sequence[dict], withheld_as: str = "") -> None:
	"""Propose what a person has chosen. rows: {voucher_type, voucher_no, payment_term, amount}, credit notes negative.

	withheld_as: what the invoices are more than the receipt. Raises frappe.ValidationError with what to change.
	"""
	frappe.db.get_value(RECEIPT_PROPOSAL, name, "status", for_update=True)
	doc = frappe.get_doc(RECEIPT_PROPOSAL, name, for_update=True)
	if doc.status not in WAITING:
		frappe.throw(filled(_("{0} is {1} and cannot be changed."), bold(name), _(doc.status)))
	if doc.receipt_type == PAYMENT_ENTRY and customer != doc.customer:
		frappe.throw(filled(_("{0} is a payment of {1}."), bold(doc.receipt), bold(doc.customer)))
	if withheld_as not in ("", CASH_DISCOUNT, BANK_FEE):
		frappe.throw(filled(_("Select {0} or {1}."), _(CASH_DISCOUNT), _(BANK_FEE)))
	if not 0 < len(rows) <= MOST:
		frappe.throw(filled(_("Select between 1 and {0} invoices."), MOST))
	chosen = _chosen(doc, customer, rows)
	total, amount = sum((part for _item, part in chosen), ZERO), as_money(flt(doc.amount))
	_check_total(doc, total, amount, withheld_as)
	withheld = max(total - amount, ZERO)
	doc.update(
		{
			"customer": customer,
			"status": PROPOSED,
			"found_by": BY_HAND,
			"confidence": Confidence.SURE.value,
			**stored_reason(Because(reasons.CHOSEN, (get_fullname(),))),
			"withheld": float(withheld),
			"withheld_as": withheld_as if withheld else "",
			"allocated": float(total - withheld),
			"on_account": float(max(amount - total, ZERO)),
			"decided_by": frappe.session.user,
			"decided_on": now_datetime(),
			"note": None,
			"fingerprint": None,
		}
	)
	doc.set("items", [])
	for row in rows_of(chosen):
		doc.append("items", row)
	by_action(doc).save(ignore_permissions=True)


def _chosen(doc: Document, customer: str, rows: Sequence[dict]) -> list[tuple[OpenItem, Decimal]]:
	items = OpenItems.of(doc.company, (customer,))
	found: list[tuple[OpenItem, Decimal]] = []
	for number, row in enumerate(rows, 1):
		terms = items.of_voucher(row.get("voucher_type") or "", row.get("voucher_no") or "")
		same = [item for item in terms if (item.term or "") == (row.get("payment_term") or "")]
		item = next((one for one in same if one not in [pair[0] for pair in found]), None)
		amount = as_money(flt(row.get("amount")))
		if not item:
			_throw_row(
				number,
				filled(
					_("{0} is not an open item of {1} in {2}."),
					bold(row.get("voucher_no")),
					customer,
					doc.company,
				),
			)
		if item.currency != doc.currency:
			_throw_row(
				number,
				filled(
					_("{0} is in {1}, the receipt in {2}."),
					bold(item.voucher.name),
					item.currency,
					doc.currency,
				),
			)
		is_within = 0 < amount <= item.outstanding or item.outstanding <= amount < 0
		if not is_within:
			_throw_row(
				number,
				filled(
					_("Enter an amount between 0 and {0} for {1}."),
					fmt_money(item.outstanding, currency=doc.currency),
					bold(item.voucher.name),
				),
			)
		found.append((item, amount))
	return found


def _check_total(doc: Document, total: Decimal, amount: Decimal, withheld_as: str) -> None:
	if total <= 0:
		frappe.throw(_("The invoices come to nothing. Select an invoice besides the credit notes."))
	if total > amount and not withheld_as:
		frappe.throw(
			filled(
				_(
					"The invoices come to {0}, the receipt is {1}. Lower the amounts, or say what was withheld."
				),
				fmt_money(total, currency=doc.currency),
				fmt_money(amount, currency=doc.currency),
			)
		)
	if total > amount * 2:
		frappe.throw(_("More would be withheld than was paid. Lower the amounts."))


def _throw_row(row: int, text: str) -> None:
	frappe.throw(filled(_("Row {0}: {1}"), row, text))
