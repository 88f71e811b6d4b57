"""The customer's page: what it shows and what it keeps to itself, who may not open it, and what is refused there."""

import json
import re

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.confirmations import api, rounds
from client_ledger.guest_links import links
from tests.bench import factories as f
from tests.bench.collections.setting import overdue
from tests.bench.confirmations.setting import (
	answer,
	asked,
	confirmation,
	guest,
	make_round,
	notifications,
	page,
	replies_of,
	send,
	token_of,
)

pytestmark = pytest.mark.every_version


def data_of(html: str) -> dict:
	return json.loads(re.search(r'id="cl-data">(.*?)</script>', html, re.S)[1])


def test_the_page_shows_the_balance_and_its_open_items(mailbox):
	doc = asked("Page One", 512, 300)
	shown = page(token_of(doc))
	assert shown.status == 200
	assert "812.00" in shown.body and "Owed by you to us" in shown.body and doc.name in shown.body
	assert doc.customer_name in shown.body and "The balance is correct" in shown.body
	for header in ("no-referrer", "DENY", "no-store", "noindex"):
		assert header in shown.text
	assert data_of(shown.body)["standing"]["can_answer"]
	assert doc.reload().opened_on
	assert frappe.db.get_value("Guest Link", doc.link, "opened") == 1


def test_the_page_speaks_the_customers_language_unless_asked_for_another(mailbox):
	overdue("Page Chinese", 100)
	frappe.db.set_value("Customer", "Page Chinese", "language", "zh")
	round_ = make_round(["Page Chinese"])
	send(round_)
	doc = confirmation("Page Chinese")
	assert doc.language == "zh"
	assert 'lang="zh"' in page(token_of(doc)).body
	english = page(token_of(doc), "en").body
	assert '<html lang="en">' in english and "Send Reply" in english


def test_a_blank_form_does_not_tell_the_balance_anywhere(mailbox):
	doc = asked("Page Blank", 713.17, 150.29, form="Tell Us Your Balance")
	shown = page(token_of(doc)).body
	# With their decimals: bare digits stand in the link, too.
	for secret in ("713.17", "150.29", "863.46", "The balance is correct"):
		assert secret not in shown
	told = json.dumps(guest("standing", token_of(doc), "GET").data)
	assert not any(secret in told for secret in ("713.17", "150.29", "863.46"))
	found = guest("answer", token_of(doc), answer="Confirmed", name="Li Wei")
	assert found.status == 417 and "asks for your balance" in found.text
	answer(doc, "Other Balance", balance=700)
	shown = page(token_of(doc)).body
	assert "863.46" not in shown and "163.46" not in shown


@pytest.mark.parametrize("how", ["expired", "revoked", "altered", "none", "of the portal"])
def test_a_link_that_is_not_valid_opens_nothing(mailbox, how):
	doc = asked("Page Link", 98765.43)
	token = token_of(doc)
	if how == "expired":
		frappe.db.set_value("Guest Link", doc.link, "expires_on", add_days(nowdate(), -1))
	if how == "revoked":
		api.revoke_link(name=doc.name, reason="Sent to the wrong person")
	if how == "altered":
		token = token[:-1] + ("A" if token[-1] != "A" else "B")
	if how == "none":
		token = None
	if how == "of the portal":
		name = links.issue(links.PORTAL, None, None, doc.customer, doc.company, doc.expires_on)
		token = links.url(name).split("link=")[1]
	shown = page(token, "en")
	assert shown.status == 403 and "98,765" not in shown.body and doc.customer not in shown.body
	assert {"expired": "has expired", "revoked": "was withdrawn"}.get(how, "not valid") in shown.body
	for method, verb, values in (
		("answer", "POST", {"answer": "Confirmed", "name": "Somebody"}),
		("upload", "POST", {"name": "Somebody"}),
		("standing", "GET", {}),
		("letter", "GET", {}),
	):
		found = guest(method, token, verb, **values)
		assert found.status in (403, 417), (method, found.status, found.text)
		assert "98,765" not in str(found.data) and "98,765" not in found.text
	assert not replies_of(doc) and doc.reload().status == "Awaiting Reply"


def test_a_revoked_link_can_be_followed_by_a_new_one(mailbox):
	doc = asked("Page New Link")
	old = token_of(doc)
	api.revoke_link(name=doc.name)
	url = api.get_link(name=doc.name)
	assert page(old).status == 403
	assert page(url.split("link=")[1].split("&")[0]).status == 200


def test_a_link_tells_nothing_of_another_customer(mailbox):
	mine, other = asked("Page Mine", 98765.43), asked("Page Other", 56789.12)
	answer(other, name="Other Person")
	for body in (page(token_of(mine)).body, json.dumps(guest("standing", token_of(mine), "GET").data)):
		for secret in ("56,789", "56789", other.name, "Page Other", "Other Person"):
			assert secret not in body
	# A name of another confirmation beside the own link changes nothing.
	answer(mine, "Other Balance", balance=5, confirmation=other.name, reference_name=other.name)
	assert other.reload().status == "Confirmed" and mine.reload().status == "Differences"


def test_a_guest_reaches_nothing_else_by_the_link(mailbox):
	doc = asked("Page Guest")
	frappe.set_user("Guest")
	for doctype, name in (
		("Balance Confirmation", doc.name),
		("Confirmation Round", doc.round),
		("Guest Link", doc.link),
		("Ledger Notice", doc.notice),
	):
		assert not frappe.has_permission(doctype, "read", doc=name)


def test_two_people_answer_and_the_first_one_counts(mailbox):
	doc = asked("Page Two", 500)
	user = f.make_user("confirm.two@example.com", ("Credit Controller", "Sales User"))
	doc.db_set("responsible", user.name)
	answer(doc, name="Li Wei")
	said = answer(doc, "Other Balance", name="Zhang San", balance=400)
	assert "Li Wei has already answered" in said["refused"] and "contact the company" in said["refused"]
	first, second = replies_of(doc)
	assert (first.state, second.state, second.balance) == ("Counted", "Not Counted", 400)
	assert doc.reload().status == "Confirmed" and doc.replies == 2
	kept = {"kind": "Reply", "reference_name": ("in", [first.name, second.name])}
	assert frappe.db.count("Ledger Archive", kept) == 2
	assert any("does not count" in subject for subject in notifications(doc))
	# People decide which of both counts.
	api.count_reply(name=second.name)
	doc.reload()
	assert (doc.status, doc.difference, doc.replied_by) == ("Differences", 100, "Zhang San")
	assert [reply.state for reply in replies_of(doc)] == ["Replaced", "Counted"]


def test_a_reply_after_the_end_is_kept_and_does_not_count(mailbox):
	doc = asked("Page Late")
	rounds.close(doc.round)
	shown = page(token_of(doc)).body
	assert not data_of(shown)["standing"]["can_answer"] and data_of(shown)["standing"]["closed"]
	said = answer(doc)
	assert "is closed" in said["refused"] and "was kept" in said["refused"]
	(reply,) = replies_of(doc)
	assert (reply.state, reply.not_counted_because) == ("Not Counted", "Round Closed")
	assert doc.reload().status == "No Reply"
	kept = frappe.get_all("Guest Link Event", {"link": doc.link, "event": "Refused"}, pluck="declared_name")
	assert kept == ["Li Wei"]


@pytest.mark.parametrize(
	("values", "text"),
	[
		({"answer": "Confirmed", "name": " "}, "Enter your name"),
		({"answer": "Other Balance", "name": "Li"}, "Enter the balance"),
		({"answer": "Differences", "name": "Li"}, "at least one difference"),
		({"answer": "Differences", "name": "Li", "lines": [{"number": "1"}] * 201}, "at most 200"),
		({"answer": "Ledger Uploaded", "name": "Li"}, "Choose one of"),
		({"answer": "Nonsense", "name": "Li"}, "Choose one of"),
		({"answer": "Other Balance", "name": "Li", "balance": "a lot"}, "number"),
		({"answer": "Other Balance", "name": "Li", "balance": 1e30}, "less than"),
		({"answer": "Differences", "name": "Li", "lines": "no list"}, ""),
		({"answer": "Differences", "name": "Li", "lines": [{"number": "1", "date": "31.02.2026"}]}, "date"),
	],
)
def test_what_is_incomplete_is_said_and_nothing_is_kept(mailbox, values, text):
	doc = asked("Page Incomplete")
	found = guest("answer", token_of(doc), **values)
	assert found.status == 417 and text in found.text, found.text
	assert not replies_of(doc) and doc.reload().status == "Awaiting Reply"


def test_markup_in_an_answer_stays_text(mailbox):
	doc = asked("Page Markup")
	evil = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
	answer(doc, "Other Balance", name=evil, balance=3, remark=evil)
	shown = page(token_of(doc)).body
	assert "<img src=x" not in shown and "<script>alert" not in shown


def test_many_answers_in_an_hour_are_stopped(mailbox):
	doc = asked("Page Often")
	found = [guest("answer", token_of(doc), answer="Confirmed", name="Li Wei").status for _try in range(22)]
	assert found[:20] == [200] * 20 and found[-1] == 429


def test_a_merged_customers_confirmation_is_refused_in_words(mailbox):
	doc = asked("Page Merged", 500)
	token = token_of(doc)
	overdue("Page Stays", 100)
	frappe.rename_doc("Customer", "Page Merged", "Page Stays", merge=True, force=True)
	shown = page(token)
	assert shown.status == 200 and data_of(shown.body)["standing"]["cancelled"]
	said = answer(doc)
	assert "combined with another" in said["refused"] and "was kept" in said["refused"]
	doc.reload()
	assert (doc.status, doc.customer) == ("Cancelled", "Page Stays")
	(reply,) = replies_of(doc)
	assert (reply.state, reply.customer) == ("Not Counted", "Page Stays")
	# The round asks the merged customer anew.
	round_ = frappe.get_doc("Confirmation Round", doc.round)
	round_.append("customers", {"customer": "Page Stays"})
	assert rounds.plan(round_.name) == 1
	assert confirmation("Page Stays", status="Planned").our_balance == 600
