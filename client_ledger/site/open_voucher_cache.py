"""A cache of which vouchers of a long ledger may be unsettled, so that it opens as fast as a short one.

Only the vouchers' names are cached, never what is open of them: that is summed from their entries every time. Vouchers
of entries and invoices made or changed since are added each time. What these do not show (a ledger merged into another,
a payment unlinked from a journal, a row deleted by hand) clears the cache: in the hooks of those events, and wherever
the sums are found to differ.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.core.entries import Voucher
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.reader import CustomerBalance, Ledger
from client_ledger.site.request import LedgerRequest

_KEY = "client_ledger_unsettled"
# A shorter ledger is read in the time it takes to ask what changed in it.
LONG = 1000
# Entries are made before they can be seen, and clocks are turned back.
MARGIN = timedelta(days=1)
LASTING = timedelta(days=7)
# With more vouchers than this, the cache saves nothing.
MOST = 2000


def customer_balance(
	ledger: Ledger, customer: str, companies: Sequence[str], as_of: date, bypass_cache: bool = False
) -> CustomerBalance:
	"""Return a customer's balance, by the cached vouchers of a long ledger. bypass_cache: forget it first."""
	if bypass_cache:
		forget(customer)
	known = recall(ledger, customer, companies, as_of)
	found = ledger.customer_balance(customer, companies, as_of, known)
	if known is None and as_of == getdate():
		store(ledger, customer, companies, as_of, found.unsettled)
	return found


def open_items(ledger: Ledger, request: LedgerRequest) -> list[OpenItem]:
	"""Return the request's open items, by payment terms."""
	vouchers = recall(ledger, request.customer, (request.company,), request.as_of)
	items = ledger.open_items(request.scope, request.as_of, vouchers=vouchers)
	return [item for item in items if request.currency in (None, item.currency)]


def recall(ledger: Ledger, customer: str, companies: Sequence[str], as_of: date) -> set[Voucher] | None:
	"""Return all vouchers of a customer that may be unsettled on *as_of*; None where that is not known."""
	found = _stored(customer)
	if not found or as_of < found["day"] or not set(companies) <= set(found["companies"]):
		return None
	if set(found["accounts"]) != set(ledger.accounts):
		return None
	vouchers = {Voucher(*pair) for pair in found["vouchers"]}
	return vouchers | ledger.changed_since(customer, found["read_on"] - MARGIN)


def store(
	ledger: Ledger, customer: str, companies: Sequence[str], as_of: date, unsettled: Collection[Voucher]
) -> None:
	"""Keep what was unsettled on *as_of* in a long ledger, as its committed entries say."""
	if frappe.db.transaction_writes or not ledger.is_long(customer, LONG):
		return
	vouchers = {*unsettled, *ledger.moved_after(customer, companies, as_of)}
	if len(vouchers) > MOST:
		return
	value = {
		"day": as_of,
		"read_on": now_datetime(),
		"companies": list(companies),
		"accounts": list(ledger.accounts),
		"vouchers": [tuple(voucher) for voucher in vouchers],
	}
	frappe.cache.hset(_KEY, customer, value)


def forget(*customers: str) -> None:
	"""Have the ledgers of *customers* read in full the next time."""
	for customer in customers:
		frappe.cache.hdel(_KEY, customer)


def forget_on_commit(*customers: str) -> None:
	"""Forget now, and again once this transaction is committed: until then others remember what was before it."""
	forget(*customers)
	frappe.db.after_commit.add(lambda: forget(*customers))


def _stored(customer: str) -> dict[str, Any] | None:
	found = frappe.cache.hget(_KEY, customer)
	return found if found and now_datetime() - found["read_on"] < LASTING else None
