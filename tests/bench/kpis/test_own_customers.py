"""Who sees some customers only gets the figures of those, as a book of nobody else would give them, and nothing of others anywhere."""

import io
import json

import frappe
import pytest
from frappe.share import add as share
from frappe.utils import getdate

from client_ledger.core.kpis.measure import measure
from client_ledger.core.kpis.rows import Cause, Window
from client_ledger.kpis import api, comparing
from client_ledger.kpis.book import site_book
from client_ledger.kpis.dimensions import TERRITORY
from client_ledger.kpis.store import SUMS
from client_ledger.patches.v0_2 import complete_kpi_month_ends
from client_ledger.site.doctypes import KPI_MONTH_END, KPI_ROWS
from tests.bench import factories as f
from tests.bench.kpis import setting as s
from tests.unit.kpis.spreadsheet import recalculated

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]

ASH, BEECH, CEDAR = s.CUSTOMERS
GROUP = "KPI Own Group"
# Whoever it is, by which rule it sees which customers.
PEOPLE = {
	"customer": (("Accounts Manager",), [("Customer", ASH)], {ASH}),
	"group": (("Accounts User",), [("Customer Group", GROUP)], {CEDAR}),
	"territory": (("Sales Manager",), [("Territory", s.NORTH)], {ASH, BEECH}),
	"salesman": (("Sales Manager",), [("Sales Person", s.BOB)], {BEECH, CEDAR}),
	"collector": (("Credit Controller",), [], {BEECH}),
	"auditor": (("Auditor",), [("Customer", CEDAR)], {CEDAR}),
	"area": (("Auditor",), [("Territory", s.SOUTH)], {CEDAR}),
	"nobody": (("Credit Controller",), [], set()),
}


@pytest.fixture(scope="module", autouse=True)
def made():
	found = s.make_books()
	frappe.get_doc(
		{
			"doctype": "Customer Group",
			"customer_group_name": GROUP,
			"parent_customer_group": "All Customer Groups",
		}
	).insert()
	frappe.db.set_value("Customer", CEDAR, "customer_group", GROUP)
	for name, (roles, permissions, _visible) in PEOPLE.items():
		f.make_user(email(name), roles, permissions)
	frappe.db.set_single_value("Collection Settings", "sees", "Assigned Customers Only")
	account = {"customer": BEECH, "company": s.COMPANY}
	frappe.db.set_value("Client Account", account, "collector", email("collector"))
	s.make_people()
	s.store(count=5)
	return found


@pytest.fixture(autouse=True)
def _administrator():
	frappe.clear_cache()
	yield
	frappe.set_user("Administrator")


def email(name: str) -> str:
	return f"{name}@own-kpis.example"


def slow(visible: set[str], months: int, ago: int = 1):
	"""A book of these customers alone, read from the ledger."""
	window = Window(s.month_end(ago), months)
	return measure(site_book(s.COMPANY, window).only(lambda name: name in visible), window)


@pytest.mark.parametrize("name", [name for name in PEOPLE if PEOPLE[name][2]])
def test_figures_are_those_of_a_book_of_nobody_else(name):
	visible = PEOPLE[name][2]
	expected = {months: slow(visible, months) for months in (1, 3)}
	frappe.set_user(email(name))
	for months, measured in expected.items():
		found = api.get_kpis(company=s.COMPANY, months=months)
		assert (found["customers"], found["tie"], found["changes"]) == (len(visible), None, [])
		assert found["may"] == {"store": False, "review": False}
		for shown, kpi in zip(found["kpis"], measured.kpis, strict=True):
			key = kpi.definition.key
			assert shown["value"] == (None if kpi.shown is None else float(kpi.shown)), key
			if kpi.change and kpi.value is not None:
				assert shown["before"] == pytest.approx(float(kpi.change.before), abs=0.01), key
				parts = kpi.change.shown(kpi.value)
				assert shown["parts"] == [float(parts[cause]) for cause in Cause], key
		assert [amount for _name, amount in found["ageing"]] == [
			pytest.approx(float(sum(row.amount for row in measured.rows if row.input == f"aged:{bucket}")))
			for bucket, _amount in found["ageing"]
		]
	assert "General Ledger" not in json.dumps(found)
	assert not frappe.get_list(KPI_MONTH_END, {"company": s.COMPANY}) and not frappe.get_list(KPI_ROWS)
	others = set(s.CUSTOMERS) - visible
	assert not any(other in json.dumps(found) for other in others)


def test_rows_workbook_and_parts_hold_nobody_else():
	visible = PEOPLE["salesman"][2]
	frappe.set_user(email("salesman"))
	asked = {"company": s.COMPANY, "months": 3}
	found = api.get_kpis(**asked, dimension=TERRITORY)
	assert {value for value, _label in found["values"]} == {s.NORTH, s.SOUTH}
	for kpi in found["kpis"]:
		rows = api.get_rows(**asked, kpi=kpi["key"])
		assert {row["customer"] for row in rows["rows"]} <= visible
		inputs = dict(kpi["inputs"])
		for label, _count, total in rows["sums"]:
			assert total == pytest.approx(inputs.get(label, rows["sums"][0][2]), abs=0.001), (
				kpi["key"],
				label,
			)
	cells = recalculated(io.BytesIO(api.workbook(**asked).get_data()))
	for row, kpi in enumerate(found["kpis"], 2):
		if kpi["value"] is not None:
			assert round(cells["KPIs", "B", row], 2) == kpi["value"], kpi["key"]
	assert ASH not in {str(value) for value in cells.values()}
	amounts = {row[0]: row[2] for row in found["parts"]}
	for value, own in ((s.NORTH, {BEECH}), (s.SOUTH, {CEDAR})):
		part = api.get_kpis(**asked, dimension=TERRITORY, dimension_value=value)
		frappe.set_user("Administrator")
		assert part["kpis"][0]["value"] == amounts[value] == float(slow(own, 3).of("receivable").shown)
		frappe.set_user(email("salesman"))
	frappe.set_user(email("customer"))
	with pytest.raises(frappe.ValidationError, match="has no figures"):
		api.get_kpis(**asked, dimension=TERRITORY, dimension_value=s.SOUTH)
	assert [row[0] for row in api.get_kpis(**asked, dimension=TERRITORY)["parts"]] == [s.NORTH]


def test_a_change_names_vouchers_of_own_customers_and_no_values(made):
	late = {name: f.make_invoice(name, 31, s.day_in(1, 14), s.COMPANY).name for name in (ASH, BEECH)}
	name = frappe.db.get_value(KPI_MONTH_END, {"company": s.COMPANY, "as_of": s.month_end(), "dimension": ""})
	comparing.compare(name)
	frappe.set_user(email("customer"))
	(change,) = api.get_kpis(company=s.COMPANY)["changes"]
	assert (change["values"], change["number"], change["waits"]) == ([], 1, False)
	assert {document["name"] for _input, document, *_rest in change["vouchers"]} == {late[ASH]}
	frappe.set_user(email("auditor"))
	assert api.get_kpis(company=s.COMPANY)["changes"] == []
	with pytest.raises(frappe.PermissionError):
		api.review_changes(name=name, why="Because")
	frappe.set_user("Administrator")
	for one in late.values():
		frappe.get_doc("Sales Invoice", one).cancel()
	comparing.compare(name)


def test_who_sees_nobody_gets_nothing_and_a_share_opens_one():
	frappe.set_user(email("nobody"))
	found = api.get_kpis(company=s.COMPANY)
	assert (found["kpis"], found["customers"]) == ([], 0)
	frappe.set_user("Administrator")
	share("Customer", BEECH, email("customer"), read=1)
	frappe.set_user(email("customer"))
	assert api.get_kpis(company=s.COMPANY)["customers"] == 2


def test_months_that_an_earlier_version_stored_are_completed_by_the_patch():
	frappe.set_user(email("salesman"))
	before = api.get_kpis(company=s.COMPANY, months=3)
	frappe.set_user("Administrator")
	frappe.db.delete(KPI_ROWS, {"company": s.COMPANY, "input_name": SUMS})
	frappe.db.set_value(KPI_MONTH_END, {"company": s.COMPANY}, "members_as_of", None)
	frappe.set_user(email("salesman"))
	with pytest.raises(frappe.ValidationError, match="still being prepared"):
		api.get_kpis(company=s.COMPANY)
	frappe.set_user("Administrator")
	complete_kpi_month_ends.execute()
	count = frappe.db.count(KPI_ROWS, {"company": s.COMPANY, "input_name": SUMS})
	complete_kpi_month_ends.execute()
	assert count == frappe.db.count(KPI_ROWS, {"company": s.COMPANY, "input_name": SUMS}) == 5
	parts = frappe.get_all(
		KPI_MONTH_END, {"company": s.COMPANY}, ["dimension", "members_as_of"], order_by="name"
	)
	assert all((row.members_as_of == getdate()) == bool(row.dimension) for row in parts)
	frappe.set_user(email("salesman"))
	after = api.get_kpis(company=s.COMPANY, months=3)
	assert not after["has_causes"] and not any(kpi["parts"] for kpi in after["kpis"])
	# Sales of before the first stored month are not known any more: the count-back ends there.
	for old, new in zip(before["kpis"], after["kpis"], strict=True):
		if new["key"] not in ("dso_count_back", "true_dso"):
			assert (old["value"], old["before"]) == (new["value"], new["before"]), new["key"]
