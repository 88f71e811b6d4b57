"""Collector Team: who looks after which customers, in which shares, and who stands in."""

import frappe
from frappe import _
from frappe.utils import cint, getdate

from client_ledger.collections.items import throw_row
from client_ledger.collections.teams import VALUE_OF
from client_ledger.core.collections.ownership import ScopeKind
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled


class CollectorTeam(LedgerDocument):
	"""Accounts get their collectors with the next night."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.collector_team_member.collector_team_member import (
			CollectorTeamMember,
		)
		from client_ledger.client_ledger.doctype.collector_team_scope.collector_team_scope import (
			CollectorTeamScope,
		)

		enabled: DF.Check
		for_company: DF.Link | None
		manager: DF.Link | None
		members: DF.Table[CollectorTeamMember]
		scopes: DF.Table[CollectorTeamScope]
		team_name: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse what cannot be followed, with the row at fault."""
		seen = set()
		for row in self.members:
			if row.user in seen:
				throw_row(row.idx, filled(_("{0} is listed more than once."), bold(row.user)))
			seen.add(row.user)
			if cint(row.share) < 0:
				throw_row(row.idx, filled(_("{0} cannot be negative."), _("Workload Share")))
			if bool(row.away_from) != bool(row.away_until):
				throw_row(
					row.idx, filled(_("{0} and {1} are both required."), _("Away From"), _("Away Until"))
				)
			if row.away_from and getdate(row.away_until) < getdate(row.away_from):
				throw_row(row.idx, filled(_("{0} cannot be before {1}."), _("Away Until"), _("Away From")))
			if row.away_from and not row.substitute:
				throw_row(row.idx, filled(_("Select a substitute in {0}."), _("Substitute")))
			if row.substitute == row.user:
				throw_row(row.idx, _("A member cannot be their own substitute."))
		if not any(cint(row.share) > 0 for row in self.members):
			frappe.throw(_("At least one member must have a workload share above 0."))
		for row in self.scopes:
			field = VALUE_OF.get(ScopeKind(row.applies_to))
			if field and not row.get(field):
				throw_row(row.idx, filled(_("{0} is required."), _(row.applies_to)))
