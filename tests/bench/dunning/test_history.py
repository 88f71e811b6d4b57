"""Dunning History: what was asked for, what of it came in within so many days, by message, level, step and policy."""

import frappe
import pytest

from client_ledger.client_ledger.report.dunning_history.dunning_history import execute
from client_ledger.outbox import delivery
from tests.bench import factories as f
from tests.bench.collections.setting import on
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy, work
from tests.bench.dunning.smtp import flush

ADA, BOB = "History Ada", "History Bob"


@pytest.fixture
def sent(mailbox):
	"""Two customers, one of whom was reminded twice and paid a part soon and the rest late."""
	for name, steps in ((ADA, ({"days": 3}, {"days": 10, "wait_days": 7})), (BOB, ({"days": 3},))):
		make_debtor(name)
		make_policy(f"Policy of {name}", steps, customers=[name])
	invoice = f.make_invoice(ADA, 200, ago(70), due_date=ago(40))
	f.make_invoice(BOB, 50, ago(70), due_date=ago(40))
	for days in (-30, -22):
		work(days)
		with on(ago(-days)):
			flush()
		delivery.update_delivery_status(at(days))
	f.make_payment(ADA, 80, ago(28), against=[(invoice, 80)])
	f.make_payment(ADA, 120, ago(5), against=[(invoice, 120)])


def report(**filters) -> tuple:
	return execute({"company": COMPANY, "from_date": ago(35), "to_date": ago(0), "days": 7, **filters})


def test_each_message_with_what_came_in_within_the_days(sent):
	_columns, rows, _message, chart, summary = report(customer=ADA)
	assert [(str(row["contact_on"]), row["level"], row["base_total"], row["recovered"]) for row in rows] == [
		(ago(22), 2, 200, 0),
		(ago(30), 1, 200, 80),
	]
	assert {series["name"]: sum(series["values"]) for series in chart["data"]["datasets"]} == {
		"Level 1": 1,
		"Level 2": 1,
	}
	assert summary[1]["value"] == 80


def test_more_days_recover_more(sent):
	rows = report(customer=ADA, days=25)[1]
	assert [row["recovered"] for row in rows] == [120, 200]


@pytest.mark.parametrize(
	("by", "field", "expected"),
	[
		("level", "level", {1: (2, 250, 80), 2: (1, 200, 0)}),
		("policy", "policy", {f"Policy of {ADA}": (2, 400, 80), f"Policy of {BOB}": (1, 50, 0)}),
		("customer", "customer", {ADA: (2, 400, 80), BOB: (1, 50, 0)}),
	],
)
def test_in_groups(sent, by, field, expected):
	names = {f"Policy of {ADA}", f"Policy of {BOB}"}
	assert names == set(frappe.get_all("Ledger Notice", {"customer": ("in", (ADA, BOB))}, pluck="policy"))
	_columns, rows, _message, chart, _summary = report(group_by=by)
	assert {row[field]: (row["messages"], row["base_total"], row["recovered"]) for row in rows} == expected
	assert len(chart["data"]["labels"]) == len(expected)


def test_filters_that_mean_nothing_are_refused(sent):
	for filters, words in (
		({"company": None}, "Select a company"),
		({"from_date": ago(0), "to_date": ago(1)}, "must be before"),
		({"group_by": "weather"}, "Grouping by"),
	):
		with pytest.raises(frappe.ValidationError, match=words):
			report(**filters)
