"""What is measured: ours, ERPNext's own reports, and the bare query that neither can beat by much.

A case is a function of a Question; it returns what the comparison needs to see that the figures agree.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from client_ledger.core.account import AccountKey, Position, positions
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.reader import Scope

RANGES = (30, 60, 90, 120)

BARE = """
select party, account, against_voucher_type, against_voucher_no, sum(amount)
from `tabPayment Ledger Entry`
where party_type = 'Customer' and account in %(accounts)s and delinked = 0 and posting_date <= %(as_of)s
	{of_customer}
group by party, account, against_voucher_type, against_voucher_no
having sum(amount) <> 0"""


class Question(NamedTuple):
	"""Whose ledger is asked for (None: all customers'), in which company, as of which day."""

	company: str
	as_of: date
	customer: str | None = None


def open_items(question: Question) -> list[OpenItem]:
	"""Ours: every open item, by payment term."""
	from client_ledger.ledger.site import site_ledger

	customers = (question.customer,) if question.customer else None
	return site_ledger().open_items(Scope((question.company,), customers), question.as_of)


def ageing(question: Question) -> dict[AccountKey, Position]:
	"""Ours: balance, overdue and ageing buckets of every customer."""
	return dict(positions(open_items(question), question.as_of, RANGES))


def bare_query(question: Question) -> list[tuple]:
	"""The least anyone can do: one grouped query over the covering index, its rows left as they come."""
	import frappe

	accounts = frappe.get_all(
		"Account", {"account_type": "Receivable", "is_group": 0, "company": question.company}, pluck="name"
	)
	of_customer = "and party = %(customer)s" if question.customer else ""
	parameters = {"accounts": accounts, "as_of": question.as_of, "customer": question.customer}
	return frappe.db.sql(BARE.format(of_customer=of_customer), parameters)


def accounts_receivable(
	question: Question, by_terms: bool = False, customers: list[str] | None = None
) -> list[dict]:
	"""ERPNext's Accounts Receivable, of *customers* where the question names none."""
	from erpnext.accounts.report.accounts_receivable.accounts_receivable import execute

	filters = _filters(question, by_terms)
	if customers:
		filters.party = customers
	return execute(filters)[1]


def accounts_receivable_summary(question: Question) -> list[dict]:
	"""ERPNext's Accounts Receivable Summary."""
	from erpnext.accounts.report.accounts_receivable_summary.accounts_receivable_summary import execute

	return execute(_filters(question))[1]


def first_page(question: Question) -> object:
	"""Ours: the newest fifty movements with running balance and status."""
	from client_ledger.ledger.site import site_ledger

	return site_ledger().page(question.customer, (question.company,), question.as_of)


def ledger_tab(question: Question) -> object:
	"""Ours: what opening the Ledger tab waits for: company, figures, ageing, orders and the first page."""
	from client_ledger.ledger_tab.api import customer_ledger

	return customer_ledger(question.customer, lines=50)


def after_the_tab(question: Question) -> object:
	"""Ours: what is filled into the open tab when it comes: chart, days to pay, whether the balance ties."""
	from client_ledger.ledger_tab.api import customer_payment_history, gl_reconciliation

	of_customer = question.customer, question.company
	return customer_payment_history(*of_customer), gl_reconciliation(*of_customer)


def finding(question: Question) -> object:
	"""Ours: the newest entries that hold a number few documents have, of the whole ledger."""
	from client_ledger.ledger_tab.api import customer_ledger_page

	return customer_ledger_page(question.customer, question.company, find="0777")


def nothing(question: Question) -> None:
	"""No work at all: what a process needs before it begins."""


def _filters(question: Question, by_terms: bool = False) -> dict:
	import frappe

	filters = frappe._dict(
		company=question.company,
		report_date=str(question.as_of),
		party_type="Customer",
		ageing_based_on="Due Date",
		calculate_ageing_with="Report Date",
		range=", ".join(map(str, RANGES)),
		based_on_payment_terms=int(by_terms),
	)
	if question.customer:
		filters.party = [question.customer]
	return filters


CASES: dict[str, Callable[[Question], object]] = {
	"open items": open_items,
	"ageing by customer": ageing,
	"bare query": bare_query,
	"Accounts Receivable": accounts_receivable,
	"Accounts Receivable Summary": accounts_receivable_summary,
	"first page": first_page,
	"ledger tab": ledger_tab,
	"after the tab": after_the_tab,
	"finding in it": finding,
	"nothing": nothing,
}
