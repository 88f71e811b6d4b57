"""What differs, by kind, and the next step that each kind proposes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.lines import BookedLine, LedgerSide, LineKind, MatchSettings, Side
from client_ledger.core.reconciliation.matches import Because, LineMatch, MatchPass
from client_ledger.core.reconciliation.numbers import keys_of_number, letters_and_digits


class DifferenceKind(str, Enum):
	"""What kind of difference it is. The value is the English label.

	OPENING: the balances before the first day that both lists cover. NOT_LISTED: a side states a balance that its lines do not
	add up to.
	"""

	AMOUNT = "Amount Differs"
	OURS_ONLY = "Ours Only"
	THEIRS_ONLY = "Theirs Only"
	IN_TRANSIT = "In Transit (Cut-Off)"
	OPENING = "Before the Lists"
	NOT_LISTED = "Not on the List"


class NextStep(str, Enum):
	"""What to do about a difference. The value is the English label."""

	OPEN_DISPUTE = "Open a Dispute"
	SEND_AGAIN = "Send the Document Again with Proof of Delivery"
	SEARCH_RECEIPTS = "Search Unallocated Receipts and Bank Transactions"
	REQUEST_CREDIT_NOTE = "Request a Credit Note"
	LOOK_AGAIN = "Look Again Later"
	ASK_CUSTOMER = "Ask the Customer"
	CHECK_OWN_BOOKS = "Check Our Books"
	NONE = "Nothing to Do"


@dataclass(frozen=True, slots=True)
class LedgerDifference:
	"""One difference. amount: what it adds to their balance on the way to ours.

	lines: those left on one side, or match: the one whose amounts differ; neither for a balance. look_again: when, for what is
	in transit.
	"""

	kind: DifferenceKind
	amount: Decimal
	currency: str
	next_step: NextStep
	reason: Because
	side: Side | None = None
	line: BookedLine | None = None
	match: LineMatch | None = None
	look_again: date | None = None


def of_match(match: LineMatch, currency: str, settings: MatchSettings) -> LedgerDifference | None:
	"""Return what the amounts of a match differ by, None where they do not."""
	amount = match.difference
	if not amount:
		return None
	step, message = _amount_step(match, settings)
	return LedgerDifference(
		DifferenceKind.AMOUNT, amount, currency, step, Because(message, (amount,)), match=match
	)


def _amount_step(match: LineMatch, settings: MatchSettings) -> tuple[NextStep, str]:
	if abs(match.difference) <= settings.tolerance:
		return NextStep.NONE, marked("Within the tolerance.")
	if match.found_by is MatchPass.FEE or any(line.is_payment for line in (*match.ours, *match.theirs)):
		if match.difference > 0 and match.difference <= settings.fee_share * abs(match.their_amount):
			return NextStep.CHECK_OWN_BOOKS, marked(
				"We received less than was paid: a bank's fee or a discount."
			)
		return NextStep.OPEN_DISPUTE, marked("The payment has another amount on their list.")
	if match.difference > 0:
		return NextStep.OPEN_DISPUTE, marked("They booked less than we did: a deduction or a mistake.")
	return NextStep.ASK_CUSTOMER, marked("They booked more than we did.")


def of_line(
	line: BookedLine,
	side: Side,
	own: LedgerSide,
	other: LedgerSide,
	settings: MatchSettings,
	doubles: set[str],
) -> LedgerDifference:
	"""Return the difference that a line without counterpart makes. doubles: ids of lines that repeat another."""
	amount = line.amount if side is Side.OURS else -line.amount

	def found(kind: DifferenceKind, step: NextStep, message: str, again: date | None = None):
		return LedgerDifference(
			kind, amount, line.currency, step, Because(message), side, line, look_again=again
		)

	if other.begins and line.date < other.begins:
		return found(
			DifferenceKind.OPENING,
			NextStep.ASK_CUSTOMER,
			marked("Dated before the first day of the other list, whose opening balance may hold it."),
		)
	only = DifferenceKind.OURS_ONLY if side is Side.OURS else DifferenceKind.THEIRS_ONLY
	if line.id in doubles:
		step = NextStep.CHECK_OWN_BOOKS if side is Side.OURS else NextStep.ASK_CUSTOMER
		return found(only, step, marked("Its number and amount stand on this list twice, on the other once."))
	if _is_in_transit(line, side, other, settings):
		again = max(line.date, settings.as_of) + timedelta(days=settings.transit_days)
		message = marked("Dated shortly before the end of the lists: the other side will book it later.")
		return found(DifferenceKind.IN_TRANSIT, NextStep.LOOK_AGAIN, message, again)
	step, message = _ours_step(line) if side is Side.OURS else _theirs_step(line)
	return found(only, step, message)


def _is_in_transit(line: BookedLine, side: Side, other: LedgerSide, settings: MatchSettings) -> bool:
	"""Return whether the other side may not have it yet: its list ends before, or the line is fresh and travels that way."""
	ends = min(other.ends or settings.as_of, settings.as_of)
	if line.date > ends:
		return True
	is_fresh = line.date > ends - timedelta(days=settings.transit_days)
	travels = not line.is_payment if side is Side.OURS else line.is_payment
	return is_fresh and travels


def _ours_step(line: BookedLine) -> tuple[NextStep, str]:
	if line.is_payment:
		return NextStep.ASK_CUSTOMER, marked("A receipt that they have not booked.")
	if line.amount < 0 or line.kind is LineKind.CREDIT_NOTE:
		return NextStep.SEND_AGAIN, marked("A credit note that they have not booked.")
	return NextStep.SEND_AGAIN, marked("An invoice that they have not booked.")


def _theirs_step(line: BookedLine) -> tuple[NextStep, str]:
	if line.is_payment:
		return NextStep.SEARCH_RECEIPTS, marked("A payment that we have not booked.")
	if line.amount < 0 or line.kind is LineKind.CREDIT_NOTE:
		return NextStep.REQUEST_CREDIT_NOTE, marked("A deduction or credit note that we have not issued.")
	return NextStep.ASK_CUSTOMER, marked("An invoice that we do not have.")


def doubled(free: Iterable[BookedLine], taken: Iterable[BookedLine]) -> set[str]:
	"""Return the ids of the free lines that repeat a matched line of their own side: same number and amount."""
	known = {(key, line.amount) for line in taken for key in _identity_keys(line)}
	found = set()
	for line in free:
		keys = {(key, line.amount) for key in _identity_keys(line)}
		if keys & known:
			found.add(line.id)
		known |= keys
	return found


def _identity_keys(line: BookedLine) -> set[str]:
	keys = {letters_and_digits(line.number)} | {
		key for key in keys_of_number(line.number).digits if len(key) > 3
	}
	return keys - {""}


def of_opening(ours: LedgerSide, theirs: LedgerSide, currency: str) -> LedgerDifference | None:
	"""Return the difference of the stated opening balances, None where there is none."""
	amount = ours.opening.get(currency, ZERO) - theirs.opening.get(currency, ZERO)
	if not amount:
		return None
	reason = Because(marked("The opening balances differ; compare the time before the lists."))
	return LedgerDifference(DifferenceKind.OPENING, amount, currency, NextStep.ASK_CUSTOMER, reason)


def not_listed(side: Side, ledger: LedgerSide, currency: str) -> LedgerDifference | None:
	"""Return what a side's stated balance is beyond what its lines add up to, None where they add up."""
	beyond = ledger.balance(currency) - ledger.added_up(currency)
	if not beyond:
		return None
	amount = beyond if side is Side.OURS else -beyond
	step = NextStep.CHECK_OWN_BOOKS if side is Side.OURS else NextStep.ASK_CUSTOMER
	reason = Because(marked("The balance stated is not the sum of the list."))
	return LedgerDifference(DifferenceKind.NOT_LISTED, amount, currency, step, reason, side)
