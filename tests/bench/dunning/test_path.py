"""From a policy to the mail that arrives: planned, approved, handed over, sent, and what is asked next."""

import frappe
import pytest

from client_ledger.dunning.policies.default_policies import template_name
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notice, notices, work
from tests.bench.dunning.smtp import ACCOUNT, flush, html, text

ADA = "Dunning Ada"


@pytest.fixture
def ada():
	make_debtor(ADA, language="en")
	f.make_invoice(ADA, 100, ago(40), due_date=ago(10))
	return f.make_invoice(ADA, 250, ago(40), due_date=ago(5))


def test_one_mail_with_everything_due_arrives(ada, mailbox):
	make_policy(customers=[ADA], reply_to="collections@lantern.example")
	work()
	found = notice(ADA)
	assert (found.status, found.step, str(found.as_of), found.total) == ("Sending", 1, ago(7), 350)
	assert [row.level for row in found.items] == [1, 1]
	flush()
	work()
	assert notice(ADA).status == "Sent"
	(message,) = mailbox.to("dunning_ada@debtor.example")
	assert message["Reply-To"] == "collections@lantern.example"
	assert "350.00" in message["Subject"]
	assert ada.name in html(message) and "250.00" in text(message)
	communication = frappe.get_doc("Communication", found.communication)
	assert (communication.reference_doctype, communication.reference_name) == ("Customer", ADA)


@pytest.mark.skipif(not frappe.get_meta("Email Account").has_field("add_reply_to_header"), reason="from 16.9")
@pytest.mark.parametrize(
	("of_policy", "of_account", "header", "expected"),
	[
		("collections@lantern.example", "office@lantern.example", 1, "collections@lantern.example"),
		("collections@lantern.example", None, 0, "collections@lantern.example"),
		("", "office@lantern.example", 1, "office@lantern.example"),
		("", None, 0, None),
	],
)
def test_the_policy_names_who_gets_the_answer_before_the_account_does(
	ada, mailbox, of_policy, of_account, header, expected
):
	account = frappe.get_doc("Email Account", ACCOUNT)
	account.add_reply_to_header = header
	account.set("reply_to_addresses", [{"email": of_account}] if of_account else [])
	account.flags.ignore_validate = True
	account.save()
	make_policy(customers=[ADA], reply_to=of_policy)
	work()
	flush()
	(message,) = mailbox.to("dunning_ada@debtor.example")
	assert message["Reply-To"] == expected


def test_a_second_run_plans_and_sends_nothing(ada, mailbox):
	make_policy(customers=[ADA])
	for _repeat in range(3):
		work()
		flush()
	assert len(mailbox.received) == 1
	assert len(notices(ADA)) == 1


def test_the_next_step_comes_after_its_wait(ada, mailbox):
	make_policy(customers=[ADA])
	work()
	flush()
	for day in range(1, 12):
		work(day)
		flush()
	# Due ten and five days ago; the second step comes two weeks after the due date and a week after the first.
	assert [(n.step, n.level, str(n.contact_on)) for n in notices(ADA)] == [
		(1, 1, ago(0)),
		(2, 2, ago(-7)),
		(2, 2, ago(-9)),
	]
	assert len(mailbox.received) == 3


def test_whoever_pays_after_the_plan_gets_nothing(ada, mailbox):
	policy = make_policy(customers=[ADA], mode="Approve")
	work()
	found = notice(ADA)
	assert found.status == "Planned"
	f.make_payment(ADA, 350, ago(0))
	frappe.db.set_value(
		"Ledger Notice", found.name, {"status": "Approved", "approved_on": frappe.utils.now()}
	)
	work()
	assert (notice(ADA).status, notice(ADA).reason) == ("Skipped", "Covered by Payments")
	assert not mailbox.received and policy.version == 1


def test_chinese_header_and_body(mailbox):
	name = "上海灯笼贸易有限公司"
	make_debtor(name, "zhang@debtor.example", language="zh")
	f.make_invoice(name, 88.5, ago(40), due_date=ago(10))
	policy = make_policy(customers=[name])
	policy.append("texts", {"step": 1, "language": "zh", "email_template": template_name("reminder", "zh")})
	policy.save()
	work()
	flush()
	(message,) = mailbox.to("zhang@debtor.example")
	assert message["Subject"] == f"{COMPANY}：付款提醒，USD 88.50"
	assert "您好" in html(message) and "到期日" in html(message)
	assert "USD 88.50" in text(message)
