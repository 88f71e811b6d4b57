"""Rows of the credit reports: exposure and limit per customer, or per limit where several share one.

Everything of one company, in its currency, read in a handful of statements. A customer's own exposure is that of the
customer alone; what counts for its limit is that of all who share it, also of those the user may not see.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe

from client_ledger.core.account import AccountKey
from client_ledger.core.credit.exposure import Exposure, total_exposure, utilisation
from client_ledger.core.credit.limits import Limit
from client_ledger.core.money import as_money
from client_ledger.credit.limits.credit_groups import parents
from client_ledger.credit.limits.effective import effective_limits
from client_ledger.credit.limits.exposure import ExposedDocument, documents_of, exposures_of
from client_ledger.ledger.reader import Scope
from client_ledger.site.doctypes import CLIENT_ACCOUNT, CREDIT_LIMIT, CREDIT_REFERENCE, CUSTOMER_CREDIT_LIMIT

# Beyond so many customers, all of them are read at once.
MOST_NAMED = 2000


@dataclass(slots=True)
class CreditRow:
	"""A customer, or all of `customers` who share the limit of `customer`.

	own: their exposure. counted: what counts for the limit, which is the parent's.
	"""

	customer: str
	parent: str
	customers: list[str]
	own: Exposure
	counted: Exposure
	limit: Limit
	grade: str = ""
	documents: list[ExposedDocument] = field(default_factory=list)

	@property
	def used(self) -> float | None:
		"""The share of the limit that is used, in percent; None without a limit."""
		share = utilisation(self.counted.total, self.limit.amount)
		return None if share is None else round(share * 100, 1)

	@property
	def over(self) -> Decimal:
		"""By how much the limit is exceeded."""
		free = self.limit.free(self.counted.total)
		return max(-free, Decimal(0)) if free is not None else Decimal(0)


def credit_rows(scope: Scope, on: date, by_limit: bool = False, idle: bool = False) -> list[CreditRow]:
	"""Return the customers of *scope* (one company) who owe or ordered anything, the largest exposure first.

	by_limit: one row for all who share a limit. idle: also those who have a limit of their own and use none of it.
	"""
	(company,) = scope.companies
	shares = parents()
	visible = set(_own(scope, scope.customers))
	if idle:
		visible |= _limited(company, scope.customers)
	named = {shares.get(customer, customer) for customer in visible}
	members = visible | named | {customer for customer, parent in shares.items() if parent in named}
	own = _own(scope, members if scope.customers is not None else None)
	limits = effective_limits((company,), sorted(named), on)
	grades = _grades(company, named | visible)
	groups: dict[str, list[str]] = {}
	for customer in sorted(members):
		groups.setdefault(shares.get(customer, customer), []).append(customer)
	rows = []
	for parent in sorted(named):
		counted = total_exposure(own.get(customer, Exposure()) for customer in groups[parent])
		shown = [customer for customer in groups[parent] if customer in visible]
		for names in [shown] if by_limit else [[name] for name in shown]:
			subject = parent if by_limit else names[0]
			rows.append(
				CreditRow(
					subject,
					parent,
					names,
					counted if by_limit else own.get(subject, Exposure()),
					counted,
					limits[AccountKey(parent, company)],
					grades.get(subject, ""),
				)
			)
	return sorted(rows, key=lambda row: (-row.own.total, row.customer))


def add_documents(rows: Iterable[CreditRow], scope: Scope) -> None:
	"""Put the documents behind them on *rows*; only those of customers in *scope*."""
	by_customer: dict[str, list[ExposedDocument]] = {}
	for document in documents_of(scope):
		by_customer.setdefault(document.customer, []).append(document)
	for row in rows:
		found = [document for name in row.customers for document in by_customer.get(name, ())]
		row.documents = sorted(found, key=lambda document: (document.date, document.voucher))


def _own(scope: Scope, customers: Iterable[str] | None) -> dict[str, Exposure]:
	"""Return the exposure of each of *customers* (None: all) who has any."""
	names = None if customers is None else sorted(customers)
	if names is not None and len(names) > MOST_NAMED:
		wanted, names = set(names), None
	else:
		wanted = None
	return {
		key.customer: found
		for key, found in exposures_of(scope.companies, names).items()
		if found != Exposure() and (wanted is None or key.customer in wanted)
	}


def _limited(company: str, customers: Iterable[str] | None) -> set[str]:
	"""Return the customers with a limit of their own, granted, or by reference."""
	found = set(
		frappe.get_all(CUSTOMER_CREDIT_LIMIT, {"parenttype": "Customer", "company": company}, pluck="parent")
		+ frappe.get_all(CREDIT_LIMIT, {"docstatus": 1, "company": company}, pluck="customer")
		+ frappe.get_all(CREDIT_REFERENCE, {"company": ("in", (company, "", None))}, pluck="customer")
	)
	return found if customers is None else found & set(customers)


def _grades(company: str, customers: set[str]) -> dict[str, str]:
	filters: dict = {"company": company, "credit_grade": ("is", "set")}
	if len(customers) <= MOST_NAMED:
		filters["customer"] = ("in", sorted(customers))
	return dict(
		frappe.get_all(
			CLIENT_ACCOUNT, filters, ["customer", "credit_grade"], order_by="customer", as_list=True
		)
	)


def sales_of(company: str, customers: Iterable[str] | None) -> Mapping[str, Decimal]:
	"""Return net sales of twelve months of each of *customers* (None: all), as accounts have them."""
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company},
		["customer", "sales_12_months"],
		order_by="customer",
		as_list=True,
	)
	wanted = None if customers is None else set(customers)
	return {name: as_money(sales) for name, sales in rows if wanted is None or name in wanted}
