"""What the page asks for, as who: rights, the workbook equal to the cent, reviews; and books that make a figure impossible."""

import io

import frappe
import pytest
from frappe.utils import add_days, flt, getdate

from client_ledger.core.kpis.formulas import MissingReason
from client_ledger.forecasts import api as forecast_api
from client_ledger.forecasts import making
from client_ledger.home.api import get_home
from client_ledger.kpis import api, comparing, nightly
from client_ledger.kpis.dimensions import TERRITORY
from client_ledger.kpis.store import store_month, stored_months
from client_ledger.site.doctypes import KPI_MONTH_END, KPI_ROWS
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.doors import http
from tests.bench.kpis import setting as s
from tests.unit.kpis.spreadsheet import recalculated

pytestmark = pytest.mark.one_transaction


@pytest.fixture(scope="module", autouse=True)
def made():
	found = s.make_books()
	s.make_people()
	s.store()
	return found


@pytest.fixture
def as_user():
	def login(user: str) -> None:
		frappe.set_user(user)

	yield login
	frappe.set_user("Administrator")


def name_of(ago: int = 1) -> str:
	return frappe.db.get_value(
		KPI_MONTH_END, {"company": s.COMPANY, "as_of": s.month_end(ago), "dimension": ""}
	)


def kpis_of(found: dict) -> dict[str, dict]:
	return {one["key"]: one for one in found["kpis"]}


def month_of(company: str, ago: int = 1):
	return stored_months(company, [s.month_end(ago)])[""][0][1]


# --- who ---


def test_managers_and_auditors_see_all_and_sellers_nothing(as_user):
	for user in (s.MANAGER, s.AUDITOR):
		as_user(user)
		found = api.get_kpis(company=s.COMPANY)
		assert len(found["kpis"]) > 20
		assert found["may"] == {"store": user == s.MANAGER, "review": user == s.MANAGER}
	as_user(s.SELLER)
	for call in (
		lambda: api.get_kpis(company=s.COMPANY),
		lambda: api.get_rows(company=s.COMPANY, kpi="dso"),
		lambda: api.workbook(company=s.COMPANY),
		lambda: api.store_now(company=s.COMPANY),
	):
		with refused(frappe.PermissionError):
			call()
	assert not frappe.has_permission(KPI_MONTH_END, "read", doc=name_of())
	as_user(s.AUDITOR)
	with refused(frappe.PermissionError):
		api.store_now(company=s.COMPANY)
	with refused(frappe.PermissionError):
		api.review_changes(name=name_of(), why="Because")


def test_who_sees_some_customers_or_another_company_lists_no_month_ends(as_user):
	some = f.make_user("some@kpis.example", ("Accounts Manager",), [("Customer", "KPI Ash")]).name
	other = f.make_user("other@kpis.example", ("Accounts Manager",), [("Company", f.COMPANY)]).name
	for user in (some, other):
		frappe.clear_cache(user=user)
		as_user(user)
		# What all customers come to is closed; the figures of one's own see test_own_customers.
		for call in (api.store_now, api.get_kpis)[: 1 if user == some else 2]:
			with refused(
				frappe.PermissionError, match="some customers only" if user == some else "permission"
			):
				call(company=s.COMPANY)
		for doctype in (KPI_MONTH_END, KPI_ROWS):
			names = frappe.get_all(doctype, {"company": s.COMPANY}, pluck="name", limit=2)
			assert not frappe.get_list(doctype, {"company": s.COMPANY}, pluck="name")
			assert not frappe.has_permission(doctype, "read", doc=names[0])


def test_nobody_changes_or_deletes_what_is_stored(as_user):
	as_user(s.MANAGER)
	doc = frappe.get_doc(KPI_MONTH_END, name_of())
	doc.receivable = 1
	with refused(frappe.PermissionError):
		doc.save()
	frappe.set_user("Administrator")
	with refused(frappe.PermissionError, match="stay on record"):
		frappe.delete_doc(KPI_MONTH_END, name_of())
	with refused(frappe.PermissionError, match="stay on record"):
		frappe.delete_doc(KPI_ROWS, frappe.db.get_value(KPI_ROWS, {"month_end": name_of()}))
	with refused(frappe.PermissionError):
		frappe.get_doc({"doctype": KPI_MONTH_END, "company": s.COMPANY, "as_of": s.month_end(9)}).insert()


def test_what_cannot_be_answered_says_why_and_is_no_error_of_a_script():
	tomorrow = add_days(s.month_end(0), 1)
	for as_of, said in (
		(s.month_end(0), "is not over yet"),
		(add_days(tomorrow, 400), "is not over yet"),
		(s.day_in(2, 11), "not the last day of a month"),
		("2001-01-31", "No month end is stored for"),
		("soon", "as YYYY-MM-DD"),
	):
		for name in ("get_kpis", "get_rows", "workbook"):
			more = {"kpi": "dso"} if name == "get_rows" else {}
			answer = http.call(
				f"client_ledger.kpis.api.{name}", "GET", company=s.COMPANY, as_of=str(as_of), **more
			)
			assert answer.status == 417 and said in answer.text, (name, as_of, answer)
	for bad in ({"kpi": "nothing"}, {"kpi": "dso", "dimension": "Weather"}, {"kpi": "dso", "start": "x"}):
		assert http.call("client_ledger.kpis.api.get_rows", "GET", company=s.COMPANY, **bad).status == 417
	for company, status in (("No Such Company", 403), ("", 200)):
		assert http.call("client_ledger.kpis.api.get_kpis", "GET", company=company).status == status
	for months in (-5, 0, 9999):
		found = api.get_kpis(company=s.COMPANY, months=months)
		assert 1 <= found["shown_months"] <= 6


def test_a_company_without_accounts_has_nothing_to_store(made):
	company = "KPI Chartless Company"
	# Other companies are made from accounts that this takes away.
	frappe.db.savepoint("chartless")
	f.make_company(company, "KCX")
	for field in frappe.get_meta("Company").get("fields", {"options": "Account"}):
		frappe.db.set_value("Company", company, field.fieldname, None)
	frappe.db.delete("Account", {"company": company})
	frappe.clear_cache()
	assert api.get_kpis(company=company)["kpis"] == []
	assert nightly.missing_days(company, getdate()) == []
	nightly.store_and_commit(company, s.month_end())
	found = kpis_of(api.get_kpis(company=company))
	assert (
		found["receivable"]["value"] == 0
		and found["dso"]["missing"] == "There were no sales in these months."
	)
	assert making.bring_up_to_date(company, getdate(), 1e9)
	assert forecast_api.get_forecast(company=company)["currencies"] == []
	frappe.db.rollback(save_point="chartless")
	frappe.clear_cache()


# --- the workbook ---


@pytest.mark.parametrize(
	("months", "part"), [(1, {}), (3, {}), (5, {}), (3, {"dimension": TERRITORY, "dimension_value": s.NORTH})]
)
def test_a_spreadsheet_made_from_the_rows_says_the_same_to_the_cent(months, part):
	answer = api.workbook(company=s.COMPANY, months=months, **part)
	cells = recalculated(io.BytesIO(answer.get_data()))
	shown = api.get_kpis(company=s.COMPANY, months=months, **part)["kpis"]
	compared = 0
	for row, kpi in enumerate(shown, 2):
		if kpi["value"] is not None:
			assert round(cells["KPIs", "B", row], 2) == kpi["value"] == float(cells["KPIs", "D", row]), kpi[
				"key"
			]
			compared += 1
	assert compared > 12


# --- changes ---


def test_a_change_waits_for_a_review_on_the_home_page(as_user):
	f.make_invoice("KPI Ash", 31, s.day_in(1, 14), s.COMPANY)
	name = name_of()
	comparing.compare(name)
	told = frappe.get_all("Notification Log", {"document_name": name}, ["for_user", "subject"])
	assert [one.for_user for one in told if one.for_user == s.MANAGER]
	assert "no longer what they were" in told[0].subject
	comparing.compare(name)
	assert frappe.db.count("Notification Log", {"document_name": name}) == len(told)
	as_user(s.MANAGER)
	waiting = get_home(company=s.COMPANY)["lists"]["kpis"]
	assert [row["name"] for row in waiting["rows"]] == [name]
	with refused(match="Enter why"):
		api.review_changes(name=name, why=" ")
	api.review_changes(name=name, why="Billed late")
	assert "kpis" not in get_home(company=s.COMPANY)["lists"]
	with refused(match="no change to review"):
		api.review_changes(name=name, why="Again")
	change = api.get_kpis(company=s.COMPANY)["changes"][0]
	assert (change["review"], change["reviewed_by"], change["waits"]) == ("Billed late", s.MANAGER, False)
	frappe.set_user("Administrator")
	comparing.compare(name)
	assert frappe.db.get_value(KPI_MONTH_END, name, "status") == "Reviewed"
	f.make_invoice("KPI Ash", 32, s.day_in(1, 16), s.COMPANY)
	comparing.compare(name)
	assert frappe.db.get_value(KPI_MONTH_END, name, "status") == "Changed"


def test_the_form_says_what_the_month_was():
	doc = frappe.get_doc(KPI_MONTH_END, name_of())
	doc.run_method("onload")
	shown = doc.get_onload("shown")
	kept = month_of(s.COMPANY).kpis
	assert {one["key"]: one["value"] for one in shown["kpis"]} == {
		key: None if kpi.shown is None else float(kpi.shown) for key, kpi in kept.items()
	}


# --- no value, and why ---


def test_a_company_without_entries_has_nothing_to_store_and_says_so():
	f.make_company("KPI Empty Company", "KEC")
	found = api.get_kpis(company="KPI Empty Company")
	assert (found["kpis"], found["days"], found["missing"]) == ([], [], 0)
	assert api.store_now(company="KPI Empty Company") == {"missing": 0}
	with refused(match="No month end"):
		api.get_rows(company="KPI Empty Company", kpi="dso")


def test_no_sales_negative_sales_and_one_customer_say_why():
	f.make_company(s.LONE, "KLC")
	invoice = f.make_invoice("KPI Ash", 500, s.day_in(4, 3), s.LONE)
	f.make_credit_note(invoice.name, 60, s.day_in(2, 9))
	for ago in (1, 2, 3, 4):
		assert store_month(s.LONE, s.month_end(ago))
	assert month_of(s.LONE, 1).kpis["dso"].missing is MissingReason.NO_SALES
	assert month_of(s.LONE, 2).kpis["dso"].missing is MissingReason.NEGATIVE_SALES
	assert month_of(s.LONE, 1).kpis["concentration"].missing is MissingReason.ONE_CUSTOMER
	assert month_of(s.LONE, 1).kpis["weighted_days_late"].missing is MissingReason.NOTHING_PAID
	found = kpis_of(api.get_kpis(company=s.LONE, months=3))
	assert found["dso"]["missing"] == "Credit notes exceed the sales of these months."
	assert found["dso"]["value"] is None
	found = api.get_kpis(company=s.LONE, months=12)
	assert found["shown_months"] == 4
	assert kpis_of(found)["dso"]["value"] == pytest.approx(440 / 440 * inputs(found, "dso")["Days"], abs=0.01)
	answer = api.workbook(company=s.LONE, months=1)
	assert recalculated(io.BytesIO(answer.get_data()))


def inputs(found: dict, key: str) -> dict[str, float]:
	return dict(kpis_of(found)[key]["inputs"])


def test_a_currency_without_a_rate_is_named():
	company = "KPI Rates Company"
	f.make_company(company, "KRC")
	f.make_customer("KPI Euro", currency="EUR", companies=[company])
	euro = f.make_invoice("KPI Euro", 90, s.day_in(1, 3), company, rate=1.1)
	f.make_invoice("KPI Ash", 80, s.day_in(1, 4), company)
	# As imported without a rate: something in euro, nothing in dollars.
	frappe.db.set_value("Payment Ledger Entry", {"voucher_no": euro.name}, "amount", 0)
	assert store_month(company, s.month_end())
	found = kpis_of(api.get_kpis(company=company, months=1))
	assert found["dso"]["value"] is None
	assert found["dso"]["missing"] == f"Documents in a currency without an exchange rate: {euro.name}."
	assert found["promise_kept_rate"]["missing"] == "No promise fell due in these months."


def test_time_logged_is_the_cost_of_what_was_received():
	activity = frappe.get_doc(
		{"doctype": "Activity Type", "activity_type": "KPI Collecting", "costing_rate": 12}
	).insert()
	frappe.db.set_single_value("Client Ledger Settings", "kpi_activity_type", activity.name)
	frappe.clear_document_cache("Client Ledger Settings", "Client Ledger Settings")
	company = "KPI Time Company"
	f.make_company(company, "KTC")
	invoice = f.make_invoice("KPI Ash", 400, s.day_in(2, 3), company)
	f.pay(invoice, s.day_in(1, 5), amount=300)
	sheet = frappe.get_doc({"doctype": "Timesheet", "company": company, "customer": "KPI Ash"})
	day = s.day_in(1, 6)
	sheet.append(
		"time_logs",
		{
			"activity_type": activity.name,
			"from_time": f"{day} 09:00:00",
			"to_time": f"{day} 11:00:00",
			"hours": 2,
			"costing_rate": 12,
		},
	)
	sheet.insert().submit()
	cost = flt(frappe.db.get_value("Timesheet Detail", {"parent": sheet.name}, "base_costing_amount"))
	assert cost == 24
	assert store_month(company, s.month_end())
	found = kpis_of(api.get_kpis(company=company, months=1))["cost_per_collected"]
	assert (found["value"], dict(found["inputs"])) == (
		8.0,
		{"Cost of Collecting": 24.0, "Amount Received": 300.0},
	)
	rows = api.get_rows(company=company, kpi="cost_per_collected", months=1)["rows"]
	assert sheet.name in {row["document"]["name"] for row in rows if row["document"]}
	frappe.db.set_single_value("Client Ledger Settings", "kpi_activity_type", "")
	frappe.clear_document_cache("Client Ledger Settings", "Client Ledger Settings")


def test_promises_and_disputes_count_in_the_month_they_were_decided(made):
	invoice = made["KPI Cedar 2"]
	promise = frappe.new_doc("Promise to Pay")
	promise.update(
		{"customer": "KPI Cedar", "company": s.COMPANY, "status": "Kept", "decided_on": s.day_in(1, 9)}
	)
	promise.name = "kpi-promise"
	promise.db_insert()
	dispute = frappe.new_doc("Ledger Dispute")
	dispute.update(
		{
			"customer": "KPI Cedar",
			"company": s.COMPANY,
			"currency": f.CURRENCY,
			"reason": "Price or Discount Not as Agreed",
			"items": [{"voucher_type": "Sales Invoice", "voucher_no": invoice.name, "amount": 50}],
		}
	)
	dispute.insert()
	values = {"opened_on": s.day_in(2, 10), "resolved_on": s.day_in(1, 10), "status": "Accepted"}
	frappe.db.set_value("Ledger Dispute", dispute.name, values)
	differences = {}
	for ago in (1, 2):
		stored = frappe.db.get_value(
			KPI_MONTH_END, name_of(ago), ["company", "as_of", "figures"], as_dict=True
		)
		found = comparing.differences(name_of(ago), stored)
		differences[ago] = {(one[0], one[1]): one[4] for one in found["vouchers"]}
	assert differences[1]["promises_kept", "kpi-promise"] == "1.00"
	days = (getdate(s.day_in(1, 10)) - getdate(s.day_in(2, 10))).days
	assert differences[1]["dispute_days", dispute.name] == f"{days}.00"
	assert differences[2]["disputed", invoice.name] == "50.00"
	assert ("disputed", invoice.name) not in differences[1]
