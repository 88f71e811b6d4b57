"""What a visitor sees first: balance and ageing per currency, what is open, disputed, promised and announced.

Currencies are never added up. Of documents only what the customer has of them anyway is told: no remarks, no names of colleagues.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from client_ledger.collections import amounts_due, disputes
from client_ledger.collections.promises.reads import promised_dates
from client_ledger.core.ageing import age_items
from client_ledger.core.collections.disputes import TermItemKey, disputed_amounts, disputed_part
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.site import site_ledger
from client_ledger.portal import announced, confirmations
from client_ledger.portal.access import Visitor
from client_ledger.portal.papers import may_have_file
from client_ledger.portal.shown import day, money
from client_ledger.site import open_voucher_cache
from client_ledger.site.doctypes import DISPUTE_REASON, LEDGER_DISPUTE, PROMISE_TO_PAY
from client_ledger.site.settings import get_settings

# What has ended stays in sight for so many days.
SHOWN_FOR = 180
MOST = 100
REFERENCES = {"Sales Invoice": "po_no", "Payment Entry": "reference_no", "Journal Entry": "cheque_no"}


def overview(visitor: Visitor) -> dict:
	"""Return the first page."""
	today = getdate()
	ledger = site_ledger()
	balance = open_voucher_cache.customer_balance(ledger, visitor.customer, (visitor.company,), today)
	items = [item for item in balance.items if item.company == visitor.company]
	currency = frappe.get_cached_value("Company", visitor.company, "default_currency")
	totals = balance.total(visitor.company).by_currency
	order = sorted(totals or [currency], key=lambda code: (code != currency, code))
	due = {code: amount.net for code, amount in amounts_due.on_day(items, today)}
	return {
		"customer": visitor.customer,
		"customer_name": frappe.db.get_value("Customer", visitor.customer, "customer_name"),
		"company": visitor.company,
		"as_of": day(today),
		"may_act": visitor.may_act,
		"currencies": [
			_of_currency(code, [i for i in items if i.currency == code], totals.get(code, ZERO), due, today)
			for code in order
		],
		"items": _items(visitor, items, today),
		"disputes": _disputes(visitor),
		"promises": _promises(visitor),
		"announced": announced.of_visitor(visitor),
		"confirmations": confirmations.of_visitor(visitor),
		"reasons": _reasons() if visitor.may_act else [],
	}


def _of_currency(
	currency: str, items: Sequence[OpenItem], balance: Decimal, due: Mapping[str, Decimal], today: date
) -> dict:
	settings = get_settings()
	found = age_items(items, today, settings.ranges, "due", False)
	ranges = [*settings.labels[:-1], f"> {settings.ranges[-1]}"]
	labels = [_("Not Due"), *(_("{0} days").format(label) for label in ranges)]
	return {
		"currency": currency,
		"balance": money(balance, currency),
		"overdue": money(_sum(i for i in items if not i.is_credit and i.due_date < today), currency),
		"on_account": money(-_sum(i for i in items if i.is_credit), currency),
		"due": money(due.get(currency, ZERO), currency),
		"ageing": [
			{"label": label, **money(amount, currency)}
			for label, amount in zip(labels, (found.not_due, *found.buckets), strict=True)
		],
	}


def _sum(items: Sequence[OpenItem]) -> Decimal:
	return sum((item.outstanding for item in items), ZERO)


def _items(visitor: Visitor, items: Sequence[OpenItem], today: date) -> list[dict]:
	disputed = disputed_amounts(disputes.running([visitor.customer], visitor.company))
	promised = promised_dates(visitor.customer, visitor.company)
	paid = announced.of_items(visitor)
	references = references_of(item.voucher for item in items)
	rows = []
	for item in sorted(items, key=lambda one: (one.is_credit, one.due_date, one.voucher)):
		key = TermItemKey(item.voucher, item.term)
		part = disputed_part(disputed, key, item.outstanding)
		waited_for = disputed_part(paid, key, item.outstanding)
		rows.append(
			{
				"voucher_type": item.voucher.doctype,
				"voucher_no": item.voucher.name,
				"payment_term": item.term,
				"kind": _(item.voucher.doctype),
				"reference": references.get(item.voucher),
				"date": day(item.posting_date),
				"due": None if item.is_credit else day(item.due_date),
				"days_late": 0 if item.is_credit else max((today - item.due_date).days, 0),
				"amount": money(item.amount, item.currency),
				"outstanding": money(item.outstanding, item.currency),
				"is_credit": item.is_credit,
				"disputed": money(part, item.currency) if part else None,
				"announced": money(waited_for, item.currency) if waited_for else None,
				"promised": day(promised.get(key) or promised.get(TermItemKey(item.voucher))),
				"has_file": may_have_file(item.voucher.doctype),
			}
		)
	return rows


def references_of(vouchers: object) -> dict:
	"""Return the customer's own reference of each voucher that has one: its order number, the number of its transfer or cheque."""
	by_doctype: dict[str, dict] = {}
	for voucher in vouchers:
		by_doctype.setdefault(voucher.doctype, {})[voucher.name] = voucher
	found = {}
	for doctype, named in by_doctype.items():
		if field := REFERENCES.get(doctype):
			rows = frappe.get_all(
				doctype, {"name": ("in", sorted(named)), field: ("is", "set")}, ["name", field], as_list=True
			)
			found |= {named[name]: reference for name, reference in rows}
	return found


def _disputes(visitor: Visitor) -> list[dict]:
	rows = frappe.get_all(
		LEDGER_DISPUTE,
		{"customer": visitor.customer, "company": visitor.company, "opened_on": (">", _since())},
		["name", "currency", "amount", "reason", "status", "opened_on"],
		order_by="opened_on desc, name desc",
		limit=MOST,
	)
	rows += [row for row in _running_before(visitor) if row.name not in {one.name for one in rows}]
	return [
		{
			"name": row.name,
			"amount": money(row.amount, row.currency),
			"reason": _(row.reason),
			"status": _(row.status),
			"running": row.status in disputes.RUNNING_STATUSES,
			"date": day(row.opened_on),
			"items": _numbers(LEDGER_DISPUTE, row.name),
		}
		for row in rows
	]


def _running_before(visitor: Visitor) -> list[frappe._dict]:
	return frappe.get_all(
		LEDGER_DISPUTE,
		{
			"customer": visitor.customer,
			"company": visitor.company,
			"opened_on": ("<=", _since()),
			"status": ("in", disputes.RUNNING_STATUSES),
		},
		["name", "currency", "amount", "reason", "status", "opened_on"],
		order_by="opened_on desc, name desc",
		limit=MOST,
	)


def _promises(visitor: Visitor) -> list[dict]:
	rows = frappe.get_all(
		PROMISE_TO_PAY,
		{"customer": visitor.customer, "company": visitor.company, "last_due": (">", _since())},
		["name", "currency", "amount", "received", "status", "made_on", "last_due", "next_due"],
		order_by="last_due desc, name desc",
		limit=MOST,
	)
	return [
		{
			"name": row.name,
			"amount": money(row.amount, row.currency),
			"received": money(row.received, row.currency),
			"status": _(row.status),
			"running": row.status == "Open",
			"due": day(row.next_due or row.last_due),
			"items": _numbers(PROMISE_TO_PAY, row.name),
		}
		for row in rows
	]


def _numbers(doctype: str, name: str) -> list[str]:
	return frappe.get_all(
		"Collection Item", {"parenttype": doctype, "parent": name}, pluck="voucher_no", order_by="idx"
	)


def _reasons() -> list[dict]:
	names = frappe.get_all(DISPUTE_REASON, {"enabled": 1}, pluck="name", order_by="name")
	return [{"value": name, "text": _(name)} for name in names]


def _since() -> date:
	return getdate(add_days(getdate(), -SHOWN_FOR))
