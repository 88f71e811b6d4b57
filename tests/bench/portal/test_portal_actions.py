"""What a customer says and does: disputes, promises, payments, confirmations, contact details; what is wrong is said in words."""

import base64
from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.core.receipts.mentions import is_creditor_reference
from client_ledger.portal import api, desk_api, paying, qr, requests
from client_ledger.portal.access import Visitor
from client_ledger.site.doctypes import FOLLOW_UP, LEDGER_DISPUTE, PROMISE_TO_PAY, REMITTANCE_ADVICE
from tests.bench import factories as f
from tests.bench.collections.setting import REASON
from tests.bench.doors.http import call
from tests.bench.portal.euro import bank_account, euro_account
from tests.bench.portal.papers import sent_statement
from tests.bench.portal.setting import (
	ADA,
	API,
	BOB,
	COMPANY,
	as_user,
	asked,
	make_account,
	make_portal_user,
	row,
	switch,
	token_of,
	told,
)


def kept(user: str, function: str, **arguments: object) -> object:
	"""Return what an action answers; what it wrote stays until the test ends."""
	with as_user(user):
		return getattr(api, function)(**arguments)


def refused(user: str, function: str, method: str = "POST", **arguments: object) -> str:
	answer = asked(user, function, method, **arguments)
	assert answer.status == 417, answer
	return answer.text


def test_a_dispute_has_an_owner_and_is_not_chased(portal, mailbox):
	invoice = portal.invoices[ADA][0]
	owner = f.make_user("ada.owner@example.com", ("Credit Controller", "Sales User")).name
	frappe.db.set_value("Client Account", {"customer": ADA, "company": COMPANY}, "collector", owner)
	name = kept(
		portal.ada,
		"dispute",
		items=[row(invoice, 120)],
		reason=REASON,
		details="Price <b>agreed</b>\nwas less",
	)
	doc = frappe.get_doc(LEDGER_DISPUTE, name)
	assert (doc.customer, doc.company, doc.status, doc.amount) == (ADA, COMPANY, "Open", 120)
	assert doc.responsible == owner and doc.owner == portal.ada
	assert "<b>agreed</b>" not in doc.details and "&lt;b&gt;" in doc.details
	shown = told(portal.ada, "get_overview")
	assert shown["disputes"][0]["items"] == [invoice.name] and shown["disputes"][0]["running"]
	item = next(one for one in shown["items"] if one["voucher_no"] == invoice.name)
	assert item["disputed"]["value"] == 120
	assert shown["currencies"][0]["due"]["value"] == 1000 - 120


def test_who_answers_where_nobody_collects(portal):
	manager = f.make_user("credit.manager@portal.example", ("Credit Manager", "Sales User")).name
	blind = f.make_user("blind@portal.example", ("Credit Controller",)).name
	# Who may not read it is not asked: it would have to be shared by the customer.
	frappe.db.set_value("Client Account", {"customer": ADA}, {"collector": blind, "account_manager": None})
	owner = requests.owner_of(Visitor(ADA, COMPANY))
	assert owner != blind and (owner == manager or "Credit Manager" in frappe.get_roles(owner))


@pytest.mark.parametrize(
	("change", "says"),
	[
		({"items": []}, "at least one"),
		({"reason": "Because"}, "reasons in the list"),
		({"details": "  "}, "what is wrong"),
		({"amount": 501}, "exceeds"),
		({"amount": -1}, "greater than 0"),
		({"invoice": "none"}, "not open any more"),
	],
)
def test_a_dispute_that_cannot_be_is_refused_in_words(portal, change, says):
	line = row(portal.invoices[ADA][0], change.get("amount", 10))
	line["voucher_no"] = change.get("invoice", line["voucher_no"])
	sent = {"items": [line], "reason": REASON, "details": "Wrong"} | {
		key: value for key, value in change.items() if key in ("items", "reason", "details")
	}
	assert says in refused(portal.ada, "dispute", **sent)


def test_the_same_money_is_not_disputed_twice(portal):
	lines = [row(portal.invoices[ADA][0], 500)]
	kept(portal.ada, "dispute", items=lines, reason=REASON, details="Once")
	assert "already disputes" in refused(portal.ada, "dispute", items=lines, reason=REASON, details="Twice")


def test_a_promise_is_the_customers_own(portal):
	lines = [row(one, one.outstanding_amount) for one in portal.invoices[ADA][:2]]
	day = add_days(nowdate(), 5)
	kept(portal.ada, "promise", items=lines, day=day)
	(name,) = frappe.get_all(PROMISE_TO_PAY, {"customer": ADA}, pluck="name")
	doc = frappe.get_doc(PROMISE_TO_PAY, name)
	assert (doc.amount, doc.taken_by, doc.channel, str(doc.first_due)) == (800, portal.ada, "Portal", day)
	shown = told(portal.ada, "get_overview")
	assert shown["promises"][0]["running"] and shown["promises"][0]["due"]["value"] == day
	assert "already covered" in refused(portal.ada, "promise", items=lines, day=day)


@pytest.mark.parametrize(
	("day", "says"), [(-1, "past"), (400, "within a year"), (None, "required"), ("soon", "YYYY-MM-DD")]
)
def test_a_day_that_cannot_be_promised(portal, day, says):
	day = add_days(nowdate(), day) if isinstance(day, int) else day
	assert says in refused(portal.ada, "promise", items=[row(portal.invoices[ADA][0], 500)], day=day)


def test_a_payment_is_announced_and_shown(portal):
	lines = [row(one, one.outstanding_amount) for one in portal.invoices[ADA][:2]]
	name = kept(portal.ada, "paid", items=lines, amount=600, day=nowdate(), reference="T-77")
	doc = frappe.get_doc(REMITTANCE_ADVICE, name)
	assert (doc.customer, doc.company, doc.amount, doc.reference) == (ADA, COMPANY, 600, "T-77")
	# What is less than everything covers the items in their order.
	assert [(one.sales_invoice, one.amount) for one in doc.invoices] == [
		(portal.invoices[ADA][0].name, 500),
		(portal.invoices[ADA][1].name, 100),
	]
	shown = told(portal.ada, "get_overview")
	assert shown["announced"][0]["amount"]["value"] == 600 and shown["announced"][0]["running"]
	assert shown["items"][0]["announced"]["value"] == 500
	again = refused(portal.ada, "paid", items=lines, amount=600, day=nowdate(), reference="T-77")
	assert "announced already" in again or "not announced yet" in again


@pytest.mark.parametrize(
	("change", "says"),
	[
		({"amount": 0}, "greater than 0"),
		({"amount": -5}, "greater than 0"),
		({"amount": "much"}, "number"),
		({"day": "2001-01-01"}, "must be between"),
		({"items": []}, "at least one"),
	],
)
def test_a_payment_that_cannot_be_announced(portal, change, says):
	sent = {"items": [row(portal.invoices[ADA][0])], "amount": 500, "day": nowdate()}
	assert says in refused(portal.ada, "paid", **{**sent, **change})


def test_contact_details_change_nothing_by_themselves(portal):
	before = frappe.db.count("Contact"), frappe.get_doc("Customer", ADA).modified
	name = kept(
		portal.ada, "change_contact", email="new@ada.example", phone="+1 555", notes="<script>x</script>"
	)
	doc = frappe.get_doc(FOLLOW_UP, name)
	assert (doc.customer, doc.source, doc.workflow_state) == (ADA, "Customer Portal", "Open")
	assert "new@ada.example" in doc.notes and "+1 555" in doc.notes and "<script>" not in doc.notes
	assert doc.responsible
	assert (frappe.db.count("Contact"), frappe.get_doc("Customer", ADA).modified) == before
	assert "not a valid email" in refused(portal.ada, "change_contact", email="nobody")
	assert "what has changed" in refused(portal.ada, "change_contact", notes=" ")


def test_who_asks_too_often_has_to_wait(portal, monkeypatch):
	monkeypatch.setattr(requests, "MOST_REQUESTS", 2)
	answers = [asked(portal.ada, "change_contact", "POST", phone=str(number)).status for number in range(4)]
	assert answers == [200, 200, 429, 429]
	assert asked(portal.bob, "change_contact", "POST", phone="1").status == 200


def test_seeing_a_statement_is_on_record_once(portal):
	name = sent_statement(ADA)
	assert told(portal.ada, "get_statements")["rows"][0]["is_new"]
	kept(portal.ada, "statement_file", name=name, file_format="xlsx")
	seen = frappe.db.get_value("Customer Statement", name, ["status", "seen_on", "seen_by"], as_dict=True)
	assert seen.status == "Seen" and seen.seen_on and seen.seen_by
	kept("Guest", "statement_file", name=name, file_format="xlsx", link=portal.link)
	assert frappe.db.get_value("Customer Statement", name, "seen_on") == seen.seen_on
	assert not told(portal.ada, "get_statements")["rows"][0]["is_new"]
	frappe.db.set_value("Customer Statement", name, {"status": "Planned"})
	assert told(portal.ada, "get_statements")["rows"] == []
	assert asked(portal.ada, "statement_file", name=name).status == 403


def test_a_statement_whose_file_is_gone_is_made_anew(portal, assets):
	name = sent_statement(ADA, with_files=False)
	for file_format in ("pdf", "xlsx"):
		answer = asked(portal.ada, "statement_file", name=name, file_format=file_format)
		assert answer.status == 200 and answer.body[:2] in ("%P", "PK")


# --- paying ---


def test_several_invoices_are_paid_by_one_transfer_and_a_code(portal):
	user, invoices = euro_account()
	bank_account("Portal Euro GmbH", "DE89370400440532013000")
	one = told(user, "get_payment", items=[row(invoices[0])])
	assert is_creditor_reference(one["reference"]) and one["amount"]["value"] == 100.5
	assert (
		one["bank"]["iban"] == "DE89 3704 0044 0532 0130 00" and one["bank"]["holder"] == "Portal Euro GmbH"
	)
	assert one["online"] is False
	both = told(user, "get_payment", items=[row(invoice) for invoice in invoices])
	assert both["amount"]["value"] == 120.5
	assert all(is_creditor_reference(part) for part in both["reference"].split(", "))
	image = base64.b64decode(both["qr"]["image"].partition(",")[2]).decode()
	assert image.startswith("<svg") and "script" not in image


def test_the_code_holds_what_the_page_says(portal, monkeypatch):
	held = []
	monkeypatch.setattr(qr, "image_of", lambda text: held.append(text) or "data:,")
	user, invoices = euro_account()
	bank_account("Portal Euro GmbH", "DE89370400440532013000")
	told(user, "get_payment", items=[row(invoices[0])])
	lines = held[0].split("\n")
	assert lines[:4] == ["BCD", "002", "1", "SCT"]
	assert lines[4:8] == ["COBADEFFXXX", "Portal Euro GmbH", "DE89370400440532013000", "EUR100.50"]
	assert is_creditor_reference(lines[9])


def test_no_code_without_an_iban_or_in_another_currency(portal):
	user, invoices = euro_account()
	bank_account("Portal Euro GmbH", "")
	assert told(user, "get_payment", items=[row(invoices[0])])["qr"] is None
	dollars = told(portal.ada, "get_payment", items=[row(portal.invoices[ADA][0])])
	assert dollars["qr"] is None


def test_another_country_has_its_code_by_the_hook(portal, monkeypatch):
	real = frappe.get_hooks
	monkeypatch.setattr(
		frappe,
		"get_hooks",
		lambda hook=None, *more, **options: (
			[*real(hook), "client_ledger.portal.qr.own_code"]
			if hook == "client_ledger_payment_qr"
			else real(hook, *more, **options)
		),
	)
	monkeypatch.setattr(qr, "own_code", own_code, raising=False)
	bank_account(COMPANY, "", "USD")
	found = told(portal.ada, "get_payment", items=[row(portal.invoices[ADA][0])])
	assert found["qr"]["hint"] == "Scan it" and found["qr"]["image"].startswith("data:image/svg+xml")


def own_code(payment, bank):
	return (
		{"text": f"{payment.currency} {payment.total}", "hint": "Scan it"}
		if payment.currency == "USD"
		else None
	)


@pytest.mark.parametrize("what", ["paid", "unknown", "other", "nothing"])
def test_what_is_not_open_is_not_paid(portal, what):
	invoice = portal.invoices[ADA][0]
	if what == "paid":
		f.pay(invoice, nowdate())
	lines = {
		"paid": [row(invoice)],
		"unknown": [{"voucher_type": "Sales Invoice", "voucher_no": "none"}],
		"other": [row(portal.invoices[BOB][0])],
		"nothing": [],
	}[what]
	says = "at least one" if what == "nothing" else "not open any more"
	assert says in refused(portal.ada, "get_payment", "GET", items=lines)


def test_without_a_gateway_nothing_is_paid_online_and_it_says_so(portal):
	assert not paying.can_pay_online(COMPANY)
	text = refused(portal.ada, "pay_online", items=[row(portal.invoices[ADA][0])])
	assert "bank transfer" in text


def test_with_a_gateway_each_invoice_has_a_payment_request_that_is_used_again(portal, monkeypatch):
	from erpnext.accounts.doctype.payment_request import payment_request

	class Gateway:
		def validate_transaction_currency(self, currency):
			assert currency == "USD"

		def get_payment_url(self, **given):
			assert given["reference_doctype"] == "Payment Request"
			return f"https://pay.example/{given['reference_docname']}"

	# The app payments, which has gateways, is on no bench here: its two ends are stood in for, ERPNext's document is real.
	monkeypatch.setattr(payment_request, "_get_payment_gateway_controller", lambda *_: Gateway())
	account = f.make_account("Portal Gateway", COMPANY, "Bank", "USD", "Bank Accounts")
	gateway = frappe._dict(
		name=None, payment_gateway="Stub", payment_account=account, payment_channel="Email", message=""
	)
	monkeypatch.setattr(paying, "gateway_of", lambda company: gateway)
	monkeypatch.setattr(frappe.model.document.Document, "_validate_links", lambda self: None)
	lines = [row(one) for one in portal.invoices[ADA][:2]]
	found = kept(portal.ada, "pay_online", items=lines)
	assert [one["invoice"] for one in found] == [one.name for one in portal.invoices[ADA][:2]]
	made = frappe.get_all(
		"Payment Request",
		{"party": ADA},
		["reference_name", "grand_total", "docstatus", "status"],
		order_by="creation",
	)
	assert [(one.reference_name, one.grand_total, one.docstatus) for one in made] == [
		(portal.invoices[ADA][0].name, 500, 1),
		(portal.invoices[ADA][1].name, 300, 1),
	]
	assert kept(portal.ada, "pay_online", items=lines) == found
	assert frappe.db.count("Payment Request", {"party": ADA}) == 2


# --- the desk's links ---


def test_a_link_is_made_shown_and_revoked_on_the_desk(portal):
	made = desk_api.make_portal_link(ADA, COMPANY, "ada@debtor.example", 10)
	again = desk_api.make_portal_link(ADA, COMPANY, "ada@debtor.example", 20)
	assert made["name"] == again["name"] and getdate(again["expires_on"]) == getdate(add_days(nowdate(), 20))
	token = token_of(made["url"])
	assert told("Guest", "get_overview", link=token)["customer"] == ADA
	listed = desk_api.portal_links(ADA, COMPANY)
	assert listed["is_on"] and made["name"] in [one["name"] for one in listed["links"]]
	desk_api.revoke_portal_link(ADA, COMPANY, made["name"], "Left the company")
	assert asked("Guest", "get_overview", link=token).status == 403
	assert made["name"] not in [one["name"] for one in desk_api.portal_links(ADA, COMPANY)["links"]]
	others = desk_api.make_portal_link(BOB, COMPANY)["name"]
	sent = {"customer": ADA, "company": COMPANY, "name": others}
	answer = call("client_ledger.portal.desk_api.revoke_portal_link", "POST", **sent)
	assert answer.status == 417 and "no portal link of this customer" in answer.text


@pytest.mark.parametrize(
	("change", "says"),
	[
		({"days": 0}, "between"),
		({"days": 999}, "between"),
		({"recipient": "nobody"}, "valid email"),
		({"off": 1}, "is off"),
	],
)
def test_a_link_that_cannot_be_made(portal, change, says):
	if change.pop("off", 0):
		switch(COMPANY, on=False)
	sent = {"customer": ADA, "company": COMPANY, **change}
	answer = call("client_ledger.portal.desk_api.make_portal_link", "POST", **sent)
	assert answer.status == 417 and says in answer.text


def test_only_who_collects_makes_links(portal):
	clerk = f.make_user("auditor@portal.example", ("Auditor", "Accounts User")).name
	for user in (clerk, portal.ada, "Guest"):
		with as_user(user):
			answer = call(
				"client_ledger.portal.desk_api.make_portal_link", "POST", customer=ADA, company=COMPANY
			)
			assert answer.status in (401, 403)


def test_the_amounts_are_exact(portal):
	(invoice,) = make_account("Portal Cents", 0.07)
	user = make_portal_user("cents@portal.example", "Portal Cents")
	found = told(user, "get_payment", items=[row(invoice)])
	assert Decimal(str(found["amount"]["value"])) == Decimal("0.07")
	assert API
