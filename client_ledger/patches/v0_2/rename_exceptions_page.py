"""The page of notices that were not sent is Dunning Exceptions; roles and shortcuts given to the old one stay."""

from client_ledger.patches.renames import rename_record


def execute() -> None:
	"""Rename the page's record, before the page is synchronised from its file under its new name."""
	rename_record("Page", "what-did-not-go-out", "dunning-exceptions")
