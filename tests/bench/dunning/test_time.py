"""Days and clocks on a site: holidays in a row, the policy's time zone, a step on the due date, month ends."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import add_days, get_datetime, get_last_day, get_system_timezone, getdate, nowdate

from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notice, notices, work

NAME = "Time Ada"


@pytest.fixture
def invoice():
	make_debtor(NAME)
	return f.make_invoice(NAME, 200, ago(40), due_date=ago(10))


def holidays(*days: int) -> str:
	"""Return a list of holidays, each so many days from today."""
	found = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": "Dunning Holidays",
			"from_date": ago(10),
			"to_date": ago(-30),
			"holidays": [{"holiday_date": ago(-n), "description": f"Day {n}"} for n in days],
		}
	)
	return found.insert().name


@pytest.mark.parametrize("of_company", [False, True])
def test_holidays_in_a_row_defer_to_the_first_day_after_them(of_company, invoice, mailbox):
	name = holidays(0, 1, 2)
	if of_company:
		frappe.db.set_value("Company", COMPANY, "default_holiday_list", name)
		frappe.clear_document_cache("Company", COMPANY)
	make_policy(
		customers=[NAME], opens="09:00:00", closes="17:00:00", holiday_list=None if of_company else name
	)
	work(0)
	row = notice(NAME)
	assert (row.status, row.reason) == ("Deferred", "Holiday")
	assert str(row.deferred_until) == f"{add_days(nowdate(), 3)} 09:00:00"
	work(2, 12)
	assert notice(NAME).status == "Deferred"
	work(3, 10)
	assert notice(NAME).status == "Sending"


def test_the_policy_s_clock_counts_not_the_site_s(invoice, mailbox):
	"""At ten in the morning by the site's clock it is late evening there; at nine in the evening it is ten in the morning."""
	there, ahead = zone_of_another_half_day()
	make_policy(customers=[NAME], time_zone=there, opens="09:00:00", closes="17:00:00")
	work(0, 10)
	row = notice(NAME)
	assert (row.status, row.reason) == ("Deferred", "Outside Contact Hours")
	assert row.deferred_until.hour == 20
	work(0, 21)
	row = notice(NAME)
	assert row.status == "Sending"
	assert getdate(row.contact_on) == (get_datetime(f"{nowdate()} 21:00:00") + ahead).date()


def zone_of_another_half_day() -> tuple[str, timedelta]:
	"""Return a zone whose clock shows 13 hours more or 11 less than the site's, and by how much it is ahead."""
	here = datetime.now(ZoneInfo(get_system_timezone())).utcoffset() // timedelta(hours=1)
	there = here + 13 if here + 13 <= 14 else here - 11
	return f"Etc/GMT{-there:+d}" if there else "Etc/GMT", timedelta(hours=there - here)


def test_a_step_of_no_days_goes_out_on_the_due_date(mailbox):
	make_debtor(NAME)
	f.make_invoice(NAME, 100, ago(30), due_date=ago(0))
	make_policy(customers=[NAME], steps=[{"days": 0}])
	work(-1)
	assert notices(NAME) == []
	work(0)
	assert notice(NAME).status == "Sending"


def test_a_due_date_at_the_end_of_a_month_is_counted_in_days(mailbox):
	make_debtor(NAME)
	due = get_last_day(ago(60))
	f.make_invoice(NAME, 100, add_days(due, -20), due_date=due)
	make_policy(customers=[NAME], steps=[{"days": 1}])
	days = (getdate(nowdate()) - getdate(due)).days
	work(-days)
	assert notices(NAME) == []
	work(1 - days)
	row = notice(NAME)
	assert getdate(row.as_of).day == 1 and row.status == "Sending"


def test_a_customer_merged_after_its_message_is_not_reminded_again(mailbox):
	for name in (NAME, "Time Old"):
		# The host does not merge a customer whose contact an invoice names.
		make_debtor(name, None)
		frappe.db.set_value("Customer", name, "email_id", "books@debtor.example")
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	make_policy(customers=[NAME, "Time Old"], steps=[{"days": 3}])
	work()
	frappe.db.delete("Dunning Policy Scope", {"customer": "Time Old"})
	frappe.rename_doc("Customer", "Time Old", NAME, merge=True, force=True)
	work(0, 12)
	work(8)
	assert {row.status for row in notices(NAME)} == {"Sending"}
	assert len(notices(NAME)) == 2
