"""Step Trial: a step of dunning that a share of the customers gets otherwise, to measure what it is worth. See client_ledger.measured_effect."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.measured_effect import rules
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled


class StepTrial(LedgerDocument):
	"""Off until it is started; from then on only ended. What it is about is never changed while customers are in it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		because: DF.SmallText | None
		cases_usual: DF.Int
		cases_varied: DF.Int
		channel: DF.Literal["", "Email", "SMS", "Letter", "Call", "Visit"]
		company: DF.Link
		customers_usual: DF.Int
		customers_varied: DF.Int
		days: DF.Int
		end_reason: DF.SmallText | None
		ended_by: DF.Link | None
		ended_on: DF.Datetime | None
		gained: DF.Float
		high: DF.Float
		low: DF.Float
		measured_on: DF.Date | None
		needed: DF.Int
		policy: DF.Link
		reason: DF.SmallText
		share: DF.Percent
		since: DF.Date
		started_by: DF.Link | None
		started_on: DF.Datetime | None
		status: DF.Literal["Off", "Running", "Ended"]
		step: DF.Int
		step_name: DF.Data | None
		step_row: DF.Data | None
		title: DF.Data
		until: DF.Date | None
		usual_channel: DF.Literal["", "Email", "SMS", "Letter", "Call", "Visit", "Referral"]
		usual_days: DF.Int
		verdict: DF.Literal[
			"", "Not Enough Yet", "Payment Comes Sooner", "Payment Comes Later", "No Difference That Matters"
		]
		waiting: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse what cannot be tried out, and changes of a trial that has begun."""
		before = self.get_doc_before_save()
		if before and before.status != TrialStatus.OFF.value:
			self._check_unchanged(before)
		elif self.status == TrialStatus.OFF.value:
			rules.check(self)

	def _check_unchanged(self, before: "StepTrial") -> None:
		if self.flags.by_action or self.flags.ignore_permissions:
			return
		for field in self.meta.fields:
			name = field.fieldname
			if not field.read_only and self.has_value_changed(name) and (self.get(name) or before.get(name)):
				frappe.throw(
					filled(
						_("{0} has begun and is not changed any more: end it, and make another one."),
						bold(self.title),
					)
				)

	def on_trash(self) -> None:
		"""What was tried out stays on record."""
		if self.status != TrialStatus.OFF.value:
			frappe.throw(
				filled(_("{0} has begun and stays on record. End it instead."), bold(self.title)),
				frappe.PermissionError,
			)


def on_doctype_update() -> None:
	"""Planning asks for the trials that have begun."""
	make_index(Index("cl_trial_status", "Step Trial", ("status", "company")))
