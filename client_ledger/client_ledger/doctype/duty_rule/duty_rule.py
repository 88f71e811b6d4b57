"""Duty Rule: two duties that one person may not have."""

import frappe
from frappe import _

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told
from client_ledger.duties.guards import refuse_bound
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled
from client_ledger.site.refusals import refuse


class DutyRule(LedgerDocument):
	"""It is switched off with a reason, and never by who is bound by it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		enabled: DF.Check
		first_duty: DF.Link
		off_reason: DF.SmallText | None
		refused_on_same_document: DF.Check
		risk: DF.SmallText
		second_duty: DF.Link
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse a rule that binds nobody, and a change by who is bound."""
		if self.first_duty == self.second_duty:
			refuse(
				self,
				filled(
					_("{0} and {1} are the same. Choose two duties that are to be kept apart."),
					self._label("first_duty"),
					self._label("second_duty"),
				),
				frappe.ValidationError,
			)
		before = None if self.is_new() else self.get_doc_before_save()
		if self.enabled:
			self.off_reason = None
		if before and before.enabled and not self.enabled:
			refuse_bound(self, self.name, _("The rule cannot be switched off"))
		if not self.enabled and len((self.off_reason or "").strip()) < 3:
			text = filled(_("{0} is required to switch a rule off."), self._label("off_reason"))
			refuse(self, text, frappe.ValidationError)
		if before and (before.first_duty, before.second_duty) != (self.first_duty, self.second_duty):
			refuse_bound(self, self.name, _("The duties of the rule cannot be changed"))

	def on_update(self) -> None:
		"""Conflicts begin and end with the rule."""
		before = self.get_doc_before_save()
		fields = ("enabled", "first_duty", "second_duty")
		if not before or any(before.get(field) != self.get(field) for field in fields):
			look(told(marked("Duty Rule {0}"), self.name))

	def on_trash(self) -> None:
		"""Nobody deletes a rule that binds them, and none that found something: it is switched off instead."""
		refuse_bound(self, self.name, _("The rule cannot be deleted"))
		if frappe.db.exists("Duty Conflict", {"duty_rule": self.name}):
			refuse(
				self,
				filled(
					_("{0} has found conflicts, which stay on record. Switch it off with a reason instead."),
					bold(_(self.name)),
				),
				frappe.ValidationError,
			)

	def _label(self, field: str) -> str:
		return bold(_(self.meta.get_label(field)))
