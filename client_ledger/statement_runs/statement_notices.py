"""Statements in the outbox: decided on as of their closing day, written, kept as they were stated, and sent once.

row + customer + schedule -> verdict -> figures as of the closing day -> mail with its files -> figures kept on Customer Statement
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frappe
from frappe.utils import getdate, split_emails, validate_email_address

from client_ledger.collections.customer_statement import statement_facts
from client_ledger.core.outbox.message import Channel, WithholdReason
from client_ledger.core.outbox.verdict import Budget, Circumstances, Verdict, can_send
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.outbox.kinds import NoticeKind
from client_ledger.outbox.moments import aware
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.outgoing import Outgoing, Prepared, SendDecision, Unrenderable, Withheld
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.site.jobs import LOCKS
from client_ledger.statement_runs import files, runs, statement_letter, statement_rows
from client_ledger.statement_runs.notice_kind import STATEMENT
from client_ledger.statement_runs.terms import StatementTerms, terms_of
from client_ledger.statements.figures import figures_of_many, statement_figures

BY_USER = "User"
SUPERSEDED = Verdict(WithholdReason.SUPERSEDED)
# What a statement is told from: a row of Customer Statement.
StatementRow = frappe._dict
FIELDS = [
	"name", "customer", "company", "currency", "from_date", "as_of", "coverage", "schedule", "run", "origin",
	"subject", "introduction", "content_hash", "pdf", "xlsx", "send_to", "language", "channel",
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
		names = [row.statement for row in rows]
		found = frappe.get_all(CUSTOMER_STATEMENT, {"name": ("in", names)}, FIELDS, order_by="name")
		statements = {row.name: row for row in found}
		people = read_customers(sorted({row.customer for row in rows}))
		may_go: list[_MayGo] = []
		for row in rows:
			statement, customer = statements.get(row.statement), people.get(row.customer)
			terms = statement and self._terms_of(statement.schedule)
			if not statement or not customer or not terms or not terms.in_use:
				yield Withheld(row, SUPERSEDED)
				continue
			one = _MayGo(row, statement, customer, terms, *_recipient(statement, customer, terms))
			verdict = can_send(one.channel, _circumstances(one), aware(self.now))
			if verdict.sends:
				may_go.append(one)
			else:
				yield Withheld(row, verdict)
		figures = _figures([(one.statement, one.terms) for one in may_go])
		for one in may_go:
			yield self._written(one, figures.get(one.statement.name))

	def _terms_of(self, schedule: str | None) -> StatementTerms | None:
		if schedule not in self._terms:
			self._terms[schedule] = terms_of(schedule)
		return self._terms[schedule]

	def _written(self, one: "_MayGo", figures: StatementFigures | None) -> SendDecision:
		"""Return the message of a statement. figures: None where they could not be read with those of others."""
		row, statement, customer, terms = one.row, one.statement, one.customer, one.terms
		language = terms.language or customer.language or site_language()
		try:
			figures = figures or figures_of(statement, terms)
			letter = statement_letter.write(figures, statement, customer, terms, language, one.channel)
		except Exception as error:
			return Unrenderable(row, error)
		return StatementMessage(
			row=row,
			channel=one.channel,
			letter=letter,
			day=self.day(row, self.now),
			now=self.now,
			recipient=one.recipient,
			cc=_copies(statement, terms, customer, one.recipient) if one.channel is Channel.EMAIL else (),
			reply_to=terms.reply_to,
			reply_to_default=_manager(customer),
			email_account=terms.email_account,
			fields={"channel": one.channel.value, "total": _closing(figures, statement.currency)},
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

	def sent(self, row: NoticeRow, on: date) -> None:
		"""Keep the figures and the files of a statement that has reached its customer in the archive."""
		statement_rows.archive(row.statement)

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
		language = terms.language or customer.language or site_language()
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


@dataclass(frozen=True, slots=True)
class _MayGo:
	"""A statement that nothing is against, and where it goes."""

	row: NoticeRow
	statement: StatementRow
	customer: Customer
	terms: StatementTerms
	recipient: str | None
	channel: Channel


def _circumstances(one: _MayGo) -> Circumstances:
	# Who has unsubscribed gets a statement only where a person sends it to this customer, not with a run that a person started.
	by_hand = one.statement.origin == BY_USER and not one.statement.run
	opted_out = one.customer.addressee.opted_out and one.channel is Channel.EMAIL
	return Circumstances(
		hours=one.terms.hours,
		budget=Budget(),
		has_address=bool(one.recipient),
		opted_out=opted_out and not by_hand,
		disabled=one.customer.disabled,
	)


def site_language() -> str:
	"""Return the language of customers who name none."""
	return frappe.db.get_default("lang") or "en"


def figures_of(statement: StatementRow, terms: StatementTerms) -> StatementFigures:
	"""Return the figures of a statement as of its closing day, from the ledger as it is now."""
	return statement_figures(
		statement.company,
		terms.customers(statement.customer),
		*_asked(statement),
		facts=statement_facts,
	)


def _figures(wanted: Sequence[tuple[StatementRow, StatementTerms]]) -> dict[str, StatementFigures]:
	"""Return the figures of statements by name, those of one period read together; what fails is left out."""
	groups: dict[tuple, list[tuple[StatementRow, StatementTerms]]] = {}
	for statement, terms in wanted:
		groups.setdefault((statement.company, *_asked(statement)), []).append((statement, terms))
	found = {}
	for (company, *asked), members in groups.items():
		customers = [terms.customers(statement.customer) for statement, terms in members]
		try:
			read = list(figures_of_many(company, customers, *asked, facts=statement_facts))
		except LOCKS:
			raise
		except Exception:
			# One of them cannot be read: each is then read alone, and that one says why.
			continue
		found |= {statement.name: figures for (statement, _terms), figures in zip(members, read, strict=True)}
	return found


def _asked(statement: StatementRow) -> tuple:
	return (
		getdate(statement.as_of),
		getdate(statement.from_date) if statement.from_date else None,
		Coverage(statement.coverage),
		statement.currency or None,
	)


def _recipient(
	statement: StatementRow, customer: Customer, terms: StatementTerms
) -> tuple[str | None, Channel]:
	"""Return where a statement goes, and how: by mail, or as a letter where there is no address for a mail."""
	if statement.send_to:
		return split_emails(statement.send_to)[0], Channel.EMAIL
	to = customer.addressee
	if not to.email and to.address and terms.print_without_email:
		return to.address, Channel.LETTER
	return to.email, Channel.EMAIL


def _copies(
	statement: StatementRow, terms: StatementTerms, customer: Customer, recipient: str | None
) -> list[str]:
	found = [*split_emails(statement.send_to or "")[1:], *split_emails(terms.cc or "")]
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
