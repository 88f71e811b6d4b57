"""Disputes on a site: opened, settled, and what of each item is not chased meanwhile."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, flt, fmt_money, getdate

from client_ledger.collections import items as open_items
from client_ledger.core.collections.disputes import (
	RUNNING,
	Dispute,
	DisputeStatus,
	TermItemKey,
	disputed_amounts,
	overlaps,
	subtract_amounts,
	subtract_disputes,
)
from client_ledger.core.dunning.plan import Claim, DunningReason
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.site.doctypes import DISPUTE_REASON, LEDGER_DISPUTE
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.request import LedgerRequest

RUNNING_STATUSES = tuple(sorted(status.value for status in RUNNING))
OPEN, IN_REVIEW = DisputeStatus.OPEN.value, DisputeStatus.IN_REVIEW.value
# What a person may end a dispute with, and what has to be said.
ENDINGS = (DisputeStatus.ACCEPTED, DisputeStatus.REJECTED, DisputeStatus.SHORT_PAID, DisputeStatus.CANCELLED)


def open_dispute(
	customer: str,
	company: str,
	items: Sequence[dict],
	reason: str,
	ignore_permissions: bool = False,
	**more: Any,
) -> Document:
	"""Return a new dispute, stored. items: {voucher_type, voucher_no, payment_term, amount}.

	ignore_permissions: for whoever has none on disputes, such as the customer itself; the caller has let it in.
	"""
	doc = frappe.new_doc(LEDGER_DISPUTE)
	doc.update({"customer": customer, "company": company, "reason": reason, **more})
	for row in items:
		doc.append("items", row)
	return by_action(doc).insert(ignore_permissions=ignore_permissions)


def prepare(doc: Document) -> None:
	"""Check a new dispute and fill it in. Raises frappe.ValidationError with what to change."""
	found = open_items.fill_in(doc)
	open_items.total(doc)
	reason = frappe.db.get_value(
		DISPUTE_REASON, doc.reason, ["days_to_settle", "assign_to", "enabled"], as_dict=True
	)
	if not reason or not reason.enabled:
		frappe.throw(filled(_("{0} is disabled. Select another reason."), bold(doc.reason)))
	_check_overlaps(doc, found)
	opened = getdate(doc.opened_on)
	doc.update(
		{
			"status": OPEN,
			"responsible": doc.responsible or reason.assign_to or frappe.session.user,
			"due_date": doc.due_date or add_days(opened, cint(reason.days_to_settle)),
		}
	)
	if getdate(doc.due_date) < opened:
		frappe.throw(filled(_("{0} cannot be before {1}."), _("Due Date"), _("Opened On")))


def _check_overlaps(doc: Document, found: Sequence[OpenItem]) -> None:
	amounts = open_items.amounts(doc)
	outstanding = {
		key: sum((item.outstanding for item in open_items.matching(key, found)), ZERO) for key in amounts
	}
	new = Dispute(doc.name or "", DisputeStatus.OPEN, amounts)
	for overlap in overlaps(new, running([doc.customer], doc.company), outstanding):
		number = list(amounts).index(overlap.item) + 1
		open_items.throw_row(
			number,
			filled(
				_(
					"{0} of {1} would be disputed, but only {2} is outstanding. {3} already disputes this item."
				),
				fmt_money(overlap.disputed, currency=doc.currency),
				bold(open_items.name_of(overlap.item)),
				fmt_money(overlap.outstanding, currency=doc.currency),
				", ".join(overlap.disputes),
			),
		)


def start_review(name: str) -> None:
	"""Say that somebody looks into it."""
	doc = _running(name)
	doc.status = IN_REVIEW
	by_action(doc).save()


def settle(name: str, status: str, resolution: str | None = None) -> None:
	"""End a dispute as accepted, rejected, paid short or withdrawn.

	Rejected: chasing resumes where it stood. Accepted: a credit note is to follow. Raises frappe.ValidationError.
	"""
	if status not in {ending.value for ending in ENDINGS}:
		frappe.throw(filled(_("A dispute cannot be resolved as {0}."), status))
	if not (resolution or "").strip():
		frappe.throw(filled(_("{0} is required."), _("Resolution")))
	_end(_running(name), status, resolution)


def credit(name: str, credit_note: str) -> None:
	"""End a dispute by the credit note that gives what is disputed. Raises frappe.ValidationError."""
	doc = _running(name, (*RUNNING_STATUSES, DisputeStatus.ACCEPTED.value))
	note = frappe.get_doc("Sales Invoice", credit_note)
	note.check_permission("read")
	if note.docstatus != 1 or not note.is_return:
		frappe.throw(filled(_("{0} is not a submitted credit note."), bold(credit_note)))
	if (note.customer, note.company) != (doc.customer, doc.company):
		frappe.throw(filled(_("{0} belongs to {1} ({2})."), bold(credit_note), note.customer, note.company))
	vouchers = {row.voucher_no for row in doc.items}
	if note.return_against and note.return_against not in vouchers:
		frappe.throw(
			filled(
				_("{0} credits {1}, which is not part of this dispute."),
				bold(credit_note),
				note.return_against,
			)
		)
	doc.credit_note = credit_note
	_end(doc, DisputeStatus.CREDITED.value, _("Credit Note {0}").format(credit_note))


def credited_by(note: Document) -> None:
	"""End the one dispute that a submitted credit note settles: same invoice, and as much as is disputed."""
	if not note.return_against:
		return
	credited = abs(as_money(note.grand_total))
	matching = [
		row.name
		for row in stored([note.customer], RUNNING_STATUSES)
		if row.company == note.company
		and {item.voucher_no for item in row.lines} == {note.return_against}
		and abs(as_money(row.amount) - credited) < as_money("0.005")
	]
	if len(matching) == 1:
		doc = frappe.get_doc(LEDGER_DISPUTE, matching[0])
		doc.flags.ignore_permissions = True
		doc.credit_note = note.name
		_end(doc, DisputeStatus.CREDITED.value, _("Credit Note {0}").format(note.name))


def _running(name: str, statuses: Sequence[str] = RUNNING_STATUSES) -> Document:
	doc = frappe.get_doc(LEDGER_DISPUTE, name, for_update=True)
	if doc.status not in statuses:
		frappe.throw(filled(_("{0} is already closed: {1}."), bold(name), _(doc.status)))
	return doc


def _end(doc: Document, status: str, resolution: str | None) -> None:
	doc.update(
		{
			"status": status,
			"resolution": resolution,
			"resolved_on": getdate(),
			"resolved_by": frappe.session.user,
		}
	)
	by_action(doc).save()


# --- reading ---


def stored(customers: Sequence[str] | None, statuses: Sequence[str] = ()) -> list[frappe._dict]:
	"""Return disputes with their rows. customers: None for all."""
	filters: dict[str, Any] = {}
	if customers is not None:
		filters["customer"] = ("in", list(customers))
	if statuses:
		filters["status"] = ("in", list(statuses))
	fields = ["name", "customer", "company", "currency", "status", "amount", "base_amount", "reason"]
	rows = frappe.get_all(
		LEDGER_DISPUTE, filters, [*fields, "opened_on", "due_date", "responsible"], order_by="name"
	)
	open_items.add_lines(rows, LEDGER_DISPUTE)
	return rows


def running(customers: Sequence[str] | None, company: str | None = None) -> list[Dispute]:
	"""Return the running disputes of *customers* (None: of all) as the core's."""
	return [as_dispute(row) for row in stored(customers, RUNNING_STATUSES) if company in (None, row.company)]


def as_dispute(row: frappe._dict) -> Dispute:
	"""Return a stored dispute as the core's."""
	amounts = {open_items.key_of(item): as_money(flt(item.amount)) for item in row.lines}
	return Dispute(row.name, DisputeStatus(row.status), amounts)


def without_disputed(items: Sequence[OpenItem]) -> list[OpenItem]:
	"""Return *items* less what is in dispute; what is disputed in full is left out."""
	customers = sorted({item.customer for item in items})
	disputes = running(customers) if customers else []
	if not disputes:
		return list(items)
	left = {open_items.identity(item): item for item in subtract_disputes(items, disputes)}
	found = (left.get(open_items.identity(item)) for item in items)
	return [item for item in found if item is not None]


def claims(disputed: Mapping[TermItemKey, Decimal], items: Sequence[OpenItem], today: date) -> list[Claim]:
	"""Return which of *items* are not dunned because all that they have open is in dispute."""
	if not disputed:
		return []
	left = {open_items.identity(item) for item in subtract_amounts(items, disputed)}
	return [
		Claim(item.customer, DunningReason.DISPUTED, today, None, item.company, item.voucher, item.due_date)
		for item in items
		if open_items.identity(item) not in left
	]


def invoices_in_dispute(company: str) -> set[str]:
	"""Return the invoices of *company* that a running dispute is about."""
	rows = stored(None, RUNNING_STATUSES)
	return {item.voucher_no for row in rows if row.company == company for item in row.lines}


def in_dispute(request: LedgerRequest) -> dict[TermItemKey, Decimal]:
	"""Return what is in dispute now; nothing for a day in the past, and for those who may not see disputes."""
	return disputed_now([request.customer], request.company, request.as_of)


def disputed_now(customers: Collection[str], company: str, as_of: date) -> dict[TermItemKey, Decimal]:
	"""Return what of *customers*' items is in dispute now; nothing on a day in the past, or if disputes are not theirs to see."""
	if not customers or as_of < getdate() or not frappe.has_permission(LEDGER_DISPUTE, "read"):
		return {}
	return disputed_amounts(running(sorted(customers), company))
