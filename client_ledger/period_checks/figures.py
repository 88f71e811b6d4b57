"""What the checks of a period find on a site: figures as of the period's end, and the documents behind them.

Each function returns Things; what they come to is the same for all checks.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import cint, getdate

from client_ledger.accounts.compute import FigureSource
from client_ledger.accounts.verify import check_accounts
from client_ledger.collections.disputes import RUNNING_STATUSES
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.core.open_items import OpenItem
from client_ledger.core.period_checks import Figure, ListStatus, PeriodCheck, PeriodKind, fingerprint
from client_ledger.core.statements.periods import Period
from client_ledger.ledger.results import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import (
	BALANCE_CONFIRMATION,
	CHECK_LIST,
	CLIENT_ACCOUNT,
	LEDGER_DISPUTE,
	LEDGER_SETTINGS,
	REFRESH_MARK,
)
from client_ledger.site.settings import get_settings

# Of so many documents it is kept which they are; of all of them, how many and what they come to.
MOST_KEPT = 100
LONG_RUNNING_DAYS = 30
NO_PARTY = marked("No Party")
AWAITING_REPLY, NO_REPLY = "Awaiting Reply", "No Reply"


class Thing(NamedTuple):
	"""A document that a check found. amount: what it counts for; text: what else there is to say of it."""

	doctype: str
	name: str
	amount: Decimal = ZERO
	currency: str = ""
	customer: str = ""
	day: date | None = None
	text: str = ""
	# In company currency, where the amount is in another.
	base_amount: Decimal | None = None


class CheckReading(NamedTuple):
	"""A check's figure, and as JSON the amounts per currency and the documents behind it."""

	figure: Figure
	details: str


@dataclass
class PeriodBooks:
	"""The books of a company for a period. What several checks need is read once."""

	company: str
	kind: PeriodKind
	period: Period
	compared: list[dict[str, Any]] = field(default_factory=list)

	@cached_property
	def ledger(self) -> Any:
		"""The site's ledger."""
		return site_ledger()

	@cached_property
	def scope(self) -> Scope:
		"""All customers of the company."""
		return Scope((self.company,))

	@cached_property
	def currency(self) -> str:
		"""The company's currency."""
		return frappe.get_cached_value("Company", self.company, "default_currency")

	@cached_property
	def credits(self) -> list[OpenItem]:
		"""What customers have to their credit on the period's last day."""
		return [
			item for item in self.ledger.open_items(self.scope, self.period.as_of) if item.outstanding < 0
		]


def has_ledger(company: str, as_of: date) -> bool:
	"""Return whether any customer has an entry with *company* up to a day."""
	filters = {"company": company, "party_type": "Customer", "posting_date": ("<=", as_of), "delinked": 0}
	return bool(frappe.db.exists("Payment Ledger Entry", filters))


def read(books: PeriodBooks, checks: Iterable[PeriodCheck]) -> list[CheckReading]:
	"""Return what *checks* find. Commits before accounts are compared with the ledger, for one snapshot of both."""
	return [_reading(check, READERS[check](books), books) for check in checks]


def _reading(check: PeriodCheck, things: Sequence[Thing], books: PeriodBooks) -> CheckReading:
	amounts: dict[str, Decimal] = {}
	base = ZERO
	for thing in things:
		currency = thing.currency or books.currency
		amounts[currency] = amounts.get(currency, ZERO) + thing.amount
		if thing.base_amount is not None:
			base += thing.base_amount
		elif currency == books.currency:
			base += thing.amount
	marks = fingerprint(
		(one.doctype, one.name, one.customer, one.text, f"{rounded(one.amount, 2):f}") for one in things
	)
	kept = sorted(things, key=lambda one: (-abs(one.base_amount or one.amount), one.name))[:MOST_KEPT]
	details: dict[str, Any] = {
		"amounts": [
			{"currency": code, "amount": float(rounded(amount, 2))}
			for code, amount in sorted(amounts.items())
			if amount
		],
		"rows": [_row(one, books.currency) for one in kept],
		"more": len(things) - len(kept),
	}
	if check is PeriodCheck.GENERAL_LEDGER:
		details["compared"] = books.compared
	figure = Figure(check, len(things), rounded(base, 2), marks)
	return CheckReading(figure, json.dumps(details, ensure_ascii=False))


def _row(one: Thing, currency: str) -> dict[str, Any]:
	return {
		"doctype": one.doctype,
		"name": one.name,
		"customer": one.customer,
		"date": str(one.day) if one.day else None,
		"amount": float(rounded(one.amount, 2)),
		"currency": one.currency or currency,
		"text": one.text,
	}


# --- the checks ---


def general_ledger(books: PeriodBooks) -> list[Thing]:
	"""Return customers and accounts whose balance in the General Ledger is not that of the Payment Ledger.

	An entry of a receivable account that names no party is in no customer's balance: its account is found, too. What is
	booked there for other parties, such as employees, is no receivable from customers.
	"""
	sums = {account.name: [ZERO, ZERO] for account in _receivables(books)}
	found = []
	for key, both in books.ledger.reconcile(books.scope, books.period.as_of).items():
		for one in both.accounts:
			sums[one.account][0] += one.payment_ledger
			sums[one.account][1] += one.general_ledger
		found += [
			Thing("Account", one.account, one.difference, customer=key.customer) for one in both.differing
		]
	without_party = _without_party(books, list(sums))
	found += [Thing("Account", account, amount, text=NO_PARTY) for account, amount in without_party.items()]
	books.compared = [
		{
			"account": account,
			"payment_ledger": float(rounded(payment, 2)),
			"general_ledger": float(rounded(general + without_party.get(account, ZERO), 2)),
		}
		for account, (payment, general) in sorted(sums.items())
		if payment or general or account in without_party
	]
	return found


def _receivables(books: PeriodBooks) -> list[Any]:
	return [account for account in books.ledger.accounts.values() if account.company == books.company]


def _without_party(books: PeriodBooks, accounts: list[str]) -> dict[str, Decimal]:
	if not accounts:
		return {}
	gle = frappe.qb.DocType("GL Entry")
	rows = (
		frappe.qb.from_(gle)
		.select(gle.account, Sum(gle.debit - gle.credit))
		.where(gle.account.isin(accounts) & (gle.is_cancelled == 0))
		.where((gle.posting_date <= books.period.as_of) & (gle.party.isnull() | (gle.party == "")))
		.groupby(gle.account)
		.run()
	)
	return {account: amount for account, value in rows if (amount := rounded(as_money(value), 2))}


def client_accounts(books: PeriodBooks) -> list[Thing]:
	"""Return client accounts that are not what the ledger says today, but for those that wait to be refreshed."""
	source = FigureSource(books.ledger, (books.company,), getdate(), get_settings())
	waiting = set(frappe.get_all(REFRESH_MARK, pluck="customer", order_by=None))
	named = set(
		frappe.get_all(CLIENT_ACCOUNT, {"company": books.company}, pluck="customer", order_by=None)
	) | {key.customer for key in books.ledger.balances(books.scope, source.today)}
	findings = check_accounts(source, sorted(named - waiting))
	fields: dict[str, list[str]] = {}
	for one in findings.mismatches:
		fields.setdefault(one.customer, []).append(one.field)
	for customer, _company in findings.missing:
		fields[customer] = []
	return [
		Thing("Customer", customer, customer=customer, text=", ".join(sorted(of)))
		for customer, of in sorted(fields.items())
	]


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


READERS: dict[PeriodCheck, Callable[[PeriodBooks], list[Thing]]] = {
	PeriodCheck.GENERAL_LEDGER: general_ledger,
	PeriodCheck.CLIENT_ACCOUNTS: client_accounts,
	PeriodCheck.RECEIPTS: receipts,
	PeriodCheck.CREDIT_NOTES: credit_notes,
	PeriodCheck.BANK: bank_transactions,
	PeriodCheck.CONFIRMATIONS: confirmations,
	PeriodCheck.DISPUTES: disputes,
	PeriodCheck.CREDIT_BALANCES: credit_balances,
	PeriodCheck.SHORTER_LISTS: shorter_lists,
}
