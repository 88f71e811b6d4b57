"""Stored promises and what others ask about them: what is promised, until when, and how far a customer can be relied on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, cint, flt, getdate

from client_ledger.collections import items as open_items
from client_ledger.core.collections.disputes import TermItemKey, subtract_amounts
from client_ledger.core.collections.promises import (
	Instalment,
	InstalmentOutcome,
	Promise,
	PromisedItem,
	PromiseOutcome,
	PromiseStatus,
	Reliability,
	reliability,
)
from client_ledger.core.dunning.plan import Claim, DunningReason
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.site.doctypes import PROMISE_INSTALMENT, PROMISE_TO_PAY

RUNNING = PromiseStatus.RUNNING.value
FAILED = (PromiseStatus.BROKEN.value, PromiseStatus.PARTLY_KEPT.value)
# Broken promises count for so many days.
COUNTED_FOR = 365


def stored_promises(
	customers: Sequence[str] | None = None, statuses: Sequence[str] = (), since: date | None = None
) -> list[frappe._dict]:
	"""Return promises with their items (lines) and instalments.

	customers: None for all. since: leave out what was decided before it.
	"""
	filters: dict[str, Any] = {}
	if customers is not None:
		filters["customer"] = ("in", list(customers))
	if statuses:
		filters["status"] = ("in", list(statuses))
	rows = frappe.get_all(
		PROMISE_TO_PAY,
		filters,
		["name", "customer", "company", "currency", "made_on", "creation", "tolerance", "grace_days", "status",
		 "amount", "base_amount", "received", "missing", "first_due", "next_due", "last_due", "decided_on", "taken_by"],
		order_by="first_due, creation, name",
	)  # fmt: skip
	if since:
		rows = [row for row in rows if not row.decided_on or getdate(row.decided_on) >= since]
	open_items.add_lines(rows, PROMISE_TO_PAY)
	fields = ("name", "due_date", "amount", "received", "status", "paid_on")
	open_items.add_children(rows, PROMISE_TO_PAY, PROMISE_INSTALMENT, "instalments", fields)
	return rows


def as_promise(doc: Document | dict, items: Sequence[Document | dict]) -> Promise:
	"""Return a stored promise as the core's. items: its rows."""
	return Promise(
		getdate(doc.made_on),
		tuple(Instalment(getdate(row.due_date), as_money(flt(row.amount))) for row in doc.instalments),
		tuple(PromisedItem(*open_items.key_of(row), as_money(flt(row.amount))) for row in items),
		as_money(flt(doc.tolerance)) / 100,
		cint(doc.grace_days),
	)


def promised_amounts(rows: Iterable[frappe._dict], today: date) -> dict[TermItemKey, Decimal]:
	"""Return what running promises (*rows*) cover, in the items' currency: until they are decided on, at most through the last day of grace."""
	found: dict[TermItemKey, Decimal] = {}
	for row in rows:
		if getdate(add_days(row.last_due, cint(row.grace_days))) < today:
			continue
		for line in row.lines:
			key = open_items.key_of(line)
			found[key] = found.get(key, ZERO) + as_money(flt(line.amount))
	return found


def claims(
	rows: Sequence[frappe._dict],
	items: Sequence[OpenItem],
	disputed: Mapping[TermItemKey, Decimal],
	promised: Mapping[TermItemKey, Decimal],
) -> list[Claim]:
	"""Return which of *items* are not dunned because running promises (*rows*) cover all that is open and not disputed of them.

	Until the last day of grace. promised: what those promises cover today.
	"""
	if not rows:
		return []
	undisputed = subtract_amounts(items, disputed)
	left = {open_items.identity(item) for item in subtract_amounts(undisputed, promised)}
	return [
		Claim(
			row.customer,
			DunningReason.PROMISED,
			getdate(row.made_on),
			getdate(add_days(row.last_due, cint(row.grace_days))),
			row.company,
			item.voucher,
			item.due_date if line.payment_term else None,
		)
		for row in rows
		for line in row.lines
		for item in open_items.matching(open_items.key_of(line), items)
		if open_items.identity(item) not in left
	]


def failed_within_a_year(rows: Iterable[frappe._dict], today: date) -> int:
	"""Return how many of a customer's promises failed within a year."""
	since = getdate(add_days(today, -COUNTED_FOR))
	return sum(
		1 for row in rows if row.status in FAILED and row.decided_on and getdate(row.decided_on) >= since
	)


def failed_by_customer(company: str, today: date | None = None) -> dict[str, int]:
	"""Return how many promises to *company* failed within a year, by customer."""
	since = add_days(today or getdate(), -COUNTED_FOR)
	rows = frappe.get_all(
		PROMISE_TO_PAY,
		{"company": company, "status": ("in", FAILED), "decided_on": (">=", since)},
		pluck="customer",
		order_by="customer",
	)
	return dict(Counter(rows))


def count_broken_and_unpaid(customers: Sequence[str], company: str, items: Iterable[OpenItem]) -> int:
	"""Return how many failed promises still have something to chase among *items* (what is disputed taken off)."""
	items = [item for item in items if not item.is_credit]
	count = 0
	for row in stored_promises(customers, FAILED):
		keys = [open_items.key_of(item) for item in row.lines]
		if row.company == company and any(open_items.matching(key, items) for key in keys):
			count += 1
	return count


def reliability_of(rows: Iterable[frappe._dict]) -> Reliability:
	"""Return how far a customer's promises can be relied on, from its stored ones."""
	return reliability(_stored_outcome(row) for row in rows)


def _stored_outcome(row: frappe._dict) -> PromiseOutcome:
	parts = tuple(
		InstalmentOutcome(
			getdate(part.due_date),
			as_money(flt(part.amount)),
			as_money(flt(part.received)),
			PromiseStatus(part.status),
			getdate(part.paid_on) if part.paid_on else None,
		)
		for part in row.instalments
	)
	return PromiseOutcome(
		PromiseStatus(row.status), as_money(flt(row.received)), as_money(flt(row.missing)), parts
	)


def promised_dates(customer: str, company: str) -> dict[TermItemKey, date]:
	"""Return per item the next day it is promised for."""
	return {
		open_items.key_of(item): getdate(row.next_due or row.last_due)
		for row in stored_promises([customer], (RUNNING,))
		if row.company == company
		for item in row.lines
	}
