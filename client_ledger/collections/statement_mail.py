"""Sending a statement of open items from the worklist: through Frappe's queue, onto the customer's timeline."""

import frappe
from frappe import _
from frappe.core.doctype.communication.email import make
from frappe.utils import formatdate, nowdate

from client_ledger.collections import items
from client_ledger.site import contacts
from client_ledger.site.messages import bold, filled


def send_statement(customer: str, company: str) -> str:
	"""Mail what is open to the billing contact; return the address. Raises frappe.ValidationError without one."""
	who = contacts.read_customers([customer])[customer]
	address = who.addressee.email
	if not address:
		frappe.throw(
			filled(
				_("{0} has no billing contact with an email address. Add one to its contacts."),
				bold(customer),
			)
		)
	found = items.open_items(customer, company)
	if not found:
		frappe.throw(_("There are no open items to send."))
	language = frappe.local.lang
	frappe.local.lang = who.language or language
	try:
		subject = _("Statement of open items as of {0}, {1}").format(formatdate(nowdate()), company)
		content = frappe.render_template(
			"client_ledger/templates/statement_mail.html",
			{
				"customer": who.customer_name,
				"name": who.addressee.full_name,
				"company": company,
				"items": found,
			},
		)
	finally:
		frappe.local.lang = language
	make(
		doctype="Customer",
		name=customer,
		subject=subject,
		content=content,
		recipients=address,
		send_email=True,
	)
	return address
