"""Limits on a site: requested by one, approved by another; temporary ones fall back; sharing; references."""

import frappe
import frappe.client
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, flt, getdate, nowdate

from client_ledger.core.account import AccountKey
from client_ledger.core.credit.limits import LimitState
from client_ledger.credit import api as credit_api
from client_ledger.credit.limits import changes, references
from client_ledger.credit.limits.changes import apply_due
from client_ledger.credit.limits.credit_groups import with_members
from client_ledger.credit.limits.effective import effective_limit
from client_ledger.credit.limits.erpnext_limit import own_erpnext_limit
from client_ledger.credit.limits.exposure import exposure, exposures_of, shared_exposures
from tests.bench import factories as f
from tests.bench.accounts import account, check, refresh, refused

CONTROLLER, MANAGER, SECOND = (f"limits.{n}@example.com" for n in ("controller", "manager", "second"))
ROLES = ("Sales User", "Accounts User")


@pytest.fixture(autouse=True)
def people():
	# Which workflow is active was cached by a test that switched it off.
	frappe.cache.delete_key("workflow")
	f.make_user(CONTROLLER, ("Credit Controller", *ROLES))
	f.make_user(MANAGER, ("Credit Manager", *ROLES))
	f.make_user(SECOND, ("Credit Manager", *ROLES))


def customer(name: str = "Limited Customer", limit: float = 0, **fields) -> str:
	doc = f.make_customer(name, **fields)
	if limit:
		doc.append("credit_limits", {"company": f.COMPANY, "credit_limit": limit})
		doc.save()
	return doc.name


def request(name: str, user: str = CONTROLLER, **fields):
	"""A limit requested by *user*, waiting for approval."""
	frappe.set_user(user)
	doc = frappe.get_doc(
		{
			"doctype": "Credit Limit",
			"customer": name,
			"company": f.COMPANY,
			"reason": "Test",
			"amount": 5000,
			**fields,
		}
	).insert()
	return apply_workflow(doc, "Request Approval")


def approve(doc, user: str = MANAGER):
	frappe.set_user(user)
	return apply_workflow(frappe.get_doc("Credit Limit", doc.name), "Approve")


def limit_on(name: str, days: int = 0):
	return effective_limit(name, f.COMPANY, getdate(add_days(nowdate(), days)))


def test_a_permanent_limit_becomes_the_hosts_own_and_lowering_below_what_is_owed_works():
	name = customer(limit=9000)
	f.make_invoice(name, 6000)
	doc = approve(request(name, amount=5000))
	assert (doc.docstatus, doc.approved_by, doc.requested_by) == (1, MANAGER, CONTROLLER)
	assert (doc.previous_limit, doc.exposure) == (9000, 6000)
	assert own_erpnext_limit(name, f.COMPANY) == 5000 == limit_on(name).amount
	comments = frappe.get_all("Comment", {"reference_name": name, "comment_type": "Info"}, pluck="content")
	assert any(doc.name in text for text in comments)


def test_a_customer_without_a_row_gets_one():
	name = customer()
	approve(request(name, amount=700))
	rows = frappe.get_doc("Customer", name).credit_limits
	assert [(row.company, row.credit_limit) for row in rows] == [(f.COMPANY, 700)]


@pytest.mark.parametrize("user", [CONTROLLER, MANAGER])
def test_nobody_approves_what_they_requested(user):
	doc = request(customer(), user)
	frappe.set_user(user)
	with pytest.raises(Exception, match=r"(?i)not allowed|not a valid|self approval|transition|requested"):
		apply_workflow(frappe.get_doc("Credit Limit", doc.name), "Approve")
	assert frappe.db.get_value("Credit Limit", doc.name, "docstatus") == 0


def test_not_by_submitting_around_the_workflow_either():
	frappe.db.set_value("Workflow", "Credit Limit Approval", "is_active", 0)
	frappe.clear_cache()
	name = customer()
	frappe.set_user(MANAGER)
	values = {"customer": name, "company": f.COMPANY, "amount": 5, "reason": "x"}
	doc = frappe.get_doc({"doctype": "Credit Limit", **values}).insert()
	with pytest.raises(frappe.PermissionError):
		doc.submit()
	frappe.set_user(CONTROLLER)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Credit Limit", doc.name).submit()
	frappe.set_user(SECOND)
	assert frappe.get_doc("Credit Limit", doc.name).submit().approved_by == SECOND
	frappe.clear_cache()


def test_who_changes_the_amount_has_requested_it():
	frappe.db.set_value("Workflow", "Credit Limit Approval", "is_active", 0)
	frappe.clear_cache()
	name = customer()
	frappe.set_user(CONTROLLER)
	values = {"customer": name, "company": f.COMPANY, "amount": 5, "reason": "x"}
	doc = frappe.get_doc({"doctype": "Credit Limit", **values}).insert()
	frappe.set_user(MANAGER)
	doc = frappe.get_doc("Credit Limit", doc.name)
	doc.amount = 50000
	doc.save()
	with pytest.raises(frappe.PermissionError):
		doc.submit()
	frappe.clear_cache()


def test_a_temporary_limit_falls_back_by_itself_and_leaves_the_hosts_row_alone():
	name = customer(limit=1000)
	start, end = add_days(nowdate(), -1), add_days(nowdate(), 5)
	approve(request(name, limit_type="Temporary", amount=3000, valid_from=start, valid_to=end))
	assert [limit_on(name, days).amount for days in (-2, -1, 5, 6)] == [1000, 3000, 3000, 1000]
	assert own_erpnext_limit(name, f.COMPANY) == 1000


def test_no_credit():
	name = customer(limit=1000)
	doc = approve(request(name, limit_type="No Credit"))
	assert (limit_on(name).state, limit_on(name).amount) == (LimitState.NO_CREDIT, 0)
	frappe.set_user(MANAGER)
	frappe.get_doc("Credit Limit", doc.name).cancel()
	assert limit_on(name).amount == 1000


def test_a_permanent_limit_of_the_future_waits_for_its_day():
	name = customer(limit=1000)
	doc = approve(request(name, amount=2000, valid_from=add_days(nowdate(), 3)))
	assert own_erpnext_limit(name, f.COMPANY) == 1000
	assert doc.name not in apply_due(getdate(add_days(nowdate(), 2)))
	frappe.db.set_value("Credit Limit", doc.name, "valid_from", nowdate())
	assert doc.name in apply_due(getdate(nowdate()))
	assert own_erpnext_limit(name, f.COMPANY) == 2000
	assert apply_due(getdate(nowdate())) == []


@pytest.mark.parametrize(
	("fields", "text"),
	[
		({"amount": -1}, "negative"),
		({"amount": 0}, "No Credit"),
		({"limit_type": "Temporary"}, "Valid Until"),
		({"limit_type": "Temporary", "valid_to": "2000-01-01"}, "before"),
		({"currency": "EUR"}, "EUR"),
	],
)
def test_bad_limits_are_refused_with_the_value_that_is_wrong(fields, text):
	name = customer()
	frappe.set_user(CONTROLLER)
	values = {"customer": name, "company": f.COMPANY, "reason": "Test", "amount": 5, **fields}
	with pytest.raises(frappe.ValidationError, match=text):
		frappe.get_doc({"doctype": "Credit Limit", **values}).insert()


def test_two_temporary_limits_at_once_are_refused():
	name = customer()
	fields = {"limit_type": "Temporary", "valid_to": add_days(nowdate(), 9)}
	first = approve(request(name, **fields))
	with pytest.raises(frappe.ValidationError, match=first.name):
		request(name, **fields)


def test_group_and_company_limits_are_the_hosts():
	group = f.first_leaf("Customer Group")
	doc = frappe.get_doc("Customer Group", group)
	doc.append("credit_limits", {"company": f.COMPANY, "credit_limit": 400})
	doc.save()
	name = customer(customer_group=group)
	assert limit_on(name).amount == 400
	doc.credit_limits[-1].bypass_credit_limit_check = 1
	doc.save()
	frappe.db.set_value("Company", f.COMPANY, "credit_limit", 77)
	frappe.clear_document_cache("Company", f.COMPANY)
	assert limit_on(name).amount == 77
	frappe.db.set_value("Company", f.COMPANY, "credit_limit", 0)
	frappe.clear_document_cache("Company", f.COMPANY)


def test_references_raise_and_cap_while_valid():
	name = customer(limit=1000)
	values = {"doctype": "Credit Reference", "customer": name, "company": f.COMPANY, "provider": "X"}
	insurance = {"reference_type": "Credit Insurance", "limit_effect": "Raise", "amount": 500}
	rating = {"reference_type": "Agency Rating", "limit_effect": "Cap", "amount": 1200}
	raising = frappe.get_doc({**values, **insurance, "valid_to": add_days(nowdate(), 5)}).insert()
	assert limit_on(name).amount == 1000
	frappe.set_user(MANAGER)
	references.approve(raising.name)
	frappe.set_user("Administrator")
	assert limit_on(name).amount == 1500
	frappe.get_doc({**values, **rating, "valid_to": add_days(nowdate(), 2)}).insert()
	assert [limit_on(name, d).amount for d in (0, 3, 6)] == [1200, 1500, 1000]
	with pytest.raises(frappe.ValidationError, match="EUR"):
		frappe.get_doc({**values, **rating, "currency": "EUR", "valid_to": add_days(nowdate(), 2)}).insert()
	with pytest.raises(frappe.ValidationError, match="USD"):
		frappe.get_doc({**values, **rating, "company": "", "valid_to": add_days(nowdate(), 2)}).insert()


def test_sharing_a_limit():
	head, one, two = customer("Head", 1000), customer("Branch One"), customer("Branch Two")
	for branch in (one, two):
		doc = frappe.get_doc("Customer", branch)
		doc.cl_credit_parent = head
		doc.save()
	for name, amount in ((head, 100), (one, 20), (two, 3)):
		f.make_order(name, amount)
	assert {exposure(name, f.COMPANY).total for name in (head, one, two)} == {123}
	assert limit_on(two).amount == 1000
	assert with_members([one]) == sorted([head, one, two])
	shared = shared_exposures(exposures_of((f.COMPANY,)))
	assert {shared[AccountKey(name, f.COMPANY)].total for name in (head, one, two)} == {123}
	with pytest.raises(frappe.ValidationError, match="Head"):
		request(one)


@pytest.mark.parametrize(("who", "parent"), [("Head", "Head"), ("Head", "Third"), ("Third", "Branch")])
def test_no_chains_and_no_circles(who, parent):
	for name in ("Head", "Third", "Branch"):
		customer(name)
	branch = frappe.get_doc("Customer", "Branch")
	branch.cl_credit_parent = "Head"
	branch.save()
	doc = frappe.get_doc("Customer", who)
	doc.cl_credit_parent = parent
	with pytest.raises(frappe.ValidationError):
		doc.save()


def test_a_change_shows_on_the_customers_timeline_with_the_document_behind_it():
	name = customer(limit=9000)
	doc = approve(request(name, amount=5000))
	versions = frappe.get_all(
		"Version", {"ref_doctype": "Customer", "docname": name}, "data", order_by="creation"
	)
	data = frappe.parse_json(versions[-1].data)
	(changed,) = data.row_changed
	assert (changed[0], changed[3]) == ("credit_limits", [["credit_limit", "$ 9,000.00", "$ 5,000.00"]]) or (
		changed[0],
		[flt(value) for value in changed[3][0][1:]],
	) == ("credit_limits", [9000, 5000])
	assert data.updater_reference["docname"] == doc.name


def test_a_form_that_was_opened_before_does_not_undo_it():
	name = customer(limit=9000)
	opened = frappe.get_doc("Customer", name)
	approve(request(name, amount=5000))
	frappe.set_user("Administrator")
	opened.customer_details = "typed meanwhile"
	with pytest.raises(frappe.TimestampMismatchError):
		opened.save()
	assert own_erpnext_limit(name, f.COMPANY) == 5000


def test_what_was_approved_for_today_counts_before_any_job_has_run():
	name = customer(limit=1000)
	doc = approve(request(name, amount=2000, valid_from=add_days(nowdate(), 3)))
	assert [limit_on(name, days).amount for days in (2, 3)] == [1000, 2000]
	frappe.db.set_value("Credit Limit", doc.name, "valid_from", nowdate())
	assert (limit_on(name).amount, own_erpnext_limit(name, f.COMPANY)) == (2000, 1000)


def test_one_that_cannot_be_applied_stops_none_of_the_others(monkeypatch):
	first, second = customer("Limited First", 100), customer("Limited Second", 100)
	waiting = [
		approve(request(name, amount=200, valid_from=add_days(nowdate(), 3))).name for name in (first, second)
	]
	apply_change = changes.apply_change

	def fail_for_the_first(doc, today):
		if doc.customer == first:
			raise RuntimeError("broken")
		apply_change(doc, today)

	frappe.set_user("Administrator")
	monkeypatch.setattr(changes, "apply_change", fail_for_the_first)
	# A failure is rolled back to where its own transaction began, which here is the test's.
	monkeypatch.setattr(frappe.db, "rollback", lambda **kwargs: None)
	assert apply_due(getdate(add_days(nowdate(), 3))) == [waiting[1]]
	assert (own_erpnext_limit(first, f.COMPANY), own_erpnext_limit(second, f.COMPANY)) == (100, 200)
	assert frappe.db.exists("Error Log", {"reference_doctype": "Credit Limit", "reference_name": waiting[0]})


def test_what_the_approver_sees_of_those_who_share_the_limit():
	head, branch = (
		customer("Limited Head", 10000),
		customer("Limited Branch", cl_credit_parent="Limited Head"),
	)
	for name, amount in ((head, 1200), (branch, 2400)):
		f.make_invoice(name, amount)
	refresh()
	frappe.db.set_value("Client Account", {"customer": head, "company": f.COMPANY}, "credit_grade", "A")
	frappe.db.set_value("Credit Grade", "A", "limit_months", 2)
	frappe.clear_document_cache("Credit Grade", "A")
	doc = request(head)
	assert (doc.grade, doc.exposure, doc.recommended_limit) == ("A", 3600, 600)
	assert (doc.previous_state, doc.previous_limit) == ("Limited", 10000)
	found = credit_api.limit_request(head, f.COMPANY, "Permanent", 4000)
	assert {key: found[key] for key in ("currency", "exposure", "sharing", "requested", "recommended", "grade")} == {
		"currency": f.CURRENCY, "exposure": 3600, "sharing": 2, "requested": 4000, "recommended": 600, "grade": "A"
	}  # fmt: skip
	assert (found["before"]["free"], found["after"]["free"]) == (6400, 400)


@pytest.mark.parametrize(
	"fields",
	[
		{"amount": 2000},
		{"amount": 300},
		{"limit_type": "Temporary", "amount": 2000, "valid_to": add_days(nowdate(), 3)},
		{"limit_type": "No Credit", "amount": 0},
	],
)
@pytest.mark.parametrize("effect", [None, "Cap"])
def test_what_a_request_would_change_is_what_approving_it_changes(fields, effect):
	name = customer(limit=1000)
	f.make_invoice(name, 600)
	if effect:
		values = {"doctype": "Credit Reference", "customer": name, "company": f.COMPANY, "provider": "X"}
		rating = {"reference_type": "Agency Rating", "limit_effect": effect, "amount": 1200}
		frappe.get_doc({**values, **rating, "valid_to": add_days(nowdate(), 5)}).insert()
	asked = {key: fields[key] for key in fields if key != "valid_to"}
	found = credit_api.limit_request(name, f.COMPANY, **asked)
	assert (found["before"]["amount"], found["before"]["free"], found["exposure"]) == (1000, 400, 600)
	approve(request(name, **fields))
	limit = limit_on(name)
	assert found["after"]["amount"] == limit.amount and found["after"]["free"] == limit.amount - 600
	assert limit.amount == (min(fields["amount"], 1200) if effect else fields["amount"])


def test_without_an_amount_there_is_nothing_after_and_without_a_grade_no_recommendation():
	name = customer()
	found = credit_api.limit_request(name, f.COMPANY, "Permanent", 0)
	assert (found["after"], found["requested"], found["recommended"]) == (None, None, None)
	assert found["before"] == {"amount": None, "source": "No Limit Set", "free": None}
	frappe.set_user(f.make_user("limits.stock@example.com", ("Stock User",)).name)
	with pytest.raises(frappe.PermissionError):
		credit_api.limit_request(name, f.COMPANY)


def test_cancelling_a_permanent_limit_says_what_stands():
	name = customer(limit=9000)
	doc = approve(request(name, amount=5000))
	frappe.set_user(MANAGER)
	frappe.clear_messages()
	doc = apply_workflow(frappe.get_doc("Credit Limit", doc.name), "Cancel")
	assert (doc.docstatus, doc.workflow_state) == (2, "Cancelled")
	assert any("5,000" in str(message) for message in frappe.get_message_log())
	assert own_erpnext_limit(name, f.COMPANY) == 5000 == limit_on(name).amount


def test_choosing_whose_limit_is_shared_needs_who_may_approve_limits():
	head, branch = customer("Limited Head", 10**6), customer("Limited Branch", 10)
	frappe.set_user(CONTROLLER)
	doc = frappe.get_doc("Customer", branch)
	doc.cl_credit_parent = head
	with pytest.raises(frappe.PermissionError):
		doc.save()
	frappe.set_user(MANAGER)
	doc = frappe.get_doc("Customer", branch)
	doc.cl_credit_parent = head
	doc.save()
	assert limit_on(branch).amount == 10**6
	frappe.set_user(CONTROLLER)
	doc = frappe.get_doc("Customer", branch)
	doc.customer_details = "anything else"
	doc.save()


def test_the_site_may_have_every_limit_approved():
	name = customer(limit=1000)
	frappe.db.set_single_value("Client Ledger Settings", {"limits_by_approval": 1, "credit_checks": "Hold"})
	frappe.clear_document_cache("Client Ledger Settings", "Client Ledger Settings")
	frappe.set_user(CONTROLLER)
	doc = frappe.get_doc("Customer", name)
	doc.credit_limits[0].credit_limit = 10**6
	with pytest.raises(frappe.PermissionError, match="Credit Limit"):
		doc.save()
	doc.reload()
	doc.customer_details = "anything else"
	doc.save()
	frappe.set_user("Administrator")
	with pytest.raises(frappe.PermissionError):
		customer("Limited At Birth", 5)
	approve(request(name, amount=2000))
	assert own_erpnext_limit(name, f.COMPANY) == 2000


def order(name: str, amount: float):
	frappe.set_user("Administrator")
	return f.make_order(name, amount)


def test_a_temporary_raise_passes_the_hosts_own_check_and_stops_passing_when_it_ends():
	"""As installed, with rules that only warn: ERPNext's own limit is the one that stops."""
	name = customer(limit=1000)
	with refused(match="credit limits for"):
		order(name, 2000)
	end = add_days(nowdate(), 5)
	doc = approve(request(name, limit_type="Temporary", amount=3000, valid_to=end))
	assert order(name, 2000).docstatus == 1
	assert own_erpnext_limit(name, f.COMPANY) == 1000
	frappe.db.set_value(
		"Credit Limit", doc.name, {"valid_from": add_days(nowdate(), -9), "valid_to": add_days(nowdate(), -1)}
	)
	with refused(match="credit limits for"):
		order(name, 1)


def test_the_accounts_of_all_who_share_a_limit_follow():
	head, branch = customer("Limited Head", 1000), customer("Limited Branch", cl_credit_parent="Limited Head")
	for name, amount in ((head, 100), (branch, 20)):
		f.make_invoice(name, amount)
	refresh()
	for name in (head, branch):
		row = account(name)
		assert (row.limit_state, row.credit_limit, row.credit_exposure) == ("Limited", 1000, 120)
		assert row.limit_utilisation == 12
	f.make_order(branch, 60)
	refresh()
	assert account(head).credit_exposure == 180
	approve(request(head, limit_type="No Credit"))
	refresh()
	for name in (head, branch):
		assert (account(name).limit_state, account(name).limit_utilisation) == ("No Credit", 100)
	assert check([head, branch]).mismatches == []


@pytest.mark.parametrize(
	("role", "reads", "requests", "approves"),
	[
		("Credit Manager", True, True, True),
		("Credit Controller", True, True, False),
		("Sales Manager", True, True, False),
		("Sales User", True, False, False),
		("Accounts Manager", True, False, False),
		("Accounts User", True, False, False),
		("Auditor", True, False, False),
		("Stock User", False, False, False),
	],
)
def test_what_each_role_may_do(role, reads, requests, approves):
	name = customer()
	approve(request(name))
	frappe.set_user("Administrator")
	# A role that reads no customers sees nothing of them: it is given one that does.
	user = f.make_user(f"limits.role.{frappe.scrub(role)}@example.com", {role, "Stock Manager"}).name
	frappe.set_user(user)
	may = {
		ptype: bool(frappe.has_permission("Credit Limit", ptype)) for ptype in ("read", "create", "submit")
	}
	assert may == {"read": reads, "create": requests, "submit": approves}
	if reads:
		assert frappe.get_list("Credit Limit", {"customer": name}, pluck="name")
	else:
		with pytest.raises(frappe.PermissionError):
			frappe.get_list("Credit Limit", {"customer": name})
	values = {"customer": name, "company": f.COMPANY, "amount": 5, "reason": "x", "doctype": "Credit Limit"}
	if requests:
		frappe.get_doc(values).insert()
	else:
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(values).insert()


def test_a_user_permission_on_customers_hides_the_limits_of_others():
	one, two = customer("Limited One"), customer("Limited Two")
	for name in (one, two):
		approve(request(name))
	frappe.set_user("Administrator")
	frappe.set_user(f.make_user("limits.narrow@example.com", ("Sales User",), [("Customer", one)]).name)
	assert set(frappe.get_list("Credit Limit", pluck="customer")) == {one}


@pytest.mark.parametrize(
	"doctype", ["Credit Limit", "Credit Grade Override", "Write Off Request", "Follow Up"]
)
def test_whoever_acts_by_our_workflows_may_read_them(doctype):
	"""The form of version 16 asks for it before an action, until frappe's pull request 36955."""
	frappe.set_user(f.make_user("limits.acts@example.com", ("Sales User",)).name)
	asked = frappe.client.get_value("Workflow", "document_type", {"document_type": doctype})
	assert asked == {"document_type": doctype}
	assert not frappe.has_permission("Workflow", "write")


def test_those_who_may_approve_are_notified_of_a_request_and_whoever_requests_is_not():
	from client_ledger.site.approvals import tell_approvers

	name = customer("Limited Told")
	doc = request(name, amount=500)
	frappe.set_user(CONTROLLER)
	tell_approvers("Credit Limit", doc.name)
	frappe.set_user("Administrator")
	key = {"document_type": "Credit Limit", "document_name": doc.name}
	told = frappe.get_all("Notification Log", key, pluck="for_user")
	assert MANAGER in told and CONTROLLER not in told and len(told) == len(set(told))
	assert "waits for your approval" in frappe.get_all("Notification Log", key, pluck="subject")[0]
