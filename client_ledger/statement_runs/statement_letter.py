"""What a statement's mail says above its files, in the customer's language: balances, what is overdue, where to pay."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate

from client_ledger.core.outbox.message import Channel
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.outbox.outgoing import Letter
from client_ledger.paper.layout import amounts_due, bank_details
from client_ledger.paper.rows import activity_rows, item_rows
from client_ledger.site.contacts import Customer
from client_ledger.site.language import spoken
from client_ledger.statement_runs.terms import StatementTerms
from client_ledger.statements.style import site_style

TEMPLATE = "client_ledger/templates/statement_notice.html"
# A mail is no ledger: longer lists are in its files.
MOST_ITEMS = 40
SUBJECT_LENGTH = 140


def write(
	figures: StatementFigures,
	statement: Any,
	customer: Customer,
	terms: StatementTerms,
	language: str,
	channel: Channel,
) -> Letter:
	"""Return the text that goes with a statement. statement: its row, whose subject and introduction come first."""
	with spoken(language):
		style = site_style()
		subject = statement.subject or subject_of(figures)
		introduction = statement.introduction or terms.introduction or introduction_of(figures, customer)
		by_mail = channel is Channel.EMAIL
		has_files = by_mail and (terms.attach_pdf or terms.attach_xlsx)
		items = [] if figures.coverage is Coverage.ACTIVITY else list(item_rows(figures, style))
		html = frappe.get_template(TEMPLATE).render(
			{
				"figures": figures,
				"introduction": [line for line in introduction.splitlines() if line.strip()],
				"items": items[:MOST_ITEMS] if has_files else items,
				# A mail is no ledger: its movements are in its files.
				"lines": () if has_files else list(activity_rows(figures, style)),
				"has_more": has_files and len(items) > MOST_ITEMS,
				"has_files": has_files,
				"amounts": list(amounts_due(figures, style)),
				"bank": bank_details(figures.bank, style) if figures.bank else None,
				"money": style.money,
				"day": lambda value: style.day(value) if value else "",
			}
		)
	return Letter(" ".join(subject.split())[:SUBJECT_LENGTH], html, language)


def subject_of(figures: StatementFigures) -> str:
	"""Return the subject of a statement, in the language spoken now."""
	text = (
		_("Statement of open items as of {0}, {1}")
		if figures.open_only
		else _("Statement of account as of {0}, {1}")
	)
	return text.format(formatdate(figures.as_of), figures.company)


def introduction_of(figures: StatementFigures, customer: Customer) -> str:
	"""Return the first lines of a statement's mail, in the language spoken now."""
	greeting = _("Dear {0},").format(customer.addressee.full_name or figures.customer_name)
	text = (
		_(
			"the following items are open with {0}. Please compare them with your records and let us know of any differences."
		)
		if figures.open_only
		else _(
			"please find below your statement of account with {0}. Please compare it with your records and let us know of any differences."
		)
	)
	return f"{greeting}\n\n{text.format(figures.company)}"
