"""What the Ledger tab shows, as plain dicts: figures, ageing, a page of movements, open items, history.

Amounts are numbers in the currency named beside them, `base_` ones in company currency. Amounts in different
currencies are never added up.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import frappe
from dateutil.relativedelta import relativedelta
from frappe.utils import getdate

from client_ledger.collections import amounts_due
from client_ledger.collections.disputes import in_dispute
from client_ledger.core.account import AccountKey, Position, position
from client_ledger.core.ageing import DEFAULT_RANGES, age_items, ageing_date, bucket_labels, bucket_of
from client_ledger.core.collections.disputes import TermItemKey, disputed_part
from client_ledger.core.credit.histogram import Expectation
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO, rounded
from client_ledger.core.movements import LedgerLine, Opening, item_place, ledger_place, with_balance
from client_ledger.core.open_items import OpenItem
from client_ledger.core.settlement import average_days_late, average_days_to_pay
from client_ledger.core.status import item_status
from client_ledger.credit.grades.expected import expected_payments
from client_ledger.credit.grades.lists import grade_with
from client_ledger.dunning.planning import levels
from client_ledger.ledger.reader import (
	Cursor,
	CustomerBalance,
	Ledger,
	Page,
	SearchTerm,
	Unbilled,
	UnbilledOrder,
)
from client_ledger.site.access import link, readable
from client_ledger.site.open_voucher_cache import open_items
from client_ledger.site.request import LedgerRequest, dump_cursor

PAGE_LENGTH = 50
MOST_LINES = 200
BEHAVIOUR_MONTHS = 12
CHART_MONTHS = 24
NOT_DUE = "not_due"


def summary(ledger: Ledger, request: LedgerRequest, balance: CustomerBalance) -> dict:
	"""Return the head of the tab: companies and currencies to choose from, figures, ageing, open orders."""
	items, balances = items_of(balance, request), balance.balances
	totals = balance.total(request.company, request.currency)
	company_currency = frappe.get_cached_value("Company", request.company, "default_currency")
	unbilled = ledger.unbilled(request.scope).get(AccountKey(request.customer, request.company), Unbilled())
	found = position(items, request.as_of)
	return {
		"customer": request.customer,
		"company": request.company,
		"as_of": str(request.as_of),
		"currency": request.currency,
		"company_currency": company_currency,
		"companies": sorted({request.company, *balances}),
		"has_entries": bool(balances),
		"currencies": sorted(balance.total(request.company).by_currency),
		"figures": figures(items, totals, request.as_of, company_currency),
		"base": base_figures(found, totals),
		"due": amounts_due.as_rows(amounts_due.on_day(items, request.as_of)),
		"company_balance": float(rounded(balances.get(request.company, ZERO), ledger.precision)),
		"oldest": oldest(found),
		"open_items": found.open_items,
		"ageing": ageing(items, request, company_currency),
		"unbilled": {"orders": float(unbilled.orders), "deliveries": float(unbilled.deliveries)},
		"orders": orders(ledger.orders(request.customer, (request.company,))),
		"grade": grade_with(request.customer, request.company, getdate()),
	}


def items_of(balance: CustomerBalance, request: LedgerRequest) -> list[OpenItem]:
	"""Return those open items of a customer that the request is about."""
	return [
		item
		for item in balance.items
		if item.company == request.company and request.currency in (None, item.currency)
	]


def figures(items: Sequence[OpenItem], totals: Opening, as_of: date, company_currency: str) -> list[dict]:
	"""Return balance, overdue and unallocated per account currency, the company's first."""
	order = sorted(totals.by_currency, key=lambda currency: (currency != company_currency, currency))
	return [
		{"currency": currency, **_currency_figures([i for i in items if i.currency == currency], as_of)}
		| {"balance": float(totals.by_currency.get(currency, ZERO))}
		for currency in order or [company_currency]
	]


def _currency_figures(items: Sequence[OpenItem], as_of: date) -> dict:
	overdue = [item for item in items if not item.is_credit and item.due_date < as_of]
	credits = [item for item in items if item.is_credit]
	return {
		"overdue": float(sum((item.outstanding for item in overdue), ZERO)),
		"base_overdue": float(sum((item.base_outstanding for item in overdue), ZERO)),
		"unallocated": float(sum((-item.outstanding for item in credits), ZERO)),
		"base_unallocated": float(sum((-item.base_outstanding for item in credits), ZERO)),
	}


def base_figures(found: Position, totals: Opening) -> dict:
	"""Return balance, overdue and unallocated in company currency."""
	return {
		"balance": float(totals.base),
		"overdue": float(found.overdue),
		"unallocated": float(found.unallocated),
	}


def oldest(found: Position) -> dict | None:
	"""Return due date and days overdue of the oldest overdue item."""
	if not found.oldest_due_date:
		return None
	return {"due_date": str(found.oldest_due_date), "days": found.oldest_overdue_days}


def ageing(items: Sequence[OpenItem], request: LedgerRequest, company_currency: str) -> dict:
	"""Return the ageing buckets by due date: in account currency where there is only one, else the company's."""
	currencies = {item.currency for item in items}
	base = len(currencies) > 1
	found = age_items(items, request.as_of, DEFAULT_RANGES, "due", base)
	keys = [NOT_DUE, *(str(i) for i in range(len(found.buckets)))]
	labels = [None, *bucket_labels(DEFAULT_RANGES)]
	amounts = [found.not_due, *found.buckets]
	return {
		"currency": company_currency if base else next(iter(currencies), company_currency),
		"buckets": [
			{"key": key, "label": label, "amount": float(amount)}
			for key, label, amount in zip(keys, labels, amounts, strict=True)
		],
	}


def reconciliation(ledger: Ledger, request: LedgerRequest) -> dict | None:
	"""Return how the balance compares with the General Ledger, with the vouchers that make the difference."""
	found = ledger.reconcile(request.scope, request.as_of).get(AccountKey(request.customer, request.company))
	if found is None:
		return None
	return {
		"difference": float(found.difference),
		"payment_ledger": float(found.payment_ledger),
		"general_ledger": float(found.general_ledger),
		"accounts": [
			{"account": one.account, "difference": float(one.difference)} for one in found.differing
		],
		"vouchers": _differences(ledger, request) if found.difference else [],
	}


def _differences(ledger: Ledger, request: LedgerRequest) -> list[dict]:
	found = ledger.differences(request.customer, (request.company,), request.as_of)
	visible = readable(row.voucher for row in found)
	return [
		{
			**link(row.voucher, visible),
			"account": row.account,
			"payment_ledger": float(row.payment_ledger),
			"general_ledger": float(row.general_ledger),
		}
		for row in found
	]


def orders(found: Sequence[UnbilledOrder]) -> list[dict]:
	"""Return orders that are not fully billed, as of now."""
	visible = readable(Voucher("Sales Order", order.name) for order in found)
	return [
		{
			**link(Voucher("Sales Order", order.name), visible),
			"date": str(order.transaction_date),
			"delivery_date": str(order.delivery_date) if order.delivery_date else None,
			"status": order.status,
			"currency": order.currency,
			"total": float(order.grand_total),
			"unbilled": float(order.unbilled),
			"base_unbilled": float(order.base_unbilled),
			"per_billed": float(order.per_billed),
		}
		for order in found
	]


def first_page(ledger: Ledger, request: LedgerRequest, balance: CustomerBalance, limit: int) -> dict:
	"""Return the newest movements of a customer whose balance is known."""
	closing = balance.total(request.company, request.currency)
	page = ledger.page(
		request.customer,
		(request.company,),
		request.as_of,
		limit,
		None,
		request.currency,
		items=[item for item in balance.items if item.company == request.company],
		closing=closing,
	)
	return page_rows(page, request)


def movements_page(
	ledger: Ledger, request: LedgerRequest, after: Cursor | None, limit: int, term: SearchTerm | None = None
) -> dict:
	"""Return a page of movements, newest first, and where the next one starts (None: this was the last).

	term: only those that match it.
	"""
	customer, companies, as_of = request.customer, (request.company,), request.as_of
	if term:
		page = ledger.search(customer, companies, as_of, term, limit, after, request.currency)
	else:
		page = ledger.page(customer, companies, as_of, limit, after, request.currency)
	return page_rows(page, request)


def page_rows(page: Page, request: LedgerRequest) -> dict:
	"""Return a page as plain rows."""
	visible, disputed = readable(_vouchers(page.lines)), in_dispute(request)
	reached = levels.of_vouchers(line.movement.voucher for line in page.lines if line.outstanding > 0)
	lines = [
		movement_row(line, visible)
		| {
			"dunned": levels.shown(reached.get(line.movement.voucher)),
			"disputed": float(disputed_part(disputed, TermItemKey(line.movement.voucher), line.outstanding)),
		}
		for line in page.lines
	]
	return {"lines": lines, "next": dump_cursor(page.next)}


def _vouchers(lines: Iterable[LedgerLine]) -> Iterable[Voucher]:
	for line in lines:
		yield line.movement.voucher
		yield from line.movement.against


def movement_row(line: LedgerLine, visible: set[Voucher]) -> dict:
	"""Return one movement of the ledger."""
	movement = line.movement
	return {
		**link(movement.voucher, visible),
		"date": str(movement.posting_date),
		"against": [link(voucher, visible) for voucher in movement.against],
		"currency": movement.currency,
		"debit": float(movement.debit),
		"credit": float(movement.credit),
		"balance": float(movement.balance),
		"base_debit": float(movement.base_debit),
		"base_credit": float(movement.base_credit),
		"base_balance": float(movement.base_balance),
		"status": line.status.value,
		"outstanding": float(line.outstanding),
		"due_date": str(line.due_date) if line.due_date else None,
		"days_late": line.days_late,
	}


def open_items_page(
	ledger: Ledger,
	request: LedgerRequest,
	bucket: str | None,
	after: Cursor | None,
	limit: int,
	term: SearchTerm | None = None,
) -> dict:
	"""Return a page of open items, newest first, with the sum of what is open up to each of them.

	bucket: the key of an ageing bucket, to see only the items in it. term: only those that match it.
	"""
	items = [i for i in open_items(ledger, request) if bucket in (None, bucket_key(i, request.as_of))]
	rows = list(reversed(list(with_balance(sorted(items, key=item_place)))))
	if term:
		rows = [row for row in rows if term.holds(row[0])]
	if after:
		place = ledger_place(after.posting_date, after.voucher_type, after.voucher_no)
		rows = [row for row in rows if item_place(row[0])[:3] < place]
	shown = _whole_vouchers(rows, limit)
	visible = readable(item.voucher for item, _balance, _base in shown)
	last = shown[-1][0] if len(shown) < len(rows) else None
	expected = expected_payments(
		request.customer, request.company, [item for item, _balance, _base in shown], request.as_of
	)
	reached = levels.of_vouchers(item.voucher for item, _balance, _base in shown)
	disputed = in_dispute(request)
	return {
		"lines": [
			open_item_row(item, balance, base, request.as_of, visible)
			| {
				"expected": expectation_row(found),
				"dunned": levels.shown(reached.get(item.voucher), item.due_date),
				"disputed": float(
					disputed_part(disputed, TermItemKey(item.voucher, item.term), item.outstanding)
				),
			}
			for (item, balance, base), found in zip(shown, expected, strict=True)
		],
		"next": dump_cursor(Cursor(last.posting_date, *last.voucher)) if last else None,
	}


def bucket_key(item: OpenItem, as_of: date) -> str:
	"""Return the key of the ageing bucket an item is in."""
	index = bucket_of(ageing_date(item, "due"), as_of, DEFAULT_RANGES)
	return NOT_DUE if index is None else str(index)


def _whole_vouchers(rows: Sequence[tuple], limit: int) -> Sequence[tuple]:
	"""Return the first *limit* rows, and the other terms of the last one's voucher."""
	end = limit
	while end < len(rows) and rows[end][0].voucher == rows[end - 1][0].voucher:
		end += 1
	return rows[:end]


def open_item_row(
	item: OpenItem, balance: Decimal, base_balance: Decimal, as_of: date, visible: set[Voucher]
) -> dict:
	"""Return one open item, in the shape of a movement: its open amount on the side it belongs to."""
	return {
		**link(item.voucher, visible),
		"date": str(item.posting_date),
		"against": [],
		"term": item.term,
		"currency": item.currency,
		"amount": float(item.amount),
		"base_amount": float(item.base_amount),
		"debit": float(max(item.outstanding, ZERO)),
		"credit": float(max(-item.outstanding, ZERO)),
		"balance": float(balance),
		"base_debit": float(max(item.base_outstanding, ZERO)),
		"base_credit": float(max(-item.base_outstanding, ZERO)),
		"base_balance": float(base_balance),
		"status": item_status(item.amount, item.outstanding, item.due_date, as_of).value,
		"outstanding": float(item.outstanding),
		"due_date": None if item.is_credit else str(item.due_date),
		"days_late": None if item.is_credit else item.days_overdue(as_of),
	}


def expectation_row(found: Expectation | None) -> dict | None:
	"""Return when an open item is expected: the median, what four in five payments lie between, and how sure that is."""
	if found is None:
		return None
	return {
		"date": str(found.expected),
		"earliest": str(found.earliest),
		"latest": str(found.latest),
		"p_late": round(found.p_late, 3),
		"p_late_5": None if found.p_late_5 is None else round(found.p_late_5, 3),
		"confidence": found.confidence,
	}


def payment_history(ledger: Ledger, request: LedgerRequest) -> dict:
	"""Return the months of the chart, and how late invoices settled in the last year were paid (days).

	flows: what each kind added to the balance in a month, company currency.
	"""
	since = request.as_of - relativedelta(months=BEHAVIOUR_MONTHS)
	settled = ledger.trade_rows(request.scope, request.as_of, since)
	late, number = average_days_late(settled, since, request.as_of)
	to_pay = average_days_to_pay(settled, since, request.as_of)
	months = ledger.monthly(request.scope, request.as_of, CHART_MONTHS)
	return {
		"currency": frappe.get_cached_value("Company", request.company, "default_currency"),
		"months": [
			{
				"month": str(month.month),
				"billed": float(month.billed),
				"received": float(month.received),
				"credited": float(month.credited),
				"adjusted": float(month.adjusted),
				"flows": {flow.value: float(amount) for flow, amount in month.flows.items() if amount},
			}
			for month in months
		],
		"days_late": _one_decimal(late),
		"days_to_pay": _one_decimal(to_pay),
		"invoices_paid": number,
	}


def _one_decimal(value: Decimal | None) -> float | None:
	return None if value is None else float(rounded(value, 1))
