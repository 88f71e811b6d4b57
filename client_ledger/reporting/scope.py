"""Which companies and customers the session's user may see.

	filters  ->  user permissions and read permission  ->  Scope

ERPNext's receivable reports are open by role and narrowed by User Permissions. These go by the same rules:
companies by the User Permissions on Company; customers by everything that narrows the Customer list for the user
(User Permissions on the customer, its group or territory, shares, other apps' conditions).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions
from frappe.permissions import get_role_permissions

from client_ledger.ledger.reader import Scope
from client_ledger.reporting.customers import CustomerFilters, customers_of
from client_ledger.site.access import check_company, default_company
from client_ledger.site.arguments import company_of
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.messages import filled
from client_ledger.site.requirements import Given, Requirement, Right


def report_scope(companies: str | Sequence[str], customers: CustomerFilters) -> Scope:
	"""Return what a report covers: a company or several, and the customers asked for that the user may see.

	Raises frappe.PermissionError when the company or a customer asked for by name is not the user's to see.
	"""
	companies = (companies,) if isinstance(companies, str) else tuple(companies)
	for company in companies:
		check_company(company)
	permitted = permitted_customers()
	if permitted is not None:
		for name in set(customers.names) - set(permitted):
			frappe.throw(
				filled(_("You do not have permission to view customer {0}."), name), frappe.PermissionError
			)
	wanted = customers_of(customers)
	if wanted is None or permitted is None:
		return Scope(companies, permitted if wanted is None else wanted)
	visible = set(permitted)
	return Scope(companies, tuple(name for name in wanted if name in visible))


@dataclass(frozen=True, slots=True)
class CardCompany(Requirement):
	"""The company that a card or chart is about: the one in its filters, or the user's default one, which is then in them."""

	def check(self, given: Given) -> None:
		company = company_of(given.get("filters"))
		if company:
			check_company(company)
		given["filters"] = {"company": company or default_company()}


# What the figures of client accounts require.
CARD = (Right(CLIENT_ACCOUNT), CardCompany())


def permitted_customers() -> tuple[str, ...] | None:
	"""Return the customers the user may see, None for all of them; raise PermissionError where there are none."""
	role = get_role_permissions(frappe.get_meta("Customer"))
	if role.get("read") and not build_match_conditions("Customer"):
		return None
	return tuple(frappe.get_list("Customer", pluck="name", order_by="name", limit_page_length=0))
