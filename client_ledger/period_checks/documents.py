"""The documents that a check asks about: what is allocated to nothing, what is not answered, what runs for too long."""

from datetime import timedelta

import frappe
from frappe.utils import cint

from client_ledger.collections.disputes import RUNNING_STATUSES
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.core.period_checks import ListStatus
from client_ledger.period_checks.books import PeriodBooks, Thing
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CHECK_LIST, LEDGER_DISPUTE, LEDGER_SETTINGS

LONG_RUNNING_DAYS = 30
AWAITING_REPLY, NO_REPLY = "Awaiting Reply", "No Reply"


def receipts(books: PeriodBooks) -> list[Thing]:
	"""Return what customers have paid that is allocated to nothing."""
	return [_credit(item) for item in books.credits if item.voucher.doctype != SALES_INVOICE]


def credit_notes(books: PeriodBooks) -> list[Thing]:
	"""Return credit notes that are allocated to nothing, and invoices that are paid more than once."""
	return [_credit(item) for item in books.credits if item.voucher.doctype == SALES_INVOICE]


def _credit(item: OpenItem) -> Thing:
	return Thing(
		item.voucher.doctype,
		item.voucher.name,
		-item.outstanding,
		item.currency,
		item.customer,
		item.posting_date,
		base_amount=-item.base_outstanding,
	)


def bank_transactions(books: PeriodBooks) -> list[Thing]:
	"""Return money that has arrived at a bank and is matched with nothing, or with less than it is."""
	rows = frappe.get_all(
		"Bank Transaction",
		{
			"company": books.company,
			"docstatus": 1,
			"date": ("<=", books.period.as_of),
			"deposit": (">", 0),
			"unallocated_amount": (">", 0),
		},
		["name", "date", "unallocated_amount", "currency", "party_type", "party", "reference_number"],
		order_by="date, name",
	)
	return [
		Thing(
			"Bank Transaction",
			row.name,
			as_money(row.unallocated_amount),
			row.currency or books.currency,
			row.party if row.party_type == "Customer" else "",
			row.date,
			row.reference_number or "",
		)
		for row in rows
	]


def confirmations(books: PeriodBooks) -> list[Thing]:
	"""Return balance confirmations that wait for an answer, and those of this period that never got one."""
	first, last = books.period
	rows = [
		*_unanswered(books, AWAITING_REPLY, ("<=", last)),
		*_unanswered(books, NO_REPLY, ("between", (first, last))),
	]
	return [
		Thing(
			BALANCE_CONFIRMATION,
			row.name,
			as_money(row.our_balance),
			row.currency,
			row.customer,
			row.as_of,
			base_amount=as_money(row.base_balance),
		)
		for row in rows
	]


def _unanswered(books: PeriodBooks, status: str, as_of: tuple) -> list[frappe._dict]:
	return frappe.get_all(
		BALANCE_CONFIRMATION,
		{"company": books.company, "status": status, "as_of": as_of},
		["name", "customer", "currency", "our_balance", "base_balance", "as_of"],
		order_by="as_of, name",
	)


def disputes(books: PeriodBooks) -> list[Thing]:
	"""Return disputes that were open for too long on the period's last day."""
	last = books.period.as_of
	filters = {
		"company": books.company,
		"opened_on": ("<=", last - timedelta(days=long_running_days())),
	}
	fields = ["name", "customer", "currency", "amount", "base_amount", "opened_on", "status", "resolved_on"]
	return [
		Thing(
			LEDGER_DISPUTE,
			row.name,
			as_money(row.amount),
			row.currency,
			row.customer,
			row.opened_on,
			base_amount=as_money(row.base_amount),
		)
		for row in frappe.get_all(LEDGER_DISPUTE, filters, fields, order_by="opened_on, name")
		if row.status in RUNNING_STATUSES or (row.resolved_on and row.resolved_on > last)
	]


def long_running_days() -> int:
	"""Return after how many days a dispute runs for too long."""
	return cint(frappe.get_cached_doc(LEDGER_SETTINGS).get("check_dispute_days")) or LONG_RUNNING_DAYS


def credit_balances(books: PeriodBooks) -> list[Thing]:
	"""Return customers that owe less than nothing."""
	balances = books.ledger.balances(books.scope, books.period.as_of)
	return [
		Thing("Customer", key.customer, -amount, customer=key.customer)
		for key, amount in sorted(balances.items(), key=lambda one: one[0].customer)
		if amount < 0
	]


def shorter_lists(books: PeriodBooks) -> list[Thing]:
	"""Return the lists of this period's months or quarters that are not approved. Months without a list are not asked for."""
	first, last = books.period
	shorter = books.kind.shorter
	rows = frappe.get_all(
		CHECK_LIST,
		{
			"company": books.company,
			"period_kind": shorter.value if shorter else "",
			"from_date": (">=", first),
			"to_date": ("<=", last),
			"status": ("!=", ListStatus.APPROVED.value),
		},
		["name", "to_date", "title"],
		order_by="to_date",
	)
	return [Thing(CHECK_LIST, row.name, day=row.to_date, text=row.title) for row in rows]
