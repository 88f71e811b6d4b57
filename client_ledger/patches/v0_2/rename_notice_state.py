"""The status of a Ledger Notice is kept in the field `status`, as everywhere; it was called `state`."""

from client_ledger.patches.renames import rename_field


def execute() -> None:
	"""Rename the column, and the field in what the site has saved about notices. Runs before the models are synchronised."""
	rename_field("Ledger Notice", "state", "status")
