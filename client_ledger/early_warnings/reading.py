"""What happened with customers, as the signals need it: read for many customers at once, from the site's documents.

ledger, orders, disputes, promises, cases, statements, limits, grades  ->  WarningEvents of each customer
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.query_builder.functions import Max, Sum
from frappe.utils import flt, getdate
from pypika.queries import QueryBuilder, Table

from client_ledger.collections import disputes
from client_ledger.collections.promises.reads import FAILED
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.early_warnings.defaults import DEFAULT_DAYS
from client_ledger.core.early_warnings.facts import (
	DatedAmount,
	GivenGrade,
	GivenLimit,
	SentStatement,
	SharedData,
	WarningEvents,
)
from client_ledger.credit.grades.scorecards import active_scorecard
from client_ledger.credit.grades.trade import CUSTOMERS_AT_ONCE, trade_lines
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	CREDIT_ASSESSMENT,
	CREDIT_LIMIT,
	CREDIT_SNAPSHOT,
	CUSTOMER_STATEMENT,
	ESCALATION_CASE,
	LEDGER_DISPUTE,
	PROMISE_TO_PAY,
	WRITE_OFF_REQUEST,
)

Grouped = Mapping[str, Sequence[Any]]
_PAYING = ("Payment Entry", "Journal Entry")


class EventReader:
	"""Reads the events of a company's customers as of *today*. shared: what customers share with others, by customer."""

	def __init__(
		self,
		company: str,
		today: date,
		shared: Mapping[str, Sequence[SharedData]] | None = None,
		grades: Grouped | None = None,
	):
		self.company, self.today = company, today
		self.shared = shared or {}
		# Of months of which no grades are stored.
		self.grades = grades or {}
		site = active_scorecard(company)
		self.places = {grade: place for place, grade in enumerate(site.scorecard.grades)} if site else {}
		self.disputed = frozenset(disputes.invoices_in_dispute(company))

	def trade(self, customers: Sequence[str]) -> Iterator[tuple[str, WarningEvents]]:
		"""Yield of each of *customers* what its balance is made of: invoices and part payments, nothing else."""
		for batch in chunks(customers, CUSTOMERS_AT_ONCE):
			lines = self._lines(batch)
			parts = self._parts(batch, lines)
			for customer in batch:
				yield customer, WarningEvents(lines.get(customer, ()), parts=tuple(parts.get(customer, ())))

	def each(self, customers: Sequence[str]) -> Iterator[tuple[str, WarningEvents]]:
		"""Yield the events of each of *customers*; a batch is read at once and then forgotten."""
		for batch in chunks(customers, CUSTOMERS_AT_ONCE):
			yield from self.of(batch).items()

	def of(self, customers: Sequence[str]) -> dict[str, WarningEvents]:
		"""Return the events of *customers*."""
		lines = self._lines(customers)
		found = {
			"parts": self._parts(customers, lines),
			"orders": self._orders(customers),
			"credit_notes": self._credit_notes(customers),
			"disputes": self._dated(LEDGER_DISPUTE, "opened_on", "base_amount", customers),
			"broken_promises": self._broken(customers),
			"exposures": self._exposures(customers),
			"statements": self._statements(customers),
			"limits": self._limits(customers),
			"grades": self._grades(customers),
			"shared": self.shared,
		}
		return {
			customer: WarningEvents(
				lines.get(customer, ()),
				**{name: tuple(rows.get(customer, ())) for name, rows in found.items()},
			)
			for customer in customers
		}

	def _lines(self, customers: Sequence[str]) -> dict[str, list[TradeLine]]:
		return _grouped(trade_lines(self.company, self.today, customers, disputed=self.disputed))

	def _parts(self, customers: Sequence[str], lines: Mapping[str, Sequence[TradeLine]]) -> Grouped:
		"""Return what was paid in part: money against an invoice that was not settled by it."""
		settled = {line.reference: line.settled_on for rows in lines.values() for line in rows}
		entry, invoice = frappe.qb.DocType("Payment Ledger Entry"), frappe.qb.DocType("Sales Invoice")
		query = (
			frappe.qb.from_(entry)
			.join(invoice)
			.on(invoice.name == entry.against_voucher_no)
			.select(entry.party, entry.posting_date, Sum(entry.amount), entry.against_voucher_no)
			.where((entry.company == self.company) & (entry.party_type == "Customer"))
			.where(entry.party.isin(customers) & (entry.posting_date <= self.today) & (entry.delinked == 0))
			.where((entry.against_voucher_type == "Sales Invoice") & entry.voucher_type.isin(_PAYING))
			.groupby(entry.party, entry.against_voucher_no, entry.posting_date, invoice.base_grand_total)
			# A payment of nearly all of it pays it.
			.having((Sum(entry.amount) < 0) & (-Sum(entry.amount) < invoice.base_grand_total * 0.99))
		)
		return _grouped(
			DatedAmount(customer, getdate(day), -flt(amount), name)
			for customer, day, amount, name in query.run()
			if name in settled and (settled[name] is None or getdate(day) < settled[name])
		)

	def _orders(self, customers: Sequence[str]) -> Grouped:
		return self._documents("Sales Order", "transaction_date", "base_net_total", customers)

	def _credit_notes(self, customers: Sequence[str]) -> Grouped:
		return self._documents(
			"Sales Invoice",
			"posting_date",
			"base_grand_total",
			customers,
			lambda table, query: query.where(table.is_return == 1),
			sign=-1,
		)

	def _documents(
		self,
		doctype: str,
		day: str,
		amount: str,
		customers: Sequence[str],
		more: Callable[[Table, QueryBuilder], QueryBuilder] | None = None,
		sign: int = 1,
	) -> Grouped:
		table = frappe.qb.DocType(doctype)
		query = (
			frappe.qb.from_(table)
			.select(table.customer, table[day], table[amount], table.name)
			.where((table.company == self.company) & table.customer.isin(customers))
			.where((table.docstatus == 1) & (table[day] <= self.today))
		)
		rows = (more(table, query) if more else query).run()
		return _grouped(
			DatedAmount(who, getdate(on), sign * flt(value), name) for who, on, value, name in rows
		)

	def _dated(
		self, doctype: str, day: str, amount: str, customers: Sequence[str], **filters: object
	) -> Grouped:
		rows = frappe.get_all(
			doctype,
			{"company": self.company, "customer": ("in", customers), day: ("<=", self.today), **filters},
			["customer", day, amount, "name"],
			order_by=f"{day}, name",
		)
		return _grouped(
			DatedAmount(row.customer, getdate(row[day]), flt(row[amount]), row.name) for row in rows
		)

	def _broken(self, customers: Sequence[str]) -> Grouped:
		return self._dated(PROMISE_TO_PAY, "decided_on", "base_amount", customers, status=("in", FAILED))

	def _exposures(self, customers: Sequence[str]) -> Grouped:
		"""Return today's exposure: of past days nobody kept it, and the balance stands for it."""
		rows = frappe.get_all(
			CLIENT_ACCOUNT,
			{"company": self.company, "customer": ("in", customers)},
			["customer", "credit_exposure"],
			order_by="name",
		)
		return _grouped(DatedAmount(row.customer, self.today, flt(row.credit_exposure)) for row in rows)

	def _statements(self, customers: Sequence[str]) -> Grouped:
		"""Return the statements that reached a customer who has ever been seen to read one."""
		rows = frappe.get_all(
			CUSTOMER_STATEMENT,
			{"company": self.company, "customer": ("in", customers), "sent_on": ("is", "set")},
			["customer", "sent_on", "seen_on"],
			order_by="sent_on, name",
		)
		return _grouped(
			SentStatement(row.customer, getdate(row.sent_on), row.seen_on and getdate(row.seen_on))
			for row in rows
		)

	def _limits(self, customers: Sequence[str]) -> Grouped:
		"""Return the limits that were given, and the one in force: a site may have it in ERPNext alone."""
		rows = frappe.get_all(
			CREDIT_LIMIT,
			{
				"company": self.company,
				"customer": ("in", customers),
				"docstatus": 1,
				"applied_on": ("is", "set"),
				"limit_type": ("in", ("Permanent", "Temporary")),
			},
			["customer", "applied_on", "amount"],
			order_by="applied_on, name",
		)
		given = [GivenLimit(row.customer, getdate(row.applied_on), flt(row.amount)) for row in rows]
		now = frappe.get_all(
			CLIENT_ACCOUNT,
			{"company": self.company, "customer": ("in", customers), "limit_state": "Limited"},
			["customer", "credit_limit"],
			order_by="name",
		)
		return _grouped(
			[*given, *(GivenLimit(row.customer, self.today, flt(row.credit_limit)) for row in now)]
		)

	def _grades(self, customers: Sequence[str]) -> Grouped:
		"""Return the grades that were stored: at month ends, and by assessments since."""
		filters = {"company": self.company, "customer": ("in", customers)}
		month_ends = frappe.get_all(
			CREDIT_SNAPSHOT, filters, ["customer", "as_of", "grade", "score"], order_by="as_of, name"
		)
		assessed = frappe.get_all(
			CREDIT_ASSESSMENT,
			{**filters, "docstatus": 1},
			["customer", "as_of", "grade", "score", "scored_grade"],
			order_by="as_of, creation",
		)
		found = defaultdict(list)
		for customer in customers:
			found[customer] += self.grades.get(customer, ())
		for row in (*month_ends, *assessed):
			place = self.places.get(row.grade)
			capped = bool(row.get("scored_grade")) and row.scored_grade != row.grade
			score = None if place is None else flt(row.score)
			found[row.customer].append(
				GivenGrade(row.customer, getdate(row.as_of), row.grade, place, score, capped)
			)
		return found


def months_with_grades(company: str) -> set[date]:
	"""Return the month ends of which grades are stored."""
	table = frappe.qb.DocType(CREDIT_SNAPSHOT)
	query = frappe.qb.from_(table).select(table.as_of).distinct().where(table.company == company)
	return {getdate(row[0]) for row in query.run()}


def changed_customers(company: str, since: Any) -> set[str]:
	"""Return the customers with whom something has happened since a moment: any document that a signal looks at."""
	found: set[str] = set()
	for doctype, party in (
		("Payment Ledger Entry", "party"),
		("Sales Order", "customer"),
		(LEDGER_DISPUTE, "customer"),
		(PROMISE_TO_PAY, "customer"),
		(ESCALATION_CASE, "customer"),
		(WRITE_OFF_REQUEST, "customer"),
		(CUSTOMER_STATEMENT, "customer"),
		(CREDIT_LIMIT, "customer"),
		(CREDIT_ASSESSMENT, "customer"),
	):
		table = frappe.qb.DocType(doctype)
		query = frappe.qb.from_(table).select(table[party]).distinct()
		query = query.where((table.company == company) & (table.modified >= since))
		found |= {row[0] for row in query.run()}
	return found


def customers_with_entries(company: str) -> list[str]:
	"""Return everybody who has entries with *company*, by name."""
	entry = frappe.qb.DocType("Payment Ledger Entry")
	query = (
		frappe.qb.from_(entry)
		.select(entry.party, Max(entry.posting_date))
		.where((entry.company == company) & (entry.party_type == "Customer"))
		.groupby(entry.party)
		.orderby(entry.party)
	)
	return [row[0] for row in query.run()]


def _grouped(rows: Iterable[Any]) -> dict[str, list]:
	found: dict[str, list] = defaultdict(list)
	for row in rows:
		found[row.customer].append(row)
	return found


def declared_defaults(company: str) -> list[DatedAmount]:
	"""Return who was declared in default and when: cases with a lawyer or an agency, and write-offs."""
	cases = frappe.get_all(
		ESCALATION_CASE,
		{"company": company, "status": ("not in", ("Recovered", "Cancelled"))},
		["customer", "opened_on", "amount", "name"],
		order_by="opened_on, name",
	)
	written_off = frappe.get_all(
		WRITE_OFF_REQUEST,
		{"company": company, "docstatus": 1},
		["customer", "posting_date", "base_amount", "name"],
		order_by="posting_date, name",
	)
	return [
		*(DatedAmount(r.customer, getdate(r.opened_on), flt(r.amount), r.name) for r in cases),
		*(DatedAmount(r.customer, getdate(r.posting_date), flt(r.base_amount), r.name) for r in written_off),
	]


def defaults_today(company: str, today: date) -> dict[str, list[tuple[date, date | None]]]:
	"""Return since when customers are in default: declared, or something is open more than ninety days past due."""
	found: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
	for one in declared_defaults(company):
		found[one.customer].append((one.day, None))
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company, "oldest_overdue_days": (">", DEFAULT_DAYS)},
		["customer", "oldest_overdue_days"],
		order_by="name",
	)
	for row in rows:
		found[row.customer].append((today - timedelta(days=row.oldest_overdue_days - DEFAULT_DAYS), None))
	return found
