"""Every way in which Frappe lets somebody do the other half of a conflict is reported and warned of, and its end ends it.

One preparation; each way is a generator: until its first yield the half is given, after it taken away again. What it yields is
what Frappe itself answers, or does, as that user.
"""

import json

import frappe
import frappe.share
import pytest
from frappe.core.doctype.data_import.importer import Importer
from frappe.core.doctype.role_profile.role_profile import RoleProfile
from frappe.permissions import add_permission
from frappe.website.doctype.web_form.web_form import accept

from client_ledger.duties.scan import conflicts, scan
from client_ledger.overrides import permission_manager, restrictions
from tests.bench import factories as f

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]

USER, OTHER = "half@ways.example", "other-half@ways.example"
BILLER, CASHIER, APPROVER = "Ways Biller", "Ways Cashier", "Ways Approver"
RECEIPTS, LIMITS = "Invoices and Receipts", "Customers and Their Limits"
WRITE_OFFS = "Receipts and Write-offs"
ELSEWHERE = "Ways Elsewhere"
TOUCHED = (
	"Sales Invoice",
	"Payment Entry",
	"Journal Entry",
	"Payment Reconciliation",
	"Customer",
	"Credit Limit",
)


@pytest.fixture(scope="module", autouse=True)
def books():
	for company in (f.COMPANY, ELSEWHERE):
		f.make_company(company)
	f.make_customer("Ways Ltd")
	for role in (BILLER, CASHIER, APPROVER):
		frappe.get_doc({"doctype": "Role", "role_name": role, "is_custom": 1}).insert()
	allow(BILLER, "Sales Invoice", "read", "write", "create", "submit")
	allow(CASHIER, "Payment Entry", "read", "write", "create", "submit")
	allow(APPROVER, "Credit Limit", "read", "write", "submit")
	f.make_user(USER, [BILLER])
	f.make_user(OTHER)
	made = frappe._dict(
		invoice=f.make_invoice("Ways Ltd", 100, submit=False),
		payment=f.make_payment("Ways Ltd", 100, submit=False),
		elsewhere=f.make_payment("Ways Ltd", 100, company=ELSEWHERE, submit=False),
		submitted=f.make_payment("Ways Ltd", 10),
	)
	frappe.db.before_commit.run()
	scan()
	return made


@pytest.fixture(autouse=True)
def _row_by_row(books, monkeypatch):
	# A job gives the roles of a profile to its users, later.
	monkeypatch.setattr(RoleProfile, "queue_action", lambda *_arguments, **_more: None)
	forget()
	frappe.db.savepoint("way")
	yield
	frappe.set_user("Administrator")
	frappe.db.rollback(save_point="way")
	forget()


def forget():
	frappe.clear_messages()
	frappe.clear_cache()
	for doctype in TOUCHED:
		frappe.clear_cache(doctype=doctype)


def allow(role, doctype, *rights, **more):
	"""Give a role rights by a row of Custom DocPerm, as the first one copies the DocType's own."""
	add_permission(doctype, role, 0)
	row = frappe.get_doc("Custom DocPerm", {"parent": doctype, "role": role, "permlevel": 0})
	row.update({**dict.fromkeys(rights, 1), **more})
	return row.save()


def can(user, right, document):
	frappe.clear_cache(user=user)
	return bool(frappe.has_permission(document.doctype, right, doc=document.name, user=user))


def rules(user=USER):
	frappe.db.before_commit.run()
	rows = set(frappe.get_all("Duty Conflict", {"user": user, "status": "Open"}, pluck="duty_rule"))
	assert rows == {one.rule for one in conflicts([user]) if one.user == user}, "the report says the same"
	return rows


def give(user, *roles):
	frappe.get_doc("User", user).add_roles(*roles)


def take(user, *roles):
	frappe.get_doc("User", user).remove_roles(*roles)


def user_permission(user, company, doctype):
	return frappe.get_doc(
		{
			"doctype": "User Permission",
			"user": user,
			"allow": "Company",
			"for_value": company,
			"apply_to_all_doctypes": 0,
			"applicable_for": doctype,
		}
	).insert()


def profile(name, *roles):
	doc = frappe.get_doc({"doctype": "Role Profile", "role_profile": name})
	doc.set("roles", [{"role": role} for role in roles])
	return doc.insert()


def put_in(user, *profiles):
	doc = frappe.get_doc("User", user)
	if doc.meta.has_field("role_profiles"):
		doc.set("role_profiles", [{"role_profile": one.name} for one in profiles])
	else:
		doc.role_profile_name = profiles[0].name
	doc.save()


# The ways.


def by_a_role(books):
	give(USER, CASHIER)
	yield can(USER, "submit", books.payment)
	take(USER, CASHIER)


def by_a_row_of_the_users_roles(books):
	row = {
		"doctype": "Has Role",
		"parenttype": "User",
		"parentfield": "roles",
		"parent": USER,
		"role": CASHIER,
	}
	row = frappe.get_doc(row).insert()
	yield can(USER, "submit", books.payment)
	frappe.delete_doc("Has Role", row.name)


def by_rest(books):
	sent = json.loads(frappe.get_doc("User", USER).as_json())
	sent["roles"].append({"doctype": "Has Role", "role": CASHIER})
	frappe.get_attr("frappe.client.save")(json.dumps(sent, default=str))
	yield can(USER, "submit", books.payment)
	sent = json.loads(frappe.get_doc("User", USER).as_json())
	sent["roles"] = [row for row in sent["roles"] if row["role"] != CASHIER]
	frappe.get_attr("frappe.client.save")(json.dumps(sent, default=str))


def by_data_import(books):
	"""A new user with both roles; Frappe's import writes document by document."""
	table = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "users.csv",
			"is_private": 1,
			"content": f"email,first_name,send_welcome_email,roles.role\n{USER},Half,0,{BILLER}\n,,,{CASHIER}\n",
		}
	).insert()
	frappe.delete_doc("User", USER, force=True)
	job = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": "User",
			"import_type": "Insert New Records",
			"import_file": table.file_url,
		}
	).insert()
	Importer("User", data_import=job).import_data()
	yield can(USER, "submit", books.payment)
	take(USER, CASHIER)


def by_a_profile_that_is_given(books):
	put_in(USER, profile("Ways Both", BILLER, CASHIER))
	yield can(USER, "submit", books.payment)
	put_in(USER, profile("Ways One", BILLER))


def by_two_profiles(books):
	one, two = profile("Ways One", BILLER), profile("Ways Two", CASHIER)
	if not frappe.get_meta("User").has_field("role_profiles"):
		pytest.skip("version 15 gives one profile to a user")
	put_in(USER, one, two)
	yield can(USER, "submit", books.payment)
	put_in(USER, one)


def by_a_profile_that_is_changed(books):
	found = profile("Ways One", BILLER)
	put_in(USER, found)
	found.append("roles", {"role": CASHIER})
	found.save()
	waiting = {"user": USER, "duty_rule": RECEIPTS, "status": "Open"}
	assert frappe.db.exists("Duty Conflict", waiting), "warned before the job gives it"
	found.update_all_users()
	yield can(USER, "submit", books.payment)
	found.set("roles", [{"role": BILLER}])
	found.save()
	found.update_all_users()


def by_a_custom_permission(books):
	row = allow(BILLER, "Payment Entry", "write", "create", "submit")
	yield can(USER, "submit", books.payment)
	frappe.delete_doc("Custom DocPerm", row.name)


def by_the_permission_manager(books):
	permission_manager.add("Payment Entry", BILLER, 0)
	for right in ("write", "create", "submit"):
		permission_manager.update("Payment Entry", BILLER, 0, right, 1)
	yield can(USER, "submit", books.payment)
	permission_manager.update("Payment Entry", BILLER, 0, "submit", 0)


def by_a_role_of_everybody(books):
	row = allow("All", "Payment Entry", "write", "submit")
	yield can(USER, "submit", books.payment)
	frappe.delete_doc("Custom DocPerm", row.name)


def by_a_role_of_the_desk(books):
	row = allow("Desk User", "Payment Entry", "write", "submit")
	yield can(USER, "submit", books.payment)
	frappe.delete_doc("Custom DocPerm", row.name)


def by_own_documents(books):
	row = allow(BILLER, "Payment Entry", "write", "create", "submit", if_owner=1)
	books.payment.db_set("owner", USER)
	yield can(USER, "submit", books.payment) and not can(USER, "submit", books.elsewhere)
	frappe.delete_doc("Custom DocPerm", row.name)


def by_a_share(books):
	frappe.share.add("Payment Entry", books.payment.name, USER, write=1, submit=1)
	yield can(USER, "submit", books.payment)
	frappe.share.set_permission("Payment Entry", books.payment.name, USER, "submit", 0)


def by_a_share_with_everybody(books):
	frappe.share.add("Payment Entry", books.payment.name, everyone=1, write=1, submit=1)
	yield can(USER, "submit", books.payment)
	name = frappe.db.get_value("DocShare", {"share_name": books.payment.name, "everyone": 1})
	frappe.delete_doc("DocShare", name)


def by_being_enabled(books):
	frappe.db.set_value("User", USER, "enabled", 0)
	give(USER, CASHIER)
	assert not rules()
	user = frappe.get_doc("User", USER)
	user.enabled = 1
	user.save()
	yield can(USER, "submit", books.payment)
	user.enabled = 0
	user.save()


def by_a_restriction_that_is_lifted(books):
	user_permission(USER, f.COMPANY, "Sales Invoice")
	apart = user_permission(USER, ELSEWHERE, "Payment Entry")
	give(USER, CASHIER)
	assert not rules() and not can(USER, "submit", books.payment)
	frappe.delete_doc("User Permission", apart.name)
	yield can(USER, "submit", books.payment)
	user_permission(USER, ELSEWHERE, "Payment Entry")


def by_restrictions_that_are_changed_in_their_list(books):
	user_permission(USER, f.COMPANY, "Sales Invoice")
	user_permission(USER, ELSEWHERE, "Payment Entry")
	give(USER, CASHIER)
	assert not rules()
	restrictions.clear_user_permissions(USER, "Company")
	yield can(USER, "submit", books.payment)
	sent = {
		"user": USER,
		"doctype": "Company",
		"apply_to_all_doctypes": 0,
		"is_default": 0,
		"hide_descendants": 0,
	}
	for company, doctype in ((f.COMPANY, "Sales Invoice"), (ELSEWHERE, "Payment Entry")):
		row = {**sent, "docname": company, "applicable_doctypes": [doctype]}
		restrictions.add_user_permissions(json.dumps(row))


def by_a_link_past_restrictions(books):
	user_permission(USER, f.COMPANY, "Sales Invoice")
	user_permission(USER, ELSEWHERE, "Payment Entry")
	give(USER, CASHIER)
	assert not rules()
	meta = frappe.get_meta("Payment Entry")
	links = [df.fieldname for df in meta.get_link_fields() if df.options == "Company"]
	for field in links:
		frappe.make_property_setter(
			{
				"doctype": "Payment Entry",
				"fieldname": field,
				"property": "ignore_user_permissions",
				"value": "1",
				"property_type": "Check",
			}
		)
	frappe.clear_cache(doctype="Payment Entry")
	yield can(USER, "submit", books.payment)
	for name in frappe.get_all("Property Setter", {"doc_type": "Payment Entry", "field_name": ("in", links)}):
		frappe.delete_doc("Property Setter", name.name)
	frappe.clear_cache(doctype="Payment Entry")


def by_roles_that_become_one(books):
	frappe.rename_doc("Role", CASHIER, BILLER, merge=True)
	frappe.clear_cache(doctype="Payment Entry")
	yield can(USER, "submit", books.payment)
	take(USER, BILLER)


def by_users_that_become_one(books):
	"""Roles are not merged, but what is shared with either of them is shared with both."""
	frappe.share.add("Payment Entry", books.payment.name, OTHER, write=1, submit=1)
	frappe.rename_doc("User", OTHER, USER, merge=True)
	yield can(USER, "submit", books.payment)
	frappe.share.remove("Payment Entry", books.payment.name, USER)


def by_a_second_account_of_one_employee(books):
	give(OTHER, CASHIER)
	assert not rules()
	employee = frappe.get_doc(
		{
			"doctype": "Employee",
			"first_name": "Half",
			"company": f.COMPANY,
			"gender": f.first("Gender"),
			"date_of_birth": "1990-01-01",
			"date_of_joining": "2020-01-01",
			"user_id": USER,
			"create_user_permission": 0,
			"personal_email": OTHER,
		}
	).insert()
	assert RECEIPTS in rules(OTHER)
	yield can(OTHER, "submit", books.payment)
	# An address of the office that two employees name is nobody's own.
	employee.update({"personal_email": "half@home.example", "company_email": OTHER})
	employee.save()
	assert RECEIPTS in rules()
	second = frappe.copy_doc(employee)
	second.update({"user_id": None, "personal_email": None, "company_email": OTHER})
	second.insert()


def by_a_second_account_of_one_mailbox(books):
	second = f.make_user("half+money@ways.example", [CASHIER])
	yield can(second.name, "submit", books.payment)
	second.enabled = 0
	second.save()


def by_a_type_of_users(books):
	frappe.local.conf["user_type_doctype_limit"] = {"ways_cashiers": 9}
	give(USER, CASHIER)
	kind = frappe.get_doc(
		{
			"doctype": "User Type",
			"name": "Ways Cashiers",
			"role": BILLER,
			"apply_user_permission_on": "Employee",
			"user_id_field": "user_id",
			"user_doctypes": [
				{"document_type": doctype, "read": 1, "write": 1, "create": 1, "submit": 1}
				for doctype in ("Sales Invoice", "Payment Entry")
			],
		}
	)
	kind.flags.ignore_select_perm = frappe.flags.ignore_select_perm = True
	take(USER, CASHIER)
	assert not rules()
	kind.insert()
	frappe.clear_cache(doctype="Payment Entry")
	yield can(USER, "submit", books.payment)
	kind.user_doctypes[1].submit = 0
	kind.save()


def by_a_journal_entry(books):
	give(USER, CASHIER)
	assert WRITE_OFFS not in rules()
	row = allow(BILLER, "Journal Entry", "write", "create", "submit")
	yield bool(frappe.has_permission("Journal Entry", "submit", user=USER))
	frappe.delete_doc("Custom DocPerm", row.name)


def by_a_web_form(books):
	give(USER, APPROVER)
	assert LIMITS not in rules()
	form = frappe.get_doc(
		{
			"doctype": "Web Form",
			"title": "New Customers",
			"route": "new-customers",
			"doc_type": "Customer",
			"module": "Website",
			"is_standard": 0,
			"published": 1,
			"login_required": 1,
			"introduction_text": "x",
			"web_form_fields": [{"fieldname": "customer_name", "fieldtype": "Data", "label": "Name"}],
		}
	).insert()
	frappe.set_user(USER)
	refused = not frappe.has_permission("Customer", "create", user=USER)
	made = accept(form.name, json.dumps({"customer_name": "Made by a Form"}))
	frappe.set_user("Administrator")
	yield refused and made.owner == USER
	frappe.delete_doc("Web Form", form.name)


WAYS = [way for name, way in list(globals().items()) if name.startswith("by_")]
UNDER = {by_a_web_form: LIMITS, by_a_journal_entry: WRITE_OFFS}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_way_to_the_other_half_is_warned_of_and_its_end_ends_it(books, way):
	rule = UNDER.get(way, RECEIPTS)
	assert rule not in rules()
	steps = way(books)
	frappes = next(steps)
	assert frappes, "Frappe lets it be done"
	assert rule in rules()
	assert "what two should do" in " ".join(map(str, frappe.local.message_log))
	next(steps, None)
	assert rule not in rules()


# What looks like a way and is none.


def not_by_a_disabled_role_of_a_profile(books):
	found = profile("Ways One", BILLER, CASHIER)
	frappe.db.set_value("Role", CASHIER, "disabled", 1)
	put_in(USER, found)
	found.save()
	return can(USER, "submit", books.payment)


def not_by_a_role_that_is_disabled(books):
	give(USER, CASHIER)
	assert RECEIPTS in rules()
	role = frappe.get_doc("Role", CASHIER)
	role.disabled = 1
	role.save()
	return can(USER, "submit", books.payment)


def not_for_a_disabled_user(books):
	frappe.db.set_value("User", USER, "enabled", 0)
	give(USER, CASHIER)


def not_in_a_company_that_is_shut(books):
	user_permission(USER, f.COMPANY, "Sales Invoice")
	user_permission(USER, ELSEWHERE, "Payment Entry")
	give(USER, CASHIER)
	return can(USER, "submit", books.payment)


def not_by_reading(books):
	allow(BILLER, "Payment Entry", "read", "report", "export", "print")
	frappe.share.add("Payment Entry", books.payment.name, USER, read=1)
	return can(USER, "submit", books.payment)


def not_by_submitting_without_writing(books):
	row = allow(BILLER, "Payment Entry", "read")
	row.db_set("submit", 1)
	frappe.clear_cache(doctype="Payment Entry")
	scan()
	frappe.set_user(USER)
	try:
		frappe.get_doc("Payment Entry", books.payment.name).submit()
	except frappe.PermissionError:
		return False
	finally:
		frappe.set_user("Administrator")
	return True


def not_at_another_level(books):
	add_permission("Payment Entry", BILLER, 1)
	row = frappe.get_doc("Custom DocPerm", {"parent": "Payment Entry", "role": BILLER, "permlevel": 1})
	row.db_set({"write": 1, "submit": 1})
	frappe.clear_cache(doctype="Payment Entry")
	scan()
	return can(USER, "submit", books.payment)


def not_by_a_share_of_what_is_submitted(books):
	frappe.share.add("Payment Entry", books.submitted.name, USER, write=1, submit=1)


def not_by_a_share_elsewhere(books):
	user_permission(USER, f.COMPANY, "Sales Invoice")
	frappe.share.add("Payment Entry", books.elsewhere.name, USER, write=1, submit=1)
	return can(USER, "submit", books.payment)


def not_by_what_is_shared_with_another(books):
	frappe.share.add("Payment Entry", books.payment.name, OTHER, write=1, submit=1)
	return can(USER, "submit", books.payment)


def not_by_a_profile_of_others(books):
	put_in(OTHER, profile("Ways Other", CASHIER))
	return can(USER, "submit", books.payment)


def not_by_a_second_account_that_is_disabled(books):
	second = f.make_user("half+money@ways.example", [CASHIER])
	second.enabled = 0
	second.save()


def not_by_reconciling_alone(books):
	allow(BILLER, "Payment Reconciliation", "write", "create")
	return can(USER, "submit", books.payment)


def not_by_modules(books):
	doc = frappe.get_doc({"doctype": "Module Profile", "module_profile_name": "Ways"}).insert()
	user = frappe.get_doc("User", USER)
	user.module_profile = doc.name
	user.save()
	return can(USER, "submit", books.payment)


NO_WAYS = [way for name, way in list(globals().items()) if name.startswith("not_")]


@pytest.mark.parametrize("way", NO_WAYS, ids=lambda way: way.__name__)
def test_what_does_not_really_let_is_no_conflict(books, way):
	assert not way(books), "Frappe lets nobody do it"
	assert RECEIPTS not in rules()
