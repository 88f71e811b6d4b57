"""Duty Mitigation: a conflict of duties that is accepted for a time; requested by one person, approved by another."""

import frappe
from frappe import _

from client_ledger.core.marked import marked
from client_ledger.duties import mitigations
from client_ledger.duties.changes import look, told
from client_ledger.duties.people import with_other_accounts
from client_ledger.site.approvals import ask_approvers, check_approver, is_maker, note_request, own_request
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled
from client_ledger.site.refusals import refuse


class DutyMitigation(LedgerDocument):
	"""Submitting it is approving it. Who has the conflict never approves, reviews or ends its mitigation."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		duty_rule: DF.Link
		makers: DF.SmallText | None
		reason: DF.SmallText
		requested_by: DF.Link | None
		reviewer: DF.Link
		user: DF.Link
		user_full_name: DF.Data | None
		valid_from: DF.Date
		valid_until: DF.Date
	# end: auto-generated types

	# What an approver approves: whoever changes one of these has requested it.
	REQUESTED = ("user", "duty_rule", "valid_from", "valid_until", "reason", "reviewer")

	def validate(self) -> None:
		"""Refuse what has no end, no reason, or nobody else who reviews."""
		if not self.docstatus:
			mitigations.check(self)
			note_request(self)

	def after_insert(self) -> None:
		"""Those who may approve are told."""
		ask_approvers(self)

	def before_submit(self) -> None:
		"""Only somebody else approves it."""
		mitigations.check(self)
		self._refuse_own(_("{0} is about your own duties, so another user must approve it."))
		if is_maker(self):
			refuse(self, own_request(self))
		check_approver(self)

	def before_cancel(self) -> None:
		"""Only somebody else ends it."""
		self._refuse_own(_("{0} is about your own duties, so another user must end it."))

	def before_update_after_submit(self) -> None:
		"""What was approved stays as it was."""
		before = self.get_doc_before_save()
		if any(str(before.get(field) or "") != str(self.get(field) or "") for field in self.REQUESTED):
			refuse(
				self,
				filled(_("{0} was approved as it is. Cancel it, and request another one."), bold(self.name)),
			)

	def on_trash(self) -> None:
		"""What was approved stays on record."""
		if self.docstatus == 2:
			refuse(self, filled(_("{0} was approved and stays on record."), bold(self.name)))

	def _refuse_own(self, text: str) -> None:
		if frappe.session.user in with_other_accounts([self.user]):
			refuse(self, filled(text, bold(self.name)))

	def on_submit(self) -> None:
		"""The conflict is mitigated from now."""
		self._look()

	def on_cancel(self) -> None:
		"""The conflict is open again."""
		self._look()

	def _look(self) -> None:
		look(told(marked("Duty Mitigation {0}"), self.name), [self.user])
