"""Promises on a site: taken, and decided by the money that came.

a promise + receipts booked since + what its items still have open -> core outcome -> state, instalments, follow-up
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, flt, fmt_money, formatdate, get_datetime, getdate

from client_ledger.collections import items as open_items
from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.collections.promises import (
	DECIDED,
	Instalment,
	InstalmentOutcome,
	Promise,
	PromisedItem,
	PromiseOutcome,
	PromiseProblem,
	PromiseStatus,
	Receipt,
	Reliability,
	check_promise,
	outcome,
	reliability,
)
from client_ledger.core.dunning.plan import Claim, Reason
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import COLLECTION_SETTINGS, PROMISE_INSTALMENT, PROMISE_TO_PAY

RUNNING, CANCELLED = PromiseStatus.RUNNING.value, PromiseStatus.CANCELLED.value
FAILED = (PromiseStatus.BROKEN.value, PromiseStatus.PARTLY_KEPT.value)
# For how long a decision is looked at again, where money that decided it was taken back.
REVISED_FOR = 90
# Of how many days broken promises count.
COUNTED_FOR = 365
# Journal entries that book money, as payments do.
MONEY_JOURNALS = ("Bank Entry", "Cash Entry", "Credit Card Entry")


# --- taking one ---


def take(
	customer: str, company: str, items: Sequence[dict], instalments: Sequence[dict], **more: Any
) -> Document:
	"""Return a new promise, stored. items: {voucher_type, voucher_no, payment_term, amount}; instalments: {due_date, amount}."""
	doc = frappe.new_doc(PROMISE_TO_PAY)
	doc.update({"customer": customer, "company": company, **more})
	for row in items:
		doc.append("items", row)
	for row in instalments:
		doc.append("instalments", row)
	return doc.insert()


def prepare(doc: Document) -> None:
	"""Check a new promise and fill it in. Raises frappe.ValidationError with what to change."""
	settings = frappe.get_cached_doc(COLLECTION_SETTINGS)
	for field in ("tolerance", "grace_days"):
		if doc.get(field) in (None, ""):
			doc.set(field, settings.get(field))
	found = open_items.fill_in(doc)
	open_items.total(doc)
	_check_not_promised(doc)
	today = getdate()
	owed = sum(
		(
			item.outstanding
			for row in doc.items
			for item in open_items.matching(open_items.key_of(row), found)
		),
		ZERO,
	)
	for problem in check_promise(as_promise(doc, doc.items), owed, today):
		frappe.throw(_text(problem, doc), title=_("Promise to Pay"))
	dues = [getdate(row.due_date) for row in doc.instalments]
	doc.update(
		{
			"taken_by": doc.taken_by or frappe.session.user,
			"state": RUNNING,
			"received": 0,
			"missing": 0,
			"first_due": min(dues),
			"next_due": min(dues),
			"last_due": max(dues),
			"decided_on": None,
		}
	)
	for row in doc.instalments:
		row.update({"state": RUNNING, "received": 0, "paid_on": None, "currency": doc.currency})


def as_promise(doc: Document | dict, items: Sequence[Document | dict]) -> Promise:
	"""Return a stored promise as the core's. items: its rows."""
	return Promise(
		getdate(doc.made_on),
		tuple(Instalment(getdate(row.due_date), as_money(flt(row.amount))) for row in doc.instalments),
		tuple(PromisedItem(*open_items.key_of(row), as_money(flt(row.amount))) for row in items),
		as_money(flt(doc.tolerance)) / 100,
		cint(doc.grace_days),
	)


def _check_not_promised(doc: Document) -> None:
	keys = [open_items.key_of(row) for row in doc.items]
	for other in stored([doc.customer], states=(RUNNING,)):
		if other.company != doc.company or other.name == doc.name:
			continue
		for row in other.lines:
			taken = open_items.key_of(row)
			for number, key in enumerate(keys, 1):
				if key.voucher == taken.voucher and (None in (key.term, taken.term) or key == taken):
					open_items.throw_row(
						number,
						_("{0} is promised already by {1}. Cancel that promise first.").format(
							frappe.bold(open_items.name_of(key)), other.name
						),
					)


def _text(problem: PromiseProblem, doc: Document) -> str:
	def money(name: str) -> str:
		return fmt_money(problem.figures[name], currency=doc.currency)

	def day(name: str) -> str:
		return formatdate(problem.figures[name])

	figures = problem.figures
	texts = {
		"no_items": lambda: _("Say which items are promised: fill in {0}.").format(_("Items")),
		"no_instalments": lambda: _("Say when and how much: fill in {0}.").format(_("Instalments")),
		"instalment_amount": lambda: _("An instalment of {0} is no promise; enter an amount above 0.").format(
			money("amount")
		),
		"instalment_in_the_past": lambda: _("{0} is in the past; promise a day from {1} on.").format(
			day("due"), day("today")
		),
		"instalments_out_of_order": lambda: _("{0} must be after {1}, the instalment before it.").format(
			day("due"), day("before")
		),
		"plan_does_not_sum": lambda: _(
			"The instalments come to {0}, the items to {1}. Change one so that they are the same."
		).format(money("plan"), money("items")),
		"more_than_owed": lambda: _("{0} is promised, but only {1} is owed on these items.").format(
			money("promised"), money("owed")
		),
	}
	if problem.key not in texts:
		raise ValueError(f"no words for {problem.key}: {figures}")
	said = texts[problem.key]()
	return _("Row {0}: {1}").format(problem.row, said) if problem.row else said


def cancel(name: str, why: str) -> None:
	"""Cancel a running promise, for a reason."""
	doc = frappe.get_doc(PROMISE_TO_PAY, name)
	if doc.state != RUNNING:
		frappe.throw(_("Only a running promise can be cancelled; this one is {0}.").format(_(doc.state)))
	if not (why or "").strip():
		frappe.throw(_("Say why."))
	doc.update({"state": CANCELLED, "cancelled_why": why, "decided_on": getdate(), "next_due": None})
	for row in doc.instalments:
		if row.state == RUNNING:
			row.state = CANCELLED
	doc.save()


# --- reading ---


def stored(
	customers: Sequence[str] | None = None, states: Sequence[str] = (), since: date | None = None
) -> list[frappe._dict]:
	"""Return promises with their items (lines) and instalments.

	customers: None for all. since: leave out what was decided before it.
	"""
	filters: dict[str, Any] = {}
	if customers is not None:
		filters["customer"] = ("in", list(customers))
	if states:
		filters["state"] = ("in", list(states))
	rows = frappe.get_all(
		PROMISE_TO_PAY,
		filters,
		["name", "customer", "company", "currency", "made_on", "creation", "tolerance", "grace_days", "state",
		 "amount", "base_amount", "received", "missing", "first_due", "next_due", "last_due", "decided_on", "taken_by"],
		order_by="first_due, creation, name",
	)  # fmt: skip
	if since:
		rows = [row for row in rows if not row.decided_on or getdate(row.decided_on) >= since]
	open_items.add_lines(rows, PROMISE_TO_PAY)
	fields = ("name", "due_date", "amount", "received", "state", "paid_on")
	open_items.add_children(rows, PROMISE_TO_PAY, PROMISE_INSTALMENT, "instalments", fields)
	return rows


# --- deciding ---


@dataclass(frozen=True)
class Money:
	"""A receipt, when its document was entered, and what is left of it for promises."""

	company: str
	currency: str
	entered: datetime
	receipt: Receipt


def settle_promises(customers: Sequence[str] | None = None, today: date | None = None) -> list[str]:
	"""Decide promises by the money that came; return the names of those that failed by it.

	customers: None for all that have a running promise. For those named, what was decided lately is decided again:
	a payment may have been taken back.
	"""
	today = today or getdate()
	states = (
		(RUNNING,)
		if customers is None
		else (RUNNING, *(state.value for state in DECIDED), "Settled Otherwise")
	)
	promises = stored(
		customers, states, None if customers is None else getdate(add_days(today, -REVISED_FOR))
	)
	if not promises:
		return []
	by_customer: dict[tuple[str, str], list] = defaultdict(list)
	for row in promises:
		by_customer[row.customer, row.company].append(row)
	names = sorted({row.customer for row in promises})
	companies = sorted({row.company for row in promises})
	money, owed = _receipts(names), _owed(names, companies, today)
	failed = []
	for (customer, company), rows in by_customer.items():
		on_account: dict[int, Decimal] = {}
		for row in rows:
			found = _outcome(row, money.get(customer, ()), owed[customer, company], on_account, today)
			before = row.state
			if _write(row, found, today) and row.state in FAILED and before == RUNNING:
				failed.append(row.name)
	return failed


def _outcome(
	row: frappe._dict,
	money: Sequence[Money],
	items: Sequence[OpenItem],
	spent: dict[int, Decimal],
	today: date,
) -> PromiseOutcome:
	"""Return what became of a promise. Money on account counts for one promise only: the one that falls due first."""
	promise = as_promise(row, row.lines)
	receipts, free = [], []
	for place, one in enumerate(money):
		if one.entered < get_datetime(row.creation) or (one.company, one.currency) != (
			row.company,
			row.currency,
		):
			continue
		receipt = one.receipt._replace(posted=max(one.receipt.posted, promise.made_on))
		if receipt.against is None:
			receipt = receipt._replace(amount=receipt.amount - spent.get(place, ZERO))
			free.append((place, receipt.amount))
		receipts.append(receipt)
	keys = [open_items.key_of(item) for item in row.lines]
	owed = sum((i.outstanding for key in keys for i in open_items.matching(key, items)), ZERO)
	found = outcome(promise, receipts, owed, today)
	vouchers = {key.voucher for key in keys}
	allocated = sum((r.amount for r in receipts if r.against in vouchers), ZERO)
	needed = found.received - min(allocated, found.received)
	for place, amount in free:
		part = min(amount, needed)
		spent[place] = spent.get(place, ZERO) + part
		needed -= part
	return found


def _receipts(customers: Sequence[str]) -> dict[str, list[Money]]:
	"""Return the money of *customers*: payments and journals of the bank, allocated or on account."""
	entry = frappe.qb.DocType("Payment Ledger Entry")
	account = frappe.qb.DocType("Account")
	payment, journal = frappe.qb.DocType("Payment Entry"), frappe.qb.DocType("Journal Entry")
	rows = (
		frappe.qb.from_(entry)
		.join(account)
		.on((account.name == entry.account) & (account.account_type == "Receivable"))
		.left_join(payment)
		.on((entry.voucher_type == "Payment Entry") & (payment.name == entry.voucher_no))
		.left_join(journal)
		.on((entry.voucher_type == "Journal Entry") & (journal.name == entry.voucher_no))
		.select(
			entry.party,
			entry.company,
			entry.account_currency,
			entry.posting_date,
			entry.amount_in_account_currency,
			entry.voucher_type,
			entry.voucher_no,
			entry.against_voucher_type,
			entry.against_voucher_no,
			payment.creation,
			journal.creation,
			journal.voucher_type,
		)
		.where((entry.party_type == "Customer") & entry.party.isin(customers))
		.where((entry.delinked == 0) & entry.voucher_type.isin(["Payment Entry", "Journal Entry"]))
		.orderby(entry.posting_date)
		.orderby(entry.creation)
		.orderby(entry.name)
	).run()
	found = defaultdict(list)
	for party, company, currency, posted, amount, doctype, name, to, against, paid, booked, kind in rows:
		if doctype == "Journal Entry" and kind not in MONEY_JOURNALS:
			continue
		own = (to, against) == (doctype, name) or not against
		receipt = Receipt(getdate(posted), -as_money(amount), None if own else Voucher(to, against))
		entered = get_datetime(paid or booked)
		if receipt.amount > 0 and entered:
			found[party].append(Money(company, currency, entered, receipt))
	return found


def _owed(
	customers: Sequence[str], companies: Sequence[str], today: date
) -> dict[tuple[str, str], list[OpenItem]]:
	found = defaultdict(list)
	for item in site_ledger().open_items(Scope(tuple(companies), tuple(customers)), today):
		if not item.is_credit:
			found[item.customer, item.company].append(item)
	return found


def _write(row: frappe._dict, found: PromiseOutcome, today: date) -> bool:
	"""Write an outcome where it differs from what is stored; return whether it did."""
	is_over = found.state is not PromiseStatus.RUNNING
	values = {
		"state": found.state.value,
		"received": float(found.received),
		"missing": float(found.missing),
		"next_due": found.next_due,
		"decided_on": (row.decided_on if row.state == found.state.value else today) if is_over else None,
	}
	changed = {
		name: value
		for name, value in values.items()
		if (
			flt(row.get(name), 6) != flt(value, 6)
			if name in ("received", "missing")
			else row.get(name) != value
		)
	}
	for stored_part, part in zip(row.instalments, found.instalments, strict=True):
		fields = {"state": part.state.value, "received": float(part.received), "paid_on": part.paid_on}
		if (stored_part.state, flt(stored_part.received, 6), stored_part.paid_on) != (
			part.state.value,
			flt(part.received, 6),
			part.paid_on,
		):
			frappe.db.set_value(PROMISE_INSTALMENT, stored_part.name, fields, update_modified=False)
	if not changed:
		return False
	frappe.db.set_value(PROMISE_TO_PAY, row.name, changed)
	if "state" in changed:
		_comment(row.name, found)
	row.update(changed)
	return "state" in changed


def _comment(name: str, found: PromiseOutcome) -> None:
	frappe.get_doc(PROMISE_TO_PAY, name).add_comment(
		"Info",
		_("{0}: {1} received, {2} missing.").format(_(found.state.value), found.received, found.missing),
	)


# --- what others ask ---


def claims(customers: Sequence[str], today: date) -> list[Claim]:
	"""Return why items of *customers* are not dunned: they are promised, until the last day of grace."""
	return [
		Claim(
			row.customer,
			Reason.PROMISED,
			getdate(row.made_on),
			getdate(add_days(row.last_due, cint(row.grace_days))),
			row.company,
			open_items.key_of(item).voucher,
			getdate(item.due_date) if item.payment_term else None,
		)
		for row in stored(customers, (RUNNING,))
		for item in row.lines
	]


def failed_within_a_year(rows: Iterable[frappe._dict], today: date) -> int:
	"""Return how many of a customer's promises failed within a year."""
	since = getdate(add_days(today, -COUNTED_FOR))
	return sum(
		1 for row in rows if row.state in FAILED and row.decided_on and getdate(row.decided_on) >= since
	)


def broken(company: str, today: date | None = None) -> dict[str, int]:
	"""Return how many promises to *company* failed within a year, by customer."""
	since = add_days(today or getdate(), -COUNTED_FOR)
	rows = frappe.get_all(
		PROMISE_TO_PAY,
		{"company": company, "state": ("in", FAILED), "decided_on": (">=", since)},
		pluck="customer",
		order_by="customer",
	)
	return dict(Counter(rows))


def count_broken_and_unpaid(customers: Sequence[str], company: str, items: Iterable[OpenItem]) -> int:
	"""Return how many failed promises still have something to chase among *items* (what is disputed taken off)."""
	items = [item for item in items if not item.is_credit]
	count = 0
	for row in stored(customers, FAILED):
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
			PromiseStatus(part.state),
			getdate(part.paid_on) if part.paid_on else None,
		)
		for part in row.instalments
	)
	return PromiseOutcome(
		PromiseStatus(row.state), as_money(flt(row.received)), as_money(flt(row.missing)), parts
	)


def promised_dates(customer: str, company: str) -> dict[TermItemKey, date]:
	"""Return per item the next day it is promised for."""
	return {
		open_items.key_of(item): getdate(row.next_due or row.last_due)
		for row in stored([customer], (RUNNING,))
		if row.company == company
		for item in row.lines
	}
