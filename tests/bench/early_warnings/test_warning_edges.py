"""Warnings where things are not as usual: other ways than the buttons, people who left, customers renamed, merged and disabled."""

import frappe
import pytest
from frappe.utils import add_days, getdate

from client_ledger.core.early_warnings.customer_signals import FIRST
from client_ledger.core.early_warnings.signals import ProposedAction, RaisedSignal
from client_ledger.core.reconciliation.matches import Because
from client_ledger.early_warnings import api, decisions, nightly, responsible, rows
from client_ledger.site.rows import bulk_insert
from tests.bench import factories as f
from tests.bench.early_warnings.made_up import HIGH, raise_for
from tests.bench.early_warnings.setting import make_mail_account

pytestmark = pytest.mark.every_version

ONE, OTHER, HIDDEN = "Edge One", "Edge Other", "Edge Hidden"
COLLECTOR, MANAGER, NARROW = (
	"edge.collector@example.com",
	"edge.manager@example.com",
	"edge.narrow@example.com",
)


@pytest.fixture(autouse=True)
def people():
	f.make_company()
	for name in (ONE, OTHER, HIDDEN):
		f.make_customer(name)
	f.make_user(COLLECTOR, ["Credit Controller", "Sales User"])
	f.make_user(MANAGER, ["Credit Manager", "Accounts Manager", "System Manager", "Sales User"])
	f.make_user(NARROW, ["Credit Controller", "Sales User"], [("Customer", ONE), ("Customer", OTHER)])
	make_mail_account()


def warning(name):
	return frappe.get_doc("Early Warning", name)


def account_of(customer, **values):
	values = {
		"customer": customer,
		"company": f.COMPANY,
		"collector": None,
		"account_manager": None,
		**values,
	}
	bulk_insert("Client Account", [{"name": f"{customer} {f.COMPANY}", **values}])


def test_many_closed_at_once_each_by_itself():
	one, other, hidden = raise_for([ONE, OTHER, HIDDEN])
	decisions.close(other, "False Alarm", "")
	frappe.set_user(NARROW)
	# One that the user may not see is left as it is, and not spoken of.
	tried = api.close_warnings(names=[one, other, hidden], because="False Alarm")
	said = {row["name"]: row["reason"] for row in tried}
	assert set(said) == {one, other} and not said[one] and "not possible any more" in said[other]
	assert warning(one).decided_by == NARROW
	assert frappe.db.get_value("Early Warning", hidden, "status") == "Open"
	with pytest.raises(frappe.ValidationError, match="between 1 and 100"):
		api.close_warnings(names=[hidden], because="False Alarm")
	with pytest.raises(frappe.ValidationError):
		api.close_warnings(names=[one], because="Silent for 30 Days")


def test_its_buttons_are_the_only_way():
	from frappe.client import delete, insert, set_value

	(name,) = raise_for([ONE])
	frappe.set_user(MANAGER)
	for change in (
		{"status": "Closed"},
		{"outcome": "Turned Bad"},
		{"snoozed_until": "2020-01-01"},
		{"responsible": NARROW},
	):
		with pytest.raises(frappe.PermissionError):
			set_value("Early Warning", name, change)
	with pytest.raises(frappe.PermissionError):
		delete("Early Warning", name)
	with pytest.raises(frappe.PermissionError):
		insert({"doctype": "Early Warning", "company": f.COMPANY, "customer": ONE, "signal": "rolling"})
	frappe.set_user("Administrator")
	# Not even by who may do everything.
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Early Warning", name)
	assert (warning(name).status, warning(name).responsible) == ("Open", None)


def test_given_to_who_may_see_it():
	(name,) = raise_for([HIDDEN])
	for user in (NARROW, "nobody.at.all@example.com"):
		with pytest.raises(frappe.ValidationError, match="may not see"):
			decisions.give_to(name, user)
	decisions.give_to(name, COLLECTOR)
	decisions.give_to(name, MANAGER)
	todos = {"reference_type": "Early Warning", "reference_name": name, "status": "Open"}
	assert frappe.get_all("ToDo", todos, pluck="allocated_to") == [MANAGER]
	frappe.db.set_value("User", COLLECTOR, "enabled", 0)
	with pytest.raises(frappe.ValidationError, match="may not see"):
		decisions.give_to(name, COLLECTOR)


def test_who_left_is_responsible_for_nothing():
	account_of(ONE, collector=COLLECTOR, account_manager=MANAGER)
	account_of(OTHER, collector=COLLECTOR)
	account_of(HIDDEN, collector=COLLECTOR, account_manager=NARROW)
	names = raise_for([ONE, OTHER, HIDDEN])
	assert {warning(name).responsible for name in names} == {COLLECTOR}
	closed = raise_for([OTHER], signal="rolling")[0]
	decisions.close(closed, "False Alarm", "")
	frappe.db.set_value("User", COLLECTOR, "enabled", 0)
	assert responsible.hand_over(f.COMPANY) == 3
	# Who may not see the customer does not get it; what is closed stays as it was.
	assert [warning(name).responsible for name in names] == [MANAGER, None, None]
	assert warning(closed).responsible == COLLECTOR
	assert responsible.hand_over(f.COMPANY) == 0
	assert frappe.db.exists("ToDo", {"reference_name": names[0], "allocated_to": MANAGER, "status": "Open"})
	raise_for([ONE], signal="part_payments")
	assert (
		frappe.db.get_value("Early Warning", {"customer": ONE, "signal": "part_payments"}, "responsible")
		== MANAGER
	)


def still_raised(customer, day):
	because = Because(FIRST, (1, 12, 20, 1, 3))
	one = RaisedSignal("first_overdue", customer, because, HIGH, ProposedAction.CALL)
	return rows.write(f.COMPANY, [one], day, {customer}, 20)


def test_a_renamed_customer_and_two_that_become_one():
	one, other = raise_for([ONE, OTHER])
	frappe.rename_doc("Customer", ONE, "Edge Renamed")
	assert warning(one).customer == "Edge Renamed"
	tomorrow = getdate(add_days(None, 1))
	assert still_raised("Edge Renamed", tomorrow) == rows.Written(0, 1, 0)
	frappe.rename_doc("Customer", OTHER, "Edge Renamed", merge=True)
	assert still_raised("Edge Renamed", getdate(add_days(None, 2))) == rows.Written(0, 1, 0)
	both = [warning(name) for name in (one, other)]
	assert {doc.customer for doc in both} == {"Edge Renamed"}
	# One episode goes on, the other one has ended.
	assert sorted(doc.status for doc in both) == ["Closed", "Open"]
	assert sum(bool(doc.ended_on) for doc in both) == 1


def test_a_disabled_customer_can_still_be_called():
	(name,) = raise_for([ONE])
	frappe.db.set_value("Customer", ONE, "disabled", 1)
	made = decisions.act(name, ProposedAction.CALL)
	assert frappe.db.get_value("Follow Up", made["name"], "customer") == ONE


def test_switched_off_what_is_put_off_still_wakes(monkeypatch):
	(name,) = raise_for([ONE])
	decisions.snooze(name, getdate(add_days(None, 3)), "")
	if not frappe.db.exists("Warning Setup", f.COMPANY):
		frappe.get_doc({"doctype": "Warning Setup", "company": f.COMPANY}).insert()
	frappe.db.set_value("Warning Setup", f.COMPANY, "enabled", 0)
	monkeypatch.setattr(nightly, "getdate", lambda *_day: getdate(add_days(None, 3)))
	nightly.look_again()
	assert warning(name).status == "Open"
	assert not frappe.db.get_value("Warning Setup", f.COMPANY, "looked_on")
