"""Credit Grade Override: another grade than the assessed one, for a while and for a reason, approved by another person."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.credit.grades.in_force import UNRATED, grade_in_force, update_grades
from client_ledger.site.approvals import ask_approvers, check_approver, note_request
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled


class CreditGradeOverride(LedgerDocument):
	"""Submitting it is approving it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		assessed_grade: DF.Link | None
		company: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		grade: DF.Link
		makers: DF.SmallText | None
		reason: DF.SmallText
		requested_by: DF.Link | None
		valid_from: DF.Date
		valid_to: DF.Date
	# end: auto-generated types

	# What an approver approves: whoever changes one of these has requested it.
	REQUESTED = ("customer", "company", "grade", "valid_from", "valid_to")

	def validate(self) -> None:
		"""Refuse dates that cannot be in force, and a grade that is none."""
		note_request(self)
		if getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				filled(_("{0} cannot be before {1}."), self._label("valid_to"), self._label("valid_from"))
			)
		if not self.docstatus and getdate(self.valid_to) < getdate():
			frappe.throw(filled(_("{0} is in the past."), self._label("valid_to")))
		if self.grade == UNRATED:
			frappe.throw(filled(_("{0} is not a valid grade for an override."), bold(_(UNRATED))))
		if not self.docstatus:
			grade = grade_in_force(self.customer, self.company, getdate()).grade
			self.assessed_grade = grade if frappe.db.exists("Credit Grade", grade) else None

	def after_insert(self) -> None:
		"""Those who may approve are told."""
		ask_approvers(self)

	def before_submit(self) -> None:
		"""Only somebody else approves it."""
		check_approver(self)

	def on_submit(self) -> None:
		"""It is in force at once, if its day has come."""
		update_grades([self.customer], self.company, getdate())

	def on_cancel(self) -> None:
		"""The assessed grade is in force again."""
		update_grades([self.customer], self.company, getdate())

	def _label(self, field: str) -> str:
		return bold(_(self.meta.get_label(field)))
