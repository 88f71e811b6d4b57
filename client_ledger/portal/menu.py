"""The entry of the portal's menu: only for whom some company has its portal on."""

import frappe

from client_ledger.portal.access import companies_of, customers_of

ROUTE = "/customer-ledger"


def update_website_context(context: frappe._dict) -> dict | None:
	"""Take the entry out of the menu of a page where it would lead to nothing. Frappe calls it for every page."""
	items = context.get("sidebar_items") or ()
	if not any(_is_ours(item) for item in items) or _leads_somewhere():
		return None
	return {"sidebar_items": [item for item in items if not _is_ours(item)]}


def _is_ours(item: dict) -> bool:
	return (item.get("route") or "").rstrip("/") == ROUTE


def _leads_somewhere() -> bool:
	user = frappe.session.user
	return user != "Guest" and any(companies_of(customer) for customer in customers_of(user))
