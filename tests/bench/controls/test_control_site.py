"""Nights over the documents of a site: planted, found as rows, mended, gone; a missed deadline of a procedure becomes a finding."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.controls import nightly
from tests.bench import factories as f

pytestmark = pytest.mark.every_version
COMPANY, ONE, TWO = f.COMPANY, "Night Customer One", "Night Customer Two"


@pytest.fixture(autouse=True)
def company():
	f.make_company()
	for name in (ONE, TWO):
		f.make_customer(name)


def rows(control, **filters):
	return frappe.get_all(
		"Control Finding", {"control": control, "company": COMPANY, **filters}, ["*"], order_by="name"
	)


def night(*codes):
	nightly.look([COMPANY], codes or None)


def test_a_receipt_on_account_is_found_and_gone_when_it_is_allocated():
	money = f.make_payment(ONE, 500, add_days(nowdate(), -60))
	money.db_set("creation", f"{add_days(nowdate(), -60)} 10:00:00")
	night("unallocated_receipt")
	(row,) = rows("unallocated_receipt", customer=ONE)
	assert (row.status, row.amount, row.people) == ("Open", 500, "Administrator")
	assert (
		frappe.db.get_value("Control Finding Document", {"parent": row.name}, "document_name") == money.name
	)
	money.reload()
	money.cancel()
	night("unallocated_receipt")
	(row,) = rows("unallocated_receipt", customer=ONE)
	assert row.status == "Gone" and row.resolution


def test_an_invoice_entered_twice_is_found():
	delivery = [f.make_invoice(ONE, 1234.56, add_days(nowdate(), -days), po_no="PO-77") for days in (5, 4)]
	night("duplicate_invoice")
	(row,) = rows("duplicate_invoice", customer=ONE)
	assert all(one.name in row.reason or one.name in _documents(row) for one in delivery)
	delivery[1].reload()
	delivery[1].cancel()
	night("duplicate_invoice")
	assert rows("duplicate_invoice", customer=ONE)[0].status == "Gone"


def _documents(row):
	return frappe.get_all("Control Finding Document", {"parent": row.name}, pluck="document_name")


def test_all_controls_run_on_a_site():
	f.make_invoice(TWO, 99, add_days(nowdate(), -3))
	night()
	runs = frappe.get_all(
		"Control Run", {"company": COMPANY, "run_date": getdate()}, ["control", "status", "error"]
	)
	assert len(runs) == 30 and {row.status for row in runs} == {"Done"}, runs
	night()
	runs = frappe.get_all(
		"Control Run", {"company": COMPANY, "run_date": getdate()}, ["control", "status", "error"]
	)
	assert len(runs) == 30 and "Failed" not in {row.status for row in runs}, runs


def test_a_procedure_that_is_not_read_in_time_is_a_finding():
	f.make_user("night.reader@example.com", ["Sales User"])
	f.make_user("night.boss@example.com", ["Sales Manager"])
	procedure = frappe.get_doc(
		{
			"doctype": "Procedure",
			"title": "Night Procedure",
			"summary": "So that it is done",
			"responsible": "night.boss@example.com",
			"in_force": 1,
			"read_within_days": 3,
			"steps": [{"instruction": "Do it", "role": "Sales User"}],
		}
	).insert()
	procedure.db_set("version_since", add_days(nowdate(), -30))
	frappe.db.set_value(
		"Procedure Version", {"procedure": procedure.name}, "made_on", add_days(nowdate(), -30)
	)
	frappe.db.set_value("User", "night.reader@example.com", "creation", add_days(nowdate(), -60))
	first = frappe.get_all("Company", pluck="name", order_by="creation, name")[0]
	for company in {first, COMPANY, *frappe.get_all("Company", pluck="name", order_by="name", limit=1)}:
		nightly.look([company], ["procedure_overdue"])
	found = frappe.get_all(
		"Control Finding", {"control": "procedure_overdue", "status": "Open"}, ["reason", "person"]
	)
	assert any("Night Procedure" in row.reason for row in found), found
