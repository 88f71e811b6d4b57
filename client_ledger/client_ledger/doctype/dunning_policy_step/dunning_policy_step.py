"""Dunning Policy Step: one row of a policy."""

from client_ledger.site.documents import LedgerDocument


class DunningPolicyStep(LedgerDocument):
	"""See client_ledger.core.dunning.policy.Step."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		attach_invoices: DF.Check
		attach_statement: DF.Check
		cc: DF.Data | None
		cc_account_manager: DF.Check
		channel: DF.Literal["Email", "SMS", "Letter", "Call", "Visit", "Referral"]
		days: DF.Int
		dunning_type: DF.Link | None
		email_template: DF.Link | None
		escalate_to: DF.Link | None
		follow_up: DF.Check
		formal: DF.Check
		hold: DF.Check
		minimum_amount: DF.Currency
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		stage: DF.Literal["", "Reminder", "Dunning", "Escalated", "Legal"]
		step_name: DF.Data
		wait_days: DF.Int
	# end: auto-generated types
