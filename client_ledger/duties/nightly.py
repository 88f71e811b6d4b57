"""Every night all rights are looked at again: what no event told of, mitigations that begin and end."""

import frappe
from frappe.utils import getdate

from client_ledger.core.marked import marked
from client_ledger.duties.changes import told
from client_ledger.duties.scan import MITIGATED, scan
from client_ledger.duties.warning import tell_managers, tell_reopened
from client_ledger.site.doctypes import DUTY_CONFLICT


def look_again() -> None:
	"""Bring conflicts into line with today's rights and mitigations, and notify System Managers of new and of reopened ones."""
	mitigated = set(frappe.get_all(DUTY_CONFLICT, {"status": MITIGATED}, pluck="name", order_by="name"))
	found = scan(because=told(marked("Found at night")), today=getdate())
	frappe.db.commit()  # nosemgrep: what is told is stored
	tell_managers([name for name in found if name not in mitigated], "")
	tell_reopened([name for name in found if name in mitigated])
