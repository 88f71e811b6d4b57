"""Which companies and customers the session's user may see.

	filters  ->  user permissions and read permission  ->  Scope

ERPNext's receivable reports are open by role and narrowed by User Permissions. These go by the same rules:
companies by the User Permissions on Company; customers by everything that narrows the Customer list for the user
(User Permissions on the customer, its group or territory, shares, other apps' conditions).
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions
from frappe.permissions import get_role_permissions

from client_ledger.ledger.reader import Scope
from client_ledger.reporting.customers import CustomerFilters, customers_of
from client_ledger.site.access import check_company, default_company
from client_ledger.site.arguments import company_of
from client_ledger.site.messages import filled


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


def card_company(filters: dict | list | None) -> str:
	"""Return the company that a card or chart is about: the one in its filters, or the user's default one.

	Raises frappe.PermissionError unless it is the user's to see.
	"""
	company = company_of(filters)
	if not company:
		return default_company()
	check_company(company)
	return company


def permitted_customers() -> tuple[str, ...] | None:
	"""Return the customers the user may see, None for all of them; raise PermissionError where there are none."""
	role = get_role_permissions(frappe.get_meta("Customer"))
	if role.get("read") and not build_match_conditions("Customer"):
		return None
	return tuple(frappe.get_list("Customer", pluck="name", order_by="name", limit_page_length=0))
