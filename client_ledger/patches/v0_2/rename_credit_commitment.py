"""Credit Commitment is called Credit Reservation."""

from client_ledger.patches.renames import rename_doctype


def execute() -> None:
	rename_doctype("Credit Commitment", "Credit Reservation")
