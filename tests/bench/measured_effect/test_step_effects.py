"""The effect of a trial on a site: a year of invoices and payments whose effect is known, its report, proposals, and who sees them."""

import random

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.client_ledger.report.step_effects.step_effects import execute
from client_ledger.core.measured_effect.assignment import AssignedArm, TrialArm, place_of
from client_ledger.home.api import get_home
from client_ledger.measured_effect import measuring
from client_ledger.measured_effect.assignments import record
from client_ledger.measured_effect.proposals import CHANNEL, TIME, proposals
from client_ledger.site.doctypes import LEDGER_NOTICE, STEP_TRIAL
from client_ledger.site.rows import bulk_insert
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy
from tests.bench.measured_effect.setting import POLICY, new_trial, started
from tests.bench.portal.setting import as_user

pytestmark = pytest.mark.one_transaction

# Customers of the trial; the varied half pays so many days sooner after the step.
CUSTOMERS, SOONER = 72, 9
STEP_DAYS = 3
PEOPLE = {
	"manager@effects.example": ("Accounts Manager",),
	"controller@effects.example": ("Credit Controller", "Sales User"),
	"seller@effects.example": ("Sales User",),
}

TELL = "starter@effects.example"


@pytest.fixture(scope="module")
def year():
	"""A trial since a year ago, and what came of it."""
	f.make_company()
	make_debtor("Somebody")
	make_policy(POLICY, customers=["Somebody"])
	trial = started(since=ago(365), days=-2)
	chance = random.Random(7)
	# As many in each group, whatever number the trial has on this site.
	names = [f"Effect {number:03}" for number in range(10 * CUSTOMERS)]
	of_arm = {arm: [name for name in names if arm_of(trial.name, name) is arm] for arm in TrialArm}
	names = [name for arm in TrialArm for name in of_arm[arm][: CUSTOMERS // 2]]
	arms = {name: arm_of(trial.name, name) for name in names}
	for name in names:
		f.make_customer(name)
		for due in (300, 200):
			due -= chance.randrange(60)
			late = max(0, round(chance.gauss(22, 4))) - (SOONER if arms[name] is TrialArm.VARIED else 0)
			invoice = f.make_invoice(name, 100, ago(due + 30), due_date=ago(due))
			f.make_payment(name, 100, ago(due - STEP_DAYS - late), against=[(invoice, 100)])
	record(COMPANY, [AssignedArm(trial.name, name, arm, getdate(ago(365))) for name, arm in arms.items()], {})
	return frappe._dict(name=trial.name, customer=names[0])


def arm_of(trial: str, name: str) -> TrialArm:
	return TrialArm.VARIED if place_of(trial, name) < 0.5 else TrialArm.AS_EVER


def row_of(rows: list[dict], trial: str) -> dict:
	return next(row for row in rows if row["trial"] == trial)


def test_the_effect_is_found(year):
	effect = measuring.measure(year.name, getdate())
	assert effect.low <= SOONER <= effect.high and effect.low > 0
	assert sum(effect.customers) == CUSTOMERS and sum(effect.cases) == 2 * CUSTOMERS
	stored = frappe.get_doc(STEP_TRIAL, year.name)
	assert (stored.status, stored.verdict, stored.waiting) == ("Running", "Payment Comes Sooner", 0)
	assert stored.gained == pytest.approx(effect.gained, abs=0.06)


def test_while_there_is_not_enough_it_says_so(year):
	effect = measuring.measure(year.name, getdate(ago(285)))
	assert effect.verdict.value == "Not Enough Yet" and effect.gained is None
	rows = execute({"company": COMPANY})[1]
	found = row_of(rows, year.name)
	assert (found["verdict"], found["gained"]) == ("Not Enough Yet", None)
	assert "at least 30 in each group are needed" in found["because"]


def test_the_report_shows_days_interval_and_n(year):
	measuring.nightly(getdate())
	columns, rows, message, _chart, summary = execute({"company": COMPANY})
	found = row_of(rows, year.name)
	assert found["low"] < found["gained"] < found["high"]
	assert found["customers_usual"] + found["customers_varied"] == CUSTOMERS
	assert found["varied"] == "2 days earlier"
	assert found["because"].startswith("Payment came ")
	assert "whether the step was sent or not" in message
	assert {row["label"]: row["value"] for row in summary}["With a Result"] == 1
	assert "gained" in {column["fieldname"] for column in columns}
	assert execute({"company": COMPANY, "policy": "Gentle"})[1] == []


def test_who_started_it_is_told_once_when_it_has_a_result(year):
	frappe.db.set_value(STEP_TRIAL, year.name, {"verdict": "Not Enough Yet", "started_by": TELL})
	f.make_user(TELL, ("Accounts Manager",))
	for _night in range(2):
		measuring.nightly(getdate())
	told = frappe.get_all("Notification Log", {"document_name": year.name, "for_user": TELL}, pluck="subject")
	assert len(told) == 1 and "has a result and still runs" in told[0]


def test_a_trial_with_a_result_waits_for_whoever_may_end_it(year):
	measuring.measure(year.name, getdate())
	(row,) = get_home(COMPANY)["lists"]["trials"]["rows"]
	assert (row["name"], row["verdict"]) == (year.name, "Payment Comes Sooner")
	for user, roles in PEOPLE.items():
		f.make_user(user, roles)
	with as_user("controller@effects.example"):
		assert "trials" not in get_home(COMPANY)["lists"]
	with as_user("manager@effects.example"):
		assert get_home(COMPANY)["lists"]["trials"]["total"] == 1


def test_proposals_say_what_they_rest_on(year):
	measuring.measure(year.name, getdate())
	make_debtor("Own History")
	history("Own History")
	found = {(one.customer, one.about): one.found for one in proposals(COMPANY, getdate())}
	of_trial = found[year.customer, TIME]
	assert (of_trial.evidence.value, of_trial.days) == ("A Trial", -2)
	own = found["Own History", CHANNEL]
	assert (own.evidence.value, own.way) == ("The Customer's Own History", "Call")
	assert ("Own History", TIME) not in found and (year.customer, CHANNEL) not in found
	rows = execute({"company": COMPANY, "view": "Proposals per Customer", "customer": "Own History"})[1]
	(row,) = rows
	assert (row["proposal"], row["evidence"]) == ("Call", "The Customer's Own History")
	assert row["because"].startswith("Own history, no trial: 14 of 14 contacts by Call were followed")
	early = execute({"company": COMPANY, "view": "Proposals per Customer", "customer": year.customer})[1]
	assert early[0]["proposal"] == "2 days earlier"


def history(customer: str) -> None:
	"""Reminders that arrived, by turns by mail and by phone on every weekday; a payment came after each call."""
	rows = []
	for number in range(28):
		on, is_call = ago(480 - 16 * number), number % 2
		rows.append(
			{
				"name": frappe.generate_hash(length=10),
				"customer": customer,
				"company": COMPANY,
				"currency": "USD",
				"kind": "Reminder",
				"status": "Sent",
				"channel": "Call" if is_call else "Email",
				"contact_on": on,
				"notice_key": f"{customer}-{number}",
			}
		)
		if is_call:
			f.make_payment(customer, 10, add_days(on, 3))
	bulk_insert(LEDGER_NOTICE, rows)


def test_who_may_make_a_trial_and_who_may_read(year):
	for user, roles in PEOPLE.items():
		f.make_user(user, roles)
	with as_user("controller@effects.example"):
		assert row_of(execute({"company": COMPANY})[1], year.name)
		assert frappe.get_list("Trial Assignment", {"trial": year.name})
		with pytest.raises(frappe.PermissionError):
			new_trial(step=2).insert()
	with as_user("seller@effects.example"), pytest.raises(frappe.PermissionError):
		frappe.get_list(STEP_TRIAL)
	with as_user("manager@effects.example"):
		trial = new_trial(step=2).insert()
	trial.delete()


def test_who_sees_some_customers_only_sees_no_sums_of_all(year):
	f.make_user("some@effects.example", ("Accounts User",), [("Customer", year.customer)])
	measuring.measure(year.name, getdate())
	with as_user("some@effects.example"):
		assert execute({"company": COMPANY})[1] == []
		rows = execute({"company": COMPANY, "view": "Proposals per Customer"})[1]
		assert {row["customer"] for row in rows} == {year.customer}
		assert frappe.get_list("Trial Assignment", {"trial": year.name}, pluck="customer") == [year.customer]


@pytest.mark.parametrize(
	("filters", "said"),
	[({}, "select a company"), ({"company": COMPANY, "view": "Nonsense"}, "is not one of")],
)
def test_filters_that_make_no_sense_are_refused(year, filters, said):
	with pytest.raises(frappe.ValidationError, match=said):
		execute(filters)


def test_a_horizon_that_is_not_over_waits(year):
	name = year.customer
	f.make_invoice(name, 100, ago(60), due_date=ago(20))
	effect = measuring.measure(year.name, getdate(nowdate()))
	assert effect.waiting == 1
