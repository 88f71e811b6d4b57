"""What a policy and its step say of a mail besides its text: who gets a copy, who gets the answer, what is attached."""

import frappe
from frappe.utils import cint, split_emails, validate_email_address

from client_ledger.collections.customer_statement import customer_statement
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.dunning.sending.dunning_message import DunningMessage
from client_ledger.outbox.notice_status import ERROR, Undeliverable
from client_ledger.site.contacts import Customer
from client_ledger.site.request import LedgerRequest
from client_ledger.statements import printing

MOST_INVOICES_ATTACHED = 20


def copies(step: frappe._dict, customer: Customer) -> list[str]:
	"""Return who gets a copy: the account manager where the step says so, and whom it names."""
	found = split_emails(step.cc or "")
	manager = customer.account_manager
	if cint(step.cc_account_manager) and manager and validate_email_address(manager):
		found.append(manager)
	return [address for address in dict.fromkeys(found) if address != customer.addressee.email]


def reply_to_default(customer: Customer) -> str | None:
	"""Return who gets the answer where neither policy nor Email Account say so: the account manager, else the sender (None)."""
	manager = customer.account_manager
	return manager if manager and validate_email_address(manager) else None


def attachments(message: DunningMessage, dunning: str | None) -> list[dict]:
	"""Return what goes with the mail: the Dunning, the invoices (made when it is sent), a statement.

	Raises Undeliverable where the site cannot make the statement.
	"""
	language = message.letter.language
	found = []
	if dunning:
		found.append(_print("Dunning", dunning, language))
	if cint(message.step.attach_invoices):
		names = {
			line.key.voucher.name: None
			for line in message.notice.lines
			if line.key.voucher.doctype == SALES_INVOICE
		}
		found += [_print(SALES_INVOICE, name, language) for name in list(names)[:MOST_INVOICES_ATTACHED]]
	if cint(message.step.attach_statement):
		found.append(statement(message))
	return found


def _print(doctype: str, name: str, language: str) -> dict:
	return {
		"print_format_attachment": 1,
		"doctype": doctype,
		"name": name,
		"lang": language,
		"print_letterhead": True,
	}


def statement(message: DunningMessage) -> dict:
	"""Return the customer's open items as a PDF. Raises Undeliverable where the site makes none."""
	row = message.row
	request = LedgerRequest(row.customer, row.company, message.day, row.currency)
	before = frappe.local.lang
	frappe.local.lang = message.letter.language
	try:
		found = customer_statement(request, open_only=True)
		return {"fname": found.file_name("pdf"), "fcontent": printing.pdf_file(found)}
	except frappe.ValidationError as error:
		raise Undeliverable(ERROR, str(error)) from error
	finally:
		frappe.local.lang = before
