"""Moving invoices and advances between receivable accounts changes nothing: random trades, each told twice.

Every reading of the ledger must say the same of the customer whose documents moved as of the one whose did not.
"""

import random
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest

from client_ledger.core.account import position
from client_ledger.core.dunning.past import past_items
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.ledger.period_ledgers import period_ledgers
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.preview.store import ledger_file
from tests.sql import moved
from tests.sql.moved import COMPANY, FIRST, Trade

SEEDS = range(60)
TODAY = FIRST + timedelta(days=400)


class Told(dict):
	"""Per seed the two customers; beside them the ledger and what the trades did."""

	ledger: Ledger
	done: Counter


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
	connection = ledger_file.create(tmp_path_factory.mktemp("moved") / "ledger.sqlite")
	moved.make_company(connection)
	found, done = Told(), Counter()
	for seed in SEEDS:
		trade = Trade(random.Random(seed), seed)
		found[seed] = trade.written(connection)
		done.update(trade.done)
	ledger_file.make_indexes(connection)
	found.ledger, found.done = ledger_file.ledger(connection), done
	return found


def scope(customer: str) -> Scope:
	return Scope((COMPANY,), (customer,))


def number(name: str) -> str:
	"""Return the number of a document, which both customers share."""
	return name.split(" of ")[0]


def both(told: Told, read):
	"""Assert that *read* says the same of both customers of every seed."""
	for seed, (plain, other) in told.items():
		assert read(other) == read(plain), f"seed {seed}"


def test_the_trades_do_what_they_are_about(told):
	for step in (
		*(
			"pay Journal Entry",
			"take Payment Entry for Journal Entry",
			"take Journal Entry for Sales Invoice",
		),
		*("journal takes an advance", "move an advance", "move 1 by journal", "move 2 by journal"),
		*("move in place by Invoice Discounting", "move in place by Journal Entry", "disburse"),
	):
		assert told.done[step] > 5, step


@pytest.mark.parametrize("by_terms", [True, False])
def test_open_items(told, by_terms):
	def read(customer):
		return Counter(
			(
				*(item.voucher.doctype, number(item.voucher.name), item.due_date, item.posting_date),
				*(item.amount, item.base_amount, item.outstanding, item.base_outstanding, item.currency),
			)
			for item in told.ledger.open_items(scope(customer), TODAY, by_terms)
		)

	both(told, read)


def test_open_items_are_in_the_accounts_that_the_general_ledger_has_them_in(told):
	"""What was moved by documents that name it is shown where it is; in all cases the accounts add up."""
	for _plain, other in told.values():
		items = told.ledger.open_items(scope(other), TODAY)
		[tie] = told.ledger.reconcile(scope(other), TODAY).values()
		assert sum(item.base_outstanding for item in items) == tie.general_ledger
		assert {item.account for item in items} <= {account.account for account in tie.accounts}


def test_positions(told):
	both(told, lambda customer: position(told.ledger.open_items(scope(customer), TODAY), TODAY))


def test_settlements(told):
	def read(customer):
		return {
			number(s.invoice.name): (s.outstanding, s.settled_on, s.days_late)
			for s in told.ledger.settlements(scope(customer), TODAY)
		}

	both(told, read)


@pytest.mark.parametrize("since", [None, FIRST + timedelta(days=60), FIRST + timedelta(days=150)])
def test_trade_rows_are_the_settlements(told, since):
	"""Graded customers are told by sums where these are enough; a later start leaves out only what was settled before."""
	for seed, customers in told.items():
		for customer in customers:
			rows = {
				row.name: (row.outstanding, row.settled_on)
				for row in told.ledger.trade_rows(scope(customer), TODAY, since)
			}
			slow = {
				s.invoice.name: (s.outstanding, s.settled_on)
				for s in told.ledger.settlements(scope(customer), TODAY)
			}
			assert rows.items() <= slow.items(), f"seed {seed}"
			for name in slow.keys() - rows.keys():
				assert since and (not slow[name][1] or slow[name][1] < since), f"seed {seed}, {name}"


def test_all_customers_together_are_each_by_itself(told):
	rows = Counter(told.ledger.trade_rows(Scope((COMPANY,)), TODAY))
	alone = Counter(
		row for pair in told.values() for name in pair for row in told.ledger.trade_rows(scope(name), TODAY)
	)
	assert rows == alone
	items = Counter(told.ledger.open_items(Scope((COMPANY,)), TODAY))
	assert items == Counter(
		item for pair in told.values() for name in pair for item in told.ledger.open_items(scope(name), TODAY)
	)


def test_the_past_of_a_replay(told):
	"""What was open of each invoice on the last day, and when it was gone for good."""

	def read(customer):
		entries = told.ledger.unmoved_entries(scope(customer), TODAY)
		names = {entry.against.name for entry in entries if entry.against.doctype == SALES_INVOICE}
		ledger = told.ledger
		items = past_items(entries, ledger.invoices(names), ledger.accounts, ledger.terms_by_day(names))
		return {(number(item.key.voucher.name), item.key.due_date): item.open_on(TODAY) for item in items}

	both(told, read)


def test_debits_credits_and_rests_of_the_ledgers_lines(told):
	def read(customer):
		ledger = period_ledgers(told.ledger, scope(customer), FIRST, TODAY)[customer]
		sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
		for line in ledger.lines:
			move = line.movement
			row = (move.base_debit, move.base_credit, line.base_outstanding)
			sums[number(move.voucher.name)] = [
				a + b for a, b in zip(sums[number(move.voucher.name)], row, strict=True)
			]
		return {name: row for name, row in sums.items() if any(row)}, ledger.closing.base

	both(told, read)


def test_statuses_of_invoices(told):
	def read(customer):
		lines = period_ledgers(told.ledger, scope(customer), FIRST, TODAY)[customer].lines
		return {
			number(line.movement.voucher.name): (
				line.status,
				line.outstanding,
				line.due_date,
				line.settled_on,
				line.days_late,
			)
			for line in lines
			if line.movement.voucher.doctype == SALES_INVOICE
		}

	both(told, read)


def test_a_page_says_what_the_whole_ledger_says(told):
	for _plain, other in told.values():
		whole = period_ledgers(told.ledger, scope(other), FIRST, TODAY)[other].lines[::-1]
		after, lines = None, []
		while True:
			page = told.ledger.page(other, (COMPANY,), TODAY, 7, after)
			lines += page.lines
			after = page.next
			if after is None:
				break
		assert lines == whole
		balance = told.ledger.customer_balance(other, (COMPANY,), TODAY)
		assert told.ledger.customer_balance(other, (COMPANY,), TODAY, balance.unsettled) == balance


def test_every_account_ties_by_itself(told):
	for tie in told.ledger.reconcile(Scope((COMPANY,)), TODAY).values():
		assert not tie.difference and tie.accounts and not tie.differing
