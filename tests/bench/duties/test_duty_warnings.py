"""Whatever gives somebody a right is followed by a warning, once per new conflict."""

import frappe
import frappe.share
import pytest
from frappe.core.doctype.role_profile.role_profile import RoleProfile
from frappe.utils import add_days, nowdate

from client_ledger.duties import nightly
from client_ledger.duties.scan import scan
from client_ledger.duties.shipped import DUTIES, RULES
from client_ledger.duties.warning import tell_managers
from client_ledger.overrides import permission_manager
from client_ledger.site.language import spoken
from tests.bench import factories as f

pytestmark = pytest.mark.every_version

USER, ADMIN, OTHER = "two-duties@example.com", "admin-of-users@example.com", "second-admin@example.com"
RECEIPTS = "Invoices and Receipts"


@pytest.fixture(autouse=True)
def people():
	f.make_user(USER, ["Sales User"])
	f.make_user(ADMIN, ["System Manager"])
	f.make_user(OTHER, ["System Manager"])
	scan()
	frappe.clear_messages()


def rows(**filters):
	return frappe.get_all(
		"Duty Conflict",
		{"user": USER, **filters},
		["name", "duty_rule", "status", "first_through", "second_through", "found_because", "found_by"],
		order_by="duty_rule",
	)


def rules():
	return {row.duty_rule for row in rows(status="Open")}


def said():
	return " ".join(str(message) for message in frappe.local.message_log)


def give(*roles):
	user = frappe.get_doc("User", USER)
	user.add_roles(*roles)


def test_the_shipped_rules_are_there():
	assert set(frappe.get_all("Duty", pluck="name")) >= set(DUTIES)
	assert set(frappe.get_all("Duty Rule", {"enabled": 1}, pluck="name")) >= set(RULES)


def test_a_role_that_makes_a_conflict_warns_at_once_and_once():
	assert not rules()
	frappe.set_user(ADMIN)
	give("Accounts User")
	assert RECEIPTS in rules()
	assert "This change lets one person do what two should do" in said()
	(row,) = [row for row in rows() if row.duty_rule == RECEIPTS]
	assert (row.first_through, row.second_through, row.found_by) == ("Accounts User", "Accounts User", ADMIN)
	assert USER in row.found_because
	frappe.clear_messages()
	user = frappe.get_doc("User", USER)
	user.first_name = "Somebody"
	user.save(ignore_permissions=True)
	give("Auditor")
	assert "what two should do" not in said()
	assert len([row for row in rows() if row.duty_rule == RECEIPTS]) == 1


def test_a_role_taken_away_ends_it_and_given_again_is_new():
	give("Accounts User")
	first = {row.name for row in rows(status="Open")}
	frappe.get_doc("User", USER).remove_roles("Accounts User")
	assert not rules()
	assert {row.name for row in rows(status="Closed")} == first
	frappe.clear_messages()
	give("Accounts User")
	assert RECEIPTS in rules() and "what two should do" in said()


def test_other_managers_of_users_are_notified(monkeypatch):
	give("Accounts User")
	made = [row.name for row in rows(status="Open") if row.duty_rule == RECEIPTS]
	told = []
	monkeypatch.setattr(
		"client_ledger.site.notify.enqueue_create_notification",
		lambda users, doc: told.append((users[0], doc["document_name"], doc["subject"])),
	)
	frappe.set_user(ADMIN)
	tell_managers(made, ADMIN)
	assert OTHER in {user for user, _name, _subject in told}
	assert ADMIN not in {user for user, _name, _subject in told}
	assert {name for _user, name, _subject in told} == set(made)
	assert all("{" not in subject and RECEIPTS in subject for _user, _name, subject in told)


def test_many_conflicts_are_told_in_one_notification(monkeypatch):
	give("Accounts User", "Accounts Manager", "Credit Manager", "Stock User")
	made = [row.name for row in rows(status="Open")]
	assert len(made) > 5
	told = []
	monkeypatch.setattr(
		"client_ledger.site.notify.enqueue_create_notification",
		lambda users, doc: told.append((users[0], doc["subject"])),
	)
	tell_managers(made, "Administrator")
	assert len([user for user, _subject in told if user == OTHER]) == 1


def test_a_row_of_a_role_that_is_saved_past_its_user():
	frappe.get_doc(
		{
			"doctype": "Has Role",
			"parenttype": "User",
			"parentfield": "roles",
			"parent": USER,
			"role": "Accounts User",
		}
	).insert()
	assert RECEIPTS in rules()


def test_a_role_profile_warns_who_saves_it(monkeypatch):
	# A job gives the roles to its users, later.
	monkeypatch.setattr(RoleProfile, "queue_action", lambda *_arguments, **_more: None)
	profile = frappe.get_doc({"doctype": "Role Profile", "role_profile": "Duties Profile"})
	profile.append("roles", {"role": "Sales User"})
	profile.insert()
	user = frappe.get_doc("User", USER)
	if user.meta.has_field("role_profiles"):
		user.append("role_profiles", {"role_profile": profile.name})
	else:
		user.role_profile_name = profile.name
	user.save()
	assert not rules()
	frappe.clear_messages()
	profile.append("roles", {"role": "Accounts User"})
	profile.save()
	assert RECEIPTS in rules() and "what two should do" in said()
	(row,) = [row for row in rows(status="Open") if row.duty_rule == RECEIPTS]
	assert "Duties Profile" in row.found_because
	profile.update_all_users()
	assert {row.name} <= {one.name for one in rows(status="Open")}, "the job finds nothing new"


def test_everybodys_own_user_gives_no_right_over_users():
	give("Accounts User")
	assert frappe.db.exists(
		"DocShare", {"share_doctype": "User", "share_name": USER, "user": USER, "write": 1}
	)
	assert "Users and Payments" not in rules()


def test_a_permission_that_is_changed_in_the_permission_manager():
	frappe.set_user(ADMIN)
	permission_manager.add("Payment Entry", "Sales User", 0)
	for right in ("write", "create", "submit"):
		permission_manager.update("Payment Entry", "Sales User", 0, right, 1)
	permission_manager.add("Bank Account", "Sales User", 0)
	assert "Bank Details and Payments" not in rules()
	permission_manager.update("Bank Account", "Sales User", 0, "write", 1)
	assert "Bank Details and Payments" in rules() and "what two should do" in said()
	permission_manager.remove("Bank Account", "Sales User", 0)
	assert "Bank Details and Payments" not in rules()


def test_a_custom_permission_that_is_inserted_is_found_when_the_transaction_ends():
	for doctype in ("Payment Entry", "Bank Account"):
		doc = frappe.get_doc({"doctype": "Custom DocPerm", "parent": doctype, "role": "Sales User"})
		doc.update({"parenttype": "DocType", "parentfield": "permissions", "read": 1, "write": 1})
		doc.submit_ = 0
		doc.set("submit", 1 if doctype == "Payment Entry" else 0)
		doc.insert()
	frappe.db.before_commit.run()
	assert "Bank Details and Payments" in rules()


def test_a_shared_document_and_a_user_permission_that_is_gone():
	give("Stock User")
	invoice = (
		f.make_invoice("Shared Duties", 10, submit=False)
		if f.make_company() and f.make_customer("Shared Duties")
		else None
	)
	frappe.share.add("Sales Invoice", invoice.name, USER, write=1, submit=1)
	assert "Deliveries and Invoices" in rules()
	frappe.share.remove("Sales Invoice", invoice.name, USER)
	assert "Deliveries and Invoices" not in rules()


def test_a_users_restriction_that_is_lifted_warns():
	f.make_company()
	f.make_company("Duties Elsewhere")
	for doctype, company in (("Sales Invoice", f.COMPANY), ("Payment Entry", "Duties Elsewhere")):
		frappe.get_doc(
			{
				"doctype": "User Permission",
				"user": USER,
				"allow": "Company",
				"for_value": company,
				"apply_to_all_doctypes": 0,
				"applicable_for": doctype,
			}
		).insert()
	give("Accounts User")
	assert RECEIPTS not in rules()
	frappe.clear_messages()
	name = frappe.db.get_value("User Permission", {"user": USER, "applicable_for": "Payment Entry"})
	frappe.delete_doc("User Permission", name)
	assert RECEIPTS in rules() and "what two should do" in said()


def test_a_workflow_that_is_changed():
	duty = frappe.get_doc("Duty", "Approve Credit Limits")
	duty.set("rights", [])
	duty.append(
		"rights", {"document_type": "Credit Limit", "permission": "Write", "workflow_action": "Approve"}
	)
	duty.save()
	give("Sales Manager")
	assert "Customers and Their Limits" not in rules()
	workflow = frappe.get_doc("Workflow", "Credit Limit Approval")
	for row in workflow.transitions:
		if row.action == "Approve":
			row.allowed = "Sales Manager"
	workflow.save()
	assert "Customers and Their Limits" in rules()


def test_a_disabled_user_has_no_conflict_any_more():
	give("Accounts User")
	user = frappe.get_doc("User", USER)
	user.enabled = 0
	user.save()
	assert not rules()


def test_a_fault_of_ours_keeps_nobody_from_being_saved(monkeypatch):
	def fails(*_arguments, **_more):
		frappe.db.set_value("User", USER, "middle_name", "Half")
		raise ValueError("boom")

	monkeypatch.setattr("client_ledger.duties.changes.scan", fails)
	give("Accounts User")
	assert "Accounts User" in frappe.get_roles(USER)
	assert not frappe.db.get_value("User", USER, "middle_name")
	assert frappe.db.exists("Error Log", {"method": ("like", "Client Ledger, duties%")})
	nightly.look_again()
	monkeypatch.undo()
	nightly.look_again()
	assert RECEIPTS in rules()


def test_what_no_event_told_of_is_found_at_night():
	frappe.db.sql(
		"update `tabHas Role` set role = 'Accounts User' where parent = %s and role = 'Sales User'", USER
	)
	assert not rules()
	nightly.look_again()
	assert RECEIPTS in rules()


def mitigate(**fields):
	return frappe.get_doc(
		{
			"doctype": "Duty Mitigation",
			"user": USER,
			"duty_rule": RECEIPTS,
			"valid_until": add_days(nowdate(), 30),
			"reason": "Alone in the office until January; receipts are reviewed weekly.",
			"reviewer": ADMIN,
			**fields,
		}
	)


def test_a_mitigation_has_an_end_a_reason_and_another_person_and_what_is_refused_is_on_record():
	give("Accounts User")
	second = f.make_user("two-duties+again@example.com").name
	gone = f.make_user("gone-reviewer@example.com")
	gone.db_set("enabled", 0)
	idle = frappe.get_doc("Duty Rule", "Credit Rules and Releases")
	idle.db_set("enabled", 0)
	(conflict,) = [row.name for row in rows() if row.duty_rule == RECEIPTS]
	for fields, words in (
		({"valid_until": None}, "never accepted for good"),
		({"valid_until": add_days(nowdate(), -1), "valid_from": add_days(nowdate(), -9)}, "in the past"),
		({"valid_until": add_days(nowdate(), 1), "valid_from": add_days(nowdate(), 9)}, "cannot be before"),
		({"valid_until": add_days(nowdate(), 400)}, "more than 366 days"),
		({"reason": "... - ..."}, "say why both are needed"),
		({"reviewer": USER}, "cannot review"),
		({"reviewer": second}, "cannot review"),
		({"reviewer": gone.name}, "cannot log in"),
		({"duty_rule": idle.name}, "not an active rule"),
		({"duty_rule": "No Such Rule"}, "Could not find"),
	):
		with pytest.raises(frappe.ValidationError, match=words):
			mitigate(**fields).insert()
	frappe.db.after_rollback.run()
	kept = frappe.get_all("Comment", {"reference_name": conflict}, pluck="content")
	assert len(kept) == 8 and all(text.startswith("Refused:") for text in kept)
	assert frappe.db.exists("Comment", {"reference_doctype": "Duty Rule", "reference_name": idle.name})
	with spoken("zh"), pytest.raises(frappe.ValidationError) as refused:
		mitigate(valid_until=None).insert()
	assert "职责冲突" in str(refused.value)


def test_a_mitigation_is_approved_by_another_and_ends_by_itself():
	f.make_user("manager-of-accounts@example.com", ["Accounts Manager"])
	give("Accounts User", "Accounts Manager")
	frappe.set_user(ADMIN)
	mitigation = mitigate().insert()
	frappe.set_user(USER)
	with pytest.raises(frappe.PermissionError, match="your own duties"):
		frappe.get_doc("Duty Mitigation", mitigation.name).submit()
	frappe.db.after_rollback.run()
	assert frappe.db.exists("Comment", {"reference_name": mitigation.name, "content": ("like", "Refused:%")})
	frappe.set_user("manager-of-accounts@example.com")
	frappe.get_doc("Duty Mitigation", mitigation.name).submit()
	frappe.set_user("Administrator")
	assert RECEIPTS not in rules()
	(row,) = [row for row in rows(status="Mitigated")]
	assert row.duty_rule == RECEIPTS
	approved = frappe.get_doc("Duty Mitigation", mitigation.name)
	approved.valid_until = add_days(nowdate(), 300)
	with pytest.raises(frappe.PermissionError, match="approved as it is"):
		approved.save()
	frappe.set_user(USER)
	with pytest.raises(frappe.PermissionError, match="another user must end it"):
		frappe.get_doc("Duty Mitigation", mitigation.name).cancel()
	frappe.set_user("Administrator")
	assert scan(today=frappe.utils.getdate(add_days(nowdate(), 31))) == [row.name], "warned again"
	assert RECEIPTS in rules()
	scan()
	frappe.clear_messages()
	frappe.get_doc("Duty Mitigation", mitigation.name).cancel()
	assert RECEIPTS in rules() and "what two should do" in said()
	with pytest.raises(frappe.PermissionError, match="stays on record"):
		frappe.delete_doc("Duty Mitigation", mitigation.name)


def test_who_requests_a_mitigation_does_not_approve_it_and_that_is_on_record():
	give("Accounts User")
	f.make_user("manager-of-accounts@example.com", ["Accounts Manager", "System Manager"])
	frappe.set_user("manager-of-accounts@example.com")
	mitigation = mitigate().insert()
	with pytest.raises(frappe.PermissionError, match="You requested"):
		mitigation.submit()
	frappe.db.after_rollback.run()
	assert frappe.db.exists("Comment", {"reference_name": mitigation.name, "content": ("like", "Refused:%")})


def test_mitigations_that_end_are_told_in_one_notification(monkeypatch):
	f.make_user("manager-of-accounts@example.com", ["Accounts Manager"])
	give("Accounts User", "Stock User")
	made = [mitigate(duty_rule=rule).insert().name for rule in (RECEIPTS, "Deliveries and Invoices")]
	for name in made:
		frappe.set_user("manager-of-accounts@example.com")
		frappe.get_doc("Duty Mitigation", name).submit()
	frappe.set_user("Administrator")
	frappe.db.set_value("Duty Mitigation", {"name": ("in", made)}, "valid_until", add_days(nowdate(), -1))
	told = []
	monkeypatch.setattr(
		"client_ledger.site.notify.enqueue_create_notification",
		lambda users, doc: told.append((users[0], doc["subject"])),
	)
	nightly.look_again()
	mine = [subject for user, subject in told if user == OTHER]
	assert len(mine) == 1 and "1 more" in mine[0] and USER.split("@")[0] in mine[0]


def test_who_is_bound_by_a_rule_does_not_switch_it_off_and_that_is_on_record():
	give("Accounts User", "System Manager")
	frappe.set_user(USER)
	rule = frappe.get_doc("Duty Rule", RECEIPTS)
	rule.update({"enabled": 0, "off_reason": "We are a small company"})
	with pytest.raises(frappe.PermissionError, match="another user must do this"):
		rule.save()
	frappe.db.after_rollback.run()
	assert frappe.db.exists("Comment", {"reference_name": RECEIPTS, "content": ("like", f"%{USER}%")})
	duty = frappe.get_doc("Duty", "Record Receipts")
	duty.rights[0].permission = "Delete"
	with pytest.raises(frappe.PermissionError, match="another user must do this"):
		duty.save()
	with pytest.raises(frappe.PermissionError, match="another user must do this"):
		frappe.delete_doc("Duty Rule", RECEIPTS)
	frappe.set_user(ADMIN)
	rule = frappe.get_doc("Duty Rule", RECEIPTS)
	rule.enabled = 0
	with pytest.raises(frappe.ValidationError, match="required to switch a rule off"):
		rule.save()
	rule.reload()
	rule.update({"enabled": 0, "off_reason": "We are a small company"})
	rule.save()
	assert RECEIPTS not in rules()


def test_rules_and_duties_that_bind_nobody_are_refused():
	with pytest.raises(frappe.ValidationError, match="are the same"):
		frappe.get_doc(
			{
				"doctype": "Duty Rule",
				"title": "Nothing",
				"enabled": 1,
				"first_duty": "Write Off",
				"second_duty": "Write Off",
				"risk": "none",
			}
		).insert()
	for row, words in (
		({"document_type": "Customer", "permission": "Submit"}, "are not submitted"),
		({"document_type": "Sales Invoice Item", "permission": "Write"}, "no documents of its own"),
		(
			{"document_type": "Customer", "permission": "Write", "where_field": "nope", "where_value": "1"},
			"no field",
		),
		({"document_type": "Customer", "permission": "Write", "where_field": "disabled"}, "or neither"),
	):
		with pytest.raises(frappe.ValidationError, match=words):
			frappe.get_doc({"doctype": "Duty", "title": "Odd", "rights": [row]}).insert()


def test_a_conflict_stays_on_record():
	give("Accounts User")
	(row,) = [row for row in rows() if row.duty_rule == RECEIPTS]
	doc = frappe.get_doc("Duty Conflict", row.name)
	frappe.set_user(ADMIN)
	doc.status = "Closed"
	with pytest.raises(frappe.PermissionError):
		doc.save()
	frappe.set_user("Administrator")
	with pytest.raises(frappe.PermissionError, match="stays on record"):
		frappe.delete_doc("Duty Conflict", row.name)
