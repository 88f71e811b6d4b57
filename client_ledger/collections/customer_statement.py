"""A customer's statement: the ledger or what is open of it, with what is in dispute and what the customer is asked for."""

from collections.abc import Sequence
from datetime import date

from client_ledger.collections import amounts_due
from client_ledger.collections.disputes import disputed_now, in_dispute
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.site import site_ledger
from client_ledger.site.request import LedgerRequest
from client_ledger.statements.figures import StatementFacts
from client_ledger.statements.statement import Statement, make_statement


def customer_statement(
	request: LedgerRequest, from_date: date | None = None, open_only: bool = False
) -> Statement:
	"""Return the statement of *request*, in the language spoken now. from_date: None is the ledger's beginning."""
	due = amounts_due.of_customer(request.customer, request.company, request.as_of, request.currency)
	return make_statement(site_ledger(), request, from_date, open_only, in_dispute(request), due)


def statement_facts(company: str, items: Sequence[OpenItem], as_of: date) -> StatementFacts:
	"""Return what is disputed, promised and referred of *items* today, and what their customers are asked for.

	For a day in the past: by what was open and on account then, as nobody keeps what was disputed on it.
	"""
	return StatementFacts(
		disputed_now({item.customer for item in items}, company, as_of),
		amounts_due.by_party(items, as_of),
	)
