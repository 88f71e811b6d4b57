"""Warning Signal: one kind of early warning, its parameters, whether it is used, and its record on this site's ledger."""

import frappe
from frappe import _
from frappe.utils import flt

from client_ledger.early_warnings.signals import BY_RECORD
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled


class WarningSignal(LedgerDocument):
	"""Its rule is in the app; people choose parameters within bounds, and may overrule its record with a reason."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.warning_signal_parameter.warning_signal_parameter import (
			WarningSignalParameter,
		)
		from client_ledger.client_ledger.doctype.warning_signal_record.warning_signal_record import (
			WarningSignalRecord,
		)

		applies_to: DF.Literal["Customer", "Company"]
		code: DF.Data | None
		enabled: DF.Literal["By Its Record", "Always", "Never"]
		meaning: DF.SmallText | None
		needs: DF.Data | None
		parameters: DF.Table[WarningSignalParameter]
		reason: DF.SmallText | None
		records: DF.Table[WarningSignalRecord]
		title: DF.Data | None
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse parameters out of bounds, and a choice against the record without a reason."""
		if not self.flags.ignore_permissions:
			self._check_rows()
		for row in self.parameters:
			if not flt(row.least) <= flt(row.value) <= flt(row.most):
				frappe.throw(
					filled(_("{0} must be between {1} and {2}."), bold(_(row.label)), row.least, row.most)
				)
		self.reason = (self.reason or "").strip() or None
		if self.enabled == BY_RECORD:
			self.reason = None
		elif not self.reason and not self.flags.ignore_permissions:
			frappe.throw(filled(_("{0} is required."), bold(_("Reason"))))

	def _check_rows(self) -> None:
		"""Parameters are those of the rule: none more, none less."""
		before = self.get_doc_before_save()
		if before and [row.name for row in before.parameters] != [row.name for row in self.parameters]:
			frappe.throw(_("The parameters of a signal are those of its rule. Change their values only."))

	def on_trash(self) -> None:
		"""It comes with the app."""
		if not self.flags.ignore_permissions:
			frappe.throw(
				filled(_("{0} comes with the app. Choose {1} to switch it off."), _(self.title), _("Never")),
				frappe.PermissionError,
			)
