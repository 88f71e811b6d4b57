"""Cases and write-offs: prepared by a checklist, proven by a pack, lost only by two people."""

import io
import zipfile

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import flt, nowdate

from client_ledger.collections import api, cases, drafts, evidence, worklist, write_offs
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import COMPANY, ago, claims, of, overdue, refreshed, row

MAKER, CHECKER = "collections.maker@example.com", "collections.checker@example.com"


def case_of(name, *invoices, **fields):
	return frappe.get_doc(
		{
			"doctype": "Escalation Case",
			"customer": name,
			"company": COMPANY,
			"items": [row(invoice) for invoice in invoices],
			**fields,
		}
	).insert()


def request_of(name, *rows, **fields):
	return frappe.get_doc(
		{
			"doctype": "Write Off Request",
			"customer": name,
			"company": COMPANY,
			"reason": "Insolvent",
			"write_off_account": f.make_expense_account(COMPANY),
			"items": list(rows),
			**fields,
		}
	).insert()


def agency() -> str:
	group = frappe.db.get_value("Supplier Group", {"is_group": 0})
	if not frappe.db.exists("Supplier", "Test Agency"):
		doc = {"doctype": "Supplier", "supplier_name": "Test Agency", "supplier_group": group}
		frappe.get_doc(doc).insert()
	return "Test Agency"


def test_a_case_is_handed_over_only_when_it_is_complete():
	(one,) = overdue("Case One", 800, days=90)
	case = case_of("Case One", one)
	assert (case.status, case.amount, case.currency) == ("Preparing", 800, one.currency)
	assert len(case.checklist) == len(cases.CHECKLIST)
	with refused(match="already exists for this customer"):
		case_of("Case One", one)
	with refused(match="checklist items are not complete"):
		cases.hand_over(case.name)
	for line in case.checklist:
		line.done = 1
	case.append("fees", {"date": nowdate(), "description": "Letter", "amount": 25})
	case.save()
	assert case.total_fees == 25 and {line.done_by for line in case.checklist} == {"Administrator"}
	with refused(match="Lawyer or Collection Agency"):
		cases.hand_over(case.name)
	case.agency = agency()
	case.save()
	with refused(match="evidence pack first"):
		cases.hand_over(case.name)
	frappe.db.set_value("Escalation Case", case.name, "evidence", "/private/files/x.zip")
	cases.hand_over(case.name)
	case.reload()
	assert case.status == "Referred" and of("Case One").stage == "Legal"
	assert [(claim.voucher.name, claim.reason.value) for claim in claims("Case One")] == [
		(one.name, "Dunning Blocked")
	]


def test_what_is_handed_over_is_called_for_no_more():
	one, other = overdue("Case Three", 800, 200, days=90)
	assert worklist.of_customer("Case Three", COMPANY)["to_chase"] == 1000
	case = case_of("Case Three", one)
	frappe.db.set_value("Escalation Case", case.name, "evidence", "/private/files/x.zip")
	case.reload()
	for line in case.checklist:
		line.done = 1
	case.update({"agency": agency()}).save()
	assert worklist.of_customer("Case Three", COMPANY)["to_chase"] == 1000, "it is only being prepared"
	cases.hand_over(case.name)
	assert of("Case Three").handed_over == 800
	assert worklist.of_customer("Case Three", COMPANY)["to_chase"] == 200
	f.pay(other, nowdate(), 200)
	refreshed("Case Three")
	assert worklist.of_customer("Case Three", COMPANY)["off"] == "Referred to Lawyer or Collection Agency"
	cases.close(case.name, "Cancelled")
	assert worklist.of_customer("Case Three", COMPANY)["to_chase"] == 800
	frappe.delete_doc("Escalation Case", case.name)
	assert of("Case Three").handed_over == 0


def test_what_is_paid_is_recovered_by_the_ledger():
	(one,) = overdue("Case Two", 800, days=90)
	case = case_of("Case Two", one)
	f.pay(one, nowdate(), 300)
	cases.follow_recoveries()
	assert frappe.db.get_value("Escalation Case", case.name, ["status", "recovered"]) == ("Preparing", 300)
	f.pay(one, nowdate(), 500)
	cases.follow_recoveries()
	assert frappe.db.get_value("Escalation Case", case.name, ["status", "recovered"]) == ("Recovered", 800)


def test_the_pack_has_everything_one_may_see(assets):
	(one,) = overdue("Case Three", 800, days=90)
	case = case_of("Case Three", one)
	content, names = evidence.pack(case)
	assert f"Invoices/{one.name}.pdf" in names
	assert {
		"Contact Log.csv",
		"Promises.csv",
		"Disputes.csv",
		"Table of Contents.txt",
		"Statement.pdf",
	} <= set(names)
	with zipfile.ZipFile(io.BytesIO(content)) as archive:
		assert archive.testzip() is None
		assert one.name in archive.read("Table of Contents.txt").decode()
		assert archive.read("Statement.pdf").startswith(b"%PDF")
	url = evidence.make_pack(case.name)
	assert frappe.db.get_value("File", {"file_url": url}, ["is_private", "attached_to_name"]) == (
		1,
		case.name,
	)
	seller = f.make_user("collections.pack@example.com", ("Credit Controller", "Sales User")).name
	frappe.set_user(seller)
	frappe.db.delete("DocPerm", {"parent": "Sales Invoice", "role": "Sales User"})
	_content, fewer = evidence.pack(frappe.get_doc("Escalation Case", case.name))
	assert [name for name in names if name not in fewer] in ([], [f"Invoices/{one.name}.pdf"])
	frappe.set_user("Administrator")


def test_a_loss_takes_two_people_and_is_posted_once():
	frappe.cache.delete_key("workflow")
	for user in (MAKER, CHECKER):
		f.make_user(user, ("Credit Manager", "Accounts Manager", "Sales Manager"))
	(one,) = overdue("Loss One", 500, days=90)
	frappe.set_user(MAKER)
	doc = request_of("Loss One", row(one, 200))
	assert (doc.amount, doc.base_amount, doc.requested_by) == (200, 200, MAKER)
	doc = apply_workflow(doc, "Request Approval")
	with refused(frappe.ValidationError):
		apply_workflow(doc, "Approve")
	frappe.set_user(CHECKER)
	doc = apply_workflow(frappe.get_doc("Write Off Request", doc.name), "Approve")
	frappe.set_user("Administrator")
	doc.reload()
	journal = frappe.get_doc("Journal Entry", doc.journal_entry)
	assert (journal.docstatus, journal.voucher_type, journal.total_debit) == (1, "Write Off Entry", 200)
	assert flt(frappe.db.get_value("Sales Invoice", one.name, "outstanding_amount")) == 300
	refreshed("Loss One")
	account = of("Loss One")
	assert account.overdue == 300 and account.ties_to_gl
	with refused(match="already been posted"):
		write_offs.post(doc)
	doc.cancel()
	assert flt(frappe.db.get_value("Sales Invoice", one.name, "outstanding_amount")) == 500


def test_a_loss_is_refused_where_nothing_of_it_is_open():
	(one,) = overdue("Loss Two", 500, days=90)
	with refused(match="Row 1.*exceeds the outstanding"):
		request_of("Loss Two", row(one, 501))
	with refused(match="future"):
		request_of("Loss Two", row(one), posting_date="2199-01-01")


def move(invoice, amount: float, to: str):
	"""Journal a part of an invoice to another receivable account, as doubtful debts are."""
	return f.make_journal(
		[
			{"account": invoice.debit_to, "credit": amount, "customer": invoice.customer, "against": invoice},
			{"account": to, "debit": amount, "customer": invoice.customer},
		],
		ago(30),
		COMPANY,
	)


@pytest.mark.parametrize("moved", [500, 200])
def test_a_loss_of_what_a_journal_moved_clears_it_where_it_is(moved):
	name = f"Loss Moved {moved}"
	f.make_customer(name)
	(one,) = overdue(name, 500, days=90)
	doubtful = f.make_receivable(COMPANY, None, "Doubtful Debtors")
	journal = move(one, moved, doubtful)
	refreshed(name)
	doc = request_of(name, row(one, 400))
	write_offs.posted(doc)
	refreshed(name)
	account = of(name)
	assert (account.balance, account.overdue) == (100, 100) and account.ties_to_gl
	second = request_of(name, row(one))
	write_offs.posted(second)
	refreshed(name)
	assert (of(name).balance, of(name).open_items) == (0, 0)
	lines = frappe.get_all(
		"Journal Entry Account",
		{"parent": ("in", (doc.journal_entry, second.journal_entry)), "party": name},
		["account", "reference_name", "credit"],
	)
	by_voucher = {}
	for line in lines:
		key = (line.account, line.reference_name)
		by_voucher[key] = by_voucher.get(key, 0) + line.credit
	expected = {(one.debit_to, one.name): 500 - moved, (doubtful, journal.name): moved}
	assert by_voucher == {key: amount for key, amount in expected.items() if amount}
	for voucher in (one.name, journal.name):
		left = frappe.get_all(
			"Payment Ledger Entry", {"against_voucher_no": voucher, "delinked": 0}, pluck="amount"
		)
		assert not flt(sum(left), 2)


def test_a_loss_of_what_was_moved_twice_or_discounted():
	name = "Loss Discounted"
	f.make_customer(name)
	one, two = overdue(name, 500, 300, days=90)
	doubtful, legal = (
		f.make_receivable(COMPANY, None, kind) for kind in ("Doubtful Debtors", "Legal Debtors")
	)
	journal = move(one, 500, doubtful)
	f.make_journal(
		[
			{"account": doubtful, "credit": 500, "customer": name, "against": journal},
			{"account": legal, "debit": 500, "customer": name},
		],
		ago(20),
		COMPANY,
	)
	f.discount(two, ago(60))
	refreshed(name)
	doc = request_of(name, row(one, 450), row(two))
	write_offs.posted(doc)
	refreshed(name)
	account = of(name)
	assert (account.balance, account.overdue, account.open_items) == (50, 50, 1) and account.ties_to_gl


def test_a_loss_of_one_of_several_that_one_journal_moved():
	"""ERPNext keeps one amount for both: money for it settles the first that was due."""
	name = "Loss Together"
	f.make_customer(name)
	(early,) = overdue(name, 500, days=90)
	(late,) = overdue(name, 300, days=60)
	doubtful = f.make_receivable(COMPANY, None, "Doubtful Debtors")
	f.make_journal(
		[
			{"account": early.debit_to, "credit": 500, "customer": name, "against": early},
			{"account": late.debit_to, "credit": 300, "customer": name, "against": late},
			{"account": doubtful, "debit": 800, "customer": name},
		],
		ago(30),
		COMPANY,
	)
	refreshed(name)
	with refused(match="moved it to another account together with other"):
		write_offs.posted(request_of(name, row(late)))
	doc = request_of(name, row(early, 500), row(late, 100))
	write_offs.posted(doc)
	refreshed(name)
	assert (of(name).balance, of(name).open_items) == (200, 1)


def test_a_loss_in_another_currency_clears_the_item_to_the_cent():
	name = "Loss Abroad"
	f.make_company()
	f.make_customer(name, "EUR", (COMPANY,))
	invoice = f.make_invoice(name, 333.33, ago(120), due_date=ago(90), rate=1.1)
	refreshed(name)
	doc = request_of(name, row(invoice))
	assert (doc.currency, doc.amount, doc.base_amount) == ("EUR", 333.33, 366.66)
	write_offs.posted(doc)
	refreshed(name)
	account = of(name)
	assert (account.balance, account.overdue, account.open_items) == (0, 0, 0) and account.ties_to_gl


def test_a_new_document_begins_with_what_saving_it_would_fill_in():
	one, two = overdue("Draft Two Invoices", 800, 45.5, days=90)
	f.make_invoice("Draft Two Invoices", 999, ago(3), due_date=nowdate())
	frappe.db.set_value("Company", COMPANY, "write_off_account", f.make_expense_account(COMPANY))
	frappe.clear_document_cache("Company", COMPANY)
	found = api.new_document("Write Off Request", "Draft Two Invoices", COMPANY)
	saved = frappe.get_doc(
		{"doctype": "Write Off Request", "reason": "Insolvent", **found["values"], "items": found["items"]}
	).insert()
	assert (found["values"]["amount"], found["values"]["base_amount"]) == (845.5, 845.5)
	for field, value in found["values"].items():
		assert saved.get(field) == value, field
	assert {row["voucher_no"]: row["amount"] for row in found["items"]} == {one.name: 800, two.name: 45.5}
	for before, after in zip(found["items"], saved.items, strict=True):
		assert before == {
			name: str(after.get(name)) if name == "due_date" else after.get(name) for name in before
		}
	case = api.new_document("Escalation Case", "Draft Two Invoices", COMPANY, [row(two)])
	assert (case["values"]["amount"], [line["voucher_no"] for line in case["items"]]) == (45.5, [two.name])
	assert case["others"] == []
	with refused(match="Nothing is overdue"):
		api.new_document("Escalation Case", f.make_customer("Draft Paid").name, COMPANY)
	frappe.set_user(f.make_user("drafts.seller@example.com", ("Sales User",)).name)
	with refused(frappe.PermissionError):
		api.new_document("Write Off Request", "Draft Two Invoices", COMPANY)


def test_a_new_document_is_in_the_currency_of_the_customers_account():
	overdue("Draft Dollars", 100, days=90)
	euros = f.make_customer("Draft Euros", currency="EUR", companies=[COMPANY]).name
	f.make_invoice(euros, 700, ago(120), due_date=ago(90))
	found = drafts.draft("Write Off Request", euros, COMPANY)
	(line,) = found["items"]
	assert (found["values"]["currency"], found["values"]["amount"], line["currency"]) == ("EUR", 700, "EUR")
	assert found["values"]["base_amount"] == line["base_amount"] != 700
