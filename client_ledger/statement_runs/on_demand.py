"""Statements that people send: of one customer, shown and changed before it goes, or of many at once.

They are rows of the outbox like those by schedule, so they are sent once, followed up, and kept as they were told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, validate_email_address

from client_ledger.core.money import ZERO
from client_ledger.core.outbox.message import Channel
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.outcome import StatementStatus
from client_ledger.core.statements.parts import Coverage
from client_ledger.outbox import dispatch, notice_rows, send
from client_ledger.outbox.channels.mail import has_outgoing_account
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, LEDGER_NOTICE
from client_ledger.site.language import spoken
from client_ledger.site.messages import bold, filled
from client_ledger.statement_runs import planning, statement_letter
from client_ledger.statement_runs.statement_notices import figures_of
from client_ledger.statement_runs.terms import StatementTerms

MOST_RECIPIENTS = 10
# More than these are sent by the workers.
MOST_AT_ONCE = 5
TERMS = StatementTerms()
GONE_OUT = (NoticeStatus.SENDING.value, NoticeStatus.SENT.value)


@dataclass(frozen=True, slots=True)
class AskedStatement:
	"""What a person asks for. from_date: None is the ledger's beginning; currency: None is all of them, in one statement."""

	company: str
	as_of: date
	from_date: date | None = None
	coverage: str = Coverage.OPEN_ITEMS.value
	currency: str | None = None

	def check(self) -> None:
		"""Raise frappe.ValidationError for a day to come, or a period that ends before it begins."""
		if self.as_of > getdate():
			frappe.throw(filled(_("{0} cannot be in the future."), _("As Of")))
		if self.from_date and self.from_date > self.as_of:
			frappe.throw(filled(_("{0} must not be later than {1}."), _("From Date"), _("As Of")))

	def row(self, customer: Customer, **fields: Any) -> frappe._dict:
		"""Return the row of Customer Statement for a customer."""
		only_open = self.coverage == Coverage.OPEN_ITEMS.value
		return frappe._dict(
			{
				"name": frappe.generate_hash(length=10),
				"customer": customer.name,
				"customer_name": customer.customer_name,
				"company": self.company,
				"currency": self.currency,
				"status": StatementStatus.WAITING.value,
				"from_date": None if only_open else self.from_date,
				"as_of": self.as_of,
				"coverage": self.coverage,
				"origin": "User",
				"channel": Channel.EMAIL.value,
				"closing": ZERO,
				"notice": frappe.generate_hash(length=10),
				"send_to": None,
				"subject": None,
				"introduction": None,
				**fields,
			}
		)


def preview(customer: str, asked: AskedStatement, opening: str | None = None) -> dict[str, Any]:
	"""Return the mail as it would go out: to whom, subject, opening lines, and all of it as HTML. Raises as sending does."""
	who, figures = _figures(customer, asked)
	statement, language = asked.row(who, introduction=opening), _language(who)
	letter = statement_letter.write(figures, statement, who, TERMS, language, Channel.EMAIL)
	with spoken(language):
		return {
			"recipients": who.addressee.email,
			"subject": letter.subject,
			"opening": opening or statement_letter.introduction_of(figures, who),
			"html": letter.html,
			"attachment": figures.file_name("pdf"),
		}


def send_one(
	customer: str,
	asked: AskedStatement,
	recipients: str | None = None,
	subject: str | None = None,
	opening: str | None = None,
) -> str:
	"""Send a statement; return the addresses it goes to. What is not given is as `preview` shows it. Commits.

	Raises frappe.ValidationError without a valid address, with nothing to state, and where it could not be handed over.
	"""
	who, _figures_now = _figures(customer, asked)
	to = _checked(recipients) if recipients else who.addressee.email
	if not to:
		frappe.throw(
			filled(
				_("{0} has no billing contact with an email address. Add one to its contacts."),
				bold(customer),
			)
		)
	if not has_outgoing_account():
		frappe.throw(
			_("There is no default outgoing Email Account. Set one up, and send the statement again."),
			title=_("Statement Not Sent"),
		)
	row = asked.row(who, send_to=to, subject=" ".join((subject or "").split()) or None, introduction=opening)
	now = now_datetime()
	planning.insert([row], {row.name: ZERO}, True, now)
	frappe.db.commit()  # nosemgrep: planned before it is sent
	send.send([row.notice], now)
	fields = ["status", "reason", "reason_detail"]
	notice = frappe.db.get_value(LEDGER_NOTICE, row.notice, fields, as_dict=True)
	if notice.status not in GONE_OUT:
		# Whoever sent it is told, and sends it again: it must not go out by itself besides.
		notice_rows.update(row.notice, {"next_attempt": None}, now)
		frappe.db.commit()  # nosemgrep: what is raised below would undo it
		reason = ": ".join(part for part in (_(notice.reason or ""), notice.reason_detail) if part)
		frappe.throw(
			filled(_("The statement was not sent: {0}"), reason or _(notice.status)),
			title=_("Statement Not Sent"),
		)
	return to


def send_many(customers: Sequence[str], asked: AskedStatement, opening: str | None = None) -> dict[str, int]:
	"""Send statements to *customers*; return how many are under way, and how many have nothing to state. Commits.

	A customer without an address has a row that says so.
	"""
	asked.check()
	if not customers:
		frappe.throw(_("Select at least one customer."))
	people = read_customers(list(customers))
	rows = [asked.row(people[name], introduction=opening) for name in sorted(people)]
	rows = [row for row in rows if not figures_of(row, TERMS).is_empty]
	now = now_datetime()
	if rows:
		planning.insert(rows, {row.name: ZERO for row in rows}, True, now)
	frappe.db.commit()  # nosemgrep: planned before they are sent
	names = [row.notice for row in rows]
	if len(names) <= MOST_AT_ONCE:
		dispatch.send_range(names, str(now))
	else:
		dispatch.send_in_ranges(names, now)
	return {"statements": len(rows), "empty": len(people) - len(rows), **_became(rows, now)}


def _became(rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, int]:
	"""Return how many of the statements that were sent at once did not go out."""
	names = [row["name"] for row in rows]
	stopped = (
		"in",
		(StatementStatus.FAILED.value, StatementStatus.NO_ADDRESS.value, StatementStatus.NOT_SENT.value),
	)
	return {
		"stopped": frappe.db.count(CUSTOMER_STATEMENT, {"name": ("in", names), "status": stopped})
		if names
		else 0
	}


def _figures(customer: str, asked: AskedStatement) -> tuple[Customer, StatementFigures]:
	asked.check()
	who = read_customers([customer])[customer]
	figures = figures_of(asked.row(who), TERMS)
	if figures.is_empty:
		frappe.throw(_("There is nothing to send: no movements and no open items."))
	return who, figures


def _language(customer: Customer) -> str:
	return customer.language or frappe.db.get_default("lang") or "en"


def _checked(recipients: str) -> str:
	found = [address.strip() for address in recipients.replace(";", ",").split(",") if address.strip()]
	for address in found:
		if not validate_email_address(address):
			frappe.throw(filled(_("{0} is not a valid email address."), bold(address)))
	if len(found) > MOST_RECIPIENTS:
		frappe.throw(filled(_("Enter at most {0} email addresses."), MOST_RECIPIENTS))
	return ", ".join(found)
