"""Ledgers with a past for early warnings: rows of invoices and payments as ERPNext keeps them, written at once instead of submitted one by one."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine
from client_ledger.core.early_warnings.facts import DatedAmount, WarningEvents
from client_ledger.site.rows import bulk_insert
from tests.bench import factories as f

COMPANY = "Early Warning Company"


def make_company() -> str:
	"""Return a company of these tests' own."""
	f.make_company(COMPANY, abbr="EWC")
	return COMPANY


def make_mail_account() -> None:
	"""Make an account that sends: whoever is assigned something is told by mail."""
	frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": "Early Warning Mail",
			"email_id": "warnings@example.com",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "localhost",
			"no_smtp_authentication": 1,
			"password": "x",
		}
	).insert(ignore_permissions=True, ignore_if_duplicate=True)


def invented(customers: int = 60, days: int = 800, seed: int = 7) -> WarningEvents:
	"""Return what happened with invented customers up to today; a fifth of them falls into distress.

	What is open has what was paid in part taken off, as the ledger says it.
	"""
	chance = random.Random(seed)
	today = getdate()
	first = today - timedelta(days=days)
	lines: list[TradeLine] = []
	parts: list[DatedAmount] = []
	for number in range(customers):
		name = f"EW Customer {number:03d}"
		distress = chance.randint(days // 3, days) if chance.random() < 0.5 else 10**6
		usual, terms = chance.gauss(2, 4), chance.choice((14, 30, 45))
		day = chance.randint(0, 20)
		while day < days:
			strain = min(max(day + terms - distress, 0) / 90, 1.0)
			issued = first + timedelta(days=day)
			due = BUSINESS_DAYS.effective(issued + timedelta(days=terms))
			late = round(chance.gauss(usual + 45 * strain, 3 + 3 * strain))
			paid = BUSINESS_DAYS.effective(max(due + timedelta(days=late), issued))
			amount, name_of = round(chance.uniform(200, 3000), 2), f"EW-{number:03d}-{day:04d}"
			left = amount
			if chance.random() < 0.02 + 0.4 * strain:
				on = paid - timedelta(days=chance.randint(3, 12))
				if issued < on <= today:
					part = round(amount * chance.uniform(0.2, 0.7), 2)
					parts.append(DatedAmount(name, on, part, name_of))
					left = round(amount - part, 2)
			settled = paid if paid <= today else None
			lines.append(
				TradeLine(name, name_of, issued, due, amount, settled, False, 0.0 if settled else left)
			)
			day += chance.randint(7, 30)
	return WarningEvents(lines=lines, parts=parts)


def store(events: WarningEvents, company: str = COMPANY) -> None:
	"""Write the invoices and payments of *events* into the site's tables, with their customers and accounts."""
	group, territory = f.first_leaf("Customer Group"), f.first_leaf("Territory")
	names = sorted({line.customer for line in events.lines})
	rows = [
		{
			"name": name,
			"customer_name": name,
			"customer_group": group,
			"territory": territory,
			"customer_type": "Company",
		}
		for name in names
		if not frappe.db.exists("Customer", name)
	]
	bulk_insert("Customer", rows)
	account = frappe.get_cached_value("Company", company, "default_receivable_account")
	currency = frappe.get_cached_value("Company", company, "default_currency")
	_store_invoices(events.lines, company, account, currency)
	bulk_insert(
		"Payment Ledger Entry",
		list(_entries(events.lines, events.parts, company, account, currency)),
	)


def _store_invoices(lines: Iterable[TradeLine], company: str, account: str, currency: str) -> None:
	bulk_insert(
		"Sales Invoice",
		[
			{
				"name": line.reference,
				"customer": line.customer,
				"customer_name": line.customer,
				"company": company,
				"docstatus": 1,
				"posting_date": line.issued,
				"due_date": line.due,
				"debit_to": account,
				"currency": currency,
				"party_account_currency": currency,
				"conversion_rate": 1,
				"is_return": 0,
				"grand_total": line.amount,
				"base_grand_total": line.amount,
				"base_net_total": line.amount,
				"net_total": line.amount,
				"status": "Paid" if line.settled_on else "Unpaid",
			}
			for line in lines
		],
	)


def _entries(
	lines: Iterable[TradeLine], parts: Iterable[DatedAmount], company: str, account: str, currency: str
) -> Iterable[dict]:
	paid: dict[str, list[DatedAmount]] = defaultdict(list)
	for one in parts:
		paid[one.reference].append(one)

	def entry(line: TradeLine, kind: str, voucher: str, day: date, amount: float) -> dict:
		return {
			"company": company,
			"docstatus": 1,
			"account": account,
			"account_type": "Receivable",
			"account_currency": currency,
			"party_type": "Customer",
			"party": line.customer,
			"voucher_type": kind,
			"voucher_no": voucher,
			"against_voucher_type": "Sales Invoice",
			"against_voucher_no": line.reference,
			"posting_date": day,
			"due_date": line.due,
			"amount": amount,
			"amount_in_account_currency": amount,
			"delinked": 0,
		}

	for line in lines:
		yield entry(line, "Sales Invoice", line.reference, line.issued, line.amount)
		left = line.amount
		for number, one in enumerate(paid[line.reference]):
			yield entry(line, "Payment Entry", f"{line.reference}-P{number}", one.day, -one.amount)
			left = round(left - one.amount, 2)
		if line.settled_on:
			yield entry(line, "Payment Entry", f"{line.reference}-P", line.settled_on, -left)


def of_customers(events: WarningEvents, names: Iterable[str]) -> WarningEvents:
	"""Return the events of some customers."""
	wanted = set(names)
	return replace(
		events,
		lines=[line for line in events.lines if line.customer in wanted],
		parts=[one for one in events.parts if one.customer in wanted],
	)
