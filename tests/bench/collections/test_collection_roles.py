"""Who may do what, role by role, through the API: the table in docs/collections.md is what the site grants."""

from pathlib import Path

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.collections import access, api, disputes
from client_ledger.statement_runs import api as statements
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import COMPANY, REASON, overdue, row

DOCS = Path(__file__).resolve().parents[3] / "docs" / "collections.md"
NAME = "Roles Customer"


def table() -> dict[str, dict[str, bool]]:
	"""Return what each role may do, by action."""
	lines = DOCS.read_text(encoding="utf-8").split("## Who may do what")[1].split("##")[0].splitlines()
	rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.startswith("|")]
	return {
		row[0]: {role: cell == "yes" for role, cell in zip(rows[0], row[1:], strict=True)} for row in rows[2:]
	}


TABLE = table()


def test_the_table_is_what_the_code_says():
	roles = list(TABLE["work"])
	assert {
		action: {role: role in names for role in roles} for action, names in access.ROLES_FOR.items()
	} == TABLE


@pytest.mark.parametrize("role", list(TABLE["work"]))
def test_a_role_may_do_just_that(role):
	(invoice,) = overdue(NAME, 500)
	dispute = disputes.open_dispute(NAME, COMPANY, [row(invoice, 10)], REASON)
	case = frappe.get_doc(
		{"doctype": "Escalation Case", "customer": NAME, "company": COMPANY, "items": [row(invoice)]}
	).insert()
	scrubbed = frappe.scrub(role)
	user = f.make_user(f"collections.{scrubbed}@example.com", (role,)).name
	frappe.share.add("Customer", NAME, user, read=1)
	frappe.set_user(user)
	tomorrow = add_days(nowdate(), 1)
	calls = {
		"work": (
			lambda: api.my_worklist(COMPANY),
			lambda: api.log_contact(NAME, COMPANY, "Reached", next_date=tomorrow),
			lambda: api.plan_follow_up(NAME, COMPANY, "Call", tomorrow),
			lambda: api.take_promise(NAME, COMPANY, [row(invoice)], [{"due_date": tomorrow, "amount": 500}]),
			lambda: api.open_dispute(NAME, COMPANY, [row(invoice, 20)], REASON),
		),
		"resolve": (
			lambda: api.review_dispute(dispute.name),
			lambda: api.settle_dispute(dispute.name, "Rejected", "As ordered"),
		),
		"escalate": (lambda: api.close_case(case.name, "Cancelled"),),
	}
	for action, attempts in calls.items():
		for attempt in attempts:
			if TABLE[action][role]:
				attempt()
			else:
				with refused(frappe.PermissionError):
					attempt()
	frappe.set_user("Administrator")


def test_who_may_not_read_the_customer_gets_nothing_of_it():
	overdue(NAME, 500)
	overdue("Roles Other", 500)
	user = f.make_user("collections.narrow@example.com", ("Credit Controller", "Sales User")).name
	frappe.permissions.add_user_permission("Customer", "Roles Other", user)
	frappe.set_user(user)
	for attempt in (
		lambda: api.customer_collections(NAME),
		lambda: api.customer_on_worklist(NAME, COMPANY),
		lambda: api.open_items(NAME, COMPANY),
		lambda: statements.send_statement(NAME, COMPANY),
	):
		with refused(frappe.PermissionError):
			attempt()
	seen = {one["customer"] for one in api.my_worklist(COMPANY, "everyone")["rows"]}
	assert seen == {"Roles Other"}
	frappe.set_user("Administrator")


def test_a_promise_and_its_contact_are_both_there_or_neither():
	(invoice,) = overdue(NAME, 500)
	before = frappe.db.count("Follow Up"), frappe.db.count("Promise to Pay")
	with refused(match="in the past"):
		api.take_promise(
			NAME, COMPANY, [row(invoice)], [{"due_date": add_days(nowdate(), -1), "amount": 500}]
		)
	assert (frappe.db.count("Follow Up"), frappe.db.count("Promise to Pay")) == before


def test_the_worklist_is_offered_to_whoever_may_work_on_it():
	page = frappe.get_doc("Page", "collection-worklist")
	assert sorted(row.role for row in page.roles) == sorted(access.ROLES_FOR["work"])
