"""Forecasts of a site: held against slow oracles, made up for where Mondays were missed, never made twice, closed to some."""

import json
from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.core.credit.cash import due_date_cash, expected_cash
from client_ledger.core.credit.histogram import learn
from client_ledger.core.forecast.past import FIRST_FORECAST
from client_ledger.credit.grades import cash_outlook
from client_ledger.forecasts import api, jobs, making, misses, own, store
from client_ledger.forecasts.items import settings_of
from client_ledger.forecasts.lines import read_lines
from client_ledger.overrides import company
from client_ledger.patches.v0_2 import note_missed_weeks
from client_ledger.site.doctypes import CASH_FORECAST, CASH_FORECAST_WEEK
from tests.bench import factories as f
from tests.bench.doors.http import call

from .books import COMPANY, EURO, FIRST, PARTS, PROMPT, SLOW, SUNDAY, TODAY, came_after, lines_on, make_books

pytestmark = pytest.mark.one_transaction

FOREVER = 1e9


@pytest.fixture(scope="module")
def books():
	return make_books()


@pytest.fixture(autouse=True)
def _none_kept(books):
	yield
	frappe.set_user("Administrator")
	for doctype in (CASH_FORECAST_WEEK, CASH_FORECAST):
		frappe.qb.from_(frappe.qb.DocType(doctype)).delete().run()


def make(today=TODAY, seconds=FOREVER, clock=lambda: 0.0) -> bool:
	return making.bring_up_to_date(COMPANY, today, seconds, clock)


def kept(currency="USD"):
	return {one.day: one for one in store.kept_forecasts(COMPANY, currency)}


class TestPast:
	def test_every_week_since_there_was_a_history_is_forecast_from_what_was_known(self, books):
		assert make()
		found = kept()
		first = FIRST + timedelta(days=FIRST_FORECAST)
		assert min(found) >= first and min(found) < first + timedelta(days=7)
		assert len(found) == (SUNDAY - min(found)).days // 7 + 1
		settings = settings_of(COMPANY)
		for day, one in found.items():
			lines = lines_on(books, day)
			lateness = learn(lines, day, settings)
			own = [line for line in lines if line.customer in (PROMPT, SLOW, PARTS)]
			plain = expected_cash(lateness, [line for line in own if not line.settled_on], day).weeks
			assert one.made.plain == pytest.approx(plain, abs=0.01), day
			due = due_date_cash(own, day).weeks
			assert [week.by_due_date for week in one.made.weeks] == pytest.approx(due, abs=0.01)

	def test_what_came_is_what_was_paid_part_by_part_in_each_currency(self, books):
		make()
		for currency in ("USD", "EUR"):
			for day, one in kept(currency).items():
				assert list(one.came.all) == pytest.approx(came_after(books, day, currency), abs=0.01), day
		assert sum(sum(one.came.all) for one in kept("EUR").values()) > 0

	def test_who_is_interrupted_goes_on_where_it_was_left_and_gets_the_same(self):
		make()
		whole = [(one.currency, one.day, one.made, one.came) for one in store.kept_forecasts(COMPANY)]
		for doctype in (CASH_FORECAST_WEEK, CASH_FORECAST):
			frappe.qb.from_(frappe.qb.DocType(doctype)).delete().run()
		runs, ticks = 0, iter(range(10**6))
		while not make(seconds=3, clock=lambda: float(next(ticks))):
			runs += 1
		assert runs > 3
		assert [(one.currency, one.day, one.made, one.came) for one in store.kept_forecasts(COMPANY)] == whole

	def test_a_second_run_makes_nothing(self):
		make()
		before = frappe.db.count(CASH_FORECAST)
		assert make() and frappe.db.count(CASH_FORECAST) == before
		one = store.kept_forecasts(COMPANY)[-1]
		again = store.FreshForecast(COMPANY, one.currency, one.made, store.WEEKLY)
		assert store.keep([again], [one.came], SUNDAY) == 0
		assert frappe.db.count(CASH_FORECAST_WEEK, {"parent": one.name}) == 13


class TestMondays:
	def test_a_missed_monday_is_made_up_for_as_of_its_day(self):
		earlier = SUNDAY - timedelta(days=28)
		make(today=earlier + timedelta(days=1))
		assert max(kept()) == earlier and kept()[earlier].origin == store.WEEKLY
		make(today=SUNDAY - timedelta(days=7) + timedelta(days=3))
		on_time = kept()
		make()
		found = kept()
		origins = [found[day].origin for day in sorted(found) if day > earlier]
		assert origins == [store.CAUGHT_UP, store.CAUGHT_UP, store.WEEKLY, store.WEEKLY]
		# What was made later than its Monday is what would have been made on it.
		day = SUNDAY - timedelta(days=7)
		frappe.db.delete(CASH_FORECAST, {"day": (">=", day)})
		make()
		again = kept()[day]
		assert (again.origin, again.made) == (store.CAUGHT_UP, on_time[day].made)

	def test_what_came_is_brought_up_to_date_and_nothing_else(self, books):
		earlier = SUNDAY - timedelta(days=35)
		make(today=earlier + timedelta(days=1))
		before = kept()[earlier]
		assert frappe.db.get_value(CASH_FORECAST, before.name, "weeks_over") == 0
		make()
		after = kept()[earlier]
		assert after.made == before.made and after.name == before.name
		assert list(after.came.all[:5]) == pytest.approx(came_after(books, earlier, "USD")[:5], abs=0.01)
		doc = frappe.get_doc(CASH_FORECAST, after.name)
		assert doc.weeks_over == 5 and [row.is_over for row in doc.weeks] == [1] * 5 + [0] * 8
		assert [row.came for row in doc.weeks[:5]] == pytest.approx(list(after.came.all[:5]))
		assert doc.came_near == pytest.approx(sum(after.came.all[:4]))

	def test_it_is_what_the_home_page_expects_before_corrections(self):
		"""The same histogram, the same invoices: the two figures differ by corrections and other sources alone."""
		make()
		found = kept()[SUNDAY]
		refresh_customers([PROMPT, SLOW, PARTS, EURO])
		read = read_lines(COMPANY, SUNDAY)
		lateness = learn(read.all, SUNDAY, settings_of(COMPANY))
		cash_outlook.store_outlook(COMPANY, read.lines["USD"], lateness, SUNDAY)
		home = cash_outlook.outlook([COMPANY], SUNDAY)["USD"]
		assert home.weeks == pytest.approx(list(found.made.plain[:8]), abs=0.05)


class TestMissedWeek:
	DAY = SUNDAY - timedelta(days=7)

	def set_up(self, low: float, high: float) -> str:
		"""A forecast of a week ago whose first week's range is set by hand; make() has looked at none yet."""
		make(today=self.DAY + timedelta(days=1))
		one = kept()[self.DAY]
		first = one.made.weeks[0]._replace(low=low, high=high)
		changed = one.made._replace(weeks=(first, *one.made.weeks[1:]))
		frappe.db.set_value(CASH_FORECAST, one.name, "made", json.dumps(changed.as_plain()))
		return one.name

	def told(self) -> list[str]:
		return frappe.get_all(
			"Notification Log", {"document_type": CASH_FORECAST}, pluck="for_user", order_by="for_user"
		)

	def test_it_is_kept_told_once_and_shown(self):
		owner, other = "cash.owner@example.com", "cash.other@example.com"
		f.make_user(owner, ["Accounts Manager"])
		f.make_user(other, ["Accounts User"])
		f.make_user("cash.narrow@example.com", ["Credit Manager"], [("Customer", PROMPT)])
		name = self.set_up(1e6, 2e6)
		make()
		assert frappe.db.get_value(CASH_FORECAST, name, "miss") == "Below P10"
		assert self.told().count(owner) == 1
		assert not {other, "cash.narrow@example.com"} & set(self.told())
		text = frappe.get_all("Notification Log", {"document_name": name}, pluck="subject")[0]
		assert "missed by much" in text
		make()
		misses.note(COMPANY, SUNDAY)
		assert self.told().count(owner) == 1
		past = api.get_forecast(company=COMPANY)["past"][0]
		assert (past["name"], past["miss"]) == (name, "Below P10")
		frappe.db.delete("Notification Log", {"document_type": CASH_FORECAST})

	def test_a_week_within_its_range_and_the_past_are_told_nobody(self):
		name = self.set_up(-1, 1e9)
		before = kept()[self.DAY]
		errors = [
			abs(one.made.weeks[0].expected - one.came.all[0])
			for day, one in sorted(kept().items())
			if day < self.DAY
		]
		assert len(errors) > 8
		come = before.made.weeks[0].expected + 1.9 * sum(errors[-26:]) / len(errors[-26:])
		frappe.db.set_value(CASH_FORECAST, name, "came", json.dumps([[come] + [0] * 12] * 2))
		assert misses.note(COMPANY, SUNDAY) == [] and self.told() == []
		assert frappe.db.get_value(CASH_FORECAST, name, ["miss", "miss_noted"]) == ("", 1)

	def test_the_patch_notes_what_is_past_and_tells_nobody(self):
		name = self.set_up(0, 0)
		frappe.db.set_value(CASH_FORECAST, name, "came", json.dumps([[500] + [0] * 12] * 2))
		note_missed_weeks.execute()
		assert frappe.db.get_value(CASH_FORECAST, name, "miss") == "Above P90"
		make()
		assert self.told() == []


class TestPage:
	def test_everything_is_in_one_answer(self, books):
		make()
		page = api.get_forecast(company=COMPANY)
		assert (page["company"], page["currency"], page["currencies"]) == (COMPANY, "USD", ["USD", "EUR"])
		assert not page["behind"] and page["day"] == str(SUNDAY) and len(page["weeks"]) == 13
		assert page["weeks"][0]["since"] == str(SUNDAY + timedelta(days=1))
		assert all(week["low"] <= week["middle"] <= week["high"] for week in page["weeks"])
		assert page["scores"][0]["forecasts"] > 10 and page["scores"][0]["model"][0] is not None
		assert page["large"][0]["document"]["doctype"] == "Sales Invoice"
		assert page["past"][0]["day"] == str(SUNDAY - timedelta(days=7)) and page["past"][0]["over"] == 1
		euros = api.get_forecast(company=COMPANY, currency="EUR")
		assert euros["currency"] == "EUR"
		left = sum(bill.left(SUNDAY) for bill in books if bill.customer == EURO and bill.posted <= SUNDAY)
		assert sum(kept("EUR")[SUNDAY].made.plain) == pytest.approx(left, rel=0.1)

	def test_scenarios(self):
		make()
		page = api.get_forecast(company=COMPANY)
		expected = [week["expected"] for week in page["weeks"]]
		ask = {"company": COMPANY, "currency": "USD"}
		largest = page["customers"][0]
		without = api.get_scenario(**ask, kind="without", customer=largest["customer"])["weeks"]
		assert sum(expected) - sum(without) == pytest.approx(largest["expected"], abs=0.5)
		later = api.get_scenario(**ask, kind="later", days=14)["weeks"]
		assert later[:2] == [0, 0] and sum(later) <= sum(expected) + 0.5
		for day in range(13):
			assert sum(later[: day + 1]) <= sum(expected[: day + 1]) + 0.5
		with pytest.raises(frappe.ValidationError):
			api.get_scenario(**ask, kind="later", days=500)
		with pytest.raises(frappe.ValidationError, match="Nothing is expected"):
			api.get_scenario(**ask, kind="without", customer="Nobody at All")
		with pytest.raises(frappe.ValidationError):
			api.get_scenario(**ask, kind="worse")

	def test_a_scenario_that_cannot_be_says_why_in_both_languages(self):
		make()
		ask = {"company": COMPANY, "currency": "USD"}
		answers = {}
		for language in ("en", "zh"):
			frappe.local.lang = language
			for days in (-5, 0, 9999, "", "soon", "2.5"):
				answer = self.scenario(**ask, kind="later", days=days)
				assert answer.status == 417 and answer.text, (days, answer)
				answers[language, days] = answer.text
			answer = self.scenario(**ask, kind="without", customer="<b>Nobody</b>")
			assert answer.status == 417 and "<b>Nobody" not in answer.text
			answers[language, "customer"] = answer.text
			assert self.scenario(**ask, kind="without").status == 417
			assert self.scenario(**ask, kind="rain").status == 417
			assert self.scenario(company=COMPANY, currency="XYZ", kind="later", days=3).status == 417
			assert self.scenario(company="Nowhere", currency="USD", kind="later", days=3).status == 403
		frappe.local.lang = "en"
		assert "between 1 and 91" in answers["en", 9999]
		assert all(
			answers["zh", key] != text for (language, key), text in answers.items() if language == "en"
		)

	@staticmethod
	def scenario(**arguments):
		return call("client_ledger.forecasts.api.get_scenario", "GET", **arguments)

	def test_only_the_latest_forecast_knows_its_customers(self):
		make(today=SUNDAY - timedelta(days=6))
		make()
		rows = frappe.get_all(
			CASH_FORECAST, {"by_customer": ("is", "set")}, ["day", "currency"], order_by="currency"
		)
		assert {getdate(row.day) for row in rows} == {SUNDAY} and len(rows) == 2


class TestNothingToForecast:
	def test_a_company_without_invoices(self):
		f.make_company("Cash Empty Company", "CEC")
		assert making.bring_up_to_date("Cash Empty Company", TODAY, FOREVER)
		page = api.get_forecast(company="Cash Empty Company")
		assert page["currencies"] == [] and not page["has_invoices"] and page["behind"]
		with pytest.raises(frappe.ValidationError, match="no forecast yet"):
			api.get_scenario(company="Cash Empty Company", currency="USD", kind="worse")

	def test_a_history_of_a_few_weeks_has_no_record(self):
		f.make_company("Cash Young Company", "CYC")
		f.make_customer("Cash Young Customer")
		f.make_invoice("Cash Young Customer", 500, SUNDAY - timedelta(days=10), "Cash Young Company")
		assert making.bring_up_to_date("Cash Young Company", TODAY, FOREVER)
		page = api.get_forecast(company="Cash Young Company")
		assert page["scores"] is None and page["past"] == []
		assert sum(week["expected"] for week in page["weeks"]) > 0

	def test_a_company_that_is_switched_off(self, monkeypatch):
		queued = []
		monkeypatch.setattr(frappe, "enqueue", lambda *a, **k: queued.append(k["company"]))
		jobs.nightly(TODAY)
		assert COMPANY in queued
		frappe.db.set_value("Company", COMPANY, "cl_cash_forecast", 0)
		queued.clear()
		jobs.nightly(TODAY)
		assert COMPANY not in queued
		jobs.work(COMPANY, TODAY)
		assert not frappe.db.exists(CASH_FORECAST, {"company": COMPANY})
		with pytest.raises(frappe.ValidationError, match="not forecast"):
			api.make_now(company=COMPANY)
		frappe.db.set_value("Company", COMPANY, "cl_cash_forecast", 1)

	def test_long_work_goes_on_in_another_job(self, monkeypatch):
		queued = []
		monkeypatch.setattr(frappe, "enqueue", lambda *a, **k: queued.append(k["job_id"]))
		while not frappe.db.exists(CASH_FORECAST, {"company": COMPANY, "origin": store.WEEKLY}):
			jobs.work(COMPANY, TODAY, seconds=0)
		assert len(queued) > 10 and len(set(queued)) == len(queued)


def test_forecasts_go_with_their_company():
	make()
	names = frappe.get_all(CASH_FORECAST, {"company": COMPANY}, pluck="name")
	assert names
	company.on_trash(frappe.get_doc("Company", COMPANY))
	assert not frappe.get_all(CASH_FORECAST, {"company": COMPANY})
	assert not frappe.get_all(CASH_FORECAST_WEEK, {"parent": ("in", names)})


def test_companies_that_were_there_before_are_forecast(books):
	"""The field's default reaches rows that existed when it was added."""
	assert all(jobs.is_on(name) for name in frappe.get_all("Company", pluck="name"))


class TestWhoSees:
	READER, SOME, SELLER = "cash.reader@example.com", "cash.some@example.com", "cash.seller@example.com"

	@pytest.fixture(autouse=True)
	def _users(self):
		f.make_user(self.READER, ["Accounts User"])
		f.make_user(self.SOME, ["Accounts User"], [("Customer", PROMPT)])
		f.make_user(self.SELLER, ["Sales User"])

	def test_an_accountant_sees_it_and_has_none_made(self):
		make()
		frappe.set_user(self.READER)
		assert api.get_forecast(company=COMPANY)["day"] == str(SUNDAY)
		with pytest.raises(frappe.PermissionError):
			api.make_now(company=COMPANY)

	def test_who_sees_some_customers_gets_what_is_expected_from_those_and_nothing_of_others(self):
		make()
		whole = api.get_forecast(company=COMPANY)
		by_name = {row["customer"]: row["expected"] for row in whole["customers"]}
		frappe.set_user(self.SOME)
		page = api.get_forecast(company=COMPANY, currency="EUR")
		assert (page["currencies"], page["currency"], page["own_customers"]) == (["USD"], "USD", 1)
		assert [row["customer"] for row in page["own_by_customer"]] == [PROMPT]
		assert page["own_by_customer"][0]["total"] == pytest.approx(by_name[PROMPT], abs=0.05)
		assert sum(week["expected"] for week in page["own_weeks"]) == pytest.approx(by_name[PROMPT], abs=0.1)
		assert not {"weeks", "scores", "past", "large", "sources"} & set(page)
		assert not any(other in json.dumps(page) for other in (SLOW, PARTS, EURO))
		for ask in (api.get_scenario, api.make_now):
			more = {"currency": "USD", "kind": "later", "days": 7} if ask is api.get_scenario else {}
			with pytest.raises(frappe.PermissionError):
				ask(company=COMPANY, **more)
		assert frappe.get_list(CASH_FORECAST) == []

	def test_everybody_together_is_the_forecast(self):
		make()
		whole = [week["expected"] for week in api.get_forecast(company=COMPANY)["weeks"]]
		page = own.own_page(COMPANY, None, TODAY, frozenset({PROMPT, SLOW, PARTS, EURO}))
		assert [week["expected"] for week in page["own_weeks"]] == pytest.approx(whole, abs=0.05)
		assert page["currencies"] == ["USD", "EUR"]
		nobody = own.own_page(COMPANY, None, TODAY, frozenset())
		assert "own_weeks" not in nobody and nobody["own_customers"] == 0

	def test_sales_people_do_not(self):
		frappe.set_user(self.SELLER)
		with pytest.raises(frappe.PermissionError):
			api.get_forecast(company=COMPANY)

	def test_nobody_changes_one(self):
		make()
		doc = frappe.get_last_doc(CASH_FORECAST)
		frappe.set_user(self.READER)
		doc.expected_total = 1
		with pytest.raises(frappe.PermissionError):
			doc.save()
		assert json.loads(frappe.db.get_value(CASH_FORECAST, doc.name, "made"))["day"] == str(doc.day)
