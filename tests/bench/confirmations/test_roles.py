"""Who sees and does what about confirmations: by role, and by the customers and companies that are one's own."""

import frappe
import pytest

from client_ledger.confirmations import api, waiting
from client_ledger.site.documents import NotByHand
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.confirmations.setting import answer, asked, confirmation, make_round, replies_of
from tests.bench.dunning.setting import COMPANY


def as_user(*roles: str, permissions=()) -> str:
	frappe.set_user("Administrator")
	user = f.make_user(f"confirm.{frappe.scrub('.'.join(roles))}@example.com", roles, permissions).name
	frappe.set_user(user)
	return user


def test_a_salesperson_sees_its_customers_confirmations_alone(mailbox):
	mine, other = asked("Roles Mine"), asked("Roles Other")
	answer(mine)
	answer(other)
	as_user("Sales User", permissions=[("Customer", "Roles Mine")])
	assert frappe.get_list("Balance Confirmation", pluck="customer") == ["Roles Mine"]
	assert frappe.get_list("Confirmation Reply", pluck="customer") == ["Roles Mine"]
	assert api.confirmation_page(name=mine.name)["replies"]
	with refused(frappe.PermissionError):
		api.confirmation_page(name=other.name)
	for doctype, name in (
		("Balance Confirmation", other.name),
		("Confirmation Reply", replies_of(other)[0].name),
	):
		assert not frappe.has_permission(doctype, "read", doc=name)
	with refused(frappe.PermissionError):
		api.enter_reply(name=mine.name, answer="Confirmed", declared_name="Me")
	assert not frappe.has_permission("Confirmation Round", "read")


@pytest.mark.parametrize("role", ["Sales Manager", "Accounts User", "Auditor"])
def test_who_may_read_may_not_act(mailbox, role):
	doc = asked("Roles Read")
	as_user(role, "Sales User")
	assert frappe.get_doc("Balance Confirmation", doc.name).has_permission("read")
	for function, given in (
		(api.get_link, {"name": doc.name}),
		(api.revoke_link, {"name": doc.name}),
		(api.remind, {"names": [doc.name]}),
		(api.send_round, {"round": doc.round}),
		(api.close_round, {"round": doc.round}),
	):
		with refused(frappe.PermissionError):
			function(**given)


def test_a_controller_works_on_confirmations_and_a_manager_runs_rounds(mailbox):
	doc = asked("Roles Work")
	as_user("Credit Controller", "Sales User")
	assert "balance-confirmation" in api.get_link(name=doc.name)
	with refused(frappe.PermissionError):
		api.close_round(round=doc.round)
	found = api.enter_reply(name=doc.name, answer="Other Balance", balance=3, declared_name="By telephone")
	assert not found["refused"] and doc.reload().status == "Differences"
	(reply,) = replies_of(doc)
	assert (reply.origin, reply.user) == ("User", frappe.session.user)
	as_user("Credit Manager", "Sales User")
	assert api.round_confirmations(round=doc.round)["counts"] == {"Differences": 1}
	api.close_round(round=doc.round)


def test_nothing_is_made_or_changed_by_hand(mailbox):
	doc = asked("Roles Hand")
	answer(doc)
	for doctype, values in (
		(
			"Balance Confirmation",
			{"customer": "Roles Hand", "company": COMPANY, "currency": "USD", "as_of": doc.as_of},
		),
		(
			"Confirmation Reply",
			{"confirmation": doc.name, "customer": "Roles Hand", "company": COMPANY, "currency": "USD"},
		),
	):
		with refused(frappe.PermissionError):
			frappe.get_doc({"doctype": doctype, **values}).insert()
	doc.reload().our_balance = 1
	with refused(NotByHand):
		doc.save()
	for one in (confirmation("Roles Hand"), replies_of(doc)[0]):
		with refused(frappe.PermissionError):
			one.delete()
	with refused(match="must stay on record"):
		frappe.get_doc("Confirmation Round", doc.round).delete()
	doc = confirmation("Roles Hand")
	doc.responsible = "Administrator"
	doc.save()


def test_what_waits_is_on_the_home_page_of_who_works_on_it(mailbox):
	doc, late = asked("Roles Waits"), asked("Roles Late")
	make_round(["Roles Waits", "Roles Late"], title="Another")
	answer(doc, "Other Balance", balance=3)
	late.db_set("reply_by", "2026-01-01")
	found = waiting.confirmations([COMPANY], frappe.utils.getdate())
	rows = {row["reason"]: row for row in found["rows"]}
	assert rows["Differences"]["total"] == 1 and rows["Differences"]["amounts"][0]["amount"] == 500
	assert rows["Overdue Replies"]["total"] == 1 and rows["Letters Waiting for Approval"]["total"] == 2
	answer(doc)
	assert (
		waiting.confirmations([COMPANY], frappe.utils.getdate())["rows"][0]["reason"]
		== "Replies to Decide On"
	)
	as_user("Sales User")
	assert waiting.confirmations([COMPANY], frappe.utils.getdate()) is None
