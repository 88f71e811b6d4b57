"""Ten procedures that come with the app, not in force until somebody answers for them. Made once: what is changed or deleted stays so."""

import frappe

from client_ledger.core.marked import marked
from client_ledger.core.procedures.deadlines import StepMeasure
from client_ledger.site.doctypes import (
	BACKUP_CHECK,
	BALANCE_CONFIRMATION,
	CHECK_LIST,
	CONFIRMATION_ROUND,
	CREDIT_HOLD,
	CREDIT_LIMIT,
	ESCALATION_CASE,
	FOLLOW_UP,
	LEDGER_DISPUTE,
	LEDGER_NOTICE,
	PROCEDURE,
	RECEIPT_PROPOSAL,
	STATEMENT_RUN,
	WRITE_OFF_REQUEST,
)
from client_ledger.site.language import in_site_language

# What to do, role, deadline, its unit.
Step = tuple[str, str, int, str]
SALES, BOOKS, HEAD = "Sales User", "Accounts User", "Accounts Manager"
CONTROL, CREDIT_HEAD, SYSTEM = "Credit Controller", "Credit Manager", "System Manager"

# title -> purpose, DocTypes on whose forms it is shown, steps
PROCEDURES: dict[str, tuple[str, tuple[str, ...], tuple[Step, ...]]] = {
	marked("Invoicing"): (
		marked("Every delivery is billed once, correctly and in time, so that terms begin to run."),
		("Sales Invoice", "Delivery Note"),
		(
			(marked("Make the invoice from the delivery note, not by hand, within 24 hours of delivery."), BOOKS, 24, "Hours"),
			(marked("Compare customer, quantity, price, tax and payment terms with order and delivery."), BOOKS, 0, "Days"),
			(marked("Submit the invoice and send it with what the customer asks for: order number, proof of delivery."), BOOKS, 24, "Hours"),
			(marked("Look at deliveries that are not billed, and explain or bill each of them."), HEAD, 7, "Days"),
		),
	),
	marked("Receipts"): (
		marked("Money is recorded on the day it arrives and set against the invoices the customer meant."),
		("Payment Entry", RECEIPT_PROPOSAL),
		(
			(marked("Record every receipt from the bank statement on the day it appears there."), BOOKS, 1, "Working Days"),
			(marked("Allocate it by the customer's advice; where there is none, ask, and do not guess."), BOOKS, 3, "Working Days"),
			(marked("Never set a receipt of one customer against invoices of another."), BOOKS, 0, "Days"),
			(marked("Look at receipts that are not allocated, with somebody who does not record receipts."), HEAD, 7, "Days"),
		),
	),
	marked("Weekly Ledger Update"): (
		marked("Once a week the ledger is complete, so that nobody is chased for what is paid or disputed."),
		("Client Account",),
		(
			(marked("Record all invoices, receipts and credit notes up to Friday."), BOOKS, 7, "Days"),
			(marked("Go through the ageing with sales: what is late, why, and who does what by when."), CONTROL, 7, "Days"),
			(marked("Record promises, disputes and follow-ups on each customer that was discussed."), CONTROL, 1, "Working Days"),
		),
	),
	marked("Month End"): (
		marked("The ledger agrees with the accounts, and the month's figures do not move afterwards."),
		(CHECK_LIST, "Period Closing Voucher", "Accounting Period"),
		(
			(marked("Bill everything delivered in the month; record receipts up to its last day."), BOOKS, 3, "Working Days"),
			(marked("Compare the ledger with the receivable accounts, and explain every difference."), HEAD, 4, "Working Days"),
			(marked("Close the month for changes, and send statements to the customers."), HEAD, 5, "Working Days"),
			(marked("Look at credit notes and write-offs of the first days of the new month."), HEAD, 10, "Working Days"),
		),
	),
	marked("Credit Limit Change"): (
		marked("A limit rises only after somebody other than who asks for it has looked at the customer."),
		(CREDIT_LIMIT, CREDIT_HOLD),
		(
			(marked("Request the limit with the reason and what the customer owes, has ordered and has promised."), SALES, 0, "Days"),
			(marked("Look at grade, payment behaviour, references and open disputes; write down what you found."), CONTROL, 2, "Working Days"),
			(marked("Approve or reject. Who requested it never approves it."), CREDIT_HEAD, 3, "Working Days"),
			(marked("Decide on held documents within a day: release with a reason, or reject. Who entered one never releases it."), CONTROL, 1, "Working Days"),
		),
	),
	marked("Dunning Procedure"): (
		marked("Everybody who is late hears from us on the same day of being late, and nobody else does."),
		(LEDGER_NOTICE, FOLLOW_UP),
		(
			(marked("Look at the notices planned for today, and at what could not be sent and why."), CONTROL, 1, "Working Days"),
			(marked("Call customers on the worklist; record what was said, promised or disputed."), CONTROL, 1, "Working Days"),
			(marked("Approve the final notice, and hand the case over only with its evidence complete."), CREDIT_HEAD, 5, "Working Days"),
		),
	),
	marked("Dispute Procedure"): (
		marked("What a customer disputes is answered, not chased; what is not disputed is paid."),
		(LEDGER_DISPUTE,),
		(
			(marked("Record the dispute on the day it is raised: invoice, amount, reason, who answers."), SALES, 1, "Working Days"),
			(marked("Answer it with the documents, or have the credit note made."), SALES, 7, "Working Days"),
			(marked("Ask for the undisputed part at once."), CONTROL, 2, "Working Days"),
			(marked("Look at disputes past their day, and at reasons that come again and again."), HEAD, 30, "Days"),
		),
	),
	marked("Write-off Procedure"): (
		marked("A debt is given up by two people, with a reason and the evidence that it cannot be collected."),
		(WRITE_OFF_REQUEST, ESCALATION_CASE),
		(
			(marked("Request the write-off with all that was tried and why it failed."), CONTROL, 0, "Days"),
			(marked("Check the evidence and the tax; approve or reject. Who requested it never approves it."), CREDIT_HEAD, 5, "Working Days"),
			(marked("Keep the customer on hold until it is decided whether to sell to it again."), CREDIT_HEAD, 0, "Days"),
		),
	),
	marked("Reconciliation with Customers"): (
		marked("Our ledger and the customer's say the same, and what differs has a name and somebody who clears it."),
		("Customer", CONFIRMATION_ROUND, BALANCE_CONFIRMATION),
		(
			(marked("Send statements every month, and ask the largest customers to confirm their balance."), BOOKS, 5, "Working Days"),
			(marked("Compare the customer's own ledger with ours, and give each difference a reason."), BOOKS, 10, "Working Days"),
			(marked("Clear differences older than a month, or decide in writing why they stay."), HEAD, 30, "Days"),
		),
	),
	marked("Backup Procedure"): (
		marked("The books can be brought back, and that has been tried."),
		(BACKUP_CHECK,),
		(
			(marked("Look at the nightly check of the backups; mend what it finds on the same day."), SYSTEM, 1, "Working Days"),
			(marked("Keep a copy away from the machine, encrypted, and know who has the key."), SYSTEM, 7, "Days"),
			(marked("Restore a backup for a trial and compare its balances with the site's."), SYSTEM, 90, "Days"),
		),
	),
}  # fmt: skip

# What shows whether steps are done in time.
MEASURED = {
	"Make the invoice from the delivery note, not by hand, within 24 hours of delivery.": StepMeasure.DELIVERIES,
	"Record every receipt from the bank statement on the day it appears there.": StepMeasure.BANK_LINES,
	"Allocate it by the customer's advice; where there is none, ask, and do not guess.": StepMeasure.RECEIPTS,
	"Record all invoices, receipts and credit notes up to Friday.": StepMeasure.LEDGER,
	"Compare the ledger with the receivable accounts, and explain every difference.": StepMeasure.CHECK_LIST,
	"Approve or reject. Who requested it never approves it.": StepMeasure.LIMITS,
	"Look at the notices planned for today, and at what could not be sent and why.": StepMeasure.NOTICES,
	"Call customers on the worklist; record what was said, promised or disputed.": StepMeasure.FOLLOW_UPS,
	"Answer it with the documents, or have the credit note made.": StepMeasure.DISPUTES,
	"Check the evidence and the tax; approve or reject. Who requested it never approves it.": StepMeasure.WRITE_OFFS,
	"Send statements every month, and ask the largest customers to confirm their balance.": StepMeasure.STATEMENTS,
	"Restore a backup for a trial and compare its balances with the site's.": StepMeasure.RESTORES,
}

# The screen on which a step is done: kind and name.
WORKLIST, BILLING = ("Page", "collection-worklist"), ("Report", "Delivered Items To Be Billed")
SCREENS = {
	"Make the invoice from the delivery note, not by hand, within 24 hours of delivery.": ("DocType", "Delivery Note"),
	"Look at deliveries that are not billed, and explain or bill each of them.": BILLING,
	"Record every receipt from the bank statement on the day it appears there.": ("DocType", "Bank Transaction"),
	"Allocate it by the customer's advice; where there is none, ask, and do not guess.": ("DocType", RECEIPT_PROPOSAL),
	"Look at receipts that are not allocated, with somebody who does not record receipts.": ("DocType", RECEIPT_PROPOSAL),
	"Go through the ageing with sales: what is late, why, and who does what by when.": ("Report", "Client Ageing"),
	"Record promises, disputes and follow-ups on each customer that was discussed.": WORKLIST,
	"Bill everything delivered in the month; record receipts up to its last day.": BILLING,
	"Compare the ledger with the receivable accounts, and explain every difference.": ("DocType", CHECK_LIST),
	"Close the month for changes, and send statements to the customers.": ("DocType", STATEMENT_RUN),
	"Look at credit notes and write-offs of the first days of the new month.": ("Report", "Control Findings"),
	"Request the limit with the reason and what the customer owes, has ordered and has promised.": ("DocType", CREDIT_LIMIT),
	"Look at grade, payment behaviour, references and open disputes; write down what you found.": ("Report", "Credit Exposure"),
	"Approve or reject. Who requested it never approves it.": ("DocType", CREDIT_LIMIT),
	"Decide on held documents within a day: release with a reason, or reject. Who entered one never releases it.": ("DocType", CREDIT_HOLD),
	"Look at the notices planned for today, and at what could not be sent and why.": ("DocType", LEDGER_NOTICE),
	"Call customers on the worklist; record what was said, promised or disputed.": WORKLIST,
	"Approve the final notice, and hand the case over only with its evidence complete.": ("DocType", ESCALATION_CASE),
	"Record the dispute on the day it is raised: invoice, amount, reason, who answers.": ("DocType", LEDGER_DISPUTE),
	"Answer it with the documents, or have the credit note made.": ("DocType", LEDGER_DISPUTE),
	"Ask for the undisputed part at once.": WORKLIST,
	"Look at disputes past their day, and at reasons that come again and again.": ("Report", "Dispute Analysis"),
	"Request the write-off with all that was tried and why it failed.": ("DocType", WRITE_OFF_REQUEST),
	"Check the evidence and the tax; approve or reject. Who requested it never approves it.": ("DocType", WRITE_OFF_REQUEST),
	"Send statements every month, and ask the largest customers to confirm their balance.": ("DocType", CONFIRMATION_ROUND),
	"Compare the customer's own ledger with ours, and give each difference a reason.": ("DocType", BALANCE_CONFIRMATION),
	"Clear differences older than a month, or decide in writing why they stay.": ("DocType", BALANCE_CONFIRMATION),
	"Look at the nightly check of the backups; mend what it finds on the same day.": ("DocType", BACKUP_CHECK),
	"Restore a backup for a trial and compare its balances with the site's.": ("DocType", BACKUP_CHECK),
}  # fmt: skip


def make_procedures() -> None:
	"""Make the shipped procedures, not in force; those whose title is taken are left alone."""
	for title, (summary, doctypes, steps) in PROCEDURES.items():
		name = in_site_language(title)
		if frappe.db.exists(PROCEDURE, name):
			continue
		doc = frappe.get_doc(
			{
				"doctype": PROCEDURE,
				"title": name,
				"summary": in_site_language(summary),
				"read_within_days": 14,
				"steps": [
					{
						"instruction": in_site_language(text),
						"role": role,
						"deadline": deadline,
						"deadline_unit": unit,
						"measured_by": MEASURED[text].value if text in MEASURED else "",
						**_screen(text),
					}
					for text, role, deadline, unit in steps
				],
				"places": [
					{"document_type": doctype} for doctype in doctypes if frappe.db.exists("DocType", doctype)
				],
			}
		)
		doc.insert(ignore_permissions=True)


def _screen(text: str) -> dict[str, str]:
	kind, name = SCREENS.get(text, ("", ""))
	return {"opens_type": kind, "opens": name} if kind and frappe.db.exists(kind, name) else {}
