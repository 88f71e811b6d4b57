"""Promises settled from receipts: kept, partly kept or broken, instalment by instalment."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import add_days, flt, get_datetime, getdate

from client_ledger.collections import items as open_items
from client_ledger.collections.promises.reads import FAILED, RUNNING, as_promise, stored_promises
from client_ledger.collections.promises.receipts import ReceivedMoney, receipts_of
from client_ledger.core.collections.promises import DECIDED, PromiseOutcome, PromiseStatus, outcome
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.results import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import PROMISE_INSTALMENT, PROMISE_TO_PAY

# A settled promise is settled again for so many days, where the money that settled it was taken back.
REVISED_FOR = 90


def settle_promises(customers: Sequence[str] | None = None, today: date | None = None) -> list[str]:
	"""Settle promises from receipts; return the names of those that failed.

	customers: None for all that have a running promise. For those named, what was settled lately is settled again:
	a payment may have been taken back.
	"""
	today = today or getdate()
	statuses = (
		(RUNNING,)
		if customers is None
		else (RUNNING, *(status.value for status in DECIDED), PromiseStatus.SETTLED_OTHERWISE.value)
	)
	promises = stored_promises(
		customers, statuses, None if customers is None else getdate(add_days(today, -REVISED_FOR))
	)
	if not promises:
		return []
	by_customer: dict[tuple[str, str], list] = defaultdict(list)
	for row in promises:
		by_customer[row.customer, row.company].append(row)
	names = sorted({row.customer for row in promises})
	companies = sorted({row.company for row in promises})
	money, owed = receipts_of(names), _owed(names, companies, today)
	failed = []
	for (customer, company), rows in by_customer.items():
		on_account: dict[int, Decimal] = {}
		for row in rows:
			found = _outcome(row, money.get(customer, ()), owed[customer, company], on_account, today)
			before = row.status
			if _write(row, found, today) and row.status in FAILED and before == RUNNING:
				failed.append(row.name)
	return failed


def _outcome(
	row: frappe._dict,
	money: Sequence[ReceivedMoney],
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
	is_over = found.status is not PromiseStatus.RUNNING
	values = {
		"status": found.status.value,
		"received": float(found.received),
		"missing": float(found.missing),
		"next_due": found.next_due,
		"decided_on": (row.decided_on if row.status == found.status.value else today) if is_over else None,
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
		fields = {"status": part.status.value, "received": float(part.received), "paid_on": part.paid_on}
		if (stored_part.status, flt(stored_part.received, 6), stored_part.paid_on) != (
			part.status.value,
			flt(part.received, 6),
			part.paid_on,
		):
			frappe.db.set_value(PROMISE_INSTALMENT, stored_part.name, fields, update_modified=False)
	if not changed:
		return False
	frappe.db.set_value(PROMISE_TO_PAY, row.name, changed)
	if "status" in changed:
		_comment(row.name, found)
	row.update(changed)
	return "status" in changed


def _comment(name: str, found: PromiseOutcome) -> None:
	frappe.get_doc(PROMISE_TO_PAY, name).add_comment(
		"Info",
		_("{0}: {1} received, shortfall {2}.").format(_(found.status.value), found.received, found.missing),
	)
