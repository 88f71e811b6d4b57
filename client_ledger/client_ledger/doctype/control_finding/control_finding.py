"""Control Finding: one thing that a control found, from the night it was found to the reason why it was closed."""

from typing import Any

import frappe
from frappe import _

from client_ledger.controls import form, guards
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled

# What whoever may write a finding may change of it, whatever a site's customised form says.
OPEN_TO_ALL = "responsible"


class ControlFinding(LedgerDocument):
	"""Written by the nightly run, closed by actions that ask why; it stays on record."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.control_finding_document.control_finding_document import (
			ControlFindingDocument,
		)

		amount: DF.Currency
		closed_by: DF.Link | None
		closed_on: DF.Datetime | None
		company: DF.Link | None
		control: DF.Link | None
		control_title: DF.Data | None
		currency: DF.Link | None
		customer: DF.Link | None
		customer_name: DF.Data | None
		documents: DF.Table[ControlFindingDocument]
		due_date: DF.Date | None
		escalated_on: DF.Date | None
		finding_key: DF.Data | None
		first_found: DF.Datetime | None
		found_again: DF.Int
		history: DF.JSON | None
		last_found: DF.Datetime | None
		on_date: DF.Date | None
		parameters_used: DF.Data | None
		people: DF.SmallText | None
		person: DF.Link | None
		reason: DF.SmallText | None
		reason_message: DF.SmallText | None
		reason_values: DF.JSON | None
		reminded_on: DF.Date | None
		resolution: DF.SmallText | None
		resolution_message: DF.SmallText | None
		responsible: DF.Link | None
		responsible_role: DF.Link | None
		severity: DF.Literal["High", "Medium", "Low"]
		status: DF.Literal["Open", "In Progress", "Accepted", "Resolved", "Gone"]
		told: DF.Check
		unique_key: DF.Data | None
	# end: auto-generated types

	def save(self, *args: Any, **kwargs: Any) -> "ControlFinding":
		"""Save also where a document that was found is deleted by now: that it was there stays on record."""
		self.flags.ignore_links = True
		return super().save(*args, **kwargs)

	def onload(self) -> None:
		"""Tell the form the reason in the reader's language, and what the reader may do."""
		self.set_onload("shown", form.finding_shown(self))

	def validate(self) -> None:
		"""Refuse that somebody looks after a finding about themselves."""
		before = None if self.is_new() else self.get_doc_before_save()
		by_hand = not self.flags.by_action and not self.flags.ignore_permissions
		if before and by_hand:
			guards.refuse_by_hand(
				self, before, [df.fieldname for df in self.meta.fields if df.fieldname != OPEN_TO_ALL]
			)
		if not before or (before.responsible or "") == (self.responsible or ""):
			return
		if by_hand:
			guards.refuse_about(self, _("The responsible user cannot be changed"))
		if not self.responsible:
			return
		if not frappe.db.get_value("User", self.responsible, "enabled"):
			frappe.throw(
				filled(
					_("{0}: {1} cannot log in. Choose another user."),
					bold(_(self.meta.get_label("responsible"))),
					bold(self.responsible),
				)
			)
		if self.responsible in guards.people_of(self):
			frappe.throw(
				filled(
					_("{0}: the finding is about {1}, so another user must look at it."),
					bold(_(self.meta.get_label("responsible"))),
					bold(self.responsible),
				)
			)

	def before_rename(self, *names: Any) -> None:
		"""It keeps its name: with another's it would be gone."""
		guards.refuse(self, _("A Control Finding cannot be renamed."))

	def on_trash(self) -> None:
		"""It stays on record."""
		guards.refuse(self, _("A Control Finding stays on record. Close it instead, with a reason."))
