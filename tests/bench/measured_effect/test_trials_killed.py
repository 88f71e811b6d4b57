"""Planning that is killed half-way (a real process, a real SIGKILL, real commits): who is in which group is decided once, and each gets one message."""

import frappe
import pytest

from client_ledger.core.measured_effect.assignment import place_of
from client_ledger.site.doctypes import DUNNING_POLICY, TRIAL_ASSIGNMENT
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy, notices
from tests.bench.dunning.smtp import mail_server, use
from tests.bench.dunning.test_killed import arrivals, hours_pass, process
from tests.bench.measured_effect.setting import arms, name_in, started

STEPS = ({"days": 3},)


@pytest.fixture(scope="module")
def mailbox(scratch_site, kept_schema):
	"""A mailbox the scratch site sends to, for good."""
	with mail_server() as found:
		frappe.db.set_value(DUNNING_POLICY, {"mode": ("!=", "Off")}, "mode", "Off")
		f.make_company()
		use(found)
		frappe.db.set_single_value("Dunning Settings", "customers_per_job", 2)
		frappe.db.commit()
		yield found


@pytest.fixture
def trial(request, mailbox):
	"""A trial of this test alone that moves the step by four days, and two customers in each group whose step usually comes today."""
	title = f"Trial {request.node.callspec.id}"
	frappe.db.delete("Dunning Run")
	make_debtor(f"{title} nobody")
	make_policy(title, customers=[f"{title} nobody"], steps=STEPS)
	found = started(since=ago(5), policy=title, days=4)
	names = [
		name_in(found.name, varied, stem=f"{title} {number}") for varied in (True, False) for number in (1, 2)
	]
	for name in names:
		make_debtor(name)
		f.make_invoice(name, 100, ago(40), due_date=ago(3))
	policy = frappe.get_doc(DUNNING_POLICY, title)
	for name in names:
		policy.append("scopes", {"applies_to": "Customer", "customer": name})
	policy.save()
	frappe.db.commit()
	mailbox.reset()
	yield found, names
	frappe.db.set_value(DUNNING_POLICY, title, "mode", "Off")
	frappe.db.commit()


@pytest.mark.parametrize("stage", ["while_planning", "after_planning", "while_sending"])
def test_killed_and_started_again(stage, trial, mailbox):
	found, names = trial
	assert process(stage, at(0, 9)) == -9
	on_record = arms(found.name)
	hours_pass()
	for day, hour in ((0, 12), (0, 13), (0, 14), (4, 9), (4, 10), (4, 11)):
		assert process("none", at(day, hour)) == 0
	by_hash = {name: "Varied" if place_of(found.name, name) < 0.5 else "As Ever" for name in names}
	assert arms(found.name) == by_hash
	assert on_record.items() <= by_hash.items()
	assert frappe.db.count(TRIAL_ASSIGNMENT, {"trial": found.name}) == len(names)
	assert arrivals(mailbox, names) == dict.fromkeys(names, 1)
	for name in names:
		(notice,) = notices(name, company=COMPANY, kind="Reminder")
		expected = ago(-4) if by_hash[name] == "Varied" else ago(0)
		assert (str(notice.as_of), notice.trial_arm) == (expected, by_hash[name])
