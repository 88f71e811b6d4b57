"""Another company with other ways: numbers with a fiscal year behind, amended ones numbered anew, debts and money booked by journal
entries, deliveries billed for less, Fridays off, limits and terms changed past the form, documents carried over by an import.
"""

from datetime import timedelta

import frappe
import pytest
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice as invoice_from_order
from erpnext.selling.doctype.sales_order.sales_order import update_status
from erpnext.stock.doctype.delivery_note.delivery_note import make_sales_invoice as invoice_from_delivery
from frappe.core.doctype.data_import.importer import Importer
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.model.document import Document
from frappe.utils import add_days, get_datetime, getdate, now_datetime, nowdate

from client_ledger.controls.changes import changed_since
from client_ledger.controls.reading import read_facts
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import ControlFinding
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.controls.run import findings
from tests.bench import factories as f
from tests.bench.controls import setting as s

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]
COMPANY, ONE, TWO = "Elsewhere Company", "Elsewhere One", "Elsewhere Two"


@pytest.fixture(scope="module", autouse=True)
def _company() -> None:
	f.make_company(COMPANY)
	for email, roles in s.PEOPLE.items():
		f.make_user(email, roles)
	for name in (ONE, TWO):
		f.make_customer(name)


def facts(*kinds: FactKind) -> ControlFacts:
	return read_facts(COMPANY, getdate(nowdate()), set(kinds) or None)


def found(code: str) -> list[ControlFinding]:
	control = CONTROLS[code]
	return findings(control, facts(), control.defaults())


def names(code: str) -> set[str]:
	return {one.name for finding in found(code) for one in finding.documents}


def invoice(customer: str, amount: float, ago: int, **fields) -> Document:
	return s.entered(f.make_invoice(customer, amount, s.day(ago), company=COMPANY, **fields), s.day(ago))


def test_numbers_with_their_year_behind_a_deleted_draft_and_amended_ones_numbered_anew():
	series = "EW-.#####.-2526"
	made = [invoice(ONE, 311.17 + 13 * n, 30 - n, naming_series=series) for n in range(4)]
	draft = f.make_invoice(ONE, 47, s.day(20), company=COMPANY, naming_series=series, submit=False)
	made += [invoice(TWO, 711.17 + 17 * n, 19 - n, naming_series=series) for n in range(4)]
	assert not found("number_gap")
	frappe.delete_doc("Sales Invoice", draft.name)
	(gap,) = found("number_gap")
	assert gap.key == f"number_gap:{draft.name}" and draft.name == "EW-00005-2526"
	frappe.db.set_single_value("Document Naming Settings", "default_amend_naming", "Default Naming")
	again = f.amend(made[5], naming_series=series, po_no="again")
	once_more = f.amend(again, naming_series=series, po_no="once more")
	frappe.db.set_single_value("Document Naming Settings", "default_amend_naming", "Amend Counter")
	assert {again.name, once_more.name} == {"EW-00010-2526", "EW-00011-2526"}
	assert [one.key for one in found("number_gap")] == [gap.key] and not found("number_repeat")
	for doctype in ("Sales Invoice", "Sales Order"):
		options = f"{frappe.get_meta(doctype).get_field('naming_series').options}\n{series}"
		make_property_setter(
			doctype, "naming_series", "options", options, "Text", validate_fields_for_doctype=False
		)
		frappe.clear_cache(doctype=doctype)
	order = f.make_order(ONE, 40, s.day(1), company=COMPANY, naming_series=series)
	last = invoice(ONE, 49.3, 1, naming_series=series)
	assert (order.name, last.name) == ("EW-00012-2526", "EW-00013-2526")
	assert [one.key for one in found("number_gap")] == [gap.key]


def test_money_that_pays_what_is_no_invoice_or_is_paid_back_does_not_lie_about():
	debtors = f.make_receivable(COMPANY)
	opening = f.make_journal(
		[
			{"account": debtors, "customer": ONE, "debit": 900},
			{
				"account": frappe.db.get_value("Account", {"company": COMPANY, "account_type": "Temporary"}),
				"credit": 900,
			},
		],
		s.day(200),
		company=COMPANY,
		is_opening="Yes",
		voucher_type="Opening Entry",
	)
	pays_debt = f.make_payment(ONE, 900, s.day(90), COMPANY, ((opening, 900),), reference_no="O-1")
	lying = f.make_payment(ONE, 77.7, s.day(90), COMPANY, reference_no="O-2")
	returned = f.make_payment(TWO, 300, s.day(90), COMPANY, reference_no="O-3")
	bank = frappe.get_cached_value("Company", COMPANY, "default_bank_account")
	rows = [
		{"account": debtors, "customer": TWO, "debit": 300, "against": returned},
		{"account": bank, "credit": 300},
	]
	back = f.make_journal(rows, s.day(80), company=COMPANY, cheque_no="O-4", cheque_date=s.day(80))
	for doc in (pays_debt, lying, returned, back):
		s.entered(doc, doc.posting_date, s.CASHIER)
	assert names("unallocated_receipt") == {lying.name}


def test_a_delivery_billed_for_less_is_billed_and_one_billed_in_part_is_not():
	less, part = (
		s.entered(f.make_delivery(ONE, amount, s.day(50), company=COMPANY), s.day(50))
		for amount in (610, 620)
	)
	paper = invoice_from_delivery(less.name)
	paper.items[0].rate = 560
	_bill(paper, 49)
	many = frappe.copy_doc(part)
	many.items[0].update({"qty": 10, "rate": 62})
	many.update({"posting_date": s.day(50), "set_posting_time": 1})
	many.insert().submit()
	s.entered(many, s.day(50))
	halves = [invoice_from_delivery(many.name) for _half in range(2)]
	for half, day in zip(halves, (49, 47), strict=True):
		half.items[0].qty = 5
		_bill(half, day)
		if half is halves[0]:
			assert many.name in names("delivered_not_billed")
	assert many.name not in names("delivered_not_billed") and not names("duplicate_invoice")
	assert less.name not in names("delivered_not_billed") and part.name in names("delivered_not_billed")
	order = f.make_order(TWO, 800, s.day(70), company=COMPANY, delivery_date=s.day(60))
	s.entered(order, s.day(70))
	assert order.name in names("ordered_not_billed")
	paper = invoice_from_order(order.name)
	paper.items[0].rate = 700
	_bill(paper, 60)
	assert order.name not in names("ordered_not_billed")


def _bill(paper: Document, ago: int) -> None:
	paper.update({"set_posting_time": 1, "posting_date": s.day(ago), "due_date": s.day(ago - 30)})
	paper.update({"payment_schedule": [], "disable_rounded_total": 1, "ignore_pricing_rule": 1})
	paper.insert()
	s.entered(paper.submit(), s.day(ago))


def test_a_credit_note_that_names_no_invoice_and_a_bank_that_names_the_payer():
	sale = invoice(TWO, 1234.5, 40)
	note = f.make_credit_note(sale.name, None, s.day(30), submit=False)
	note.return_against = None
	note.items[0].sales_invoice_item = None
	note.save()
	s.entered(note.submit(), s.day(30))
	assert {sale.name, note.name} <= names("credit_note_by_maker")
	owed = invoice(ONE, 432.1, 50)
	paid = f.make_payment(ONE, 432.1, s.day(20), COMPANY, ((owed, 432.1),), reference_no="P-1")
	s.entered(paid, s.day(20), s.CASHIER)
	_bank_line(paid, TWO.upper())
	assert {paid.name, owed.name} <= names("allocated_elsewhere")


def _bank_line(payment: Document, payer: str) -> None:
	bank = frappe.get_doc({"doctype": "Bank", "bank_name": "Elsewhere Bank"}).insert()
	account = frappe.get_cached_value("Company", COMPANY, "default_bank_account")
	ours = {"doctype": "Bank Account", "account_name": "Elsewhere", "bank": bank.name, "company": COMPANY}
	ours = frappe.get_doc({**ours, "is_company_account": 1, "account": account}).insert()
	amount = payment.received_amount
	entry = {"payment_document": payment.doctype, "payment_entry": payment.name, "allocated_amount": amount}
	line = {"doctype": "Bank Transaction", "date": payment.posting_date, "bank_account": ours.name}
	line |= {"company": COMPANY, "currency": "USD", "deposit": amount, "bank_party_name": payer}
	frappe.get_doc({**line, "payment_entries": [entry]}).insert().submit()


def test_weekends_are_what_the_holiday_list_says_also_beyond_its_days():
	first = s.day(60)
	days = [add_days(first, n) for n in range(60)]
	rows = [
		{"holiday_date": day, "description": "Weekend", "weekly_off": 1}
		for day in days
		if getdate(day).weekday() in (4, 5)
	]
	listed = {"doctype": "Holiday List", "holiday_list_name": "Elsewhere Days", "from_date": first}
	listed = frappe.get_doc({**listed, "to_date": days[-1], "holidays": rows}).insert()
	frappe.db.set_value("Company", COMPANY, "default_holiday_list", listed.name)
	frappe.clear_document_cache("Company", COMPANY)
	read = facts(FactKind.DUES)
	before = [s.day(200 + n) for n in range(7)]
	assert {day.weekday() for day in before if read.is_day_off(day)} == {4, 5}
	assert not read.is_day_off(next(getdate(day) for day in days if getdate(day).weekday() == 6))
	frappe.db.set_value("Company", COMPANY, "default_holiday_list", None)
	frappe.clear_document_cache("Company", COMPANY)


def order_of(customer: str, amount: float = 18000, **fields) -> Document:
	return f.make_order(customer, amount, s.day(0), company=COMPANY, delivery_date=s.day(-9), **fields)


def limited(name: str, limit: float = 5000, **fields) -> Document:
	customer = f.make_customer(name, **fields)
	if limit:
		row = {"company": COMPANY, "credit_limit": limit, "bypass_credit_limit_check": 1}
		customer.append("credit_limits", row)
		customer.save()
	return customer


def moved_for(customer: str) -> list[tuple]:
	read = facts(FactKind.TERMS).terms
	return [(one.kind.name, one.old, one.new) for one in read if one.customer == customer]


def test_limits_changed_past_the_form():
	by_row, by_db, by_import = (limited(f"Elsewhere {way}") for way in ("Row", "Db", "Import"))
	since = now_datetime()
	row = frappe.get_doc("Customer Credit Limit", by_row.credit_limits[0].name)
	row.credit_limit = 25000
	row.save()
	frappe.get_doc("Customer Credit Limit", by_db.credit_limits[0].name).db_set("credit_limit", 25000.5)
	_imported(by_import)
	changed = changed_since(COMPANY, since - timedelta(seconds=1)).customers[FactKind.TERMS]
	for customer in (by_row, by_db, by_import):
		kind, old, new = moved_for(customer.name)[-1]
		assert (kind, old, int(new)) == ("LIMIT", 5000, 25000) and customer.name in changed
		order = order_of(customer.name)
		assert order.name in names("terms_before_order")
	frappe.get_doc("Customer Credit Limit", by_row.credit_limits[0].name).delete()
	assert moved_for(by_row.name)[-1] == ("LIMIT", 25000, None)
	for customer in (by_db, by_import):
		before = moved_for(customer.name)
		customer.reload()
		customer.customer_details = "Nothing of its terms"
		customer.save()
		assert moved_for(customer.name) == before


def _imported(customer: Document) -> None:
	columns = "name,credit_limits.name,credit_limits.company,credit_limits.credit_limit"
	row = customer.credit_limits[0].name
	text = f"{columns}\n{customer.name},{row},{COMPANY},25000\n"
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "elsewhere.csv", "content": text, "is_private": 1}
	).insert()
	job = frappe.get_doc(
		{
			"doctype": "Data Import", "reference_doctype": "Customer", "import_type": "Update Existing Records",
			"import_file": file.file_url,
		}
	).insert()  # fmt: skip
	Importer("Customer", data_import=job).import_data()
	customer.reload()
	assert customer.credit_limits[0].credit_limit == 25000


def test_limits_and_terms_of_groups_company_and_templates():
	short, long = (f.make_terms_template(f"Elsewhere {days}", ((days, 100),)) for days in (14, 75))
	parent = f.first("Customer Group", {"is_group": 1})
	group = {"doctype": "Customer Group", "parent_customer_group": parent, "payment_terms": short.name}
	limits = [{"company": COMPANY, "credit_limit": 4000}]
	group = frappe.get_doc(
		{**group, "customer_group_name": "Elsewhere Branches", "credit_limits": limits}
	).insert()
	in_group = limited("Elsewhere Branch", 0, customer_group=group.name)
	own = limited("Elsewhere Own", 9000, customer_group=group.name)
	alone = limited("Elsewhere Alone", 0)
	frappe.get_doc("Company", COMPANY).db_set("credit_limit", 3000)
	frappe.clear_document_cache("Company", COMPANY)
	group.credit_limits[0].credit_limit = 40000
	group.payment_terms = long.name
	group.save()
	frappe.get_doc("Company", COMPANY).db_set("credit_limit", 60000)
	orders = {customer.name: order_of(customer.name) for customer in (in_group, own, alone)}
	assert set(moved_for(in_group.name)) == {("LIMIT", 4000, 40000), ("DAYS", 14, 75)}
	assert ("DAYS", 14, 75) in moved_for(own.name) and ("LIMIT", 4000, 40000) not in moved_for(own.name)
	assert ("LIMIT", 3000, 60000) in moved_for(alone.name)
	assert {order.name for order in orders.values()} <= names("terms_before_order")
	long.reload()
	long.terms[0].credit_days = 100
	long.save()
	assert ("DAYS", 75, 100) in moved_for(in_group.name) and ("DAYS", 75, 100) not in moved_for(alone.name)
	since = now_datetime() - timedelta(seconds=1)
	group.reload()
	group.credit_limits[0].credit_limit = 4000
	group.save()
	assert in_group.name in changed_since(COMPANY, since).customers[FactKind.TERMS]
	for order in orders.values():
		order.reload()
		order.cancel()
	assert not {order.name for order in orders.values()} & names("terms_before_order")


def test_orders_taken_off_hold_and_a_customer_unfrozen_by_one_person():
	orders = [f.make_order(TWO, 50 + n, s.day(0), company=COMPANY) for n in range(4)]
	f.make_user(s.HEAD, ("Sales Manager", "Accounts Manager", "Credit Manager", "Sales Master Manager"))
	frappe.set_user(s.HEAD)
	for order in orders:
		update_status("On Hold", order.name)
		assert not found("released_again")
		update_status("Draft", order.name)
	frappe.set_user("Administrator")
	(again,) = found("released_again")
	assert (again.person, {doc.name for doc in again.documents}) == (s.HEAD, {order.name for order in orders})
	customer = frappe.get_doc("Customer", TWO)
	for frozen in (1, 0):
		customer.is_frozen = frozen
		customer.save()
	assert [
		one.document.name for one in facts(FactKind.RELEASES).releases if one.document.doctype == "Customer"
	] == [TWO]
	frappe.db.delete("Version", {"ref_doctype": "Sales Order"})
	assert not found("released_again")


def test_a_submitted_invoice_changed_without_a_version():
	late, saved = invoice(ONE, 88, 100), invoice(ONE, 89, 100)
	frappe.get_doc("Sales Invoice", late.name).db_set("due_date", s.day(10))
	doc = frappe.get_doc("Sales Invoice", saved.name)
	doc.items[0].cost_center = None
	doc.db_set("remarks", "Nothing that figures rest on")
	assert late.name in names("edited_late") and saved.name not in names("edited_late")


def test_what_an_import_carried_over_was_not_entered_late():
	carried, other = (f.make_invoice(TWO, amount, s.day(120), company=COMPANY) for amount in (501, 502))
	job = {
		"doctype": "Data Import",
		"reference_doctype": "Sales Invoice",
		"import_type": "Insert New Records",
	}
	job = frappe.get_doc(job).insert()
	log = {"doctype": "Data Import Log", "data_import": job.name, "docname": carried.name, "success": 1}
	frappe.get_doc({**log, "log_index": 1}).db_insert()
	first = get_datetime(f"{s.day(20)} 08:00:00")
	table = frappe.qb.DocType("Sales Invoice")
	moved = frappe.qb.update(table).set(table.creation, first).where(table.company == COMPANY)
	moved.where(table.name.notin([carried.name, other.name])).run()
	late = names("backdated")
	assert other.name in late and carried.name not in late
