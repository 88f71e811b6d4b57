"""Whom to call today and why, from a store: for the page, the workbook and `client-ledger worklist`.

figures of each account -> facts -> shipped rules -> rows in order, with their reasons

A store has no promises, disputes and contacts, so rules on those are left out.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from client_ledger.core.account import AccountKey
from client_ledger.core.collections import words
from client_ledger.core.collections.worklist import (
	FRESH_DAYS,
	Facts,
	Measure,
	OffReason,
	Ranked,
	build,
	default_rules,
	to_chase,
)
from client_ledger.core.credit.words import grade_label
from client_ledger.preview import store
from client_ledger.preview.backtesting import _company
from client_ledger.preview.figures import AccountFigures, CompanyReader, companies
from client_ledger.preview.i18n import _

SHOWN = 50
GRADES = "ABCDE"
KNOWN = (Measure.OVERDUE, Measure.OLDEST_DAYS, Measure.GRADE_RANK, Measure.FIRST_OVERDUE_LARGE)


@dataclass(frozen=True, slots=True)
class Callee:
	"""A customer on the list. place: how many of the company's accounts came before it.

	expected: when the first of what is overdue is expected to be paid.
	"""

	ranked: Ranked
	place: int
	name: str
	grade: str
	oldest_due: date | None
	last_payment: date | None
	expected: date | None

	@property
	def to_chase(self) -> Decimal:
		"""What one may ask for, in company currency."""
		return to_chase(self.ranked.facts)

	def reasons(self, translate: Callable[[str], str], currency: str) -> list[str]:
		"""Return why to call, each reason once though several rules may give it."""

		def money(amount: Decimal) -> str:
			return f"{amount:,.2f} {currency}"

		return list(dict.fromkeys(words.reason(met, translate, money) for met in self.ranked.met))


@dataclass(frozen=True, slots=True)
class Calls:
	"""Today's list of a company. covered: customers left out because money on account covers what is overdue."""

	rows: list[Callee]
	covered: int


class Caller:
	"""Takes in the accounts of a company one after the other, then says whom to call."""

	def __init__(self, company: str, as_of: date):
		self.company, self.as_of = company, as_of
		self._facts: list[Facts] = []
		self._shown: dict[AccountKey, tuple] = {}
		self._place = 0

	def add(self, account: AccountFigures) -> None:
		"""Take in the next account; only what is overdue is kept."""
		if account.position.overdue > 0:
			facts = facts_of(account, self.company)
			self._facts.append(facts)
			self._shown[facts.key] = (
				self._place,
				account.master.customer_name or account.master.customer,
				account.credit.assessment.grade,
				account.position.oldest_due_date,
				account.activity.last_payment,
				min(_expected(account, self.as_of), default=None),
			)
		self._place += 1

	def calls(self) -> Calls:
		"""Return the list."""
		rules = [rule for rule in default_rules() if rule.measure in KNOWN]
		found = build(self._facts, rules, self.as_of)
		rows = [Callee(ranked, *self._shown[ranked.facts.key]) for ranked in found.rows]
		return Calls(rows, sum(why is OffReason.PAID_SINCE for why in found.off.values()))


def facts_of(account: AccountFigures, company: str) -> Facts:
	"""Return what a store knows of an account."""
	position, grade = account.position, account.credit.assessment.grade
	days = position.oldest_overdue_days
	return Facts(
		key=AccountKey(account.master.customer, company),
		overdue=position.overdue,
		oldest_days=days,
		unallocated=position.unallocated,
		grade_rank=GRADES.index(grade) + 1 if grade in GRADES else 0,
		first_overdue_large=account.segment == "A" and 0 < days <= FRESH_DAYS,
	)


def _expected(account: AccountFigures, as_of: date) -> Iterator[date]:
	for item, expectation in zip(account.items, account.credit.expected, strict=True):
		if expectation and item.due_date < as_of:
			yield expectation.expected


def calls_of(accounts: Iterable[AccountFigures], company: str, as_of: date) -> Calls:
	"""Return today's list of a company."""
	caller = Caller(company, as_of)
	for account in accounts:
		caller.add(account)
	return caller.calls()


@click.command("worklist", help=_("List whom to call today, in order, and why."))
@click.option(
	"--db",
	required=True,
	type=click.Path(path_type=Path),
	help=_("A store that `client-ledger import` made."),
)
@click.option("--company", help=_("The company, where the store has several."))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help=_("The day; today by default."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the figures as JSON."))
def command(db: Path, company: str | None, as_of: datetime | None, as_json: bool, lang: str = "en") -> None:
	"""Print the worklist of a store."""
	connection = store.open_store(db)
	try:
		name = _company(connection, company)
		currency = dict(companies(connection))[name]
		today = as_of.date() if as_of else date.today()
		reader = CompanyReader(connection, store.ledger(connection), name, currency, today)
		rows = calls_of(reader.accounts(), name, today).rows
	finally:
		connection.close()
	if as_json:
		click.echo(json.dumps([plain(row, currency) for row in rows], indent=2, ensure_ascii=False))
		return
	table = Table(title=escape(_("To call on {0}, {1}").format(today, name)), title_justify="left")
	for heading, justify in (
		(_("Points"), "right"),
		(_("Customer"), "left"),
		(_("Grade"), "left"),
		(_("To Chase"), "right"),
		(_("Why"), "left"),
	):
		table.add_column(heading, justify=justify)
	for row in rows[:SHOWN]:
		table.add_row(
			str(row.ranked.points),
			escape(row.name),
			grade_label(row.grade, _),
			f"{row.to_chase:,.2f} {currency}",
			escape("; ".join(row.reasons(_, currency))),
		)
	console = Console(highlight=False)
	console.print(table)
	if len(rows) > SHOWN:
		console.print(_("… and {0} more.").format(len(rows) - SHOWN))


def plain(row: Callee, currency: str) -> dict:
	"""Return a row as JSON can hold it."""
	return {
		"customer": row.ranked.facts.key.customer,
		"name": row.name,
		"grade": row.grade,
		"points": row.ranked.points,
		"to_chase": float(row.to_chase),
		"oldest_days": row.ranked.facts.oldest_days,
		"expected": row.expected.isoformat() if row.expected else None,
		"reasons": row.reasons(_, currency),
	}
