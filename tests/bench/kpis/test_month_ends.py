"""Month ends on a site: stored once with their rows, put together to windows, held against the ledger; shown and drilled into."""

import json
from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, flt, getdate, nowdate

from client_ledger.core.kpis.measure import by_dimension, measure
from client_ledger.core.kpis.months import window_kpis
from client_ledger.core.kpis.rows import Window
from client_ledger.kpis import comparing, drill, nightly, store
from client_ledger.kpis.book import site_book
from client_ledger.kpis.dimensions import DIMENSIONS, SALES_PERSON, TERRITORY, values_of
from client_ledger.kpis.store import store_month, stored_days, stored_months
from client_ledger.kpis.view import KpiQuery, page
from client_ledger.site.doctypes import KPI_MONTH_END, KPI_ROWS
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.kpis import setting as s

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]


@pytest.fixture(scope="module", autouse=True)
def made():
	found = s.make_books()
	s.store()
	return found


def whole(ago: int = 1, count: int = 6):
	days = [s.month_end(one) for one in range(ago, ago + count)]
	return stored_months(s.COMPANY, days)[""]


def test_a_month_end_is_what_the_ledger_says():
	for row, month in whole():
		expected = measure(site_book(s.COMPANY, Window(getdate(row.as_of), 1)), Window(getdate(row.as_of), 1))
		for kpi in expected.kpis:
			kept = month.kpis[kpi.definition.key]
			assert (kept.value, kept.missing) == (kpi.value, kpi.missing)
			assert kept.change == kpi.change
		assert row.tie_status == "Ties"
	row = frappe.get_doc(KPI_MONTH_END, whole()[0][0].name)
	assert flt(row.receivable - row.unallocated, 2) == flt(row.general_ledger, 2) > 0
	assert row.sales > 0
	assert row.received > 0


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_window_is_what_the_ledger_says_of_it(length):
	window = Window(s.month_end(), length)
	expected = measure(site_book(s.COMPANY, window), window)
	for kpi, one in zip(window_kpis([month for _row, month in whole()], length), expected.kpis, strict=True):
		assert (kpi.shown, kpi.missing) == (one.shown, one.missing), one.definition.key
		assert (kpi.change is None) == (one.change is None)
		if kpi.change:
			assert kpi.change.shown(kpi.value) == one.change.shown(one.value)


def test_parts_are_stored_by_each_dimension():
	window = Window(s.month_end(), 1)
	book = site_book(s.COMPANY, window)
	stored = frappe.get_all(KPI_MONTH_END, {"company": s.COMPANY, "as_of": window.as_of}, pluck="dimension")
	assert set(stored) == {"", *DIMENSIONS}
	for dimension in (TERRITORY, SALES_PERSON):
		values = values_of(s.COMPANY)[dimension]
		for value, expected in by_dimension(
			book, window, lambda one, of=values: of.get(one, ""), True
		).items():
			(_row, month), *_rest = stored_months(s.COMPANY, [window.as_of], dimension, [value])[value]
			assert {key: kpi.value for key, kpi in month.kpis.items()} == {
				kpi.definition.key: kpi.value for kpi in expected.kpis
			}
	amounts = frappe.get_all(
		KPI_MONTH_END,
		{"company": s.COMPANY, "as_of": window.as_of, "dimension": TERRITORY},
		pluck="receivable",
	)
	assert len(amounts) == 2
	assert flt(sum(amounts), 2) == flt(
		frappe.db.get_value(KPI_MONTH_END, whole()[0][0].name, "receivable"), 2
	)


def test_a_month_end_is_stored_once():
	count = frappe.db.count(KPI_MONTH_END), frappe.db.count(KPI_ROWS)
	assert store_month(s.COMPANY, s.month_end()) is None
	assert (frappe.db.count(KPI_MONTH_END), frappe.db.count(KPI_ROWS)) == count


def test_the_night_stores_what_is_missing_and_a_second_one_nothing():
	assert nightly.missing_days(s.COMPANY, getdate()) == [s.month_end(7)]
	nightly.look()
	assert stored_days(s.COMPANY)[-1] == s.month_end(7)
	assert nightly.missing_days(s.COMPANY, getdate()) == []
	count = frappe.db.count(KPI_MONTH_END)
	nightly.look()
	assert frappe.db.count(KPI_MONTH_END) == count
	frappe.db.set_single_value("Client Ledger Settings", "kpi_month_ends", 0)
	frappe.db.delete(KPI_MONTH_END, {"company": s.COMPANY, "as_of": s.month_end(7)})
	nightly.look()
	assert nightly.missing_days(s.COMPANY, getdate()) == [s.month_end(7)]
	frappe.db.set_single_value("Client Ledger Settings", "kpi_month_ends", 1)
	frappe.db.delete(KPI_ROWS, {"company": s.COMPANY, "as_of": s.month_end(7)})


def test_the_page_shows_each_figure_with_its_formula_inputs_and_causes(made):
	found = page(KpiQuery(s.COMPANY, None, 3))
	assert found["as_of"] == str(s.month_end())
	assert found["tie"]["status"] == "Ties"
	dso = next(one for one in found["kpis"] if one["key"] == "dso")
	inputs = dict(dso["inputs"])
	assert dso["value"] == pytest.approx(
		round(inputs["Receivable"] / inputs["Credit Sales"] * inputs["Days"], 2), abs=0.01
	)
	assert round(dso["before"] + sum(dso["parts"]), 2) == dso["value"]
	assert len(dso["line"]) == len(dso["ends"]) == 4
	for months in (1, 3):
		found = page(KpiQuery(s.COMPANY, None, months))
		owed = dict(zip(found["causes"], found["kpis"][0]["parts"], strict=True))
		billed = sum(doc.grand_total for name, doc in made.items() if name.endswith(" 1"))
		paid = made["KPI Ash 2"].grand_total + 60
		assert owed["Billing"] == pytest.approx(billed)
		assert owed["Payments"] == pytest.approx(-paid)
		assert owed["Credit Notes"] == owed["Write-offs and Other Entries"] == owed["Mix and Time"] == 0
	cost = next(one for one in found["kpis"] if one["key"] == "cost_per_collected")
	assert (cost["value"], cost["missing"]) == (None, "No time is logged for collecting.")
	assert sum(amount for _name, amount in found["ageing"]) == pytest.approx(found["kpis"][0]["value"])


def test_a_dimension_is_compared_and_one_of_its_parts_shown():
	found = page(KpiQuery(s.COMPANY, None, 3, dimension=TERRITORY))
	assert [row[0] for row in found["parts"]] == [value for value, _label in found["values"]]
	assert {row[0] for row in found["parts"]} == {s.NORTH, s.SOUTH}
	amounts = dict((row[0], row[2]) for row in found["parts"])
	one = page(KpiQuery(s.COMPANY, None, 3, (TERRITORY, s.NORTH), TERRITORY))
	assert one["kpis"][0]["value"] == amounts[s.NORTH]
	with refused(match="has no figures"):
		page(KpiQuery(s.COMPANY, None, 3, (TERRITORY, "Nowhere"), TERRITORY))


@pytest.mark.parametrize("part", [("", ""), (TERRITORY, s.NORTH)])
def test_rows_add_up_to_the_inputs(part):
	asked = KpiQuery(s.COMPANY, None, 3, part)
	for kpi in page(asked)["kpis"]:
		found = drill.drill(asked, kpi["key"], 0)
		inputs = dict(kpi["inputs"])
		for label, _count, total in found["sums"]:
			# Who owes most is told by what is receivable.
			expected = inputs.get(label, found["sums"][0][2])
			assert total == pytest.approx(expected, abs=0.001), (kpi["key"], label)
		assert found["total"] == sum(count for _label, count, _total in found["sums"])
		if part[1]:
			assert {row["customer"] for row in found["rows"]} <= {"KPI Ash", "KPI Beech"}
	rows = drill.drill(asked, "dso", 0)["rows"]
	assert all(row["document"]["readable"] for row in rows)
	assert "Sales Invoice" in {row["document"]["doctype"] for row in rows}


def test_what_is_booked_into_a_closed_month_is_named_and_the_stored_value_stays(made):
	name = whole()[0][0].name
	before = frappe.db.get_value(KPI_MONTH_END, name, "figures")
	comparing.compare(name)
	assert frappe.db.get_value(KPI_MONTH_END, name, "status") == "Unchanged"
	late = f.make_invoice("KPI Ash", 77, s.day_in(1, 15), s.COMPANY)
	made["KPI Cedar 1"].reload().cancel()
	frappe.db.set_value(KPI_MONTH_END, name, "compared_on", add_days(nowdate(), -1))
	assert name in comparing.due(s.COMPANY)
	comparing.compare(name)
	doc = frappe.get_doc(KPI_MONTH_END, name)
	assert (doc.status, doc.figures) == ("Changed", before)
	changes = json.loads(doc.changes)
	by_voucher = {(one[0], one[1]): (Decimal(one[3]), Decimal(one[4])) for one in changes["vouchers"]}
	assert by_voucher[("sales", late.name)] == (0, 77)
	assert by_voucher[("receivable", late.name)] == (0, 77)
	assert by_voucher[("sales", made["KPI Cedar 1"].name)][1] == 0
	assert {one[1] for one in changes["vouchers"]} == {late.name, made["KPI Cedar 1"].name}
	assert "dso" in changes["values"]
	shown = page(KpiQuery(s.COMPANY, None, 3))["changes"]
	assert [one["name"] for one in shown] == [name]
	assert shown[0]["waits"]
	named = {one["name"]: one for _input, one, _stored, _now in shown[0]["vouchers"]}
	assert named[late.name] == {"doctype": "Sales Invoice", "name": late.name, "readable": True}


def test_a_month_is_stored_with_all_that_it_is_made_of_or_not_at_all(monkeypatch):
	company = "KPI Killed Company"
	f.make_company(company, "KKC")
	f.make_invoice("KPI Ash", 50, s.day_in(1, 3), company)
	written, committed = [], []
	insert = store.bulk_insert

	def dies_at_the_third(doctype, rows):
		written.append(doctype)
		if len(written) == 3:
			raise RuntimeError("killed")
		return insert(doctype, rows)

	monkeypatch.setattr(store, "bulk_insert", dies_at_the_third)
	monkeypatch.setattr(frappe.db, "commit", lambda: committed.append(1))
	frappe.db.savepoint("killed")
	with pytest.raises(RuntimeError):
		store_month(company, s.month_end())
	frappe.db.rollback(save_point="killed")
	assert (written, committed) == ([KPI_MONTH_END, KPI_ROWS, KPI_ROWS], [])
	monkeypatch.setattr(store, "bulk_insert", insert)
	name = store_month(company, s.month_end())
	assert frappe.db.count(KPI_MONTH_END, {"company": company}) == 1 + len(DIMENSIONS)
	assert frappe.db.count(KPI_ROWS, {"month_end": name}) > len(DIMENSIONS)


def test_a_customer_of_another_name_changes_no_month():
	company = "KPI Renamed Company"
	f.make_company(company, "KNC")
	f.make_customer("KPI Oak")
	invoice = f.make_invoice("KPI Oak", 50, s.day_in(2, 3), company)
	f.pay(invoice, s.day_in(1, 4), amount=20)
	name = store_month(company, s.month_end())
	frappe.rename_doc("Customer", "KPI Oak", "KPI Old Oak")
	stored = frappe.db.get_value(KPI_MONTH_END, name, ["company", "as_of", "figures"], as_dict=True)
	assert comparing.differences(name, stored) == {"values": {}, "vouchers": [], "number": 0}
	rows = drill.drill(KpiQuery(company, None, 1), "receivable", 0)["rows"]
	assert [row["document"]["name"] for row in rows] == [invoice.name]
	f.pay(invoice, s.day_in(1, 6), amount=5)
	found = comparing.differences(name, stored)
	assert {one[0] for one in found["vouchers"]} == {"receivable", "received"}
