"""What was due and is not done: backups, check lists, balances to be confirmed, procedures to be read and to be kept to."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from client_ledger.core.controls.facts import FactKind
from client_ledger.core.procedures.deadlines import StepMeasure
from tests.bench import factories as f
from tests.bench.controls import setting as s

pytestmark = pytest.mark.one_transaction
CUSTOMER = "Controlled Due"


@pytest.fixture(scope="module", autouse=True)
def _company() -> None:
	s.make_company()
	f.make_customer(CUSTOMER)


def titles(code: str) -> set[str]:
	return {one.reason.values[0] for one in s.found(code, read=s.facts(kinds={FactKind.DUES}))}


def check_of_backups(verdict: str, days_ago: int) -> None:
	at = add_to_date(now_datetime(), days=-days_ago)
	frappe.get_doc(
		{
			"doctype": "Backup Check",
			"kind": "Check",
			"verdict": verdict,
			"checked_on": at,
			"name": f"BC-{verdict}-{days_ago}",
		}
	).db_insert()


def test_no_good_backup_for_days_and_no_check_of_them():
	check_of_backups("Good", 9)
	assert titles("backup_overdue") == {"Backup Check"}
	for ago in (3, 2, 1):
		check_of_backups("Bad", ago)
	(found,) = s.found("backup_overdue", read=s.facts(kinds={FactKind.DUES}))
	assert found.key == f"backup_overdue:Backup:{s.day(3).isoformat()}"
	assert found.documents[0].doctype == "Backup Check"
	check_of_backups("Good", 0)
	assert not titles("backup_overdue")


def test_a_check_list_and_a_balance_that_nobody_answers_for():
	listed = frappe.get_doc(
		{
			"doctype": "Receivables Check List", "name": "RC-CONTROLS", "title": "Month", "company": s.COMPANY, "period_kind": "Month",
			"from_date": s.day(60), "to_date": s.day(30), "due_date": s.day(20), "status": "Open",
		}
	)  # fmt: skip
	listed.db_insert()
	frappe.get_doc(
		{
			"doctype": "Balance Confirmation", "name": "BC-CONTROLS", "customer": CUSTOMER, "customer_name": CUSTOMER,
			"company": s.COMPANY, "status": "Awaiting Reply", "as_of": s.day(60), "reply_by": s.day(15), "currency": "USD",
			"confirmation_key": "controls",
		}
	).db_insert()  # fmt: skip
	found = {one.documents[0].name: one for one in s.found("reconciliation_overdue")}
	assert set(found) == {"RC-CONTROLS", "BC-CONTROLS"} and found["BC-CONTROLS"].customer == CUSTOMER
	frappe.db.set_value(
		"Receivables Check List", "RC-CONTROLS", {"status": "Approved", "approved_on": now_datetime()}
	)
	frappe.db.set_value("Balance Confirmation", "BC-CONTROLS", "status", "Confirmed")
	assert not s.found("reconciliation_overdue")


def procedure(measure: StepMeasure, deadline: int, unit: str = "Days") -> frappe.model.document.Document:
	doc = frappe.get_doc(
		{
			"doctype": "Procedure", "title": f"Controlled {measure.name} {frappe.generate_hash(length=6)}", "responsible": s.HEAD, "read_within_days": 5, "in_force": 1,
			"what_changed": "First", "summary": "So that it is done.", "steps": [
				{"instruction": "Do it", "role": "Accounts Manager", "deadline": deadline, "deadline_unit": unit, "measured_by": measure.value}
			],
		}
	)  # fmt: skip
	return doc.insert()


def test_a_procedure_that_is_not_read_in_time():
	doc = procedure(StepMeasure.LEDGER, 300)
	assert not titles("procedure_overdue")
	frappe.db.set_value("Procedure", doc.name, "version_since", s.day(20))
	(title,) = titles("procedure_overdue")
	assert title.startswith(doc.name) and s.HEAD in title
	frappe.db.set_value("Procedure", doc.name, "in_force", 0)
	assert not titles("procedure_overdue")


def test_deadlines_are_measured_by_what_waits():
	procedure(StepMeasure.DELIVERIES, 24, "Hours")
	procedure(StepMeasure.LEDGER, 7)
	procedure(StepMeasure.RECEIPTS, 3, "Working Days")
	procedure(StepMeasure.WRITE_OFFS, 5)
	for doc in (
		f.make_delivery(CUSTOMER, 50, s.day(12), company=s.COMPANY),
		f.make_payment(CUSTOMER, 40, s.day(12), company=s.COMPANY, reference_no="due"),
		f.make_invoice(CUSTOMER, 70, s.day(12), company=s.COMPANY),
	):
		s.entered(doc, s.day(12))
	kinds = {title.split(":")[0].split(" ")[1] for title in titles("procedure_overdue")}
	assert kinds == {"DELIVERIES", "LEDGER", "RECEIPTS"}
	s.entered(f.make_invoice(CUSTOMER, 71, s.day(0), company=s.COMPANY), s.day(0))
	kinds = {title.split(":")[0].split(" ")[1] for title in titles("procedure_overdue")}
	assert kinds == {"DELIVERIES", "RECEIPTS"}


def test_every_measure_can_be_read_of_a_site():
	for measure in StepMeasure:
		procedure(measure, 1)
	assert s.facts(kinds={FactKind.DUES}).dues
