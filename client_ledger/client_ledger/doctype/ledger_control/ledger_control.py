"""Ledger Control: a control of the core on this site: whether it runs, by which parameters, and who looks at what it finds."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint
from frappe.utils.user import get_users_with_role

from client_ledger.controls import form, guards
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled

MOST_DAYS = 366
# Changed by actions alone, whatever a site's customised form says.
OF_ACTIONS = (
	"enabled",
	"parameters",
	"off_in",
	"history",
	"preview",
	"off_reason",
	"changed_by",
	"changed_on",
)


class LedgerControl(LedgerDocument):
	"""It is shipped. It is switched on and off, and its parameters are changed, by actions that ask why; it is never deleted."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.ledger_control_company.ledger_control_company import (
			LedgerControlCompany,
		)
		from client_ledger.client_ledger.doctype.ledger_control_parameter.ledger_control_parameter import (
			LedgerControlParameter,
		)

		changed_by: DF.Link | None
		changed_on: DF.Datetime | None
		deadline: DF.Int
		enabled: DF.Check
		history: DF.JSON | None
		off_in: DF.Table[LedgerControlCompany]
		off_reason: DF.SmallText | None
		parameters: DF.Table[LedgerControlParameter]
		preview: DF.JSON | None
		responsible: DF.Link | None
		responsible_role: DF.Link
		severity: DF.Literal["", "High", "Medium", "Low"]
		title: DF.Data | None
	# end: auto-generated types

	def onload(self) -> None:
		"""Tell the form what the control is about, in the reader's language."""
		self.set_onload("shown", form.control_shown(self))

	def validate(self) -> None:
		"""Refuse a deadline that never comes, somebody who cannot log in, and changes by who is found by it."""
		if not 1 <= cint(self.deadline) <= MOST_DAYS:
			frappe.throw(filled(_("{0} must be between {1} and {2}."), self._label("deadline"), 1, MOST_DAYS))
		if self.responsible and not frappe.db.get_value("User", self.responsible, "enabled"):
			frappe.throw(
				filled(
					_("{0}: {1} cannot log in. Choose another user."),
					self._label("responsible"),
					bold(self.responsible),
				)
			)
		before = None if self.is_new() else self.get_doc_before_save()
		if before and not self.flags.by_action and not self.flags.ignore_permissions:
			guards.refuse_by_hand(self, before, OF_ACTIONS)
			changed = [
				name
				for name in ("severity", "deadline", "responsible", "responsible_role")
				if str(before.get(name) or "") != str(self.get(name) or "")
			]
			if changed:
				guards.refuse_found(self, _("The control cannot be changed"))
			if changed and not self.responsible and not get_users_with_role(self.responsible_role or ""):
				frappe.throw(
					filled(
						_(
							"{0}: nobody who can log in has the role {1}. Choose another one, or give it to somebody."
						),
						self._label("responsible_role"),
						bold(_(self.responsible_role or "")),
					)
				)

	def before_rename(self, *names: Any) -> None:
		"""A control is known by its code."""
		guards.refuse(self, _("A Ledger Control cannot be renamed."))

	def on_trash(self) -> None:
		"""It is switched off instead."""
		guards.refuse(self, _("A Ledger Control cannot be deleted. Switch it off instead, with a reason."))

	def _label(self, field: str) -> str:
		return bold(_(self.meta.get_label(field)))
