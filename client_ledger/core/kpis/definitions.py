"""The KPIs: what each is called, its formula in words, what it takes, and which function calculates it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from client_ledger.core.kpis import formulas
from client_ledger.core.kpis.formulas import (
	FULL,
	Inputs,
	MissingReason,
	days_of_sales,
	input_of,
	ratio,
	sales_of,
)
from client_ledger.core.kpis.inputs import BUCKETS
from client_ledger.core.marked import marked


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
		names, kinds = _split(self.inputs)
		return name in names or name.startswith(kinds)


@lru_cache
def _split(inputs: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
	"""Return which of *inputs* are names, and which stand for all of their places."""
	kinds = tuple(name for name in inputs if name.endswith(":"))
	return frozenset(inputs) - set(kinds), kinds


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
		ratio(f"rolled:{name}", f"rolling:{name}", MissingReason.EMPTY_BUCKET),
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
		lambda inputs: input_of(inputs, "receivable"),
	),
	Definition(
		"dso",
		marked("DSO"),
		Unit.DAYS,
		marked("Receivable / credit sales × days"),
		("receivable", "sales", "days"),
		days_of_sales("receivable"),
	),
	Definition(
		"dso_count_back",
		marked("DSO by Count-Back"),
		Unit.DAYS,
		marked(
			"Receivable less the credit sales of the newest month, of the month before and so on; the days of the months used up, and of the last one the part that is left"
		),
		("receivable", "sales:", "days:"),
		formulas.by_count_back,
	),
	Definition(
		"best_possible_dso",
		marked("Best Possible DSO"),
		Unit.DAYS,
		marked("Receivable not past due / credit sales × days"),
		("current", "sales", "days"),
		days_of_sales("current"),
	),
	Definition(
		"average_days_delinquent",
		marked("Average Days Delinquent"),
		Unit.DAYS,
		marked("DSO less best possible DSO: overdue / credit sales × days"),
		("overdue", "sales", "days"),
		days_of_sales("overdue"),
	),
	Definition(
		"true_dso",
		marked("True DSO"),
		Unit.DAYS,
		marked(
			"Sum over open invoices: days since the invoice × open amount / net credit sales of its month"
		),
		("outstanding_days", "outstanding_counted", "receivable"),
		formulas.true_dso,
	),
	Definition(
		"collection_effectiveness",
		marked("Collection Effectiveness Index"),
		Unit.PERCENT,
		marked(
			"(Receivable at the start + credit sales / months − receivable) / (receivable at the start + credit sales / months − receivable not past due) × 100"
		),
		("opening", "sales", "months", "receivable", "current"),
		formulas.effectiveness,
		"high",
	),
	Definition(
		"turnover",
		marked("Receivables Turnover"),
		Unit.TIMES,
		marked("Credit sales / mean of the receivable at the start and at the end × 365 / days"),
		("sales", "opening", "receivable", "days"),
		formulas.turnover,
		"high",
	),
	Definition(
		"weighted_days_late",
		marked("Weighted Days Late"),
		Unit.DAYS,
		marked("Sum of amount × days late / sum of amounts, of the invoices settled"),
		("paid_times_late", "paid"),
		ratio("paid_times_late", "paid", MissingReason.NOTHING_PAID, Decimal(1)),
	),
	Definition(
		"weighted_days_paid",
		marked("Weighted Days to Pay"),
		Unit.DAYS,
		marked("Sum of amount × days from invoice to settlement / sum of amounts, of the invoices settled"),
		("paid_times_days", "paid"),
		ratio("paid_times_days", "paid", MissingReason.NOTHING_PAID, Decimal(1)),
	),
	Definition(
		"average_days_late",
		marked("Average Days Late"),
		Unit.DAYS,
		marked("Sum of days late / number of invoices settled"),
		("days_late", "paid_invoices"),
		ratio("days_late", "paid_invoices", MissingReason.NOTHING_PAID, Decimal(1)),
		is_amount=False,
	),
	Definition(
		"current_share",
		marked("Share Not Past Due"),
		Unit.PERCENT,
		marked("Receivable not past due / receivable × 100"),
		("current", "receivable"),
		ratio("current", "receivable", MissingReason.NOTHING_OWED),
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
		ratio("cohort_unpaid", "cohort", MissingReason.NO_COHORT),
	),
	*(_roll(name) for name in BUCKETS[:-1]),
	Definition(
		"unallocated_share",
		marked("Unallocated Share"),
		Unit.PERCENT,
		marked("Unallocated payments and credits / receivable × 100"),
		("unallocated", "receivable"),
		ratio("unallocated", "receivable", MissingReason.NOTHING_OWED),
	),
	Definition(
		"disputed_share",
		marked("Disputed Share"),
		Unit.PERCENT,
		marked("Disputed amount of open items / receivable × 100"),
		("disputed", "receivable"),
		ratio("disputed", "receivable", MissingReason.NOTHING_OWED),
	),
	Definition(
		"promise_kept_rate",
		marked("Promises Kept"),
		Unit.PERCENT,
		marked("Promises kept / promises that were kept or broken × 100"),
		("promises_kept", "promises"),
		ratio("promises_kept", "promises", MissingReason.NO_PROMISE),
		"high",
		is_amount=False,
	),
	Definition(
		"dispute_days",
		marked("Dispute Days"),
		Unit.DAYS,
		marked("Days from opening to closing / number of disputes closed"),
		("dispute_days", "disputes"),
		ratio("dispute_days", "disputes", MissingReason.NO_DISPUTE, Decimal(1)),
		is_amount=False,
	),
	Definition(
		"write_off_rate",
		marked("Write-off Rate"),
		Unit.PERCENT,
		marked("Written off / credit sales × 100"),
		("written_off", "sales"),
		lambda inputs: input_of(inputs, "written_off") / sales_of(inputs) * FULL,
	),
	Definition(
		"concentration",
		marked("Share of the Five Largest"),
		Unit.PERCENT,
		marked("Receivable of the five customers who owe most / receivable × 100"),
		("owed:",),
		formulas.concentration_of,
	),
	Definition(
		"cost_per_collected",
		marked("Cost of Collecting"),
		Unit.PERCENT,
		marked("Cost of the time logged for collecting / amount received × 100"),
		("cost", "received"),
		ratio("cost", "received", MissingReason.NOTHING_RECEIVED),
	),
)
BY_KEY = {definition.key: definition for definition in DEFINITIONS}
