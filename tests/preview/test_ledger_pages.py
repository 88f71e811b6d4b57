"""Pages of a ledger: together they are the whole history, and each knows what is open without reading it all."""

from datetime import timedelta

import pytest

from client_ledger.core.movements import LedgerLine
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.preview.store import ledger_file
from tests.preview.conftest import TODAY


def all_pages(ledger: Ledger, customer: str, company: str, day, limit: int, **kwargs) -> list[LedgerLine]:
	"""Return the lines of all pages, newest first."""
	lines, after = [], None
	while True:
		page = ledger.page(customer, (company,), day, limit, after, **kwargs)
		lines += page.lines
		after = page.next
		if after is None:
			return lines


@pytest.fixture
def accounts(documents):
	"""Every customer with the company it trades with."""
	return sorted({(i.customer, i.company) for i in documents.invoices if not i.cancelled})


@pytest.mark.parametrize("days_ago", [0, 200])
@pytest.mark.parametrize("limit", [1, 7, 500])
def test_pages_together_are_the_history(sample, accounts, days_ago, limit):
	ledger, day = ledger_file.ledger(sample), TODAY - timedelta(days=days_ago)
	compared = 0
	for customer, company in accounts[:: 1 if limit == 7 else 4]:
		opening, history, closing = ledger.history(customer, (company,), TODAY.replace(year=2000), day)
		assert not opening.base
		assert all_pages(ledger, customer, company, day, limit) == history[::-1]
		assert not history or history[-1].movement.base_balance == closing.base
		compared += len(history)
	assert compared > 50


def test_a_page_knows_what_is_open_without_the_rest_of_the_ledger(sample, accounts):
	ledger, still_open = ledger_file.ledger(sample), 0
	for customer, company in accounts:
		items = ledger.open_items(Scope((company,), (customer,)), TODAY)
		lines = all_pages(ledger, customer, company, TODAY, 5)
		assert lines == all_pages(ledger, customer, company, TODAY, 5, items=items)
		still_open += sum(1 for line in lines if line.outstanding)
	assert still_open > 20
