"""Nobody switches off, changes or closes what is about themselves; what is refused stays on record."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, flt, get_datetime, getdate

from client_ledger.core.controls.lifecycle import FindingStatus
from client_ledger.core.controls.run import VIEW_DAYS
from client_ledger.core.duties.rights import ADMINISTRATOR
from client_ledger.duties import guards as duties
from client_ledger.site.doctypes import CONTROL_FINDING
from client_ledger.site.messages import bold, filled

# What Frappe writes of every row itself.
_OF_FRAPPE = frozenset({"creation", "modified", "modified_by", "owner", "docstatus", "idx"})


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


def found_lately(control: str) -> int:
	"""Return how many findings of a control were there within a year, those that are gone left out."""
	since = add_days(getdate(), -VIEW_DAYS)
	filters = {"control": control, "last_found": (">=", since), "status": ("!=", FindingStatus.GONE.value)}
	return frappe.db.count(CONTROL_FINDING, filters)


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


def refuse_by_hand(doc: Document, before: Document, fields: Iterable[str]) -> None:
	"""Raise frappe.PermissionError, on record, where a field differs that actions own: also where a customised form lets it be edited."""
	for field in fields:
		df = doc.meta.get_field(field)
		if df is None or df.fieldtype in ("Section Break", "Column Break", "HTML", "Tab Break"):
			continue
		if _plain(doc.get(field), df.fieldtype) != _plain(before.get(field), df.fieldtype):
			text = _(
				"{0} of {1} is set by its actions and cannot be changed directly. Reload, and use the buttons."
			)
			refuse(doc, filled(text, bold(_(df.label)), _(doc.doctype)))


def _plain(value: object, fieldtype: str) -> object:
	if isinstance(value, list):
		return [
			{
				field: str(row.get(field) or "")
				for field in row.meta.get_valid_columns()
				if field not in _OF_FRAPPE
			}
			for row in value
		]
	if fieldtype in ("Check", "Int", "Float", "Currency"):
		return flt(value)
	if fieldtype == "Date":
		return getdate(value) if value else None
	if fieldtype == "Datetime":
		return get_datetime(value).replace(microsecond=0) if value else None
	return str(value or "").strip()


def refuse(doc: Document, text: str) -> None:
	"""Raise frappe.PermissionError with *text*; a comment on the document says so, although all else is rolled back."""
	duties.refuse(doc, text)
