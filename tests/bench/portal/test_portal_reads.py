"""What a visitor sees: figures that are those of the desk, movements, papers; by a link as by a login."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.ledger_tab import api as desk
from client_ledger.portal import api
from tests.bench import factories as f
from tests.bench.portal.setting import (
	ADA,
	BOB,
	COMPANY,
	as_user,
	asked,
	make_account,
	make_portal_user,
	name_of,
	told,
)


def test_the_first_page_says_what_the_desk_says(portal):
	f.make_payment(ADA, 120, nowdate())
	shown = told(portal.ada, "get_overview")
	head = desk.customer_ledger(ADA, COMPANY)
	(figures,) = shown["currencies"]
	assert (shown["customer"], shown["company"], shown["may_act"]) == (ADA, COMPANY, True)
	assert figures["balance"]["value"] == head["figures"][0]["balance"] == 880
	assert figures["overdue"]["value"] == 1000
	assert figures["on_account"]["value"] == 120
	assert figures["due"]["value"] == 880
	assert sum(bucket["value"] for bucket in figures["ageing"]) == 880
	assert [(item["outstanding"]["value"], item["is_credit"]) for item in shown["items"]] == [
		(500, False), (300, False), (200, False), (-120, True),
	]  # fmt: skip
	assert all(item["days_late"] == 20 for item in shown["items"] if not item["is_credit"])
	assert "$" in figures["balance"]["text"]


def test_a_link_shows_the_same_and_lets_nothing_be_done(portal):
	by_link, by_login = (
		told("Guest", "get_overview", link=portal.link),
		told(portal.ada, "get_overview"),
	)
	assert by_link["currencies"] == by_login["currencies"] and by_link["items"] == by_login["items"]
	assert by_link["may_act"] is False and by_link["reasons"] == []


def test_two_currencies_are_never_added_up(portal):
	f.make_customer("Portal Two", "EUR", [COMPANY])
	f.make_invoice("Portal Two", 100, nowdate(), currency="EUR")
	# ERPNext keeps a customer to one currency per company; those that moved from elsewhere have two.
	f.make_customer("Portal Dollars")
	other = f.make_invoice("Portal Dollars", 40, nowdate())
	frappe.db.set_value("Payment Ledger Entry", {"voucher_no": other.name}, "party", "Portal Two")
	frappe.db.set_value("Sales Invoice", other.name, "customer", "Portal Two")
	user = make_portal_user("two@portal.example", "Portal Two")
	shown = told(user, "get_overview")
	assert [(one["currency"], one["balance"]["value"]) for one in shown["currencies"]] == [
		("USD", 40), ("EUR", 100),
	]  # fmt: skip


def test_movements_come_by_pages_and_every_one_once(portal):
	make_account(ADA, *range(1, 41))
	seen, after = [], None
	while True:
		page = told(portal.ada, "get_movements", after=after)
		assert len(page["lines"]) <= 25
		seen += [line["voucher_no"] for line in page["lines"]]
		after = page["next"]
		if not after:
			break
	assert len(seen) == len(set(seen)) == 43


def test_a_search_finds_numbers_references_and_amounts_but_no_remarks(portal):
	invoice = f.make_invoice(ADA, 61.5, nowdate(), po_no="PO-4711", remarks="internal gossip")
	for text in (invoice.name, "po-4711", "4711", "61.50"):
		found = told(portal.ada, "get_movements", find=text)
		assert [line["voucher_no"] for line in found["lines"]] == [invoice.name], text
		assert found["lines"][0]["reference"] == "PO-4711"
	for text in ("gossip", "%", "_", portal.invoices[BOB][0].name):
		assert told(portal.ada, "get_movements", find=text)["lines"] == [], text


def test_an_invoice_is_had_as_pdf_and_workbook(portal, assets):
	invoice = portal.invoices[ADA][0].name
	for visitor, link in ((portal.ada, None), ("Guest", portal.link)):
		for file_format in ("pdf", "xlsx"):
			answer = asked(visitor, "invoice_file", name=invoice, file_format=file_format, link=link)
			assert answer.status == 200, answer
			assert answer.body[:2] in ("%P", "PK")


def test_drafts_and_cancelled_invoices_are_not_to_be_had(portal):
	draft = f.make_invoice(ADA, 5, nowdate(), submit=False)
	gone = f.make_invoice(ADA, 6, nowdate())
	gone.cancel()
	for name in (draft.name, gone.name, "none"):
		assert asked(portal.ada, "invoice_file", name=name).status == 403


def test_the_ledger_of_today_is_had_as_pdf_and_workbook(portal, assets):
	for open_only in (0, 1):
		for file_format in ("pdf", "xlsx"):
			answer = asked(portal.ada, "ledger_file", file_format=file_format, open_only=open_only)
			assert answer.status == 200 and answer.body[:2] in ("%P", "PK")
	later = asked(portal.ada, "ledger_file", from_date=add_days(nowdate(), 1))
	assert later.status == 417 and "earlier day" in later.text


@pytest.mark.parametrize("file_format", ["exe", "", "html"])
def test_other_formats_are_refused_in_words(portal, file_format):
	answer = asked(portal.ada, "ledger_file", file_format=file_format)
	assert answer.status in (200, 417)
	if answer.status == 417:
		assert "Choose one of" in answer.text


def test_a_pdf_that_cannot_be_made_is_told_in_the_customers_words(portal, monkeypatch):
	def fails(*_arguments, **_options):
		raise OSError("wkhtmltopdf: /usr/secret")

	monkeypatch.setattr(frappe, "get_print", fails)
	answer = asked(portal.ada, "invoice_file", name=portal.invoices[ADA][0].name)
	assert answer.status == 417 and "Excel file" in answer.text and "secret" not in answer.text


def test_who_took_an_invoice_is_on_record(portal):
	invoice = portal.invoices[ADA][0].name
	with as_user("Guest"):
		api.invoice_file(name=invoice, file_format="xlsx", link=portal.link)
	(event,) = frappe.get_all("Guest Link Event", {"link": name_of(portal.link)}, ["event", "detail"])
	assert (event.event, event.detail) == ("Downloaded", f"{invoice} (XLSX)")
	with as_user(portal.ada):
		api.invoice_file(name=invoice, file_format="xlsx")
	assert frappe.db.exists("Access Log", {"user": portal.ada, "reference_document": ADA})
