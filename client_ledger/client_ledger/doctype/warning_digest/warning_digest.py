"""Warning Digest: how often somebody is told of new early warnings, and by which channels."""

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.early_warnings.access import can
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class WarningDigest(LedgerDocument):
	"""One per person: everybody sets up their own, managers those of others too."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		by_email: DF.Check
		enabled: DF.Check
		frequency: DF.Literal["Daily", "Weekly"]
		hour: DF.Int
		last_sent_on: DF.Datetime | None
		minimum_severity: DF.Literal["Low", "Medium", "High"]
		on_desk: DF.Check
		seen_until: DF.Datetime | None
		user: DF.Link
		warnings_of: DF.Literal["My Customers", "All I May See"]
		weekday: DF.Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse a digest for somebody else, one that reaches nobody, and an hour that no day has."""
		if self.user != frappe.session.user and not can("manage") and not self.flags.ignore_permissions:
			frappe.throw(_("You can only set up your own digest."), frappe.PermissionError)
		if not 0 <= cint(self.hour) <= 23:
			frappe.throw(filled(_("{0} must be between {1} and {2}."), _("Not Before (Hour)"), 0, 23))
		if cint(self.enabled) and not (cint(self.by_email) or cint(self.on_desk)):
			frappe.throw(_("Choose at least one way: by e-mail, or on the desk."))
