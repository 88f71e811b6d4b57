"""The companies a report covers, and the currencies they keep their books in."""

from collections.abc import Iterable

import frappe
from frappe.permissions import get_allowed_docs_for_doctype, get_user_permissions

from client_ledger.site import access

ACCOUNT = "Client Account"


def readable_companies() -> tuple[str, ...]:
	"""Return the companies whose figures the user may see. Raises frappe.PermissionError if there are none."""
	companies, allowed = access.permitted_companies(), permitted_companies()
	return tuple(name for name in companies if allowed is None or name in allowed)


def permitted_companies() -> tuple[str, ...] | None:
	"""Return the companies the user is restricted to, None for no restriction."""
	permissions: Iterable = get_user_permissions(frappe.session.user).get("Company") or ()
	allowed = get_allowed_docs_for_doctype(permissions, ACCOUNT)
	return tuple(allowed) or None


def currencies_of(companies: Iterable[str]) -> dict[str, str]:
	"""Return the currency of each company."""
	return {name: frappe.get_cached_value("Company", name, "default_currency") for name in companies}
