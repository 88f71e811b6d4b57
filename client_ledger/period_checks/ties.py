"""Whether the ledgers tie: receivable accounts with the General Ledger, client accounts with what they are calculated from."""

from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import getdate

from client_ledger.accounts.compute import FigureSource
from client_ledger.accounts.verify import check_accounts
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.period_checks.books import PeriodBooks, Thing
from client_ledger.site.doctypes import CLIENT_ACCOUNT, REFRESH_MARK
from client_ledger.site.settings import get_settings

NO_PARTY = marked("No Party")


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
