"""Controls of receipts: money is where it belongs, and does not lie about."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.controls.company import ControlFacts, grouped
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, ReceiptFact
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

ELSEWHERE = marked("{0} over {1} came from {2} and pays {3} of {4}.")
BOOKED_ELSEWHERE = marked("{0} over {1} came from {2} and is booked to {3}.")
UNALLOCATED = marked("{0} of {1} {4} from {2} are not allocated to any invoice since {3} days.")
CHAIN = marked(
	"{0} receipts from {1} to {2} each pay for the customer whose own money went to another before: {3}. Money of {4} is missing."
)


class Diversion(NamedTuple):
	"""Money of one customer that was put to another's account. invoice: "" where it only lies there."""

	receipt: ReceiptFact
	payer: str
	credited: str
	amount: Decimal
	day: date
	invoice: str = ""
	doctype: str = SALES_INVOICE


def diversions(facts: ControlFacts) -> Iterator[Diversion]:
	"""Yield what was paid by one customer and credited to another, without those who belong together."""
	groups = {one.name: one.group for one in facts.masters if one.group and not one.is_employee}

	def apart(payer: str, credited: str) -> bool:
		if payer == credited or not payer or not credited:
			return False
		return not (groups.get(payer) and groups.get(payer) == groups.get(credited))

	for one in facts.receipts:
		if one.cancelled_on is not None or one.amount <= 0:
			continue
		payer = one.payer or one.customer
		elsewhere = [part for part in one.allocations if apart(payer, part.customer)]
		for part in elsewhere:
			day = max(part.on, one.date)
			yield Diversion(one, payer, part.customer, part.amount, day, part.invoice, part.doctype)
		if not elsewhere and apart(payer, one.customer):
			yield Diversion(one, payer, one.customer, one.amount, one.date)


def _base(one: Diversion) -> Decimal:
	return one.amount * one.receipt.base_amount / one.receipt.amount


@control(
	"allocated_elsewhere",
	name=marked("Receipt Allocated to Another Customer"),
	risk=marked("One customer is dunned for what it has paid, and another's debt disappears."),
	source=marked("ACFE Fraud Examiners Manual: skimming of receivables, forced balances and lapping"),
	mended=marked("The receipt pays its own customer's invoices now."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.RECEIPTS, FactKind.MASTERS),
)
def allocated_elsewhere(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield receipts that pay an invoice of somebody else, one finding per receipt and credited customer."""
	for (name, credited), found in grouped(
		diversions(facts), lambda one: (one.receipt.name, one.credited)
	).items():
		first = found[0]
		amount = sum((one.amount for one in found), ZERO)
		if first.invoice:
			invoices = ", ".join(one.invoice for one in found[:5])
			reason = Because(ELSEWHERE, (name, amount, first.payer, invoices, credited))
		else:
			reason = Because(BOOKED_ELSEWHERE, (name, amount, first.payer, credited))
		yield ControlFinding(
			"allocated_elsewhere",
			finding_key("allocated_elsewhere", name, credited),
			first.day,
			reason,
			FindingSeverity.HIGH,
			(
				first.receipt.voucher,
				*(Voucher(one.doctype, one.invoice) for one in found[:49] if one.invoice),
			),
			sum(map(_base, found), ZERO),
			first.receipt.customer,
			first.receipt.owner,
		)


@control(
	"unallocated_receipt",
	name=marked("Unallocated Receipt"),
	risk=marked("Customers are dunned for what they have paid; what lies about is easily taken."),
	source=marked("COSO Internal Control: timely application of cash; ACFE, unapplied credits"),
	mended=marked("It is allocated, returned or cancelled."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.RECEIPTS,),
	parameters=(
		parameter("days", marked("Days on Account"), 30, 1, 180, marked("days")),
		parameter(
			"share", marked("Minimum Unallocated Share (%)"), 2, "0.1", 50, marked("percent"), whole=False
		),
	),
	lasting=True,
	ripens=True,
)
def unallocated_receipt(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield receipts of which a part has been on account for too long; advances on open orders are not among them."""
	for one in facts.receipts:
		age = (facts.today - one.date).days
		if one.cancelled_on is not None or one.amount <= 0 or one.for_order or age <= int(values["days"]):
			continue
		left = one.amount - sum((part.amount for part in one.allocations), ZERO)
		if left * 100 < values["share"] * one.amount:
			continue
		yield ControlFinding(
			"unallocated_receipt",
			finding_key("unallocated_receipt", one.name),
			one.date,
			Because(UNALLOCATED, (left, one.amount, one.name, age, one.currency)),
			FindingSeverity.MEDIUM if age > 3 * int(values["days"]) else FindingSeverity.LOW,
			(one.voucher,),
			left * one.base_amount / one.amount,
			one.customer,
			one.owner,
		)


@control(
	"lapping",
	name=marked("Lapping"),
	risk=marked("A receipt was taken, and each later one covers for the one before."),
	source=marked(
		"ACFE Fraud Examiners Manual: lapping; a chain of credits, each for the payer of the one before"
	),
	mended=marked("The chain is broken: its receipts pay their own customers' invoices now."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.RECEIPTS, FactKind.MASTERS),
	parameters=(
		parameter("links", marked("Receipts in a Chain"), 3, 2, 6, marked("receipts")),
		parameter("days", marked("Days from One to the Next"), 14, 1, 60, marked("days")),
	),
)
def lapping(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield chains: money of B pays A's invoice, then money of C pays B's, and so on; whose money pays first, lost it."""
	moves = sorted(diversions(facts), key=lambda one: (one.day, one.receipt.name, one.invoice))
	for chain in _chains(moves, int(values["days"])):
		receipts = list(dict.fromkeys(one.receipt.name for one in chain))
		if len(receipts) >= int(values["links"]):
			people = {one.receipt.owner for one in chain}
			path = " ← ".join([chain[0].credited, *(one.payer for one in chain)])
			yield ControlFinding(
				"lapping",
				finding_key("lapping", receipts[0]),
				chain[-1].day,
				Because(CHAIN, (len(receipts), chain[0].day, chain[-1].day, path[:300], chain[-1].payer)),
				FindingSeverity.HIGH,
				tuple(dict.fromkeys(one.receipt.voucher for one in chain))[:50],
				max(map(_base, chain)),
				"",
				people.pop() if len(people) == 1 else "",
			)


def _chains(moves: list[Diversion], days: int) -> list[list[Diversion]]:
	"""Return the longest chains: each move credits the payer of the one before, within the days and not on an earlier day."""
	waiting: dict[str, list[list[Diversion]]] = {}
	chains: list[list[Diversion]] = []
	for move in moves:
		open_chains = [
			chain for chain in waiting.get(move.credited, ()) if 0 <= (move.day - chain[-1].day).days <= days
		]
		if open_chains:
			chain = open_chains[-1]
			waiting[move.credited].remove(chain)
			chain.append(move)
		else:
			chain = [move]
			chains.append(chain)
		waiting.setdefault(move.payer, []).append(chain)
	return chains
