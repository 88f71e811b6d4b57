"""The control of first digits: Nigrini's first-two test against Benford's law, where the amounts can follow it at all.

It says nothing of fewer than 300 amounts, of amounts within a narrow range, or of set prices (few amounts, or few endings such as
.90, that most of them have). With few amounts chance alone passes
Nigrini's bands, so the deviation must also be more than chance would bring with as many.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from client_ledger.core.controls.chance import (
	FIRST_TWO,
	benford,
	deviation,
	deviation_score,
	normal_tail,
)
from client_ledger.core.controls.company import ControlFacts, grouped
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	documents,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, InvoiceFact
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

OF_COMPANY = marked(
	"The first two digits of {0} invoices deviate from Benford's law by {1} on average (none above {2}; {3} times what chance spreads); "
	"too often: {4}."
)
OF_PERSON = marked(
	"The first two digits of {0} invoices by {5} deviate from Benford's law by {1} on average (none above {2}; {3} times what chance "
	"spreads), those of the others do not; too often: {4}."
)
_TEN = Decimal(10)
# Of amounts that grow, five endings of a hundred have about a twentieth.
_FEW_ENDINGS = 0.5


@dataclass(frozen=True, slots=True)
class DigitTest:
	"""What the test says. applies: whether it can be made; why_not: the message where not. above: digits that come too often."""

	count: int
	why_not: str = ""
	mad: float = 0.0
	score: float = 0.0
	above: tuple[int, ...] = ()

	@property
	def chance(self) -> float:
		"""Return the chance of such a deviation if the amounts followed the law."""
		return normal_tail(self.score) if not self.why_not else 1.0


TOO_FEW = marked("There are too few amounts.")
NARROW = marked("The amounts lie within a narrow range.")
SET_PRICES = marked("The amounts are set prices: few amounts, or few endings, make up most of them.")


def first_two(amount: Decimal) -> int | None:
	"""Return the first two digits of an amount of 10 or more, as Nigrini counts them; None for a smaller one."""
	amount = abs(amount)
	if amount < _TEN:
		return None
	return int(amount.scaleb(1 - amount.adjusted()))


def _of_few_endings(amounts: Sequence[Decimal]) -> int:
	"""Return how many amounts have one of the five most frequent endings: their cents, or the last two digits where none has cents."""
	unit = 100 if any(amount % 1 for amount in amounts) else 1
	return sum(count for _ending, count in Counter(int(one * unit) % 100 for one in amounts).most_common(5))


def digit_test(amounts: Sequence[Decimal], fewest: int, orders: float, most_common: float) -> DigitTest:
	"""Test amounts. orders: of magnitude that nine in ten of them must spread over. most_common: the share that the ten
	most frequent amounts may have."""
	counted = [amount for amount in map(abs, amounts) if amount >= _TEN]
	if len(counted) < fewest:
		return DigitTest(len(counted), TOO_FEW)
	ordered = sorted(counted)
	low, high = ordered[len(ordered) // 20], ordered[-1 - len(ordered) // 20]
	if high < low * Decimal(10**orders):
		return DigitTest(len(counted), NARROW)
	frequent = sum(count for _amount, count in Counter(counted).most_common(10))
	if max(frequent / most_common, _of_few_endings(counted) / _FEW_ENDINGS) > len(counted):
		return DigitTest(len(counted), SET_PRICES)
	found = Counter(map(first_two, counted))
	counts = [found[two] for two in FIRST_TWO]
	return DigitTest(len(counted), "", deviation(counts), deviation_score(counts), tuple(_too_often(counts)))


def _too_often(counts: Sequence[int]) -> list[int]:
	"""Return the digits whose share is above the law's by more than chance (z with continuity, 90 tests at once)."""
	total = sum(counts)
	found = []
	for two in FIRST_TWO:
		share = benford(two)
		above = counts[two - 10] / total - share - 1 / (2 * total)
		score = above / (share * (1 - share) / total) ** 0.5
		if above > 0 and normal_tail(score) < 0.01 / 90:
			found.append((-score, two))
	return [two for _score, two in sorted(found)[:5]]


def _settings(values: Values) -> tuple[int, float, float]:
	return int(values["count"]), float(values["orders"]), float(values["prices"]) / 100


def _live(facts: ControlFacts) -> list[InvoiceFact]:
	return [
		one for one in facts.invoices if one.cancelled_on is None and not one.is_return and one.amount > 0
	]


def why_silent(facts: ControlFacts, values: Values) -> str:
	"""Return why the law does not apply to a company's amounts, "" where it does."""
	return digit_test(_amounts(_live(facts)), *_settings(values)).why_not


@control(
	"first_digits",
	name=marked("First Digits against Benford's Law"),
	risk=marked("Invented amounts do not begin with the digits that grown ones begin with."),
	source=marked(
		"Nigrini, Benford's Law (2012): first-two digits, MAD bands 0.0012, 0.0018, 0.0022; excess over chance by Barney and "
		"Schulzke (2016), Cerqueti and Lupi (2021)"
	),
	mended=marked("The digits are within the band again."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.INVOICES,),
	parameters=(
		parameter("count", marked("Minimum Number of Amounts"), 300, 300, 5000, marked("amounts")),
		parameter(
			"band",
			marked("Maximum Mean Absolute Deviation"),
			"0.0022",
			"0.0012",
			"0.006",
			"",
			False,
		),
		parameter("orders", marked("Minimum Orders of Magnitude"), "1.5", "1", "3", "", False),
		parameter(
			"prices",
			marked("Maximum Share of the Ten Most Frequent Amounts (%)"),
			20,
			5,
			50,
			marked("percent"),
		),
		parameter(
			"rate", marked("Accepted False Discovery Rate (%)"), "0.01", "0.001", 5, marked("percent"), False
		),
	),
	silent=why_silent,
)
def first_digits(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield people whose invoices do not conform while all others' do; the company where it does not as a whole."""
	rate, band = float(values["rate"]) / 100, float(values["band"])
	settings = _settings(values)
	live = _live(facts)
	people = grouped((one for one in live if not facts.is_system(one.owner)), lambda one: one.owner)
	tested = {
		person: digit_test(_amounts(found), *settings)
		for person, found in people.items()
		if len(found) >= settings[0]
	}
	tries = len(tested) + 1
	odd = [person for person, test in tested.items() if test.chance * tries < rate and test.mad > band]
	rest = [one for one in live if one.owner not in odd]
	of_rest = digit_test(_amounts(rest), *settings)
	conforms = of_rest.mad <= band or of_rest.chance * tries >= rate
	if not of_rest.why_not and not conforms:
		yield _finding("", live, digit_test(_amounts(live), *settings), band)
	elif not of_rest.why_not:
		for person in odd:
			yield _finding(person, people[person], tested[person], band)
	elif odd and len(odd) == len(people):
		yield _finding("", live, digit_test(_amounts(live), *settings), band)


def _amounts(found: Iterable[InvoiceFact]) -> list[Decimal]:
	"""Return amounts, each once per customer: what is billed again and again at one price is one amount, not many."""
	return [amount for _customer, amount in {(one.customer, one.amount) for one in found}]


def _finding(person: str, found: Sequence[InvoiceFact], test: DigitTest, band: float) -> ControlFinding:
	shown = [one for one in found if first_two(one.amount) in test.above]
	message = OF_PERSON if person else OF_COMPANY
	digits = ", ".join(map(str, test.above)) or "-"
	values = (test.count, f"{test.mad:.4f}", f"{band:.4f}", f"{test.score:.1f}", digits, person)
	return ControlFinding(
		"first_digits",
		finding_key("first_digits", person or "*"),
		max(one.date for one in shown or found),
		Because(message, values if person else values[:5]),
		FindingSeverity.LOW,
		documents(sorted(shown, key=lambda one: (one.date, one.name), reverse=True)),
		sum((one.base_amount for one in shown), ZERO),
		"",
		person,
	)
