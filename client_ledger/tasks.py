"""Background work: refreshing accounts after vouchers, every hour what was left over, every night all of them."""

from client_ledger.accounts import nightly
from client_ledger.accounts.rebuild import rebuild
from client_ledger.accounts.refresh import refresh_stale_customers
from client_ledger.accounts.stale import enqueue_refresh, stale_customers, take_turn
from client_ledger.dunning import resolution, runs

# A worker kills a job of the default queue that outlives its timeout; stop in time and queue another.
SECONDS_PER_JOB = 600


def refresh_stale() -> None:
	"""Refresh what vouchers marked; go on in another job if this one takes too long."""
	take_turn()
	failed = refresh_stale_customers(SECONDS_PER_JOB)
	if stale_customers(1, failed):
		enqueue_refresh()


def catch_up() -> None:
	"""Refresh marks that a dead worker or an unreachable queue left behind, and retry those that failed."""
	refresh_stale()


def dun() -> None:
	"""Queue planning and sending of dunning, where a policy wants any."""
	runs.tick()


def heal() -> None:
	"""Bring every account to today, and ERPNext's Dunnings to what is open."""
	nightly.heal()
	resolution.correct_all()


def rebuild_all() -> None:
	"""Judge all accounts anew, after the settings changed."""
	rebuild()
