"""Who sees forecasts, and who has one made. A forecast is about all customers of a company: closed to who sees some of them only."""

from dataclasses import dataclass

import frappe
from frappe import _

from client_ledger.outbox.access import ActionRoles
from client_ledger.site.doctypes import CASH_FORECAST
from client_ledger.site.requirements import Given, Requirement

ROLES = ActionRoles(make=("Accounts Manager", "Credit Manager", "System Manager"))
can = ROLES.can


@dataclass(frozen=True, slots=True)
class AllCustomers(Requirement):
	"""Documents of a DocType about all customers of a company: the right to read it, and to see every customer."""

	doctype: str = CASH_FORECAST

	def check(self, given: Given) -> None:
		frappe.has_permission(self.doctype, "read", throw=True)
		if not sees_all(self.doctype):
			frappe.throw(
				_(
					"A cash forecast covers all customers of a company, and you may view some of them only. What your "
					"customers are expected to pay is shown on the home page of Client Ledger."
				),
				frappe.PermissionError,
				title=_("Not Permitted"),
			)


def sees_all(doctype: str = CASH_FORECAST) -> bool:
	"""Return whether the user may see documents of *doctype*, which are about all customers of a company."""
	return bool(frappe.has_permission(doctype, "read") and frappe.new_doc(doctype).has_permission("read"))
