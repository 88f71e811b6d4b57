"""What the reports and number cards on collections share: the company and period asked for, documents, a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.collections import disputes, worklist
from client_ledger.reporting import filters as checked
from client_ledger.reporting.charts import bar_chart
from client_ledger.reporting.dashboard import money
from client_ledger.reporting.scope import CARD, CardCompany
from client_ledger.site.access import check_company
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import LEDGER_DISPUTE, PROMISE_TO_PAY
from client_ledger.site.requirements import Right, requires


@dataclass(frozen=True, slots=True)
class Asked:
	"""A company and a period; currency: the company's."""

	company: str
	currency: str
	since: date
	until: date

	def documents(
		self, doctype: str, day: str, fields: Sequence[str], more: Mapping[str, Any] | None = None
	) -> list[frappe._dict]:
		"""Return the documents of the period by the date in *day*; only what the user may see."""
		return frappe.get_list(
			doctype,
			filters=[
				[doctype, "company", "=", self.company],
				[doctype, day, "between", [self.since, f"{self.until} 23:59:59"]],
				*([doctype, field, "=", value] for field, value in (more or {}).items()),
			],
			fields=list(fields),
			order_by=f"{day}, name",
			limit_page_length=0,
		)


def asked(filters: Mapping[str, Any] | None) -> Asked:
	"""Return what is asked for, checked. Raises frappe.ValidationError or PermissionError, naming the filter."""
	given = frappe._dict(filters or {})
	company, currency = company_of(given)
	return Asked(company, currency, *checked.period(given))


def company_of(given: Mapping[str, Any]) -> tuple[str, str]:
	"""Return the company asked for, which the user may see, and its currency."""
	company = checked.one_company(given)
	check_company(company)
	return company, frappe.get_cached_value("Company", company, "default_currency")


def chart(values: Mapping[str, float], label: str, translated: bool = False) -> dict | None:
	"""Return a bar per value, None where there is nothing to compare."""
	labels = [name if translated else _(name) for name in values]
	return bar_chart(labels, {label: list(values.values())})


# --- number cards ---


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(*CARD)
def to_call(filters: dict | list | str | None = None) -> dict:
	"""Return how many customers are on today's worklist."""
	company = filters["company"]
	rows = worklist.day_of([company]).rows
	return {"value": len(rows), "fieldtype": "Int", "route": ["collection-worklist"]}


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(Right(PROMISE_TO_PAY), CardCompany())
def promises_due(filters: dict | list | str | None = None) -> dict:
	"""Return what is promised for today or was before, and still runs."""
	return _promises(filters, {"status": "Open", "next_due": ("<=", getdate())}, "base_amount")


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(Right(PROMISE_TO_PAY), CardCompany())
def promises_broken(filters: dict | list | str | None = None) -> dict:
	"""Return how many promises were broken this month."""
	month = getdate().replace(day=1)
	return _promises(
		filters, {"status": ("in", ["Broken", "Partly Kept"]), "decided_on": (">=", month)}, None
	)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(Right(LEDGER_DISPUTE), CardCompany())
def in_dispute(filters: dict | list | str | None = None) -> dict:
	"""Return what is in dispute, company currency."""
	company = filters["company"]
	wanted = {"company": company, "status": ("in", disputes.RUNNING_STATUSES)}
	amounts = frappe.get_list(
		LEDGER_DISPUTE, wanted, pluck="base_amount", order_by="name", limit_page_length=0
	)
	return _amount(sum(amounts), company, LEDGER_DISPUTE, {"status": ["in", list(disputes.RUNNING_STATUSES)]})


def _promises(filters: dict | list | str | None, wanted: dict, field: str | None) -> dict:
	company = filters["company"]
	rows = frappe.get_list(
		PROMISE_TO_PAY,
		{**wanted, "company": company},
		["name", "base_amount"],
		order_by="name",
		limit_page_length=0,
	)
	if field:
		return _amount(sum(row[field] for row in rows), company, PROMISE_TO_PAY, {"status": wanted["status"]})
	return {
		"value": len(rows),
		"fieldtype": "Int",
		"route": ["List", PROMISE_TO_PAY],
		"route_options": {"company": company},
	}


def _amount(value: float, company: str | None, doctype: str, options: dict) -> dict:
	return {
		**money(value, company),
		"route": ["List", doctype],
		"route_options": {**options, "company": company},
	}
