"""Early Warning: a signal that was raised for a customer or a company, for as long as its episode lasts."""

import frappe
from frappe import _

from client_ledger.site.documents import LedgerDocument


class EarlyWarning(LedgerDocument):
	"""Written by the nightly look and changed by actions, never by hand; what became of it stays on record."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.Literal[
			"",
			"Call",
			"Visit",
			"Lower the Credit Limit",
			"Hold Orders and Deliveries",
			"Ask for Prepayment",
			"Review",
		]
		action_doctype: DF.Link | None
		action_name: DF.DynamicLink | None
		amount: DF.Currency
		closed_because: DF.Literal[
			"", "No Longer True", "Known and Accepted", "False Alarm", "Done", "Silent for 30 Days"
		]
		company: DF.Link | None
		currency: DF.Link | None
		customer: DF.Link | None
		customer_name: DF.Data | None
		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		ended_on: DF.Date | None
		last_on: DF.Date | None
		outcome: DF.Literal["", "Turned Bad", "Did Not Turn Bad", "Nothing Fell Due", "Bad Already"]
		outcome_on: DF.Date | None
		proposed_action: DF.Literal[
			"Call",
			"Visit",
			"Lower the Credit Limit",
			"Hold Orders and Deliveries",
			"Ask for Prepayment",
			"Review",
		]
		raised_on: DF.Date | None
		reason: DF.SmallText | None
		reason_message: DF.SmallText | None
		reason_values: DF.JSON | None
		remark: DF.SmallText | None
		responsible: DF.Link | None
		score: DF.Percent
		serious_days: DF.Int
		severity: DF.Literal["High", "Medium", "Low"]
		signal: DF.Link | None
		signal_name: DF.Data | None
		snoozed_until: DF.Date | None
		status: DF.Literal["Open", "Snoozed", "Acted", "Closed"]
		turned_bad_on: DF.Date | None
		warning_key: DF.Data | None
		was_bad: DF.Check
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse changes by hand."""
		if not self.flags.ignore_permissions:
			frappe.throw(_("An Early Warning cannot be edited. Use its buttons."), frappe.PermissionError)

	def on_trash(self) -> None:
		"""Its signal's record is made of what became of it."""
		if not self.flags.ignore_permissions:
			frappe.throw(
				_("An Early Warning stays on record and cannot be deleted. Close it with a reason."),
				frappe.PermissionError,
			)
