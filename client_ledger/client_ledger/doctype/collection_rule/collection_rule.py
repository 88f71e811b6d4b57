"""Collection Rule: what makes a customer worth a call today, and how many points it gives."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt


class CollectionRule(Document):
	"""Points of all rules that are met add up to a customer's priority."""

	def validate(self) -> None:
		"""Refuse a rule that says nothing."""
		if not cint(self.points):
			frappe.throw(_("A rule of 0 points says nothing; disable it instead."))
		if flt(self.minimum) < 0:
			frappe.throw(_("{0} cannot be negative.").format(_("At Least")))
