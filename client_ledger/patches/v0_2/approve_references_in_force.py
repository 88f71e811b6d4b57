"""References that raised a limit before they needed an approval stay in force."""

import frappe

from client_ledger.site.doctypes import CREDIT_REFERENCE


def execute() -> None:
	"""Mark them as approved, without a name: nobody approved them."""
	table = frappe.qb.DocType(CREDIT_REFERENCE)
	(
		frappe.qb.update(table)
		.set(table.approval_status, "Approved")
		.where((table.limit_effect == "Raise") & table.approved_on.isnull())
	).run()
