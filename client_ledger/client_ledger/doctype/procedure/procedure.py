"""Procedure: how something is done, step by step, by whom, until when; versioned, and read by everybody it concerns."""

import frappe
from frappe import _
from frappe.utils import cint
from markupsafe import Markup

from client_ledger.procedures import versions
from client_ledger.procedures.faults import faults_in_words
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled
from client_ledger.site.refusals import refuse


class Procedure(LedgerDocument):
	"""One that is in force can be followed: somebody answers for it, and every step is somebody's. Changed, it is a new version."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.procedure_place.procedure_place import ProcedurePlace
		from client_ledger.client_ledger.doctype.procedure_step.procedure_step import ProcedureStep

		in_force: DF.Check
		places: DF.Table[ProcedurePlace]
		read_within_days: DF.Int
		responsible: DF.Link | None
		steps: DF.Table[ProcedureStep]
		summary: DF.SmallText
		title: DF.Data
		version: DF.Int
		version_since: DF.Date | None
		what_changed: DF.SmallText | None
	# end: auto-generated types

	restores_owned = True

	def onload(self) -> None:
		"""Say what has come to be wrong with one in force since it was saved."""
		if cint(self.in_force):
			self.set_onload("faults", Markup("<br>").join(faults_in_words(self)))

	def validate(self) -> None:
		"""Refuse what nobody could follow, and count the version."""
		before = None if self.is_new() else self.get_doc_before_save()
		self.version, self.version_since = (before.version, before.version_since) if before else (0, None)
		for row in self.places:
			self._validate_place(row)
		versions.check(self)
		self.flags.is_new_version = versions.take_version(self, before)

	def on_update(self) -> None:
		"""Keep a new version, and tell its readers."""
		if self.flags.pop("is_new_version", None):
			versions.keep(self)

	def on_trash(self) -> None:
		"""What was in force stays on record."""
		if cint(self.version):
			refuse(
				self,
				filled(
					_("{0} was in force, and what was read stays on record. Take it out of force instead."),
					bold(_(self.name)),
				),
				frappe.ValidationError,
			)

	def _validate_place(self, row: "frappe.model.document.Document") -> None:
		meta = frappe.get_meta(row.document_type)
		where = filled(_("Row {0} of {1}"), row.idx, bold(_(self.meta.get_label("places"))))
		if row.state_field and not meta.has_field(row.state_field):
			frappe.throw(filled(_("{0}: {1} has no field {2}."), where, _(meta.name), bold(row.state_field)))
		if bool(row.state_field) != bool(row.state):
			frappe.throw(filled(_("{0}: enter both the field and its value, or neither."), where))
