"""Fill in what is to be collected from each account: the worklist ranks by it from the first day on."""

from client_ledger.collections.account_sync import sync_accounts


def execute() -> None:
	"""Write the figure into every account that has something overdue."""
	sync_accounts()
