"""The statement of open items by mail: shown and changed before it goes, through Frappe's queue, onto the customer's timeline."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.core.doctype.communication.email import make
from frappe.utils import formatdate, getdate, validate_email_address

from client_ledger.collections.customer_statement import customer_statement
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.paper.layout import amounts_due, bank_details
from client_ledger.paper.rows import item_rows
from client_ledger.site import contacts
from client_ledger.site.messages import bold, filled
from client_ledger.site.request import LedgerRequest
from client_ledger.statements import printing
from client_ledger.statements.style import site_style

MOST_RECIPIENTS = 10


@dataclass(frozen=True, slots=True)
class StatementMail:
	"""A mail before it is sent. opening: the lines above the items, plain text."""

	statement: StatementFigures
	recipients: str
	subject: str
	opening: str


def preview(customer: str, company: str, opening: str | None = None) -> dict:
	"""Return the mail as it would go out: to whom, subject, opening lines, and all of it as HTML. Raises as sending does."""
	with _made(customer, company) as mail:
		return {
			"recipients": mail.recipients,
			"subject": mail.subject,
			"opening": mail.opening,
			"html": render(mail.statement, opening or mail.opening),
			"attachment": mail.statement.file_name("pdf"),
		}


def send_statement(
	customer: str,
	company: str,
	recipients: str | None = None,
	subject: str | None = None,
	opening: str | None = None,
) -> str:
	"""Mail what is open, with the statement as PDF; return the addresses. What is not given is as `preview` shows it.

	Raises frappe.ValidationError without a valid address, without open items, and where the site can make no PDF.
	"""
	with _made(customer, company, recipients) as mail:
		content = render(mail.statement, opening or mail.opening)
		attached = {
			"fname": mail.statement.file_name("pdf"),
			"fcontent": printing.pdf_file(mail.statement),
		}
	make(
		doctype="Customer",
		name=customer,
		subject=" ".join((subject or "").split()) or mail.subject,
		content=content,
		recipients=mail.recipients,
		send_email=True,
		attachments=[attached],
	)
	return mail.recipients


@contextmanager
def _made(customer: str, company: str, recipients: str | None = None) -> Iterator[StatementMail]:
	"""Make the mail, and speak the customer's language within."""
	who = contacts.read_customers([customer])[customer]
	to = _checked(recipients) if recipients else who.addressee.email
	if not to:
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
		if not statement.open_items:
			frappe.local.lang = language
			frappe.throw(_("There are no open items to send."))
		subject = _("Statement of open items as of {0}, {1}").format(formatdate(statement.as_of), company)
		yield StatementMail(statement, to, subject, _opening(statement, who.addressee.full_name))
	finally:
		frappe.local.lang = language


def _checked(recipients: str) -> str:
	found = [address.strip() for address in recipients.replace(";", ",").split(",") if address.strip()]
	for address in found:
		if not validate_email_address(address):
			frappe.throw(filled(_("{0} is not a valid email address."), bold(address)))
	if len(found) > MOST_RECIPIENTS:
		frappe.throw(filled(_("Enter at most {0} email addresses."), MOST_RECIPIENTS))
	return ", ".join(found)


def _opening(statement: StatementFigures, name: str | None) -> str:
	lines = (
		_("Dear {0},").format(name or statement.customer_name),
		_(
			"the following items are open with {0}. Please compare them with your records and let us know of any differences."
		).format(statement.company),
	)
	return "\n\n".join(lines)


def open_statement(customer: str, company: str) -> StatementFigures:
	"""Return the customer's open items of today as a statement, in the language spoken now."""
	return customer_statement(LedgerRequest(customer, company, getdate()), open_only=True)


def render(statement: StatementFigures, opening: str) -> str:
	"""Return the mail's text: opening lines, items, balance, what is overdue and on account, the total to pay, where to pay it."""
	style = site_style()
	return frappe.render_template(
		"client_ledger/templates/statement_mail.html",
		{
			"statement": statement,
			"opening": [line for line in opening.splitlines() if line.strip()],
			"rows": item_rows(statement, style),
			"amounts": list(amounts_due(statement, style)),
			"bank": bank_details(statement.bank, style) if statement.bank else None,
			"money": style.money,
			"day": lambda value: style.day(value) if value else "",
		},
	)
