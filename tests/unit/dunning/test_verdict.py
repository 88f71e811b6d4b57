"""Hours, holidays, budgets: whether a message may go out now, and when next."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_ledger.core.dunning.plan import Claim, DunningReason
from client_ledger.core.dunning.verdict import decide
from client_ledger.core.outbox.calendar import WEEKEND, Hours
from client_ledger.core.outbox.message import Channel, WithholdReason
from client_ledger.core.outbox.verdict import Budget, Circumstances, free_from
from tests.unit.dunning.cases import day, item, planned, policy

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(BERLIN, frozenset(), WEEKEND, time(9), time(17))
# Monday, 2 March 2026.
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=BERLIN)
NOTICE = planned([item("SI 1", -9)], policy(3, 14))


def verdict(now=MONDAY, notice=NOTICE, channel=Channel.EMAIL, paused=False, **known):
	known = {"hours": OFFICE, "budget": Budget(), **known}
	return decide(notice, channel, Circumstances(**known), now, paused)


def test_in_the_office_it_goes():
	assert verdict().sends


@pytest.mark.parametrize(
	("now", "reason", "until"),
	[
		(MONDAY.replace(hour=8, minute=59), WithholdReason.OUTSIDE_HOURS, MONDAY.replace(hour=9)),
		(MONDAY.replace(hour=17), WithholdReason.OUTSIDE_HOURS, datetime(2026, 3, 3, 9, tzinfo=BERLIN)),
		(
			datetime(2026, 3, 7, 12, tzinfo=BERLIN),
			WithholdReason.HOLIDAY,
			datetime(2026, 3, 9, 9, tzinfo=BERLIN),
		),
	],
)
def test_outside_hours_it_waits(now, reason, until):
	assert (verdict(now).reason, verdict(now).until) == (reason, until)


def test_holidays_in_a_row_with_a_weekend_behind_them():
	easter = Hours(BERLIN, frozenset({date(2026, 4, 3), date(2026, 4, 6)}), WEEKEND, time(9), time(17))
	friday = datetime(2026, 4, 3, 10, tzinfo=BERLIN)
	found = verdict(friday, hours=easter)
	assert (found.reason, found.until) == (WithholdReason.HOLIDAY, datetime(2026, 4, 7, 9, tzinfo=BERLIN))


def test_the_company_s_clock_counts_not_the_server_s():
	shanghai = Hours(ZoneInfo("Asia/Shanghai"), opens=time(9), closes=time(18))
	evening = datetime(2026, 3, 2, 11, 0, tzinfo=ZoneInfo("UTC"))
	assert verdict(evening, hours=shanghai).reason is WithholdReason.OUTSIDE_HOURS
	assert verdict(evening - timedelta(hours=2), hours=shanghai).sends


def test_clocks_that_go_forward_over_the_opening_hour():
	early = Hours(BERLIN, opens=time(2, 30), closes=time(4))
	night = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN)
	assert early.next_opening(night).astimezone(ZoneInfo("UTC")) == datetime(
		2026, 3, 29, 1, 30, tzinfo=ZoneInfo("UTC")
	)
	assert early.next_opening(night).time() == time(3, 30)
	assert early.is_open(early.next_opening(night))


def test_clocks_that_go_back_give_one_opening():
	early = Hours(BERLIN, opens=time(2, 30), closes=time(4))
	night = datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN)
	assert early.next_opening(night) == datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)), st.sets(st.integers(0, 6), max_size=6))
@settings(max_examples=200, deadline=None)
def test_the_next_opening_is_open_and_nothing_before_it_is(moment, closed):
	hours = Hours(BERLIN, frozenset(), frozenset(closed), time(9), time(17))
	now = moment.replace(tzinfo=BERLIN)
	opening = hours.next_opening(now)
	assert opening >= now and hours.is_open(opening)
	utc = now.astimezone(ZoneInfo("UTC"))
	while (utc := utc + timedelta(minutes=30)) < opening.astimezone(ZoneInfo("UTC")):
		assert not hours.is_open(utc)


def test_a_company_that_never_opens():
	assert Hours(closed=frozenset(range(7))).next_opening(MONDAY) is None
	found = verdict(hours=Hours(closed=frozenset(range(7))))
	assert found.defers and found.reason is WithholdReason.HOLIDAY


def test_the_budget_counts_every_contact_and_defers():
	budget = Budget(2, 14)
	contacts = [day(-3), day(-10), day(-30)]
	found = verdict(budget=budget, contacts=contacts)
	assert found.reason is WithholdReason.BUDGET
	assert found.until == datetime(2026, 3, 6, 9, tzinfo=BERLIN)
	assert verdict(budget=Budget(3, 14), contacts=contacts).sends
	assert verdict(budget=Budget(), contacts=contacts).sends


@given(st.integers(1, 4), st.integers(1, 30), st.lists(st.integers(-60, 0), max_size=20))
@settings(max_examples=300, deadline=None)
def test_the_budget_is_free_on_that_day_and_not_before(contacts, window, days):
	budget, found = Budget(contacts, window), sorted(day(n) for n in days)

	def room(today):
		return sum(today - timedelta(days=window) < d <= today for d in found) < contacts

	free = free_from(budget, found, day(0))
	assert room(free)
	assert not any(room(day(n)) for n in range((free - day(0)).days))


def test_what_is_known_of_the_customer():
	assert verdict(disabled=True).reason is WithholdReason.DISABLED
	assert verdict(opted_out=True).reason is WithholdReason.OPTED_OUT
	assert verdict(has_address=False).reason is WithholdReason.NO_ADDRESS
	assert verdict(has_address=False, channel=Channel.CALL).sends
	assert verdict(paused=True).defers
	assert verdict(last_message=date(2026, 3, 2)).until == datetime(2026, 3, 3, 9, tzinfo=BERLIN)
	assert verdict(last_message=date(2026, 3, 1)).sends


def test_paid_meanwhile_or_withheld_meanwhile():
	assert verdict(notice=None).reason is DunningReason.PAID
	assert not verdict(notice=None).defers
	promise = Claim("Ada", DunningReason.PROMISED, day(-1), day(4))
	found = verdict(notice=planned([item("SI 1", -9)], policy(3), claims=[promise]))
	assert (found.reason, found.until) == (DunningReason.PROMISED, datetime(2026, 3, 9, 9, tzinfo=BERLIN))
