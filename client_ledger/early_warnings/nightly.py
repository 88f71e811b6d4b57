"""Every night, for companies that have switched warnings on: look at customers, raise, end, wake, settle; once a month the records again.

A night looks at whom something happened with, who owes something, and who has a warning that runs; of all others at every
seventh, so that a silence (an order that does not come) is seen within a week. The company itself is looked at every night.
"""

import time
from collections.abc import Sequence
from datetime import date, datetime
from zlib import crc32

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.core.early_warnings.company import CompanyTotals, company_facts
from client_ledger.core.early_warnings.defaults import Defaults
from client_ledger.core.early_warnings.facts import CompanyDay, WarningEvents, WarningFacts
from client_ledger.core.early_warnings.replay import LEAST_SERIOUS
from client_ledger.core.early_warnings.signals import COMPANY, RaisedSignal, SignalScope, raised
from client_ledger.core.early_warnings.walk import CustomerWalk
from client_ledger.credit.grades.trade import CUSTOMERS_AT_ONCE
from client_ledger.early_warnings import outcomes, reading, replaying, responsible, rows
from client_ledger.early_warnings.shared_data import shared_with
from client_ledger.early_warnings.signals import active_signals
from client_ledger.early_warnings.statuses import OPEN, SNOOZED
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import CLIENT_ACCOUNT, EARLY_WARNING, WARNING_SETUP
from client_ledger.site.jobs import TITLE_LENGTH, safely

DAYS_OF_A_ROUND = 7
# A company's own signals need a year to compare with.
COMPANY_MONTHS = 14


def look_again() -> None:
	"""Look at every company that wants warnings. Commits; what fails in one is logged and stops no other.

	Where warnings were switched off, those there are still wake, find whose they are, and get their outcome.
	"""
	today = getdate()
	for row in frappe.get_all(WARNING_SETUP, fields=["name", "enabled"], order_by="name"):
		safely(
			f"{row.name}: early warnings failed"[:TITLE_LENGTH],
			lambda row=row: _company(row.name, today, bool(row.enabled)),
		)


def _company(company: str, today: date, is_on: bool) -> None:
	if is_on and _is_record_old(company, today):
		# With the last records where that fails: they are better than no warnings.
		safely(f"{company}: not replayed"[:TITLE_LENGTH], lambda: replaying.replay(company, today))
	if is_on:
		look(company, today)
	wake(company, today)
	responsible.hand_over(company)
	outcomes.settle(company, today)


def _is_record_old(company: str, today: date) -> bool:
	"""Return whether the records are of another month."""
	on = frappe.db.get_value(WARNING_SETUP, company, "replayed_on")
	return not on or getdate(on).replace(day=1) < today.replace(day=1)


def look(company: str, today: date, everybody: bool = False) -> rows.Written:
	"""Look at the customers whose turn it is (or at everybody), and write what is raised; return what was written. Commits.

	Done again after it was killed, it writes what is missing and nothing twice.
	"""
	began, moment = time.monotonic(), now_datetime()
	since = None if everybody else frappe.db.get_value(WARNING_SETUP, company, "looked_on")
	customers = _customers(company, today, since)
	night = _Night(company, today)
	total = rows.Written()
	for batch in chunks(customers, CUSTOMERS_AT_ONCE):
		written = night.look_at(batch)
		total = rows.Written(*(a + b for a, b in zip(total, written, strict=True)))
	total = rows.Written(*(a + b for a, b in zip(total, night.look_at_company(), strict=True)))
	frappe.db.set_value(
		WARNING_SETUP,
		company,
		{
			"looked_on": moment,
			"looked_at": len(customers),
			"night_seconds": round(time.monotonic() - began, 1),
		},
		update_modified=False,
	)
	frappe.db.commit()  # nosemgrep: until when this night has looked
	return total


class _Night:
	"""What looking at customers needs, read once a night."""

	def __init__(self, company: str, today: date):
		self.company, self.today = company, today
		serious = frappe.db.get_value(WARNING_SETUP, company, "serious_days")
		self.day = CompanyDay(today, max(serious or 0, LEAST_SERIOUS))
		found = active_signals(company)
		self.signals, self.parameters = found.of(SignalScope.CUSTOMER), found.parameters
		self.company_signals = found.of(SignalScope.COMPANY)
		periods = reading.defaults_today(company, today)
		self.defaults = Defaults(periods)
		self.reader = reading.EventReader(company, today, shared_with(periods))
		self.score = replaying.score_of(company)

	def look_at(self, customers: Sequence[str]) -> rows.Written:
		"""Look at some customers and write what is raised; who cannot be looked at is logged and left for tomorrow. Commits."""
		found: list[RaisedSignal] = []
		scores: dict[str, float] = {}
		seen: set[str] = set()
		for customer, events in self.reader.of(customers).items():
			try:
				facts = self._facts(customer, events)
				fired = raised(facts, self.signals, self.parameters) if facts else []
			except (ArithmeticError, LookupError, TypeError, ValueError):
				title = f"{self.company}: {customer} not looked at"[:TITLE_LENGTH]
				frappe.log_error(title=title, reference_doctype="Customer", reference_name=customer)
				continue
			seen.add(customer)
			if facts and fired:
				found += fired
				scores[customer] = self._score(facts)
		return rows.write(self.company, found, self.today, seen, self.day.serious_days, scores)

	def _facts(self, customer: str, events: WarningEvents) -> WarningFacts | None:
		walk = CustomerWalk(customer, events)
		return walk.at(self.day, self.defaults) if walk.is_known(self.today) else None

	def look_at_company(self) -> rows.Written:
		"""Look at the company as a whole, which takes all its customers, and write what is raised. Commits."""
		totals = CompanyTotals(self.today, self.day.serious_days, COMPANY_MONTHS)
		for customer, events in self.reader.trade(reading.customers_with_entries(self.company)):
			totals.add(CustomerWalk(customer, events))
		found = raised(company_facts(totals), self.company_signals, self.parameters)
		return rows.write(self.company, found, self.today, {COMPANY})

	def _score(self, facts: WarningFacts) -> float:
		return self.score.of(facts) if self.score else 0.0


def _customers(company: str, today: date, since: datetime | None) -> list[str]:
	everybody = reading.customers_with_entries(company)
	if since is None:
		return everybody
	wanted = reading.changed_customers(company, since)
	wanted |= set(
		frappe.get_all(
			CLIENT_ACCOUNT, {"company": company, "receivable": (">", 0)}, pluck="customer", order_by="name"
		)
	)
	wanted |= set(
		frappe.get_all(
			EARLY_WARNING,
			{"company": company, "ended_on": ("is", "not set"), "customer": ("is", "set")},
			pluck="customer",
			distinct=True,
			order_by="customer",
		)
	)
	turn = today.toordinal() % DAYS_OF_A_ROUND
	return [name for name in everybody if name in wanted or crc32(name.encode()) % DAYS_OF_A_ROUND == turn]


def wake(company: str, today: date) -> int:
	"""Open the warnings again that were snoozed until today; return how many. Commits."""
	names = frappe.get_all(
		EARLY_WARNING,
		{"company": company, "status": SNOOZED, "snoozed_until": ("<=", today)},
		pluck="name",
		order_by="name",
	)
	for name in names:
		frappe.db.set_value(EARLY_WARNING, name, {"status": OPEN, "snoozed_until": None})
	frappe.db.commit()  # nosemgrep: what is open again
	return len(names)
