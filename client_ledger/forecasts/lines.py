"""The invoices of a company as a forecast needs them: each in the currency of its account, with the parts that were paid of it.

trade rows, entries per invoice and day, in batches of customers -> CompanyLines
"""

import sys
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import flt, getdate

from client_ledger.core.credit.lateness import Calendar, TradeLine
from client_ledger.credit.grades.trade import CUSTOMERS_AT_ONCE, calendar_of, customers_of
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Ledger, Scope, TradeRow
from client_ledger.ledger.site import site_ledger

# Sums of floats may miss an amount by so much.
_TOLERANCE = 0.01


@dataclass(slots=True)
class CompanyLines:
	"""Invoices per currency, as they are by now. parts: what was paid of those not paid in one go. terms: of each customer's
	latest invoice, its day, the days to its due date, and the currency of its account."""

	lines: dict[str, list[TradeLine]] = field(default_factory=dict)
	parts: dict[str, tuple[tuple[date, float], ...]] = field(default_factory=dict)
	terms: dict[str, tuple[date, int, str]] = field(default_factory=dict)

	@property
	def all(self) -> list[TradeLine]:
		"""Every invoice: how late people pay does not hang on the currency."""
		return [line for lines in self.lines.values() for line in lines]

	@property
	def first(self) -> date | None:
		"""The day of the first invoice; None where there is none."""
		return min((line.issued for lines in self.lines.values() for line in lines), default=None)


def read_lines(company: str, today: date, disputed: Collection[str] = ()) -> CompanyLines:
	"""Return the invoices of *company*. disputed: names of invoices in dispute, of which nothing is learnt."""
	ledger, calendar, found = site_ledger(), calendar_of(company), CompanyLines()
	days: dict[date, date] = {}
	for customers in chunks(customers_of(company), CUSTOMERS_AT_ONCE):
		rows = ledger.trade_rows(Scope((company,), tuple(customers)), today)
		paid = _paid(company, customers, today)
		for row in rows:
			_add(found, row, paid.get(row.name, {}), ledger, calendar, row.name in disputed, days)
	return found


def _add(
	found: CompanyLines,
	row: TradeRow,
	paid: Mapping[date, float],
	ledger: Ledger,
	calendar: Calendar,
	disputed: bool,
	days: dict[date, date],
) -> None:
	due = calendar.effective(row.due_date or row.posting_date)
	customer, currency = sys.intern(row.customer), ledger.accounts[row.account].currency
	# Of few days there are many: each is kept once.
	issued, due = days.setdefault(row.posting_date, row.posting_date), days.setdefault(due, due)
	settled_on = row.settled_on and days.setdefault(row.settled_on, row.settled_on)
	left = None if settled_on else float(row.outstanding)
	amount = float(row.amount)
	line = TradeLine(customer, row.name, issued, due, amount, settled_on, disputed, left)
	found.lines.setdefault(currency, []).append(line)
	terms = (issued, (due - issued).days, currency)
	found.terms[customer] = max(terms, found.terms.get(customer, terms))
	parts = tuple((max(day, issued), sum_) for day, sum_ in sorted(paid.items()) if sum_)
	if _says_more(parts, line):
		found.parts[row.name] = parts


def _says_more(parts: Sequence[tuple[date, float]], line: TradeLine) -> bool:
	"""Return whether payments tell more than the day it was settled, and amount to what the ledger says: what was moved between
	accounts is no payment, and is known only there."""
	if not parts or (len(parts) == 1 and parts[0][0] == line.settled_on):
		return False
	left = line.outstanding or 0.0
	return abs(sum(amount for _day, amount in parts) - (line.amount - left)) < _TOLERANCE


def _paid(company: str, customers: Sequence[str], today: date) -> dict[str, dict[date, float]]:
	"""Return what was paid or credited of each invoice on each day, in the currency of its account."""
	entry = frappe.qb.DocType("Payment Ledger Entry")
	rows = (
		frappe.qb.from_(entry)
		.select(entry.against_voucher_no, entry.posting_date, Sum(entry.amount_in_account_currency))
		.where(entry.party_type == "Customer")
		.where(entry.party.isin(list(customers)))
		.where(entry.company == company)
		.where(entry.against_voucher_type == "Sales Invoice")
		# What was paid at the counter is an entry of the invoice's own.
		.where((entry.voucher_no != entry.against_voucher_no) | (entry.amount_in_account_currency < 0))
		.where(entry.delinked == 0)
		.where(entry.posting_date <= today)
		.groupby(entry.against_voucher_no, entry.posting_date)
		.run()
	)
	found: dict[str, dict[date, float]] = defaultdict(dict)
	for name, day, amount in rows:
		found[name][getdate(day)] = -flt(amount)
	return found


def currency_of_lines(found: CompanyLines) -> dict[str, str]:
	"""Return the currency of every invoice by its name."""
	return {line.reference: currency for currency, lines in found.lines.items() for line in lines}
