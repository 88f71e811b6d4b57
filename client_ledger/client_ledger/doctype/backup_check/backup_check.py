"""Backup Check: what a look at the site's backups, or a restore that was tried, came to. Written once, never changed."""

import frappe
from frappe import _

from client_ledger.backups.messages import loaded, sentence, summary
from client_ledger.core.backups import BackupVerdict
from client_ledger.site.documents import LedgerDocument


class BackupCheck(LedgerDocument):
	"""Written by the check and the drill alone; it may not be changed or deleted by anybody."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		age_hours: DF.Float
		backup: DF.Data | None
		checked_on: DF.Datetime | None
		compared: DF.LongText | None
		copied_on: DF.Datetime | None
		encrypted: DF.Check
		findings: DF.LongText | None
		frappe_version: DF.Data | None
		kind: DF.Literal["Check", "Drill"]
		seconds: DF.Int
		size_mb: DF.Float
		summary: DF.SmallText | None
		taken_on: DF.Datetime | None
		told: DF.Literal["", "Alert", "Reminder", "Recovery"]
		verdict: DF.Literal["Good", "Warning", "Bad"]
		with_files: DF.Check
	# end: auto-generated types

	def onload(self) -> None:
		"""Tell the findings in the reader's language."""
		self.set_onload("summary", summary(self.kind, BackupVerdict(self.verdict)))
		self.set_onload(
			"findings",
			[{"verdict": one.verdict.value, "text": str(sentence(one))} for one in loaded(self.findings)],
		)

	def validate(self) -> None:
		"""Refuse every change: what was found then was found."""
		_refuse()

	def on_trash(self) -> None:
		"""Refuse to be deleted."""
		_refuse()


def _refuse() -> None:
	frappe.throw(
		_("Backup Checks are written by the system and cannot be changed or deleted."), frappe.PermissionError
	)
