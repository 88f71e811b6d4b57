"""Receipts of a whole company with what they pay, where a control looks at it: where somebody else paid, and where two are alike."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from client_ledger.controls.facts.payers import read_payers
from client_ledger.controls.facts.settling import SettledBy, allocated, read_settled_by
from client_ledger.controls.facts.window import FactWindow
from client_ledger.core.controls.facts import ReceiptFact
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY


def with_payments(window: FactWindow, receipts: Sequence[ReceiptFact]) -> list[ReceiptFact]:
	"""Return receipts that were read without what they pay, with their payers, and of those it matters for with what they pay."""
	payers = {doctype: read_payers(window, doctype, ()) for doctype in (PAYMENT_ENTRY, JOURNAL_ENTRY)}
	alike = Counter((one.customer, one.currency, one.amount) for one in receipts)

	def matters(one: ReceiptFact) -> bool:
		return (
			bool(one.payer)
			or one.name in payers.get(one.doctype, ())
			or alike[one.customer, one.currency, one.amount] > 1
		)

	settled = {}
	for doctype in (PAYMENT_ENTRY, JOURNAL_ENTRY):
		names = sorted({one.name for one in receipts if one.doctype == doctype and matters(one)})
		settled.update(read_settled_by(doctype, names, window))
	return [_whole(one, settled, payers) if matters(one) else one for one in receipts]


def _whole(one: ReceiptFact, settled: dict, payers: dict[str, dict[str, str]]) -> ReceiptFact:
	parts = settled.get(SettledBy(one.doctype, one.name, one.customer), ())
	entered = one.created.date() if one.created else one.date
	payer = payers.get(one.doctype, {}).get(one.name, one.payer)
	return replace(one, payer=payer, allocations=allocated(parts, one.date, entered))
