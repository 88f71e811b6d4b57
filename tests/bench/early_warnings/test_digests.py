"""Digests: to each person in their language, only what is new and theirs to see, once; to groups through their robots."""

import json
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from client_ledger.early_warnings import decisions, digests
from client_ledger.early_warnings.digests import period_key
from tests.bench import factories as f
from tests.bench.early_warnings.made_up import LOW, raise_for
from tests.bench.early_warnings.setting import make_mail_account

ONE, OTHER, THIRD = "Digest One", "Digest Other", "Digest Third"
READER, CHINESE = "digest.reader@example.com", "digest.chinese@example.com"


@pytest.fixture
def people(monkeypatch):
	monkeypatch.setattr(frappe.flags, "mute_emails", False, raising=False)
	f.make_company()
	for name in (ONE, OTHER, THIRD):
		f.make_customer(name)
	frappe.db.set_value("Customer", ONE, "customer_name", "Digest One & Sons")
	f.make_user(READER, ["Credit Controller", "Sales User"], [("Customer", ONE)])
	f.make_user(CHINESE, ["Credit Manager", "Sales User"])
	frappe.db.set_value("User", CHINESE, "language", "zh")
	make_mail_account()


def make_digest(user, **values):
	return frappe.get_doc(
		{"doctype": "Warning Digest", "user": user, "hour": 0, "warnings_of": "All I May See", **values}
	).insert()


def mails(user):
	names = frappe.get_all("Email Queue Recipient", {"recipient": user}, pluck="parent")
	return frappe.get_all("Email Queue", {"name": ("in", names)}, ["name", "message"], order_by="creation")


def issues(user):
	return frappe.get_all("Warning Digest Issue", {"user": user}, ["*"], order_by="issued_on, name")


def send(days=0):
	return digests.send_digests(now_datetime() + timedelta(days=days))


def test_what_is_new_once_and_nothing_where_nothing_is(people):
	make_digest(CHINESE)
	assert send() == 0 and not issues(CHINESE)
	first = raise_for([ONE, OTHER])
	assert send() == 1
	(issue,) = issues(CHINESE)
	assert sorted(json.loads(issue["names"])) == sorted(first) and issue.warnings == 2
	assert len(mails(CHINESE)) == 1
	# The same day, and the days after: neither again nor once more.
	assert [send(), send(1), send(2)] == [0, 0, 0]
	(late,) = raise_for([THIRD], severity=LOW)
	assert send(3) == 1
	assert json.loads(issues(CHINESE)[-1]["names"]) == [late]
	assert len(mails(CHINESE)) == 2


def test_in_the_readers_language_and_escaped(people):
	make_digest(CHINESE)
	raise_for([ONE])
	send()
	(issue,) = issues(CHINESE)
	assert "Digest One &amp; Sons" in issue.content and "Digest One & Sons" not in issue.content
	assert "预警" in issue.subject and "1,234.50" in issue.content
	make_digest(READER)
	send()
	(issue,) = issues(READER)
	assert issue.subject == "Early warning: Digest One & Sons, First Overdue of a Good Payer"
	# It leads to the reader's own settings, not to those of whoever sends.
	assert f"/{READER}" in issue.content.replace("%40", "@")


def test_only_what_the_reader_may_see(people):
	make_digest(READER)
	raise_for([ONE, OTHER, ""])
	send()
	(issue,) = issues(READER)
	names = json.loads(issue["names"])
	assert [frappe.db.get_value("Early Warning", name, "customer") for name in names] == [ONE]
	assert OTHER not in issue.content


def test_only_ones_own_and_grave_enough(people):
	make_digest(CHINESE, warnings_of="My Customers", minimum_severity="High")
	(own,) = raise_for([ONE])
	raise_for([OTHER])
	(mild,) = raise_for([THIRD], severity=LOW)
	frappe.db.set_value("Early Warning", {"name": ("in", [own, mild])}, "responsible", CHINESE)
	send()
	assert [json.loads(one["names"]) for one in issues(CHINESE)] == [[own]]


def test_closed_before_the_digest_is_no_news(people):
	make_digest(CHINESE)
	(name,) = raise_for([ONE])
	decisions.close(name, "False Alarm", "")
	assert send() == 0


def test_a_user_that_is_disabled_gets_nothing(people):
	make_digest(CHINESE)
	raise_for([ONE])
	frappe.db.set_value("User", CHINESE, "enabled", 0)
	assert send() == 0 and not mails(CHINESE)


def test_one_that_fails_stops_no_other(people, monkeypatch):
	make_digest(READER)
	make_digest(CHINESE)
	raise_for([ONE])
	real = digests.digest_text.mail_of
	turns = []

	def mail_of(*arguments):
		turns.append(1)
		if len(turns) == 1:
			raise RuntimeError("broken")
		return real(*arguments)

	monkeypatch.setattr(digests.digest_text, "mail_of", mail_of)
	monkeypatch.setattr(frappe.db, "rollback", lambda **_more: None)
	assert send() == 1
	# And it comes with the next turn.
	assert send() == 1
	assert len(issues(READER)) == len(issues(CHINESE)) == 1


@pytest.mark.parametrize(
	("frequency", "now", "period"),
	[
		("Daily", "2026-11-25 06:59:00", None),
		("Daily", "2026-11-25 07:00:00", "2026-11-25"),
		("Weekly", "2026-11-24 12:00:00", None),
		("Weekly", "2026-11-25 06:00:00", None),
		("Weekly", "2026-11-25 07:00:00", "2026-W48"),
		# Missed on Wednesday, it comes on Friday.
		("Weekly", "2026-11-27 01:00:00", "2026-W48"),
		("Weekly", "2026-11-30 12:00:00", None),
	],
)
def test_when_it_is_its_turn(frequency, now, period):
	assert period_key(frequency, "Wednesday", 7, frappe.utils.get_datetime(now)) == period


@pytest.mark.parametrize(
	("zone", "there"),
	[(None, "12:00"), ("Asia/Shanghai", "01:00"), ("America/New_York", "12:00"), ("No/Where", "12:00")],
)
def test_the_hour_is_that_of_the_reader(monkeypatch, zone, there):
	monkeypatch.setattr(digests, "get_system_timezone", lambda: "America/New_York")
	noon = frappe.utils.get_datetime("2026-11-25 12:00:00")
	assert f"{digests.in_zone(noon, zone):%H:%M}" == there


def test_who_sees_no_customers_gets_none(people):
	f.make_user("digest.nobody@example.com", ["Auditor"])
	make_digest("digest.nobody@example.com")
	raise_for([ONE])
	assert send() == 0 and not mails("digest.nobody@example.com")


def test_old_digests_go_but_those_about_what_still_runs(people):
	"""Through Frappe's Log Settings; what was told stays known, so that nothing is told twice."""
	robot = make_robot(sends="Each New Warning")
	(ended,) = raise_for([ONE])
	send()
	(runs,) = raise_for([OTHER])
	send(1)
	old = now_datetime() - timedelta(days=200)
	frappe.db.set_value("Warning Digest Issue", {"robot": robot.name}, "issued_on", old)
	frappe.db.set_value("Early Warning", ended, {"status": "Closed", "ended_on": old.date()})
	settings = frappe.get_doc("Log Settings")
	settings.logs_to_clear = []
	settings.add_default_logtypes()
	kept = {row.ref_doctype: row.days for row in settings.logs_to_clear}
	assert kept["Warning Digest Issue"] == kept["Robot Delivery"] == 180
	settings.logs_to_clear = [
		row for row in settings.logs_to_clear if row.ref_doctype == "Warning Digest Issue"
	]
	settings.clear_logs()
	left = frappe.get_all("Warning Digest Issue", {"robot": robot.name}, pluck="names")
	assert [json.loads(names) for names in left] == [[runs]]
	assert send(2) == 0


def test_everybody_sets_up_their_own(people):
	frappe.set_user(READER)
	with pytest.raises(frappe.PermissionError):
		make_digest(CHINESE)
	mine = make_digest(READER)
	with pytest.raises(frappe.ValidationError, match="between 0 and 23"):
		mine.hour = 24
		mine.save()
	mine.reload()
	mine.by_email = mine.on_desk = 0
	with pytest.raises(frappe.ValidationError, match="at least one way"):
		mine.save()
	frappe.set_user(CHINESE)
	assert set(frappe.get_list("Warning Digest", pluck="user")) >= {READER}
	make_digest(CHINESE)
	frappe.set_user(READER)
	assert frappe.get_list("Warning Digest", pluck="user") == [READER]


def make_robot(**values):
	return frappe.get_doc(
		{
			"doctype": "Group Robot",
			"title": "Group",
			"service": "WeCom",
			"address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
			"minimum_severity": "Low",
			**values,
		}
	).insert()


def deliveries(robot):
	rows = frappe.get_all("Robot Delivery", {"robot": robot.name}, ["message"], order_by="creation, name")
	return [json.loads(row.message) for row in rows]


def test_a_group_is_told_what_is_new_once(people):
	raise_for([THIRD], severity=LOW)
	frappe.db.set_value("Early Warning", {"customer": THIRD}, "creation", "2026-01-01 00:00:00")
	robot = make_robot(sends="Each New Warning", language="zh")
	raise_for([ONE, OTHER])
	assert send() == 1 and send() == 0
	(message,) = deliveries(robot)
	assert len(message["lines"]) == 2 and "预警" in message["title"]
	assert message["lines"][0][0].startswith("高")
	raise_for([""], signal="company_dso", severity=LOW)
	assert send() == 1
	assert f.COMPANY in deliveries(robot)[1]["lines"][0][0]


def test_a_group_may_be_told_no_names(people):
	robot = make_robot(sends="Each New Warning", with_amounts=0)
	raise_for([ONE])
	send()
	(message,) = deliveries(robot)
	assert "Digest" not in json.dumps(message)


def test_a_group_of_one_company_hears_of_it_alone(people):
	robot = make_robot(sends="Each New Warning", for_company=f.COMPANY)
	f.make_company("Digest Company", abbr="DGC")
	raise_for([ONE], company="Digest Company")
	assert send() == 0 and not deliveries(robot)
