"""Duties and rules that come with the app. They are made once: what an administrator changes or deletes stays so."""

import frappe

from client_ledger.core.marked import marked
from client_ledger.duties.scan import scan
from client_ledger.site.doctypes import CREDIT_LIMIT, CREDIT_RULE, DUTY, DUTY_RULE, WRITE_OFF_REQUEST
from client_ledger.site.language import in_site_language

Row = dict[str, str]


def _row(doctype: str, permission: str, **more: str) -> Row:
	return {"document_type": doctype, "permission": permission, **more}


def _own(action: str) -> Row:
	return {"own_action": action}


RECEIPT = {"where_field": "payment_type", "where_value": "Receive"}
PAYMENT = {"where_field": "payment_type", "where_value": "Pay"}
CREDIT_NOTE = {"where_field": "is_return", "where_value": "1"}
INVOICE = {"where_field": "is_return", "where_value": "0"}

DUTIES: dict[str, tuple[Row, ...]] = {
	marked("Enter Customers"): (_row("Customer", "Create"), _row("Customer", "Write")),
	marked("Request Credit Limits"): (_row(CREDIT_LIMIT, "Create"), _row(CREDIT_LIMIT, "Write")),
	marked("Approve Credit Limits"): (_row(CREDIT_LIMIT, "Submit"), _own("Approve Credit Limit")),
	marked("Issue Invoices"): (_row("Sales Invoice", "Submit", **INVOICE),),
	marked("Issue Credit Notes"): (_row("Sales Invoice", "Submit", **CREDIT_NOTE),),
	marked("Record Receipts"): (
		_row("Payment Entry", "Submit", **RECEIPT),
		_own("Receive by Journal Entry"),
		_own("Allocate Receipts"),
	),
	marked("Make Payments"): (
		_row("Payment Entry", "Submit", **PAYMENT),
		_own("Pay by Journal Entry"),
	),
	marked("Request Write-offs"): (_row(WRITE_OFF_REQUEST, "Create"),),
	marked("Approve Write-offs"): (_row(WRITE_OFF_REQUEST, "Submit"),),
	marked("Write Off"): (
		_row(WRITE_OFF_REQUEST, "Submit"),
		_own("Write Off by Journal Entry"),
	),
	marked("Enter Orders"): (_row("Sales Order", "Create"), _row("Sales Order", "Write")),
	marked("Release Held Documents"): (_own("Release Hold"),),
	marked("Deliver Goods"): (_row("Delivery Note", "Submit"),),
	marked("Change Bank Details"): (_row("Bank Account", "Create"), _row("Bank Account", "Write")),
	marked("Change Credit Rules"): (_row(CREDIT_RULE, "Write"),),
	marked("Manage Users and Rights"): (
		_row("User", "Create"),
		_row("User", "Write"),
		_row("Role", "Write"),
		_row("Role Profile", "Write"),
		_row("Custom DocPerm", "Create"),
		_row("Custom DocPerm", "Write"),
		_row("User Permission", "Delete"),
		_row("Workflow", "Write"),
		_row("Server Script", "Create"),
		_row("Server Script", "Write"),
	),
}

# title -> first duty, second duty, whether the system refuses both on one document, risk
RULES: dict[str, tuple[str, str, bool, str]] = {
	marked("Customers and Their Limits"): (
		"Enter Customers",
		"Approve Credit Limits",
		False,
		marked("A customer that does not exist is entered and given credit."),
	),
	marked("Credit Limits: Requested and Approved"): (
		"Request Credit Limits",
		"Approve Credit Limits",
		True,
		marked("A limit is raised without anybody else having looked at the customer."),
	),
	marked("Invoices and Receipts"): (
		"Issue Invoices",
		"Record Receipts",
		False,
		marked("Money that was received is kept, and the invoice changed or left out to cover it."),
	),
	marked("Receipts and Write-offs"): (
		"Record Receipts",
		"Write Off",
		False,
		marked("Money that was received is kept, and the debt written off."),
	),
	marked("Receipts and Credit Notes"): (
		"Record Receipts",
		"Issue Credit Notes",
		False,
		marked("Money that was received is kept, and the debt taken away by a credit note."),
	),
	marked("Write-offs: Requested and Approved"): (
		"Request Write-offs",
		"Approve Write-offs",
		True,
		marked("A debt is forgiven without anybody else knowing why."),
	),
	marked("Orders and Their Release"): (
		"Enter Orders",
		"Release Held Documents",
		True,
		marked("Goods go to a customer who does not pay, for the sake of sales."),
	),
	marked("Credit Rules and Releases"): (
		"Change Credit Rules",
		"Release Held Documents",
		False,
		marked("The rules that hold a document are changed by who lets it pass."),
	),
	marked("Deliveries and Invoices"): (
		"Deliver Goods",
		"Issue Invoices",
		False,
		marked("Goods are delivered that are never billed, or billed that were never delivered."),
	),
	marked("Bank Details and Payments"): (
		"Change Bank Details",
		"Make Payments",
		False,
		marked("A payment is led to another account."),
	),
	marked("Users and Payments"): (
		"Manage Users and Rights",
		"Make Payments",
		False,
		marked("Somebody gives themselves the right that should have stopped them."),
	),
}


def make_duties() -> None:
	"""Make the shipped duties and rules, and note who has conflicts already; those whose title is taken are left alone."""
	for title, rows in DUTIES.items():
		name = in_site_language(title)
		if not frappe.db.exists(DUTY, name):
			doc = frappe.get_doc({"doctype": DUTY, "title": name, "rights": [dict(row) for row in rows]})
			doc.insert(ignore_permissions=True)
	for title, (first, second, refused, risk) in RULES.items():
		name = in_site_language(title)
		if not frappe.db.exists(DUTY_RULE, name):
			frappe.get_doc(
				{
					"doctype": DUTY_RULE,
					"title": name,
					"enabled": 1,
					"first_duty": in_site_language(first),
					"second_duty": in_site_language(second),
					"refused_on_same_document": int(refused),
					"risk": in_site_language(risk),
				}
			).insert(ignore_permissions=True)
	scan(because=in_site_language(marked("Found when the rules were made")))
