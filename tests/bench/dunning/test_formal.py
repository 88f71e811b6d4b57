"""Formal steps: ERPNext's own Dunning, its fee and interest, waived with a reason, and resolved by what is open."""

import frappe
import pytest

from client_ledger.dunning import dunning_status
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notice, work
from tests.bench.dunning.smtp import flush, html

NAME = "Formal Ada"
STEP = {"days": 3, "formal": 1, "email_template": "Client Ledger: Notice of Default (en)"}


@pytest.fixture
def kind():
	f.make_company()
	row = {"doctype": "Dunning Type", "dunning_type": "Formal Test", "company": COMPANY, "is_default": 1}
	row |= {"dunning_fee": 15, "rate_of_interest": 8}
	row["income_account"] = frappe.get_cached_value("Company", COMPANY, "default_income_account")
	row["dunning_letter_text"] = [
		{"language": "en", "is_default_language": 1, "body_text": "Pay", "closing_text": "Bye"}
	]
	frappe.db.set_value("Dunning Type", {"company": COMPANY}, "is_default", 0)
	return frappe.get_doc(row).insert()


@pytest.fixture
def invoices(kind):
	make_debtor(NAME, language="en")
	return [f.make_invoice(NAME, amount, ago(60), due_date=ago(30)) for amount in (1000, 500)]


def dunning() -> "frappe.model.document.Document":
	return frappe.get_doc("Dunning", notice(NAME).dunning)


def settle() -> str:
	dunning_status.resolve_waiting()
	return frappe.db.get_value("Dunning", notice(NAME).dunning, "status")


def test_a_submitted_dunning_with_fee_and_interest(invoices, kind, mailbox, assets):
	make_policy(steps=[{**STEP, "dunning_type": kind.name}], customers=[NAME])
	work()
	row, found = notice(NAME), dunning()
	assert (found.docstatus, found.status, found.dunning_type) == (1, "Unresolved", kind.name)
	assert {r.sales_invoice for r in found.overdue_payments} == {i.name for i in invoices}
	assert found.dunning_fee == row.fee == 15
	interest = 1500 * 8 / 100 / 365 * 30
	assert abs(found.total_interest - interest) < 0.02 and abs(row.interest - interest) < 0.01
	flush()
	(message,) = mailbox.to("formal_ada@debtor.example")
	assert "fee of USD 15.00" in html(message)
	assert [part.get_content()[:4] for part in message.iter_attachments()] == [b"%PDF"]


def test_waived_with_a_reason(invoices, kind, mailbox):
	make_policy(steps=[STEP], customers=[NAME], mode="Approve")
	work()
	row = notice(NAME)
	row.waive_charges = 1
	with pytest.raises(frappe.ValidationError):
		row.save()
	row = notice(NAME)
	row.update({"waive_charges": 1, "waive_reason": "First time in ten years", "total": 1})
	row.save()
	assert notice(NAME).total == 1500
	from client_ledger.outbox import decisions

	decisions.approve([row.name])
	work(0, 11)
	assert (dunning().dunning_fee, dunning().total_interest, notice(NAME).fee) == (0, 0, 0)
	comments = frappe.get_all("Comment", {"reference_name": dunning().name}, pluck="content")
	assert any("First time in ten years" in text for text in comments)


def test_resolved_by_whatever_clears_it(invoices, mailbox):
	make_policy(steps=[STEP], customers=[NAME])
	work()
	assert dunning().status == "Unresolved"
	first, second = invoices
	# ERPNext lets the last row decide here: one of two is paid.
	f.make_payment(NAME, 500, ago(0), against=[(second, 500)])
	assert settle() == "Unresolved"
	f.make_credit_note(first.name, 400)
	assert settle() == "Unresolved"
	debtors = f.make_receivable(COMPANY)
	journal = f.make_journal(
		[
			{"account": debtors, "credit": 600, "customer": NAME, "against": first},
			{"account": f.make_expense_account(COMPANY), "debit": 600},
		],
		ago(0),
	)
	assert settle() == "Resolved"
	journal.cancel()
	assert settle() == "Unresolved"


def test_a_host_that_keeps_a_dunning_open_until_its_charges_are_paid(invoices, kind, mailbox, monkeypatch):
	"""ERPNext's next version counts what is unpaid of fee and interest under this name; released ones do not."""
	from frappe.model.base_document import get_controller

	paid = {}
	if not hasattr(get_controller("Dunning"), dunning_status.UNPAID_CHARGES):
		monkeypatch.setattr(
			get_controller("Dunning"),
			dunning_status.UNPAID_CHARGES,
			lambda self: self.dunning_amount - paid.get(self.name, 0),
			raising=False,
		)
	make_policy(steps=[{**STEP, "dunning_type": kind.name}], customers=[NAME])
	work()
	f.make_payment(NAME, 1500, ago(0), against=[(i, i.grand_total) for i in invoices])
	found = dunning()
	# The host settles its own status by the invoices, and so does ours, but the charges are still owed.
	found.db_set("status", "Unresolved")
	assert settle() == "Unresolved" and dunning_status.correct_all() == 0
	assert dunning().status == "Unresolved"
	# Waived by hand it stays resolved, until an invoice is owed again.
	found.db_set("status", "Resolved")
	assert dunning_status.correct([found.name]) == 0
	found.db_set("status", "Unresolved")
	paid[found.name] = found.dunning_amount
	assert dunning_status.correct_all() == 1 and dunning().status == "Resolved"


def test_resolved_by_a_reconciliation(invoices, mailbox):
	make_policy(steps=[STEP], customers=[NAME])
	work()
	f.make_payment(NAME, 1500, ago(0))
	assert settle() == "Unresolved"
	tool = frappe.new_doc("Payment Reconciliation")
	tool.update(
		{
			"company": COMPANY,
			"party_type": "Customer",
			"party": NAME,
			"receivable_payable_account": f.make_receivable(COMPANY),
		}
	)
	tool.get_unreconciled_entries()
	tool.allocate_entries(
		frappe._dict(
			{
				"invoices": [row.as_dict() for row in tool.invoices],
				"payments": [row.as_dict() for row in tool.payments],
			}
		)
	)
	tool.reconcile()
	assert settle() == "Resolved"


def test_what_was_missed_is_resolved_at_night(invoices, mailbox):
	make_policy(steps=[STEP], customers=[NAME])
	work()
	for invoice in invoices:
		f.make_payment(NAME, invoice.grand_total, ago(0), against=[(invoice, invoice.grand_total)])
	dunning_status.forget()
	frappe.db.set_value("Dunning", notice(NAME).dunning, "status", "Unresolved")
	assert dunning_status.correct_all() >= 1
	assert dunning().status == "Resolved"


def test_without_a_dunning_type_it_reminds_and_charges_nothing(mailbox):
	make_debtor(NAME, language="en")
	f.make_invoice(NAME, 100, ago(60), due_date=ago(30))
	frappe.db.set_value("Dunning Type", {"company": COMPANY}, "is_default", 0)
	make_policy(steps=[STEP], customers=[NAME])
	work()
	assert (dunning().dunning_fee, dunning().total_outstanding) == (0, 100)


@pytest.mark.parametrize("by", ["payment", "credit note"])
def test_a_term_is_resolved_by_what_names_no_term(kind, mailbox, by):
	make_debtor(NAME, language="en")
	invoice = f.make_invoice(NAME, 1000, ago(60), terms=[(30, 40), (90, 60)])
	make_policy(steps=[{**STEP, "dunning_type": kind.name}], customers=[NAME])
	work()
	assert [row.outstanding for row in dunning().overdue_payments] == [400]
	assert settle() == "Unresolved"
	if by == "payment":
		f.make_payment(NAME, 100, against=[(invoice, 100)])
		assert settle() == "Unresolved"
		f.make_payment(NAME, 300, against=[(invoice, 300)])
	else:
		f.make_credit_note(invoice.name, 400)
	assert settle() == "Resolved"
