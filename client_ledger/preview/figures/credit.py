"""How the customers of one company pay: grades, expected dates and expected cash, and whether they would have held.

settlements, in batches  ->  trade lines  ->  what is learnt of all  ->  each customer's assessment and dates
                                         \\->  backtest
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.credit.assessment import Assessment, assess
from client_ledger.core.credit.backtest import Backtest, backtest
from client_ledger.core.credit.cash import (
	WEEKS,
	CashCorrection,
	ExpectedCash,
	due_date_cash,
	expected_cash,
	learn_correction,
	past_forecasts,
)
from client_ledger.core.credit.histogram import DAYS_A_WEEK, Expectation, Lateness, expect, learn
from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine, trade_lines
from client_ledger.core.credit.measures import Inputs, measure, no_history
from client_ledger.core.credit.payment_replay import PaymentReplay, sample
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.core.open_items import OpenItem
from client_ledger.core.settlement import Settlement

# Past weeks whose forecasts are held against what came, to correct the one of today.
LEARNT_WEEKS = 52
# Invoices a report's backtest looks at, about; `client-ledger backtest` looks at all of them.
TESTED = 15_000


@dataclass(frozen=True, slots=True)
class AccountCredit:
	"""A customer's assessment, what it is made of, and when each open item is expected (None for credits)."""

	assessment: Assessment
	inputs: Inputs
	expected: list[Expectation | None]


@dataclass(frozen=True, slots=True)
class CompanyCredit:
	"""What all open items are expected to bring per week, and the same by due date.

	correction: what past forecasts taught; `cash` is corrected by it. test: None without any invoice. tested_customers of customers: those whose history it looked at.
	"""

	cash: ExpectedCash
	by_due_date: ExpectedCash
	correction: CashCorrection
	test: Backtest | None
	customers: int
	tested_customers: int


class Grader:
	"""Learns from settlements of all customers, then grades one after the other.

	add() settlements in any number of batches, learn() once, account() for each customer, company() at the end.
	"""

	def __init__(self, as_of: date, scorecard: Scorecard | None = None):
		self.as_of = as_of
		self.scorecard = scorecard or Scorecard()
		self._lines: list[TradeLine] = []
		self._days: dict[date, date] = {}
		self._inputs: dict[str, Inputs] = {}
		self._lateness: Lateness | None = None
		self._test: Backtest | None = None
		self._tested = 0
		self._correction = CashCorrection()
		self._cash = [[0.0] * (WEEKS + 1), [0.0] * (WEEKS + 1)]

	def add(self, settled: Iterable[Settlement]) -> None:
		"""Take in how invoices were paid."""
		self._lines += [self._compact(line) for line in trade_lines(settled)]

	def _compact(self, line: TradeLine) -> TradeLine:
		"""Return *line* without what grading does not need; one object for all lines of a day."""
		customer, _reference, issued, due, amount, settled_on, disputed, outstanding = line
		days = self._days
		issued = days.setdefault(issued, issued)
		due = days.setdefault(due, due)
		if settled_on is not None:
			settled_on, outstanding = days.setdefault(settled_on, settled_on), None
		return TradeLine(customer, "", issued, due, amount, settled_on, disputed, outstanding)

	def learn(self) -> None:
		"""Learn from what was added, and test it; the lines are not needed after that."""
		settings = self.scorecard.settings
		self._lateness = learn(self._lines, self.as_of, settings.histogram())
		self._inputs = measure(self._lines, self.as_of, settings, self._lateness)
		tested = sample(self._lines, TESTED)
		self._tested = len({line.customer for line in tested})
		self._test = backtest(tested, self.scorecard) if tested else None
		self._correction = self._learn_correction(tested)
		self._lines, self._days = [], {}

	def _learn_correction(self, lines: Sequence[TradeLine]) -> CashCorrection:
		"""Return what forecasts of the last weeks teach, made on the same day of the week."""
		lines = [line for line in lines if not line.disputed]
		days = [self.as_of - timedelta(days=DAYS_A_WEEK * ago) for ago in range(LEARNT_WEEKS, 0, -1)]
		replay = PaymentReplay(lines, self.scorecard.settings.histogram())
		return learn_correction(past_forecasts(replay, days), self.as_of)

	def account(self, customer: str, items: Sequence[OpenItem]) -> AccountCredit:
		"""Return a customer's grade, and when each of its open *items* is expected."""
		lateness = self._lateness
		inputs = self._inputs.get(customer)
		if inputs is None:
			inputs = no_history(self.as_of, self.scorecard.settings, lateness.p_late(customer))
		lines = [_open_line(item) for item in items]
		owed = [line for line in lines if line]
		for sums, found in zip(
			self._cash,
			(expected_cash(lateness, owed, self.as_of, WEEKS), due_date_cash(owed, self.as_of, WEEKS)),
			strict=True,
		):
			for week, amount in enumerate((*found.weeks, found.later)):
				sums[week] += amount
		distribution = lateness.of(customer) if owed else None
		expected = [expect(distribution, line.due, self.as_of) if line else None for line in lines]
		return AccountCredit(assess(inputs, self.scorecard), inputs, expected)

	def company(self) -> CompanyCredit:
		"""Return the figures of all accounts asked for so far."""
		expected, by_due_date = (ExpectedCash(sums[:WEEKS], sums[WEEKS]) for sums in self._cash)
		return CompanyCredit(
			self._correction.corrected(expected),
			by_due_date,
			self._correction,
			self._test,
			len(self._inputs),
			self._tested,
		)


def _open_line(item: OpenItem) -> TradeLine | None:
	"""Return what is owed of an item, with its effective due date; None for money the customer has with us."""
	if item.is_credit:
		return None
	due = BUSINESS_DAYS.effective(item.due_date)
	return TradeLine(item.customer, item.voucher.name, item.posting_date, due, float(item.base_outstanding))
