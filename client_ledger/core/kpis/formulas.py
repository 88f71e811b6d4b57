"""How KPIs are calculated from their inputs, and why some cannot be: a formula that has no answer raises Missing."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum

from client_ledger.core.kpis.inputs import MONTHS_BACK
from client_ledger.core.money import ZERO

Inputs = Mapping[str, Decimal]
# Customers that concentration counts, days of a year, and what a percentage is of.
LARGEST = 5
YEAR = Decimal(365)
FULL = Decimal(100)


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


def input_of(inputs: Inputs, name: str) -> Decimal:
	"""Return an input, 0 where no row adds to it."""
	return inputs.get(name, ZERO)


def sales_of(inputs: Inputs) -> Decimal:
	"""Return the credit sales; raise Missing where there are none."""
	sales = input_of(inputs, "sales")
	if sales <= 0:
		raise Missing(MissingReason.NEGATIVE_SALES if sales else MissingReason.NO_SALES)
	return sales


def ratio(
	above: str, below: str, reason: MissingReason, scale: Decimal = FULL
) -> Callable[[Inputs], Decimal]:
	"""Return a formula that divides one input by another."""

	def compute(inputs: Inputs) -> Decimal:
		whole = input_of(inputs, below)
		if whole <= 0:
			raise Missing(reason)
		return input_of(inputs, above) / whole * scale

	return compute


def days_of_sales(name: str) -> Callable[[Inputs], Decimal]:
	"""Return a formula: how many days of sales an input is."""

	def compute(inputs: Inputs) -> Decimal:
		return input_of(inputs, name) / sales_of(inputs) * input_of(inputs, "days")

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


def by_count_back(inputs: Inputs) -> Decimal:
	"""Return DSO by count-back."""
	months = [
		(input_of(inputs, f"sales:{place}"), input_of(inputs, f"days:{place}"))
		for place in range(MONTHS_BACK)
	]
	return count_back(input_of(inputs, "receivable"), months)


def effectiveness(inputs: Inputs) -> Decimal:
	"""Return the collection effectiveness index in percent."""
	months = input_of(inputs, "months")
	billed = input_of(inputs, "opening") + input_of(inputs, "sales") / months
	collectable = billed - input_of(inputs, "current")
	if collectable <= 0:
		raise Missing(MissingReason.NOTHING_TO_COLLECT)
	return (billed - input_of(inputs, "receivable")) / collectable * FULL


def turnover(inputs: Inputs) -> Decimal:
	"""Return how often a year the receivable turns over."""
	average = (input_of(inputs, "opening") + input_of(inputs, "receivable")) / 2
	if average <= 0:
		raise Missing(MissingReason.NOTHING_OWED)
	return sales_of(inputs) / average * YEAR / input_of(inputs, "days")


def concentration_of(inputs: Inputs) -> Decimal:
	"""Return what the largest owe, in percent of all."""
	owed = sorted(
		(amount for name, amount in inputs.items() if name.startswith("owed:") and amount > 0), reverse=True
	)
	if not owed:
		raise Missing(MissingReason.NOTHING_OWED)
	if len(owed) == 1:
		raise Missing(MissingReason.ONE_CUSTOMER)
	return sum(owed[:LARGEST], ZERO) / sum(owed, ZERO) * FULL


def true_dso(inputs: Inputs) -> Decimal:
	"""Return true DSO in days."""
	if input_of(inputs, "outstanding_counted") <= 0:
		raise Missing(
			MissingReason.NOTHING_OWED if not input_of(inputs, "receivable") else MissingReason.NO_SALES
		)
	return input_of(inputs, "outstanding_days")
