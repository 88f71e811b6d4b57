"""Payments that the customer says it has made."""

from client_ledger.portal.access import Visitor


def of_visitor(visitor: Visitor) -> list[dict]:
	"""Return what the customer has announced and what became of it."""
	return []
