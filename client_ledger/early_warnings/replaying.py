"""The past of a company's ledger walked through: what warnings there would have been, what became of them, how well the score did.

Done before warnings are switched on, and again every month: it makes the records by which signals are on or off. A background job;
customers are read in batches and forgotten, so that memory does not grow with the ledger.
"""

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS, SIGNALS
from client_ledger.core.early_warnings.company import CompanyTotals, company_records, company_warnings
from client_ledger.core.early_warnings.defaults import Defaults, find_defaults
from client_ledger.core.early_warnings.facts import CompanyDay, GivenGrade
from client_ledger.core.early_warnings.grades import given_grades
from client_ledger.core.early_warnings.lift import RANKINGS, TopTenth, top_tenths
from client_ledger.core.early_warnings.record import SignalRecord
from client_ledger.core.early_warnings.replay import ReplayResult, WarningReplay, company_days, look_days
from client_ledger.core.early_warnings.score import WarningScore, learn_score, walk_forward
from client_ledger.core.early_warnings.walk import CustomerWalk
from client_ledger.core.early_warnings.watch import grade_days
from client_ledger.credit.grades.scorecards import active_scorecard
from client_ledger.credit.grades.trade import company_lines
from client_ledger.early_warnings import reading, signals
from client_ledger.early_warnings.shared_data import shared_with
from client_ledger.site.doctypes import WARNING_SETUP
from client_ledger.site.jobs import TITLE_LENGTH

NOT_REPLAYED, REPLAYING, REPLAYED, FAILED = "Not Replayed", "Replaying", "Replayed", "Failed"
# A replay that has not ended by then never will: its worker is gone.
SECONDS = 3600


def replay_or_say_why(company: str) -> None:
	"""Replay, and note on the setup of *company* where that failed. A job. Commits."""
	try:
		replay(company, getdate())
	except Exception as error:
		frappe.db.rollback()
		frappe.log_error(title=f"{company}: early warnings not replayed"[:TITLE_LENGTH])
		frappe.db.set_value(
			WARNING_SETUP, company, {"status": FAILED, "problem": f"{type(error).__name__}: {error}"[:500]}
		)
		frappe.db.commit()  # nosemgrep: why it failed


def replay(company: str, today: date) -> dict[str, SignalRecord]:
	"""Walk through the past of *company*, and keep records, score and summary; return the records. Commits."""
	began = time.monotonic()
	lines = company_lines(company, today)
	first = min((line.issued for line in lines), default=None)
	looks = company_days(lines, look_days(first, today)) if first else []
	if not looks:
		# What an earlier replay said of a longer ledger holds no more.
		signals.store_records(company, {})
		_store(company, {"until": today.isoformat(), "looks": 0, "signals": []}, began)
		return {}
	result, totals = _walk(company, today, lines, looks, first)
	past, _now = company_warnings(totals, parameters=signals.parameters_set())
	found = {
		**result.records(one.code for one in CUSTOMER_SIGNALS),
		**company_records(totals, past),
	}
	scored = walk_forward(result.rows, looks)
	score = learn_score(result.rows, looks, scored)
	signals.store_records(company, found)
	summary = _summary(result, found, score, top_tenths(result.rows, scored))
	_store(company, summary, began, score, looks[-1].serious_days)
	return found


def _walk(
	company: str, today: date, lines: Sequence[TradeLine], looks: Sequence[CompanyDay], first: date
) -> tuple[ReplayResult, CompanyTotals]:
	defaults = find_defaults(lines, reading.declared_defaults(company))
	found = WarningReplay(looks, today, parameters=signals.parameters_set(), in_default=defaults)
	totals = CompanyTotals(today, looks[-1].serious_days)
	shared, grades = _shared(company, defaults, lines, today), _missing_grades(company, lines, first, today)
	reader = reading.EventReader(company, today, shared, grades)
	for customer, events in reader.each(reading.customers_with_entries(company)):
		walk = CustomerWalk(customer, events)
		totals.add(walk)
		found.add(customer, events, walk)
	return found.result(), totals


def _shared(company: str, defaults: Defaults, lines: Sequence[TradeLine], today: date) -> dict:
	"""Return what customers share with one that ever was in default."""
	ever = {one.customer for one in reading.declared_defaults(company)}
	ever |= {line.customer for line in lines if line.settled_on is None and line.age(today) > 0}
	return shared_with({customer for customer in ever if defaults.is_in_default(customer, today)})


def _missing_grades(
	company: str, lines: Sequence[TradeLine], first: date, today: date
) -> dict[str, list[GivenGrade]]:
	"""Return grades of months of which none are stored: made from what was known then."""
	site = active_scorecard(company)
	stored = {(day.year, day.month) for day in reading.months_with_grades(company)}
	days = [day for day in grade_days(first, today) if (day.year, day.month) not in stored]
	if not site or not days:
		return {}
	found: dict[str, list[GivenGrade]] = defaultdict(list)
	for one in given_grades(lines, days, site.scorecard):
		found[one.customer].append(one)
	return found


def _summary(
	result: ReplayResult,
	found: dict[str, SignalRecord],
	score: WarningScore | None,
	early: Sequence[TopTenth],
) -> dict[str, Any]:
	now = defaultdict(int)
	for one in result.now:
		now[one.signal] += not one.was_bad
	proven = [code for code, record in found.items() if record.is_on]
	caught, turned = result.caught(proven)
	customers = sum(one.customers for one in result.base)
	return {
		"since": result.looks[0].day.isoformat(),
		"until": result.until.isoformat(),
		"looks": len(result.looks),
		"base_rate": sum(one.bad for one in result.base) / customers if customers else None,
		"turned_bad": turned,
		"warned": caught,
		"score": None
		if score is None
		else {"combined": score.is_combined, "rows": score.rows, "bad": score.bad},
		"rankings": [{**one.as_plain(), "label": dict(RANKINGS)[one.ranking]} for one in early],
		"signals": [
			{
				**found[one.code].as_plain(),
				"now": now[one.code],
				"name": one.name,
				"needs": one.needs,
				"scope": one.scope.value,
				"unproven": one.on_unproven,
			}
			for one in SIGNALS
			if one.code in found
		],
	}


def _store(
	company: str,
	summary: dict[str, Any],
	began: float,
	score: WarningScore | None = None,
	serious_days: int = 0,
) -> None:
	frappe.db.set_value(
		WARNING_SETUP,
		company,
		{
			"status": REPLAYED,
			"replay": json.dumps(summary, ensure_ascii=False, default=str),
			"replayed_on": now_datetime(),
			"seconds": round(time.monotonic() - began, 1),
			"problem": None,
			"score_model": json.dumps(score.as_plain()) if score else None,
			"serious_days": serious_days,
		},
	)
	frappe.db.commit()  # nosemgrep: what the past says


def score_of(company: str) -> WarningScore | None:
	"""Return the score that the last replay learnt, None where it could learn none."""
	text = frappe.db.get_value(WARNING_SETUP, company, "score_model")
	return WarningScore.from_plain(json.loads(text)) if text else None
