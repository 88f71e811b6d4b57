"""The reports on collections: counted again by hand; only what the user may see; bad filters are refused by name."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.client_ledger.report.collector_performance import collector_performance
from client_ledger.client_ledger.report.contact_coverage import contact_coverage
from client_ledger.client_ledger.report.dispute_analysis import dispute_analysis
from client_ledger.client_ledger.report.promise_performance import promise_performance
from client_ledger.collections import account_sync, disputes, follow_ups
from client_ledger.collections.promises.controller import take_promise
from client_ledger.collections.promises.settle import settle_promises
from client_ledger.reporting import collections as cards
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import COMPANY, REASON, overdue, refreshed, row

TODAY = nowdate()
PERIOD = {"company": COMPANY, "from_date": add_days(TODAY, -30), "to_date": TODAY}
ONE, TWO = "Reports One", "Reports Two"


@pytest.fixture
def story():
	"""One promise kept by a payment of today, one broken, one dispute given in, one open, contacts by one user."""
	(first,) = overdue(ONE, 500)
	second, third = overdue(TWO, 300, 200)
	for name, invoice in ((ONE, first), (TWO, second)):
		plan = [{"due_date": add_days(TODAY, 1), "amount": invoice.grand_total}]
		promise = take_promise(name, COMPANY, [row(invoice)], plan)
		follow_ups.log(name, COMPANY, "Promised", promise=promise.name)
	f.pay(first, TODAY)
	settle_promises([ONE, TWO], getdate(add_days(TODAY, 9)))
	lost = disputes.open_dispute(TWO, COMPANY, [row(third, 50)], REASON)
	disputes.settle(lost.name, "Accepted", "Our price list was old")
	disputes.open_dispute(TWO, COMPANY, [row(third, 70)], "Billing Error")
	follow_ups.log(TWO, COMPANY, "No Answer", next_date=TODAY)
	refreshed(ONE, TWO)
	account_sync.sync_accounts([ONE, TWO])


def rows(report, filters=PERIOD, key="customer") -> dict:
	_columns, found, _message, _chart, _summary = report.execute(filters)
	return {one[key]: one for one in found}


def test_promise_performance(story):
	found = rows(promise_performance)
	assert (found[ONE]["kept"], found[ONE]["received"], found[ONE]["kept_rate"]) == (1, 500, 100)
	assert (found[TWO]["broken"], found[TWO]["received"], found[TWO]["kept_rate"]) == (1, 0, 0)
	assert found[TWO]["number"] == 1 and found[ONE]["reliability"] == 100


def test_dispute_analysis(story):
	found = rows(dispute_analysis, key="reason")
	assert (found[REASON]["amount"], found[REASON]["lost_amount"], found[REASON]["open"]) == (50, 50, 0)
	assert (found["Billing Error"]["amount"], found["Billing Error"]["open"]) == (70, 1)


def test_collector_performance(story):
	me = rows(collector_performance, key="user")["Administrator"]
	assert (me["contacts"], me["reached"], me["missed"], me["promises"]) == (3, 2, 1, 2)
	assert (me["kept"], me["failed"], me["cash"]) == (1, 1, 500)
	bank = frappe.get_cached_value("Company", COMPANY, "default_bank_account")
	expense = f.make_expense_account(COMPANY)
	kinds = (
		("Bank Entry", 120, bank),
		("Journal Entry", 7, bank),
		("Journal Entry", 70, expense),
		("Bank Entry", -30, bank),
	)
	for kind, amount, account in kinds:
		_book(ONE, amount, kind, account)
	me = rows(collector_performance, key="user")["Administrator"]
	assert me["cash"] == 627, "money at the bank counts; what brought none, or went back, does not"


def _book(customer, amount, kind, account):
	debtors = f.make_receivable(COMPANY)
	sides = ("credit", "debit") if amount > 0 else ("debit", "credit")
	entries = [
		{"account": debtors, "customer": customer, sides[0]: abs(amount)},
		{"account": account, sides[1]: abs(amount)},
	]
	f.make_journal(entries, TODAY, COMPANY, voucher_type=kind, cheque_no="1", cheque_date=TODAY)


def test_contact_coverage(story):
	found = rows(contact_coverage, {"company": COMPANY, "days": 30}, "collector")[None]
	accounts = frappe.get_all(
		"Client Account", {"company": COMPANY, "overdue": (">", 0)}, ["overdue", "last_contact_on"]
	)
	assert found["customers"] == len(accounts)
	assert found["contacted"] == sum(1 for account in accounts if account.last_contact_on)
	assert found["overdue"] == pytest.approx(sum(account.overdue for account in accounts))


def test_cards(story):
	assert cards.in_dispute({"company": COMPANY})["value"] == 70
	assert cards.promises_broken({"company": COMPANY})["value"] == 1
	assert cards.to_call({"company": COMPANY})["value"] >= 1
	assert cards.promises_due({"company": COMPANY})["value"] == 0


def test_only_what_the_user_may_see(story):
	user = f.make_user("collections.reports@example.com", ("Credit Controller", "Sales User")).name
	frappe.permissions.add_user_permission("Customer", ONE, user)
	frappe.set_user(user)
	assert set(rows(promise_performance)) == {ONE}
	assert not rows(dispute_analysis, key="reason")
	frappe.set_user("Administrator")


def test_bad_filters_are_refused_by_name():
	with refused(match="Company"):
		promise_performance.execute({})
	with refused(match="To Date"):
		dispute_analysis.execute({**PERIOD, "to_date": add_days(TODAY, -60)})
	with refused(match="Days"):
		contact_coverage.execute({"company": COMPANY, "days": -1})
