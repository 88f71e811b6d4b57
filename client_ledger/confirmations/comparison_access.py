"""Who may work on differences: whoever works on collections; who may settle a confirmation: who resolves disputes."""

from dataclasses import dataclass

import frappe
from frappe import _

from client_ledger.collections.access import ROLES_FOR
from client_ledger.outbox.access import ActionRoles
from client_ledger.site.requirements import DocumentRight, Given

ROLES = ActionRoles({"work": ROLES_FOR["work"], "settle": ROLES_FOR["resolve"]})
can = ROLES.can


@dataclass(frozen=True, slots=True)
class LineRight(DocumentRight):
	"""A right on the line that an argument names. One that another comparison has replaced is said to be gone."""

	def check(self, given: Given) -> None:
		frappe.has_permission(self.doctype, self.right, throw=True)
		if not frappe.db.exists(self.doctype, given[self.argument]):
			throw_gone()
		frappe.get_doc(self.doctype, given[self.argument]).check_permission(self.right)


def throw_gone() -> None:
	"""Raise frappe.ValidationError for a line that is not there any more."""
	frappe.throw(_("The ledgers have been compared anew, and this line is gone. Reload the page."))
