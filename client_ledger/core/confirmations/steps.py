"""What may be done about a difference, and when all of them are settled."""

from collections.abc import Iterable, Mapping
from typing import Any

from client_ledger.core.reconciliation.differences import DifferenceKind, NextStep

# Made by a click; what is left ends by looking into it.
BY_FOLLOW_UP = (
	NextStep.REQUEST_CREDIT_NOTE,
	NextStep.ASK_CUSTOMER,
	NextStep.CHECK_OWN_BOOKS,
	NextStep.LOOK_AGAIN,
)


def proposed(step: NextStep, has_invoice: bool) -> NextStep:
	"""Return the step that can be made: only a document of ours is disputed or sent again."""
	if step in (NextStep.OPEN_DISPUTE, NextStep.SEND_AGAIN) and not has_invoice:
		return NextStep.ASK_CUSTOMER
	return step


def possible(kind: DifferenceKind, has_invoice: bool) -> tuple[NextStep, ...]:
	"""Return the steps that a person may choose from."""
	found = [NextStep.ASK_CUSTOMER, NextStep.CHECK_OWN_BOOKS, NextStep.REQUEST_CREDIT_NOTE]
	if has_invoice:
		found = [NextStep.OPEN_DISPUTE, NextStep.SEND_AGAIN, *found]
	if kind in (DifferenceKind.THEIRS_ONLY, DifferenceKind.IN_TRANSIT, DifferenceKind.AMOUNT):
		found.append(NextStep.SEARCH_RECEIPTS)
	if kind is DifferenceKind.IN_TRANSIT:
		found.append(NextStep.LOOK_AGAIN)
	return tuple(found)


def is_open(row: Mapping[str, Any]) -> bool:
	"""Return whether a row holds a difference that nobody has ended yet."""
	return bool(row["difference_kind"]) and not row["done"] and row["next_step"] != NextStep.NONE.value


def open_differences(rows: Iterable[Mapping[str, Any]]) -> int:
	"""Return how many differences are still to be ended."""
	return sum(map(is_open, rows))
