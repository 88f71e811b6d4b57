"""Who may do what about confirmations besides reading them; the same table feeds the checks and the buttons."""

from client_ledger.outbox.access import ActionRoles

_MANAGERS = ("Accounts Manager", "Credit Manager")
ROLES = ActionRoles(
	{
		# Plan, send, remind and close a round.
		"run": _MANAGERS,
		# Enter replies, choose which of several counts, give links out and revoke them, settle.
		"work": (*_MANAGERS, "Credit Controller"),
	}
)
can = ROLES.can
