"""The rights of all users read at once are those that Frappe gives each of them, one by one."""

import random

import frappe
import frappe.share
import pytest
from frappe.core.page.permission_manager import permission_manager
from frappe.model.workflow import get_transitions
from frappe.permissions import get_role_permissions, has_permission

from client_ledger.core.duties.rights import Way, ways_open
from client_ledger.duties.definitions import active_rules, duties_of, duty_rows, ways_of
from client_ledger.duties.scan import conflicts
from client_ledger.duties.site_rights import read_rights
from tests.bench import factories as f

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]

SEED = 20261128
GIVEN = (
	*("Accounts User", "Accounts Manager", "Sales User", "Sales Manager", "Sales Master Manager"),
	*("Stock User", "Credit Controller", "Credit Manager", "Auditor", "System Manager", "Delivery User"),
)
RIGHTS = ("read", "write", "create", "submit", "cancel", "delete")


@pytest.fixture(scope="module")
def site():
	"""Users with roles at random; permissions changed at random; documents shared; a workflow that is changed."""
	chance = random.Random(SEED)
	f.make_company()
	users = [f"rights-{number}@example.com" for number in range(10)]
	for user in users:
		f.make_user(user, chance.sample(GIVEN, chance.randint(0, 4)))
	doctypes = {
		doctype
		for found in ways_of(duty_rows(duties_of(active_rules()))).values()
		for way in found
		for doctype, _right in way.rights
	}
	for doctype in ("Sales Order", "Customer", "Payment Entry", "Bank Account"):
		permission_manager.add(doctype, "Stock User", 0)
		for right in ("write", "create", "submit"):
			if right != "submit" or frappe.get_meta(doctype).is_submittable:
				permission_manager.update(doctype, "Stock User", 0, right, "1")
	# Only with documents that they have made.
	permission_manager.update("Bank Account", "Accounts User", 0, "if_owner", "1")
	customer = f.make_customer("Shared Rights Ltd")
	frappe.share.add("Customer", customer.name, users[0], write=1)
	frappe.db.set_value("User", users[1], "enabled", 0)
	frappe.clear_cache()
	return frappe._dict(users=users, doctypes=sorted(doctypes), customer=customer.name)


def test_every_right_of_every_user_is_frappes(site, tell):
	rights = read_rights(site.doctypes)
	compared = 0
	for user in site.users:
		person = rights.persons[user]
		for doctype in site.doctypes:
			meta = frappe.get_meta(doctype)
			owners = get_role_permissions(meta, user=user, is_owner=True)
			for right in RIGHTS:
				holdings = rights.holdings(person, doctype, right)
				on_all = any(not one.only_own and not one.shared for one in holdings)
				frappes = has_permission(doctype, right, user=user, ignore_share_permissions=True)
				if right != "read":
					assert on_all == frappes, (user, doctype, right)
				on_own = bool((owners.get("if_owner") or {}).get(right))
				if right == "submit" and not meta.is_submittable:
					on_own = False
				assert any(one.only_own for one in holdings) == on_own, (user, doctype, right)
				if right in ("write", "submit") and not on_all:
					shared = {
						f"{doctype} {name}"
						for name in frappe.share.get_shared(doctype, user, rights=[right])
						# Frappe shares everybody's own user with them, but for their roles.
						if (doctype, name) != ("User", user)
					}
					if right != "submit" or meta.is_submittable:
						assert {one.shared for one in holdings if one.shared} == shared
				compared += 1
	tell(f"duties: compared {compared} rights of {len(site.users)} users with Frappe's")


def test_roles_named_are_those_that_give_the_right(site):
	rights = read_rights(["Sales Order"])
	user = f.make_user("named@example.com", ["Stock User", "Sales User"]).name
	person = read_rights(["Sales Order"], [user]).persons[user]
	assert [one.through for one in rights.holdings(person, "Sales Order", "submit")] == [
		"Sales User",
		"Stock User",
	]


def test_a_disabled_user_could_do_nothing(site):
	assert site.users[1] not in {one.user for one in conflicts()}


def test_the_administrator_could_do_both_of_every_rule(site):
	assert {one.rule for one in conflicts(["Administrator"])} == {rule.name for rule in active_rules()}


def test_user_permissions_keep_duties_apart_as_frappe_does(site):
	other = "Other Duties Company"
	f.make_company(other)
	f.make_customer("Duties Apart")
	user = f.make_user("apart@example.com", ["Accounts User"]).name
	rule = frappe.get_value("Duty Rule", {"first_duty": "Issue Invoices", "second_duty": "Record Receipts"})
	assert rule in {one.rule for one in conflicts([user])}
	for doctype, company in (("Sales Invoice", f.COMPANY), ("Payment Entry", other)):
		frappe.get_doc(
			{
				"doctype": "User Permission",
				"user": user,
				"allow": "Company",
				"for_value": company,
				"apply_to_all_doctypes": 0,
				"applicable_for": doctype,
			}
		).insert()
	assert rule not in {one.rule for one in conflicts([user])}
	here, there = (
		f.make_invoice("Duties Apart", 10, company=company, submit=False) for company in (f.COMPANY, other)
	)
	assert frappe.has_permission("Sales Invoice", "submit", doc=here, user=user)
	assert not frappe.has_permission("Sales Invoice", "submit", doc=there, user=user)
	scope = dict(read_rights(["Sales Invoice"], [user]).scope_of(user, "Sales Invoice"))
	assert scope == {"Company": frozenset({f.COMPANY})}


@pytest.mark.parametrize("role", ["Credit Manager", "Credit Controller", "Sales Manager", "Accounts User"])
def test_an_action_of_a_workflow_is_there_for_whom_frappe_offers_it(site, role):
	customer = f.make_customer("Workflow Duties")
	limit = frappe.get_doc(
		{
			"doctype": "Credit Limit",
			"customer": customer.name,
			"company": f.COMPANY,
			"limit_type": "Permanent",
			"amount": 1000,
			"reason": "test",
		}
	).insert()
	limit.db_set("workflow_state", "Pending Approval")
	# A right beside the role: it reads customers, as people do.
	user = f.make_user(f"{frappe.scrub(role)}@example.com", [role, "Sales User"]).name
	rights = read_rights(["Credit Limit"])
	for action in ("Approve", "Reject", "Request Approval"):
		limit.db_set("workflow_state", "Draft" if action == "Request Approval" else "Pending Approval")
		frappe.set_user(user)
		offered = action in {
			row["action"] for row in get_transitions(frappe.get_doc("Credit Limit", limit.name))
		}
		frappe.set_user("Administrator")
		way = Way((("Credit Limit", "read"),), action=action)
		assert bool(ways_open(rights, rights.persons[user], way)) == offered, action
