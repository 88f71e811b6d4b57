"""The reports and the workspace's figures on a site: against ERPNext's own reports, and for users who see less."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from erpnext.accounts.report.accounts_receivable_summary import accounts_receivable_summary
from erpnext.accounts.report.general_ledger import general_ledger
from frappe.desk import query_report
from frappe.desk.desktop import Workspace
from frappe.utils import flt, getdate, nowdate

from client_ledger.client_ledger.report.client_ageing import client_ageing
from client_ledger.client_ledger.report.client_ledger import client_ledger
from client_ledger.client_ledger.report.client_overview import client_overview
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.reporting import dashboard
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.books import COMPANY, CUSTOMERS, NORTH, OTHER_COMPANY, SOUTH, ago, make_books

pytestmark = pytest.mark.one_transaction

RANGES = (30, 60, 90, 120)
EURO = "Report Euro Company"


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	make_books()


def ageing(**filters) -> tuple:
	return client_ageing.execute({"company": COMPANY, "report_date": nowdate(), **filters})


def statement(*customers: str, **filters) -> tuple:
	period = {"from_date": ago(100), "to_date": nowdate()}
	return client_ledger.execute({"company": COMPANY, "customers": list(customers), **period, **filters})


def overview(**filters) -> tuple:
	return client_overview.execute({"company": COMPANY, **filters})


def of_customers(rows: list[dict]) -> dict[str, dict]:
	return {row["customer"]: row for row in rows if row.get("customer") and not row.get("bold")}


@contextmanager
def user(name: str, *roles: str, **allowed: str) -> Iterator[str]:
	"""Work as a user with *roles*, restricted by User Permissions to *allowed* (doctype in snake case: name)."""
	email = f"{name}@report-test.example"
	if not frappe.db.exists("User", email):
		frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": name,
				"send_welcome_email": 0,
				"roles": [{"role": role} for role in roles],
			}
		).insert()
		for doctype, value in allowed.items():
			frappe.get_doc(
				{
					"doctype": "User Permission",
					"user": email,
					"allow": frappe.unscrub(doctype),
					"for_value": value,
					"apply_to_all_doctypes": 1,
				}
			).insert()
	frappe.set_user(email)
	try:
		yield email
	finally:
		frappe.set_user("Administrator")


class TestAgeing:
	@pytest.mark.parametrize("as_of", [0, 40, 95])
	@pytest.mark.parametrize("basis", ["Due Date", "Posting Date"])
	@pytest.mark.parametrize("by_terms", [0, 1])
	def test_equals_accounts_receivable_summary(self, as_of, basis, by_terms):
		theirs = accounts_receivable_summary.execute(
			frappe._dict(
				company=COMPANY,
				report_date=ago(as_of),
				ageing_based_on=basis,
				calculate_ageing_with="Report Date",
				range=", ".join(map(str, RANGES)),
				party_type="Customer",
				based_on_payment_terms=by_terms,
			)
		)[1]
		mine = of_customers(
			ageing(report_date=ago(as_of), ageing_based_on=basis, based_on_payment_terms=by_terms)[1]
		)
		assert len(theirs) == len(mine) == len(CUSTOMERS)
		for row in theirs:
			own = mine[row.party]
			numbers = range(1, len(RANGES) + 2)
			assert [flt(own[f"bucket_{i}"], 2) for i in numbers] == [
				flt(row[f"range{i}"], 2) for i in numbers
			], row.party
			assert flt(own["outstanding"], 2) == flt(row.outstanding, 2)
			assert flt(own["not_due"], 2) == flt(row.outstanding - row.total_due, 2)

	def test_any_number_of_buckets(self):
		columns, rows, *_rest = ageing(range="15, 45")
		assert [c["label"] for c in columns if c["fieldname"].startswith("bucket")] == [
			"0-15",
			"16-45",
			"45+",
		]
		row = of_customers(rows)["Report Ash"]
		parts = ("not_due", "bucket_1", "bucket_2", "bucket_3")
		assert flt(sum(row[part] for part in parts), 2) == row["outstanding"]

	@pytest.mark.parametrize("group_by", ["Customer Group", "Territory", "Sales Person", "Credit Grade"])
	def test_groups_sum_to_the_total(self, group_by):
		rows = ageing(group_by=group_by)[1]
		fieldname = frappe.scrub(group_by)
		*groups, total = [row for row in rows if row.get("bold")]
		assert total["total"]
		assert flt(sum(row["outstanding"] for row in groups), 2) == total["outstanding"]
		for group in groups:
			members = [r for r in rows if not r.get("bold") and r[fieldname] == group[fieldname]]
			assert members
			assert flt(sum(r["outstanding"] for r in members), 2) == group["outstanding"]

	def test_groups_are_the_customers_own(self):
		by_territory = of_customers(ageing(group_by="Territory")[1])
		assert {name: row["territory"] for name, row in by_territory.items()} == CUSTOMERS
		graded = {"customer": "Report Ash", "company": COMPANY}
		frappe.db.set_value("Client Account", graded, "credit_grade", "B")
		by_grade = of_customers(ageing(group_by="Credit Grade")[1])
		assert (by_grade["Report Ash"]["credit_grade"], by_grade["Report Elm"]["credit_grade"]) == ("B", "")
		frappe.db.set_value("Client Account", graded, "credit_grade", None)
		by_person = of_customers(ageing(group_by="Sales Person")[1])
		assert by_person["Report Ash"]["sales_person"] == "Report Ann"
		assert by_person["Report Beech"]["sales_person"] == "Report Bob"

	def test_filters_narrow_by_tree(self):
		assert set(of_customers(ageing(territory=NORTH)[1])) == {"Report Ash", "Report Beech"}
		root = frappe.db.get_value("Territory", NORTH, "parent_territory")
		assert set(of_customers(ageing(territory=root)[1])) == set(CUSTOMERS)
		assert set(of_customers(ageing(customers=["Report Elm"])[1])) == {"Report Elm"}
		assert set(of_customers(ageing(sales_person="Report Bob")[1])) == set(CUSTOMERS)
		assert ageing(territory=NORTH, customers=["Report Elm"])[1] == []

	def test_currencies_are_never_added(self):
		columns, rows, _message, chart, summary = ageing(in_party_currency=1)
		totals = {row["currency"]: row for row in rows if row.get("total")}
		customers = of_customers(rows)
		assert set(totals) == {"EUR", "USD"}
		assert totals["EUR"]["outstanding"] == customers["Report Elm"]["outstanding"]
		in_company_currency = of_customers(ageing()[1])["Report Elm"]
		assert in_company_currency["currency"] == "USD"
		assert in_company_currency["outstanding"] == flt(customers["Report Elm"]["outstanding"] * 1.1, 2)
		assert [series["name"] for series in chart["data"]["datasets"]] == ["EUR", "USD"]
		assert {item["currency"] for item in summary if item["datatype"] == "Currency"} == {"EUR", "USD"}
		assert {c["options"] for c in columns if c["fieldtype"] == "Currency"} == {"currency"}

	def test_summary_and_chart_show_the_total(self):
		_columns, rows, _message, chart, summary = ageing()
		total = next(row for row in rows if row.get("total"))
		assert summary[0]["value"] == total["outstanding"]
		assert summary[1]["value"] == total["past_due"]
		assert flt(sum(chart["data"]["datasets"][0]["values"]), 2) == total["outstanding"]


class TestLedger:
	@pytest.mark.parametrize("customer", [c for c in CUSTOMERS])
	@pytest.mark.parametrize("days", [(100, 0), (210, 45), (60, 30)])
	def test_equals_the_general_ledger(self, customer, days):
		period = {"from_date": ago(days[0]), "to_date": ago(days[1])}
		grouping = "Categorize by Voucher (Consolidated)"
		theirs = general_ledger.execute(
			frappe._dict(
				company=COMPANY,
				party_type="Customer",
				party=[customer],
				categorize_by=grouping,
				group_by="Group by Voucher (Consolidated)",
				**{name: getdate(day) for name, day in period.items()},
			)
		)[1]
		opening, total, closing = (
			next(row for row in theirs if str(row.get("account", "")).strip("'").startswith(label))
			for label in ("Opening", "Total", "Closing")
		)
		# ERPNext shows a party in the currency of its account.
		rows = statement(customer, in_party_currency=1, **period)[1]
		mine = [row for row in rows if row.get("bold")]
		assert flt(mine[0]["balance"], 2) == flt(opening["debit"] - opening["credit"], 2)
		assert flt(mine[1]["balance"], 2) == flt(closing["debit"] - closing["credit"], 2)
		moved = flt(total["debit"] - total["credit"], 2)
		assert flt(mine[1]["debit"] - mine[1]["credit"], 2) == moved
		assert any(row.get("tie") and row["colour"] == "green" for row in rows)

	def test_the_balance_runs(self):
		rows = statement("Report Ash")[1]
		balance = rows[0]["balance"]
		for row in (row for row in rows if row.get("posting_date")):
			balance = flt(balance + row["debit"] - row["credit"], 2)
			assert row["balance"] == balance
		assert balance == next(row for row in rows[1:] if row.get("bold"))["balance"]

	def test_lines_tell_where_they_stand(self):
		rows = [row for row in statement("Report Ash", from_date=ago(300))[1] if row.get("posting_date")]
		assert [row["posting_date"] for row in rows] == sorted(row["posting_date"] for row in rows)
		assert {row["voucher_type"] for row in rows} == {"Sales Invoice", "Payment Entry"}
		oldest = rows[0]
		assert (oldest["status"], oldest["outstanding"], oldest["days_late"]) == ("Overdue", 400, 170)
		assert (
			next(r for r in rows if r["voucher_type"] == "Payment Entry")["against"] == oldest["voucher_no"]
		)

	def test_several_customers_and_currencies(self):
		_columns, rows, _message, chart, summary = statement(in_party_currency=1)
		totals = {row["currency"]: row for row in rows if row and not row.get("customer")}
		assert set(totals) == {"EUR", "USD"}
		for currency, total in totals.items():
			closing = [
				row["balance"]
				for row in rows
				if row.get("bold") and row.get("customer") and "debit" in row and row["currency"] == currency
			]
			assert flt(sum(closing), 2) == total["balance"]
		assert chart is None
		assert {item.get("currency") for item in summary} == {"EUR", "USD", None}

	def test_one_account_currency(self):
		rows = statement(currency="EUR")[1]
		assert {row["customer"] for row in rows if row} == {"Report Elm"}

	def test_equals_one_customer_at_a_time(self):
		together = [row for row in statement()[1] if row.get("posting_date")]
		apart = [row for name in CUSTOMERS for row in statement(name)[1] if row.get("posting_date")]
		assert together == apart
		history = site_ledger().history("Report Ash", (COMPANY,), getdate(ago(100)), getdate())[1]
		own = [row for row in together if row["customer"] == "Report Ash"]
		assert [row["balance"] for row in own] == [float(line.movement.base_balance) for line in history]
		assert [row["status"] for row in own] == [line.status.value for line in history]

	def test_a_difference_names_its_voucher(self):
		invoice = frappe.db.get_value("Sales Invoice", {"customer": "Report Beech"})
		entry = frappe.qb.DocType("GL Entry")
		of_customer = (entry.voucher_no == invoice) & (entry.party == "Report Beech")
		frappe.qb.update(entry).set(entry.debit, entry.debit + 7).where(of_customer).run()
		try:
			_columns, rows, _message, _chart, summary = statement("Report Beech", from_date=ago(300))
			ties = [row for row in rows if row.get("tie")]
			assert [row["balance"] for row in ties] == [7, 7]
			assert ties[1]["voucher_no"] == invoice
			assert summary[-1]["value"] == 1
		finally:
			frappe.qb.update(entry).set(entry.debit, entry.debit - 7).where(of_customer).run()


class TestOverview:
	def test_totals_equal_the_ageing(self):
		_columns, rows, _message, chart, summary = overview()
		total = next(row for row in ageing()[1] if row.get("total"))
		assert {row["customer"] for row in rows} == set(CUSTOMERS)
		assert flt(sum(row["balance"] for row in rows), 2) == total["outstanding"]
		assert [item["value"] for item in summary[:3]] == [
			total["outstanding"],
			total["past_due"],
			total["unallocated"],
		]
		assert sum(chart["data"]["datasets"][0]["values"]) == len(rows)

	def test_filters(self):
		assert {row["customer"] for row in overview(territory=SOUTH)[1]} == {"Report Cedar", "Report Elm"}
		assert overview(payment_status="Paid Up")[1] == []
		assert {row["status"] for row in overview(payment_status="Long Overdue")[1]} == {"Long Overdue"}
		assert [r["customer"] for r in overview(company=OTHER_COMPANY)[1]] == ["Report Cedar"]


@pytest.fixture(scope="module")
def a_company_in_euro(books) -> None:
	f.make_company(EURO, "REC", currency="EUR")
	f.make_invoice("Report Ash", 90, ago(40), EURO)
	refresh()


@pytest.mark.usefixtures("a_company_in_euro")
class TestAllCompanies:
	"""Company left empty: all that the user may see, each in its own currency."""

	OF = (COMPANY, OTHER_COMPANY, EURO)

	def rows_of(self, report, **filters) -> list[dict]:
		customers = list(CUSTOMERS)
		period = {"from_date": ago(100), "to_date": nowdate(), "report_date": nowdate()}
		return report.execute({"customers": customers, **period, **filters})[1]

	def test_ageing_is_that_of_each_company_and_its_totals_of_each_currency(self):
		together = self.rows_of(client_ageing)
		apart = {company: self.rows_of(client_ageing, company=company) for company in self.OF}
		for company, rows in apart.items():
			own = [row for row in together if row.get("company") == company]
			assert sorted(own, key=lambda row: row["customer"]) == sorted(
				(row for row in rows if not row.get("total")), key=lambda row: row["customer"]
			)
		totals = {row["currency"]: row["outstanding"] for row in together if row.get("total")}
		single = {c: next(r for r in rows if r.get("total"))["outstanding"] for c, rows in apart.items()}
		assert totals["EUR"] == single[EURO] == 90
		assert totals["USD"] == flt(single[COMPANY] + single[OTHER_COMPANY], 2)

	@pytest.mark.parametrize("group_by", ["Customer", "Territory"])
	def test_groups_hold_rows_of_one_currency(self, group_by):
		rows = self.rows_of(client_ageing, group_by=group_by)
		for currency in ("EUR", "USD"):
			own = [row for row in rows if row["currency"] == currency]
			total = next(row for row in own if row.get("total"))
			lines = [row["outstanding"] for row in own if not row.get("bold")]
			assert flt(sum(lines), 2) == total["outstanding"]

	def test_the_ledger_is_that_of_each_company(self):
		together = self.rows_of(client_ledger)
		for company in self.OF:
			own = [row for row in together if row.get("company") == company]
			alone = [row for row in self.rows_of(client_ledger, company=company) if row.get("company")]
			assert own == alone
		totals = {row["currency"]: row["balance"] for row in together if row and not row.get("customer")}
		assert set(totals) == {"EUR", "USD"}
		assert totals["EUR"] == 90

	def test_the_overview_sums_up_each_currency(self):
		columns, rows, _message, _chart, summary = client_overview.execute({"customers": list(CUSTOMERS)})
		assert {row["company"] for row in rows} == set(self.OF)
		assert columns[1]["fieldname"] == "company"
		sums = {item["label"]: item["value"] for item in summary}
		for currency in ("EUR", "USD"):
			balance = sum(row["balance"] for row in rows if row["currency"] == currency)
			assert sums[f"Balance ({currency})"] == flt(balance, 2)

	@pytest.mark.parametrize("report", [client_ageing, client_ledger, client_overview])
	def test_user_permissions_hold(self, report):
		with user("one.company", "Accounts User", company=OTHER_COMPANY):
			seen = {row["company"] for row in self.rows_of(report) if row.get("company")}
		assert seen == {OTHER_COMPANY}


class TestFilters:
	@pytest.mark.parametrize(
		("report", "filters", "label"),
		[
			(client_ageing, {"company": "No Such Company"}, "Company"),
			(client_ageing, {"report_date": None}, "As On Date"),
			(client_ageing, {"report_date": "31.12.2025"}, "As On Date"),
			(client_ageing, {"range": "30, 20"}, "Ageing Range"),
			(client_ageing, {"range": "a, b"}, "Ageing Range"),
			(client_ageing, {"range": ", ".join(map(str, range(1, 20)))}, "Ageing Range"),
			(client_ageing, {"group_by": "Owner"}, "Group By"),
			(client_ageing, {"ageing_based_on": "Creation"}, "Ageing Based On"),
			(client_ageing, {"customers": ["Nobody"]}, "Customers"),
			(client_ageing, {"territory": "Nowhere"}, "Territory"),
			(client_ledger, {"company": "No Such Company"}, "Company"),
			(client_ledger, {"from_date": ""}, "From Date"),
			(client_ledger, {"to_date": "2001-01-01"}, "To Date"),
			(client_ledger, {"currency": "XXX"}, "Account Currency"),
			(client_overview, {"company": "No Such Company"}, "Company"),
			(client_overview, {"sales_person": "Nobody"}, "Sales Person"),
		],
	)
	def test_a_wrong_filter_is_named(self, report, filters, label):
		good = {"company": COMPANY, "report_date": nowdate(), "from_date": ago(9), "to_date": nowdate()}
		with pytest.raises(frappe.ValidationError, match=f"<(b|strong)>{label}</"):
			report.execute({**good, **filters})

	def test_dates_and_names_may_come_as_objects_or_text(self):
		as_text = ageing(report_date=nowdate(), customers='["Report Ash"]')[1]
		as_objects = ageing(report_date=datetime.date.fromisoformat(nowdate()), customers=["Report Ash"])[1]
		assert as_text == as_objects


def run(report: str, **filters) -> list[dict]:
	"""Run a report as the desk does, for the user of the session."""
	frappe.local.response = frappe._dict(docs=[])
	return query_report.run(report, {"company": COMPANY, **filters})["result"]


REPORTS = {
	"Client Ageing": {"report_date": nowdate()},
	"Client Ledger": {"from_date": ago(300), "to_date": nowdate()},
	"Client Overview": {},
}


class TestPermissions:
	@pytest.mark.parametrize("report", REPORTS)
	def test_user_permissions_narrow_rows_and_totals(self, report):
		with user("north", "Accounts User", territory=NORTH):
			rows = run(report, **REPORTS[report])
		names = {row["customer"] for row in rows if row.get("customer") in CUSTOMERS}
		assert names == {"Report Ash", "Report Beech"}
		if report == "Client Ageing":
			total = next(row for row in rows if row.get("total"))
			assert total["outstanding"] == flt(sum(r["outstanding"] for r in of_customers(rows).values()), 2)

	@pytest.mark.parametrize("report", REPORTS)
	def test_one_customer_only(self, report):
		with user("elm", "Sales User", customer="Report Elm"):
			rows = run(report, **REPORTS[report])
			assert {row["customer"] for row in rows if row.get("customer") in CUSTOMERS} == {"Report Elm"}

	@pytest.mark.parametrize("report", ["Client Ageing", "Client Ledger"])
	def test_another_customer_is_refused(self, report):
		with user("elm", "Sales User", customer="Report Elm"), pytest.raises(frappe.PermissionError):
			run(report, customers=["Report Ash"], **REPORTS[report])

	@pytest.mark.parametrize("report", REPORTS)
	def test_another_company_is_refused(self, report):
		with user("other", "Accounts User", company=OTHER_COMPANY):
			with pytest.raises(frappe.PermissionError):
				run(report, **REPORTS[report])
			assert run(report, **{"company": OTHER_COMPANY, **REPORTS[report]})

	@pytest.mark.parametrize("report", REPORTS)
	def test_who_has_no_role_is_refused(self, report):
		with user("stock", "Stock User"), pytest.raises(frappe.PermissionError):
			run(report, **REPORTS[report])

	@pytest.mark.parametrize("role", ["Accounts User", "Accounts Manager", "Sales User", "Sales Manager"])
	def test_unrestricted_roles_see_everybody(self, role):
		with user(frappe.scrub(role).replace("_", "-"), role):
			for report, filters in REPORTS.items():
				rows = run(report, **filters)
				assert {r["customer"] for r in rows if r.get("customer") in CUSTOMERS} == set(CUSTOMERS)

	@pytest.mark.parametrize("report", ["Client Ageing", "Client Ledger"])
	def test_a_role_that_may_not_read_customers_is_refused(self, report):
		with user("auditor", "Auditor"), pytest.raises(frappe.PermissionError):
			run(report, **REPORTS[report])

	def test_cards_and_charts_count_what_the_user_may_see(self):
		everybody = dashboard.total_receivable({"company": COMPANY})["value"]
		with user("north", "Accounts User", territory=NORTH):
			north = dashboard.total_receivable({"company": COMPANY})["value"]
			owed = sum(row["receivable"] for row in overview()[1])
			assert north == flt(owed, 2) < everybody
			values = dashboard.status_chart({"company": COMPANY})["datasets"][0]["values"]
			assert sum(values) == 2
		with user("other", "Accounts User", company=OTHER_COMPANY):
			with pytest.raises(frappe.PermissionError):
				dashboard.overdue({"company": COMPANY})
			assert dashboard.overdue()["value"] == 5000
		with user("stock", "Stock User"), pytest.raises(frappe.PermissionError):
			dashboard.overdue({"company": COMPANY})


class TestDashboard:
	def test_cards_equal_the_ageing(self):
		total = next(row for row in ageing()[1] if row.get("total"))
		at = {"company": COMPANY}
		owed = flt(total["outstanding"] + total["unallocated"], 2)
		assert dashboard.total_receivable(at)["value"] == owed
		assert dashboard.overdue(at)["value"] == total["past_due"]
		assert dashboard.unallocated(at)["value"] == total["unallocated"]
		assert dashboard.overdue_share(at)["value"] == round(total["past_due"] / owed * 100, 1)
		assert dashboard.customers_overdue(at)["value"] == len(CUSTOMERS)
		assert dashboard.customers_long_overdue('{"company": "%s"}' % COMPANY)["value"] == len(CUSTOMERS)
		amounts = dashboard.ageing_chart(at)["datasets"][0]["values"]
		assert amounts == [total["not_due"], *(total[f"bucket_{i}"] for i in range(1, 6))]

	def test_months_are_the_customers_months_added(self):
		chart = dashboard.billed_and_received_chart({"company": COMPANY})
		billed, received = (series["values"] for series in chart["datasets"])
		months = [
			site_ledger().monthly(Scope((COMPANY,), (name,)), getdate(), dashboard.MONTHS)
			for name in CUSTOMERS
		]
		assert len(billed) == len(chart["labels"]) == dashboard.MONTHS
		for i, month in enumerate(zip(*months, strict=True)):
			assert billed[i] == float(sum(m.billed - m.credited for m in month))
			assert received[i] == float(sum(m.received for m in month))
		assert sum(billed) > 0 < sum(received)

	def test_an_amount_of_another_company_carries_no_sign(self):
		frappe.defaults.set_user_default("company", OTHER_COMPANY)
		assert dashboard.overdue({"company": COMPANY})["fieldtype"] == "Float"
		assert dashboard.overdue({"company": OTHER_COMPANY})["fieldtype"] == "Currency"


def may_open(page: dict) -> bool:
	"""Whether the user may open a workspace: by its roles, and by having anything to do with its module."""
	try:
		return bool(Workspace(frappe._dict(page), True).is_permitted())
	except frappe.PermissionError:
		return False


class TestWorkspace:
	def test_everything_it_shows_is_on_the_site(self):
		workspace = frappe.get_doc("Workspace", "Client Ledger")
		for row in workspace.links:
			if row.type == "Link":
				assert frappe.db.exists(row.link_type, row.link_to), row.link_to
		for row in workspace.shortcuts:
			assert frappe.db.exists(row.type, row.link_to), row.link_to
		for row in workspace.custom_blocks:
			assert frappe.db.exists("Custom HTML Block", row.custom_block_name), row.custom_block_name

	def test_cards_and_charts_for_workspaces_that_people_make_answer(self):
		cards = frappe.get_all("Number Card", {"module": "Client Ledger"}, ["name", "method"])
		assert len(cards) == 16
		for card in cards:
			assert frappe.get_attr(card.method)(frappe.parse_json('{"company": "%s"}' % COMPANY)), card.name
		charts = frappe.get_all("Dashboard Chart", {"module": "Client Ledger"}, pluck="source")
		assert len(charts) == 3 and all(charts)

	def test_money_is_in_the_currency_of_the_default_company(self):
		"""The desk finds the currency of an amount by the company the user works with; a code would give the site's."""
		other = f.make_company("Card Company in Yuan", "CCY", "CNY").name
		for company, is_default in ((other, True), (COMPANY, False)):
			frappe.defaults.set_user_default("company", other)
			shown = {}
			for name in frappe.get_all("Number Card", {"module": "Client Ledger"}, pluck="name"):
				card = frappe.get_doc("Number Card", name)
				assert not card.currency
				shown[name] = frappe.get_attr(card.method)({"company": company})
			money = {name: card for name, card in shown.items() if "options" in card}
			assert {
				"Collections Promises Due",
				"Collections In Dispute",
				"Credit Amount on Hold",
			} <= money.keys()
			for name, card in money.items():
				assert card["options"] == "Company:company:default_currency", name
				assert card["fieldtype"] == ("Currency" if is_default else "Float"), name
			assert not [
				name for name, card in shown.items() if card["fieldtype"] == "Currency" and name not in money
			]

	def test_who_may_open_it(self):
		page = {"name": "Client Ledger", "title": "Client Ledger", "public": 1}
		with user("accounts-user", "Accounts User"):
			shown = Workspace(frappe._dict(page))
			shown.build_workspace()
			assert len(shown.custom_blocks["items"]) == 1
			assert len(shown.cards["items"]) == 13
		with user("stock", "Stock User"):
			assert not may_open(page)

	def test_the_tile_of_version_16_opens_it(self):
		if not frappe.db.table_exists("Workspace Sidebar"):
			pytest.skip("ERPNext 15 has no tiles")
		tile = frappe.get_doc("Desktop Icon", "Client Ledger")
		assert tile.link_type in frappe.get_meta("Desktop Icon").get_field("link_type").options.split("\n")
		assert frappe.get_doc("Workspace Sidebar", "Client Ledger").items
