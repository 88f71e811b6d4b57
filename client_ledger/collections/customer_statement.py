"""A customer's statement: the ledger or what is open of it, with what is in dispute and what the customer is asked for."""

from collections.abc import Sequence
from datetime import date

from client_ledger.collections import amounts_due
from client_ledger.collections.disputes import disputed_now
from client_ledger.core.open_items import OpenItem
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.site.request import LedgerRequest
from client_ledger.statements.figures import StatementFacts, statement_figures


def customer_statement(
	request: LedgerRequest,
	from_date: date | None = None,
	open_only: bool = False,
	coverage: Coverage | None = None,
) -> StatementFigures:
	"""Return the figures of *request*. from_date: None is the ledger's beginning. coverage: where it is not just open or all."""
	coverage = coverage or (Coverage.OPEN_ITEMS if open_only else Coverage.ACTIVITY)
	return statement_figures(
		request.company,
		request.customer,
		request.as_of,
		from_date,
		coverage,
		request.currency,
		statement_facts,
	)


def statement_facts(company: str, items: Sequence[OpenItem], as_of: date) -> StatementFacts:
	"""Return what is disputed, promised and referred of *items* today, and what their customers are asked for.

	For a day in the past: by what was open and on account then, as nobody keeps what was disputed on it.
	"""
	return StatementFacts(
		disputed_now({item.customer for item in items}, company, as_of),
		amounts_due.by_party(items, as_of),
	)
