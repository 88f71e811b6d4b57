"""Who may do what about controls, and which findings a user sees."""

from dataclasses import dataclass

import frappe
from frappe.model.document import Document

from client_ledger.core.controls.catalogue import AT_A_CUSTOMER
from client_ledger.site.doctypes import CONTROL_FINDING
from client_ledger.site.requirements import Given, Requirement
from client_ledger.site.roles import has_one_of, require_one_of

# Who sees findings about people, and those of no customer.
OVERSIGHT = ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller", "Auditor")
# Who sees them without reading customers, as far as User Permissions do not narrow them.
WITHOUT_CUSTOMERS = ("System Manager", "Auditor")
# Whose work findings are, whoever is responsible for the single one.
WORKING = ("Accounts Manager", "Credit Manager", "Credit Controller")
# What each role may do besides.
ROLES: dict[str, tuple[str, ...]] = {
	"accept": ("Accounts Manager", "Credit Manager"),
	"switch": ("System Manager", "Accounts Manager"),
	"run": ("System Manager", "Accounts Manager", "Credit Manager"),
}
# Who is told, and whose list it is, where nobody is named: the shipped role of all controls.
SHIPPED_ROLE = "Credit Manager"


def oversees(user: str | None = None) -> bool:
	"""Return whether a user sees all findings about the customers and companies that are theirs to see."""
	return has_one_of(OVERSIGHT, user)


def sees_all_findings(user: str | None = None) -> bool:
	"""Return whether a user sees findings whatever customers their roles read."""
	return has_one_of(WITHOUT_CUSTOMERS, user)


@dataclass(frozen=True, slots=True)
class FindingWork(Requirement):
	"""Work on the findings that an argument names: by role, or because each of them is the user's own to look at."""

	argument: str = "name"

	def check(self, given: Given) -> None:
		if has_one_of(WORKING):
			return
		asked = given[self.argument]
		names = {asked} if isinstance(asked, str) else set(asked)
		own = frappe.get_all(
			CONTROL_FINDING,
			{"name": ("in", sorted(names)), "responsible": frappe.session.user},
			pluck="name",
			order_by="name",
		)
		if not names or set(own) != names:
			require_one_of(WORKING)


def works_on(finding: Document, user: str | None = None) -> bool:
	"""Return whether a user may take up, resolve and open a finding again."""
	user = user or frappe.session.user
	return has_one_of(WORKING, user) or finding.responsible == user


def narrow_condition(user: str) -> str:
	"""Return the condition on findings for who does not oversee controls: those they are to look at, and those of customers that are
	work to be done.
	"""
	name = frappe.db.escape(user)
	table = f"`tab{CONTROL_FINDING}`"
	codes = ", ".join(frappe.db.escape(code) for code in AT_A_CUSTOMER)
	return (
		f"({table}.`responsible` = {name}"
		f" or (coalesce({table}.`customer`, '') != '' and {table}.`control` in ({codes})))"
	)


def is_narrow_sight(finding: Document, user: str) -> bool:
	"""Return whether who does not oversee controls may see a finding, as in `narrow_condition`."""
	return finding.responsible == user or bool(finding.customer and finding.control in AT_A_CUSTOMER)
