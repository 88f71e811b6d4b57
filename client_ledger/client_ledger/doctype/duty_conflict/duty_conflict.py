"""Duty Conflict: a user who could do both duties of a rule, for as long as that is so."""

from frappe import _

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.refusals import refuse


class DutyConflict(LedgerDocument):
	"""Written by the look at rights, never by hand; it ends with the rights, with a mitigation, or with the rule."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		closed_because: DF.SmallText | None
		closed_on: DF.Datetime | None
		duty_rule: DF.Link | None
		first_duty: DF.Link | None
		first_through: DF.SmallText | None
		found_because: DF.SmallText | None
		found_by: DF.Link | None
		found_on: DF.Datetime | None
		mitigated_until: DF.Date | None
		mitigation: DF.Link | None
		open_key: DF.Data | None
		risk: DF.SmallText | None
		second_duty: DF.Link | None
		second_through: DF.SmallText | None
		status: DF.Literal["Open", "Mitigated", "Closed"]
		user: DF.Link | None
		user_full_name: DF.Data | None
	# end: auto-generated types

	# Every change is refused, on record, by validate.
	restores_owned = True

	def validate(self) -> None:
		"""Refuse changes by hand."""
		if not self.flags.ignore_permissions:
			refuse(
				self,
				_(
					"A Duty Conflict cannot be edited. Take rights back, or request a Duty Mitigation with an end."
				),
			)

	def on_trash(self) -> None:
		"""It stays on record."""
		refuse(self, _("A Duty Conflict stays on record and cannot be deleted."))
