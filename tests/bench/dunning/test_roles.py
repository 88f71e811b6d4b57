"""Who may see, start, approve, block, waive and replay: every role through every door."""

import frappe
import pytest

from client_ledger.dunning import access, api
from client_ledger.outbox import api as outbox_api
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notice, work

ROLES = (
	"System Manager",
	"Accounts Manager",
	"Accounts User",
	"Credit Manager",
	"Credit Controller",
	"Sales Manager",
	"Sales User",
)
NAME, OTHER = "Roles Ada", "Roles Bob"


@pytest.fixture
def books(mailbox):
	for name in (NAME, OTHER):
		make_debtor(name)
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	make_policy(customers=[NAME, OTHER], mode="Approve")
	work()


def login(role: str, *more: str, permissions=()) -> str:
	name = f"dunning.{frappe.scrub(role)}@example.com"
	user = f.make_user(name, (role, "Sales User", *more), permissions).name
	frappe.clear_cache(user=user)
	frappe.set_user(user)
	return user


def allowed(call, *arguments, **keywords) -> bool:
	try:
		call(*arguments, **keywords)
	except frappe.PermissionError:
		return False
	except frappe.ValidationError:
		return True
	return True


@pytest.mark.parametrize("role", ROLES)
def test_doors(role, books):
	name = notice(NAME).name
	run = frappe.get_all("Dunning Run", {"company": COMPANY}, pluck="name")[0]
	login(role)
	doors = {
		"decide": [
			(outbox_api.approve_notices, [name]),
			(outbox_api.reject_notices, [name], "why"),
			(api.approve_run, run),
		],
		"send": [
			(api.customer_send_now, NAME, COMPANY),
			(api.send_approved, run),
			(outbox_api.restore_notice, name),
		],
		"work": [
			(outbox_api.retry_notices, [name]),
			(outbox_api.confirm_arrived, [name]),
			(outbox_api.print_letters, [name]),
		],
		"block": [(api.customer_pause, NAME, "2099-01-01", "Goodwill")],
		"lift": [(api.lift_holds, [name], "why")],
		"replay": [(api.replay_policy, "Test Policy", COMPANY, 1)],
	}
	readers = {"decide", "send"} & {a for a in access.ROLES}
	for action, calls in doors.items():
		for call in calls:
			function, *arguments = call
			expected = role in access.ROLES[action]
			if function in (api.approve_run, api.send_approved) and not frappe.has_permission("Dunning Run"):
				expected = False
			assert allowed(function, *arguments) == expected, (role, function.__name__)
	assert readers
	# Everybody here may read the customer, and so its messages.
	assert allowed(api.customer_dunning, NAME)
	assert allowed(outbox_api.notice_message, name)
	assert allowed(outbox_api.notice_exceptions)


def test_whoever_may_not_see_the_customer_sees_no_notice(books):
	name = notice(NAME).name
	login("Credit Manager", permissions=[("Customer", OTHER)])
	assert frappe.get_list("Ledger Notice", pluck="customer") == [OTHER]
	for call in (api.customer_dunning, lambda _n: api.customer_send_now(NAME, COMPANY)):
		with pytest.raises(frappe.PermissionError):
			call(NAME)
	with pytest.raises(frappe.PermissionError):
		outbox_api.notice_message(name)
	# A name that is guessed is not among those one may decide about.
	assert outbox_api.approve_notices([name]) == 0
	groups = outbox_api.notice_exceptions()["groups"]
	assert {n["customer"] for group in groups for n in group["notices"]} <= {OTHER}
	report = frappe.get_attr("client_ledger.client_ledger.report.dunning_history.dunning_history.execute")
	rows = report({"company": COMPANY, "from_date": ago(30), "to_date": ago(0)})[1]
	assert {row["customer"] for row in rows} <= {OTHER}


def test_another_company_is_not_theirs(books):
	f.make_company("Second Test Company")
	login("Credit Manager", permissions=[("Company", "Second Test Company")])
	with pytest.raises(frappe.PermissionError):
		api.customer_send_now(NAME, COMPANY)
	with pytest.raises(frappe.PermissionError):
		outbox_api.notice_exceptions(COMPANY)
	assert frappe.get_list("Ledger Notice", pluck="name") == []


@pytest.mark.parametrize("role", ROLES)
def test_who_may_waive(role, books):
	name = notice(NAME).name
	login(role)
	doc = frappe.get_doc("Ledger Notice", name)
	doc.update({"waive_charges": 1, "waive_reason": "Goodwill"})
	assert allowed(doc.save) == (role in access.ROLES["decide"])


@pytest.mark.parametrize("role", ROLES)
def test_who_may_write_policies_and_blocks(role):
	f.make_company()
	make_debtor(NAME)
	login(role)
	writers = ("System Manager", "Accounts Manager", "Credit Manager")
	assert bool(frappe.has_permission("Dunning Policy", "create")) == (role in writers)
	assert bool(frappe.has_permission("Dunning Block", "create")) == (role in access.ROLES["block"])
	assert not frappe.has_permission("Ledger Notice", "create")
	assert not frappe.has_permission("Ledger Notice", "delete")


def test_nobody_without_customers_sees_anything(books):
	user = f.make_user("dunning.stranger@example.com", ("Stock User",)).name
	frappe.set_user(user)
	with pytest.raises(frappe.PermissionError):
		frappe.get_list("Ledger Notice")
	with pytest.raises(frappe.PermissionError):
		api.customer_dunning(NAME)
