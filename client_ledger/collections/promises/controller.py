"""Promises taken and cancelled: what the form, the API and the DocType's own controller do with one."""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money, formatdate, getdate

from client_ledger.collections import items as open_items
from client_ledger.collections.promises.reads import RUNNING, as_promise, stored_promises
from client_ledger.core.collections.promises import PromiseProblem, PromiseStatus, check_promise
from client_ledger.core.money import ZERO
from client_ledger.site.doctypes import COLLECTION_SETTINGS, PROMISE_TO_PAY
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled

CANCELLED = PromiseStatus.CANCELLED.value


def take_promise(
	customer: str,
	company: str,
	items: Sequence[dict],
	instalments: Sequence[dict],
	ignore_permissions: bool = False,
	**more: Any,
) -> Document:
	"""Return a new promise, stored. items: {voucher_type, voucher_no, payment_term, amount}; instalments: {due_date, amount}.

	ignore_permissions: for whoever has none on promises, such as the customer itself; the caller has let it in.
	"""
	doc = frappe.new_doc(PROMISE_TO_PAY)
	doc.update({"customer": customer, "company": company, **more})
	for row in items:
		doc.append("items", row)
	for row in instalments:
		doc.append("instalments", row)
	return by_action(doc).insert(ignore_permissions=ignore_permissions)


def prepare(doc: Document) -> None:
	"""Check a new promise and fill it in. Raises frappe.ValidationError with what to change."""
	settings = frappe.get_cached_doc(COLLECTION_SETTINGS)
	for field in ("tolerance", "grace_days"):
		if doc.get(field) in (None, ""):
			doc.set(field, settings.get(field))
	found = open_items.fill_in(doc)
	open_items.total(doc)
	_require_not_promised(doc)
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
			"status": RUNNING,
			"received": 0,
			"missing": 0,
			"first_due": min(dues),
			"next_due": min(dues),
			"last_due": max(dues),
			"decided_on": None,
		}
	)
	for row in doc.instalments:
		row.update({"status": RUNNING, "received": 0, "paid_on": None, "currency": doc.currency})


def _require_not_promised(doc: Document) -> None:
	keys = [open_items.key_of(row) for row in doc.items]
	for other in stored_promises([doc.customer], statuses=(RUNNING,)):
		if other.company != doc.company or other.name == doc.name:
			continue
		for row in other.lines:
			taken = open_items.key_of(row)
			for number, key in enumerate(keys, 1):
				if key.voucher == taken.voucher and (None in (key.term, taken.term) or key == taken):
					open_items.throw_row(
						number,
						filled(
							_("{0} is already covered by {1}. Cancel that promise first."),
							bold(open_items.name_of(key)),
							other.name,
						),
					)


def _text(problem: PromiseProblem, doc: Document) -> str:
	def money(name: str) -> str:
		return fmt_money(problem.figures[name], currency=doc.currency)

	def day(name: str) -> str:
		return formatdate(problem.figures[name])

	figures = problem.figures
	texts = {
		"no_items": lambda: _("Select the promised items in {0}.").format(_("Open Items")),
		"no_instalments": lambda: _("{0} is required.").format(_("Instalments")),
		"instalment_amount": lambda: _(
			"The instalment amount {0} is not valid. Enter an amount greater than 0."
		).format(money("amount")),
		"instalment_in_the_past": lambda: _("{0} is in the past. Select {1} or a later date.").format(
			day("due"), day("today")
		),
		"instalments_out_of_order": lambda: _("{0} must be after the previous instalment's date {1}.").format(
			day("due"), day("before")
		),
		"plan_does_not_sum": lambda: _(
			"The instalments total {0}, but the items total {1}. The totals must match."
		).format(money("plan"), money("items")),
		"more_than_owed": lambda: _("{0} is promised, but only {1} is outstanding on these items.").format(
			money("promised"), money("owed")
		),
	}
	if problem.key not in texts:
		raise ValueError(f"no words for {problem.key}: {figures}")
	said = texts[problem.key]()
	return _("Row {0}: {1}").format(problem.row, said) if problem.row else said


def cancel_promise(name: str, why: str) -> None:
	"""Cancel a running promise, for a reason."""
	doc = frappe.get_doc(PROMISE_TO_PAY, name)
	if doc.status != RUNNING:
		frappe.throw(filled(_("Only an open promise can be cancelled. This one is {0}."), _(doc.status)))
	if not (why or "").strip():
		frappe.throw(_("Enter a reason."))
	doc.update({"status": CANCELLED, "cancelled_why": why, "decided_on": getdate(), "next_due": None})
	for row in doc.instalments:
		if row.status == RUNNING:
			row.status = CANCELLED
	by_action(doc).save()
