"""Invoices that repeat: what ERPNext's Auto Repeat and Subscription documents will bill within the weeks of a forecast."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import frappe
from frappe.utils import add_days, add_months, cint, flt, getdate

from client_ledger.core.credit.cash import WEEKS
from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.forecast.items import CashSource, UnbilledItem
from client_ledger.forecasts.unbilled import USUAL_TERMS, Terms, ToBill, amount_in

_MONTHS = {"Monthly": 1, "Quarterly": 3, "Half-yearly": 6, "Yearly": 12}
_DAYS = {"Daily": 1, "Weekly": 7, "Fortnightly": 14}
# Of one document no more invoices are forecast: a daily one has so many days.
_MOST = WEEKS * DAYS_A_WEEK
_BEGINNING = "Beginning of the current subscription period"
_BEFORE = "Days before the current subscription period"


def to_repeat(company: str, day: date, terms: Terms) -> ToBill:
	"""Return the invoices that are planned to be made after *day*, each on its day, and what could not be said.

	Of a day that is past: by what repeats now.
	"""
	own = frappe.get_cached_value("Company", company, "default_currency")
	until = day + timedelta(days=WEEKS * DAYS_A_WEEK)
	found = ToBill([], [])

	def add(name: str, row: frappe._dict, days: Iterator[date]) -> None:
		_latest, usual, currency = terms.get(row.customer, (None, USUAL_TERMS, own))
		amount = amount_in(currency, own, row.currency, flt(row.grand_total), flt(row.base_grand_total))
		if amount is None:
			found.left_out.append(name)
		elif amount > 0:
			for planned in days:
				reference = f"{name} {planned}"
				item = UnbilledItem(row.customer, reference, amount, planned, usual, CashSource.REPEAT)
				found.items.append((currency, item))

	_auto_repeats(company, day, until, add)
	_subscriptions(company, day, until, add, found.left_out)
	return found


def _auto_repeats(company: str, day: date, until: date, add: Callable) -> None:
	repeat, invoice = frappe.qb.DocType("Auto Repeat"), frappe.qb.DocType("Sales Invoice")
	rows = (
		frappe.qb.from_(repeat)
		.join(invoice)
		.on(invoice.name == repeat.reference_document)
		.select(
			*(repeat.name, repeat.frequency, repeat.start_date, repeat.end_date, repeat.next_schedule_date),
			*(repeat.repeat_on_day, repeat.repeat_on_last_day),
			*(invoice.customer, invoice.currency, invoice.grand_total, invoice.base_grand_total),
		)
		.where((repeat.reference_doctype == "Sales Invoice") & (invoice.company == company))
		.where((repeat.disabled == 0) & (repeat.status == "Active") & (repeat.start_date <= until))
		.orderby(repeat.name)
		.run(as_dict=True)
	)
	for row in rows:
		add(row.name, row, planned_days(row, day, until))


def planned_days(row: frappe._dict, day: date, until: date) -> Iterator[date]:
	"""Yield the days after *day*, through *until*, on which an Auto Repeat makes a document."""
	start = getdate(row.next_schedule_date or row.start_date)
	months = _MONTHS.get(row.frequency)
	for number in range(_MOST):
		if months:
			planned = getdate(add_months(start, months * number))
			if row.repeat_on_last_day:
				planned = getdate(frappe.utils.get_last_day(planned))
			elif cint(row.repeat_on_day):
				last = getdate(frappe.utils.get_last_day(planned)).day
				planned = planned.replace(day=min(cint(row.repeat_on_day), last))
		else:
			planned = getdate(add_days(start, _DAYS.get(row.frequency, DAYS_A_WEEK) * number))
		if planned > until or (row.end_date and planned > getdate(row.end_date)):
			return
		if planned > day:
			yield planned


def _subscriptions(company: str, day: date, until: date, add: Callable, left_out: list[str]) -> None:
	rows = frappe.get_all(
		"Subscription",
		{
			"company": company,
			"party_type": "Customer",
			"status": ("in", ("Trialing", "Active", "Grace Period", "Unpaid")),
			"start_date": ("<=", until),
		},
		[
			*(
				"name",
				"party",
				"end_date",
				"current_invoice_start",
				"current_invoice_end",
				"generate_invoice_at",
			),
			*("number_of_days", "cancel_at_period_end"),
		],
		order_by="name",
	)
	for row in rows:
		last = frappe.get_all(
			"Sales Invoice",
			{"subscription": row.name, "docstatus": 1, "is_return": 0},
			["customer", "currency", "grand_total", "base_grand_total", "from_date"],
			order_by="posting_date desc, creation desc",
			limit=1,
		)
		interval = _interval(row.name)
		if not interval:
			left_out.append(row.name)
			continue
		bill = last[0] if last else _by_plans(row)
		if bill is None:
			left_out.append(row.name)
			continue
		billed_through = getdate(last[0].from_date) if last and last[0].from_date else None
		add(row.name, bill, subscription_days(row, interval, billed_through, day, until))


def _interval(subscription: str) -> tuple[str, int] | None:
	"""Return the billing interval of a subscription's plans, and how many of it: all of its plans share one."""
	plans = frappe.get_all(
		"Subscription Plan Detail",
		{"parent": subscription, "parenttype": "Subscription"},
		pluck="plan",
		order_by="idx",
		limit=1,
	)
	row = plans and frappe.db.get_value(
		"Subscription Plan", plans[0], ["billing_interval", "billing_interval_count"], as_dict=True
	)
	return (row.billing_interval, max(cint(row.billing_interval_count), 1)) if row else None


def _by_plans(row: frappe._dict) -> frappe._dict | None:
	"""Return what a subscription without an invoice yet will bill, by plans of a fixed rate, before taxes; None where there is another."""
	plans = frappe.get_all(
		"Subscription Plan Detail",
		{"parent": row.name, "parenttype": "Subscription"},
		["plan", "qty"],
		order_by="idx",
	)
	total, currency = 0.0, None
	for one in plans:
		plan = frappe.db.get_value(
			"Subscription Plan", one.plan, ["price_determination", "cost", "currency"], as_dict=True
		)
		if not plan or plan.price_determination != "Fixed Rate":
			return None
		total += flt(plan.cost) * flt(one.qty)
		currency = plan.currency
	return frappe._dict(customer=row.party, currency=currency, grand_total=total, base_grand_total=0.0)


def subscription_days(
	row: frappe._dict, interval: tuple[str, int], billed_from: date | None, day: date, until: date
) -> Iterator[date]:
	"""Yield the days after *day*, through *until*, on which a subscription is billed.

	billed_from: the first day of the period that was billed last, None before the first.
	"""
	first, last = getdate(row.current_invoice_start), getdate(row.current_invoice_end)
	# Later periods follow the current one, which a trial or a calendar month may have cut short.
	begin = last + timedelta(days=1)
	for number in range(_MOST):
		if number:
			first, last = (
				_later(begin, interval, number - 1),
				_later(begin, interval, number) - timedelta(days=1),
			)
		if (row.end_date and first > getdate(row.end_date)) or (number and row.cancel_at_period_end):
			return
		planned = last
		if row.generate_invoice_at == _BEGINNING:
			planned = first
		elif row.generate_invoice_at == _BEFORE:
			planned = first - timedelta(days=cint(row.number_of_days))
		if planned > until:
			return
		if billed_from is None or first > billed_from:
			# What should have been billed by now is billed next.
			yield max(planned, day + timedelta(days=1))


def _later(begin: date, interval: tuple[str, int], number: int) -> date:
	unit, count = interval
	if unit in ("Month", "Year"):
		return getdate(add_months(begin, (12 if unit == "Year" else 1) * count * number))
	return begin + timedelta(days=(7 if unit == "Week" else 1) * count * number)


def repeat_lags(company: str, day: date) -> list[tuple[str, date, date | None]]:
	"""Return how long recurring invoices lay as drafts: from the day they were made to the day they bear."""
	invoice = frappe.qb.DocType("Sales Invoice")
	rows = (
		frappe.qb.from_(invoice)
		.select(invoice.customer, invoice.creation, invoice.posting_date)
		.where((invoice.company == company) & (invoice.docstatus == 1) & (invoice.posting_date <= day))
		.where(
			(invoice.auto_repeat.isnotnull() & (invoice.auto_repeat != ""))
			| (invoice.subscription.isnotnull() & (invoice.subscription != ""))
		)
		.orderby(invoice.name)
		.run()
	)
	found = []
	for customer, made, posted in rows:
		made, posted = getdate(made), getdate(posted)
		found.append((customer, min(made, posted), posted))
	return found
