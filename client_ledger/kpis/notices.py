"""Who is told of a month end that the ledger says something else of than when it was stored."""

import frappe
from frappe import _
from frappe.utils.user import get_users_with_role

from client_ledger.kpis.access import ROLES
from client_ledger.site.doctypes import KPI_MONTH_END
from client_ledger.site.notify import notify


def tell_of_changes(name: str) -> None:
	"""Notify those who may review a month end that it has changed."""
	doc = frappe.get_doc(KPI_MONTH_END, name)
	users = {user for role in ROLES["review"] for user in get_users_with_role(role)}
	readers = [
		user for user in sorted(users) if frappe.has_permission(KPI_MONTH_END, "read", doc=doc, user=user)
	]
	notify(
		readers,
		KPI_MONTH_END,
		name,
		lambda: _("The figures of {0} are no longer what they were. Look at the vouchers and note why."),
	)
