"""The book of a company's KPIs as the site's documents have it: the ledger, and promises, disputes and logged time besides."""

from datetime import date, datetime
from decimal import Decimal

import frappe
from frappe.query_builder.functions import Max, Sum
from frappe.utils import add_days, get_datetime, getdate

from client_ledger.core.collections.disputes import RUNNING
from client_ledger.core.flows import months_before
from client_ledger.core.kpis.inputs import MONTHS_BACK
from client_ledger.core.kpis.rows import DisputeRow, KpiBook, MoneyRow, PromiseRow, Window
from client_ledger.core.money import ZERO, as_money
from client_ledger.ledger.kpi_book import Disputed, read_book
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import COLLECTION_ITEM, LEDGER_DISPUTE, LEDGER_SETTINGS, PROMISE_TO_PAY

_KEPT, _NOT_KEPT = "Kept", ("Partly Kept", "Broken")
_RUNNING = tuple(status.value for status in RUNNING)
_CANCELLED = "Cancelled"
# What figures are made of, and the day from which each counts.
_SOURCES = (
	("Payment Ledger Entry", "posting_date"),
	("Sales Invoice", "posting_date"),
	(PROMISE_TO_PAY, "decided_on"),
	(LEDGER_DISPUTE, "opened_on"),
	("Timesheet", "start_date"),
)
# What is named of documents in a currency without a rate, at most.
_MOST_NAMED = 100


def site_book(company: str, window: Window) -> KpiBook:
	"""Return the book of *company* with all that *window* needs. It asks for no permission: the caller has to."""
	days = sorted(window.needs())
	book = read_book(
		site_ledger(),
		company,
		customers_of(company, window.as_of),
		[window],
		{day: disputed_on(company, day) for day in days},
	)
	since = days[0]
	return KpiBook(
		book.open_on,
		book.sales,
		book.invoices,
		book.receipts,
		book.write_offs,
		promises_decided(company, since, window.as_of),
		disputes_closed(company, since, window.as_of),
		costs(company, since, window.as_of),
		book.moves,
		unrated(company, months_before(window.as_of, MONTHS_BACK - 1), window.as_of),
		book.general_ledger,
	)


def customers_of(company: str, until: date) -> list[str]:
	"""Return the customers with an entry up to a day, by name."""
	ple = frappe.qb.DocType("Payment Ledger Entry")
	rows = (
		frappe.qb.from_(ple)
		.select(ple.party)
		.distinct()
		.where((ple.company == company) & (ple.party_type == "Customer") & (ple.posting_date <= until))
		.run()
	)
	return sorted(row[0] for row in rows if row[0])


def first_entry(company: str) -> date | None:
	"""Return the day of the first entry of a customer, None where there is none."""
	found = frappe.get_all(
		"Payment Ledger Entry",
		{"company": company, "party_type": "Customer", "delinked": 0},
		pluck="posting_date",
		order_by="posting_date",
		limit=1,
	)
	return getdate(found[0]) if found else None


def promises_decided(company: str, since: date, until: date) -> list[PromiseRow]:
	"""Return the promises that were kept or broken in a time; one that was kept in part is broken."""
	rows = frappe.get_all(
		PROMISE_TO_PAY,
		{
			"company": company,
			"status": ("in", (_KEPT, *_NOT_KEPT)),
			"decided_on": ("between", (since, until)),
		},
		["name", "customer", "decided_on", "base_amount", "status"],
		order_by="name",
	)
	return [
		PromiseRow(
			row.name, row.customer, getdate(row.decided_on), as_money(row.base_amount), row.status == _KEPT
		)
		for row in rows
	]


def disputes_closed(company: str, since: date, until: date) -> list[DisputeRow]:
	"""Return the disputes that ended in a time, other than those that were withdrawn."""
	rows = frappe.get_all(
		LEDGER_DISPUTE,
		{
			"company": company,
			"status": ("not in", (*_RUNNING, _CANCELLED)),
			"resolved_on": ("between", (since, until)),
		},
		["name", "customer", "opened_on", "resolved_on", "base_amount"],
		order_by="name",
	)
	return [
		DisputeRow(
			row.name,
			row.customer,
			getdate(row.opened_on),
			getdate(row.resolved_on),
			as_money(row.base_amount),
		)
		for row in rows
	]


def disputed_on(company: str, day: date) -> Disputed:
	"""Return what was in dispute at the end of a day, by voucher and term."""
	dispute, item = frappe.qb.DocType(LEDGER_DISPUTE), frappe.qb.DocType(COLLECTION_ITEM)
	still_open = dispute.status.isin(_RUNNING) | (dispute.resolved_on > day)
	rows = (
		frappe.qb.from_(dispute)
		.join(item)
		.on((item.parent == dispute.name) & (item.parenttype == LEDGER_DISPUTE))
		.select(item.voucher_no, item.payment_term, Sum(item.base_amount))
		.where((dispute.company == company) & (dispute.opened_on <= day))
		.where((dispute.status != _CANCELLED) & still_open)
		.groupby(item.voucher_no, item.payment_term)
		.run()
	)
	found: dict[tuple[str, str | None], Decimal] = {}
	for voucher, term, amount in rows:
		key = (voucher, term or None)
		found[key] = found.get(key, ZERO) + as_money(amount)
	return found


def costs(company: str, since: date, until: date) -> list[MoneyRow] | None:
	"""Return the cost of time logged for collecting; None where none ever was, or no activity is chosen for it."""
	activity = frappe.get_cached_doc(LEDGER_SETTINGS).get("kpi_activity_type")
	if not activity:
		return None
	sheet, detail = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	rows = (
		frappe.qb.from_(detail)
		.join(sheet)
		.on(detail.parent == sheet.name)
		.select(sheet.name, sheet.customer, detail.from_time, detail.base_costing_amount)
		.where((sheet.company == company) & (sheet.docstatus == 1))
		.where((detail.activity_type == activity) & (detail.from_time < add_days(until, 1)))
		.orderby(sheet.name, detail.idx)
		.run()
	)
	if not rows:
		return None
	found = [
		MoneyRow(name, customer or "", getdate(at), as_money(amount)) for name, customer, at, amount in rows
	]
	return [row for row in found if since <= row.posted and row.amount]


def unrated(company: str, since: date, until: date) -> list[tuple[str, str]]:
	"""Return (voucher, customer) of entries in another currency that amount to nothing in company currency: they have no rate.

	since: older ones are in no figure but what is open, and do not take every month's figures away for ever.
	"""
	ple = frappe.qb.DocType("Payment Ledger Entry")
	rows = (
		frappe.qb.from_(ple)
		.select(ple.voucher_no, ple.party)
		.distinct()
		.where((ple.company == company) & (ple.party_type == "Customer") & (ple.delinked == 0))
		.where((ple.posting_date >= since) & (ple.posting_date <= until))
		.where((ple.amount == 0) & (ple.amount_in_account_currency != 0))
		.orderby(ple.voucher_no)
		.limit(_MOST_NAMED)
		.run()
	)
	return [(voucher, customer) for voucher, customer in rows]


def written_since(company: str, moment: datetime) -> list[tuple[date, datetime]]:
	"""Return what was written after a moment of all that figures are made of: (the day it counts from, when it was last written)."""
	found: list[tuple[date, datetime]] = []
	for doctype, day in _SOURCES:
		table = frappe.qb.DocType(doctype)
		found += (
			frappe.qb.from_(table)
			.select(table[day], Max(table.modified))
			.where((table.company == company) & (table.modified > moment) & table[day].isnotnull())
			.groupby(table[day])
			.run()
		)
	return [(getdate(day), get_datetime(written)) for day, written in found]
