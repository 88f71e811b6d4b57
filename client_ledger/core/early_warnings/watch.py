"""A company watched: its past walked through, the record of each signal, the score, and what is raised today.

For a ledger that fits into memory as it is; a site adds its customers to WarningReplay and CompanyTotals in chunks instead.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.payment_replay import sample
from client_ledger.core.early_warnings.catalogue import BY_CODE, CUSTOMER_SIGNALS
from client_ledger.core.early_warnings.company import (
	CompanyTotals,
	company_facts,
	company_records,
	company_warnings,
)
from client_ledger.core.early_warnings.defaults import find_defaults
from client_ledger.core.early_warnings.facts import (
	RECENT_DAYS,
	CompanyFacts,
	GivenGrade,
	WarningEvents,
	WarningFacts,
	by_customer,
)
from client_ledger.core.early_warnings.grades import given_grades
from client_ledger.core.early_warnings.lift import TOP_SHARE, TopTenth, top_tenths
from client_ledger.core.early_warnings.record import SignalRecord, SignalVerdict
from client_ledger.core.early_warnings.replay import (
	LOOK_DAYS,
	SCORE_EVERY,
	ReplayResult,
	WarningReplay,
	company_days,
	look_days,
)
from client_ledger.core.early_warnings.score import WarningScore, learn_score, walk_forward
from client_ledger.core.early_warnings.signals import RaisedSignal, Signal
from client_ledger.core.early_warnings.walk import CustomerWalk

_STEP = LOOK_DAYS * SCORE_EVERY


@dataclass(frozen=True, slots=True)
class WatchedCompany:
	"""What the past says and what is raised today. records: of all signals, the company's too. scores: P(turns bad) of each customer that
	is not bad today, empty where nothing could be learnt. early, everybody: how the score ranked, and simpler rankings. tested, invoices: how
	many the past was made of, of how many."""

	result: ReplayResult
	records: Mapping[str, SignalRecord]
	facts: CompanyFacts
	company_now: Sequence[RaisedSignal]
	score: WarningScore | None
	scores: Mapping[Hashable, float]
	early: Sequence[TopTenth]
	everybody: Sequence[TopTenth]
	now: Sequence[RaisedSignal]
	facts_now: Mapping[Hashable, WarningFacts]
	tested: int
	invoices: int

	def riskiest(self, most: int = 20) -> list[Hashable]:
		"""Return the customers likeliest to turn bad, of those that are not, the likeliest first: the top tenth, *most* at most."""
		ranked = sorted(self.scores, key=lambda name: (-self.scores[name], str(name)))
		return ranked[: min(most, max(1, round(TOP_SHARE * len(ranked))))] if ranked else []

	@property
	def on(self) -> set[str]:
		"""Return the codes of the signals that are on: those that beat the base rate, and the company's while they are unproven."""
		return {code for code, record in self.records.items() if is_on(BY_CODE[code], record)}


def is_on(signal: Signal, record: SignalRecord) -> bool:
	"""Return whether a signal is on by its record, where nobody switched it."""
	return record.is_on or (signal.on_unproven and record.verdict is SignalVerdict.TOO_FEW)


def watch_company(events: WarningEvents, until: date, most: int | None = None) -> WatchedCompany:
	"""Return what early warnings say of a company at the end of *until*. Grades are made where *events* has none.

	most: of about how many invoices the past is made; what is raised today is of all. A company without an invoice has nothing to say: every
	record is empty.
	"""
	lines = list(known(events.lines, until))
	first = min((line.issued for line in lines), default=until)
	looks = company_days(lines, look_days(first, until))
	tested = sample(lines, most) if most else lines
	past = {line.customer for line in tested}
	graded = events.grades or _grades(lines, tested, first, until)
	events = replace(events, lines=lines, grades=graded)
	in_default = find_defaults(lines, events.defaults)
	replay, latest = (WarningReplay(of, until, in_default=in_default) for of in (looks, looks[-1:]))
	totals = CompanyTotals(until, looks[-1].serious_days if looks else 0)
	for customer, own in by_customer(events):
		walk = CustomerWalk(customer, own)
		totals.add(walk)
		(replay if customer in past else latest).add(customer, own, walk)
	result, rest = replay.result(), latest.result()
	warnings, now = company_warnings(totals)
	scored = walk_forward(result.rows, looks)
	score = learn_score(result.rows, looks, scored)
	facts = {**result.facts_now, **rest.facts_now}
	return WatchedCompany(
		result=result,
		records={
			**result.records([one.code for one in CUSTOMER_SIGNALS]),
			**company_records(totals, warnings),
		},
		facts=company_facts(totals),
		company_now=now,
		score=score,
		scores={name: score.of(one) for name, one in facts.items() if not one.is_bad} if score else {},
		early=top_tenths(result.rows, scored),
		everybody=top_tenths(result.rows, scored, early=False),
		now=[*result.now, *rest.now],
		facts_now=facts,
		tested=len(tested),
		invoices=len(lines),
	)


def _grades(
	lines: Sequence[TradeLine], tested: Sequence[TradeLine], first: date, until: date
) -> list[GivenGrade]:
	"""Return grades of the past of those tested, and of all others what today and its comparison need."""
	days = grade_days(first, until)
	if len(tested) == len(lines):
		return list(given_grades(lines, days))
	past = {line.customer for line in tested}
	compared = [day for day in days if day <= until - timedelta(days=RECENT_DAYS)][-1:]
	everybody = given_grades(lines, [*compared, until])
	return [*given_grades(tested, days), *(one for one in everybody if one.customer not in past)]


def grade_days(first: date, until: date) -> list[date]:
	"""Return the days grades are made for: every fourth week of those looked at, and of the ninety days before the first one."""
	found, day = [], until
	looks = look_days(first, until)
	while looks and day >= max(looks[0] - timedelta(days=RECENT_DAYS + _STEP), first):
		found.append(day)
		day -= timedelta(days=_STEP)
	return found[::-1]
