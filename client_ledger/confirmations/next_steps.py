"""The next step of a difference, made by one click and once: the confirmation is locked, and a step that is there is returned.

row -> dispute, document sent again, payment found, or follow-up -> the row names it -> it ends, and so does the difference
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, fmt_money, getdate, now_datetime

from client_ledger.collections import disputes, follow_ups
from client_ledger.collections.items import open_items
from client_ledger.confirmations import comparison, comparison_rows, payments, resend, step_status
from client_ledger.confirmations.comparison_access import throw_gone
from client_ledger.core.collections.disputes import TermItemKey, disputed_amounts, disputed_part
from client_ledger.core.confirmations import steps
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.reconciliation.differences import DifferenceKind, NextStep
from client_ledger.core.reconciliation.lines import Side
from client_ledger.site.doctypes import (
	BALANCE_CONFIRMATION,
	CANCELLED,
	DISPUTE_REASON,
	FOLLOW_UP,
	LEDGER_DISPUTE,
	LEDGER_NOTICE,
	RECONCILIATION_LINE,
)
from client_ledger.site.messages import bold, filled

SOURCE = "Reconciliation"
SUBJECTS = {
	NextStep.REQUEST_CREDIT_NOTE: marked("Credit note requested: {0}, {1}"),
	NextStep.ASK_CUSTOMER: marked("Ask the customer about a difference: {0}, {1}"),
	NextStep.CHECK_OWN_BOOKS: marked("Check our books: {0}, {1}"),
	NextStep.LOOK_AGAIN: marked("In transit, look again: {0}, {1}"),
	NextStep.SEARCH_RECEIPTS: marked("Payment not found: {0}, {1}"),
}
# Which category of reasons a difference is disputed for.
CATEGORIES = {DifferenceKind.OURS_ONLY: "Missing Document", DifferenceKind.AMOUNT: "Price"}


@dataclass(slots=True)
class Made:
	"""What a click brought about: the document of the step, or payments to choose from."""

	doctype: str = ""
	name: str = ""
	candidates: list[dict[str, Any]] = field(default_factory=list)


def make(line: str, step: str | None = None, reason: str | None = None) -> Made:
	"""Make the next step of a difference; the one there is already is returned.

	step: another than the one proposed. reason: of a dispute. Raises frappe.ValidationError with what to do instead.
	"""
	doc, row = locked(line)
	chosen = NextStep(step or row.next_step)
	if row.step_name:
		if step in (None, row.next_step) and not step_status.has_failed(row):
			return Made(row.step_doctype, row.step_name)
		if not step_status.has_failed(row):
			frappe.throw(
				filled(
					_(
						"{0} is already under way for this difference. Wait until it ends, or agree on the difference."
					),
					bold(row.step_name),
				)
			)
	check_open(row)
	if chosen is NextStep.NONE:
		frappe.throw(_("There is nothing to do about this difference."))
	if chosen not in steps.possible(DifferenceKind(row.difference_kind), has_invoice(row)):
		frappe.throw(filled(_("{0} is not possible for this difference."), _(chosen.value)))
	made = _MAKERS[chosen](doc, row, chosen, reason)
	if made.name:
		attach(row, chosen, made)
	return made


def locked(line: str) -> tuple[Document, frappe._dict]:
	"""Return a confirmation that is locked, and its row. Raises frappe.ValidationError where it has gone or is ended."""
	confirmation = frappe.db.get_value(RECONCILIATION_LINE, line, "confirmation")
	if confirmation:
		doc = comparison.lock(confirmation)
		comparison.check_not_ended(doc)
		if frappe.db.exists(RECONCILIATION_LINE, line):
			return doc, comparison_rows.row_of(line)
	throw_gone()


def check_open(row: frappe._dict) -> None:
	"""Raise frappe.ValidationError for a row without a difference, or whose difference has ended."""
	if not row.difference_kind:
		frappe.throw(_("This line has no difference any more. Reload the page."))
	if cint(row.done):
		frappe.throw(_("This difference is settled already."))


def attach(row: frappe._dict, step: NextStep, made: Made) -> None:
	"""Note on a row what was made, and end it where that has ended already."""
	fields = {"next_step": step.value, "step_doctype": made.doctype, "step_name": made.name}
	comparison_rows.set_fields(row.name, fields)
	step_status.update([frappe._dict(row, **fields)])
	comparison_rows.count_open(row.confirmation)


def has_invoice(row: frappe._dict) -> bool:
	"""Return whether a difference is about an invoice or credit note of ours."""
	return bool(our_vouchers(row, SALES_INVOICE))


def our_vouchers(row: frappe._dict, doctype: str | None = None) -> list[Voucher]:
	"""Return our documents that a difference is about, each once."""
	found = [
		Voucher(one.voucher_type, one.voucher_no)
		for one in comparison_rows.lines_of_match(row)
		if one.side == Side.OURS.value and one.voucher_no and doctype in (None, one.voucher_type)
	]
	return list(dict.fromkeys(found))


# --- the steps ---


def _dispute(doc: Document, row: frappe._dict, step: NextStep, reason: str | None) -> Made:
	vouchers = our_vouchers(row, SALES_INVOICE)
	items = _disputable(doc, vouchers, abs(as_money(row.difference)))
	if not items:
		frappe.throw(
			filled(
				_("{0} has nothing outstanding that is not disputed already. Choose another next step."),
				", ".join(voucher.name for voucher in vouchers),
			)
		)
	made = disputes.open_dispute(
		doc.customer,
		doc.company,
		items,
		reason or _reason_for(DifferenceKind(row.difference_kind)),
		details=_details(doc, row),
		responsible=doc.responsible or None,
	)
	return Made(LEDGER_DISPUTE, made.name)


def _disputable(doc: Document, vouchers: Sequence[Voucher], amount: Decimal) -> list[dict[str, Any]]:
	"""Return the items of a dispute over *amount*, as far as that is outstanding and not disputed."""
	disputed = disputed_amounts(disputes.running([doc.customer], doc.company))
	rows = []
	for item in open_items(doc.customer, doc.company):
		if item.voucher not in vouchers or item.currency != doc.currency or amount <= 0:
			continue
		free = item.outstanding - disputed_part(
			disputed, TermItemKey(item.voucher, item.term), item.outstanding
		)
		part = min(free, amount)
		if part > 0:
			amount -= part
			rows.append(
				{
					"voucher_type": item.voucher.doctype,
					"voucher_no": item.voucher.name,
					"payment_term": item.term,
					"amount": float(part),
				}
			)
	return rows


def _reason_for(kind: DifferenceKind) -> str:
	enabled = frappe.get_all(
		DISPUTE_REASON, {"enabled": 1}, ["name", "category"], order_by="creation, name", limit_page_length=0
	)
	wanted = CATEGORIES.get(kind, "Other")
	fitting = [row.name for row in enabled if row.category == wanted] or [row.name for row in enabled]
	if not fitting:
		frappe.throw(_("There is no enabled Dispute Reason. Create one first."))
	return fitting[0]


def _details(doc: Document, row: frappe._dict) -> str:
	lines = comparison_rows.lines_of_match(row)
	theirs = sum((as_money(one.amount) for one in lines if one.side == Side.THEIRS.value), ZERO)
	ours = sum((as_money(one.amount) for one in lines if one.side == Side.OURS.value), ZERO)
	money = [fmt_money(amount, currency=doc.currency) for amount in (ours, theirs)]
	return str(filled(_("{0}: {1} in our ledger, {2} in the customer's."), doc.name, *money))


def _send_again(doc: Document, row: frappe._dict, step: NextStep, reason: str | None) -> Made:
	vouchers = our_vouchers(row, SALES_INVOICE)
	return Made(LEDGER_NOTICE, resend.order(doc, [voucher.name for voucher in vouchers], row.name))


def _search(doc: Document, row: frappe._dict, step: NextStep, reason: str | None) -> Made:
	found = payments.candidates(doc, row)
	return Made(candidates=found) if found else _follow_up(doc, row, step, reason)


def _follow_up(doc: Document, row: frappe._dict, step: NextStep, reason: str | None) -> Made:
	amount = fmt_money(abs(as_money(row.difference)), currency=doc.currency)
	due = row.look_again_on if step is NextStep.LOOK_AGAIN else None
	name = follow_ups.plan(
		doc.customer,
		doc.company,
		subject=_(SUBJECTS[step]).format(_what(row), amount),
		due_date=max(getdate(due), getdate()) if due else None,
		channel="Email",
		responsible=doc.responsible or None,
		source=SOURCE,
		source_document=(BALANCE_CONFIRMATION, doc.name),
		source_key=_free_key(f"{SOURCE}|{row.name}|{step.name}"),
	)
	return Made(FOLLOW_UP, name)


def _free_key(key: str) -> str:
	"""Return the key of a follow-up that is not cancelled: after such a one another may be made."""
	for place in count(1):
		found = key if place == 1 else f"{key}#{place}"
		if not frappe.db.exists(FOLLOW_UP, {"source_key": found, "workflow_state": CANCELLED}):
			return found
	raise AssertionError("numbers do not end")


def _what(row: frappe._dict) -> str:
	if row.number or row.text:
		return str(row.number or row.text)[:60]
	return _(row.difference_kind)


_MAKERS: dict[NextStep, Callable[[Document, frappe._dict, NextStep, str | None], Made]] = {
	NextStep.OPEN_DISPUTE: _dispute,
	NextStep.SEND_AGAIN: _send_again,
	NextStep.SEARCH_RECEIPTS: _search,
	NextStep.REQUEST_CREDIT_NOTE: _follow_up,
	NextStep.ASK_CUSTOMER: _follow_up,
	NextStep.CHECK_OWN_BOOKS: _follow_up,
	NextStep.LOOK_AGAIN: _follow_up,
}


# --- without a step ---


def choose_payment(line: str, doctype: str, name: str) -> Made:
	"""Take one of the payments that were found as that of a difference."""
	doc, row = locked(line)
	if row.step_name and not step_status.has_failed(row):
		return Made(row.step_doctype, row.step_name)
	check_open(row)
	if not any((one["doctype"], one["name"]) == (doctype, name) for one in payments.candidates(doc, row)):
		frappe.throw(filled(_("{0} is not among the payments found any more. Search again."), bold(name)))
	made = Made(doctype, name)
	attach(row, NextStep.SEARCH_RECEIPTS, made)
	return made


def agree(line: str, why: str) -> None:
	"""End a difference because both sides agree on it. Raises frappe.ValidationError without a reason."""
	if not (why or "").strip():
		frappe.throw(_("Enter a reason."))
	_doc, row = locked(line)
	check_open(row)
	comparison_rows.set_fields(
		row.name,
		{
			"done": 1,
			"done_on": now_datetime(),
			"done_by": frappe.session.user,
			"done_note": why.strip()[:500],
		},
	)
	comparison_rows.count_open(row.confirmation)


def reopen(line: str) -> None:
	"""Take back that a difference was agreed on or ended."""
	_doc, row = locked(line)
	comparison_rows.set_fields(row.name, {"done": 0, "done_on": None, "done_by": None, "done_note": None})
	comparison_rows.count_open(row.confirmation)
