"""Every kind of difference walked to its end: its step is made once, and its end ends the difference."""

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime

from client_ledger.collections import disputes, follow_ups
from client_ledger.confirmations import compare_jobs, comparison, transit
from client_ledger.confirmations.comparison_api import (
	agree_on_difference,
	choose_payment,
	compare_again,
	get_comparison,
	make_step,
	make_steps,
	reopen_difference,
	settle_confirmation,
	signed_balance_pdf,
)
from client_ledger.outbox import dispatch
from client_ledger.outbox.delivery import mark_sent
from client_ledger.site.doctypes import FOLLOW_UP, LEDGER_ARCHIVE, LEDGER_DISPUTE, LEDGER_NOTICE
from tests.bench import factories as f
from tests.bench.confirmations.comparing import (
	COMPANY,
	ago,
	compared,
	difference,
	differences,
	gl_balance,
	invoice_row,
	make_confirmation,
	payment_row,
	reply,
	upload,
)
from tests.bench.dunning.conftest import _server, assets, mailbox  # noqa: F401

NAME = "Differing Trade Ltd"


@pytest.fixture
def invoices():
	f.make_company()
	f.make_customer(NAME)
	return [f.make_invoice(NAME, 100.0 * n + n, ago(140 - 15 * n)) for n in range(1, 6)]


def walked(rows, kind: str, as_of: str | None = None):
	"""Return a confirmation that has been compared, and its difference of a kind."""
	doc = make_confirmation(NAME, as_of)
	upload(doc, rows)
	compared(doc)
	return doc, difference(doc, kind)


def without_the_fourth(invoices) -> list[tuple]:
	"""A customer's list on which the fourth invoice is missing, not the last: that may be on its way."""
	return [invoice_row(one) for one in (*invoices[:3], invoices[4])]


def is_done(doc, row) -> bool:
	return bool(frappe.db.get_value("Reconciliation Line", row.name, "done"))


def open_of(doc) -> int:
	return frappe.db.get_value("Balance Confirmation", doc.name, "open_differences")


def test_a_short_amount_becomes_a_dispute(invoices):
	rows = [invoice_row(one) for one in invoices[:4]] + [invoice_row(invoices[4], 480)]
	doc, row = walked(rows, "Amount Differs")
	assert row.next_step == "Open a Dispute"
	made = make_step(line=row.name)
	assert made == make_step(line=row.name)
	dispute = frappe.get_doc(LEDGER_DISPUTE, made["name"])
	assert dispute.amount == 25 and dispute.items[0].voucher_no == invoices[4].name
	assert frappe.db.count(LEDGER_DISPUTE, {"customer": NAME}) == 1
	assert not is_done(doc, row) and open_of(doc) == 1
	# It stays attached when the ledgers are compared anew.
	compare_again(name=doc.name)
	assert difference(doc, "Amount Differs").step_name == dispute.name
	disputes.settle(dispute.name, "Accepted", "A discount we forgot")
	assert is_done(doc, row) and open_of(doc) == 0


def test_what_is_disputed_already_is_not_disputed_twice(invoices):
	doc, row = walked(without_the_fourth(invoices), "Ours Only")
	disputes.open_dispute(
		NAME,
		COMPANY,
		[{"voucher_type": "Sales Invoice", "voucher_no": invoices[3].name}],
		"Other Reason",
	)
	with pytest.raises(frappe.ValidationError, match="nothing outstanding that is not disputed"):
		make_step(line=row.name, step="Open a Dispute")
	assert not difference(doc, "Ours Only").step_name


def test_a_missing_invoice_is_sent_again_with_proof_of_delivery(invoices, mailbox, assets):  # noqa: F811
	delivery = f.make_delivery(NAME, 404, ago(76))
	frappe.db.set_value("Sales Invoice Item", {"parent": invoices[3].name}, "delivery_note", delivery.name)
	slip = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "signed-slip.txt",
			"is_private": 1,
			"content": "signed by the porter",
			"attached_to_doctype": "Delivery Note",
			"attached_to_name": delivery.name,
		}
	).insert()
	doc, row = walked(without_the_fourth(invoices), "Ours Only")
	made = make_step(line=row.name)
	assert made["doctype"] == LEDGER_NOTICE and make_step(line=row.name)["name"] == made["name"]
	notice = frappe.get_doc(LEDGER_NOTICE, made["name"])
	assert notice.kind == "Document" and notice.status == "Approved" and notice.confirmation == doc.name
	dispatch.send_range([notice.name], str(now_datetime()))
	notice.reload()
	assert notice.status == "Sending", notice.reason_detail
	assert invoices[3].name in notice.message and delivery.name in notice.message
	attached = frappe.parse_json(frappe.db.get_value("Email Queue", notice.email_queue, "attachments"))
	names = [frappe.db.get_value("File", one["fid"], "file_name") for one in attached]
	assert slip.name in [one["fid"] for one in attached]
	assert any(name.startswith(invoices[3].name) for name in names)
	assert any(name.startswith(delivery.name) for name in names)
	# Sent once more by another worker: nothing.
	dispatch.send_range([notice.name], str(now_datetime()))
	assert frappe.db.count("Email Queue", {"reference_name": notice.name}) == 1
	mark_sent(notice.name, now_datetime(), now_datetime())
	assert is_done(doc, row) and open_of(doc) == 0
	assert frappe.db.exists(LEDGER_ARCHIVE, {"reference_name": notice.name})


def test_an_invoice_cancelled_meanwhile_is_not_sent(invoices):
	_doc, row = walked(without_the_fourth(invoices), "Ours Only")
	made = make_step(line=row.name)
	invoices[3].reload()
	invoices[3].cancel()
	dispatch.send_range([made["name"]], str(now_datetime()))
	assert frappe.db.get_value(LEDGER_NOTICE, made["name"], "status") == "Skipped"
	# It came to nothing: another step may be made.
	assert make_step(line=row.name, step="Check Our Books")["doctype"] == FOLLOW_UP


def test_a_payment_is_found_among_receipts_on_account(invoices):
	elsewhere = f.make_payment(NAME, 333.25, ago(2), reference_no="TT-4711")
	other = f.make_customer("Another Payer Ltd").name
	wrong = f.make_payment(other, 333.25, ago(20), reference_no="x")
	f.make_payment(other, 12, ago(20), reference_no="y")
	rows = [invoice_row(one) for one in invoices] + [payment_row(ago(30), 333.25, "TT-4711")]
	doc, row = walked(rows, "Theirs Only")
	assert row.next_step == "Search Unallocated Receipts and Bank Transactions"
	made = make_step(line=row.name)
	assert [one["name"] for one in made["candidates"]] == [elsewhere.name, wrong.name]
	assert "Same number" in made["candidates"][0]["why"]
	assert not difference(doc, "Theirs Only").step_name
	choose_payment(line=row.name, payment_type="Payment Entry", payment=elsewhere.name)
	assert difference(doc, "Theirs Only").step_name == elsewhere.name
	assert not is_done(doc, row)
	frappe.db.set_value("Payment Entry", elsewhere.name, "unallocated_amount", 0)
	transit.look_again(doc.name)
	assert is_done(doc, row) and open_of(doc) == 0


def test_a_payment_that_is_not_found_is_a_task(invoices):
	rows = [invoice_row(one) for one in invoices] + [payment_row(ago(30), 333.25, "TT-4711")]
	doc, row = walked(rows, "Theirs Only")
	made = make_step(line=row.name)
	assert made["doctype"] == FOLLOW_UP and not made["candidates"]
	assert make_step(line=row.name)["name"] == made["name"]
	follow_up = frappe.get_doc(FOLLOW_UP, made["name"])
	assert follow_up.source == "Reconciliation" and follow_up.source_name == doc.name
	assert "TT-4711" in follow_up.subject
	follow_ups.log(NAME, COMPANY, "Reached", follow_up=made["name"], next_date=add_days(getdate(), 3))
	assert is_done(doc, row)


def test_a_bank_transaction_is_found(invoices):
	bank_account = _bank_account()
	found = frappe.get_doc(
		{
			"doctype": "Bank Transaction",
			"date": ago(29),
			"bank_account": bank_account,
			"company": COMPANY,
			"currency": "USD",
			"deposit": 333.25,
			"description": "TRANSFER TT-4711",
			"unallocated_amount": 333.25,
		}
	).insert()
	found.submit()
	rows = [invoice_row(one) for one in invoices] + [payment_row(ago(30), 333.25, "TT-4711")]
	doc, row = walked(rows, "Theirs Only")
	(one,) = make_step(line=row.name)["candidates"]
	assert (one["doctype"], one["name"]) == ("Bank Transaction", found.name)
	choose_payment(line=row.name, payment_type="Bank Transaction", payment=found.name)
	assert make_step(line=row.name)["name"] == found.name
	with pytest.raises(frappe.ValidationError, match="already under way"):
		make_step(line=row.name, step="Ask the Customer")
	assert open_of(doc) == 1


def _bank_account() -> str:
	if not frappe.db.exists("Bank", "Test Bank Ltd"):
		frappe.get_doc({"doctype": "Bank", "bank_name": "Test Bank Ltd"}).insert()
	return (
		frappe.get_doc(
			{
				"doctype": "Bank Account",
				"account_name": "Comparison",
				"bank": "Test Bank Ltd",
				"is_company_account": 1,
				"company": COMPANY,
				"account": frappe.get_cached_value("Company", COMPANY, "default_bank_account"),
			}
		)
		.insert()
		.name
	)


def test_a_deduction_is_a_credit_note_request(invoices):
	rows = [invoice_row(one) for one in invoices]
	rows.append((ago(40), "DN-77", "Debit note for damaged goods", 45, ""))
	doc, row = walked(rows, "Theirs Only")
	made = make_step(line=row.name, step="Request a Credit Note")
	follow_up = frappe.get_doc(FOLLOW_UP, made["name"])
	assert "DN-77" in follow_up.subject and follow_up.subject.startswith("Credit note requested")
	assert difference(doc, "Theirs Only").next_step == "Request a Credit Note"
	# The step that a person chose stays when the ledgers are compared anew.
	compare_again(name=doc.name)
	assert difference(doc, "Theirs Only").next_step == "Request a Credit Note"
	follow_up.workflow_state = "Cancelled"
	frappe.db.set_value(FOLLOW_UP, follow_up.name, "workflow_state", "Cancelled")
	again = make_step(line=row.name)
	assert again["name"] != follow_up.name


def test_a_payment_in_transit_ends_when_we_have_booked_it(invoices):
	rows = [invoice_row(one) for one in invoices] + [payment_row(ago(6), 64.5, "TT-12")]
	doc, row = walked(rows, "In Transit (Cut-Off)")
	assert row.next_step == "Look Again Later"
	transit.nightly(getdate())
	assert not is_done(doc, row)
	booked = f.make_payment(NAME, 64.5, ago(3), reference_no="TT-12")
	transit.nightly(getdate(add_days(row.look_again_on, 0)))
	row = difference(doc, "In Transit (Cut-Off)")
	assert row.done and row.step_name == booked.name and open_of(doc) == 0
	assert gl_balance(NAME, str(doc.as_of)) == comparison.stored_part(doc.reload()).identity.ours


def test_our_invoice_in_transit_is_looked_at_again_by_a_person(invoices):
	late = f.make_invoice(NAME, 71, ago(7))
	doc, row = walked([invoice_row(one) for one in invoices], "In Transit (Cut-Off)")
	assert row.voucher_no == late.name
	transit.nightly(getdate())
	assert not difference(doc, "In Transit (Cut-Off)").step_name
	transit.nightly(getdate(row.look_again_on))
	transit.nightly(getdate(row.look_again_on))
	row = difference(doc, "In Transit (Cut-Off)")
	assert row.step_doctype == FOLLOW_UP
	assert frappe.db.count(FOLLOW_UP, {"customer": NAME, "source": "Reconciliation"}) == 1


def test_balances_before_the_lists_and_not_on_the_list_are_asked_about(invoices):
	doc = make_confirmation(NAME)
	balance = float(gl_balance(NAME, str(doc.as_of))) - 17
	upload(doc, [invoice_row(one) for one in invoices], has_balance=1, balance=balance)
	compared(doc)
	row = difference(doc, "Not on the List")
	assert row.difference == 17 and not row.line_id
	assert make_step(line=row.name)["doctype"] == FOLLOW_UP


def test_agreed_differences_are_open_again_when_they_change(invoices):
	rows = [invoice_row(one) for one in invoices[:4]] + [invoice_row(invoices[4], 500)]
	doc, row = walked(rows, "Amount Differs")
	with pytest.raises(frappe.ValidationError, match="reason"):
		agree_on_difference(line=row.name, why=" ")
	agree_on_difference(line=row.name, why="We waive it")
	assert open_of(doc) == 0
	with pytest.raises(frappe.ValidationError, match="settled already"):
		make_step(line=row.name)
	compare_again(name=doc.name)
	assert difference(doc, "Amount Differs").done
	reopen_difference(line=row.name)
	assert open_of(doc) == 1
	agree_on_difference(line=row.name, why="We waive it")
	upload(doc, [*rows[:4], invoice_row(invoices[4], 300)], name="corrected.csv")
	compare_again(name=doc.name)
	assert open_of(doc) == 1 and not difference(doc, "Amount Differs").done


def test_a_step_whose_line_is_gone_is_still_shown(invoices):
	rows = [invoice_row(one) for one in invoices] + [payment_row(ago(30), 333.25, "TT-4711")]
	doc, row = walked(rows, "Theirs Only")
	made = make_step(line=row.name)
	upload(doc, rows[:-1], name="corrected.csv")
	shown = compare_again(name=doc.name)
	(former,) = shown["former"]
	assert former["step_name"] == made["name"] and former["amount"] == 333.25
	assert doc.reload().status == "Confirmed"
	with pytest.raises(frappe.ValidationError, match="compared anew"):
		make_step(line=row.name)


def test_many_steps_at_once(invoices):
	rows = [invoice_row(one) for one in invoices[:2]] + [payment_row(ago(30), 333.25, "TT-4711")]
	doc = make_confirmation(NAME)
	upload(doc, rows)
	compared(doc)
	names = [row.name for row in differences(doc)]
	made = make_steps(name=doc.name, chosen=[*names, "foreign"])
	assert {one["line"] for one in made} == set(names) and all(one["done"] for one in made), made
	assert len(made) == 4
	make_steps(name=doc.name, chosen=names)
	assert frappe.db.count(LEDGER_NOTICE, {"customer": NAME, "kind": "Document"}) == 3


# --- settled ---


def test_a_settled_confirmation_has_a_paper_of_both_sides(invoices, assets):  # noqa: F811
	rows = [invoice_row(one) for one in invoices[:4]] + [invoice_row(invoices[4], 480)]
	doc, row = walked(rows, "Amount Differs")
	with pytest.raises(frappe.ValidationError, match="still open"):
		settle_confirmation(name=doc.name)
	agree_on_difference(line=row.name, why="Discount agreed by phone")
	url = settle_confirmation(name=doc.name, position="Head of Credit")
	assert url == settle_confirmation(name=doc.name)
	doc.reload()
	assert doc.status == "Settled" and doc.settled_balance == float(gl_balance(NAME, str(doc.as_of)))
	assert doc.signed_for_them == "Wang Fang, Chief Accountant"
	assert doc.signed_for_us.endswith("Head of Credit")
	answer = signed_balance_pdf(name=doc.name)
	assert answer.get_data().startswith(b"%PDF")
	kept = frappe.get_doc(LEDGER_ARCHIVE, {"kind": "Signed Balance", "reference_name": doc.name})
	assert len(kept.files) == 1 and '"Amount Differs"' in kept.figures
	for call in (
		lambda: compare_again(name=doc.name),
		lambda: reopen_difference(line=row.name),
		lambda: make_step(line=row.name),
	):
		with pytest.raises(frappe.ValidationError, match="cannot be changed any more"):
			call()
	shown = get_comparison(name=doc.name)
	assert shown["settled"] and not shown["may"]["work"] and not shown["may"]["settle"]


def test_the_paper_is_in_the_customers_language(invoices, assets):  # noqa: F811
	doc, row = walked(without_the_fourth(invoices), "Ours Only")
	agree_on_difference(line=row.name, why="差异已确认")
	frappe.db.set_value("Balance Confirmation", doc.name, "language", "zh")
	settle_confirmation(name=doc.name)
	assert signed_balance_pdf(name=doc.name).get_data().startswith(b"%PDF")


def test_a_confirmation_that_was_only_confirmed_can_be_signed(invoices, assets):  # noqa: F811
	doc = make_confirmation(NAME)
	reply(doc, "Confirmed", has_balance=1, balance=doc.our_balance)
	settle_confirmation(name=doc.name)
	assert doc.reload().status == "Settled"


def test_balances_that_differ_are_compared_before_they_are_signed(invoices):
	doc = make_confirmation(NAME)
	reply(doc, "Other Balance", has_balance=1, balance=1)
	frappe.db.set_value("Balance Confirmation", doc.name, {"has_stated": 1, "stated_balance": 1})
	with pytest.raises(frappe.ValidationError, match="have not been compared"):
		settle_confirmation(name=doc.name)


# --- in the background ---


def test_a_job_says_why_it_could_not_compare(invoices):
	doc = make_confirmation(NAME)
	answer = upload(doc, [invoice_row(invoices[0])])
	compare_jobs.queue(doc.name, answer.name)
	assert doc.reload().comparison_status == "Waiting"
	compare_jobs.run(doc.name)
	assert doc.reload().comparison_status == "Compared"
	frappe.db.set_value("Confirmation Reply", answer.name, "file", "/private/files/none.csv")
	compare_jobs.run(doc.name)
	assert doc.reload().comparison_status == "Failed" and "no longer there" in doc.comparison_error
