"""Statements that people send: seen and changed before they go, one or many, sent once, kept as they were told."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.statement_runs import api
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import COMPANY, overdue
from tests.bench.dunning.smtp import flush
from tests.bench.statements.setting import statement


def test_a_statement_goes_to_the_billing_contact(mailbox):

	overdue("Roles Statement", 500)
	address = api.send_statement("Roles Statement", COMPANY)
	flush()
	(message,) = mailbox.to(address)
	assert "Statement of open items" in message["Subject"]
	assert frappe.db.exists("Communication", {"reference_name": "Roles Statement", "recipients": address})
	frappe.db.delete("Contact Email", {"email_id": address})
	frappe.db.delete("Dynamic Link", {"link_name": "Roles Statement", "parenttype": "Contact"})
	with refused(match="no billing contact"):
		api.send_statement("Roles Statement", COMPANY)


def test_a_statement_goes_as_it_was_changed_and_is_shown_before(mailbox):

	overdue("Roles Changed", 500)
	shown = api.statement_preview("Roles Changed", COMPANY)
	assert shown["recipients"] == "roles_changed@debtor.example"
	assert "Dear Contact of Roles Changed," in shown["html"] and "500.00" in shown["html"]
	changed = api.statement_preview("Roles Changed", COMPANY, "Hi <script>\n\nsecond & last")
	assert "<p>Hi &lt;script&gt;</p>" in changed["html"] and "<p>second &amp; last</p>" in changed["html"]
	assert "Dear" not in changed["html"]
	to = "one@other.example, two@other.example"
	assert api.send_statement("Roles Changed", COMPANY, to, "Please\ncompare", "Hi <script>") == to
	flush()
	(message,) = mailbox.to("two@other.example")
	assert message["Subject"] == "Please compare"
	assert not mailbox.to("roles_changed@debtor.example")
	for wrong, text in (
		("nobody", "not a valid"),
		("; ".join(f"a{i}@b.example" for i in range(11)), "at most 10"),
	):
		with refused(match=text):
			api.send_statement("Roles Changed", COMPANY, wrong)


def test_what_was_told_on_demand_is_kept(mailbox):
	overdue("Demand Kept", 500)
	api.send_statement("Demand Kept", COMPANY, coverage="Both", from_date=add_days(nowdate(), -400))
	row = statement("Demand Kept")
	assert (row.origin, row.status, row.closing, row.overdue) == ("User", "Sending", 500, 500)
	flush()
	assert statement("Demand Kept").status == "Sent"
	assert '"500.00"' in row.figures and len(row.content_hash) == 64


def test_many_at_once_each_has_a_row(mailbox):
	names = ["Demand One", "Demand Two"]
	for name in names:
		overdue(name, 100)
	f.make_customer("Demand Nothing")
	overdue("Demand Mute", 30)
	frappe.db.delete("Contact Email", {"email_id": "demand_mute@debtor.example"})
	frappe.db.delete("Dynamic Link", {"link_name": "Demand Mute", "parenttype": "Contact"})
	found = api.send_statements([*names, "Demand Nothing", "Demand Mute"], COMPANY)
	assert found == {"statements": 3, "empty": 1, "stopped": 1}
	flush()
	assert sorted(mail["To"] for _to, mail in mailbox.received) == [
		"demand_one@debtor.example",
		"demand_two@debtor.example",
	]
	became = dict(frappe.get_all(CUSTOMER_STATEMENT, fields=["customer", "status"], as_list=True))
	assert became == {"Demand One": "Sent", "Demand Two": "Sent", "Demand Mute": "No Address"}


@pytest.mark.parametrize(
	("asked", "says"),
	[
		({"as_of": "2200-01-01"}, "in the future"),
		({"from_date": nowdate(), "as_of": "2020-01-01", "coverage": "Both"}, "must not be later"),
		({"as_of": "2020-01-01"}, "nothing to send"),
	],
)
def test_what_cannot_be_told_says_why(asked, says):
	overdue("Demand Wrong", 10)
	with refused(match=says):
		api.statement_preview("Demand Wrong", COMPANY, **asked)
