"""Statements in the outbox: decided on as of their closing day, written, kept as they were stated, and sent once.

row + customer + schedule -> verdict -> figures as of the closing day -> mail with its files -> figures kept on Customer Statement
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frappe
from frappe.utils import split_emails, validate_email_address

from client_ledger.core.outbox.message import Channel, WithholdReason
from client_ledger.core.outbox.verdict import Budget, Circumstances, Verdict, can_send
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.outbox.kinds import NoticeKind
from client_ledger.outbox.moments import aware
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.outgoing import Outgoing, Prepared, SendDecision, Unrenderable, Withheld
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.statement_runs import files, runs, statement_letter, statement_rows
from client_ledger.statement_runs.notice_kind import STATEMENT
from client_ledger.statement_runs.terms import StatementTerms, terms_of
from client_ledger.statements.figures import statement_figures

SUPERSEDED = Verdict(WithholdReason.SUPERSEDED)
# What a statement is told from: a row of Customer Statement.
StatementRow = frappe._dict
FIELDS = [
	"name", "customer", "company", "currency", "from_date", "as_of", "coverage", "schedule", "run", "origin",
	"subject", "introduction", "content_hash", "pdf", "xlsx", "recipients", "language", "channel",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StatementMessage(Outgoing):
	"""A statement that may go out, with the figures it states."""

	statement: StatementRow
	figures: StatementFigures
	terms: StatementTerms


class StatementNotices(NoticeKind[StatementMessage]):
	"""Statements of account. Schedules are read once for a batch."""

	def __init__(self, now: datetime):
		super().__init__(now)
		self._terms: dict[str | None, StatementTerms | None] = {}

	# --- deciding ---

	def decide(self, company: str, rows: Sequence[NoticeRow]) -> Iterable[SendDecision]:
		"""Yield what becomes of *rows*: each is told as of its own closing day, whenever it goes out."""
		statements = {
			row.name: row
			for row in frappe.get_all(
				CUSTOMER_STATEMENT, {"name": ("in", [row.statement for row in rows])}, FIELDS, order_by="name"
			)
		}
		people = read_customers(sorted({row.customer for row in rows}))
		for row in rows:
			statement, customer = statements.get(row.statement), people.get(row.customer)
			terms = statement and self._terms_of(statement.schedule)
			if not statement or not customer or not terms or not terms.in_use:
				yield Withheld(row, SUPERSEDED)
			else:
				yield self._decide(row, statement, customer, terms)

	def _terms_of(self, schedule: str | None) -> StatementTerms | None:
		if schedule not in self._terms:
			self._terms[schedule] = terms_of(schedule)
		return self._terms[schedule]

	def _decide(
		self, row: NoticeRow, statement: StatementRow, customer: Customer, terms: StatementTerms
	) -> SendDecision:
		recipient, channel = _recipient(statement, customer, terms)
		known = Circumstances(
			hours=terms.hours,
			budget=Budget(),
			has_address=bool(recipient),
			opted_out=customer.addressee.opted_out
			and channel is Channel.EMAIL
			and statement.origin != "User",
			disabled=customer.disabled,
		)
		verdict = can_send(channel, known, aware(self.now))
		if not verdict.sends:
			return Withheld(row, verdict)
		language = terms.language or customer.language or frappe.db.get_default("lang") or "en"
		try:
			figures = figures_of(statement, terms)
			letter = statement_letter.write(figures, statement, customer, terms, language, channel)
		except Exception as error:
			return Unrenderable(row, error)
		return StatementMessage(
			row=row,
			channel=channel,
			letter=letter,
			day=self.day(row, self.now),
			now=self.now,
			recipient=recipient,
			cc=_copies(terms, customer, recipient) if channel is Channel.EMAIL else (),
			reply_to=terms.reply_to,
			reply_to_default=_manager(customer),
			email_account=terms.email_account,
			fields={"channel": channel.value, "total": _closing(figures, statement.currency)},
			statement=statement,
			figures=figures,
			terms=terms,
		)

	# --- handing over ---

	def prepare(self, outgoing: StatementMessage) -> Prepared:
		"""Keep the figures that are stated, and make the files that go along."""
		statement, figures = outgoing.statement, outgoing.figures
		made = files.make(statement, figures, outgoing.letter.language, outgoing.terms)
		statement_rows.keep(statement, figures, outgoing.letter.language, made, self.now)
		return Prepared({}, [{"fid": file.fid} for file in made])

	# --- what waits to be sent ---

	def is_current(self, row: NoticeRow, outgoing: StatementMessage) -> bool:
		"""Return whether a mail tells the same person the same figures."""
		return (
			row.recipients == outgoing.recipient
			and outgoing.statement.content_hash == outgoing.figures.content_hash()
		)

	def taken_back(self, row: NoticeRow) -> Mapping[str, Any]:
		"""Delete the files of a statement that did not leave, and the figures it did not state."""
		statement_rows.forget(row.statement)
		return {}

	# --- afterwards ---

	def day(self, row: NoticeRow, moment: datetime) -> date:
		"""Return the date by the schedule's clock."""
		schedule = (
			frappe.db.get_value(CUSTOMER_STATEMENT, row.statement, "schedule") if row.statement else None
		)
		terms = self._terms_of(schedule)
		return terms.hours.today(aware(moment)) if terms and schedule else moment.date()

	@classmethod
	def progressed(cls, names: Sequence[str]) -> None:
		"""Count the runs of statements."""
		runs.progressed(list(names))

	@classmethod
	def recipient_key(cls, row: Mapping[str, Any]) -> tuple[str, ...]:
		"""Statements wait for nobody: each goes out once, beside whatever else the customer gets."""
		return STATEMENT, row["statement"] or ""

	def preview(self, row: NoticeRow) -> dict[str, Any]:
		"""Return the mail as it would read now."""
		statement = frappe.db.get_value(CUSTOMER_STATEMENT, row.statement, FIELDS, as_dict=True)
		terms = self._terms_of(statement.schedule) or terms_of(None)
		customer = read_customers([row.customer])[row.customer]
		recipient, channel = _recipient(statement, customer, terms)
		language = terms.language or customer.language or frappe.db.get_default("lang") or "en"
		letter = statement_letter.write(
			figures_of(statement, terms), statement, customer, terms, language, channel
		)
		return {
			"subject": letter.subject,
			"message": letter.html,
			"to": recipient,
			"language": language,
			"step": STATEMENT,
			"fee": 0,
			"interest": 0,
		}


def figures_of(statement: StatementRow, terms: StatementTerms) -> StatementFigures:
	"""Return the figures of a statement as of its closing day, from the ledger as it is now."""
	customers = terms.customers(statement.customer)
	return statement_figures(
		statement.company,
		customers,
		statement.as_of,
		statement.from_date,
		statement.coverage,
		statement.currency or None,
	)


def _recipient(
	statement: StatementRow, customer: Customer, terms: StatementTerms
) -> tuple[str | None, Channel]:
	"""Return where a statement goes, and how: by mail, or as a letter where there is no address for a mail."""
	if statement.origin == "User" and statement.recipients:
		return statement.recipients, Channel.EMAIL
	to = customer.addressee
	if not to.email and to.address and terms.print_without_email:
		return to.address, Channel.LETTER
	return to.email, Channel.EMAIL


def _copies(terms: StatementTerms, customer: Customer, recipient: str | None) -> list[str]:
	found = split_emails(terms.cc or "")
	if terms.cc_account_manager and (manager := _manager(customer)):
		found.append(manager)
	return [address for address in dict.fromkeys(found) if address != recipient]


def _manager(customer: Customer) -> str | None:
	manager = customer.account_manager
	return manager if manager and validate_email_address(manager) else None


def _closing(figures: StatementFigures, currency: str | None) -> float:
	if currency:
		return float(figures.closing.by_currency.get(currency, 0))
	return float(figures.closing.base)
