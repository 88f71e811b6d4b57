"""What the customer is asked for: one figure in the letter, the Dunning, the statement, the worklist and the tabs.

AMOUNT_SEEDS="1,2,3" chooses the seeds of the random ledgers.
"""

import io
import os
import random

import frappe
import pytest
from frappe.utils import add_days, flt, fmt_money, get_system_timezone, getdate, nowdate
from openpyxl import load_workbook

from client_ledger.collections import api as collections_api
from client_ledger.collections import tab, worklist
from client_ledger.dunning import api as dunning_api
from client_ledger.dunning import runs
from client_ledger.ledger_tab import api as ledger_api
from client_ledger.outbox.exceptions import list_exceptions
from client_ledger.patches.v0_2 import fill_collectable, renew_default_letters
from client_ledger.statement_runs import api as statements
from tests.bench import factories as f
from tests.bench.accounts import account
from tests.bench.collections.setting import refreshed, row
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy, notice, notices, work
from tests.bench.dunning.smtp import flush, html
from tests.bench.dunning.test_formal import kind
from tests.bench.dunning.test_sending import bank_transaction

NAME = "Amount Ada"
SEEDS = [int(seed) for seed in os.environ.get("AMOUNT_SEEDS", "1,2,3").split(",")]
__all__ = ["kind"]


@pytest.fixture
def debtor():
	make_debtor(NAME, language="en")
	return NAME


def owe(amount: float, days: int = 10, name: str = NAME, **fields):
	return f.make_invoice(name, amount, ago(days + 30), due_date=ago(days), **fields)


def credit_note(amount: float, name: str = NAME):
	"""A credit note that keeps a balance of its own: its invoice is paid."""
	invoice = f.make_invoice(name, amount, ago(50))
	f.make_payment(name, amount, ago(40), against=[(invoice, amount)])
	return f.make_credit_note(invoice.name, amount, ago(5), for_self=True)


def on_worklist(name: str = NAME) -> float:
	refreshed(name)
	return worklist.of_customer(name, COMPANY).get("to_chase", 0)


def due(name: str = NAME, currency: str = "USD") -> dict:
	"""The amounts of the Ledger tab; the other two tabs show the same."""
	of_ledger = ledger_api.customer_ledger(name, COMPANY)["due"]
	assert of_ledger == dunning_api.customer_dunning(name, COMPANY)["due"]
	assert of_ledger == tab.of_customer(name, COMPANY)["due"]
	return next((one for one in of_ledger if one["currency"] == currency), {"net": 0})


# --- one figure ---


def test_a_credit_note_and_a_payment_reach_everything(debtor, mailbox):
	"""The case of the issue: 53,766.85 overdue, a credit note of 2,934.55 on account."""
	make_policy(customers=[NAME])
	owe(50_000, 20)
	newest = owe(3_766.85)
	note, payment = credit_note(2_934.55), f.make_payment(NAME, 400, ago(1))
	net = 50_432.30
	assert on_worklist() == account(NAME).collectable == net
	found = due()
	assert (found["overdue"], found["credit"], found["net"]) == (53_766.85, 3_334.55, net)
	assert {(one["name"], one["amount"]) for one in found["credits"]} == {
		(note.name, 2_934.55),
		(payment.name, 400),
	}
	work()
	sent = notice(NAME)
	assert (sent.items_total, sent.on_account, sent.total) == (53_766.85, 3_334.55, net)
	assert flt(sum(item.outstanding for item in sent.items), 2) == net
	flush()
	(message,) = mailbox.to("amount_ada@debtor.example")
	assert "50,432.30" in message["Subject"]
	for text in (note.name, payment.name, newest.name, "53,766.85", "2,934.55", "3,334.55", "50,432.30"):
		assert text in html(message)
	page = ledger_api.customer_ledger_print(NAME, COMPANY, open_only=True).get_data(as_text=True)
	for amount in (53_766.85, -2_934.55, net):
		assert fmt_money(amount, currency="USD") in page
	sheet = load_workbook(io.BytesIO(_content(ledger_api.customer_ledger_xlsx(NAME, COMPANY))))["Amount Due"]
	rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
	assert rows[-1][1] == "Total to Pay" and rows[-1][4] == net
	assert flt(sum(line[4] for line in rows[:-1]), 2) == net


def _content(response) -> bytes:
	response.direct_passthrough = False
	return response.get_data()


def test_the_formal_letter_and_its_dunning_ask_for_the_same(debtor, kind, mailbox, assets):
	step = {"days": 3, "formal": 1, "email_template": "Client Ledger: Notice of Default (en)"}
	make_policy(steps=[{**step, "dunning_type": kind.name}], customers=[NAME])
	first, second = owe(1000, 30), owe(500, 20)
	f.make_payment(NAME, 1200, ago(1))
	work()
	sent = notice(NAME)
	dunning = frappe.get_doc("Dunning", sent.dunning)
	assert {one.sales_invoice: one.outstanding for one in dunning.overdue_payments} == {
		first.name: 0,
		second.name: 300,
	}
	assert (sent.total, sent.fee) == (300, 15)
	interest = flt(300 * 8 / 100 / 365 * 20, 2)
	assert sent.interest == flt(dunning.total_interest, 2) == interest
	assert flt(dunning.grand_total, 2) == flt(sent.total + sent.fee + sent.interest, 2)
	flush()
	(message,) = mailbox.to("amount_ada@debtor.example")
	assert fmt_money(dunning.grand_total, currency="USD").split()[-1] in html(message)


def test_what_was_reminded_before_is_in_the_total_of_the_next_letter(debtor, mailbox):
	make_policy(customers=[NAME], steps=[{"days": 3}, {"days": 60}])
	old = owe(1000, 20)
	f.make_payment(NAME, 400, ago(1))
	work()
	flush()
	assert notice(NAME).total == 600
	new = owe(500, 3)
	work(1)
	second = notices(NAME)[-1]
	assert (
		(second.items_total, second.on_account, second.total)
		== (1500, 400, 1100)
		== (1500, 400, due()["net"])
	)
	assert {item.voucher_no: item.withheld for item in second.items if item.outstanding > 0} == {
		new.name: None,
		old.name: "No Step Due",
	}
	assert on_worklist() == 1100
	# What is only listed stays at its level and is reminded in its turn.
	levels = {item["name"]: item["level"] for item in dunning_api.customer_dunning(NAME, COMPANY)["items"]}
	assert levels[old.name] in (0, 1) and second.level == 1


def test_nothing_goes_out_where_the_net_is_nil_also_at_the_last_moment(debtor, mailbox):
	make_policy(customers=[NAME], mode="Approve")
	owe(600, 20)
	owe(400, 9)
	f.make_payment(NAME, 999.99, ago(1))
	work()
	assert (notice(NAME).status, notice(NAME).total) == ("Planned", 0.01)
	from client_ledger.outbox import decisions

	decisions.approve([notice(NAME).name])
	f.make_payment(NAME, 0.01, ago(0))
	from client_ledger.outbox import send

	send.send([notice(NAME).name], at(0, 11))
	assert (notice(NAME).status, notice(NAME).reason) == ("Skipped", "Covered by Payments")
	assert on_worklist() == due()["net"] == 0
	assert worklist.of_customer(NAME, COMPANY)["off"]
	flush()
	assert not mailbox.received


def test_disputes_and_promises_in_part_lower_every_figure(debtor, mailbox):
	make_policy(customers=[NAME])
	one, two, three = owe(1000, 30), owe(500, 20), owe(200, 10)
	collections_api.open_dispute(NAME, COMPANY, [row(one, 300)], "Price or Discount Not as Agreed")
	collections_api.take_promise(
		NAME, COMPANY, [row(two, 150)], [{"due_date": add_days(nowdate(), 5), "amount": 150}]
	)
	collections_api.take_promise(
		NAME, COMPANY, [row(three)], [{"due_date": add_days(nowdate(), 5), "amount": 200}]
	)
	f.make_payment(NAME, 100, ago(1))
	net = 1700 - 300 - 150 - 200 - 100
	found = due()
	assert (found["overdue"], found["withheld"], found["net"]) == (1700, 650, net)
	refreshed(NAME)
	assert account(NAME).collectable == net
	work()
	sent = notice(NAME)
	assert sent.total == net
	assert {item.voucher_no for item in sent.items if item.withheld == "Promised"} == {three.name}


def test_a_customer_in_another_currency_owes_in_it_and_the_worklist_in_the_company_s(mailbox):
	name = "Amount Euro"
	f.make_company()
	f.make_customer(name, "EUR", [COMPANY])
	make_debtor(name)
	make_policy(customers=[name])
	owe(100, name=name)
	f.make_payment(name, 30, ago(1))
	assert due(name, "EUR")["net"] == 70
	assert on_worklist(name) == account(name).collectable == 77
	work()
	sent = notice(name)
	assert (sent.currency, sent.items_total, sent.on_account, sent.total, sent.base_total) == (
		"EUR",
		100,
		30,
		70,
		77,
	)


def test_the_minimum_is_compared_with_the_net(debtor, mailbox):
	make_policy(customers=[NAME], steps=[{"days": 3, "minimum_amount": 500}])
	owe(800)
	f.make_payment(NAME, 301, ago(1))
	work()
	assert (notice(NAME).status, notice(NAME).reason) == ("Skipped", "Below Minimum Amount")


# --- money at the bank ---


def test_money_at_the_bank_counts_once_whether_booked_or_not(debtor, mailbox):
	make_policy(customers=[NAME])
	invoice = owe(1000)
	bank_transaction(300, party_type="Customer", party=NAME)
	bank_transaction(50, description=f"{invoice.name} part, {invoice.name}")
	assert due()["net"] == 650 == on_worklist()
	f.make_payment(NAME, 300, ago(0))
	assert due()["net"] == 650 == on_worklist(), "the payment is the same money"
	f.make_payment(NAME, 100, ago(0))
	assert due()["net"] == 550
	work()
	sent = notice(NAME)
	assert (sent.items_total, sent.on_account, sent.total) == (1000, 450, 550)
	flush()
	(message,) = mailbox.to("amount_ada@debtor.example")
	assert "Payment Received, Not Yet Booked" in html(message)


def test_a_bank_transaction_marks_its_customer(debtor):
	from tests.bench.accounts import marked

	invoice = owe(1000)
	refreshed(NAME)
	frappe.db.delete("Refresh Mark")
	bank_transaction(300, description=f"for {invoice.name}")
	assert NAME in marked()


# --- the statement by e-mail ---


def test_the_mailed_statement_has_totals_bank_details_and_the_statement(debtor, mailbox, assets):
	owe(1000, 20)
	f.make_invoice(NAME, 250, ago(5))
	payment = f.make_payment(NAME, 400, ago(1))
	bank_transaction(1)  # makes the bank account
	bank = frappe.get_doc("Bank Account", {"company": COMPANY, "bank": "Dunning Test Bank"})
	bank.update({"is_default": 1, "iban": "DE89370400440532013000", "bank_account_no": "0532013000"})
	bank.save()
	address = statements.send_statement(NAME, COMPANY)
	flush()
	(message,) = mailbox.to(address)
	amounts = (1000, 250, 850, -400, 600)
	for text in (*(fmt_money(amount, currency="USD") for amount in amounts), payment.name):
		assert text in html(message)
	for text in ("Total to Pay", "Balance", "DE89370400440532013000", "Dunning Test Bank"):
		assert text in html(message)
	attached = [part for part in message.iter_attachments() if part.get_filename()]
	assert [part.get_content()[:4] for part in attached] == [b"%PDF"]


# --- charges only with a Dunning ---


@pytest.fixture
def one_account_for_all():
	"""Invoices in any currency may use the receivable account in company currency, as the setting allows."""
	field = "allow_multi_currency_invoices_against_single_party_account"
	frappe.db.set_single_value("Accounts Settings", field, 1)


FORMAL = {"days": 3, "formal": 1, "email_template": "Client Ledger: Notice of Default (en)"}


@pytest.mark.parametrize("channel", ["Email", "SMS"])
def test_a_letter_without_a_dunning_demands_no_fee_and_says_why(
	channel, debtor, kind, mailbox, one_account_for_all
):
	step = {**FORMAL, "dunning_type": kind.name, "channel": channel}
	make_policy(steps=[step], customers=[NAME], mode="Approve" if channel == "SMS" else "Automatic")
	if channel == "Email":
		owe(100, 20, currency="EUR", debit_to=f.make_receivable(COMPANY, "USD"))
	else:
		owe(100, 20)
	preview = dunning_api.customer_message(NAME, COMPANY, "USD")
	assert (preview["fee"], preview["interest"]) == (0, 0)
	assert "fee of" not in preview["message"]
	if channel == "SMS":
		return
	work()
	flush()
	work(0, 11)
	sent = notice(NAME)
	assert (sent.status, sent.dunning, sent.fee, sent.interest) == ("Sent", None, 0, 0)
	assert sent.reason == "No Dunning Created" and "EUR" in sent.reason_detail
	(message,) = mailbox.to("amount_ada@debtor.example")
	assert "fee of" not in html(message)
	groups = {group["reason"]: group for group in list_exceptions([COMPANY], at(0, 12))}
	assert [one["name"] for one in groups["No Dunning Created"]["notices"]] == [sent.name]


def test_only_invoices_that_the_dunning_holds_bear_interest(
	debtor, kind, mailbox, assets, one_account_for_all
):
	make_policy(steps=[{**FORMAL, "dunning_type": kind.name}], customers=[NAME])
	owe(100, 20, currency="EUR", debit_to=f.make_receivable(COMPANY, "USD"))
	plain = owe(1000, 20)
	work()
	sent = notice(NAME)
	dunning = frappe.get_doc("Dunning", sent.dunning)
	assert [one.sales_invoice for one in dunning.overdue_payments] == [plain.name]
	assert sent.interest == flt(dunning.total_interest, 2) > 0
	assert sent.total == 1110


# --- two time zones ---


def in_new_york() -> None:
	"""Have the site live by the clock of New York. Before anything is dated: it may still be yesterday there."""
	frappe.db.set_single_value("System Settings", "time_zone", "America/New_York")
	frappe.clear_document_cache("System Settings", "System Settings")
	frappe.local.system_settings = None
	assert get_system_timezone() == "America/New_York"


def test_each_notice_is_judged_by_its_own_policy_s_clock(mailbox):
	"""At ten in the evening in New York it is the next day in Tokyo."""
	in_new_york()
	for name in ("Zone Home", "Zone Tokyo"):
		make_debtor(name)
		f.make_invoice(name, 100, ago(33), due_date=ago(2))
	make_policy("Home", customers=["Zone Home"], time_zone="America/New_York")
	make_policy("Tokyo", customers=["Zone Tokyo"], time_zone="Asia/Tokyo")
	work(0, 22)
	# Three days after the due date only in Tokyo.
	assert not notices("Zone Home")
	tokyo = notice("Zone Tokyo")
	assert tokyo.status == "Sending" and getdate(tokyo.contact_on) == getdate(ago(-1))
	work(1, 1)
	home = notice("Zone Home")
	assert home.status == "Sending" and getdate(home.contact_on) == getdate(ago(-1))
	zones = frappe.get_all("Dunning Run", {"company": COMPANY}, ["time_zone", "as_of"])
	assert {(one.time_zone, str(one.as_of)) for one in zones} >= {
		("America/New_York", ago(0)),
		("Asia/Tokyo", ago(-1)),
		("America/New_York", ago(-1)),
	}


def test_the_hours_are_those_of_each_policy_when_sent_together(mailbox):
	"""Both approved; at ten in the morning in New York it is night in Tokyo, whichever notice is decided on first."""
	in_new_york()
	for name in ("Zone Home", "Zone Tokyo"):
		make_debtor(name)
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	hours = {"opens": "09:00:00", "closes": "17:00:00"}
	make_policy("Home", customers=["Zone Home"], **hours)
	make_policy("Tokyo", customers=["Zone Tokyo"], time_zone="Asia/Tokyo", **hours)
	work(0, 10)
	assert notice("Zone Home").status == "Sending"
	assert (notice("Zone Tokyo").status, notice("Zone Tokyo").reason) == ("Deferred", "Outside Contact Hours")
	assert runs.days_of(COMPANY, _policies(), at(0, 10)).keys() >= {"Asia/Tokyo"}


def _policies():
	from client_ledger.dunning.policies.read import SitePolicies

	return SitePolicies.of_site()


# --- random ledgers ---


@pytest.mark.parametrize("seed", SEEDS)
def test_letter_worklist_and_ledger_say_the_same(seed, mailbox):
	"""Random documents: the letter's total is the ledger's overdue less what is on account, and so is the worklist's."""
	rng = random.Random(seed)
	names = [f"Amount Random {seed} {i}" for i in range(3)]
	for name in names:
		make_debtor(name)
		make_documents(rng, name)
	make_policy("Random", steps=[{"days": 1}, {"days": 20}], customers=names)
	work()
	for name in names:
		expected = by_general_ledger(name)
		refreshed(name)
		assert flt(account(name).collectable, 2) == expected, (seed, name)
		assert due(name)["net"] == expected
		for sent in notices(name):
			assert flt(sent.total, 2) == expected, (seed, name, sent.reason)
			assert (sent.status == "Sending") == (expected > 0)
		assert bool(notices(name)) or expected == 0


def make_documents(rng: random.Random, name: str) -> None:
	bills = []
	for _i in range(rng.randint(2, 5)):
		amount, days = rng.randint(100, 99_999) / 100, rng.randint(2, 80)
		bills.append(owe(amount, days, name) if rng.random() < 0.8 else f.make_invoice(name, amount, ago(3)))
	for bill in bills:
		kind = rng.choice(["nothing", "nothing", "part", "credit", "own credit"])
		part = flt(bill.grand_total * rng.choice([0.1, 0.5, 1]), 2)
		if kind == "part":
			f.make_payment(name, part, ago(1), against=[(bill, part)])
		elif kind != "nothing":
			f.make_credit_note(bill.name, part, ago(1), for_self=kind == "own credit")
	for _i in range(rng.randint(0, 2)):
		f.make_payment(name, rng.randint(100, 60_000) / 100, ago(rng.randint(0, 30)))


def by_general_ledger(name: str) -> float:
	"""The oracle: the balance of the General Ledger, less what the invoices that are not due yet have open."""
	balance = frappe.db.sql(
		"""select sum(debit - credit) from `tabGL Entry`
		where party_type = 'Customer' and party = %s and company = %s and is_cancelled = 0""",
		(name, COMPANY),
	)[0][0]
	not_due = frappe.get_all(
		"Sales Invoice",
		{"customer": name, "docstatus": 1, "is_return": 0, "due_date": (">=", nowdate())},
		pluck="outstanding_amount",
	)
	return max(flt((balance or 0) - sum(amount for amount in not_due if amount > 0), 2), 0)


# --- patches ---


def test_letters_nobody_changed_are_renewed(debtor):
	plain, changed = "Client Ledger: Second Reminder (en)", "Client Ledger: Reminder (en)"
	before = frappe.db.get_value("Email Template", plain, "response_html")
	assert "credit_total" in before
	old = (
		"{{ company }}: second reminder, {{ money(total) }} overdue",
		OLD_SECOND,
	)
	for name, text in ((plain, OLD_SECOND), (changed, OLD_SECOND + "<p>Ours</p>")):
		frappe.db.set_value("Email Template", name, {"subject": old[0], "response_html": text})
	assert renew_default_letters.digest(*old) in renew_default_letters.SHIPPED
	renew_default_letters.execute()
	assert frappe.db.get_value("Email Template", plain, "response_html") == before
	assert frappe.db.get_value("Email Template", changed, "response_html") == OLD_SECOND + "<p>Ours</p>"


def test_what_is_to_be_collected_is_filled_in(debtor):
	owe(1000)
	f.make_payment(NAME, 400, ago(1))
	refreshed(NAME)
	frappe.db.set_value("Client Account", account(NAME).name, "collectable", 0)
	fill_collectable.execute()
	assert account(NAME).collectable == 600


OLD_SECOND = """<p>Dear {{ contact_name }},</p>
<p>We have written to you before about the items below and have neither received the payment nor heard what keeps you
from making it. The oldest of them has been overdue for {{ days_overdue }} days.</p>
{{ items_table }}
<p>Please pay {{ money(total) }} by {{ day(pay_by) }}, or tell us by then on which day we may expect the money. If you dispute
an invoice, please say which one and why; we will take it out of this reminder while we look into it.</p>
<p>Yours sincerely,<br>{% if account_manager %}{{ account_manager }}<br>{% endif %}{{ company }}</p>
"""
