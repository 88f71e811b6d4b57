"""Stale Customer is called Refresh Mark: marks that wait keep waiting under the new name."""

from client_ledger.patches.renames import rename_doctype


def execute() -> None:
	rename_doctype("Stale Customer", "Refresh Mark")
