"""What may be done about a difference, and when it is open."""

from client_ledger.core.confirmations.steps import is_open, open_differences, possible, proposed
from client_ledger.core.reconciliation.differences import DifferenceKind, NextStep


def row(kind: str = "Ours Only", step: str = "Ask the Customer", done: int = 0) -> dict:
	return {"difference_kind": kind, "next_step": step, "done": done}


def test_only_documents_of_ours_are_disputed_or_sent_again():
	for step in (NextStep.OPEN_DISPUTE, NextStep.SEND_AGAIN):
		assert proposed(step, has_invoice=True) is step
		assert proposed(step, has_invoice=False) is NextStep.ASK_CUSTOMER
	assert proposed(NextStep.SEARCH_RECEIPTS, has_invoice=False) is NextStep.SEARCH_RECEIPTS


def test_what_is_proposed_is_possible():
	for kind in DifferenceKind:
		for has_invoice in (True, False):
			steps = possible(kind, has_invoice)
			assert len(set(steps)) == len(steps)
			assert (NextStep.SEND_AGAIN in steps) is has_invoice
	assert NextStep.SEARCH_RECEIPTS in possible(DifferenceKind.THEIRS_ONLY, False)
	assert NextStep.LOOK_AGAIN in possible(DifferenceKind.IN_TRANSIT, False)


def test_a_difference_is_open_until_it_is_done_or_needs_nothing():
	rows = [row(), row(done=1), row(kind=""), row(step="Nothing to Do")]
	assert list(map(is_open, rows)) == [True, False, False, False]
	assert open_differences(rows) == 1
