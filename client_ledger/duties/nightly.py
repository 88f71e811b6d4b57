"""Every night all rights are looked at again: what no event told of, mitigations that begin and end."""

import frappe
from frappe import _
from frappe.utils import getdate
from frappe.utils.user import get_users_with_role

from client_ledger.core.marked import marked
from client_ledger.duties.changes import told
from client_ledger.duties.scan import MITIGATED, OPEN, scan
from client_ledger.duties.warning import tell_managers
from client_ledger.site.doctypes import DUTY_CONFLICT
from client_ledger.site.notify import MOST_READERS, notify


def look_again() -> None:
	"""Bring conflicts into line with today's rights and mitigations, and notify System Managers of new and of reopened ones."""
	mitigated = frappe.get_all(DUTY_CONFLICT, {"status": MITIGATED}, pluck="name", order_by="name")
	new = scan(because=told(marked("Found at night")), today=getdate())
	reopened = frappe.get_all(
		DUTY_CONFLICT, {"name": ("in", mitigated), "status": OPEN}, pluck="name", order_by="name"
	)
	frappe.db.commit()  # nosemgrep: what is told is stored
	if new:
		tell_managers(new, "")
	managers = sorted(get_users_with_role("System Manager"))[:MOST_READERS]
	for name in reopened:
		notify(
			managers,
			DUTY_CONFLICT,
			name,
			lambda: _("{0} is open again: its mitigation has ended."),
		)
