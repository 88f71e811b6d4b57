"""The steps of setting up: each is done when the site has what it is for, and says what is missing."""

from collections.abc import Iterator

import frappe
import pytest
from frappe.utils import format_date, get_last_day, getdate, nowdate

from client_ledger.forecasts import making
from client_ledger.getting_started import api, steps
from client_ledger.kpis.store import store_month
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import ago, make_debtor, make_policy

pytestmark = pytest.mark.every_version

COMPANY = f.COMPANY
MANAGER = "setup.manager@example.com"


@pytest.fixture
def manager() -> Iterator[str]:
	f.make_user(MANAGER, ("Credit Manager", "Accounts Manager"), [("Company", COMPANY)])
	frappe.set_user(MANAGER)
	yield MANAGER
	frappe.set_user("Administrator")


def step(key: str) -> dict:
	(found,) = (one for one in api.setup_steps() if one["key"] == key)
	return found


def test_every_step_says_what_was_found(manager):
	found = api.setup_steps()
	assert len({one["key"] for one in found}) == len(found) == 22
	for one in found:
		assert one["title"] and one["why"] and one["found"], one["key"]
		for action in one["actions"]:
			assert action["label"]
			assert sum(map(bool, (action["route"], action["new"], action["method"]))) == 1


def test_an_app_that_sends_mails_in_its_own_way_is_named(manager, monkeypatch):
	assert "own way" not in step("email")["found"]
	get_hooks = frappe.get_hooks

	def with_one(hook=None, *arguments, **options):
		return (
			["courier.mail.send"] if hook == "override_email_send" else get_hooks(hook, *arguments, **options)
		)

	monkeypatch.setattr(frappe, "get_hooks", with_one)
	assert "courier" in step("email")["found"]


def test_contacts_without_an_address_are_named_and_done_when_they_have_one(manager):
	frappe.set_user("Administrator")
	customer = make_debtor("Setup & No Address", None).name
	f.make_invoice(customer, 100, ago(10))
	refresh()
	frappe.set_user(MANAGER)
	before = step("contacts")
	assert not before["done"] and before["optional"]
	assert customer in before["actions"][0]["options"]["name"][1] or "more" in before["found"]
	assert "Setup & No" not in before["found"]
	frappe.set_user("Administrator")
	make_debtor(customer, "setup@customer.example")
	frappe.set_user(MANAGER)
	after = step("contacts")
	assert customer not in str(after["actions"])


def test_grades_and_accounts(manager):
	frappe.set_user("Administrator")
	frappe.db.set_value("Client Account", {"company": COMPANY}, "credit_grade", None)
	customer = f.make_customer("Setup Ungraded").name
	f.make_invoice(customer, 100, ago(10))
	refresh()
	frappe.db.set_single_value("Client Ledger Settings", "accounts_refreshed_on", None)
	frappe.set_user(MANAGER)
	assert not step("grades")["done"] and not step("accounts")["done"]
	frappe.set_user("Administrator")
	frappe.db.set_value("Client Account", {"customer": customer}, "credit_grade", "A")
	frappe.db.set_single_value("Client Ledger Settings", "accounts_refreshed_on", frappe.utils.now())
	frappe.set_user(MANAGER)
	assert step("grades")["done"] and step("accounts")["done"]


@pytest.mark.parametrize(
	("mode", "done", "optional"), [("Off", False, False), ("Warn", False, True), ("Hold", True, False)]
)
def test_credit_checks(manager, mode, done, optional):
	frappe.set_user("Administrator")
	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", mode)
	frappe.clear_document_cache("Client Ledger Settings", "Client Ledger Settings")
	frappe.set_user(MANAGER)
	found = step("credit-checks")
	assert (found["done"], found["optional"]) == (done, optional)


def test_the_first_preview_makes_one_run_however_often_it_is_asked_for(manager):
	frappe.set_user("Administrator")
	frappe.db.delete("Dunning Run", {"company": COMPANY})
	make_policy("Setup Policy", mode="Preview")
	frappe.set_user(MANAGER)
	assert not step("first-run")["done"]
	run = api.preview_dunning(COMPANY)
	assert api.preview_dunning(COMPANY) == run
	document = frappe.get_doc("Dunning Run", run)
	assert (document.status, str(document.as_of), document.origin) == ("New", nowdate(), "User")
	assert step("first-run")["done"]
	assert not frappe.db.exists("Ledger Notice", {"run": run})


def test_the_scheduler_is_alive_with_a_worker_only(manager, monkeypatch):
	monkeypatch.setattr(steps, "is_scheduler_inactive", lambda verbose: False)
	monkeypatch.setattr(steps, "get_workers", lambda: [])
	assert not step("scheduler")["done"]
	monkeypatch.setattr(steps, "get_workers", lambda: ["one"])
	assert step("scheduler")["done"]
	monkeypatch.setattr(steps, "is_scheduler_inactive", lambda verbose: True)
	assert not step("scheduler")["done"]


def controllers() -> int:
	"""Return how many Credit Controllers the page counts."""
	return int(step("people")["found"].rsplit("Credit Controller: ", 1)[1].split(";")[0])


def test_people_counts_enabled_users_but_the_administrator(manager):
	frappe.set_user("Administrator")
	before = controllers()
	f.make_user("setup.controller@example.com", ("Credit Controller",))
	assert controllers() == before + 1
	frappe.db.set_value("User", "setup.controller@example.com", "enabled", 0)
	assert controllers() == before


@pytest.mark.parametrize(
	"role", ["Sales User", "Sales Manager", "Accounts User", "Auditor", "Credit Controller", "Stock User"]
)
def test_others_are_refused(role):
	frappe.set_user(f.make_user("setup.other@example.com", (role,)).name)
	for function in (api.setup_steps, api.calculate_accounts, api.assess_customers, api.preview_dunning):
		with pytest.raises(frappe.PermissionError):
			function()


@pytest.mark.parametrize("role", api.ROLES)
def test_an_action_is_offered_to_whom_it_will_not_refuse(role):
	user = f.make_user("setup.offered@example.com", (role, "Accounts User")).name
	frappe.set_user(user)
	offered = {
		(one["key"], action["label"]): action for one in api.setup_steps() for action in one["actions"]
	}
	may = bool(frappe.has_permission("Dunning Run", "create"))
	assert (("first-run", "Preview Dunning") in offered) == may
	for action in offered.values():
		if action["new"]:
			assert frappe.has_permission(action["new"], "create")


def test_kpis_and_forecast_say_how_far_they_are_and_are_stored_from_here(manager, monkeypatch):
	queued = []
	monkeypatch.setattr(
		frappe, "enqueue", lambda method, **options: queued.append((method, options["company"]))
	)
	frappe.set_user("Administrator")
	f.make_invoice(f.make_customer("Setup Insight").name, 100, ago(70))
	frappe.set_user(MANAGER)
	queued.clear()
	kpis, forecasts = step("kpis"), step("forecasts")
	assert not kpis["done"] and "No month end is stored yet." in kpis["found"] and COMPANY in kpis["found"]
	assert [action["method"] for action in kpis["actions"]][:1] == ["store_month_ends"]
	assert not forecasts["done"] and COMPANY in forecasts["found"]
	assert forecasts["actions"][0]["method"] == "make_forecasts"
	api.store_month_ends()
	api.make_forecasts()
	assert [company for _method, company in queued] == [COMPANY, COMPANY]
	frappe.set_user("Administrator")
	frappe.db.savepoint("insight")
	end = getdate(get_last_day(ago(70)))
	assert store_month(COMPANY, end)
	assert making.bring_up_to_date(COMPANY, getdate(), 1e9)
	frappe.set_user(MANAGER)
	assert step("kpis")["done"] and format_date(end) in step("kpis")["found"]
	after = step("forecasts")
	assert after["done"] and not [one for one in after["actions"] if one["method"]]
	frappe.set_user("Administrator")
	frappe.db.set_value("Company", COMPANY, "cl_cash_forecast", 0)
	frappe.db.set_single_value("Client Ledger Settings", "kpi_month_ends", 0)
	frappe.set_user(MANAGER)
	assert not step("kpis")["done"] and "switched off" in step("kpis")["found"]
	assert not step("forecasts")["done"]
	queued.clear()
	api.make_forecasts()
	assert queued == []
	frappe.set_user("Administrator")
	frappe.db.rollback(save_point="insight")
	frappe.clear_document_cache("Client Ledger Settings", "Client Ledger Settings")
