"""The KPIs: what each is called, its formula in words, what it takes, and how it is calculated.

A formula that has no answer says why: Missing, with a reason that `messages.reason` puts into words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from client_ledger.core.kpis.inputs import BUCKETS, MONTHS_BACK
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO

Inputs = Mapping[str, Decimal]
LARGEST = 5
_YEAR = Decimal(365)
_FULL = Decimal(100)


class MissingReason(str, Enum):
	"""Why a KPI has no value. The value is the English sentence."""

	NO_SALES = "There were no sales in these months."
	NEGATIVE_SALES = "Credit notes exceed the sales of these months."
	SHORT_HISTORY = "The sales before a month without sales do not cover the receivables."
	NOTHING_OWED = "Nothing is owed."
	NOTHING_TO_COLLECT = "There was nothing overdue to collect."
	NOTHING_PAID = "No invoice was settled in these months."
	NO_COHORT = "No invoice became 90 days overdue in these months."
	EMPTY_BUCKET = "There was nothing in this ageing range a month before."
	NO_PROMISE = "No promise fell due in these months."
	NO_DISPUTE = "No dispute was closed in these months."
	NOTHING_RECEIVED = "Nothing was received in these months."
	NO_TIME_LOGGED = "No time is logged for collecting."
	ONE_CUSTOMER = "Only one customer owes anything."
	NO_RATE = "Documents in a currency without an exchange rate: {0}."


class Missing(Exception):
	"""A formula has no answer."""

	def __init__(self, reason: MissingReason):
		super().__init__(reason.value)
		self.reason = reason


class Unit(str, Enum):
	"""What a KPI is measured in. The value is the English label."""

	DAYS = "days"
	PERCENT = "%"
	TIMES = "times a year"
	AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Definition:
	"""A KPI. formula: in words. inputs: names, one that ends with a colon stands for all of its places. better: what is better, "low",
	"high" or "" where neither is. is_amount: whether it needs amounts in company currency."""

	key: str
	label: str
	unit: Unit
	formula: str
	inputs: tuple[str, ...]
	compute: Callable[[Inputs], Decimal]
	better: str = "low"
	is_amount: bool = True

	def takes(self, name: str) -> bool:
		"""Return whether an input is one of the formula's."""
		return any(name == own or (own.endswith(":") and name.startswith(own)) for own in self.inputs)


def _of(inputs: Inputs, name: str) -> Decimal:
	return inputs.get(name, ZERO)


def _sales(inputs: Inputs) -> Decimal:
	sales = _of(inputs, "sales")
	if sales <= 0:
		raise Missing(MissingReason.NEGATIVE_SALES if sales else MissingReason.NO_SALES)
	return sales


def _ratio(
	above: str, below: str, reason: MissingReason, scale: Decimal = _FULL
) -> Callable[[Inputs], Decimal]:
	"""Return a formula that divides one input by another."""

	def compute(inputs: Inputs) -> Decimal:
		whole = _of(inputs, below)
		if whole <= 0:
			raise Missing(reason)
		return _of(inputs, above) / whole * scale

	return compute


def _days_of_sales(name: str) -> Callable[[Inputs], Decimal]:
	def compute(inputs: Inputs) -> Decimal:
		return _of(inputs, name) / _sales(inputs) * _of(inputs, "days")

	return compute


def count_back(receivable: Decimal, months: list[tuple[Decimal, Decimal]]) -> Decimal:
	"""Return DSO by count-back. months: (credit sales, days), the newest first.

	Each month's sales are taken off the receivables and its days are added, until less is left than a month sold: of that month the same
	part of its days. Raises Missing where a month without sales ends the count before.
	"""
	left, days = receivable, ZERO
	for sales, length in months:
		if left <= 0:
			break
		if sales <= 0:
			raise Missing(MissingReason.NEGATIVE_SALES if sales else MissingReason.SHORT_HISTORY)
		if left <= sales:
			return days + left / sales * length
		left -= sales
		days += length
	if left > 0:
		raise Missing(MissingReason.SHORT_HISTORY)
	return days


def _count_back(inputs: Inputs) -> Decimal:
	months = [(_of(inputs, f"sales:{place}"), _of(inputs, f"days:{place}")) for place in range(MONTHS_BACK)]
	return count_back(_of(inputs, "receivable"), months)


def _effectiveness(inputs: Inputs) -> Decimal:
	months = _of(inputs, "months")
	billed = _of(inputs, "opening") + _of(inputs, "sales") / months
	collectable = billed - _of(inputs, "current")
	if collectable <= 0:
		raise Missing(MissingReason.NOTHING_TO_COLLECT)
	return (billed - _of(inputs, "receivable")) / collectable * _FULL


def _turnover(inputs: Inputs) -> Decimal:
	average = (_of(inputs, "opening") + _of(inputs, "receivable")) / 2
	if average <= 0:
		raise Missing(MissingReason.NOTHING_OWED)
	return _sales(inputs) / average * _YEAR / _of(inputs, "days")


def _concentration(inputs: Inputs) -> Decimal:
	owed = sorted(
		(amount for name, amount in inputs.items() if name.startswith("owed:") and amount > 0), reverse=True
	)
	if not owed:
		raise Missing(MissingReason.NOTHING_OWED)
	if len(owed) == 1:
		raise Missing(MissingReason.ONE_CUSTOMER)
	return sum(owed[:LARGEST], ZERO) / sum(owed, ZERO) * _FULL


def _true_dso(inputs: Inputs) -> Decimal:
	if _of(inputs, "outstanding_counted") <= 0:
		raise Missing(MissingReason.NOTHING_OWED if not _of(inputs, "receivable") else MissingReason.NO_SALES)
	return _of(inputs, "outstanding_days")


def _roll(name: str) -> Definition:
	label = marked("Roll Rate, Not Due") if name == "0" else f"{marked('Roll Rate')}, {name}"
	return Definition(
		f"roll_{name}",
		label,
		Unit.PERCENT,
		marked(
			"What moved to a later ageing range within the month / what was in this range a month ago × 100"
		),
		(f"rolled:{name}", f"rolling:{name}"),
		_ratio(f"rolled:{name}", f"rolling:{name}", MissingReason.EMPTY_BUCKET),
	)


DEFINITIONS: tuple[Definition, ...] = (
	Definition(
		"receivable",
		marked("Receivable"),
		Unit.AMOUNT,
		marked(
			"Sum of the open items that customers owe; less unallocated amounts it is the balance of the General Ledger"
		),
		("receivable",),
		lambda inputs: _of(inputs, "receivable"),
	),
	Definition(
		"dso",
		marked("DSO"),
		Unit.DAYS,
		marked("Receivable / credit sales × days"),
		("receivable", "sales", "days"),
		_days_of_sales("receivable"),
	),
	Definition(
		"dso_count_back",
		marked("DSO by Count-Back"),
		Unit.DAYS,
		marked(
			"Receivable less the credit sales of the newest month, of the month before and so on; the days of the months used up, and of the last one the part that is left"
		),
		("receivable", "sales:", "days:"),
		_count_back,
	),
	Definition(
		"best_possible_dso",
		marked("Best Possible DSO"),
		Unit.DAYS,
		marked("Receivable not past due / credit sales × days"),
		("current", "sales", "days"),
		_days_of_sales("current"),
	),
	Definition(
		"average_days_delinquent",
		marked("Average Days Delinquent"),
		Unit.DAYS,
		marked("DSO less best possible DSO: overdue / credit sales × days"),
		("overdue", "sales", "days"),
		_days_of_sales("overdue"),
	),
	Definition(
		"true_dso",
		marked("True DSO"),
		Unit.DAYS,
		marked(
			"Sum over open invoices: days since the invoice × open amount / net credit sales of its month"
		),
		("outstanding_days", "outstanding_counted", "receivable"),
		_true_dso,
	),
	Definition(
		"collection_effectiveness",
		marked("Collection Effectiveness Index"),
		Unit.PERCENT,
		marked(
			"(Receivable at the start + credit sales / months − receivable) / (receivable at the start + credit sales / months − receivable not past due) × 100"
		),
		("opening", "sales", "months", "receivable", "current"),
		_effectiveness,
		"high",
	),
	Definition(
		"turnover",
		marked("Receivables Turnover"),
		Unit.TIMES,
		marked("Credit sales / mean of the receivable at the start and at the end × 365 / days"),
		("sales", "opening", "receivable", "days"),
		_turnover,
		"high",
	),
	Definition(
		"weighted_days_late",
		marked("Weighted Days Late"),
		Unit.DAYS,
		marked("Sum of amount × days late / sum of amounts, of the invoices settled"),
		("paid_times_late", "paid"),
		_ratio("paid_times_late", "paid", MissingReason.NOTHING_PAID, Decimal(1)),
	),
	Definition(
		"weighted_days_paid",
		marked("Weighted Days to Pay"),
		Unit.DAYS,
		marked("Sum of amount × days from invoice to settlement / sum of amounts, of the invoices settled"),
		("paid_times_days", "paid"),
		_ratio("paid_times_days", "paid", MissingReason.NOTHING_PAID, Decimal(1)),
	),
	Definition(
		"average_days_late",
		marked("Average Days Late"),
		Unit.DAYS,
		marked("Sum of days late / number of invoices settled"),
		("days_late", "paid_invoices"),
		_ratio("days_late", "paid_invoices", MissingReason.NOTHING_PAID, Decimal(1)),
		is_amount=False,
	),
	Definition(
		"current_share",
		marked("Share Not Past Due"),
		Unit.PERCENT,
		marked("Receivable not past due / receivable × 100"),
		("current", "receivable"),
		_ratio("current", "receivable", MissingReason.NOTHING_OWED),
		"high",
	),
	Definition(
		"at_risk_rate",
		marked("At-Risk Rate"),
		Unit.PERCENT,
		marked(
			"Amount of the invoices not settled 90 days past due / amount of all invoices whose 90th day fell in these months × 100"
		),
		("cohort_unpaid", "cohort"),
		_ratio("cohort_unpaid", "cohort", MissingReason.NO_COHORT),
	),
	*(_roll(name) for name in BUCKETS[:-1]),
	Definition(
		"unallocated_share",
		marked("Unallocated Share"),
		Unit.PERCENT,
		marked("Unallocated payments and credits / receivable × 100"),
		("unallocated", "receivable"),
		_ratio("unallocated", "receivable", MissingReason.NOTHING_OWED),
	),
	Definition(
		"disputed_share",
		marked("Disputed Share"),
		Unit.PERCENT,
		marked("Disputed amount of open items / receivable × 100"),
		("disputed", "receivable"),
		_ratio("disputed", "receivable", MissingReason.NOTHING_OWED),
	),
	Definition(
		"promise_kept_rate",
		marked("Promises Kept"),
		Unit.PERCENT,
		marked("Promises kept / promises that were kept or broken × 100"),
		("promises_kept", "promises"),
		_ratio("promises_kept", "promises", MissingReason.NO_PROMISE),
		"high",
		is_amount=False,
	),
	Definition(
		"dispute_days",
		marked("Dispute Days"),
		Unit.DAYS,
		marked("Days from opening to closing / number of disputes closed"),
		("dispute_days", "disputes"),
		_ratio("dispute_days", "disputes", MissingReason.NO_DISPUTE, Decimal(1)),
		is_amount=False,
	),
	Definition(
		"write_off_rate",
		marked("Write-off Rate"),
		Unit.PERCENT,
		marked("Written off / credit sales × 100"),
		("written_off", "sales"),
		lambda inputs: _of(inputs, "written_off") / _sales(inputs) * _FULL,
	),
	Definition(
		"concentration",
		marked("Share of the Five Largest"),
		Unit.PERCENT,
		marked("Receivable of the five customers who owe most / receivable × 100"),
		("owed:",),
		_concentration,
	),
	Definition(
		"cost_per_collected",
		marked("Cost of Collecting"),
		Unit.PERCENT,
		marked("Cost of the time logged for collecting / amount received × 100"),
		("cost", "received"),
		_ratio("cost", "received", MissingReason.NOTHING_RECEIVED),
	),
)
BY_KEY = {definition.key: definition for definition in DEFINITIONS}

# What inputs are called; of those with a place, what stands before the colon.
INPUT_LABELS = {
	"receivable": marked("Receivable"),
	"current": marked("Receivable Not Past Due"),
	"overdue": marked("Receivable Past Due"),
	"opening": marked("Receivable at the Start"),
	"unallocated": marked("Unallocated Amount"),
	"disputed": marked("Disputed Amount"),
	"sales": marked("Credit Sales"),
	"days": marked("Days"),
	"months": marked("Months"),
	"outstanding_days": marked("Days Outstanding by Share of Sales"),
	"outstanding_counted": marked("Open Amount of Months with Sales"),
	"paid": marked("Amount Settled"),
	"paid_times_late": marked("Amount × Days Late"),
	"paid_times_days": marked("Amount × Days to Pay"),
	"paid_invoices": marked("Settled Invoices"),
	"days_late": marked("Days Late"),
	"cohort": marked("Billed, 90 Days Past Due in These Months"),
	"cohort_unpaid": marked("Of These Not Settled Then"),
	"rolling:": marked("In This Range a Month Ago"),
	"rolled:": marked("Of These in a Later Range Now"),
	"promises": marked("Promises Due"),
	"promises_kept": marked("Promises Kept"),
	"disputes": marked("Disputes Closed"),
	"dispute_days": marked("Days They Were Open"),
	"written_off": marked("Written Off"),
	"received": marked("Amount Received"),
	"cost": marked("Cost of Collecting"),
}
