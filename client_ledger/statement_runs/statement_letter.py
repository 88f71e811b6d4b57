"""What a statement's mail says above its files, in the customer's language: balances, what is overdue, where to pay."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import fmt_money, formatdate

from client_ledger.core.outbox.message import Channel
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import StatedAmountDue, StatedItem
from client_ledger.outbox.outgoing import Letter
from client_ledger.site.contacts import Customer
from client_ledger.site.language import spoken
from client_ledger.statement_runs.terms import StatementTerms
from client_ledger.statements.labels import StatusTexts

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
		subject = statement.subject or subject_of(figures)
		introduction = statement.introduction or terms.introduction or introduction_of(figures, customer)
		has_files = channel is Channel.EMAIL and (terms.attach_pdf or terms.attach_xlsx)
		html = frappe.get_template(TEMPLATE).render(
			{
				"figures": figures,
				"introduction": [line for line in introduction.splitlines() if line.strip()],
				"items": figures.open_items if channel is Channel.LETTER else figures.open_items[:MOST_ITEMS],
				"lines": figures.lines if channel is Channel.LETTER else (),
				"has_more": channel is Channel.EMAIL and len(figures.open_items) > MOST_ITEMS,
				"has_files": has_files,
				"due_by_customer": _due_by_customer(figures),
				"status": _status,
				"money": lambda amount, currency: fmt_money(amount, currency=currency),
				"day": lambda value: formatdate(value) if value else "",
			},
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


def _due_by_customer(figures: StatementFigures) -> list[tuple[str, list[tuple[str, StatedAmountDue]]]]:
	"""Return what each customer of a statement is asked for, by its name and per currency."""
	names = dict(figures.customers)
	found: dict[str, list[tuple[str, StatedAmountDue]]] = {}
	for due in figures.due:
		found.setdefault(names.get(due.customer, due.customer), []).append((due.currency, due))
	return list(found.items())


def _status(item: StatedItem) -> str:
	return StatusTexts().of(item.status, item.days_late, item.is_disputed)
