"""Who may do what about statements besides reading them; the same table feeds the checks and the buttons."""

from client_ledger.collections.access import ROLES_FOR
from client_ledger.outbox import access as outbox
from client_ledger.outbox.access import ActionRoles

ROLES = ActionRoles(
	{
		"start": ("Accounts Manager", "Credit Manager"),
		"decide": outbox.ROLES["decide"],
		# One statement, or those of chosen customers, as the Collections tab sends them.
		"send": ROLES_FOR["work"],
	}
)
can = ROLES.can
