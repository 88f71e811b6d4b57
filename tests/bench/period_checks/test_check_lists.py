"""Check lists on a site: what they find, who explains, prepares and approves, and what nobody can do past the actions."""

import json
from collections.abc import Iterator

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.core.period_checks import PeriodCheck, PeriodKind, checks_of
from client_ledger.home.api import get_home
from client_ledger.period_checks import api, decisions, lists, nightly, notices
from client_ledger.site.doctypes import CHECK_LIST, CHECK_ROW, LEDGER_ARCHIVE, LEDGER_SETTINGS
from client_ledger.site.documents import NotByHand
from tests.bench import factories as f
from tests.bench.doors.http import ask, call, delete, post, put
from tests.bench.period_checks.setting import (
	APPROVER,
	AUDITOR,
	COMPANY,
	ONE,
	PREPARER,
	SECOND,
	SELLER,
	in_period,
	make_bank_line,
	make_books,
	make_list,
	make_people,
	month_end,
	rows,
)

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]
RECEIPTS, BANK = PeriodCheck.RECEIPTS.value, PeriodCheck.BANK.value
SIGNED_FIELDS = ("status", "prepared_by", "prepared_on", "approved_by", "approved_on", "makers", "history")


@pytest.fixture(scope="module")
def books() -> dict:
	made = make_books()
	make_people()
	return made


@pytest.fixture(autouse=True)
def _own_savepoint(books: dict) -> Iterator[None]:
	"""Every test begins with the books as they are; its own savepoint is the only one that is rolled back to."""
	frappe.set_user("Administrator")
	frappe.db.savepoint("test_check_list")
	yield
	frappe.set_user("Administrator")
	frappe.db.rollback(save_point="test_check_list")
	frappe.clear_document_cache(LEDGER_SETTINGS, LEDGER_SETTINGS)


def login(user: str) -> None:
	frappe.set_user(user)


def explain_all(name: str, text: str = "Asked the customer") -> None:
	for row in frappe.get_doc(CHECK_LIST, name).checks:
		if row.state == "Exception":
			decisions.explain(name, PeriodCheck(row.check_name), text)


def prepared(user: str = PREPARER) -> str:
	name = make_list().name
	login(user)
	explain_all(name)
	api.prepare_list(name=name)
	return name


class TestFigures:
	def test_every_check_finds_what_is_there_at_the_end_of_the_period(self, books):
		doc = make_list()
		found = rows(doc)
		assert [row.check_name for row in doc.checks] == [one.value for one in checks_of(PeriodKind.MONTH)]
		assert (doc.from_date.day, doc.to_date, doc.status) == (1, month_end(), "Open")
		assert {name: (row.state, row.found, row.amount) for name, row in found.items()} == {
			"Receivables Tie to the General Ledger": ("OK", 0, 0),
			"Client Accounts Agree with the Ledger": ("OK", 0, 0),
			RECEIPTS: ("Exception", 1, 120),
			"Unallocated Credit Notes": ("Exception", 1, 20),
			BANK: ("Exception", 1, 75),
			"Unanswered Balance Confirmations": ("OK", 0, 0),
			"Long-Running Disputes": ("Exception", 1, 50),
			"Customers with a Credit Balance": ("Exception", 1, 20),
		}
		assert (doc.exceptions, doc.unexplained) == (5, 5)
		(receipt,) = lists.details_of(found[RECEIPTS])["rows"]
		assert (receipt["name"], receipt["customer"]) == (books["receipt"].name, ONE)
		(account,) = lists.details_of(found["Receivables Tie to the General Ledger"])["compared"]
		assert account["payment_ledger"] == account["general_ledger"] == 500 - 120 - 20

	def test_what_does_not_tie_is_found(self, books):
		entry = frappe.db.get_value(
			"GL Entry", {"voucher_no": books["invoice"].name, "party": ONE}, ["name", "account"], as_dict=True
		)
		frappe.db.set_value("GL Entry", entry.name, "debit", 510)
		# An entry without a party is in no customer's balance.
		row = frappe.copy_doc(frappe.get_doc("GL Entry", entry.name))
		row.update({"name": "check-no-party", "party": "", "party_type": "", "debit": 7, "credit": 0})
		row.db_insert()
		frappe.db.set_value("Client Account", {"customer": ONE, "company": COMPANY}, "balance", 1)
		found = rows(make_list())
		tie = found["Receivables Tie to the General Ledger"]
		assert (tie.state, tie.found, tie.amount) == ("Exception", 2, 17)
		(compared,) = lists.details_of(tie)["compared"]
		assert compared["general_ledger"] - compared["payment_ledger"] == 17
		accounts = found["Client Accounts Agree with the Ledger"]
		assert (accounts.state, accounts.found) == ("Exception", 1)
		assert "balance" in lists.details_of(accounts)["rows"][0]["text"]

	def test_currencies_are_never_added(self, books):
		make_bank_line(40, in_period(), "EUR" if f.CURRENCY != "EUR" else "USD")
		row = rows(make_list())[BANK]
		assert (row.found, row.amount) == (2, 75)
		assert len(lists.details_of(row)["amounts"]) == 2

	def test_unanswered_confirmations_are_counted(self, books):
		for number, (status, day) in enumerate(
			(
				("Awaiting Reply", month_end()),
				("Awaiting Reply", in_period(100)),
				("No Reply", month_end()),
				("No Reply", in_period(100)),
				("Confirmed", month_end()),
				("Awaiting Reply", getdate(nowdate())),
			)
		):
			doc = frappe.new_doc("Balance Confirmation")
			doc.update({"name": f"check-bc-{number}", "customer": ONE, "company": COMPANY, "as_of": day})
			doc.update({"currency": f.CURRENCY, "status": status, "our_balance": 10, "base_balance": 10})
			doc.update({"confirmation_key": f"check-bc-{number}"})
			doc.db_insert()
		row = rows(make_list())["Unanswered Balance Confirmations"]
		assert (row.state, row.found, row.amount) == ("Exception", 3, 30)

	def test_an_explanation_lasts_as_long_as_its_figure(self, books):
		doc = make_list()
		decisions.explain(doc.name, PeriodCheck.RECEIPTS, "On account of the next order")
		decisions.explain(doc.name, PeriodCheck.BANK, "The bank is asked")
		make_bank_line(5, in_period())
		api.read_figures(name=doc.name)
		found = rows(doc)
		assert (found[RECEIPTS].state, found[RECEIPTS].explanation) == (
			"Explained",
			"On account of the next order",
		)
		assert (found[BANK].state, found[BANK].found, found[BANK].explanation) == (
			"Exception",
			2,
			"The bank is asked",
		)
		assert (doc.exceptions, doc.unexplained) == (5, 4)


class TestMaking:
	def test_the_nightly_job_makes_one_of_each_kind_once(self, books):
		nightly.nightly()
		nightly.nightly()
		found = frappe.get_all(CHECK_LIST, {"company": COMPANY}, ["period_kind", "to_date"])
		assert sorted(row.period_kind for row in found) in (
			["Month", "Quarter", "Year"],
			["Month", "Quarter"],
			["Month"],
		)
		assert [row.to_date for row in found if row.period_kind == "Month"] == [month_end()]

	def test_it_makes_up_for_what_an_outage_missed_and_nothing_before(self, books):
		lists.make_due(in_period(0).replace(day=2))
		lists.make_due(getdate(nowdate()))
		found = frappe.get_all(
			CHECK_LIST, {"company": COMPANY, "period_kind": "Month"}, pluck="to_date", order_by="to_date"
		)
		assert found == [getdate(add_days(month_end().replace(day=1), -1)), month_end()]

	def test_settings_say_which_kinds_are_made(self, books):
		settings = frappe.get_doc(LEDGER_SETTINGS)
		settings.update({"monthly_check_lists": 0, "quarterly_check_lists": 0, "yearly_check_lists": 0})
		settings.save()
		lists.make_due(getdate(nowdate()))
		assert not frappe.db.exists(CHECK_LIST, {"company": COMPANY})

	def test_the_year_is_the_company_s_own(self, books):
		assert lists.last_month_of(COMPANY, getdate(nowdate())) == 12
		frappe.db.set_value("Fiscal Year", {"disabled": 0}, "disabled", 1)
		year = frappe.new_doc("Fiscal Year")
		year.update({"year": "Checked", "year_start_date": "2026-04-01", "year_end_date": "2027-03-31"})
		year.append("companies", {"company": COMPANY})
		year.flags.ignore_validate = True
		year.insert()
		assert lists.last_month_of(COMPANY, getdate("2026-11-28")) == 3
		assert lists.last_month_of(f.COMPANY, getdate("2026-11-28")) == 12
		assert make_list("Quarter").to_date.month in (3, 6, 9, 12)

	def test_the_same_list_is_never_made_twice(self, books):
		first, second = make_list().name, make_list().name
		assert first == second
		doc = frappe.copy_doc(frappe.get_doc(CHECK_LIST, first))
		doc.flags.ignore_permissions = True
		with pytest.raises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
			doc.flags.by_action = True
			doc.insert()

	def test_a_period_that_has_not_ended_has_no_list(self, books):
		login(PREPARER)
		with pytest.raises(frappe.ValidationError, match="has not ended"):
			api.make_check_list(company=COMPANY, period_kind="Month", day=nowdate())
		with pytest.raises(frappe.ValidationError, match="no customer entries"):
			api.make_check_list(company=COMPANY, period_kind="Month", day="2001-05-05")
		assert api.make_check_list(company=COMPANY, period_kind="Month", day=str(in_period(5)))["name"]

	def test_a_quarter_asks_for_its_months(self, books):
		quarter = make_list("Quarter")
		row = rows(quarter)["Shorter Periods Not Approved"]
		assert row.state == "OK"
		login(PREPARER)
		month = api.make_check_list(company=COMPANY, period_kind="Month", day=str(quarter.to_date))["name"]
		api.read_figures(name=quarter.name)
		row = rows(quarter)["Shorter Periods Not Approved"]
		assert (row.state, row.found) == ("Exception", 1)
		assert lists.details_of(row)["rows"][0]["name"] == month


class TestSigning:
	def test_an_exception_is_explained_before_a_list_is_prepared(self, books):
		name = make_list().name
		login(PREPARER)
		with pytest.raises(frappe.ValidationError, match=r"no explanation.*Unallocated Receipts"):
			api.prepare_list(name=name)
		with pytest.raises(frappe.ValidationError, match="no exception"):
			api.explain_check(name=name, check=PeriodCheck.GENERAL_LEDGER.value, explanation="Nothing")
		with pytest.raises(frappe.ValidationError, match="few words"):
			api.explain_check(name=name, check=RECEIPTS, explanation=" - ")
		explain_all(name)
		api.explain_check(name=name, check=RECEIPTS, explanation="")
		with pytest.raises(frappe.ValidationError, match="no explanation"):
			api.prepare_list(name=name)
		explain_all(name)
		api.prepare_list(name=name)
		doc = frappe.get_doc(CHECK_LIST, name)
		assert (doc.status, doc.prepared_by, doc.unexplained) == ("Prepared", PREPARER, 0)

	def test_figures_that_changed_meanwhile_are_read_again_first(self, books):
		name = make_list().name
		login(PREPARER)
		explain_all(name)
		frappe.set_user("Administrator")
		make_bank_line(5, in_period())
		login(PREPARER)
		with pytest.raises(frappe.ValidationError, match=r"have changed.*Unmatched Bank Transactions"):
			api.prepare_list(name=name)

	def test_another_one_approves_and_the_list_is_kept(self, books):
		name = prepared()
		login(APPROVER)
		api.approve_list(name=name)
		doc = frappe.get_doc(CHECK_LIST, name)
		assert (doc.status, doc.prepared_by, doc.approved_by) == ("Approved", PREPARER, APPROVER)
		frappe.set_user("Administrator")
		kept = frappe.get_doc(LEDGER_ARCHIVE, {"reference_doctype": CHECK_LIST, "reference_name": name})
		figures = json.loads(kept.figures)
		assert figures["approved_by"] == APPROVER
		assert {one["check_name"]: one["explanation"] for one in figures["checks"]}[BANK]

	@pytest.mark.parametrize("maker", [APPROVER, "Administrator"])
	def test_whoever_prepared_or_explained_never_approves(self, books, maker):
		name = prepared(maker)
		with pytest.raises(frappe.PermissionError, match="another user"):
			api.approve_list(name=name)
		# The one who explained has made it, too, whoever prepared it after a reopening.
		api.reopen_list(name=name, why="Something is missing")
		login(PREPARER)
		api.prepare_list(name=name)
		login(maker)
		with pytest.raises(frappe.PermissionError, match="another user"):
			api.approve_list(name=name)

	def test_nobody_signs_past_the_actions(self, books):
		"""By REST, set_value, a forged document, in rows: as Administrator too."""
		name = prepared()
		before = frappe.get_doc(CHECK_LIST, name).as_dict()
		forged = {
			"status": "Approved", "approved_by": APPROVER, "approved_on": nowdate(), "makers": "", "history": "[]",
			"prepared_by": SECOND, "prepared_on": None,
		}  # fmt: skip
		row = before.checks[2].name
		for user in (PREPARER, APPROVER, "Administrator"):
			login(user)
			for field in SIGNED_FIELDS:
				assert put(CHECK_LIST, name, **{field: forged[field]}).status in (200, 403)
				args = {"doctype": CHECK_LIST, "name": name, "fieldname": field, "value": forged[field]}
				call("frappe.client.set_value", "POST", **args)
			assert put(CHECK_LIST, name, status="Approved").status == 403
			assert put(CHECK_ROW, row, explanation="forged", state="OK").status in (403, 404, 417)
			assert delete(CHECK_LIST, name).status in (403, 404, 417)
			for more in ({"flags": {"by_action": 1}}, {"by_action": 1}, {"ignore_permissions": 1}):
				ask("PUT", f"/api/resource/{CHECK_LIST}/{name}", {"status": "Approved", **more}, keep=True)
			after = frappe.get_doc(CHECK_LIST, name).as_dict()
			assert {field: after[field] for field in SIGNED_FIELDS} == {
				field: before[field] for field in SIGNED_FIELDS
			}
			assert [one.explanation for one in after.checks] == [one.explanation for one in before.checks]
			doc = frappe.get_doc(CHECK_LIST, name)
			doc.checks[2].explanation = "forged"
			with pytest.raises((NotByHand, frappe.PermissionError)):
				doc.save()
			new = frappe.copy_doc(frappe.get_doc(CHECK_LIST, name))
			new.update(forged)
			with pytest.raises(frappe.PermissionError):
				new.insert()
			sent = {"company": COMPANY, "period_kind": "Month", "to_date": "2020-01-31"}
			assert post(CHECK_LIST, **sent).status == 403

	def test_approving_locks(self, books):
		name = prepared()
		login(APPROVER)
		api.approve_list(name=name)
		login(SECOND)
		for action in (
			lambda: api.read_figures(name=name),
			lambda: api.prepare_list(name=name),
			lambda: api.explain_check(name=name, check=BANK, explanation="Something else"),
		):
			with pytest.raises(frappe.ValidationError, match="Reopen it first"):
				action()
		login(APPROVER)
		with pytest.raises(frappe.ValidationError):
			api.approve_list(name=name)

	def test_reopening_needs_a_reason_and_stays_on_record(self, books):
		name = prepared()
		login(APPROVER)
		api.approve_list(name=name)
		with pytest.raises(frappe.ValidationError, match="Reason"):
			api.reopen_list(name=name, why=" ")
		api.reopen_list(name=name, why="A bank line was missing")
		doc = frappe.get_doc(CHECK_LIST, name)
		assert (doc.status, doc.prepared_by, doc.approved_by) == ("Reopened", None, None)
		done = [(one["what"], one["by"], one["why"]) for one in decisions.history_of(doc)]
		assert done == [
			("Prepare", PREPARER, ""),
			("Approve", APPROVER, ""),
			("Reopen", APPROVER, "A bank line was missing"),
		]
		login(SECOND)
		api.prepare_list(name=name)
		login(APPROVER)
		api.approve_list(name=name)
		frappe.set_user("Administrator")
		kept = frappe.get_all(LEDGER_ARCHIVE, {"reference_name": name, "reference_doctype": CHECK_LIST})
		assert len(kept) == 2

	def test_a_signed_list_says_that_its_figures_have_changed(self, books):
		name = prepared()
		login(APPROVER)
		assert api.changed_figures(name=name) == []
		frappe.set_user("Administrator")
		line = make_bank_line(5, in_period())
		login(APPROVER)
		(change,) = api.changed_figures(name=name)
		assert (change["check"], change["was"], change["now"], change["now_amount"]) == (BANK, 1, 2, 80)
		with pytest.raises(frappe.ValidationError, match=r"have changed.*Unmatched Bank"):
			api.approve_list(name=name)
		frappe.set_user("Administrator")
		told = []
		with pytest.MonkeyPatch.context() as patched:
			patched.setattr(notices, "tell_of_changes", told.append)
			nightly.compare_signed()
			nightly.compare_signed()
		assert told == [name], "once"
		assert frappe.db.get_value(CHECK_LIST, name, "changed_on")
		line.cancel()
		nightly.compare_signed()
		assert not frappe.db.get_value(CHECK_LIST, name, "changed_on")


class TestWhoSees:
	def test_roles(self, books):
		name = make_list().name
		for user, reads, writes in (
			(PREPARER, True, True),
			(APPROVER, True, True),
			(AUDITOR, True, False),
			(SELLER, False, False),
		):
			login(user)
			assert frappe.has_permission(CHECK_LIST, "read", doc=name) is reads, user
			assert frappe.has_permission(CHECK_LIST, "write", doc=name) is writes, user
			assert not frappe.has_permission(CHECK_LIST, "create")
			answer = call("client_ledger.period_checks.api.prepare_list", "POST", name=name)
			assert (answer.status == 403) is not writes, (user, answer.status)
			answer = call("client_ledger.period_checks.api.approve_list", "POST", name=name)
			assert (answer.status == 403) is (user != APPROVER), (user, answer.status)
			answer = call("client_ledger.period_checks.api.changed_figures", "GET", name=name)
			assert (answer.status == 200) is reads, (user, answer.text)

	def test_whoever_sees_some_customers_sees_no_list(self, books):
		name = make_list().name
		narrowed = f.make_user(
			"narrowed@checks.example", ("Accounts Manager", "Auditor"), [("Customer", ONE)]
		).name
		elsewhere = f.make_user(
			"elsewhere@checks.example", ("Accounts Manager",), [("Company", f.COMPANY)]
		).name
		for user in (narrowed, elsewhere):
			frappe.clear_cache(user=user)
			login(user)
			assert not frappe.has_permission(CHECK_LIST, "read", doc=name)
			assert name not in frappe.get_list(CHECK_LIST, pluck="name")
			row = frappe.db.get_value(CHECK_ROW, {"parent": name})
			listed = frappe.get_list(CHECK_ROW, parent_doctype=CHECK_LIST, pluck="name", limit_page_length=0)
			assert row not in listed
			for function in ("read_figures", "prepare_list", "approve_list", "changed_figures"):
				method = "GET" if function == "changed_figures" else "POST"
				answer = call(f"client_ledger.period_checks.api.{function}", method, name=name)
				assert answer.status == 403, (user, function)

	def test_the_home_page_has_what_the_user_can_bring_on(self, books):
		def waiting(user: str) -> list[str] | None:
			login(user)
			found = get_home(company=COMPANY)["lists"].get("period_checks")
			return found and [row["name"] for row in found["rows"]]

		name = make_list().name
		assert waiting(PREPARER) == waiting(APPROVER) == [name]
		assert waiting(SELLER) is None
		prepared()
		assert waiting(PREPARER) == [] and waiting(APPROVER) == [name]
		login(APPROVER)
		api.approve_list(name=name)
		assert waiting(APPROVER) == []
		frappe.set_user("Administrator")
		make_bank_line(5, in_period())
		nightly.compare_signed()
		assert waiting(APPROVER) == [name]

	def test_those_who_may_approve_are_notified_and_not_the_makers(self, books, monkeypatch):
		name = prepared()
		frappe.set_user("Administrator")
		told: list = []
		monkeypatch.setattr(notices, "notify", lambda users, *_more: told.append(list(users)))
		notices.tell_approvers(name)
		notices.tell_makers(name, approved=True)
		approvers, makers = told
		assert APPROVER in approvers and PREPARER not in approvers
		assert makers == [PREPARER]

	def test_a_company_that_is_deleted_takes_its_lists_with_it(self, books):
		from client_ledger.overrides.company import on_trash

		name = make_list().name
		on_trash(frappe.get_doc("Company", COMPANY))
		assert not frappe.db.exists(CHECK_LIST, name)
		assert not frappe.db.exists(CHECK_ROW, {"parent": name})
