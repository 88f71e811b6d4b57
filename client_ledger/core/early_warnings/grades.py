"""Grades of past days for early warnings, where none are stored: each made from what was known on its day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from client_ledger.core.credit.assessment import assess
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.measures import measure
from client_ledger.core.credit.payment_replay import PaymentReplay
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.core.early_warnings.facts import GivenGrade


def given_grades(
	lines: Sequence[TradeLine], days: Iterable[date], scorecard: Scorecard | None = None
) -> Iterator[GivenGrade]:
	"""Yield the grade of every customer known at the end of each of *days* (in order). Disputed lines are left out."""
	scorecard = scorecard or Scorecard()
	places = {grade: place for place, grade in enumerate(scorecard.grades)}
	lines = [line for line in lines if not line.disputed]
	replay = PaymentReplay(lines, scorecard.settings.histogram())
	for day in days:
		replay.advance(day)
		for customer, inputs in measure(lines, day, scorecard.settings, replay.lateness(day)).items():
			made = assess(inputs, scorecard)
			is_capped = made.grade != made.scored_grade
			yield GivenGrade(customer, day, made.grade, places.get(made.grade), made.score, is_capped)
