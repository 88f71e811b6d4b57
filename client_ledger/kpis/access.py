"""Who may do what with KPIs. They are about all customers of a company: see permissions.py for who sees them at all."""

from client_ledger.outbox.access import ActionRoles

ROLES = ActionRoles(
	store=("System Manager", "Accounts Manager", "Credit Manager"),
	review=("Accounts Manager", "Credit Manager"),
)
can = ROLES.can
