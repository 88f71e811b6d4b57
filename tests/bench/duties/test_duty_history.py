"""Who did both, from the documents' own history, and what the report says of it to whom."""

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, nowdate

from client_ledger.client_ledger.report.duty_conflicts.duty_conflicts import COULD, DID, execute
from client_ledger.duties.history import both_done
from client_ledger.duties.scan import conflicts
from tests.bench import factories as f

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]

BOTH, BILLER, CASHIER = "both@example.com", "biller@example.com", "cashier@example.com"
CLERK, BOSS, READER = "clerk@example.com", "boss@example.com", "reader@example.com"
POSTER, AMENDER = "poster@example.com", "amender@example.com"
FIRST, SECOND = "History Customer One", "History Customer Two"
THIRD, FOURTH, FIFTH, SIXTH, SEVENTH = (f"History Customer {number}" for number in range(3, 8))
RECEIPTS = "Invoices and Receipts"


@pytest.fixture(scope="module", autouse=True)
def history():
	f.make_company()
	for user in (BOTH, BILLER, CASHIER, POSTER):
		f.make_user(user, ["Accounts User", "Sales User"])
	f.make_user(AMENDER, ["Accounts Manager", "Accounts User", "Sales User"])
	f.make_user(CLERK, ["Credit Controller", "Sales User"])
	f.make_user(BOSS, ["Credit Manager", "Sales User", "Accounts User"])
	f.make_user(READER, ["Accounts Manager", "Sales User"])
	for customer in (FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH):
		f.make_customer(customer)
	made = frappe._dict()
	made.invoice = by(BOTH, lambda: f.make_invoice(FIRST, 100))
	made.payment = by(BOTH, lambda: f.make_payment(FIRST, 100, against=[(made.invoice, 100)]))
	# Two people at one customer; and one person at two.
	by(BILLER, lambda: f.make_invoice(SECOND, 50))
	by(CASHIER, lambda: f.make_payment(SECOND, 50))
	by(BILLER, lambda: f.make_payment(FIRST, 20))
	return made


def by(user, make):
	frappe.set_user(user)
	try:
		return make()
	finally:
		frappe.set_user("Administrator")


def found(rule=RECEIPTS, since=-1):
	rows = both_done(getdate(add_days(nowdate(), since)), getdate())
	return {(one.user, one.subject, one.same_document) for one in rows if one.rule == rule}


def test_an_invoice_and_its_receipt_by_one_person(history):
	rows = found()
	assert (BOTH, ("Sales Invoice", history.invoice.name), True) in rows
	assert not {user for user, _subject, _same in rows} & {BILLER, CASHIER}


def test_who_submits_counts_and_not_who_made_it():
	invoice = by(BILLER, lambda: f.make_invoice(SECOND, 70, submit=False))

	def submit():
		doc = frappe.get_doc("Sales Invoice", invoice.name)
		doc.docstatus = 1
		# In tests Frappe keeps no versions unless it is asked to.
		doc.save(ignore_version=False)

	by(CASHIER, submit)
	assert (CASHIER, ("Customer", SECOND), False) in found()


def test_an_invoice_is_no_credit_note_and_a_refund_no_receipt(history):
	assert not found("Receipts and Credit Notes")
	note = by(BOTH, lambda: f.make_credit_note(history.invoice.name, 10))
	assert {user for user, _subject, _same in found("Receipts and Credit Notes")} == {BOTH}
	note.cancel()


def test_a_limit_requested_and_approved_at_one_customer():
	def request(user, customer):
		return by(
			user,
			lambda: frappe.get_doc(
				{
					"doctype": "Credit Limit",
					"customer": customer,
					"company": f.COMPANY,
					"limit_type": "Permanent",
					"amount": 500,
					"reason": "test",
				}
			).insert(),
		)

	def approve(limit):
		def steps():
			doc = apply_workflow(frappe.get_doc("Credit Limit", limit.name), "Approve")
			assert doc.docstatus == 1

		limit.db_set("workflow_state", "Pending Approval")
		by(BOSS, steps)

	rule = "Credit Limits: Requested and Approved"
	approve(request(CLERK, FIRST))
	assert not found(rule)
	# The boss requests one of the same customer: refused on one document, done on one customer.
	request(BOSS, FIRST)
	assert found(rule) == {(BOSS, ("Customer", FIRST), False)}


def test_an_action_of_a_workflow_is_read_from_versions_and_comments():
	duty = frappe.get_doc("Duty", "Approve Credit Limits")
	duty.set("rights", [])
	duty.append(
		"rights", {"document_type": "Credit Limit", "permission": "Submit", "workflow_action": "Approve"}
	)
	duty.save()
	rule = "Credit Limits: Requested and Approved"
	assert found(rule) == {(BOSS, ("Customer", FIRST), False)}
	frappe.db.delete("Version", {"ref_doctype": "Credit Limit"})
	assert found(rule) == {(BOSS, ("Customer", FIRST), False)}


def test_who_posts_counts_where_no_version_tells():
	invoice = by(BILLER, lambda: f.make_invoice(THIRD, 70, submit=False))
	by(POSTER, lambda: frappe.get_doc("Sales Invoice", invoice.name).submit())
	by(BILLER, lambda: f.make_payment(THIRD, 70))
	assert (BILLER, ("Customer", THIRD), False) not in found()
	by(POSTER, lambda: f.make_payment(THIRD, 5))
	assert (POSTER, ("Customer", THIRD), False) in found()


def test_a_receipt_of_one_that_another_sets_against_the_own_invoice():
	invoice = by(POSTER, lambda: f.make_invoice(FOURTH, 90))
	payment = by(CASHIER, lambda: f.make_payment(FOURTH, 90))
	assert not {user for user, subject, _same in found() if subject == ("Customer", FOURTH)}

	def reconcile():
		tool = frappe.get_doc({"doctype": "Payment Reconciliation", "company": f.COMPANY})
		tool.update({"party_type": "Customer", "party": FOURTH})
		tool.receivable_payable_account = invoice.debit_to
		tool.get_unreconciled_entries()
		tool.allocate_entries(
			frappe._dict(
				invoices=[row.as_dict() for row in tool.invoices],
				payments=[row.as_dict() for row in tool.payments],
			)
		)
		tool.reconcile()

	by(POSTER, reconcile)
	assert frappe.db.get_value("Sales Invoice", invoice.name, "outstanding_amount") == 0
	mine = {(user, subject) for user, subject, same in found() if same}
	assert (POSTER, ("Sales Invoice", invoice.name)) in mine
	assert (CASHIER, ("Sales Invoice", invoice.name)) not in mine, payment.name


def journal(user, customer, debited, amount=20):
	receivable = frappe.get_cached_value("Company", f.COMPANY, "default_receivable_account")
	rows = [
		{"account": debited, "debit": amount},
		{"account": receivable, "credit": amount, "customer": customer},
	]
	return by(user, lambda: f.make_journal(rows))


def test_journals_count_by_what_they_move_whatever_type_they_have():
	bank = frappe.get_cached_value("Company", f.COMPANY, "default_bank_account")
	by(BILLER, lambda: f.make_invoice(FIFTH, 90))
	entry = journal(BILLER, FIFTH, bank)
	assert entry.voucher_type == "Journal Entry"
	assert (BILLER, ("Customer", FIFTH), False) in found()
	assert not [user for user, subject, _same in found("Receipts and Write-offs") if subject[1] == FIFTH]
	journal(BILLER, FIFTH, f.make_expense_account(f.COMPANY))
	assert (BILLER, ("Customer", FIFTH), False) in found("Receipts and Write-offs")


def test_what_was_cancelled_and_made_anew_is_one_matter():
	invoice = by(POSTER, lambda: f.make_invoice(SIXTH, 90))
	anew = by(AMENDER, lambda: f.amend(invoice))
	by(POSTER, lambda: f.make_payment(SIXTH, 90, against=[(anew, 90)]))
	assert (POSTER, ("Sales Invoice", invoice.name), True) in found()
	assert AMENDER not in {user for user, _subject, _same in found()}
	by(AMENDER, lambda: f.make_payment(SIXTH, 1))
	assert (AMENDER, ("Customer", SIXTH), False) in found()


def test_bank_details_of_who_is_paid():
	rule = "Bank Details and Payments"
	bank = frappe.get_doc({"doctype": "Bank", "bank_name": "History Bank"}).insert()
	account = {"doctype": "Bank Account", "account_name": "History", "bank": bank.name}
	account |= {"party_type": "Customer", "party": SIXTH}
	account = by(POSTER, lambda: frappe.get_doc(account).insert(ignore_permissions=True))
	by(POSTER, lambda: f.make_payment(SIXTH, -20, party_bank_account=account.name))
	assert (POSTER, ("Bank Account", account.name), True) in found(rule)


def test_two_accounts_of_one_person_did_both():
	second = "biller+two@example.com"
	f.make_user(second, ["Accounts User", "Sales User"])
	by(BILLER, lambda: f.make_invoice(SEVENTH, 90))
	by(second, lambda: f.make_payment(SEVENTH, 90))
	first = min(BILLER, second)
	assert (first, ("Customer", SEVENTH), False) in found()
	rows, _message, _summary = report(READER, DID, user=second, duty_rule=RECEIPTS)
	assert SEVENTH in {row["subject"] for row in rows}


def test_who_is_renamed_or_gone_has_done_it_all_the_same():
	f.make_user("leaver@example.com", ["Accounts User", "Sales User"])
	invoice = by("leaver@example.com", lambda: f.make_invoice(SEVENTH, 30))
	by("leaver@example.com", lambda: f.make_payment(SEVENTH, 30, against=[(invoice, 30)]))
	frappe.rename_doc("User", "leaver@example.com", "left@example.com")
	assert ("left@example.com", ("Sales Invoice", invoice.name), True) in found()
	frappe.delete_doc("User", "left@example.com", force=True)
	assert ("left@example.com", ("Sales Invoice", invoice.name), True) in found()
	rows, _message, _summary = report(READER, DID, user="left@example.com")
	assert [row["subject"] for row in rows] == [invoice.name]


def test_nothing_before_the_period():
	rows = both_done(getdate(add_days(nowdate(), -30)), getdate(add_days(nowdate(), -2)))
	assert not {one.user for one in rows} & {BOTH, BOSS}


def report(reader, view, **filters):
	def run():
		_columns, rows, message, _chart, summary = execute(frappe._dict(view=view, **filters))
		return rows, message, summary

	return by(reader, run)


def test_the_report_says_who_could_and_through_what():
	rows, _message, summary = report(READER, COULD, duty_rule=RECEIPTS, user=BOTH)
	(row,) = rows
	assert (row["first_through"], row["second_through"]) == ("Accounts User", "Accounts User")
	assert summary[-1]["value"] == 1
	everything, _message, _summary = report(READER, COULD)
	assert {(row["user"], row["duty_rule"]) for row in everything} == {
		(one.user, one.rule) for one in conflicts()
	}


def test_the_report_says_who_did(history):
	rows, message, _summary = report(READER, DID, user=BOTH, duty_rule=RECEIPTS)
	assert message is None or "more are about" in message
	(row,) = rows
	assert row["subject"] == history.invoice.name and row["same_document"]
	assert (row["first_name"], row["second_name"]) == (history.invoice.name, history.payment.name)


def test_the_report_says_as_whom_an_administrator_acted():
	log = {"doctype": "Activity Log", "user": BOTH, "operation": "Impersonate", "subject": "as them"}
	frappe.get_doc({**log, "status": "Success"}).insert()
	_rows, message, _summary = report(READER, DID, user=BOTH)
	assert f"acted as them in this period: {BOTH}" in message
	_rows, message, _summary = report(READER, DID, user=POSTER)
	assert "acted as them" not in str(message)


def test_what_the_reader_may_not_see_is_counted_only():
	f.make_user("narrow@example.com", ["Accounts Manager", "Sales User"], [("Customer", SECOND)])
	rows, message, _summary = report("narrow@example.com", DID)
	assert FIRST not in str(rows)
	assert "you may not see" in str(message)
	f.make_user("auditor-alone@example.com", ["Auditor"])
	rows, message, _summary = report("auditor-alone@example.com", DID)
	assert not rows and "you may not see" in str(message)


def test_a_wrong_filter_is_said():
	with pytest.raises(frappe.ValidationError, match="cannot be before"):
		report(READER, DID, from_date=nowdate(), to_date=add_days(nowdate(), -5))
	with pytest.raises(frappe.ValidationError, match="is not one of"):
		report(READER, "Nobody")
