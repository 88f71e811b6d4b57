"""Steps that hold: what reached the customer holds its next documents until what it asked for is paid, or lifted.

No job ends a hold: a step holds while one of its items is open, and holds again when a payment is cancelled.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate

from client_ledger.core.amount_due import uncovered_items
from client_ledger.core.credit.rules import DunningHold
from client_ledger.core.dunning.plan import DueItemKey
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import LEDGER_NOTICE, LEDGER_NOTICE_ITEM
from client_ledger.site.jobs import log_if_queue_fails

# Functions of (customers): what follows where a step holds no longer.
HOLDS_LIFTED = "client_ledger_dunning_holds_lifted"


def step_holds(customer: str, company: str, items: Iterable[OpenItem]) -> list[DunningHold]:
	"""Return the steps that hold a customer's documents with a company, the last first; items: what is open."""
	asked = _asked(customer, company)
	if not asked:
		return []
	owed: dict[DueItemKey, Decimal] = {}
	for item in uncovered_items(item for item in items if item.customer == customer):
		key = DueItemKey(item.voucher, item.due_date)
		owed[key] = owed.get(key, ZERO) + item.base_outstanding
	found = (
		DunningHold(notice, step, on, sum((owed.get(key, ZERO) for key in keys), ZERO))
		for (notice, step, on), keys in asked.items()
	)
	return [hold for hold in found if hold.amount > 0]


def holding(customer: str, company: str, items: Iterable[OpenItem]) -> DunningHold | None:
	"""Return the last step that holds a customer's documents with a company, None where none does."""
	return next(iter(step_holds(customer, company, items)), None)


def recheck_later(customer: str) -> None:
	"""Have a worker check the held documents of *customer* again after this transaction, as one of its steps holds no longer.

	Where the queue cannot be reached that is logged, and the nightly job does it.
	"""

	def enqueue() -> None:
		with log_if_queue_fails(f"held documents of {customer} not checked again"):
			for path in frappe.get_hooks(HOLDS_LIFTED):
				frappe.enqueue(path, queue="short", customers=[customer])

	frappe.db.after_commit.add(enqueue)


def _asked(customer: str, company: str) -> dict[tuple[str, str, date], set[DueItemKey]]:
	"""Return what each step that may hold asked for: those that are on their way or have arrived, and are not lifted."""
	notice, item = frappe.qb.DocType(LEDGER_NOTICE), frappe.qb.DocType(LEDGER_NOTICE_ITEM)
	rows = (
		frappe.qb.from_(notice)
		.join(item)
		.on(item.parent == notice.name)
		.select(
			notice.name,
			notice.step_name,
			notice.contact_on,
			item.voucher_type,
			item.voucher_no,
			item.due_date,
		)
		.where((notice.customer == customer) & (notice.company == company) & (notice.holds == 1))
		.where(
			notice.status.isin([NoticeStatus.SENDING.value, NoticeStatus.SENT.value])
			& notice.hold_lifted_on.isnull()
		)
		.where(item.withheld.isnull() | (item.withheld == ""))
		.orderby(notice.contact_on, order=frappe.qb.desc)
		.orderby(notice.name)
	).run()
	found: dict[tuple[str, str, date], set[DueItemKey]] = {}
	for name, step, on, doctype, voucher, due_date in rows:
		key = DueItemKey(Voucher(doctype, voucher), getdate(due_date))
		found.setdefault((name, step or "", getdate(on)), set()).add(key)
	return found
