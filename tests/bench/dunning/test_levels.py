"""The dunning level where people look: on the ledger's lines, on the account, and in the list of customers."""

import frappe
import pytest

from client_ledger.dunning import api as dunning_api
from client_ledger.ledger_tab import api
from client_ledger.outbox import delivery
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy, work
from tests.bench.dunning.smtp import flush

NAME, OTHER = "Levels Ada", "Levels Bob"


@pytest.fixture
def reminded(mailbox):
	"""A customer reminded of one term of an invoice, and one that is not dunned."""
	for name in (NAME, OTHER):
		make_debtor(name)
	invoice = f.make_invoice(NAME, 100, ago(40), terms=((20, 60), (50, 40)))
	f.make_invoice(OTHER, 50, ago(40), due_date=ago(20))
	refresh()
	make_policy(customers=[NAME], steps=[{"days": 3}])
	work()
	flush()
	delivery.update_delivery_status(at())
	return invoice


def lines(**options) -> list[dict]:
	return api.customer_ledger_page(NAME, COMPANY, **options)["lines"]


def test_on_the_lines_of_the_ledger(reminded):
	open_items = lines(open_only=True)
	assert [(row["due_date"], row["dunned"]) for row in open_items] == [
		(ago(-10), None),
		(ago(20), {"level": 1, "on": ago(0)}),
	]
	assert [row["dunned"] for row in lines()] == [{"level": 1, "on": ago(0)}]
	f.pay(reminded, ago(0))
	assert not any(row["dunned"] for row in lines())


def test_on_the_account_and_in_the_list_of_customers(reminded):
	account = frappe.get_doc("Client Account", {"customer": NAME, "company": COMPANY})
	assert (account.dunning_level, str(account.last_dunned_on)) == (1, ago(0))
	assert dunning_api.customer_levels([NAME, OTHER]) == {NAME: 1}
	assert dunning_api.customer_levels([]) == {}


def test_whoever_may_not_see_the_customer_sees_no_level(reminded):
	seller = f.make_user("levels.seller@example.com", ("Sales User",), [("Customer", OTHER)]).name
	stranger = f.make_user("levels.stranger@example.com", ("Stock User",)).name
	frappe.set_user(seller)
	assert dunning_api.customer_levels([NAME, OTHER]) == {}
	frappe.set_user(stranger)
	with pytest.raises(frappe.PermissionError):
		dunning_api.customer_levels([NAME])
