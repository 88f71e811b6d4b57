"""Sending a statement of open items from the worklist: through Frappe's queue, onto the customer's timeline."""

import frappe
from frappe import _
from frappe.core.doctype.communication.email import make
from frappe.utils import fmt_money, formatdate, getdate

from client_ledger.collections.customer_statement import customer_statement
from client_ledger.site import contacts
from client_ledger.site.messages import bold, filled
from client_ledger.site.request import LedgerRequest
from client_ledger.statements import printing
from client_ledger.statements.statement import Statement


def send_statement(customer: str, company: str) -> str:
	"""Mail what is open to the billing contact, with the statement as PDF; return the address.

	Raises frappe.ValidationError without an address, without open items, and where the site can make no PDF.
	"""
	who = contacts.read_customers([customer])[customer]
	address = who.addressee.email
	if not address:
		frappe.throw(
			filled(
				_("{0} has no billing contact with an email address. Add one to its contacts."),
				bold(customer),
			)
		)
	language = frappe.local.lang
	frappe.local.lang = who.language or language
	try:
		statement = open_statement(customer, company)
		if not statement.rows:
			frappe.throw(_("There are no open items to send."))
		subject = _("Statement of open items as of {0}, {1}").format(formatdate(statement.as_of), company)
		content = render(statement, who.addressee.full_name)
		attached = {
			"fname": statement.file_name("pdf"),
			"fcontent": printing.make_pdf(printing.render(statement, with_dialog=False)),
		}
	finally:
		frappe.local.lang = language
	make(
		doctype="Customer",
		name=customer,
		subject=subject,
		content=content,
		recipients=address,
		send_email=True,
		attachments=[attached],
	)
	return address


def open_statement(customer: str, company: str) -> Statement:
	"""Return the customer's open items of today as a statement, in the language spoken now."""
	return customer_statement(LedgerRequest(customer, company, getdate()), open_only=True)


def render(statement: Statement, name: str | None) -> str:
	"""Return the text of the mail: items, balance, what is overdue and on account, the total to pay, where to pay it."""
	return frappe.render_template(
		"client_ledger/templates/statement_mail.html",
		{
			"statement": statement,
			"name": name,
			"money": lambda amount, currency: fmt_money(amount, currency=currency),
			"day": lambda value: formatdate(value) if value else "",
		},
	)
