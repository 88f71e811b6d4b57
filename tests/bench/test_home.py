"""The home page's one answer: figures, lists and charts of each company and of all, for every role, and what it costs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import frappe
import pytest
from frappe.desk.desktop import Workspace
from frappe.utils import add_days, add_months, flt, getdate, nowdate

from client_ledger.accounts.month_ago import update_month_ago
from client_ledger.collections import api as collections_api
from client_ledger.core.credit.histogram import HistogramSettings, learn
from client_ledger.credit import api as credit_api
from client_ledger.credit import waiting as credit_waiting
from client_ledger.credit.grades import cash_outlook
from client_ledger.credit.grades.scorecards import active_scorecard
from client_ledger.credit.grades.trade import company_lines
from client_ledger.home.api import SHOWN, get_home
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox import exceptions
from client_ledger.patches.v0_2 import put_home_on_workspace
from client_ledger.setup.desk import HOME_BLOCK
from client_ledger.site.visible import sums
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.home_books import (
	ASH,
	BIRCH,
	CEDAR,
	CURRENCIES,
	DEBTORS,
	MAKER,
	NORTH,
	SOUTH,
	make_hold,
	make_home_books,
	request_limit,
)

pytestmark = pytest.mark.one_transaction

MANAGER = "home.manager@example.com"
READING = ("Accounts User",)
LISTS = ("to_call", "holds", "limits", "notices", "promises", "disputes", "receipts")
# Statements of one answer, however many accounts and documents there are.
MOST_STATEMENTS = 80


@pytest.fixture(scope="module", autouse=True)
def books() -> None:
	frappe.cache.delete_key("workflow")
	make_home_books()
	f.make_user(MANAGER, ("Credit Manager", "Accounts Manager", "Sales Manager", "Accounts User"))


@contextmanager
def user(email: str, roles: tuple[str, ...] = (), permissions: tuple = ()) -> Iterator[None]:
	frappe.set_user("Administrator")
	if roles or not frappe.db.exists("User", email):
		f.make_user(email, roles, permissions)
	frappe.clear_cache(user=email)
	frappe.clear_messages()
	frappe.set_user(email)
	try:
		yield
	finally:
		frappe.set_user("Administrator")


def accounts(company: str | None, **filters) -> list[frappe._dict]:
	companies = [company] if company else list(frappe.get_all("Company", pluck="name"))
	return frappe.get_all("Client Account", {"company": ("in", companies), **filters}, ["*"])


def figure(home: dict, key: str) -> dict[str, dict]:
	(found,) = [one for one in home["figures"] if one["key"] == key]
	return {row["currency"]: row for row in found["rows"]}


def amounts(found: dict) -> dict[str, float]:
	return {row["currency"]: flt(row["amount"], 2) for row in found["amounts"]}


def added(rows: list, field: str) -> dict[str, float]:
	sums: dict[str, float] = {}
	for row in rows:
		currency = frappe.get_cached_value("Company", row.company, "default_currency")
		sums[currency] = sums.get(currency, 0) + flt(row[field])
	return {code: flt(amount, 2) for code, amount in sums.items()}


@pytest.mark.parametrize("company", [None, NORTH, SOUTH])
class TestWhatAManagerSees:
	@pytest.fixture
	def home(self, company) -> Iterator[dict]:
		with user(MANAGER):
			yield get_home(company)

	def test_figures_are_the_sums_of_the_accounts(self, home, company):
		rows = accounts(company)
		for key, fields in (
			("receivable", ("receivable",)),
			("overdue", ("overdue",)),
			("oldest", ("bucket_4", "bucket_5")),
		):
			expected = {code: 0.0 for code in home["currencies"]}
			for field in fields:
				for code, amount in added(rows, field).items():
					expected[code] += amount
			found = {code: flt(row["value"], 2) for code, row in figure(home, key).items()}
			assert found == {
				code: pytest.approx(amount) for code, amount in expected.items() if code in found
			}
			assert set(found) == set(added(rows, "receivable"))
			before = added(rows, {"oldest": "oldest_month_ago"}.get(key, f"{key}_month_ago"))
			assert {code: flt(row["before"], 2) for code, row in figure(home, key).items()} == before
		assert home["company"] == (company or "")
		assert {NORTH, SOUTH} <= set(home["companies"])

	def test_ageing_adds_up_to_what_customers_owe(self, home, company):
		owed = {code: row["value"] for code, row in figure(home, "receivable").items()}
		assert len(home["ageing"]["labels"]) == 6
		for row in home["ageing"]["rows"]:
			assert sum(row["amounts"]) == pytest.approx(owed[row["currency"]])
		assert any(any(row["amounts"]) for row in home["ageing"]["rows"])

	def test_whom_to_call_is_the_worklist(self, home, company):
		expected = collections_api.my_worklist(company)
		found = home["lists"]["to_call"]
		assert found["total"] == expected["total"] >= 3
		assert found["rows"] == expected["rows"][:SHOWN]

	def test_holds_are_those_that_wait(self, home, company):
		waiting = frappe.get_list("Credit Hold", {"status": "On Hold"}, ["name", "company", "amount"])
		waiting = [row for row in waiting if company in (None, row.company)]
		found = home["lists"]["holds"]
		assert found["total"] == len(waiting) >= 1
		assert amounts(found) == added(waiting, "amount")
		assert {row["name"] for row in found["rows"]} <= {row.name for row in waiting}
		assert all(row["may_decide"] for row in found["rows"])
		assert found["rows"][0]["rules"] == ["Over Limit", "Oldest Item"]

	def test_limits_are_those_that_wait_for_approval(self, home, company):
		waiting = frappe.get_all(
			"Credit Limit", {"workflow_state": "Pending Approval"}, ["name", "company", "amount"]
		)
		waiting = [row for row in waiting if company in (None, row.company)]
		found = home["lists"]["limits"]
		assert found["total"] == len(waiting) >= 1
		assert amounts(found) == added(waiting, "amount")
		assert all(row["may_approve"] for row in found["rows"])

	def test_notices_are_those_of_the_exceptions_that_need_a_person(self, home, company):
		groups = exceptions.list_exceptions(
			[company] if company else home["companies"], frappe.utils.now_datetime()
		)
		waiting = [
			group
			for group in groups
			if group["failed"]
			or group["reason"] in (exceptions.WAITING_FOR_APPROVAL, exceptions.LETTERS, exceptions.BY_HAND)
		]
		found = home["lists"]["notices"]
		assert {row["reason"]: row["total"] for row in found["rows"]} == {
			group["reason"]: group["count"] for group in waiting
		}
		assert found["total"] == sum(group["count"] for group in waiting) >= 1

	def test_promises_and_disputes_are_those_that_run(self, home, company):
		for name, doctype, filters in (
			("promises", "Promise to Pay", {"status": "Open", "next_due": ("<=", nowdate())}),
			("disputes", "Ledger Dispute", {"status": ("in", ("Open", "In Review"))}),
		):
			rows = frappe.get_all(doctype, filters, ["name", "company", "base_amount"])
			rows = [row for row in rows if company in (None, row.company)]
			found = home["lists"][name]
			assert found["total"] == len(rows)
			assert amounts(found) == added(rows, "base_amount")
			assert {row["name"] for row in found["rows"]} <= {row.name for row in rows}

	def test_expected_receipts_are_those_of_the_accounts(self, home, company):
		expected: dict[str, list[float]] = {}
		for row in accounts(company, expected_from=("is", "set")):
			weeks = expected.setdefault(row.currency, [0.0] * 8)
			for week, field in enumerate(cash_outlook.WEEK_FIELDS):
				weeks[week] += row[field]
		assert expected
		found = {row["currency"]: row["amounts"] for row in home["cash"]}
		assert found == {code: pytest.approx(weeks, abs=0.01) for code, weeks in expected.items()}
		near = {code: row["value"] for code, row in figure(home, "expected").items()}
		assert near == {code: pytest.approx(sum(weeks[:4]), abs=0.05) for code, weeks in expected.items()}
		assert {row["since"] for row in home["cash"]} == {add_days(nowdate(), 1)}


class TestMonthAgo:
	def test_it_is_what_the_ledger_said(self):
		day = getdate(add_months(nowdate(), -1))
		items = site_ledger().open_items(Scope((NORTH, SOUTH)), day)
		for customer in DEBTORS:
			(row,) = frappe.get_all("Client Account", {"customer": customer}, ["*"])
			own = [item for item in items if item.customer == customer and not item.is_credit]
			late = [item for item in own if item.due_date < day]
			assert row.compared_with == day
			assert Decimal(str(row.receivable_month_ago)) == sum(item.base_outstanding for item in own)
			assert Decimal(str(row.overdue_month_ago)) == sum(item.base_outstanding for item in late)
		assert sum(row.overdue_month_ago for row in accounts(NORTH)) > 0

	def test_a_second_time_changes_nothing_and_leaves_the_version(self):
		before = {row.name: row.modified for row in accounts(None)}
		assert update_month_ago() == 0
		frappe.db.set_value(
			"Client Account", {"customer": ASH}, "overdue_month_ago", 5, update_modified=False
		)
		assert update_month_ago() == 1
		assert {row.name: row.modified for row in accounts(None)} == before

	def test_before_the_first_night_nothing_is_compared(self):
		frappe.db.set_value(
			"Client Account", {"company": SOUTH}, "compared_with", None, update_modified=False
		)
		try:
			with user(MANAGER):
				home = get_home(SOUTH)
			assert home["compared_with"] is None
			assert [row["before"] for row in figure(home, "receivable").values()] == [None]
		finally:
			update_month_ago()


class TestOutlook:
	def test_weeks_that_are_over_are_left_out(self):
		with user(MANAGER):
			now = cash_outlook.outlook([NORTH], getdate())["USD"]
			later = cash_outlook.outlook([NORTH], getdate(add_days(nowdate(), 8)))["USD"]
		assert later.since == getdate(add_days(now.since, 7))
		assert later.weeks == pytest.approx([*now.weeks[1:], 0])

	def test_what_is_paid_is_expected_no_more_after_the_next_night(self):
		(row,) = accounts(NORTH, customer=CEDAR)
		assert sum(row[field] for field in cash_outlook.WEEK_FIELDS) > 0
		frappe.db.savepoint("outlook")
		cash_outlook.store_outlook(NORTH, [], learn([], getdate(), HistogramSettings()), getdate())
		(row,) = accounts(NORTH, customer=CEDAR)
		assert (row.expected_from, [row[field] for field in cash_outlook.WEEK_FIELDS]) == (None, [0.0] * 8)
		frappe.db.rollback(save_point="outlook")

	def test_a_second_night_on_the_same_day_changes_nothing(self):
		before = {row.name: row.modified for row in accounts(NORTH)}
		lines = company_lines(NORTH, getdate())
		settings = active_scorecard(NORTH).scorecard.settings.histogram()
		learnt = learn(lines, getdate(), settings)
		assert cash_outlook.store_outlook(NORTH, lines, learnt, getdate()) == 0
		assert {row.name: row.modified for row in accounts(NORTH)} == before


ROLES = {
	# Role -> lists that it sees beside another one that reads customers.
	("Sales User",): {"to_call", "holds", "promises", "disputes"},
	("Sales Manager",): {"to_call", "holds", "promises", "disputes"},
	("Accounts User",): {"holds", "promises", "disputes", "period_checks", "receipts"},
	("Accounts Manager",): {
		"duties",
		"to_call",
		"holds",
		"notices",
		"promises",
		"disputes",
		"period_checks",
		"receipts",
	},
	("Auditor", "Accounts User"): {"duties", "holds", "promises", "disputes", "period_checks", "receipts"},
	("Credit Controller", "Accounts User"): {
		"to_call",
		"holds",
		"notices",
		"promises",
		"disputes",
		"period_checks",
		"receipts",
	},
	("Credit Manager", "Accounts User"): {*LISTS, "period_checks", "receipts"},
	("System Manager", "Accounts User"): {
		"duties",
		"holds",
		"promises",
		"disputes",
		"period_checks",
		"receipts",
	},
}


class TestRoles:
	@pytest.mark.parametrize(("roles", "lists"), ROLES.items(), ids=["+".join(roles) for roles in ROLES])
	def test_each_role_sees_what_it_may_do(self, roles, lists):
		with user(f"home.{frappe.scrub(roles[0])}@example.com", roles):
			home = get_home()
			assert not frappe.get_message_log()
		assert set(home["lists"]) == lists
		assert figure(home, "receivable")["USD"]["value"] > 0
		decides = {"Credit Manager", "Credit Controller"} & set(roles)
		assert {row["may_decide"] for row in home["lists"]["holds"]["rows"]} == {bool(decides)}

	@pytest.mark.parametrize(
		"role", ["Stock User", "Credit Controller", "Credit Manager", "Auditor", "System Manager", "Employee"]
	)
	def test_who_may_see_nothing_gets_nothing_and_no_error(self, role):
		with user(f"home.only.{frappe.scrub(role)}@example.com", (role,)):
			home = get_home()
			assert home == get_home(NORTH)
			# How the backups are is not about customers: who may read the checks sees that.
			assert bool(home.pop("backup")) == (role in ("Auditor", "System Manager"))
			assert home == {"companies": []}
			assert not frappe.get_message_log()

	def test_a_narrowed_user_sees_its_own_part_of_every_figure(self):
		with user("home.one@example.com", ("Sales User",), (("Customer", ASH), ("Customer", BIRCH))):
			home = get_home()
		own = accounts(None, customer=("in", (ASH, BIRCH)))
		assert {code: row["value"] for code, row in figure(home, "overdue").items()} == added(own, "overdue")
		assert home["lists"]["holds"]["total"] == 1
		assert {row["customer"] for name in home["lists"] for row in home["lists"][name]["rows"]} <= {
			ASH,
			BIRCH,
		}
		weeks = sum(row[field] for row in own for field in cash_outlook.WEEK_FIELDS)
		assert sum(sum(row["amounts"]) for row in home["cash"]) == pytest.approx(weeks, abs=0.1)

	def test_a_company_that_is_closed_is_not_among_them(self):
		with user("home.south@example.com", ("Accounts User",), (("Company", SOUTH),)):
			home = get_home(NORTH)
		assert (home["companies"], home["company"], home["currencies"]) == ([SOUTH], "", ["EUR"])
		assert {row["company"] for row in home["lists"]["holds"]["rows"]} == {SOUTH}

	def test_a_customer_that_is_shared_is_all_that_is_seen(self):
		email = f.make_user("home.shared@example.com", ("Auditor",)).name
		frappe.share.add("Customer", CEDAR, email, read=1)
		with user(email):
			home = get_home()
		own = accounts(None, customer=CEDAR)
		assert {code: row["value"] for code, row in figure(home, "overdue").items()} == added(own, "overdue")
		assert home["lists"]["disputes"]["total"] == 1

	def test_a_percent_sign_in_a_name_is_a_letter(self):
		name = "Home 100% Cotton %s"
		if not frappe.db.exists("Customer", name):
			f.make_customer(name)
			make_hold(name, NORTH, 77)
		with user("home.percent@example.com", ("Sales User",), (("Customer", name),)):
			counted = sums("Credit Hold", [NORTH, SOUTH], "amount", lambda hold: hold.status == "On Hold")
		assert [(row.company, row.number, row.amount) for row in counted] == [(NORTH, 1, 77)]


class TestCost:
	def test_one_answer_takes_few_statements_however_much_there_is(self, monkeypatch):
		for number in range(SHOWN):
			make_hold(ASH, NORTH, 50 + number)
		with user(MANAGER):
			get_home()
			few = statements(monkeypatch)
		for number in range(12):
			make_hold(ASH, NORTH, 100 + number)
		with user(MANAGER):
			get_home()
			many = statements(monkeypatch)
		assert len(many) <= MOST_STATEMENTS
		# Only the holds that are shown are looked at one by one.
		assert len(many) == len(few)
		ledger = [text for text in many if "tabPayment Ledger Entry" in text or "tabGL Entry" in text]
		assert not ledger

	def test_no_list_is_longer_than_the_page_shows(self):
		with user(MANAGER):
			home = get_home(NORTH)
		assert home["lists"]["holds"]["total"] > SHOWN
		for name in set(home["lists"]) - {"notices"}:
			assert len(home["lists"][name]["rows"]) <= SHOWN


def statements(monkeypatch) -> list[str]:
	"""The statements of one answer."""
	texts, sql = [], frappe.db.sql

	def noted(query, *args, **kwargs):
		texts.append(str(query))
		return sql(query, *args, **kwargs)

	with monkeypatch.context() as patched:
		patched.setattr(frappe.db, "sql", noted)
		get_home()
	return texts


class TestApproveLimit:
	def test_a_manager_approves_what_another_requested(self):
		name = request_limit(ASH, NORTH, 9_000)
		with user(MANAGER):
			assert credit_api.approve_limit(name) == name
		found = frappe.db.get_value("Credit Limit", name, ["docstatus", "approved_by", "workflow_state"])
		assert found == (1, MANAGER, "Approved")
		with user(MANAGER), refused(match="is not waiting for approval"):
			credit_api.approve_limit(name)

	def test_whoever_requested_it_may_not(self):
		name = request_limit(CEDAR, NORTH, 8_000)
		with user(MAKER, ("Credit Manager", "Credit Controller", "Sales Manager", "Accounts User")):
			found = credit_waiting.limits([NORTH], 50)
			assert {row["may_approve"] for row in found["rows"] if row["name"] == name} == {False}
			with refused(frappe.PermissionError):
				credit_api.approve_limit(name)
		with user("home.controller@example.com", ("Credit Controller", "Accounts User")):
			with refused(frappe.PermissionError):
				credit_api.approve_limit(name)

	def test_a_draft_that_nobody_asked_for_is_not_approved(self):
		doc = frappe.get_doc(
			{
				"doctype": "Credit Limit",
				"customer": BIRCH,
				"company": NORTH,
				"limit_type": "Temporary",
				"amount": 100,
				"valid_from": nowdate(),
				"valid_to": add_days(nowdate(), 9),
				"reason": "Draft",
			}
		).insert()
		with user(MANAGER), refused(match="is not waiting for approval"):
			credit_api.approve_limit(doc.name)

	def test_raising_references_wait_beside_them(self):
		frappe.set_user("Administrator")
		reference = {
			"doctype": "Credit Reference",
			"customer": CEDAR,
			"company": NORTH,
			"reference_type": "Bank Guarantee",
			"provider": "Bank",
			"valid_from": nowdate(),
			"valid_to": add_days(nowdate(), 30),
			"limit_effect": "Raise",
			"amount": 3_333,
		}
		name = frappe.get_doc(reference).insert().name
		with user(MANAGER):
			found = credit_waiting.limits([NORTH], 50)
			(row,) = [row for row in found["rows"] if row["doctype"] == "Credit Reference"]
			assert (row["name"], row["amount"], row["may_approve"]) == (name, 3_333, True)
			credit_api.approve_reference(name)
			again = credit_waiting.limits([NORTH], 50)
		assert again["total"] == found["total"] - 1


class TestWorkspace:
	def test_it_is_the_home_page_and_links(self):
		workspace = frappe.get_doc("Workspace", "Client Ledger")
		blocks = json.loads(workspace.content)
		assert blocks[0]["data"]["custom_block_name"] == HOME_BLOCK
		assert {block["type"] for block in blocks[1:]} == {"spacer", "header", "card"}
		assert not (workspace.number_cards or workspace.charts or workspace.shortcuts)
		assert "client_ledger.show_home" in frappe.db.get_value("Custom HTML Block", HOME_BLOCK, "script")

	def test_whoever_opens_the_workspace_gets_the_block(self):
		page = {"name": "Client Ledger", "title": "Client Ledger", "public": 1}
		for role in ("Accounts User", "Sales User", "Auditor", "Credit Controller"):
			with user(f"home.opens.{frappe.scrub(role)}@example.com", (role,)):
				shown = Workspace(frappe._dict(page))
				shown.build_workspace()
				blocks = shown.custom_blocks["items"]
			assert [block.custom_block_name for block in blocks] == [HOME_BLOCK]

	def test_a_workspace_that_a_site_changed_gets_the_home_page_and_keeps_its_own(self):
		workspace = frappe.get_doc("Workspace", "Client Ledger")
		before = workspace.content
		cards = [block for block in json.loads(before) if block["type"] == "card"]
		old = [
			{"id": "clw0000001", "type": "header", "data": {"text": "Receivables", "col": 12}},
			card_block("Total Receivable"),
			card_block("Our Own Card"),
			{"id": "x1", "type": "chart", "data": {"chart_name": "Client Ageing", "col": 12}},
			{"id": "own", "type": "header", "data": {"text": "Ours", "col": 12}},
			*cards,
		]
		workspace.set("custom_blocks", [])
		workspace.content = json.dumps(old)
		for label in ("Total Receivable", "Our Own Card"):
			workspace.append("number_cards", {"number_card_name": "Client Receivable", "label": label})
		workspace.append("charts", {"chart_name": "Client Ageing", "label": "Client Ageing"})
		workspace.save()
		put_home_on_workspace.execute()
		put_home_on_workspace.execute()
		workspace.reload()
		shown = json.loads(workspace.content)
		assert [block["type"] for block in shown[:3]] == ["custom_block", "number_card", "header"]
		assert shown[1]["data"]["number_card_name"] == "Our Own Card"
		assert shown[3:] == cards
		assert [row.label for row in workspace.number_cards] == ["Our Own Card"]
		assert (workspace.charts, [row.label for row in workspace.custom_blocks]) == ([], [HOME_BLOCK])

	def test_one_that_nobody_changed_is_left_alone(self):
		workspace = frappe.get_doc("Workspace", "Client Ledger")
		before = (workspace.content, workspace.modified)
		put_home_on_workspace.execute()
		workspace.reload()
		assert (workspace.content, workspace.modified) == before


def card_block(label: str) -> dict:
	return {"id": label, "type": "number_card", "data": {"number_card_name": label, "col": 4}}


def test_the_currency_of_the_own_company_comes_first():
	for company, currency in CURRENCIES.items():
		email = f"home.in.{currency.lower()}@example.com"
		f.make_user(email, READING)
		frappe.defaults.set_user_default("company", company, email)
		with user(email):
			assert get_home()["currencies"][0] == currency
