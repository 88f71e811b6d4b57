"""The nightly job is called tasks.nightly: a site that has stopped it finds it stopped."""

from client_ledger.patches.renames import rename_job


def execute() -> None:
	rename_job("client_ledger.tasks.heal", "client_ledger.tasks.nightly")
