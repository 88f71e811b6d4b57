"""What people do, walked role by role on lists, documents, workflows and reports: as docs/permissions.md says it.

That of whitelisted functions is walked in doors/test_functions.py.
"""

from collections.abc import Callable

import frappe
import pytest
from frappe.desk.query_report import run as run_report
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, nowdate

from client_ledger.archive import api as archive_api
from client_ledger.credit import api as credit_api
from client_ledger.credit.grades.assessments import assess_now
from client_ledger.dunning import api as dunning_api
from client_ledger.getting_started.api import setup_steps
from client_ledger.home.api import get_home
from client_ledger.ledger_tab import api
from client_ledger.outbox import api as outbox_api
from client_ledger.receipts import payers, proposals
from client_ledger.reporting import credit_cards
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.controls.made_books import make_finding
from tests.bench.early_warnings.made_up import raise_for
from tests.bench.period_checks.setting import make_last
from tests.bench.receipts.setting import deposit
from tests.permissions import ROLES, WITH_CUSTOMER, YES, actions, cell

pytestmark = pytest.mark.one_transaction

ONE, OTHER = "Matrix One", "Matrix Other"
CONTROLLER = "matrix.maker@example.com"


@pytest.fixture(scope="module", autouse=True)
def records() -> None:
	"""Two customers with one record of each kind; what waits for approval was requested by somebody else."""
	frappe.cache.delete_key("workflow")
	f.make_company()
	f.make_user(CONTROLLER, ("Credit Controller", "Sales User", "Accounts User"))
	for name in (ONE, OTHER):
		f.make_invoice(f.make_customer(name).name, 100, add_days(nowdate(), -60))
	refresh()
	for name in (ONE, OTHER):
		assess_now(name, f.COMPANY)
		make_hold(name)
		snapshot = frappe.new_doc("Credit Snapshot", customer=name, company=f.COMPANY, grade="B")
		snapshot.update({"name": f"matrix-{name}", "as_of": add_days(nowdate(), -30)})
		snapshot.db_insert()
		confirmation = frappe.new_doc(
			"Balance Confirmation", customer=name, company=f.COMPANY, currency=f.CURRENCY
		)
		confirmation.update({"name": f"matrix-{name}", "as_of": add_days(nowdate(), -30)})
		confirmation.db_insert()
		frappe.get_doc({"doctype": "Credit Reference", **reference(name)}).insert()
		deposit(5, "", party_type="Customer", party=name)
		payers.remember(name, f"{name} Holding", "", "")
		make_notice(name, "Planned")
		make_finding(name, f.COMPANY)
		make_notice(name, "Sent", contact_on=nowdate(), holds=1)
	raise_for((ONE, OTHER))
	make_last(f.COMPANY)
	proposals.refresh(f.COMPANY)
	frappe.set_user(CONTROLLER)
	for name in (ONE, OTHER):
		for doc in (limit(name), override(name)):
			apply_workflow(frappe.get_doc(doc).insert(), "Request Approval")
		raising = {**reference(name), "limit_effect": "Raise", "amount": 500}
		frappe.get_doc({"doctype": "Credit Reference", **raising}).insert()
	frappe.set_user("Administrator")


def make_hold(customer: str) -> None:
	frappe.get_doc(
		{
			"doctype": "Credit Hold",
			"customer": customer,
			"company": f.COMPANY,
			"reference_doctype": "Sales Order",
			"reference_name": f.make_order(customer, 50, submit=False).name,
			"status": "On Hold",
			"amount": 50,
			"currency": f.CURRENCY,
			"held_by": CONTROLLER,
			"document_owner": CONTROLLER,
			"held_on": nowdate(),
		}
	).insert(ignore_permissions=True)


def make_notice(customer: str, status: str, **fields) -> None:
	notice = frappe.new_doc("Ledger Notice", customer=customer, company=f.COMPANY, status=status, **fields)
	notice.update({"name": f"matrix-{customer}-{status}", "currency": f.CURRENCY, "total": 100})
	notice.db_insert()


def notice(status: str) -> str:
	return frappe.db.get_value("Ledger Notice", {"customer": ONE, "status": status})


def waive() -> bool:
	doc = frappe.get_doc("Ledger Notice", notice("Planned"))
	doc.update({"waive_charges": 1, "waive_reason": "Goodwill"})
	return bool(doc.save())


def limit(customer: str) -> dict:
	return {
		"doctype": "Credit Limit",
		"customer": customer,
		"company": f.COMPANY,
		"limit_type": "Permanent",
		"amount": 5000,
		"valid_from": nowdate(),
		"reason": "Test",
	}


def override(customer: str) -> dict:
	return {
		"doctype": "Credit Grade Override",
		"customer": customer,
		"company": f.COMPANY,
		"grade": "B",
		"valid_from": nowdate(),
		"valid_to": add_days(nowdate(), 30),
		"reason": "Test",
	}


def reference(customer: str) -> dict:
	return {
		"customer": customer,
		"company": f.COMPANY,
		"reference_type": "Agency Rating",
		"provider": "Collection Agency",
		"valid_from": nowdate(),
		"valid_to": add_days(nowdate(), 30),
	}


def read(doctype: str) -> Callable[[], bool]:
	"""Return a check that a list and the document itself are open for the customer, and for no other one."""

	def check() -> bool:
		try:
			rows = frappe.get_list(doctype, filters={"customer": ("in", (ONE, OTHER))}, pluck="customer")
		except frappe.PermissionError:
			rows = []
		name = frappe.db.get_value(doctype, {"customer": ONE})
		assert (ONE in rows) == bool(frappe.has_permission(doctype, "read", doc=name))
		return ONE in rows

	return check


def change(doctype: str) -> Callable[[], bool]:
	return lambda: all(frappe.has_permission(doctype, ptype) for ptype in ("write", "create"))


def done(action: Callable[[], object]) -> Callable[[], bool]:
	"""Return a check that *action* is not refused for want of permission; what it did is undone."""

	def check() -> bool:
		frappe.db.savepoint("matrix")
		try:
			action()
			return True
		except frappe.PermissionError:
			return False
		finally:
			frappe.db.rollback(save_point="matrix")
			frappe.clear_messages()

	return check


def did(action: Callable[[], object]) -> Callable[[], bool]:
	"""Return a check that *action* is allowed and has found something to do."""
	found: list[object] = []
	allowed = done(lambda: found.append(action()))
	return lambda: allowed() and bool(found.pop())


def approve(doctype: str) -> Callable[[], bool]:
	def action() -> None:
		name = frappe.db.get_value(doctype, {"customer": ONE, "workflow_state": "Pending Approval"})
		doc = frappe.get_doc(doctype, name)
		doc.check_permission("submit")
		apply_workflow(doc, "Approve")
		assert frappe.db.get_value(doctype, name, "docstatus") == 1

	return done(action)


def release() -> None:
	name = frappe.db.get_value("Credit Hold", {"customer": ONE})
	assert credit_api.release_hold(name, "Known customer") == "Released"


def change_stage() -> None:
	doc = frappe.get_doc("Client Account", {"customer": ONE, "company": f.COMPANY})
	doc.stage = "Reminder"
	doc.save()


def add_reference() -> None:
	frappe.get_doc({"doctype": "Credit Reference", **reference(ONE)}).insert()


def approve_reference() -> None:
	name = frappe.db.get_value("Credit Reference", {"customer": ONE, "approval_status": "Pending Approval"})
	credit_api.approve_reference(name)
	assert frappe.db.get_value("Credit Reference", name, "approval_status") == "Approved"


def reports(*names: str) -> Callable[[], bool]:
	"""Return a check that every report shows the customer; all of them must agree."""

	def check() -> bool:
		answers = {name: shows(name) for name in names}
		assert len(set(answers.values())) == 1, answers
		return answers[names[0]]

	return check


def shows(report: str) -> bool:
	try:
		filters = {"company": f.COMPANY, "from_date": add_days(nowdate(), -90), "to_date": nowdate()}
		filters["report_date"] = nowdate()
		found = run_report(report, filters=filters, ignore_prepared_report=True)
	except frappe.PermissionError:
		return False
	return any(isinstance(row, dict) and row.get("customer") == ONE for row in found["result"])


def read_check_list() -> bool:
	name = frappe.db.get_value("Receivables Check List", {"company": f.COMPANY})
	may = bool(frappe.has_permission("Receivables Check List", "read", doc=name))
	listed = may and name in frappe.get_list("Receivables Check List", pluck="name")
	assert may == listed
	return may


def remove_payer() -> None:
	frappe.delete_doc("Payer Name", frappe.db.get_value("Payer Name", {"customer": ONE}))


def duty_report() -> None:
	filters = {"view": "Who Could Do Both"}
	assert run_report("Duty Conflicts", filters=filters, ignore_prepared_report=True)["result"]


def mitigation() -> Document:
	rule = frappe.get_all("Duty Rule", pluck="name", order_by="name", limit=1)[0]
	return frappe.get_doc(
		{
			"doctype": "Duty Mitigation",
			"user": "Administrator",
			"duty_rule": rule,
			"valid_until": add_days(nowdate(), 9),
			"reason": "Alone in the office",
			"reviewer": "Guest",
		}
	)


def approve_mitigation() -> None:
	user = frappe.session.user
	frappe.set_user("Administrator")
	doc = mitigation().insert()
	frappe.set_user(user)
	frappe.get_doc("Duty Mitigation", doc.name).submit()


def own_digest() -> None:
	frappe.get_doc({"doctype": "Warning Digest", "user": frappe.session.user}).insert()


def warning_report() -> None:
	filters = {"company": f.COMPANY, "from_date": add_days(nowdate(), -9), "to_date": nowdate()}
	run_report("Warning Outcomes", filters=filters, ignore_prepared_report=True)


CHECKS: dict[str, Callable[[], bool]] = {
	"Home page: figures, lists and charts": lambda: bool(get_home()["companies"]),
	"Client Account: read": read("Client Account"),
	"Client Account: change stage and owner": done(change_stage),
	"Credit Assessment: read": read("Credit Assessment"),
	"Credit Limit: read": read("Credit Limit"),
	"Credit Limit: request": done(lambda: frappe.get_doc(limit(ONE)).insert()),
	"Credit Limit: approve another's request": approve("Credit Limit"),
	"Credit Grade Override: read": read("Credit Grade Override"),
	"Credit Grade Override: request": done(lambda: frappe.get_doc(override(ONE)).insert()),
	"Credit Grade Override: approve another's request": approve("Credit Grade Override"),
	"Credit Reference: read": read("Credit Reference"),
	"Credit Reference: add and change": done(add_reference),
	"Credit Reference: approve another's that raises the limit": done(approve_reference),
	"Credit Hold: read": read("Credit Hold"),
	"Credit Hold: release or reject": done(release),
	"Credit Snapshot: read": read("Credit Snapshot"),
	"Balance Confirmation: read": read("Balance Confirmation"),
	"Credit Grade: change": change("Credit Grade"),
	"Credit Scorecard: change": change("Credit Scorecard"),
	"Credit Rule: change": change("Credit Rule"),
	"Ledger Archive: read": read("Ledger Archive"),
	"Ledger Archive: check and export": done(lambda: archive_api.verify_archive(f.COMPANY)),
	"Ledger Archive: legal hold and purge": done(lambda: archive_api.count_expired(f.COMPANY)),
	"Ledger Notice: read": read("Ledger Notice"),
	"Ledger Notice: approve or reject": did(lambda: outbox_api.approve_notices([notice("Planned")])),
	"Ledger Notice: waive fee and interest": did(waive),
	"Ledger Notice: lift its hold": did(lambda: dunning_api.lift_holds([notice("Sent")], "Known customer")),
	"Dunning: block and pause": done(
		lambda: dunning_api.customer_pause(ONE, add_days(nowdate(), 7), "Goodwill", company=f.COMPANY)
	),
	"Dunning Policy: change": change("Dunning Policy"),
	"Step Trial: make, start and end": change("Step Trial"),
	"Receipt Proposal: read": read("Receipt Proposal"),
	"Payer Name: add and remove": done(remove_payer),
	"Report Dunning History": reports("Dunning History"),
	"Report Client Ledger": reports("Client Ledger"),
	"Reports Client Ageing, Client Overview": reports("Client Ageing", "Client Overview"),
	"Reports Credit Exposure, Credit Concentration, Credit Holds": reports(
		"Credit Exposure", "Credit Concentration", "Credit Holds"
	),
	"Client Ledger Settings: change": lambda: bool(frappe.has_permission("Client Ledger Settings", "write")),
	"Backup Check: read": lambda: bool(frappe.has_permission("Backup Check", "read")),
	"Receivables Check List: read": read_check_list,
	"Procedure: read, and confirm it": lambda: bool(frappe.has_permission("Procedure", "read")),
	"Procedure: change": change("Procedure"),
	"Report Procedure Readings": done(
		lambda: run_report("Procedure Readings", filters={}, ignore_prepared_report=True)
	),
	"Duty Conflict: read": lambda: bool(frappe.has_permission("Duty Conflict", "read")),
	"Report Duty Conflicts": done(duty_report),
	"Duty and Duty Rule: change": change("Duty Rule"),
	"Duty Mitigation: request": done(lambda: mitigation().insert()),
	"Duty Mitigation: approve another's request": done(approve_mitigation),
	"Control Finding: read": read("Control Finding"),
	"Ledger Control: read, with its runs": lambda: all(
		frappe.has_permission(doctype, "read") for doctype in ("Ledger Control", "Control Run")
	),
	"Report Control Findings": done(
		lambda: run_report("Control Findings", filters={}, ignore_prepared_report=True)
	),
	"Early Warning: read": read("Early Warning"),
	"Warning Signal: change": lambda: bool(frappe.has_permission("Warning Signal", "write")),
	"Warning Digest: one's own": done(own_digest),
	"Report Warning Outcomes": done(warning_report),
	"Setup page: see the steps and use them": done(setup_steps),
}
# Whose check is that of a function.
BY_FUNCTION = {
	"Ledger tab", "Credit tab", "Collections tab", "Dunning tab", "Assess a customer now", "Worklist",
	"Contacts, promises and disputes: record", "Ledger Dispute: settle", "Escalation Case: refer and close",
	"Receivables Check List: explain and prepare", "Receivables Check List: approve another's, reopen",
	"Remittance Advice: record", "Receipt Proposal: apply", "Receipt Proposal: decline, choose other invoices",
	"Confirmation Round: plan, send and close", "Balance Confirmation: enter a reply, give out and revoke its link",
	"Balance Confirmation: differences and next steps", "Balance Confirmation: settle and sign",
	"Customer portal: make and revoke links", "Cash forecast: see it", "Cash forecast: have it made now",
	"Control Finding: take up, resolve, open again",
	"Ledger Control: switch, change parameters",
	"KPIs: page, rows and workbook",
	"KPIs: store month ends that are missing", "KPI Month End: review and compare",
	"Early Warning: snooze, act, close", "Early Warning: give to somebody else",
	"Warning Setup: replay and switch", "Group Robot: set up and send",
}  # fmt: skip


def login(role: str, with_customer: bool = False) -> None:
	frappe.set_user("Administrator")
	user = f.make_user(f"matrix.{frappe.scrub(role)}.{int(with_customer)}@example.com", (role,)).name
	if with_customer:
		frappe.share.add("Customer", ONE, user, read=1)
	frappe.clear_cache(user=user)
	frappe.set_user(user)


def test_every_action_is_walked():
	assert set(actions()) == {*CHECKS, *BY_FUNCTION}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_page_says(role: str):
	wrong = []
	for with_customer in (False, True):
		login(role, with_customer)
		for what, check in CHECKS.items():
			said = cell(actions()[what], role)
			if check() != (said == YES or (with_customer and said == WITH_CUSTOMER)):
				wrong.append((what, said, with_customer))
	assert wrong == []


@pytest.mark.parametrize(
	"role", [role for role in ROLES if cell(actions()["Credit Hold: read"], role) == WITH_CUSTOMER]
)
def test_a_customer_that_is_shared_opens_no_other_one(role: str):
	login(role, with_customer=True)
	for doctype in ("Client Account", "Credit Assessment", "Credit Limit", "Credit Hold", "Credit Reference"):
		assert set(frappe.get_list(doctype, pluck="customer")) == {ONE}
		name = frappe.db.get_value(doctype, {"customer": OTHER})
		assert not frappe.has_permission(doctype, "read", doc=name)
	for call in (credit_api.customer_credit, api.customer_ledger):
		with pytest.raises(frappe.PermissionError):
			call(OTHER, f.COMPANY)
	with pytest.raises(frappe.PermissionError):
		credit_api.customer_credit_documents(OTHER, f.COMPANY, "receivable")
	assert set(credit_api.customer_grades([ONE, OTHER])) == {ONE}


def test_grade_validation_takes_all_customers():
	frappe.set_user("Administrator")
	f.make_user("matrix.validator@example.com", ("Credit Manager", "Accounts User"))
	frappe.set_user("matrix.validator@example.com")
	assert run_report("Grade Validation", filters={"company": f.COMPANY}, ignore_prepared_report=True)
	login("Credit Manager", with_customer=True)
	with pytest.raises(frappe.PermissionError):
		run_report("Grade Validation", filters={"company": f.COMPANY}, ignore_prepared_report=True)


def test_cards_count_what_the_user_may_see():
	whole = credit_cards.documents_on_hold({"company": f.COMPANY})["value"]
	assert whole >= 2
	login("Auditor", with_customer=True)
	assert credit_cards.documents_on_hold({"company": f.COMPANY})["value"] == 1
	assert credit_cards.amount_on_hold({"company": f.COMPANY})["value"] == 50
	login("Auditor")
	assert credit_cards.documents_on_hold({"company": f.COMPANY})["value"] == 0


def test_whoever_may_not_does_not_see_the_button():
	login("Sales User")
	can = credit_api.customer_credit(ONE, f.COMPANY)["can"]
	assert can == {
		"assess": False,
		"request_limit": False,
		"override": False,
		"reference": False,
		"queue": True,
	}
	login("Credit Manager", with_customer=True)
	assert all(credit_api.customer_credit(ONE, f.COMPANY)["can"].values())
