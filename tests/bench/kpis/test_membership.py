"""Customers count in a month where they belonged at its end, as far as Versions tell; else the page and the form say as of when."""

import json

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.kpis.dimensions import DIMENSIONS, GRADE, GROUP, SALES_PERSON, TERRITORY
from client_ledger.kpis.membership import members_on
from client_ledger.kpis.store import store_month
from client_ledger.kpis.view import KpiQuery, page
from client_ledger.site.doctypes import KPI_MONTH_END
from tests.bench import factories as f
from tests.bench.kpis import setting as s

pytestmark = [pytest.mark.one_transaction]

ASH, BEECH, CEDAR = s.CUSTOMERS


@pytest.fixture(scope="module", autouse=True)
def made():
	return s.make_books(months=3)


def saved(customer: str, at, change) -> None:
	"""Change a customer, and keep the Version of it as if that had been at a moment."""
	frappe.db.delete("Version", {"docname": customer, "creation": (">", nowdate())})
	before, doc = frappe.get_doc("Customer", customer), frappe.get_doc("Customer", customer)
	change(doc)
	doc.save()
	frappe.db.delete("Version", {"docname": customer, "creation": (">", nowdate())})
	version = frappe.new_doc("Version")
	assert version.update_version_info(before, doc)
	version.insert(ignore_permissions=True)
	frappe.db.set_value("Version", version.name, "creation", f"{at} 12:00:00", update_modified=False)


def test_a_month_of_the_past_has_the_groups_of_its_end():
	end, today = s.month_end(2), getdate()
	saved(ASH, s.day_in(1, 5), lambda doc: doc.update({"territory": s.SOUTH}))
	saved(ASH, s.day_in(1, 9), lambda doc: doc.update({"territory": "All Territories"}))
	saved(BEECH, s.day_in(1, 6), lambda doc: doc.set("sales_team", []))
	saved(
		CEDAR,
		s.day_in(1, 7),
		lambda doc: doc.append("sales_team", {"sales_person": s.ANN, "allocated_percentage": 0}),
	)

	def swap(doc):
		doc.sales_team[0].allocated_percentage, doc.sales_team[1].allocated_percentage = 10, 90

	saved(CEDAR, s.day_in(1, 8), swap)
	found = members_on(s.COMPANY, end)
	assert {one: found[TERRITORY].of[one] for one in s.CUSTOMERS} == {
		ASH: s.NORTH,
		BEECH: s.NORTH,
		CEDAR: s.SOUTH,
	}
	assert {one: found[SALES_PERSON].of[one] for one in s.CUSTOMERS} == {
		ASH: s.ANN,
		BEECH: s.BOB,
		CEDAR: s.BOB,
	}
	assert (found[TERRITORY].as_of, found[SALES_PERSON].as_of, found[GROUP].as_of) == (end, end, end)
	assert found[GRADE].as_of == today
	between = members_on(s.COMPANY, getdate(add_days(s.day_in(1, 5), 1)))[TERRITORY]
	assert between.of[ASH] == s.SOUTH
	now = members_on(s.COMPANY, today)
	assert now[TERRITORY].of[ASH] == "All Territories" and BEECH not in now[SALES_PERSON].of
	assert now[SALES_PERSON].of[CEDAR] == s.ANN

	assert store_month(s.COMPANY, end)
	rows = frappe.get_all(
		KPI_MONTH_END, {"company": s.COMPANY, "as_of": end}, ["dimension", "dimension_value", "members_as_of"]
	)
	assert {row.dimension_value for row in rows if row.dimension == TERRITORY} == {s.NORTH, s.SOUTH}
	days = {row.dimension: row.members_as_of for row in rows}
	assert [days[one] for one in ("", TERRITORY, GRADE)] == [None, end, today] and set(days) == {
		"",
		*DIMENSIONS,
	}
	assert page(KpiQuery(s.COMPANY, end, 1, dimension=TERRITORY))["grouped_as_of"] is None
	assert page(KpiQuery(s.COMPANY, end, 1, dimension=GRADE))["grouped_as_of"] == str(today)
	for dimension, said in ((TERRITORY, None), (GRADE, str(today))):
		name = frappe.db.get_value(
			KPI_MONTH_END, {"company": s.COMPANY, "as_of": end, "dimension": dimension}
		)
		doc = frappe.get_doc(KPI_MONTH_END, name)
		doc.run_method("onload")
		assert doc.get_onload("shown")["grouped_as_of"] == said


def test_without_tracking_everybody_is_grouped_as_of_today(monkeypatch):
	monkeypatch.setattr(frappe.get_meta("Customer"), "track_changes", 0)
	assert {one.as_of for one in members_on(s.COMPANY, s.month_end(2)).values()} == {getdate()}


def test_a_version_that_cannot_be_read_takes_nothing_back():
	f.make_customer("KPI Unread")
	version = frappe.new_doc("Version")
	version.update(
		{"ref_doctype": "Customer", "docname": "KPI Unread", "data": json.dumps({"changed": None})}
	)
	version.db_insert()
	for data in ('"territory"', '{"changed": [["territory"', '{"changed": null, "territory": 1}'):
		frappe.db.set_value("Version", version.name, "data", data)
		assert members_on(s.COMPANY, s.month_end(1))[TERRITORY].of["KPI Unread"]
