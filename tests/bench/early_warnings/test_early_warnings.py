"""From a ledger's past to warnings and their outcome: the replay, the night, what people do, what became of it."""

import json
from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, getdate

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS
from client_ledger.core.early_warnings.record import SignalVerdict
from client_ledger.core.early_warnings.signals import ProposedAction
from client_ledger.core.early_warnings.watch import watch_company
from client_ledger.early_warnings import decisions, nightly, outcomes, replaying, rows, switching
from client_ledger.early_warnings.signals import active_signals
from tests.bench import factories as f
from tests.bench.early_warnings.setting import COMPANY, invented, make_company, make_mail_account, store

pytestmark = pytest.mark.one_transaction

COLLECTOR = "collector@early-warnings.example"
# What the site has besides invoices and payments (limits, statements …) is nothing here.
FROM_INVOICES = {one.code for one in CUSTOMER_SIGNALS if not one.needs}


@pytest.fixture(scope="module")
def ledger():
	"""Invented customers stored on the site, and what the core says of them."""
	make_company()
	make_mail_account()
	events = invented()
	store(events)
	names = sorted({line.customer for line in events.lines})
	refresh_customers(names)
	f.make_user(COLLECTOR, ["Credit Controller", "Sales User"])
	frappe.db.set_value("Client Account", {"company": COMPANY}, "collector", COLLECTOR)
	switching.setup_of(COMPANY)
	return frappe._dict(events=events, names=names, expected=watch_company(events, getdate()))


@pytest.fixture(scope="module")
def replayed(ledger):
	return replaying.replay(COMPANY, getdate())


@pytest.fixture(scope="module")
def raised(ledger, replayed):
	"""Warnings of all signals, whatever their record says."""
	frappe.db.set_value("Warning Signal", {"applies_to": "Customer"}, "enabled", "Always")
	switching.switch_on(COMPANY)
	return nightly.look(COMPANY, getdate())


def warnings(**filters):
	return frappe.get_all("Early Warning", {"company": COMPANY, **filters}, ["*"], order_by="name")


def test_the_records_are_those_of_the_core(ledger, replayed, tell):
	compared = 0
	for code in sorted(FROM_INVOICES):
		ours, theirs = replayed[code], ledger.expected.records[code]
		assert (ours.raised, ours.judged, ours.bad, ours.verdict) == (
			theirs.raised,
			theirs.judged,
			theirs.bad,
			theirs.verdict,
		), code
		assert ours.base_rate == pytest.approx(theirs.base_rate)
		compared += ours.raised
	assert compared > 50
	tell(f"early warnings: {compared} past warnings on the site as in the core")


def test_the_records_are_kept_with_their_signals(replayed):
	doc = frappe.get_doc("Warning Signal", "days_late_drifting")
	(row,) = [row for row in doc.records if row.company == COMPANY]
	assert (row.raised, row.bad) == (replayed[doc.name].raised, replayed[doc.name].bad)
	assert row.is_on == int(replayed[doc.name].verdict is SignalVerdict.BEATS)
	summary = json.loads(frappe.db.get_value("Warning Setup", COMPANY, "replay"))
	assert summary["looks"] > 20 and len(summary["signals"]) == frappe.db.count("Warning Signal")


def test_a_signal_that_does_not_beat_the_base_rate_is_off(replayed):
	on = {one.code for one in active_signals(COMPANY).signals}
	for code in FROM_INVOICES:
		assert (code in on) == replayed[code].is_on
	never = frappe.get_doc("Warning Signal", "days_late_drifting")
	never.enabled = "Never"
	with pytest.raises(frappe.ValidationError, match="Reason"):
		never.save()
	never.reload()
	never.enabled = "Never"
	never.reason = "Two of our largest customers changed their bank"
	never.save()
	assert never.name not in {one.code for one in active_signals(COMPANY).signals}
	never.enabled = "By Its Record"
	never.save()
	assert not never.reason


def test_parameters_stay_within_bounds():
	doc = frappe.get_doc("Warning Signal", "days_late_drifting")
	row = doc.parameters[0]
	before, row.value = row.value, 1000
	with pytest.raises(frappe.ValidationError, match="must be between"):
		doc.save()
	doc.reload()
	doc.parameters[0].value = before
	doc.append("parameters", {"parameter": "mine", "label": "Mine", "value": 1, "least": 0, "most": 2})
	with pytest.raises(frappe.ValidationError, match="Change their values only"):
		doc.save()


def test_warnings_are_those_that_the_core_raises_today(ledger, raised):
	expected = {
		(one.signal, one.subject) for one in ledger.expected.result.now if one.signal in FROM_INVOICES
	}
	found = {(row.signal, row.customer) for row in warnings() if row.signal in FROM_INVOICES}
	assert found == expected and len(found) > 5
	assert raised.new == len(warnings())


def test_a_warning_says_why_whose_and_what_to_do(raised):
	row = next(row for row in warnings() if row.signal == "rolling")
	assert row.status == "Open" and row.responsible == COLLECTOR and row.raised_on == getdate()
	assert "overdue 30 days ago is still open" in row.reason
	values = json.loads(row.reason_values)
	assert values[0]["currency"] == frappe.get_cached_value("Company", COMPANY, "default_currency")
	assert row.proposed_action == ProposedAction.HOLD.value and row.amount > 0


def test_the_same_night_again_writes_nothing_new(raised):
	before = len(warnings())
	again = nightly.look(COMPANY, getdate(), everybody=True)
	assert again.new == 0 and again.still == raised.new and len(warnings()) == before
	assert {row.last_on for row in warnings()} == {getdate()}


def test_a_night_looks_at_whom_something_happened_with(ledger, raised):
	nightly.look(COMPANY, getdate())
	looked = frappe.db.get_value("Warning Setup", COMPANY, "looked_at")
	open_ones = {row.customer for row in warnings()}
	assert len(open_ones) <= looked <= len(ledger.names)


def test_the_company_itself_is_looked_at_every_night(raised, monkeypatch):
	looked = []
	monkeypatch.setattr(
		nightly._Night, "look_at_company", lambda night: looked.append(night.today) or rows.Written()
	)
	days = [getdate(add_days(None, ahead)) for ahead in range(3)]
	for day in days:
		nightly.look(COMPANY, day)
	assert looked == days


def test_closed_is_not_raised_again_while_it_lasts(raised):
	row = warnings()[0]
	decisions.close(row.name, "False Alarm", "")
	nightly.look(COMPANY, getdate(add_days(None, 3)), everybody=True)
	same = warnings(signal=row.signal, customer=row.customer)
	assert [one.status for one in same] == ["Closed"] and not same[0].ended_on
	with pytest.raises(frappe.ValidationError, match="not possible"):
		decisions.close(row.name, "Done", "x")
	decisions.reopen(row.name)
	assert frappe.db.get_value("Early Warning", row.name, "status") == "Open"


def test_a_silent_signal_ends_and_may_be_raised_anew(raised):
	row = warnings()[1]
	later = getdate(add_days(None, 40))
	rows.write(COMPANY, [], later, {row.customer})
	ended = frappe.get_doc("Early Warning", row.name)
	assert (ended.status, ended.closed_because, ended.ended_on) == ("Closed", "Silent for 30 Days", later)
	with pytest.raises(frappe.ValidationError, match="has ended"):
		decisions.reopen(row.name)


def test_snoozed_until_a_day(raised):
	row = next(row for row in warnings() if row.status == "Open")
	with pytest.raises(frappe.ValidationError, match="after today"):
		decisions.snooze(row.name, getdate(), "")
	with pytest.raises(frappe.ValidationError, match="after today"):
		decisions.snooze(row.name, getdate(add_days(None, 400)), "")
	decisions.snooze(row.name, getdate(add_days(None, 5)), "They move office")
	assert nightly.wake(COMPANY, getdate(add_days(None, 4))) == 0
	assert nightly.wake(COMPANY, getdate(add_days(None, 5))) == 1
	assert frappe.db.get_value("Early Warning", row.name, "status") == "Open"


@pytest.mark.parametrize(
	("action", "doctype", "values"),
	[
		(ProposedAction.CALL, "Follow Up", {"channel": "Call", "source": "Early Warning"}),
		(ProposedAction.VISIT, "Follow Up", {"channel": "Visit"}),
		(ProposedAction.PREPAYMENT, "Follow Up", {"channel": "Call"}),
		(ProposedAction.LOWER_LIMIT, "Credit Limit", {"limit_type": "Permanent", "amount": 500.0}),
		(ProposedAction.HOLD, "Credit Limit", {"limit_type": "No Credit"}),
	],
)
def test_acting_makes_what_the_app_has_for_it(raised, action, doctype, values):
	row = next(row for row in warnings() if row.status == "Open")
	made = decisions.act(row.name, action, amount=500 if action is ProposedAction.LOWER_LIMIT else None)
	doc = frappe.get_doc(made["doctype"], made["name"])
	assert doc.doctype == doctype and doc.customer == row.customer
	assert {field: doc.get(field) for field in values} == values
	stored = frappe.get_doc("Early Warning", row.name)
	assert (stored.status, stored.action, stored.action_name) == ("Acted", action.value, doc.name)
	assert stored.decided_by == "Administrator"
	if doctype == "Credit Limit":
		# A request: somebody else approves it.
		assert doc.docstatus == 0 and doc.requested_by == "Administrator"
		doc.delete()
	else:
		assert doc.responsible == COLLECTOR


def test_outcomes_after_ninety_days(ledger, raised):
	"""Warnings set back in time: what became of them is what the core says."""
	serious = frappe.db.get_value("Warning Setup", COMPANY, "serious_days")
	past = getdate(add_days(None, -200))
	early = [row for row in warnings() if row.customer and not row.was_bad]
	assert early
	for row in early:
		frappe.db.set_value(
			"Early Warning", row.name, {"raised_on": past, "serious_days": serious, "outcome": ""}
		)
	assert outcomes.settle(COMPANY, getdate()) == len(early)
	from client_ledger.core.early_warnings.outcomes import CustomerOutcomes

	for row in early:
		lines = [line for line in ledger.events.lines if line.customer == row.customer]
		expected = CustomerOutcomes(lines).of(past, serious, getdate())
		said = (
			"Nothing Fell Due"
			if expected is None
			else "Turned Bad"
			if expected.is_bad
			else "Did Not Turn Bad"
		)
		assert frappe.db.get_value("Early Warning", row.name, "outcome") == said
	assert outcomes.settle(COMPANY, getdate() + timedelta(days=1)) == 0


def test_switching_needs_a_replay_and_a_reason(ledger, raised):
	doc = switching.setup_of(COMPANY)
	assert doc.enabled
	with pytest.raises(frappe.ValidationError, match="reason"):
		switching.switch_off(COMPANY, " ")
	switching.switch_off(COMPANY, "Busy month")
	doc.reload()
	assert (doc.enabled, doc.switch_reason, doc.switched_by) == (0, "Busy month", "Administrator")
	frappe.db.set_value("Warning Setup", COMPANY, "status", "Not Replayed")
	with pytest.raises(frappe.ValidationError, match="Replay the past"):
		switching.switch_on(COMPANY)
	doc.reload()
	doc.enabled = 1
	with pytest.raises(frappe.PermissionError):
		doc.save()
