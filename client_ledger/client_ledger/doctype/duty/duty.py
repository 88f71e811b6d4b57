"""Duty: something that people do, by what it takes to do it."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told
from client_ledger.duties.guards import refuse_bound, rules_with
from client_ledger.duties.own_actions import OWN_ACTIONS
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled

WAY = ("document_type", "permission", "workflow_action", "own_action", "where_field", "where_value")


class Duty(LedgerDocument):
	"""Whoever can do one of its rows has the duty. Who is bound by a rule with it does not change it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.duty_right.duty_right import DutyRight

		description: DF.SmallText | None
		rights: DF.Table[DutyRight]
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse ways that nobody could ever take, naming the row."""
		for row in self.rights:
			if action := OWN_ACTIONS.get(row.own_action):
				row.document_type, row.permission = action.doctype, action.right.capitalize()
				if row.permission == "Read":
					row.permission = "Write"
			self._validate_row(row)
		if not self.is_new() and _ways(self) != _ways(self.get_doc_before_save()):
			self._refuse_bound(_("The ways of doing it cannot be changed"))

	def on_update(self) -> None:
		"""What others can do changes with it."""
		if self.get_doc_before_save():
			look(told(marked("Duty {0}"), self.name))

	def on_trash(self) -> None:
		"""Nobody deletes a duty that binds them."""
		self._refuse_bound(_("The duty cannot be deleted"))

	def _refuse_bound(self, what: str) -> None:
		for rule in rules_with(self.name):
			refuse_bound(self, rule, what)

	def _validate_row(self, row: Document) -> None:
		meta = frappe.get_meta(row.document_type)
		where = filled(_("Row {0} of {1}"), row.idx, bold(_(self.meta.get_label("rights"))))
		if meta.istable or meta.issingle:
			frappe.throw(
				filled(
					_("{0}: {1} has no documents of its own. Choose another document type."),
					where,
					_(meta.name),
				)
			)
		if row.permission in ("Submit", "Cancel") and not meta.is_submittable:
			frappe.throw(
				filled(
					_("{0}: documents of {1} are not submitted. Choose another right."), where, _(meta.name)
				)
			)
		if row.where_field and not meta.has_field(row.where_field):
			frappe.throw(filled(_("{0}: {1} has no field {2}."), where, _(meta.name), bold(row.where_field)))
		if bool(row.where_field) != bool(row.where_value):
			frappe.throw(filled(_("{0}: enter both the field and its value, or neither."), where))


def _ways(doc: Document) -> list[tuple]:
	return [tuple(row.get(field) or "" for field in WAY) for row in doc.rights]
