"""Faults planted by documents of a site: each control finds its own, and finds it no more once it is mended."""

from dataclasses import replace
from datetime import date

import frappe
import pytest
from erpnext.stock.doctype.delivery_note.delivery_note import make_sales_invoice as invoice_from_delivery
from frappe.model.document import Document
from frappe.utils import add_days, get_first_day, get_last_day, getdate, now_datetime

from client_ledger.controls.changes import changed_since
from client_ledger.controls.history import past_of
from client_ledger.controls.passes import every
from client_ledger.controls.reading import read_facts
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.controls.run import reruns
from tests.bench import factories as f
from tests.bench.controls import setting as s

pytestmark = pytest.mark.one_transaction
ALPHA, BETA, GAMMA, DELTA = "Controlled Alpha", "Controlled Beta", "Controlled Gamma", "Controlled Delta"


@pytest.fixture(scope="module", autouse=True)
def _company() -> None:
	s.make_company()
	for name in (ALPHA, BETA, GAMMA, DELTA):
		f.make_customer(name)


def invoice(
	customer: str, amount: float, ago: int, person: str = s.CLERK, on: int | None = None, **fields
) -> Document:
	doc = f.make_invoice(customer, amount, s.day(ago), company=s.COMPANY, **fields)
	return s.entered(doc, s.day(ago if on is None else on), person)


def receipt(
	customer: str, amount: float, ago: int, against: tuple = (), on: int | None = None, **fields
) -> Document:
	doc = f.make_payment(customer, amount, s.day(ago), company=s.COMPANY, against=against, **fields)
	return s.entered(doc, s.day(ago if on is None else on), s.CASHIER)


def cancel(doc: Document) -> None:
	doc.reload()
	doc.cancel()


def delivery(customer: str, amount: float, ago: int, order: Document | None = None) -> Document:
	doc = f.make_delivery(
		customer,
		amount,
		s.day(ago),
		company=s.COMPANY,
		order=order,
		set_posting_time=1,
		posting_time="09:00:00",
	)
	return s.entered(doc, s.day(ago))


def billed(note: Document, ago: int) -> Document:
	doc = invoice_from_delivery(note.name)
	doc.update(
		{
			"set_posting_time": 1,
			"posting_date": s.day(ago),
			"payment_schedule": [],
			"due_date": s.day(ago - 30),
			"disable_rounded_total": 1,
		}
	)
	doc.insert()
	return s.entered(doc.submit(), s.day(ago))


def test_a_delivery_that_is_billed_late_and_one_that_is_not():
	late, never = delivery(ALPHA, 811, 40), delivery(ALPHA, 822, 40)
	in_time = delivery(ALPHA, 833, 30)
	paper, _other = billed(late, 20), billed(in_time, 30)
	assert s.names("late_billing") == {late.name, paper.name}
	assert s.names("delivered_not_billed") == {never.name}
	billed(never, 0)
	assert never.name not in s.names("delivered_not_billed")
	assert never.name in s.names("late_billing")


def test_a_delivery_that_came_back_or_was_billed_by_its_order_is_not_missing():
	order = s.entered(
		f.make_order(ALPHA, 640, s.day(50), company=s.COMPANY, delivery_date=s.day(45)), s.day(50)
	)
	note = delivery(ALPHA, 640, 45, order)
	s.entered(f.bill_order(order, s.day(44)), s.day(44))
	assert note.name not in s.names("delivered_not_billed")
	from erpnext.stock.doctype.delivery_note.delivery_note import make_sales_return

	other = delivery(ALPHA, 77, 45)
	back = make_sales_return(other.name)
	back.insert()
	back.submit()
	assert other.name not in s.names("delivered_not_billed")


def test_a_lower_price_leaves_nothing_to_bill_and_a_whole_credit_all_of_it():
	note = delivery(DELTA, 1000, 40)
	paper = billed(note, 40)
	s.entered(f.make_credit_note(paper.name, 120, s.day(35)), s.day(35))
	assert note.name not in s.names("delivered_not_billed")
	other = delivery(DELTA, 1100, 40)
	paper = billed(other, 40)
	taken_back = s.entered(f.make_credit_note(paper.name, None, s.day(35)), s.day(35))
	assert other.name in s.names("delivered_not_billed")
	cancel(taken_back)
	assert other.name not in s.names("delivered_not_billed")


def test_an_order_that_is_never_billed():
	order = s.entered(
		f.make_order(BETA, 900, s.day(90), company=s.COMPANY, delivery_date=s.day(80)), s.day(90)
	)
	assert s.names("ordered_not_billed") == {order.name}
	s.entered(f.bill_order(order, s.day(0)), s.day(0))
	assert not s.names("ordered_not_billed")


def test_a_number_that_is_missing_and_one_that_a_draft_holds():
	made = [invoice(GAMMA, 100 + n, 30, naming_series="CG-.#####") for n in range(8)]
	frappe.delete_doc("Sales Invoice", _uncounted(made[3]), force=True)
	draft = _uncounted(made[5])
	frappe.db.set_value("Sales Invoice", draft, "docstatus", 0)
	keys = {one.key for one in s.found("number_gap") if "CG-" in one.key}
	assert keys == {f"number_gap:{made[3].name}"}
	# The document is there again.
	again = frappe.copy_doc(made[0])
	again.items[0].rate = 571
	again.insert(set_name=made[3].name)
	again.reload()
	again.submit()
	assert not {one.key for one in s.found("number_gap") if "CG-" in one.key}


def _uncounted(doc: Document) -> str:
	"""Cancel a document and forget what it booked, so that it can be deleted."""
	cancel(doc)
	for doctype in ("GL Entry", "Payment Ledger Entry"):
		frappe.db.delete(doctype, {"voucher_no": doc.name})
	return doc.name


def test_an_invoice_and_a_receipt_twice():
	one, other = invoice(BETA, 7351.19, 15), invoice(BETA, 7351.19, 13)
	assert s.names("duplicate_invoice") == {one.name, other.name}
	f.make_credit_note(other.name, None, s.day(12))
	assert not s.names("duplicate_invoice")
	first, second = receipt(BETA, 913.77, 9, reference_no="B-1"), receipt(BETA, 913.77, 8, reference_no="B-1")
	assert s.names("duplicate_receipt") == {first.name, second.name}
	cancel(second)
	assert not s.names("duplicate_receipt")


def test_what_is_entered_cancelled_or_changed_after_its_month():
	late = invoice(DELTA, 512, 100, on=10)
	gone = invoice(DELTA, 613, 100)
	changed = invoice(DELTA, 714, 100)
	assert late.name in s.names("backdated") and changed.name not in s.names("backdated")
	frappe.set_user(s.HEAD)
	cancel(gone)
	frappe.set_user("Administrator")
	assert s.names("cancelled_late") >= {gone.name}
	person = next(
		one.person for one in s.found("cancelled_late") if gone.name in {d.name for d in one.documents}
	)
	assert person == s.HEAD
	_edit(changed, "due_date", s.day(70), s.day(5))
	assert s.names("edited_late") == {changed.name}
	cancel(late)
	assert late.name in s.names("cancelled_late")


def _edit(doc: Document, field: str, old: object, new: object) -> None:
	"""Change a field of a submitted document as a site does that lets it be changed, with its Version."""
	old_doc = frappe.get_doc(doc.doctype, doc.name)
	doc = frappe.get_doc(doc.doctype, doc.name)
	doc.db_set(field, new)
	version = frappe.new_doc("Version")
	old_doc.set(field, old)
	version.update_version_info(old_doc, doc)
	version.insert(ignore_permissions=True)


def test_a_draft_that_was_changed_is_no_change_of_the_books():
	doc = f.make_invoice(DELTA, 55, s.day(100), company=s.COMPANY, submit=False)
	doc.due_date = s.day(50)
	doc.save()
	doc.submit()
	assert doc.name not in {one.document.name for one in s.facts().edits}


def test_what_contradicts_a_statement():
	statement = frappe.get_doc(
		{
			"doctype": "Customer Statement",
			"customer": GAMMA,
			"company": s.COMPANY,
			"currency": "USD",
			"as_of": s.day(30),
			"from_date": s.day(60),
			"statement_key": "controls-1",
		}
	)
	statement.flags.ignore_permissions = statement.flags.by_action = True
	statement.db_insert()
	frappe.db.set_value(
		"Customer Statement", statement.name, {"status": "Sent", "sent_on": f"{s.day(28)} 08:00:00"}
	)
	before, after = invoice(GAMMA, 41, 35), invoice(GAMMA, 42, 35, on=20)
	assert after.name in s.names("against_statement") and before.name not in s.names("against_statement")
	cancel(before)
	assert before.name in s.names("against_statement")
	frappe.db.set_value("Customer Statement", statement.name, "status", "Failed")
	assert not s.names("against_statement")


def test_credit_notes_after_a_period_and_by_who_made_the_invoice():
	end = getdate(get_last_day(add_days(get_first_day(s.day(0)), -1)))
	while end.month % 3:
		end = getdate(add_days(get_first_day(end), -1))
	sale = s.entered(
		f.make_invoice(ALPHA, 9000, add_days(end, -2), company=s.COMPANY), getdate(add_days(end, -2))
	)
	note = s.entered(f.make_credit_note(sale.name, 8000, add_days(end, 3)), getdate(add_days(end, 3)))
	assert s.names("credit_note_after_end") == {sale.name, note.name}
	assert note.name in s.names("credit_note_by_maker")
	_submitted(note, s.HEAD)
	assert note.name not in s.names("credit_note_by_maker")
	cancel(note)
	assert not s.names("credit_note_after_end")


def _submitted(doc: Document, person: str) -> None:
	"""Let somebody else have submitted a document."""
	frappe.db.delete("Version", {"ref_doctype": doc.doctype, "docname": doc.name})
	frappe.get_doc(
		{
			"doctype": "Version",
			"ref_doctype": doc.doctype,
			"docname": doc.name,
			"data": '{"changed":[["docstatus",0,1]]}',
		}
	).insert()
	frappe.db.set_value("Version", {"docname": doc.name}, "owner", person)


def write_off(customer: str, amount: float, ago: int, of: Document, person: str = s.CASHIER) -> Document:
	account = f.make_receivable(s.COMPANY)
	rows = [
		{"account": account, "customer": customer, "credit": amount, "against": of},
		{"account": f.make_expense_account(s.COMPANY), "debit": amount},
	]
	return s.entered(
		f.make_journal(rows, s.day(ago), company=s.COMPANY, voucher_type="Write Off Entry"),
		s.day(ago),
		person,
	)


def test_write_offs_that_stay_below_the_threshold():
	owed = invoice(DELTA, 20000, 60)
	small = [write_off(DELTA, 960 + n, 20 - n, owed) for n in range(8)]
	read = s.facts()
	assert read.left_of(read.invoice[owed.name]) == 20000 - sum(960 + n for n in range(8))
	wanted = {one.name for one in small}
	assert wanted <= s.names("write_off_split", {"threshold": 1000})
	assert wanted <= s.names("write_off_just_under", {"threshold": 1000})
	for one in small:
		_submitted(one, s.HEAD)
	assert not s.names("write_off_split", {"threshold": 1000})
	for one in small[2:]:
		cancel(one)
	assert not s.names("write_off_just_under", {"threshold": 1000})


def test_a_deduction_of_a_payment_is_a_write_off_and_a_discount_is_not():
	owed = invoice(DELTA, 500, 30)
	loss, discount = (
		f.make_expense_account(s.COMPANY),
		frappe.get_cached_value("Company", s.COMPANY, "default_discount_account"),
	)
	lost = receipt(DELTA, 200, 10, ((owed, 200),), deductions=((loss, 20),), reference_no="D-1")
	less = receipt(DELTA, 100, 10, ((owed, 100),), deductions=((discount, 5),), reference_no="D-2")
	found = {one.document.name: one.base_amount for one in s.facts().write_offs}
	assert found[lost.name] == 20 and less.name not in found


def bank_line(payment: Document, iban: str) -> Document:
	"""Let the bank say from which account a payment came."""
	account = _company_account()
	line = frappe.get_doc(
		{
			"doctype": "Bank Transaction",
			"date": payment.posting_date,
			"bank_account": account,
			"company": s.COMPANY,
			"currency": "USD",
			"deposit": payment.received_amount,
			"bank_party_iban": iban,
			"payment_entries": [
				{
					"payment_document": payment.doctype,
					"payment_entry": payment.name,
					"allocated_amount": payment.received_amount,
				}
			],
		}
	)
	line.insert()
	return line.submit()


def _company_account() -> str:
	if name := frappe.db.get_value("Bank Account", {"company": s.COMPANY, "is_company_account": 1}):
		return name
	return _account_at_bank(
		"Ours",
		account=frappe.get_cached_value("Company", s.COMPANY, "default_bank_account"),
		company=s.COMPANY,
		is_company_account=1,
	)


def _account_at_bank(title: str, **fields) -> str:
	if not frappe.db.exists("Bank", "Controlled Bank"):
		frappe.get_doc({"doctype": "Bank", "bank_name": "Controlled Bank"}).insert()
	return (
		frappe.get_doc(
			{"doctype": "Bank Account", "account_name": title, "bank": "Controlled Bank", **fields}
		)
		.insert()
		.name
	)


IBANS = {
	ALPHA: "DE89370400440532013000",
	BETA: "GB29NWBK60161331926819",
	GAMMA: "NL91ABNA0417164300",
	DELTA: "FR1420041010050500013M02606",
}


@pytest.fixture
def ibans() -> dict[str, str]:
	for customer, iban in IBANS.items():
		if not frappe.db.exists("Bank Account", {"party": customer}):
			_account_at_bank(customer, party_type="Customer", party=customer, iban=iban)
	return IBANS


def test_a_receipt_of_one_customer_that_pays_another_and_a_chain_of_them(ibans: dict[str, str]):
	moves = []
	for n, (payer, credited) in enumerate(((BETA, ALPHA), (GAMMA, BETA), (DELTA, GAMMA))):
		owed = invoice(credited, 1500 + n, 60)
		paid = receipt(credited, 1500 + n, 20 - 3 * n, ((owed, 1500 + n),), reference_no=f"L-{n}")
		bank_line(paid, ibans[payer])
		moves.append(paid)
	names = {one.name for one in moves}
	assert names <= s.names("allocated_elsewhere")
	assert names <= s.names("lapping")
	frappe.db.set_value("Bank Transaction", {"bank_party_iban": ibans[GAMMA]}, "bank_party_iban", ibans[BETA])
	assert moves[1].name not in s.names("allocated_elsewhere")
	assert not s.names("lapping")


def test_a_journal_entry_that_moves_money_to_another_customer():
	owed = invoice(ALPHA, 333, 60)
	account = f.make_receivable(s.COMPANY)
	rows = [
		{"account": account, "customer": BETA, "debit": 333},
		{"account": account, "customer": ALPHA, "credit": 333, "against": owed},
	]
	moved = s.entered(f.make_journal(rows, s.day(15), company=s.COMPANY), s.day(15))
	assert {moved.name, owed.name} <= s.names("allocated_elsewhere")
	cancel(moved)
	assert moved.name not in s.names("allocated_elsewhere")


def test_money_that_lies_about_but_not_an_advance_on_an_order():
	lying = receipt(GAMMA, 450, 90, reference_no="U-1")
	order = s.entered(
		f.make_order(GAMMA, 300, s.day(70), company=s.COMPANY, delivery_date=s.day(-5)), s.day(70)
	)
	advance = s.entered(f.pay(order, s.day(65), reference_no="U-2"), s.day(65))
	found = s.names("unallocated_receipt")
	assert lying.name in found and advance.name not in found
	bank = frappe.get_cached_value("Company", s.COMPANY, "default_bank_account")
	rows = [
		{"account": f.make_receivable(s.COMPANY), "customer": GAMMA, "credit": 61},
		{"account": bank, "debit": 61},
	]
	journal = s.entered(f.make_journal(rows, s.day(88), company=s.COMPANY), s.day(88))
	assert journal.name in s.names("unallocated_receipt")
	cancel(lying)
	cancel(journal)
	assert not {lying.name, journal.name} & s.names("unallocated_receipt")


def test_a_limit_raised_and_longer_terms_before_an_order():
	customer = f.make_customer("Controlled Limited")
	customer.append(
		"credit_limits", {"company": s.COMPANY, "credit_limit": 5000, "bypass_credit_limit_check": 1}
	)
	customer.payment_terms = f.make_terms_template("Controlled 30", ((30, 100),)).name
	customer.save()
	customer.reload()
	frappe.db.delete("Version", {"ref_doctype": "Customer", "docname": customer.name})
	customer.credit_limits[0].credit_limit = 25000
	customer.payment_terms = f.make_terms_template("Controlled 90", ((90, 100),)).name
	customer.save(ignore_version=False)
	version = frappe.get_all(
		"Version",
		{"ref_doctype": "Customer", "docname": customer.name},
		pluck="name",
		order_by="creation desc, name",
		limit=1,
	)[0]
	frappe.db.set_value(
		"Version", version, {"owner": s.CLERK, "creation": f"{s.day(20)} 09:00:00"}, update_modified=False
	)
	order = s.entered(
		f.make_order(customer.name, 18000, s.day(19), company=s.COMPANY, delivery_date=s.day(-9)), s.day(19)
	)
	changes = {
		one.kind.name: (one.old, one.new)
		for one in s.facts(kinds={FactKind.TERMS}).terms
		if one.customer == customer.name
	}
	assert changes == {"LIMIT": (5000, 25000), "DAYS": (30, 90)}
	reasons = {one.reason.message for one in s.found("terms_before_order")}
	assert len(reasons) == 2
	cancel(order)
	assert not s.found("terms_before_order")


def test_holds_released_again_and_again():
	holds = []
	for n in range(5):
		hold = frappe.get_doc(
			{
				"doctype": "Credit Hold", "customer": BETA, "company": s.COMPANY, "reference_doctype": "Sales Order",
				"reference_name": f"SO-{n}", "status": "Released", "decided_by": s.HEAD, "decided_on": f"{s.day(30 - n)} 11:00:00",
				"released_until": s.day(20), "released_amount": 100, "currency": "USD", "name": f"CH-CONTROLS-{n}",
			}
		)  # fmt: skip
		hold.db_insert()
		holds.append(hold)
	(found,) = s.found("released_again")
	assert (found.person, found.customer, len(found.documents)) == (s.HEAD, BETA, 5)
	for hold in holds[:3]:
		frappe.db.set_value("Credit Hold", hold.name, "status", "Rejected")
	assert not s.found("released_again")


def test_a_customer_that_is_sold_to_while_it_does_not_pay():
	f.make_customer("Controlled Late")
	old = invoice("Controlled Late", 4000, 420)
	later = invoice("Controlled Late", 6000, 30)
	assert {old.name, later.name} <= s.names("sold_while_overdue")
	receipt("Controlled Late", 4000, 0, ((old, 4000),), reference_no="S-1")
	assert not {old.name, later.name} & s.names("sold_while_overdue")


def test_master_data_that_customers_share_with_each_other_and_with_an_employee():
	one, other = f.make_customer("Controlled Shop"), f.make_customer("Controlled Stall")
	_account_at_bank("Shop", party_type="Customer", party=one.name, iban="AT611904300234573201")
	second = frappe.get_doc(
		"Bank Account",
		_account_at_bank(
			"Stall", party_type="Customer", party=other.name, bank_account_no="AT61 1904 3002 3457 3201"
		),
	)
	contact = frappe.get_doc(
		{
			"doctype": "Contact", "first_name": "Sam", "email_ids": [{"email_id": "sam.doe@home.example", "is_primary": 1}],
			"links": [{"link_doctype": "Customer", "link_name": one.name}],
		}
	).insert()  # fmt: skip
	_employee("Sam.Doe+x@home.example")
	keys = {one.key.split(":")[1] for one in s.found("shared_details")}
	assert {"bank", "email"} <= keys
	assert {one.severity.value for one in s.found("shared_details") if ":email:" in one.key} == {"High"}
	second.bank_account_no = "1"
	second.save()
	contact.email_ids[0].email_id = "other@home.example"
	contact.save()
	assert not {"bank", "email"} & {one.key.split(":")[1] for one in s.found("shared_details")}


def _employee(email: str) -> None:
	frappe.get_doc(
		{
			"doctype": "Employee", "first_name": "Sam", "company": s.COMPANY, "gender": f.first("Gender"), "personal_email": email,
			"date_of_birth": date(1990, 1, 1), "date_of_joining": date(2020, 1, 1), "status": "Active",
		}
	).insert()  # fmt: skip


def test_ledgers_that_do_not_tie():
	doc = invoice(DELTA, 150, 25)
	assert not s.found("ledger_untied")
	entry = frappe.db.get_value("GL Entry", {"voucher_no": doc.name, "party": DELTA})
	frappe.db.set_value("GL Entry", entry, "debit", 149)
	assert [(one.customer, one.amount) for one in s.found("ledger_untied")] == [(DELTA, 1)]
	frappe.db.set_value("GL Entry", entry, "debit", 150)
	assert not s.found("ledger_untied")


def test_some_customers_facts_and_what_is_open_of_all_others():
	note = delivery(GAMMA, 75, 30)
	mine, other = invoice(ALPHA, 5, 3), invoice(BETA, 6, 3)
	read = read_facts(s.COMPANY, getdate(s.day(0)), customers=[ALPHA])
	assert mine.name in read.invoice and other.name not in read.invoice
	assert {one.customer for one in read.deliveries} <= {ALPHA}
	with_open = read_facts(s.COMPANY, getdate(s.day(0)), customers=[ALPHA], open_too=True)
	assert note.name in {one.name for one in with_open.deliveries}
	assert other.name not in with_open.invoice
	nobody = read_facts(s.COMPANY, getdate(s.day(0)), customers=[], open_too=True)
	assert note.name in {one.name for one in nobody.deliveries} and mine.name not in nobody.invoice


def test_all_passes_together_find_what_one_reading_finds():
	delivery(BETA, 61, 40)
	invoice(GAMMA, 8123.4, 12)
	invoice(GAMMA, 8123.4, 11)
	chosen = list(CONTROLS.values())
	at_once = {code: {one.key for one in s.found(code, read=s.facts())} for code in CONTROLS}
	by_pass = s.in_passes(every(chosen))
	assert by_pass == at_once
	assert sum(map(len, at_once.values())) > 10


def test_a_second_night_finds_the_same_from_what_changed():
	before = s.in_passes(every(CONTROLS.values()))
	since = now_datetime()
	new = f.make_delivery(DELTA, 71, s.day(40), company=s.COMPANY)
	owed = f.make_invoice(ALPHA, 512, s.day(80), company=s.COMPANY)
	changes = changed_since(s.COMPANY, since)
	assert changes.customers[FactKind.DELIVERIES] == {DELTA}
	assert changes.customers[FactKind.INVOICES] == {ALPHA}
	assert not changes.day_passed
	night = reruns(CONTROLS.values(), replace(changes, day_passed=True))
	after = s.in_passes(night)
	whole = s.in_passes(every(CONTROLS.values()))
	assert f"delivered_not_billed:{new.name}" in after["delivered_not_billed"]
	assert f"backdated:{owed.name}" in after["backdated"]
	for one in night:
		new_keys = whole[one.control.code] - before[one.control.code]
		assert new_keys <= after[one.control.code] <= whole[one.control.code]


def test_a_deleted_invoice_and_other_bank_details_are_changes():
	doc = invoice(BETA, 3, 2)
	name = _uncounted(doc)
	since = now_datetime()
	frappe.delete_doc("Sales Invoice", name)
	assert BETA in changed_since(s.COMPANY, since).customers[FactKind.INVOICES]
	customer = frappe.get_doc("Customer", BETA)
	customer.tax_id = "DE 811 569 869"
	customer.save(ignore_version=False)
	assert BETA in changed_since(s.COMPANY, since).customers[FactKind.MASTERS]


def test_the_past_of_a_control_and_what_other_parameters_leave():
	for n in range(3):
		s.entered(f.make_invoice(ALPHA, 400 + n, s.day(130 + 30 * n), company=s.COMPANY), s.day(90 + 30 * n))
	shipped = past_of(s.COMPANY, "backdated")
	lenient = past_of(s.COMPANY, "backdated", {"days": 60})
	assert shipped["found"] == shipped["with_values"] >= 3
	assert lenient["found"] == shipped["found"] and lenient["with_values"] < shipped["found"]
	assert len(shipped["months"]) == 12 and sum(one["found"] for one in shipped["months"]) == shipped["found"]
	assert not past_of(s.COMPANY, "ledger_untied")["has_past"]
	with pytest.raises(ValueError):
		past_of(s.COMPANY, "backdated", {"days": 600})
