"""Whom to call today and why, from a store: for the page, the workbook and the command.

figures of each account -> facts -> shipped rules -> rows in order, with their reasons

A store has no promises, disputes and contacts, so rules on those are left out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from client_ledger.core.account import AccountKey
from client_ledger.core.amount_due import amounts_due
from client_ledger.core.collections import messages
from client_ledger.core.collections.worklist import (
	FRESH_DAYS,
	Measure,
	OffReason,
	WorklistFacts,
	WorklistRow,
	build,
	default_rules,
	to_chase,
)
from client_ledger.core.money import ZERO
from client_ledger.preview.figures.companies import AccountFigures

GRADES = "ABCDE"
KNOWN = (Measure.OVERDUE, Measure.OLDEST_DAYS, Measure.GRADE_RANK, Measure.FIRST_OVERDUE_LARGE)


@dataclass(frozen=True, slots=True)
class Callee:
	"""A customer on the list. place: how many of the company's accounts came before it.

	expected: when the first of what is overdue is expected to be paid.
	"""

	ranked: WorklistRow
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

		return list(dict.fromkeys(messages.reason(met, translate, money) for met in self.ranked.met))


@dataclass(frozen=True, slots=True)
class Calls:
	"""Today's list of a company. covered: customers left out because money on account covers what is overdue."""

	rows: list[Callee]
	covered: int


class Caller:
	"""Takes in the accounts of a company one after the other, then says whom to call."""

	def __init__(self, company: str, as_of: date):
		self.company, self.as_of = company, as_of
		self._facts: list[WorklistFacts] = []
		self._shown: dict[AccountKey, tuple] = {}
		self._place = 0

	def add(self, account: AccountFigures) -> None:
		"""Take in the next account; only what is overdue is kept."""
		if account.position.overdue > 0:
			facts = facts_of(account, self.company, self.as_of)
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


def collectable(account: AccountFigures, as_of: date) -> Decimal:
	"""Return what one may ask for, in company currency: a store knows of no disputes and promises."""
	found = amounts_due(account.items, account.items, as_of)
	return sum((amount.base_net for amount in found.values()), ZERO)


def facts_of(account: AccountFigures, company: str, as_of: date) -> WorklistFacts:
	"""Return what a store knows of an account."""
	position, grade = account.position, account.credit.assessment.grade
	days = position.oldest_overdue_days
	return WorklistFacts(
		key=AccountKey(account.master.customer, company),
		overdue=position.overdue,
		oldest_days=days,
		collectable=collectable(account, as_of),
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
