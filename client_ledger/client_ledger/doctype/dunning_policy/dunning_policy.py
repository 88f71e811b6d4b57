"""Dunning Policy: the steps of dunning, for whom, and within which bounds."""

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.dunning.policies import validate
from client_ledger.measured_effect import actions
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class DunningPolicy(LedgerDocument):
	"""Every change that matters makes a new version; what was planned under an older one is planned again."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.dunning_policy_scope.dunning_policy_scope import (
			DunningPolicyScope,
		)
		from client_ledger.client_ledger.doctype.dunning_policy_step.dunning_policy_step import (
			DunningPolicyStep,
		)
		from client_ledger.client_ledger.doctype.dunning_policy_text.dunning_policy_text import (
			DunningPolicyText,
		)

		budget_contacts: DF.Int
		budget_days: DF.Int
		closes: DF.Time | None
		description: DF.SmallText | None
		email_account: DF.Link | None
		for_company: DF.Link | None
		gap: DF.Int
		holiday_list: DF.Link | None
		is_default: DF.Check
		mode: DF.Literal["Off", "Preview", "Approve", "Automatic"]
		opens: DF.Time | None
		reply_to: DF.Data | None
		scopes: DF.Table[DunningPolicyScope]
		skip_weekends: DF.Check
		steps: DF.Table[DunningPolicyStep]
		texts: DF.Table[DunningPolicyText]
		thank_you: DF.Check
		thank_you_template: DF.Link | None
		time_zone: DF.Data | None
		title: DF.Data
		version: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Raise frappe.ValidationError for what cannot be followed, with the row at fault."""
		validate.validate_policy(self)
		validate.warn_without_effect(self)
		self._next_version()

	def _next_version(self) -> None:
		before = self.get_doc_before_save()
		if not before:
			self.version = 1
		elif validate.substance(before) != validate.substance(self):
			self.version = cint(before.version) + 1
		else:
			self.version = before.version

	def on_update(self) -> None:
		"""A trial of a step that is no longer the same has ended."""
		actions.policy_changed(self)

	def on_trash(self) -> None:
		"""A policy that has written to customers stays, as their notices name it."""
		if frappe.db.exists("Ledger Notice", {"policy": self.name}):
			frappe.throw(
				filled(
					_(
						"{0} has been used to contact customers and must stay on record. Set its mode to Off instead."
					),
					self.title,
				)
			)
