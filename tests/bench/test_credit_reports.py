"""Credit Exposure and Credit Concentration on a site: figures, documents, shared limits, and who sees what."""

import frappe
import pytest
from frappe.desk import query_report
from frappe.utils import add_days, flt, nowdate

from client_ledger.client_ledger.report.credit_concentration import credit_concentration
from client_ledger.client_ledger.report.credit_exposure import credit_exposure
from client_ledger.credit.limits.exposure import exposures_of
from tests.bench import factories as f
from tests.bench.accounts import refresh

pytestmark = pytest.mark.one_transaction

COMPANY = "Credit Report Company"
HEAD, BRANCH, ALONE, FREE, IDLE = (f"Credit Report {n}" for n in ("Head", "Branch", "Alone", "Free", "Idle"))
REPORTS = ("Credit Exposure", "Credit Concentration")
READERS = ("Accounts User", "Accounts Manager", "Sales User", "Sales Manager")


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	"""A limit of 1,000 shared by two, one of 200 that is exceeded, a customer without a limit, one who owes nothing."""
	f.make_company(COMPANY, "CRC")
	for name, limit in ((HEAD, 1000), (ALONE, 500), (FREE, 0), (IDLE, 50)):
		customer = f.make_customer(name)
		if limit:
			customer.append("credit_limits", {"company": COMPANY, "credit_limit": limit})
			customer.save()
	f.make_customer(BRANCH, cl_credit_parent=HEAD)
	f.make_invoice(HEAD, 300, add_days(nowdate(), -40), COMPANY)
	f.make_order(BRANCH, 150, company=COMPANY)
	f.make_delivery(BRANCH, 50, company=COMPANY)
	f.make_invoice(ALONE, 400, add_days(nowdate(), -90), COMPANY)
	f.make_invoice(FREE, 100, add_days(nowdate(), -9), COMPANY)
	alone = frappe.get_doc("Customer", ALONE)
	frappe.db.set_value("Customer Credit Limit", alone.credit_limits[0].name, "credit_limit", 200)
	frappe.db.set_value("Customer", ALONE, "customer_name", "Alone by Name")
	refresh()


def exposure_of(**filters) -> tuple:
	return credit_exposure.execute({"company": COMPANY, **filters})


def rows_of(data: list[dict]) -> dict[str, dict]:
	return {row["customer"]: row for row in data if not row.get("total") and not row.get("indent")}


class TestExposure:
	def test_each_customer_with_what_counts_for_its_limit(self):
		rows = rows_of(exposure_of()[1])
		assert set(rows) == {HEAD, BRANCH, ALONE, FREE}
		branch = rows[BRANCH]
		assert [branch[f] for f in ("receivable", "orders", "deliveries", "exposure")] == [0, 150, 50, 200]
		assert [branch[f] for f in ("counted", "credit_limit", "used", "free")] == [500, 1000, 50, 500]
		assert [rows[ALONE][f] for f in ("counted", "credit_limit", "used", "free")] == [400, 200, 200, -200]
		assert [rows[FREE][f] for f in ("state", "credit_limit", "used", "free")] == [
			"Unlimited",
			None,
			None,
			None,
		]

	def test_the_total_is_all_exposure_of_the_company(self):
		data = exposure_of()[1]
		assert data[-1]["total"]
		whole = sum(found.total for found in exposures_of((COMPANY,)).values())
		assert data[-1]["exposure"] == flt(whole, 2) == 1000

	def test_one_row_per_limit(self):
		rows = rows_of(exposure_of(by_limit=1)[1])
		assert set(rows) == {HEAD, ALONE, FREE}
		assert [rows[HEAD][f] for f in ("receivable", "orders", "deliveries", "exposure")] == [
			300,
			150,
			50,
			500,
		]

	def test_over_the_limit_only_and_by_state(self):
		assert set(rows_of(exposure_of(over_only=1)[1])) == {ALONE}
		assert set(rows_of(exposure_of(limit_state="Unlimited")[1])) == {FREE}
		assert set(rows_of(exposure_of(limit_state="Limited", with_unused=1)[1])) == {
			HEAD,
			BRANCH,
			ALONE,
			IDLE,
		}
		assert exposure_of(limit_state="No Credit")[1] == []

	def test_documents_add_up_under_their_customer(self):
		data = exposure_of(with_documents=1)[1]
		found: dict[str, float] = {}
		for row in data:
			if row.get("indent"):
				found[row["customer"]] = found.get(row["customer"], 0) + row["exposure"]
				assert frappe.db.exists(row["voucher_type"], row["voucher_no"]) and row["can_open"]
		assert found == {name: row["exposure"] for name, row in rows_of(data).items()}

	def test_the_summary_counts_a_shared_limit_once(self):
		frappe.db.set_value(
			"Customer Credit Limit", {"parent": HEAD, "company": COMPANY}, "credit_limit", 450
		)
		try:
			summary = {row["label"]: row["value"] for row in exposure_of()[4]}
		finally:
			frappe.db.set_value(
				"Customer Credit Limit", {"parent": HEAD, "company": COMPANY}, "credit_limit", 1000
			)
		assert summary["Over Limit (USD)"] == 200 + 50
		assert summary["Without Limit (USD)"] == 100
		assert summary["Customers over Limit"] == 3

	def test_the_chart_shows_the_largest_beside_their_limits(self):
		chart = exposure_of(by_limit=1)[3]
		assert chart["data"]["labels"] == [HEAD, "Alone by Name", FREE]
		assert [series["values"] for series in chart["data"]["datasets"]] == [[500, 400, 100], [1000, 200, 0]]

	def test_a_single_bar_is_no_chart(self):
		assert exposure_of(customers=[ALONE])[3] is None

	@pytest.mark.parametrize(
		("filters", "message"),
		[
			({"company": ""}, "Company"),
			({"company": "Nobody"}, "Nobody"),
			({"limit_state": "Some"}, "Credit Limit Status"),
			({"customers": ["Nobody"]}, "Nobody"),
		],
	)
	def test_a_bad_filter_is_named(self, filters, message):
		with pytest.raises(frappe.ValidationError, match=message):
			exposure_of(**filters)


class TestConcentration:
	def of(self, **filters) -> tuple:
		return credit_concentration.execute({"company": COMPANY, **filters})

	def test_shares_of_exposure_with_those_who_share_a_limit_as_one(self):
		_columns, data, _message, chart, summary = self.of()
		assert [(row["customer"], row["percent"], row["cumulated"]) for row in data[:3]] == [
			(HEAD, 50, 50),
			(ALONE, 40, 90),
			(FREE, 10, 100),
		]
		assert chart["data"]["datasets"][0]["values"] == [50, 40, 10]
		assert chart["data"]["labels"] == [HEAD, "Alone by Name", FREE]
		values = {row["label"]: row["value"] for row in summary}
		assert values["Herfindahl Index (of 10,000)"] == 50**2 + 40**2 + 10**2
		assert values["Share of Largest Customer"] == 50

	def test_apart(self):
		rows = self.of(together=0)[1]
		assert [(row["customer"], row["amount"]) for row in rows[:4]] == [
			(ALONE, 400),
			(HEAD, 300),
			(BRANCH, 200),
			(FREE, 100),
		]

	def test_of_open_items_and_of_sales(self):
		assert [row["amount"] for row in self.of(basis="Open Items")[1][:3]] == [400, 300, 100]
		assert {row["customer"]: row["amount"] for row in self.of(basis="Sales (12 Months)")[1][:3]} == {
			ALONE: 400,
			HEAD: 300,
			FREE: 100,
		}

	def test_the_rest_is_one_row(self):
		data = self.of(shown=1)[1]
		assert [(row["amount"], row["percent"]) for row in data] == [(500, 50), (500, 50), (1000, 100)]
		assert data[1]["customer"] == "2 others"

	def test_a_bad_number_is_named(self):
		with pytest.raises(frappe.ValidationError, match="Number of Customers"):
			self.of(shown=-1)


class TestWhoSees:
	def login(self, name: str, *roles: str, allowed: tuple = ()) -> None:
		user = f.make_user(f"credit.reports.{name}@example.com", roles, allowed).name
		frappe.clear_cache(user=user)
		frappe.set_user(user)

	def run(self, report: str, **filters) -> list[dict]:
		found = query_report.run(report, {"company": COMPANY, **filters}, ignore_prepared_report=True)
		return [row for row in found["result"] if isinstance(row, dict)]

	@pytest.mark.parametrize("report", REPORTS)
	@pytest.mark.parametrize("role", READERS)
	def test_roles_that_read_customers(self, report, role):
		self.login(frappe.scrub(role), role)
		assert {HEAD, ALONE, FREE} <= {row["customer"] for row in self.run(report)}

	@pytest.mark.parametrize("report", REPORTS)
	@pytest.mark.parametrize("role", ["Credit Manager", "Credit Controller"])
	def test_credit_roles_see_customers_with_a_role_that_reads_them(self, report, role):
		self.login(f"{frappe.scrub(role)}.reader", role, "Stock User")
		assert {HEAD, ALONE, FREE} <= {row["customer"] for row in self.run(report)}

	@pytest.mark.parametrize("report", REPORTS)
	def test_other_roles_are_refused(self, report):
		self.login("stock", "Stock User")
		with pytest.raises(frappe.PermissionError):
			self.run(report)

	@pytest.mark.parametrize("report", REPORTS)
	def test_user_permissions_on_customers(self, report):
		self.login("narrow", "Sales User", allowed=(("Customer", ALONE), ("Customer", BRANCH)))
		rows = self.run(report, together=0)
		assert {row["customer"] for row in rows if frappe.db.exists("Customer", row["customer"])} == {
			ALONE,
			BRANCH,
		}
		with pytest.raises(frappe.PermissionError):
			self.run(report, customers=[HEAD])

	@pytest.mark.parametrize("report", REPORTS)
	def test_user_permissions_on_companies(self, report):
		f.make_company()
		self.login("elsewhere", "Sales User", allowed=(("Company", f.COMPANY),))
		with pytest.raises(frappe.PermissionError):
			self.run(report)

	def test_documents_that_may_not_be_opened_are_no_links(self):
		self.login("controller.docs", "Credit Controller", "Stock User")
		rows = [row for row in self.run("Credit Exposure", with_documents=1) if row.get("indent")]
		can_open = {row["voucher_type"]: row["can_open"] for row in rows}
		assert can_open["Delivery Note"] and not can_open["Sales Invoice"]
