"""Who may do what with warnings. Whoever may read the customer may see its warnings, as with all that belongs to one."""

from client_ledger.outbox.access import ActionRoles

PEOPLE = ("Accounts Manager", "Credit Manager", "Credit Controller", "Sales Manager", "Sales User")
MANAGERS = ("System Manager", "Accounts Manager", "Credit Manager")
ROLES = ActionRoles(
	# Snooze, act, close.
	work=PEOPLE,
	# Give a warning to somebody else, set signals and companies up.
	manage=MANAGERS,
)
can = ROLES.can
