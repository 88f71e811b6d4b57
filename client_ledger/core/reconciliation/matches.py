"""What a match says: which lines, found how, how sure, and why."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.lines import BookedLine


class MatchPass(str, Enum):
	"""How lines were found to be one business, from sure to unsure. The value is the English label."""

	JOINED = "Joined by Hand"
	NUMBER = "Number and Amount"
	WRITTEN_OTHERWISE = "Number Written Otherwise"
	SUM_BY_NUMBER = "Several with One Number"
	TYPO = "Typo in the Number"
	OTHER_AMOUNT = "Same Number, Other Amount"
	AMOUNT = "Amount and Date"
	SUM = "Several Make Up One"
	FEE = "Payment Less Fee"


class Confidence(str, Enum):
	"""How sure a match is. SURE: a number says so. LIKELY: nothing else fits. POSSIBLE: a person should look."""

	SURE = "Sure"
	LIKELY = "Likely"
	POSSIBLE = "Possible"


@dataclass(frozen=True, slots=True)
class Because:
	"""A reason in English, marked for translation, and the values in it."""

	message: str
	values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class LineMatch:
	"""Lines of both sides that are one business; one side has one line, unless a person or a number joined more."""

	ours: tuple[BookedLine, ...]
	theirs: tuple[BookedLine, ...]
	found_by: MatchPass
	confidence: Confidence
	reason: Because

	@property
	def our_amount(self) -> Decimal:
		"""Return the sum of our lines."""
		return sum((line.amount for line in self.ours), ZERO)

	@property
	def their_amount(self) -> Decimal:
		"""Return the sum of their lines."""
		return sum((line.amount for line in self.theirs), ZERO)

	@property
	def difference(self) -> Decimal:
		"""Return what ours are above theirs."""
		return self.our_amount - self.their_amount
