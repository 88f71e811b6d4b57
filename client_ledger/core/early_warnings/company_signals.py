"""Signals about the company's receivables as a whole. One company has too few months to measure them: they are judgement, and say so."""

from client_ledger.core.controls.control import parameter
from client_ledger.core.early_warnings.facts import CompanyFacts
from client_ledger.core.early_warnings.messages import amount, days, share
from client_ledger.core.early_warnings.signals import (
	Found,
	ProposedAction,
	SignalScope,
	SignalSeverity,
	Values,
	signal,
)
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

OVERDUE_UP = marked("{0} of the receivable is overdue, against {1} on average at the last {2} month ends.")
SALES_DOWN = marked("Sales of the last 30 days were {0}, against {1} on average in the {2} months before.")
SALES_DOWN_YEAR = marked(
	"Sales of the last 30 days were {0}, against {1} on average in the {2} months before and {3} a year ago."
)
DSO_UP = marked("DSO is {0} days, against {1} days on average at the last {2} month ends.")
CONCENTRATED = marked(
	"The five largest owe {0} of the receivable, against {1} on average; the largest is {2} with {3}."
)

# Months without which nothing is usual.
_LEAST_MONTHS = 6


def _score(value: float, usual: float, spread: float, least: float) -> float:
	"""Return how many standard deviations a value is above its usual one; least: what the spread is at least."""
	return (value - usual) / max(spread, least)


_DEVIATIONS = parameter("deviations", marked("Standard Deviations from Usual"), 2, 1, 5, whole=False)
_COMMON = {"scope": SignalScope.COMPANY, "parameters": (_DEVIATIONS,), "on_unproven": True}


@signal(
	"company_overdue_surge",
	name=marked("Overdue Surge"),
	meaning=marked("The overdue share of the receivable against the last twelve month ends."),
	**_COMMON,
)
def overdue_surge(facts: CompanyFacts, values: Values) -> Found | None:
	"""Fire where the overdue share is well above its usual one."""
	if facts.months < _LEAST_MONTHS:
		return None
	above = _score(facts.overdue_share, facts.usual_overdue_share, facts.spread_overdue_share, 0.02)
	if above < values["deviations"]:
		return None
	because = Because(
		OVERDUE_UP, (share(facts.overdue_share), share(facts.usual_overdue_share), facts.months)
	)
	return Found(because, SignalSeverity.HIGH, ProposedAction.REVIEW)


@signal(
	"company_sales_drop",
	name=marked("Sales Drop"),
	meaning=marked(
		"Sales of 30 days against the twelve months before, and against the same days a year ago."
	),
	**_COMMON,
)
def sales_drop(facts: CompanyFacts, values: Values) -> Found | None:
	"""Fire where sales are well below usual, and below those of a year ago: a season is no drop."""
	if facts.months < _LEAST_MONTHS or not facts.usual_sales:
		return None
	below = -_score(facts.sales, facts.usual_sales, facts.spread_sales, 0.08 * facts.usual_sales)
	year_ago = facts.sales_year_ago
	if below < values["deviations"] or (year_ago is not None and facts.sales > 0.9 * year_ago):
		return None
	shown = (amount(facts.sales), amount(facts.usual_sales), facts.months)
	because = (
		Because(SALES_DOWN, shown)
		if year_ago is None
		else Because(SALES_DOWN_YEAR, (*shown, amount(year_ago)))
	)
	return Found(because, SignalSeverity.MEDIUM, ProposedAction.REVIEW)


@signal(
	"company_dso",
	name=marked("DSO Up"),
	meaning=marked("DSO of the last 90 days of sales against its own last twelve month ends."),
	**_COMMON,
)
def dso_up(facts: CompanyFacts, values: Values) -> Found | None:
	"""Fire where DSO is well above its usual one."""
	if facts.months < _LEAST_MONTHS or facts.dso is None:
		return None
	if _score(facts.dso, facts.usual_dso, facts.spread_dso, 1.0) < values["deviations"]:
		return None
	because = Because(DSO_UP, (days(facts.dso), days(facts.usual_dso), facts.months))
	return Found(because, SignalSeverity.MEDIUM, ProposedAction.REVIEW)


@signal(
	"company_concentration",
	name=marked("Concentration"),
	meaning=marked("How much of the receivable the five largest debtors owe."),
	scope=SignalScope.COMPANY,
	on_unproven=True,
	parameters=(
		parameter("share", marked("Share of the Five Largest"), 50, 10, 100, "%"),
		parameter("points", marked("Above Its Usual Share"), 10, 0, 90, "%"),
	),
)
def concentration(facts: CompanyFacts, values: Values) -> Found | None:
	"""Fire where few customers owe much, and more than usual. Five customers or fewer always owe everything."""
	if facts.months < _LEAST_MONTHS or facts.customers <= 10 or not facts.largest:
		return None
	above = 100 * (facts.largest_share - facts.usual_largest_share)
	if 100 * facts.largest_share < values["share"] or above < values["points"]:
		return None
	largest, owed = facts.largest[0]
	because = Because(
		CONCENTRATED,
		(share(facts.largest_share), share(facts.usual_largest_share), str(largest), amount(owed)),
	)
	return Found(because, SignalSeverity.MEDIUM, ProposedAction.REVIEW)


COMPANY_SIGNALS = (overdue_surge, sales_drop, dso_up, concentration)
