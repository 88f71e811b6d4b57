"""The entry of the portal's menu: only for whom some company has its portal on."""

import frappe

from client_ledger.portal.access import companies_of, customers_of

ROUTE = "/customer-ledger"


def update_website_context(context: frappe._dict) -> dict | None:
	"""Take the entry out of the menu of a page where it would lead to nothing. Frappe calls it for every page.

	A page with the entry is nobody else's: Frappe would keep it for the next one who opens it.
	"""
	items = context.get("sidebar_items") or ()
	if not any(_is_ours(item) for item in items):
		return None
	if _leads_somewhere():
		return {"no_cache": 1}
	return {"no_cache": 1, "sidebar_items": [item for item in items if not _is_ours(item)]}


def _is_ours(item: dict) -> bool:
	return (item.get("route") or "").rstrip("/") == ROUTE


def _leads_somewhere() -> bool:
	user = frappe.session.user
	return user != "Guest" and any(companies_of(customer) for customer in customers_of(user))
