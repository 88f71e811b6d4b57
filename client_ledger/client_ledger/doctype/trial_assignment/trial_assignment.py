"""Trial Assignment: in which group of a trial a customer is. Written once, by planning. See client_ledger.measured_effect."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class TrialAssignment(LedgerDocument):
	"""Made by planning; never changed by hand, so that chance alone decides."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		arm: DF.Literal["As Ever", "Varied"]
		assigned_on: DF.Date | None
		assignment_key: DF.Data | None
		company: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		merged: DF.SmallText | None
		trial: DF.Link
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse what is entered or changed by hand."""
		frappe.throw(
			_("Trial Assignments are made by planning and cannot be entered or changed."),
			frappe.PermissionError,
		)

	def on_trash(self) -> None:
		"""It stays on record."""
		frappe.throw(_("A Trial Assignment stays on record and cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	"""Nobody is assigned twice, whoever plans at once."""
	make_index(Index("cl_assignment_key", "Trial Assignment", ("assignment_key",), unique=True))
