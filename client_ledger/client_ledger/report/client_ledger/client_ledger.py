"""Client Ledger: every movement of customers' accounts over a period, with opening, running and closing balance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any

import frappe
from frappe import _

from client_ledger.core.account import AccountKey
from client_ledger.core.money import ZERO
from client_ledger.ledger.period_ledgers import PeriodLedger, period_ledgers
from client_ledger.ledger.reader import GLReconciliation, Ledger, Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.reporting.charts import BLUE, GREEN, bar_chart, in_currency
from client_ledger.reporting.customers import CustomerFacts, CustomerFilters, customer_filters, facts_of
from client_ledger.reporting.ledger_rows import (
	LedgerRows,
	Sums,
	add_up,
	ledger_rows,
	reconciliation_rows,
	total_rows,
)
from client_ledger.reporting.months import month_label, months_between
from client_ledger.reporting.scope import report_scope
from client_ledger.site.access import currencies_of
from client_ledger.site.arguments import report_filters
from client_ledger.site.messages import filled


@dataclass(frozen=True, slots=True)
class Filters:
	"""The report's filters, checked. `currencies` are those of the companies."""

	companies: tuple[str, ...]
	currencies: Mapping[str, str]
	since: date
	until: date
	account_currency: str | None
	in_party_currency: bool
	customers: CustomerFilters


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = check(frappe._dict(filters or {}))
	scope = report_scope(asked.companies, asked.customers)
	ledger = site_ledger()
	found = _period_ledgers(asked, ledger, scope)
	statements = {key: _rows_of(asked, key, period) for key, period in found.items()}
	reconciliations = ledger.reconcile(scope, asked.until)
	totals = add_up(statements.values())
	return (
		get_columns(asked.companies, facts_of(key.customer for key in statements)),
		get_data(asked, ledger, statements, reconciliations, totals),
		None,
		get_chart(asked, found.values(), totals),
		get_summary(totals, reconciliations),
	)


def _period_ledgers(asked: Filters, ledger: Ledger, scope: Scope) -> dict[AccountKey, PeriodLedger]:
	"""Return the ledger of each customer with each company, a customer's own together."""
	found = {}
	for company in scope.companies:
		of_company = replace(scope, companies=(company,))
		rows = period_ledgers(ledger, of_company, asked.since, asked.until, asked.account_currency)
		found.update({AccountKey(customer, company): period for customer, period in rows.items()})
	return {key: found[key] for key in sorted(found, key=attrgetter("customer", "company"))}


def _rows_of(asked: Filters, key: AccountKey, period: PeriodLedger) -> LedgerRows:
	currency = None if asked.in_party_currency else asked.currencies[key.company]
	return ledger_rows(key.customer, period, currency)


def check(filters: Mapping[str, Any]) -> Filters:
	"""Return the filters checked, or name the one that is wrong."""
	companies = checked.companies(filters)
	since, until = checked.period(filters)
	currency = filters.get("currency") or None
	if currency and not frappe.db.exists("Currency", currency):
		checked.reject(_("Account Currency"), filled(_("{0} does not exist."), currency))
	return Filters(
		companies=companies,
		currencies=currencies_of(companies),
		since=since,
		until=until,
		account_currency=currency,
		in_party_currency=bool(filters.get("in_party_currency")),
		customers=customer_filters(filters),
	)


def get_columns(companies: Sequence[str], facts: Mapping[str, CustomerFacts]) -> list[dict]:
	"""Return the columns; the customer's name only where it says more than the customer's id."""
	named = any(customer != fact.customer_name for customer, fact in facts.items())
	voucher = {
		"fieldname": "voucher_no",
		"label": _("Voucher No"),
		"fieldtype": "Dynamic Link",
		"options": "voucher_type",
		"width": 200,
	}
	return [
		columns.day("posting_date", _("Posting Date")),
		columns.link("customer", _("Customer"), "Customer"),
		*([columns.data("customer_name", _("Customer Name"), 160)] if named else []),
		*columns.company(companies),
		columns.data("voucher_type", _("Voucher Type"), 190),
		voucher,
		columns.currency(),
		columns.amount("debit", _("Debit")),
		columns.amount("credit", _("Credit")),
		columns.amount("balance", _("Balance")),
		columns.amount("outstanding", _("Outstanding")),
		columns.data("status", _("Status"), 100),
		columns.day("due_date", _("Due Date")),
		columns.number("days_late", _("Days Late")),
		columns.data("against", _("Allocated To"), 200),
	]


def get_data(
	asked: Filters,
	ledger: Ledger,
	statements: Mapping[AccountKey, LedgerRows],
	reconciliations: Mapping[AccountKey, GLReconciliation],
	totals: Mapping[str, Sums],
) -> list[dict]:
	"""Return each customer's rows and whether its balance ties, an empty row between customers, and totals when there are several."""
	facts, data = facts_of(key.customer for key in statements), []
	for key, found in statements.items():
		customer, company, reconciliation = key.customer, key.company, reconciliations.get(key)
		differences = (
			ledger.differences(customer, (company,), asked.until)
			if reconciliation and reconciliation.difference
			else ()
		)
		rows = [
			*found.rows,
			*reconciliation_rows(customer, reconciliation, differences, asked.currencies[company]),
		]
		also = {"customer_name": facts[customer].customer_name, "company": company}
		data.extend({**row, **also} for row in rows)
		data.append({})
	return [*data, *total_rows(totals)] if len(statements) > 1 else data[:-1]


def get_chart(asked: Filters, found: Iterable[PeriodLedger], totals: Mapping[str, Sums]) -> dict | None:
	"""Return debits and credits by month; none where more than one currency is shown."""
	if len(totals) != 1:
		return None
	lines = [line.movement for period in found for line in period.lines]
	if not lines:
		return None
	days = [line.posting_date for line in lines]
	months = {month: [ZERO, ZERO] for month in months_between(min(days), max(days))}
	for line in lines:
		sums = months[line.posting_date.replace(day=1)]
		sums[0] += line.debit if asked.in_party_currency else line.base_debit
		sums[1] += line.credit if asked.in_party_currency else line.base_credit
	series = {
		_("Debit"): [float(debit) for debit, _credit in months.values()],
		_("Credit"): [float(credit) for _debit, credit in months.values()],
	}
	labels = [month_label(month) for month in months]
	return bar_chart(labels, series, (BLUE, GREEN), **in_currency(next(iter(totals))))


def get_summary(
	totals: Mapping[str, Sums], reconciliations: Mapping[AccountKey, GLReconciliation]
) -> list[dict]:
	"""Return opening, debit, credit and closing per currency, and how many customers do not tie."""
	summary = []
	for currency, sums in totals.items():
		for label, amount in (
			(_("Opening Balance"), sums.opening),
			(_("Debit"), sums.debit),
			(_("Credit"), sums.credit),
			(_("Closing Balance", context="Client Ledger"), sums.closing),
		):
			summary.append(
				{
					"label": f"{label} ({currency})",
					"value": float(amount),
					"datatype": "Currency",
					"currency": currency,
					"indicator": "Blue",
				}
			)
	differing = sum(1 for found in reconciliations.values() if found.difference)
	if reconciliations:
		summary.append(
			{
				"label": _("Customers Differing from General Ledger"),
				"value": differing,
				"datatype": "Int",
				"indicator": "Red" if differing else "Green",
			}
		)
	return summary
