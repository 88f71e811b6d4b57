"""Signals about what a customer buys, contests, promises and reads, about its limit and grade, and about whom it shares data with."""

from client_ledger.core.controls.chance import larger_share, more_often
from client_ledger.core.controls.control import parameter
from client_ledger.core.early_warnings.customer_signals import UNLIKELY
from client_ledger.core.early_warnings.facts import ORDER_DAYS, WarningFacts
from client_ledger.core.early_warnings.messages import amount, share
from client_ledger.core.early_warnings.signals import (
	Found,
	ProposedAction,
	SignalSeverity,
	Values,
	signal,
)
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

FALLEN = marked("{0} orders in the last 60 days, where its own rhythm is {1} ({2} in the {3} days before).")
SURGED = marked("{0} orders in the last 60 days, against its own rhythm of {1} ({2} in the {3} days before).")
LIMIT_USED = marked("{0} of the credit limit of {1} is used: {2}.")
GRADE_FELL = marked("The grade fell from {0} to {1} within 90 days.")
CAPPED = marked("The grade was lowered to {0} by a rule: old items are material.")
CONTESTED = marked(
	"{0} credit notes and disputes on {1} invoices in the last 90 days; {2} on {3} in the year before."
)
BROKEN = marked("{0} promises broken in the last 90 days, for {1}.")
UNREAD = marked("The last {0} statements were not opened; {1} were before.")
SHARED = marked("Shares data with a customer in default: {0} ({1}).")

# Rhythm is told only of who ordered at least so often, over at least so many days.
_LEAST_ORDERS, _LEAST_DAYS = 8, 120


@signal(
	"orders_fallen",
	name=marked("Orders Fallen"),
	meaning=marked(
		"Fewer orders than the customer's own rhythm explains (exact test of two counts); invoices where no orders are kept."
	),
	parameters=(parameter("chance", marked("Chance at Most"), 1, "0.1", 10, "%", whole=False),),
)
def orders_fallen(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where a customer orders less often than before."""
	usual = _usual_orders(facts)
	if usual is None or facts.orders_recent >= usual:
		return None
	# That few lately is as unlikely as that many before.
	chance = more_often(facts.orders_before, facts.order_days, facts.orders_recent, ORDER_DAYS)
	if 100 * chance > values["chance"]:
		return None
	return Found(_rhythm(FALLEN, facts, usual), SignalSeverity.MEDIUM, ProposedAction.VISIT)


@signal(
	"orders_surged",
	name=marked("Orders Surged"),
	meaning=marked(
		"More orders than the customer's own rhythm explains: buying ahead of a stop, or growth beyond its means."
	),
	parameters=(parameter("chance", marked("Chance at Most"), 1, "0.1", 10, "%", whole=False),),
)
def orders_surged(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where a customer orders more often than before."""
	usual = _usual_orders(facts)
	if usual is None or facts.orders_recent <= usual:
		return None
	chance = more_often(facts.orders_recent, ORDER_DAYS, facts.orders_before, facts.order_days)
	if 100 * chance > values["chance"]:
		return None
	return Found(_rhythm(SURGED, facts, usual), SignalSeverity.LOW, ProposedAction.REVIEW)


def _usual_orders(facts: WarningFacts) -> float | None:
	"""Return how many orders sixty days usually have, None where that is not known."""
	if facts.orders_before < _LEAST_ORDERS or facts.order_days < _LEAST_DAYS:
		return None
	return facts.orders_before / facts.order_days * ORDER_DAYS


def _rhythm(message: str, facts: WarningFacts, usual: float) -> Because:
	return Because(message, (facts.orders_recent, f"{usual:.1f}", facts.orders_before, facts.order_days))


@signal(
	"limit_nearly_used",
	name=marked("Credit Limit Nearly Used"),
	meaning=marked("Open items, with orders and deliveries where they are read, against the credit limit."),
	parameters=(parameter("share", marked("Used of the Limit"), 90, 50, 100, "%"),),
	needs=marked("Credit limits"),
)
def limit_nearly_used(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where the exposure is close to the limit or above it."""
	used = facts.utilisation
	if used is None or 100 * used < values["share"]:
		return None
	because = Because(LIMIT_USED, (share(used), amount(facts.limit), amount(facts.exposure)))
	return Found(
		because, SignalSeverity.HIGH if used > 1 else SignalSeverity.MEDIUM, ProposedAction.PREPAYMENT
	)


@signal(
	"grade_fallen",
	name=marked("Grade Fallen"),
	meaning=marked("The credit grade is worse than 90 days ago, or was newly lowered by a rule."),
	parameters=(parameter("steps", marked("Grades Lower"), 1, 1, 4),),
	needs=marked("Credit grades"),
)
def grade_fallen(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where the grade fell, or a cap came."""
	if facts.grade_place is None or facts.place_before is None:
		return None
	fell = facts.grade_place - facts.place_before
	if fell >= values["steps"]:
		because = Because(GRADE_FELL, (facts.grade_before, facts.grade))
		severe = SignalSeverity.HIGH if fell > 1 else SignalSeverity.MEDIUM
		return Found(because, severe, ProposedAction.LOWER_LIMIT)
	if facts.is_capped and not facts.was_capped:
		return Found(Because(CAPPED, (facts.grade,)), SignalSeverity.MEDIUM, ProposedAction.HOLD)
	return None


@signal(
	"contested_more",
	name=marked("Credit Notes and Disputes Rising"),
	meaning=marked("More credit notes and disputes per invoice than before (Fisher's exact test)."),
	parameters=(parameter("least", marked("Credit Notes and Disputes"), 2, 1, 20),),
	needs=marked("Credit notes or disputes"),
)
def contested_more(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where more is contested than before, by more than chance explains."""
	if facts.contested_recent < values["least"] or not facts.billed_before:
		return None
	chance = larger_share(
		facts.contested_recent,
		facts.contested_recent + facts.billed_recent,
		facts.contested_before,
		facts.contested_before + facts.billed_before,
	)
	if chance > UNLIKELY:
		return None
	because = Because(
		CONTESTED, (facts.contested_recent, facts.billed_recent, facts.contested_before, facts.billed_before)
	)
	return Found(because, SignalSeverity.MEDIUM, ProposedAction.CALL)


@signal(
	"promises_broken",
	name=marked("Promises Broken"),
	meaning=marked("Promises to pay that were not kept in the last 90 days."),
	parameters=(parameter("least", marked("Promises"), 1, 1, 10),),
	needs=marked("Promises to pay"),
)
def promises_broken(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where promises were broken."""
	if facts.broken_recent < values["least"]:
		return None
	because = Because(BROKEN, (facts.broken_recent, amount(facts.broken_amount)))
	severe = SignalSeverity.HIGH if facts.broken_recent > 1 else SignalSeverity.MEDIUM
	return Found(because, severe, ProposedAction.HOLD)


@signal(
	"statements_unread",
	name=marked("Statements Unread"),
	meaning=marked("Who used to open statements does not open them any more."),
	parameters=(parameter("least", marked("Unread in a Row"), 3, 2, 12),),
	needs=marked("Statements that can be seen to be read"),
)
def statements_unread(facts: WarningFacts, values: Values) -> Found | None:
	"""Fire where the last statements were not opened, and earlier ones were. Never opening any says nothing."""
	if facts.unread < values["least"] or facts.read_before < 2:
		return None
	because = Because(UNREAD, (facts.unread, facts.read_before))
	return Found(because, SignalSeverity.LOW, ProposedAction.CALL)


@signal(
	"shares_with_default",
	name=marked("Shares Data with a Customer in Default"),
	meaning=marked(
		"Bank account, tax number, address, e-mail or phone in common with a customer in default."
	),
	needs=marked("Master data of customers"),
)
def shares_with_default(facts: WarningFacts, _values: Values) -> Found | None:
	"""Fire where data is shared with a customer in default."""
	if not facts.shared_with:
		return None
	other, what = facts.shared_with[0]
	return Found(Because(SHARED, (str(other), what)), SignalSeverity.HIGH, ProposedAction.REVIEW)


TRADING = (
	orders_fallen,
	orders_surged,
	limit_nearly_used,
	grade_fallen,
	contested_more,
	promises_broken,
	statements_unread,
	shares_with_default,
)
