"""A company watched: its past walked through, the record of each signal, the score, and what is raised today.

For a ledger that fits into memory as it is; a site adds its customers to WarningReplay and CompanyTotals in chunks instead.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from client_ledger.core.credit.lateness import known
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS
from client_ledger.core.early_warnings.company import (
	CompanyTotals,
	company_facts,
	company_records,
	company_warnings,
)
from client_ledger.core.early_warnings.defaults import find_defaults
from client_ledger.core.early_warnings.facts import RECENT_DAYS, CompanyFacts, WarningEvents, by_customer
from client_ledger.core.early_warnings.grades import given_grades
from client_ledger.core.early_warnings.lift import TopTenth, top_tenths
from client_ledger.core.early_warnings.record import SignalRecord
from client_ledger.core.early_warnings.replay import (
	LOOK_DAYS,
	SCORE_EVERY,
	ReplayResult,
	WarningReplay,
	company_days,
	look_days,
)
from client_ledger.core.early_warnings.score import WarningScore, learn_score, walk_forward
from client_ledger.core.early_warnings.signals import RaisedSignal
from client_ledger.core.early_warnings.walk import CustomerWalk

_STEP = LOOK_DAYS * SCORE_EVERY


@dataclass(frozen=True, slots=True)
class WatchedCompany:
	"""What the past says and what is raised today. records: of all signals, the company's too. scores: P(turns bad) of each customer that
	is not bad today, None where nothing could be learnt. early, everybody: how the score ranked, and simpler rankings."""

	result: ReplayResult
	records: Mapping[str, SignalRecord]
	facts: CompanyFacts
	company_now: Sequence[RaisedSignal]
	score: WarningScore | None
	scores: Mapping[Hashable, float]
	early: Sequence[TopTenth]
	everybody: Sequence[TopTenth]

	@property
	def on(self) -> set[str]:
		"""Return the codes of the signals that are on: those that beat the base rate, and the company's as long as it is unproven."""
		company = {one.signal for one in self.company_now}
		return {code for code, record in self.records.items() if record.is_on or code in company}


def watch_company(events: WarningEvents, until: date) -> WatchedCompany:
	"""Return what early warnings say of a company at the end of *until*. Without grades in *events*, they are made for every fourth week.

	A company without an invoice has nothing to say: every record is empty.
	"""
	lines = list(known(events.lines, until))
	first = min((line.issued for line in lines), default=until)
	looks = company_days(lines, look_days(first, until))
	graded = events.grades or list(given_grades(lines, grade_days(first, until)))
	events = replace(events, lines=lines, grades=graded)
	replay = WarningReplay(looks, until, in_default=find_defaults(lines, events.defaults))
	totals = CompanyTotals(until, looks[-1].serious_days if looks else 0)
	for customer, own in by_customer(events):
		walk = CustomerWalk(customer, own)
		totals.add(walk)
		if looks:
			replay.add(customer, own, walk)
	result = replay.result()
	past, now = company_warnings(totals)
	scored = walk_forward(result.rows, looks)
	score = learn_score(result.rows, looks, scored)
	return WatchedCompany(
		result,
		{**result.records([one.code for one in CUSTOMER_SIGNALS]), **company_records(totals, past)},
		company_facts(totals),
		now,
		score,
		{name: score.of(facts) for name, facts in result.facts_now.items() if not facts.is_bad}
		if score
		else {},
		top_tenths(result.rows, scored),
		top_tenths(result.rows, scored, early=False),
	)


def grade_days(first: date, until: date) -> list[date]:
	"""Return the days grades are made for: every fourth week of those looked at, and of the ninety days before the first one."""
	found, day = [], until
	looks = look_days(first, until)
	while looks and day >= max(looks[0] - timedelta(days=RECENT_DAYS + _STEP), first):
		found.append(day)
		day -= timedelta(days=_STEP)
	return found[::-1]
