"""Signals about how a customer pays: slower, in part, later and later, for the first time."""

from client_ledger.core.controls.chance import larger_share
from client_ledger.core.controls.control import parameter
from client_ledger.core.early_warnings.facts import WarningFacts
from client_ledger.core.early_warnings.messages import amount, days, share
from client_ledger.core.early_warnings.signals import (
	Found,
	ProposedAction,
	SignalSeverity,
	Values,
	signal,
)
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

DRIFTING = marked(
	"Paid {0} days late on average in the last 90 days ({1} items), against {2} days in the year before ({3} items)."
)
SLOWER_AND_MORE = marked(
	"Owes {0}, {1} times the usual {2}, and pays {3} days later than in the year before."
)
IN_PART = marked(
	"{0} part payments in the last 90 days beside {1} invoices paid in full; in the year before {2} beside {3}."
)
ROLLING = marked(
	"{0} of the {1} overdue 30 days ago is still open: {2} of the balance is more than 30 days overdue."
)
FIRST = marked(
	"First overdue of a good payer: {0} open for {1} days past due; of {2} invoices paid in the last year {3} were more than 5 days late, the latest by {4} days."
)

# P-value below which two rates of one customer differ.
UNLIKELY = 0.05
_STANDARD_ERRORS = 2.0


@signal(
	"days_late_drifting",
	name=marked("Pays Later and Later"),
	meaning=marked(
		"Days late of the last 90 days against the customer's own year before, in its own spread."
	),
	parameters=(
		parameter("days", marked("Days Later than Before"), 5, 1, 60, marked("days")),
		parameter("least", marked("Payments in Each Period"), 3, 2, 50),
	),
)
def days_late_drifting(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where the customer pays later than its own past by more than its own spread explains."""
	if min(facts.recent_count, facts.before_count) < values["least"]:
		return None
	if facts.slower < values["days"] or facts.drift < _STANDARD_ERRORS:
		return None
	because = Because(
		DRIFTING, (days(facts.recent_late), facts.recent_count, days(facts.before_late), facts.before_count)
	)
	is_much = facts.slower >= 3 * values["days"]
	return Found(because, SignalSeverity.HIGH if is_much else SignalSeverity.MEDIUM, ProposedAction.CALL)


@signal(
	"exposure_up_paying_slower",
	name=marked("Owes More and Pays Slower"),
	meaning=marked("The balance is well above its usual month end while payments come later than before."),
	parameters=(
		parameter("times", marked("Times the Usual Balance"), "1.5", "1.1", 10, whole=False),
		parameter("days", marked("Days Later than Before"), 3, 1, 60, marked("days")),
	),
)
def exposure_up_paying_slower(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where both the balance and the days late are above the customer's own usual ones."""
	if not facts.usual_balance or min(facts.recent_count, facts.before_count) < 3:
		return None
	times = facts.balance / facts.usual_balance
	if times < values["times"] or facts.slower < values["days"]:
		return None
	values_ = (amount(facts.balance), days(times), amount(facts.usual_balance), days(facts.slower))
	return Found(Because(SLOWER_AND_MORE, values_), SignalSeverity.HIGH, ProposedAction.LOWER_LIMIT)


@signal(
	"part_payments",
	name=marked("Pays in Part"),
	meaning=marked("Part payments where the customer used to pay in full (Fisher's exact test)."),
	parameters=(parameter("least", marked("Part Payments"), 2, 1, 20),),
)
def part_payments(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where the share of part payments is larger than it was, by more than chance explains."""
	if facts.parts_recent < values["least"] or not facts.full_before:
		return None
	chance = larger_share(
		facts.parts_recent,
		facts.parts_recent + facts.full_recent,
		facts.parts_before,
		facts.parts_before + facts.full_before,
	)
	if chance > UNLIKELY:
		return None
	because = Because(IN_PART, (facts.parts_recent, facts.full_recent, facts.parts_before, facts.full_before))
	return Found(because, SignalSeverity.MEDIUM, ProposedAction.CALL)


@signal(
	"rolling",
	name=marked("Rolls from Range to Range"),
	meaning=marked("What was overdue a month ago is mostly still open: items grow old together."),
	parameters=(
		parameter("share", marked("Still Open of What Was Overdue"), 50, 10, 100, "%"),
		parameter("balance", marked("Share of the Balance"), 10, 1, 100, "%"),
	),
)
def rolling(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where most of last month's overdue amount rolled on, and it is material."""
	if not facts.overdue_before or not facts.balance or not facts.rolled:
		return None
	rolled, material = facts.rolled / facts.overdue_before, facts.rolled / facts.balance
	if 100 * rolled < values["share"] or 100 * material < values["balance"]:
		return None
	because = Because(
		ROLLING,
		(amount(facts.rolled), amount(max(facts.overdue_before, facts.rolled)), share(min(material, 1.0))),
	)
	severe = SignalSeverity.HIGH if material >= 0.5 else SignalSeverity.MEDIUM
	return Found(because, severe, ProposedAction.HOLD)


@signal(
	"first_overdue",
	name=marked("First Overdue of a Good Payer"),
	meaning=marked("Who always paid on time has an item open for longer than it ever took."),
	parameters=(
		parameter("least", marked("Invoices Paid in a Year"), 6, 3, 100),
		parameter("late", marked("Late of Them at Most"), 5, 0, 50, "%"),
	),
)
def first_overdue(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where a punctual customer has an item that is overdue for longer than any of its last year."""
	if facts.year_count < values["least"]:
		return None
	if 100 * facts.year_late_count > values["late"] * facts.year_count:
		return None
	if facts.oldest_days <= max(facts.year_latest, 5):
		return None
	because = Because(
		FIRST,
		(
			amount(facts.oldest_amount),
			facts.oldest_days,
			facts.year_count,
			facts.year_late_count,
			max(facts.year_latest, 0),
		),
	)
	return Found(because, SignalSeverity.LOW, ProposedAction.CALL)


PAYING = (days_late_drifting, exposure_up_paying_slower, part_payments, rolling, first_overdue)
