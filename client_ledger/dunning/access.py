"""Who may do what about dunning: see (whoever may read the customer), start, approve and reject, block, waive.

The same table feeds the checks, the buttons and the matrix in docs/dunning.md; a test walks the roles through it.
"""

from client_ledger.outbox import access as outbox
from client_ledger.outbox.access import ActionRoles

# What each role may do besides reading.
ROLES = ActionRoles(
	{
		"start": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller"),
		**outbox.ROLES,
		"lift": ("Credit Manager", "Credit Controller"),
		"block": (
			"System Manager",
			"Accounts Manager",
			"Credit Manager",
			"Credit Controller",
			"Sales Manager",
		),
		"replay": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller"),
	}
)
can = ROLES.can
