"""What receipts do by themselves: tasks with an owner, a policy, the job, the home page; and what each role may do."""

import frappe
import pytest
from frappe.utils import flt

from client_ledger.home.api import get_home
from client_ledger.receipts import api, jobs, policy, proposals
from tests.bench import factories as f
from tests.bench.receipts.setting import COMPANY, deposit, outstanding, owing, proposed, stored, use

pytestmark = pytest.mark.every_version


def test_money_nobody_knows_is_a_task_until_it_has_an_invoice():
	user = f.make_user("receipt-owner@example.com", ["Accounts User"]).name
	f.make_company()
	use(receipts_responsible=user)
	money = deposit(4711.23, "no idea", bank_party_name="Unheard Of")
	doc = proposed(money)
	assert (doc.status, doc.customer, doc.responsible) == ("Without Invoice", None, user)
	todo = {"reference_name": doc.name, "allocated_to": user, "status": "Open"}
	assert frappe.db.count("ToDo", todo) == 1
	proposed(money)
	assert frappe.db.count("ToDo", todo) == 1
	(invoice,) = owing("Receipt Unheard", 4711.23)
	doc = proposed(money)
	assert (doc.status, doc.confidence) == ("Proposed", "Likely")
	assert not frappe.db.exists("ToDo", todo)
	assert invoice.name in doc.reason


def test_a_policy_applies_what_is_sure_and_nothing_else():
	sure, likely = owing("Receipt Policy", 210, 39.87)
	named = deposit(210, sure.name)
	amount = deposit(39.87, "x")
	proposals.refresh(COMPANY)
	assert policy.apply_sure(COMPANY) == []
	assert outstanding(sure, likely) == [210, 39.87]
	use(apply_sure=1, apply_numbers=1, apply_one_amount=1)
	proposals.refresh(COMPANY)
	done = policy.apply_sure(COMPANY)
	assert done == [stored(named).name]
	assert outstanding(sure, likely) == [0, 39.87]
	doc = stored(named)
	assert (doc.by_policy, doc.decided_by) == (1, "Administrator")
	comments = frappe.get_all("Comment", {"reference_name": doc.payment_entry}, pluck="content")
	assert any("policy" in text and doc.name in text for text in comments)
	# What a policy confirms, no person has.
	assert not frappe.db.exists("Payer Name", {"receipt_proposal": doc.name})
	assert stored(amount).status == "Proposed"


def test_a_policy_says_why_it_could_not_and_goes_on():
	(one,) = owing("Receipt Policy Frozen", 310)
	(two,) = owing("Receipt Policy Free", 311)
	first, second = deposit(310, one.name), deposit(311, two.name)
	use(apply_sure=1, apply_numbers=1)
	frappe.db.set_value("Customer", "Receipt Policy Frozen", "is_frozen", 1)
	jobs.refresh_company(COMPANY)
	assert outstanding(one, two) == [310, 0]
	assert "frozen" in stored(first).note
	assert stored(second).status == "Applied"


def test_the_job_of_every_company_proposes():
	(invoice,) = owing("Receipt Nightly", 77)
	money = deposit(77, invoice.name)
	jobs.refresh_all()
	assert stored(money).status == "Proposed"


def test_a_changed_receipt_queues_one_job(monkeypatch):
	queued = []
	monkeypatch.setattr(jobs, "enqueue", queued.append)
	(invoice,) = owing("Receipt Queue", 78)
	deposit(78, invoice.name)
	deposit(79, invoice.name)
	f.make_payment("Receipt Queue", 5)
	jobs._enqueue_marked()
	assert queued == [COMPANY]
	jobs._enqueue_marked()
	assert queued == [COMPANY]


def test_the_home_page_lists_them():
	(invoice,) = owing("Receipt Home", 812)
	money = deposit(812, invoice.name)
	nobody = deposit(813.13, "who")
	proposals.refresh(COMPANY)
	found = get_home(company=COMPANY)["lists"]["receipts"]
	names = [row["name"] for row in found["rows"]]
	assert found["total"] >= 2
	assert names.index(stored(money).name) < names.index(stored(nobody).name)
	row = next(row for row in found["rows"] if row["name"] == stored(money).name)
	assert (row["customer"], row["amount"], row["confidence"]) == ("Receipt Home", 812, "Sure")


def test_many_at_once_say_what_became_of_each():
	first, second = owing("Receipt Many", 21, 22)
	receipts = [deposit(21, first.name), deposit(22, second.name), deposit(999.99, "?")]
	names = [proposed(receipt).name for receipt in receipts]
	found = api.apply_proposals(names=[*names, names[0]])
	assert [row["done"] for row in found] == [True, True, False]
	assert "Nothing is proposed" in found[2]["reason"]
	assert outstanding(first, second) == [0, 0]
	again = api.apply_proposals(names=names[:1])
	assert "applied already" in again[0]["reason"]


@pytest.mark.parametrize(
	("role", "may_apply", "may_decline", "may_read"),
	[
		("Accounts Manager", True, True, True),
		("Accounts User", True, True, True),
		("Credit Manager", False, True, True),
		("Credit Controller", False, False, True),
		("Sales User", False, False, False),
	],
)
def test_roles(role, may_apply, may_decline, may_read):
	first, second = owing("Receipt Roles", 31, 32)
	one, two = proposed(deposit(31, first.name)), proposed(deposit(32, second.name))
	# These read customers by another role.
	more = ["Sales User"] if role.startswith("Credit") else []
	user = f.make_user(f"receipt-{frappe.scrub(role)}@example.com", [role, *more])
	frappe.set_user(user.name)
	assert bool(frappe.has_permission("Receipt Proposal", "read")) is may_read
	assert _is_let(lambda: api.apply_proposals(names=[one.name])) is may_apply
	assert _is_let(lambda: api.decline_proposals(names=[two.name], why="no")) is may_decline
	frappe.set_user("Administrator")
	assert outstanding(first) == [0 if may_apply else 31]


def test_other_customers_receipts_stay_hidden():
	(mine,) = owing("Receipt Mine", 41)
	(theirs,) = owing("Receipt Theirs", 42)
	one, two = proposed(deposit(41, mine.name)), proposed(deposit(42, theirs.name))
	nobody = proposed(deposit(987.65, "who knows"))
	user = f.make_user("receipt-own@example.com", ["Accounts User"], [("Customer", "Receipt Mine")])
	frappe.set_user(user.name)
	assert frappe.get_list("Receipt Proposal", pluck="name") == [one.name]
	with pytest.raises(frappe.ValidationError):
		api.apply_proposals(names=[two.name, nobody.name])
	with pytest.raises(frappe.PermissionError):
		api.invoices_to_choose(name=one.name, customer="Receipt Theirs")
	frappe.set_user("Administrator")
	assert outstanding(theirs) == [42]


def test_a_proposal_is_changed_by_its_actions_alone():
	(invoice,) = owing("Receipt by Hand", 51)
	doc = proposed(deposit(51, invoice.name))
	doc.status = "Applied"
	with pytest.raises(frappe.PermissionError):
		doc.save()
	assert flt(outstanding(invoice)[0]) == 51


def _is_let(work) -> bool:
	try:
		found = work()
	except frappe.PermissionError:
		return False
	return all(row["done"] for row in found)
