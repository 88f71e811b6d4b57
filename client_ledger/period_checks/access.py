"""Who may do what with check lists. A list is about all customers of a company: see permissions.py for who sees it at all."""

from client_ledger.outbox.access import ActionRoles

ROLES = ActionRoles(
	prepare=("Accounts User", "Accounts Manager"),
	approve=("Accounts Manager",),
	# An approved list is taken back by whoever could have approved it.
	reopen=("Accounts Manager",),
)
can = ROLES.can
