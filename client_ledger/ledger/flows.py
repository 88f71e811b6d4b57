"""Reading what moved accounts: which entries are bills, receipts, refunds, write-offs, by the documents that made them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.entries import PAYMENT_ENTRY, SALES_INVOICE
from client_ledger.core.flows import (
	Counter,
	Flow,
	Flows,
	Month,
	counter_of,
	invoice_flows,
	journal_flows,
	monthly,
	months_before,
	payment_flows,
)
from client_ledger.core.money import ZERO, as_money
from client_ledger.ledger import flow_queries as queries
from client_ledger.ledger.base import Reading
from client_ledger.ledger.results import Scope
from client_ledger.ledger.rows import as_date

JOURNAL_ENTRY, INVOICE_DISCOUNTING = "Journal Entry", "Invoice Discounting"


class Moved(NamedTuple):
	"""What a kind of flow added to a customer's balance on a day, company currency. customer: None for all together."""

	customer: str | None
	day: date
	flow: Flow
	amount: Decimal


class FlowReading(Reading):
	"""What customers were billed, paid, were refunded, and what else moved their accounts."""

	def monthly(self, scope: Scope, as_of: date, months: int = 24) -> list[Month]:
		"""Return what moved the accounts of *scope* per month, oldest first.

		Company currency: the companies of *scope* must share one.
		"""
		moved = self.flows(scope, months_before(as_of, months - 1), as_of)
		return monthly(((row.day, row.flow, row.amount) for row in moved), as_of, months)

	def flows(
		self, scope: Scope, since: date, as_of: date, by_customer: bool = False, of_invoices: bool = True
	) -> list[Moved]:
		"""Return what moved the accounts of *scope* from *since* to *as_of*, all customers together or each apart.

		The amounts add up to what their entries of these days add up to. of_invoices: with what invoices moved, money
		paid at a point of sale included.
		"""
		parameters = {**self._parameters(scope, as_of), "since": since}
		reading = _Flows(self, parameters, scope.customers is not None, by_customer)
		return [
			Moved(customer, day, flow, amount)
			for (customer, day), flows in sorted(
				reading.all(of_invoices).items(), key=lambda pair: (pair[0][1], pair[0][0] or "")
			)
			for flow, amount in flows.items()
			if amount
		]


Key = tuple[str | None, date]


class _Flows:
	"""One reading of flows, per day, and per customer where that is asked for."""

	def __init__(self, ledger: Reading, parameters: Mapping, of_customers: bool, by_customer: bool):
		self.ledger, self.parameters = ledger, parameters
		self.of_customers, self.by_customer = of_customers, by_customer
		self.found: dict[Key, Flows] = defaultdict(dict)

	def all(self, of_invoices: bool) -> dict[Key, Flows]:
		"""Return the flows of all documents, those of invoices only where they are wanted."""
		sums: dict[str, dict[Key, list[Decimal]]] = defaultdict(dict)
		for key, (doctype, debit, credit) in self._rows(queries.daily_totals):
			sums[doctype][key] = [as_money(debit), as_money(credit)]
		invoices = sums.pop(SALES_INVOICE, {})
		if of_invoices:
			self._invoices(invoices)
		self._payments(sums.pop(PAYMENT_ENTRY, {}))
		if sums.pop(JOURNAL_ENTRY, None):
			self._journals()
		for doctype, days in sums.items():
			flow = Flow.TRANSFERRED if doctype == INVOICE_DISCOUNTING else Flow.OTHER
			for key, amounts in days.items():
				self._add(key, {flow: sum(amounts, ZERO)})
		return self.found

	def _rows(self, query) -> Iterable[tuple[Key, Sequence]]:
		"""Yield the rows of a query as (customer, day) and the rest of the columns."""
		for row in self.ledger.database.rows(query(self.of_customers, self.by_customer), self.parameters):
			customer, day, *rest = row if self.by_customer else (None, *row)
			yield (customer, as_date(day)), rest

	def _add(self, key: Key, flows: Flows) -> None:
		found = self.found[key]
		for flow, amount in flows.items():
			found[flow] = found.get(flow, ZERO) + amount

	def _invoices(self, sums: dict[Key, list[Decimal]]) -> None:
		if any(credit for _debit, credit in sums.values()):
			for key, (is_return, *amounts) in self._rows(queries.settling_invoices):
				debit, credit, total, written_off, loyalty = map(as_money, amounts)
				sums[key][0] -= debit
				sums[key][1] -= credit
				self._add(key, invoice_flows(total, debit, credit, written_off, loyalty, bool(is_return)))
		for key, (debit, credit) in sums.items():
			self._add(key, {Flow.BILLED: debit + credit})

	def _payments(self, sums: dict[Key, list[Decimal]]) -> None:
		amounts: dict[tuple[Key, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
		if any(debit for debit, _credit in sums.values()):
			for key, (payment_type, debit, credit) in self._rows(queries.paying_payments):
				debit, credit = as_money(debit), as_money(credit)
				sums[key][0] -= debit
				sums[key][1] -= credit
				amounts[key, payment_type][0] += debit + credit
		for key, (debit, credit) in sums.items():
			amounts[key, "Receive"][0] += debit + credit
		if sums:
			for key, (payment_type, is_exchange, amount) in self._rows(queries.deductions):
				if (key, payment_type) in amounts:
					amounts[key, payment_type][2 if is_exchange else 1] += as_money(amount)
		for (key, payment_type), (amount, deducted, exchange) in amounts.items():
			self._add(key, payment_flows(amount, payment_type, deducted, exchange))

	def _journals(self) -> None:
		vouchers: dict[str, list[tuple[Key, str, Decimal]]] = defaultdict(list)
		for key, (name, voucher_type, amount) in self._rows(queries.journals):
			vouchers[name].append((key, voucher_type or "", as_money(amount)))
		sides = self._other_sides(list(vouchers))
		for name, rows in vouchers.items():
			for key, voucher_type, amount in rows:
				counters: dict[Counter, Decimal] = defaultdict(lambda: ZERO)
				for customer, kind, debited in sides.get(name, ()):
					if not self._is_own(key[0], customer):
						counters[kind] += debited
				self._add(key, journal_flows(amount, voucher_type, counters))

	def _is_own(self, customer: str | None, of_line: str | None) -> bool:
		"""Return whether a line of a journal entry is one of the accounts that are read, and not of the other side."""
		if of_line is None:
			return False
		if customer is not None:
			return customer == of_line
		return not self.of_customers or of_line in self.parameters["customers"]

	def _other_sides(self, names: Sequence[str]) -> dict[str, list[tuple[str | None, Counter, Decimal]]]:
		"""Return the lines of journal entries in the general ledger: the customer of those in a receivable account."""
		found: dict[str, list[tuple[str | None, Counter, Decimal]]] = defaultdict(list)
		accounts = set(self.parameters["accounts"])
		rows = self.ledger._chunked(queries.JOURNAL_LINES, names, self.parameters)
		for name, party_type, party, account, account_type, root_type, is_exchange, amount in rows:
			own = party if party_type == "Customer" and account in accounts else None
			kind = counter_of(account_type, root_type, bool(party), bool(is_exchange))
			found[name].append((own, kind, as_money(amount)))
		return found
