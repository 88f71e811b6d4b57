"""Client Account rows the user may see, and what those of one currency add up to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from client_ledger.core.money import ZERO, as_money
from client_ledger.core.status import PaymentStatus
from client_ledger.reporting.ageing import AgedKey
from client_ledger.reporting.customers import CustomerFilters, customers_of
from client_ledger.site.access import check_company
from client_ledger.site.doctypes import CLIENT_ACCOUNT

BUCKETS = ("not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5")
SUMMED = ("balance", "receivable", "unallocated", "overdue", *BUCKETS)


@dataclass(frozen=True, slots=True)
class Totals:
	"""Sums over accounts, company currency; `ageing` is what is not due, then each bucket."""

	balance: Decimal
	receivable: Decimal
	unallocated: Decimal
	overdue: Decimal
	ageing: tuple[Decimal, ...]

	@property
	def overdue_share(self) -> Decimal:
		"""Overdue in percent of what customers owe."""
		return self.overdue / self.receivable * 100 if self.receivable else ZERO


def account_rows(
	companies: str | Sequence[str],
	fields: Sequence[str],
	customers: CustomerFilters | None = None,
	where: Mapping[str, Any] | None = None,
) -> list[dict]:
	"""Return the accounts of one or several *companies* that the user may see, most overdue first.

	Raises frappe.PermissionError when a company is not the user's to see.
	"""
	companies = [companies] if isinstance(companies, str) else list(companies)
	for company in companies:
		check_company(company)
	filters = {"company": ("in", companies), **(where or {})}
	names = customers_of(customers or CustomerFilters())
	if names is not None:
		filters["customer"] = ("in", names)
	return frappe.get_list(
		CLIENT_ACCOUNT,
		filters=filters,
		fields=list(fields),
		order_by="overdue desc, balance desc, customer asc",
		limit_page_length=0,
	)


def grades_of(companies: Sequence[str], keys: Iterable[AgedKey]) -> dict[AgedKey, str]:
	"""Return the credit grades that the user may see: of a customer with the company of its row, as they are today."""
	if not frappe.has_permission(CLIENT_ACCOUNT, "read"):
		return {}
	rows = account_rows(companies, ["customer", "company", "credit_grade"])
	grades = {(row["customer"], row["company"]): row["credit_grade"] or "" for row in rows}
	return {key: grades.get((key.customer, key.company), "") for key in keys}


def add_up(rows: Iterable[Mapping[str, Any]]) -> Totals:
	"""Return the sums of *rows*, which must have the fields in SUMMED."""
	sums = dict.fromkeys(SUMMED, ZERO)
	for row in rows:
		for fieldname in SUMMED:
			sums[fieldname] += as_money(row[fieldname])
	return Totals(
		sums["balance"],
		sums["receivable"],
		sums["unallocated"],
		sums["overdue"],
		tuple(sums[fieldname] for fieldname in BUCKETS),
	)


def by_status(rows: Iterable[Mapping[str, Any]]) -> dict[PaymentStatus, int]:
	"""Return how many accounts have each payment status, the worst last."""
	counted = Counter(row["payment_status"] for row in rows)
	return {status: counted.get(status.value, 0) for status in PaymentStatus}
