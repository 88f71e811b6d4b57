"""Credit Scorecard: what is graded, how much it counts and where grades begin; submitting a version puts it in force."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.credit.grades import scorecards


class CreditScorecard(Document):
	"""A version: submitted ones never change, amending one makes the next."""

	def validate(self) -> None:
		"""Refuse what cannot be graded with, naming every row that is wrong."""
		scorecards.check(self)
		if not self.docstatus:
			self.status, self.active_from, self.replaced_on = "Draft", None, None

	def on_submit(self) -> None:
		"""It is in force from now on; assessments follow tonight."""
		scorecards.activate(self)

	def before_cancel(self) -> None:
		"""What grades must not vanish: another version has to be in force first."""
		if self.status == scorecards.ACTIVE:
			frappe.throw(
				_("This scorecard is in force. Submit another version first; it takes this one's place.")
			)

	def on_cancel(self) -> None:
		"""Say so in lists."""
		self.db_set("status", "Cancelled")
