"""Who may do what in collections, and whose customers a collector sees.

Whoever may read a customer may see its collections, unless Collection Settings narrow Credit Controllers to their own
customers: those whose account names them as collector or owner, and those of colleagues they stand in for.
"""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import nowdate

from client_ledger.site import access
from client_ledger.site.doctypes import CLIENT_ACCOUNT, COLLECTION_SETTINGS
from client_ledger.site.messages import bold, filled
from client_ledger.site.requirements import Given, Requirement
from client_ledger.site.roles import has_one_of

_MANAGERS = ("System Manager", "Accounts Manager", "Credit Manager")
_PEOPLE = ("Accounts Manager", "Credit Manager", "Credit Controller", "Sales Manager", "Sales User")
# What each role may do besides reading.
ROLES_FOR: dict[str, tuple[str, ...]] = {
	"work": _PEOPLE,
	"resolve": ("Accounts Manager", "Credit Manager", "Credit Controller"),
	"escalate": ("Accounts Manager", "Credit Manager", "Credit Controller"),
	"write_off": ("Accounts Manager", "Credit Manager", "Credit Controller"),
	"manage": _MANAGERS,
}
OWN = "Assigned Customers Only"


def can(action: str, user: str | None = None) -> bool:
	"""Return whether a user may do one of the actions of ROLES_FOR."""
	return has_one_of(ROLES_FOR[action], user)


def check_account(customer: str, company: str) -> None:
	"""Raise frappe.PermissionError unless the user may see *customer* with *company*."""
	access.check_customer(customer)
	access.check_company(company)
	if sees_own_only() and not is_own(customer, company, frappe.session.user):
		frappe.throw(
			filled(_("{0} is assigned to another collector."), bold(customer)), frappe.PermissionError
		)


@dataclass(frozen=True, slots=True)
class AccountRight(Requirement):
	"""The account of the customer and the company that arguments name; of the customer with any company where none is named."""

	def check(self, given: Given) -> None:
		if company := given.get("company"):
			check_account(given["customer"], company)
		else:
			access.check_customer(given["customer"])


@dataclass(frozen=True, slots=True)
class AccountOf(Requirement):
	"""The account of the document that an argument names."""

	doctype: str
	argument: str = "name"

	def check(self, given: Given) -> None:
		frappe.has_permission(self.doctype, "read", throw=True)
		doc = frappe.get_doc(self.doctype, given[self.argument])
		check_account(doc.customer, doc.company)


def sees_own_only(user: str | None = None) -> bool:
	"""Return whether a user is a collector that sees only the customers it looks after."""
	user = user or frappe.session.user
	roles = set(frappe.get_roles(user))
	if user == "Administrator" or roles & set(_MANAGERS) or "Credit Controller" not in roles:
		return False
	return frappe.db.get_single_value(COLLECTION_SETTINGS, "sees") == OWN


def covers_for(user: str) -> list[str]:
	"""Return *user* and the colleagues whose work it does today."""
	today = nowdate()
	away = frappe.get_all(
		"Collector Team Member",
		{"substitute": user, "away_from": ("<=", today), "away_until": (">=", today)},
		pluck="user",
		order_by="user",
	)
	return [user, *dict.fromkeys(name for name in away if name != user)]


def is_own(customer: str, company: str, user: str) -> bool:
	"""Return whether *user* is the collector or owner of the account, or covers for one of them."""
	row = frappe.db.get_value(
		CLIENT_ACCOUNT, {"customer": customer, "company": company}, ["collector", "account_manager"]
	)
	return bool(row and set(row) & set(covers_for(user)))


def own_condition(doctype: str, user: str) -> str:
	"""Return the condition on rows of *doctype* that belong to accounts *user* looks after; empty: all do."""
	if not sees_own_only(user):
		return ""
	users = ", ".join(frappe.db.escape(name) for name in covers_for(user))
	return (
		f"exists (select 1 from `tab{CLIENT_ACCOUNT}` own where own.customer = `tab{doctype}`.customer"
		f" and own.company = `tab{doctype}`.company"
		f" and (own.collector in ({users}) or own.account_manager in ({users})))"
	)
