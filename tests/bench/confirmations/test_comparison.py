"""A customer's ledger compared with ours: lines, identity, differences, what people decide, how long it takes."""

import time
from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, getdate

from client_ledger.confirmations import comparison, comparison_rows
from client_ledger.confirmations.comparison_api import (
	comparison_matches,
	comparison_xlsx,
	get_comparison,
	join_lines,
	lines_to_join,
	split_match,
)
from client_ledger.confirmations.our_lines import our_ledger
from client_ledger.core.reconciliation.differences import DifferenceKind
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


@pytest.fixture
def trade():
	"""A customer with five invoices, of which one is paid, and their documents."""
	name = "Compared Trade Ltd"
	f.make_company()
	f.make_customer(name)
	invoices = [f.make_invoice(name, 100.0 * n + n, ago(80 - n)) for n in range(1, 6)]
	payment = f.make_payment(name, 101, ago(60), against=[(invoices[0], 101)], reference_no="TT-7781")
	return frappe._dict(name=name, invoices=invoices, payment=payment)


def test_our_lines_add_up_to_the_general_ledger(trade):
	name = trade.name
	f.make_credit_note(trade.invoices[1].name, 50, ago(50))
	f.make_credit_note(trade.invoices[2].name, 20, ago(49), for_self=True)
	f.make_pos_invoice(name, 75, ago(48))
	f.make_payment(name, 333, ago(40))
	f.make_payment(name, -30, ago(39))
	bank = frappe.get_cached_value("Company", COMPANY, "default_bank_account")
	receivable = f.make_receivable(COMPANY)
	f.make_journal(
		[{"account": receivable, "customer": name, "credit": 12.5}, {"account": bank, "debit": 12.5}], ago(38)
	)
	f.make_invoice(name, 999, ago(1))
	found = our_ledger(name, COMPANY, "USD", getdate(ago(5)))
	assert found.side.balance("USD") == gl_balance(name, ago(5))
	assert len({line.id for line in found.side.lines}) == len(found.side.lines)
	assert {line.id for line in found.side.lines} == {*found.vouchers}
	late = our_ledger(name, COMPANY, "USD", getdate(ago(5)), getdate(ago(45)))
	assert late.side.balance("USD") == gl_balance(name, ago(5))
	assert late.side.opening and len(late.side.lines) < len(found.side.lines)
	by_number = {line.number: line for line in found.side.lines}
	assert "TT-7781" in by_number[trade.payment.name].references
	assert trade.invoices[0].name in by_number[trade.payment.name].references


def test_an_upload_is_compared_and_the_identity_stored(trade):
	one, two, three, four, five = trade.invoices
	doc = make_confirmation(trade.name)
	answer = upload(
		doc,
		[
			invoice_row(one, number=one.name.split("-")[-1]),
			invoice_row(two),
			invoice_row(three, 290),
			invoice_row(four),
			payment_row(ago(61), 101, "TT-7781"),
			payment_row(ago(30), 88.8, "TT-9000"),
			payment_row(ago(2), 55, "TT-9001"),
		],
	)
	figures = compared(doc, answer)
	assert doc.comparison_status == "Compared" and doc.compared_reply == answer.name
	assert figures.is_turned
	assert figures.by_kind["Amount Differs"] == {"amount": "13.00", "count": 1}
	assert figures.by_kind["Ours Only"] == {"amount": "505.00", "count": 1}
	assert figures.by_kind["Theirs Only"] == {"amount": "88.80", "count": 1}
	assert figures.by_kind["In Transit (Cut-Off)"] == {"amount": "55.00", "count": 1}
	assert doc.open_differences == 4 and doc.status == "Differences"
	assert Decimal(str(doc.difference)) == Decimal("661.80")
	assert difference(doc, "Ours Only").voucher_no == five.name
	assert difference(doc, "Ours Only").next_step == "Send the Document Again with Proof of Delivery"
	shown = get_comparison(name=doc.name)
	total = sum(kind["amount"] for kind in shown["kinds"])
	assert round(shown["theirs"] + total, 2) == shown["ours"]
	assert [kind["kind"] for kind in shown["kinds"]] == [
		kind.value for kind in DifferenceKind if kind.value in figures.by_kind
	]
	matches = comparison_matches(name=doc.name, found_by="Number and Amount")
	assert matches["total"] >= 2 and matches["rows"][0]["confidence"] == "Sure"


def test_another_run_replaces_all_rows_and_keeps_names(trade):
	doc = make_confirmation(trade.name)
	answer = upload(doc, [invoice_row(one) for one in trade.invoices[:3]])
	compared(doc, answer)
	before = {row.name for row in comparison_rows.read(doc.name)}
	compared(doc)
	after = [row.name for row in comparison_rows.read(doc.name)]
	assert before == set(after) and len(after) == len(before)


def test_a_person_joins_and_splits(trade):
	one, two, *_rest = trade.invoices
	doc = make_confirmation(trade.name)
	upload(
		doc,
		[
			invoice_row(one),
			(str(two.posting_date), "GR-1", "Goods", "", 150),
			(str(two.posting_date), "GR-2", "Goods", "", 40),
		],
	)
	compared(doc)
	single = lines_to_join(name=doc.name)
	theirs = [row["id"] for row in single["Theirs"] if row["number"].startswith("GR-")]
	ours = [row["id"] for row in single["Ours"] if row["number"] == two.name]
	shown = join_lines(name=doc.name, chosen=[*ours, *theirs])
	(joined,) = comparison_matches(name=doc.name, found_by="Joined by Hand")["rows"]
	assert joined["our_amount"] == 202 and joined["their_amount"] == 190
	assert joined["decided_by"] == frappe.session.user
	assert difference(doc, "Amount Differs").difference == 12
	assert round(shown["theirs"] + sum(kind["amount"] for kind in shown["kinds"]), 2) == shown["ours"]
	# It holds in every later run, until somebody splits it.
	compared(doc)
	assert comparison_matches(name=doc.name, found_by="Joined by Hand")["total"] == 1
	split_match(name=doc.name, match_no=joined["match_no"])
	assert comparison_matches(name=doc.name, found_by="Joined by Hand")["total"] == 0
	assert not difference(doc, number=two.name).match_no
	compared(doc)
	assert not difference(doc, number=two.name).match_no


def test_a_sure_match_that_is_split_is_not_made_again(trade):
	one = trade.invoices[0]
	doc = make_confirmation(trade.name)
	upload(doc, [invoice_row(one)])
	compared(doc)
	match = next(row for row in comparison_rows.read(doc.name) if row.match_no and row.number == one.name)
	split_match(name=doc.name, match_no=match.match_no)
	assert not any(row.match_no for row in comparison_rows.read(doc.name))


def test_joining_needs_lines_of_both_sides(trade):
	doc = make_confirmation(trade.name)
	upload(doc, [invoice_row(trade.invoices[0])])
	compared(doc)
	ours = [row["id"] for row in lines_to_join(name=doc.name)["Ours"]]
	with pytest.raises(frappe.ValidationError, match="at least one line of each ledger"):
		join_lines(name=doc.name, chosen=ours[:2])
	with pytest.raises(frappe.ValidationError, match="compared anew"):
		join_lines(name=doc.name, chosen=["gone", ours[0]])


def test_differences_named_without_a_ledger(trade):
	_one, two, three, *_rest = trade.invoices
	doc = make_confirmation(trade.name)
	balance = float(gl_balance(trade.name, str(doc.as_of))) - 202 - 3 - 70
	answer = reply(
		doc,
		"Differences",
		has_balance=1,
		balance=balance,
		lines=[
			{"kind": "Not in Our Books", "number": two.name},
			{"kind": "Other Amount", "number": three.name, "amount": 300},
			{"kind": "Not in Your Statement", "number": "TT-5", "date": ago(20), "amount": 70},
		],
	)
	figures = compared(doc, answer)
	assert {kind: row["amount"] for kind, row in figures.by_kind.items()} == {
		"Amount Differs": "3.00",
		"Ours Only": "202.00",
		"Theirs Only": "70.00",
	}
	assert doc.open_differences == 3


def test_a_balance_alone_is_one_difference(trade):
	doc = make_confirmation(trade.name)
	balance = float(gl_balance(trade.name, str(doc.as_of)))
	figures = compared(doc, reply(doc, "Other Balance", has_balance=1, balance=balance - 10))
	assert figures.by_kind == {"Not on the List": {"amount": "10.00", "count": 1}}
	figures = compared(doc, reply(doc, "Confirmed"))
	assert figures.by_kind == {} and doc.open_differences == 0


def test_a_ledger_in_another_currency_leaves_ours_unmatched(trade):
	doc = make_confirmation(trade.name)
	one = trade.invoices[0]
	answer = upload(doc, [(*invoice_row(one), "EUR")], name="euro.csv")
	content = f"Date;Document No;Text;Debit;Credit;Currency\n{one.posting_date};{one.name};Goods;;101;EUR\n"
	file = frappe.get_doc("File", {"attached_to_name": answer.name})
	with open(file.get_full_path(), "w") as target:
		target.write(content)
	figures = compared(doc, answer)
	assert figures.matches == 0
	assert any("EUR" in note for note in comparison.notes_of(figures))


def test_backdated_documents_are_said(trade):
	doc = make_confirmation(trade.name)
	answer = upload(doc, [invoice_row(one) for one in trade.invoices])
	f.make_invoice(trade.name, 777, ago(30))
	figures = compared(doc, answer)
	assert any("has changed since the letter" in note for note in comparison.notes_of(figures))


def test_a_file_that_is_gone_is_refused_in_words(trade):
	doc = make_confirmation(trade.name)
	answer = upload(doc, [invoice_row(trade.invoices[0])])
	frappe.db.set_value("Confirmation Reply", answer.name, "file", "/private/files/none.csv")
	with pytest.raises(frappe.ValidationError, match="no longer there"):
		comparison.compare(doc.name, answer.name)


def test_the_workbook(trade):
	doc = make_confirmation(trade.name)
	upload(doc, [invoice_row(trade.invoices[0]), invoice_row(trade.invoices[1], 200)])
	compared(doc)
	answer = comparison_xlsx(name=doc.name)
	from io import BytesIO

	from openpyxl import load_workbook

	book = load_workbook(BytesIO(answer.get_data()))
	assert book.sheetnames == ["Summary", "Differences", "Matches"]
	kinds = {row[0] for row in book["Differences"].iter_rows(min_row=2, values_only=True)}
	assert kinds == {row.difference_kind for row in differences(doc)}


def test_two_thousand_lines(trade):
	"""A generated ledger over a customer with many documents: fast enough to wait for."""
	from tests.bench.confirmations.generated import booked_two_sided

	doc, answer, count = booked_two_sided("Compared At Length Ltd", 2000)
	started = time.monotonic()
	figures = compared(doc, answer)
	seconds = time.monotonic() - started
	assert figures.lines["ours"] > count * 0.9
	assert seconds < 20
	assert figures.matches > count * 0.8
	started = time.monotonic()
	assert get_comparison(name=doc.name)["compared"]
	assert time.monotonic() - started < 8
	assert add_days(doc.as_of, 0)
