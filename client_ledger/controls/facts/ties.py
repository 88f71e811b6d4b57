"""Customers whose balance in the payment ledger is not that in the general ledger."""

from client_ledger.controls.facts.window import FactWindow
from client_ledger.core.controls.facts import TieFact
from client_ledger.ledger.results import Scope
from client_ledger.ledger.site import END_OF_TIME, site_ledger


def read_ties(window: FactWindow) -> list[TieFact]:
	"""Return the accounts of customers in which both ledgers differ, whatever the dates of their entries."""
	scope = Scope((window.company,), window.customers)
	found = site_ledger().reconcile(scope, END_OF_TIME)
	return [
		TieFact(key.customer, one.account, one.difference)
		for key, both in found.items()
		for one in both.differing
	]
