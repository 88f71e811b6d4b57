"""Follow-ups on a site: planned once, done with an outcome, in Frappe's ToDo, calendar and timeline."""

import frappe
from frappe.model.workflow import apply_workflow, get_transitions
from frappe.utils import add_days, getdate, nowdate

from client_ledger.collections import access, follow_ups, jobs, teams, worklist
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import COMPANY, of, overdue, refreshed

TODAY = nowdate()
ANN, BEN, BOSS = (f"collections.{name}@example.com" for name in ("ann", "ben", "boss"))
PEOPLE = ("Credit Controller", "Sales User")


def people() -> None:
	for user in (ANN, BEN):
		f.make_user(user, PEOPLE)
	f.make_user(BOSS, ("Credit Manager", "Sales User"))


def team(name: str, scopes, members=None, **fields):
	people()
	return frappe.get_doc(
		{
			"doctype": "Collector Team",
			"team_name": name,
			"manager": BOSS,
			"for_company": "",
			"members": members or [{"user": ANN}],
			"scopes": scopes,
			**fields,
		}
	).insert()


def test_a_contact_needs_its_next_step_while_something_is_overdue():
	overdue("Follow One", 500)
	with refused(match="Next Date"):
		follow_ups.log("Follow One", COMPANY, "No Answer")
	with refused(match="in the past"):
		follow_ups.log("Follow One", COMPANY, "No Answer", next_date=add_days(TODAY, -1))
	with refused(match="Outcome"):
		follow_ups.log("Follow One", COMPANY, "")
	f.make_customer("Follow Paid")
	assert follow_ups.log("Follow Paid", COMPANY, "Reached").workflow_state == "Done"


def test_done_it_is_on_the_timeline_and_plans_the_next():
	overdue("Follow Two", 500)
	doc = follow_ups.log(
		"Follow Two", COMPANY, "Reached", notes="Pays on Friday", next_date=add_days(TODAY, 5)
	)
	doc.reload()
	assert (doc.workflow_state, doc.done_by) == ("Done", "Administrator") and doc.done_on
	said = frappe.get_doc("Communication", doc.communication)
	assert (said.reference_name, said.communication_medium, said.sent_or_received) == (
		"Follow Two",
		"Phone",
		"Sent",
	)
	following = frappe.get_doc("Follow Up", doc.next_follow_up)
	assert (str(following.due_date), following.source) == (add_days(TODAY, 5), "Next Date")
	account = of("Follow Two")
	assert (str(account.last_contact_on), str(account.next_follow_up)) == (TODAY, add_days(TODAY, 5))
	assert worklist.of_customer("Follow Two", COMPANY)["off"] == "Contacted Today"


def test_nobody_reached_is_no_contact():
	overdue("Follow Three", 500)
	doc = follow_ups.log("Follow Three", COMPANY, "No Answer", next_date=TODAY)
	assert not doc.communication and of("Follow Three").last_contact_on is None
	assert frappe.db.exists("Comment", {"reference_name": "Follow Three", "content": ("like", "%No Answer%")})


def test_what_was_said_stands():
	overdue("Follow Four", 500)
	doc = follow_ups.log("Follow Four", COMPANY, "Refuses to Pay", next_date=TODAY)
	doc.reload()
	doc.outcome = "Reached"
	with refused(match="cannot be changed"):
		doc.save()
	with refused(match="already closed"):
		follow_ups.log("Follow Four", COMPANY, "Reached", follow_up=doc.name, next_date=TODAY)


def test_it_is_made_once_and_assigned_through_the_host():
	people()
	overdue("Follow Five", 500)
	name = follow_ups.plan("Follow Five", COMPANY, subject="Call", responsible=ANN, source_key="test|5")
	assert follow_ups.plan("Follow Five", COMPANY, subject="Call", source_key="test|5") == name
	todo = {"reference_type": "Follow Up", "reference_name": name, "allocated_to": ANN}
	assert frappe.db.get_value("ToDo", todo, "status") == "Open"
	assert frappe.db.exists("Notification Log", {"document_name": name, "for_user": ANN})
	doc = frappe.get_doc("Follow Up", name)
	doc.responsible = BEN
	doc.save()
	assert frappe.db.get_value("ToDo", todo, "status") == "Cancelled"
	assert frappe.db.get_value("ToDo", {**todo, "allocated_to": BEN}, "status") == "Open"
	follow_ups.log("Follow Five", COMPANY, "Reached", follow_up=name, next_date=TODAY)
	assert frappe.db.get_value("ToDo", {**todo, "allocated_to": BEN}, "status") == "Closed"
	events = follow_ups.get_events(add_days(TODAY, -1), add_days(TODAY, 1))
	assert name in [event["name"] for event in events]


def test_its_state_goes_through_the_hosts_workflow():
	people()
	overdue("Follow Six", 500)
	frappe.cache.delete_key("workflow")
	name = follow_ups.plan("Follow Six", COMPANY, subject="Call", responsible=ANN)
	frappe.set_user(ANN)
	doc = frappe.get_doc("Follow Up", name)
	assert {transition.action for transition in get_transitions(doc)} == {"Start", "Complete", "Cancel"}
	doc = apply_workflow(doc, "Start")
	assert doc.workflow_state == "In Progress"
	with refused(match="Outcome"):
		apply_workflow(doc, "Complete")
	frappe.set_user("Administrator")


def test_teams_share_the_work_and_stand_in_for_each_other():
	overdue("Follow Team", 500)
	day = getdate()
	away = {"user": ANN, "away_from": day, "away_until": day, "substitute": BEN}
	team("Team Seven", [{"applies_to": "Customer", "customer": "Follow Team"}], [away])
	refreshed("Follow Team")
	assert of("Follow Team").collector == ANN
	assert access.covers_for(BEN) == [BEN, ANN]
	assert teams.manager_of(ANN) == BOSS and teams.manager_of(BOSS) is None
	with refused(match=r"Row 1.*Substitute"):
		team("Team Bad", [{"applies_to": "All"}], [{**away, "substitute": None}])
	with refused(match=r"Row 1.*Territory"):
		team("Team Bad", [{"applies_to": "Territory"}])


def test_collectors_see_their_own_by_a_setting():
	overdue("Follow Mine", 500)
	overdue("Follow Theirs", 400)
	team("Team Eight", [{"applies_to": "Customer", "customer": "Follow Mine"}])
	refreshed("Follow Mine", "Follow Theirs")
	mine = follow_ups.plan("Follow Mine", COMPANY, subject="Call")
	theirs = follow_ups.plan("Follow Theirs", COMPANY, subject="Call")
	frappe.set_user(ANN)
	seen = frappe.get_list("Follow Up", {"name": ("in", (mine, theirs))}, pluck="name")
	assert set(seen) == {mine, theirs}
	frappe.db.set_single_value("Collection Settings", "sees", "Assigned Customers Only")
	assert frappe.get_list("Follow Up", {"name": ("in", (mine, theirs))}, pluck="name") == [mine]
	assert not frappe.has_permission("Follow Up", doc=theirs)
	with refused(frappe.PermissionError):
		access.check_account("Follow Theirs", COMPANY)
	names = {one.facts.key.customer for one in worklist.day_of([COMPANY]).rows}
	assert "Follow Mine" in names and "Follow Theirs" not in names
	frappe.set_user(BOSS)
	assert len(frappe.get_list("Follow Up", {"name": ("in", (mine, theirs))}, pluck="name")) == 2
	frappe.set_user("Administrator")


def test_what_is_late_goes_to_the_manager_once():
	overdue("Follow Late", 500)
	team("Team Nine", [{"applies_to": "Customer", "customer": "Follow Late"}])
	refreshed("Follow Late")
	name = follow_ups.plan("Follow Late", COMPANY, subject="Call", due_date=add_days(TODAY, -4))
	assert frappe.db.get_value("Follow Up", name, "responsible") == ANN
	assert follow_ups.escalate_late(getdate(), 3) >= 1
	assert frappe.db.get_value("Follow Up", name, "escalated_to") == BOSS
	todo = {"reference_type": "Follow Up", "reference_name": name, "allocated_to": BOSS, "status": "Open"}
	assert frappe.db.count("ToDo", todo) == 1
	follow_ups.escalate_late(getdate(), 3)
	assert frappe.db.count("ToDo", todo) == 1


def test_the_night_follows_up_large_customers_and_used_limits_once():
	overdue("Follow Large", 500, days=5)
	values = {"volume_segment": "A", "limit_state": "Limited", "limit_utilisation": 95}
	frappe.db.set_value("Client Account", {"customer": "Follow Large", "company": COMPANY}, values)
	jobs.plan_follow_ups()
	jobs.plan_follow_ups()
	sources = frappe.get_all("Follow Up", {"customer": "Follow Large"}, pluck="source", order_by="source")
	assert sources == ["Credit Limit", "First Overdue"]
	row = worklist.of_customer("Follow Large", COMPANY)
	rules = {reason["rule"] for reason in row["reasons"]}
	assert {"Follow Up Due", "First Overdue of a Large Customer", "High Limit Utilisation"} <= rules
	assert row["points"] == sum(reason["points"] for reason in row["reasons"])


def test_what_was_to_be_said_about_money_that_came_is_cancelled():
	(invoice,) = overdue("Follow Settled", 500)
	about = follow_ups.plan("Follow Settled", COMPANY, subject="Broken", source="Broken Promise")
	visit = follow_ups.plan("Follow Settled", COMPANY, subject="Visit", source="Regular Visit")
	jobs.settle_promises(["Follow Settled"])
	assert frappe.db.get_value("Follow Up", about, "workflow_state") == "Open"
	f.pay(invoice, TODAY)
	refreshed("Follow Settled")
	jobs.settle_promises(["Follow Settled"])
	assert frappe.db.get_value("Follow Up", about, "workflow_state") == "Cancelled"
	assert frappe.db.get_value("Follow Up", visit, "workflow_state") == "Open"
