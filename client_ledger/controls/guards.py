"""Nobody switches off, changes or closes what is about themselves; what is refused stays on record."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, getdate

from client_ledger.core.controls.lifecycle import FindingStatus
from client_ledger.core.controls.run import VIEW_DAYS
from client_ledger.core.duties.rights import ADMINISTRATOR
from client_ledger.duties import guards as duties
from client_ledger.site.doctypes import CONTROL_FINDING
from client_ledger.site.messages import bold, filled


def people_of(finding: Document | frappe._dict) -> list[str]:
	"""Return whom a finding is about: the person it names, and who made or submitted its documents."""
	return list(dict.fromkeys(filter(None, [finding.person, *(finding.people or "").split("\n")])))


def found_by(control: str, user: str) -> bool:
	"""Return whether a control has found something about *user* within a year that was not mended by itself."""
	if user == ADMINISTRATOR:
		return False
	table = frappe.qb.DocType(CONTROL_FINDING)
	rows = (
		frappe.qb.from_(table)
		.select(table.person, table.people)
		.where((table.control == control) & (table.status != FindingStatus.GONE.value))
		.where(table.last_found >= add_days(getdate(), -VIEW_DAYS))
	).run(as_dict=True)
	return any(user in people_of(row) for row in rows)


def refuse_found(doc: Document, what: str) -> None:
	"""Raise frappe.PermissionError, on record, where the control *doc* has found something about the user. what: was tried, translated."""
	user = frappe.session.user
	if found_by(doc.name, user):
		refuse(
			doc,
			filled(
				_("{0}: it has found something about {1}, so another user must do this."), what, bold(user)
			),
		)


def refuse_about(doc: Document, what: str) -> None:
	"""Raise frappe.PermissionError, on record, where the finding *doc* is about the user. what: was tried, translated."""
	user = frappe.session.user
	if user != ADMINISTRATOR and user in people_of(doc):
		refuse(doc, filled(_("{0}: it is about {1}, so another user must do this."), what, bold(user)))


def refuse(doc: Document, text: str) -> None:
	"""Raise frappe.PermissionError with *text*; a comment on the document says so, although all else is rolled back."""
	duties.refuse(doc, text)
