"""A customer's statement: the ledger or what is open of it, with what is in dispute and what the customer is asked for."""

from datetime import date

from client_ledger.collections import amounts_due
from client_ledger.collections.disputes import in_dispute
from client_ledger.ledger.site import site_ledger
from client_ledger.site.request import LedgerRequest
from client_ledger.statements.statement import Statement, make_statement


def customer_statement(
	request: LedgerRequest, from_date: date | None = None, open_only: bool = False
) -> Statement:
	"""Return the statement of *request*, in the language spoken now. from_date: None is the ledger's beginning."""
	due = amounts_due.of_customer(request.customer, request.company, request.as_of, request.currency)
	return make_statement(site_ledger(), request, from_date, open_only, in_dispute(request), due)
