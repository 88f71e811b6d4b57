"""What moved a customer's account: billed, received, refunded, written off ... A debit is not a bill, nor a credit a receipt.

	document with its amounts -> flows, each as what it adds to the balance -> months

The flows of a document add up to what it moved in the ledger, whatever they are: what no rule explains is Flow.OTHER.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO, rounded


class Flow(str, Enum):
	"""Why an account moved. The value is the English label."""

	BILLED = "Billed"
	CREDITED = "Credit Notes"
	RECEIVED = "Received"
	CHANGE = "Change Given"
	REFUNDED = "Refunded"
	LOYALTY = "Loyalty Points"
	WRITTEN_OFF = "Written Off"
	EXCHANGE = "Exchange Differences"
	TRANSFERRED = "Transferred"
	OTHER = "Other"


class Counter(str, Enum):
	"""What stands on the other side of a journal entry."""

	MONEY = "money"
	PARTY = "party"
	INCOME = "income"
	EXPENSE = "expense"
	EXCHANGE = "exchange"
	OTHER = "other"


Flows = dict[Flow, Decimal]
# Money that moved, in either direction.
MONEY = (Flow.RECEIVED, Flow.CHANGE, Flow.REFUNDED)
_MONEY_ACCOUNTS = ("Bank", "Cash")
_PARTY_ACCOUNTS = ("Receivable", "Payable")
# Journal entries that book money, as payments do.
MONEY_JOURNALS = ("Bank Entry", "Cash Entry", "Credit Card Entry")


def invoice_flows(
	total: Decimal, debit: Decimal, credit: Decimal, written_off: Decimal, loyalty: Decimal, is_return: bool
) -> Flows:
	"""Return the flows of an invoice that is paid, written off or returned within itself, as at a point of sale.

	total: of the invoice, negative for a return. debit, credit (negative): what its entries add to the balance.
	written_off, loyalty: as the invoice says, negative for a return.
	"""
	paid = total - debit - credit - written_off - loyalty
	if is_return:
		return {
			Flow.CREDITED: total,
			Flow.REFUNDED: -paid,
			Flow.WRITTEN_OFF: -written_off,
			Flow.LOYALTY: -loyalty,
		}
	change = max(debit - total, ZERO)
	return {
		Flow.BILLED: total,
		Flow.RECEIVED: -paid - change,
		Flow.CHANGE: change,
		Flow.WRITTEN_OFF: -written_off,
		Flow.LOYALTY: -loyalty,
	}


def payment_flows(
	amount: Decimal, payment_type: str, deducted: Decimal = ZERO, exchange: Decimal = ZERO
) -> Flows:
	"""Return the flows of payments of one type.

	amount: what they add to the balance. deducted, exchange: of that, deductions (bank charges, discounts, write-offs)
	and exchange losses, as debited to their accounts.
	"""
	money = amount + deducted + exchange
	flow = Flow.REFUNDED if payment_type == "Pay" else Flow.RECEIVED
	return {flow: money, Flow.WRITTEN_OFF: -deducted, Flow.EXCHANGE: -exchange}


def counter_of(
	account_type: str | None, root_type: str | None, has_party: bool, is_exchange: bool
) -> Counter:
	"""Return what kind of other side an account is."""
	if is_exchange:
		return Counter.EXCHANGE
	if has_party or account_type in _PARTY_ACCOUNTS:
		return Counter.PARTY
	if account_type in _MONEY_ACCOUNTS:
		return Counter.MONEY
	return {"Income": Counter.INCOME, "Expense": Counter.EXPENSE}.get(root_type or "", Counter.OTHER)


def journal_flows(amount: Decimal, voucher_type: str, counters: Mapping[Counter, Decimal]) -> Flows:
	"""Return the flows of a journal entry: its type's where that says it, else by the accounts on the other side.

	amount: what it adds to the balance. counters: what it debits elsewhere, by kind. Several kinds on the other side
	share the amount in proportion.
	"""
	if voucher_type == "Write Off Entry":
		return {Flow.WRITTEN_OFF: amount}
	if voucher_type.startswith("Exchange"):
		return {Flow.EXCHANGE: amount}
	if voucher_type == "Opening Entry":
		return {Flow.OTHER: amount}
	opposite = {kind: value for kind, value in counters.items() if value * amount < 0}
	whole = sum(opposite.values(), ZERO)
	if not whole:
		return {_flow_of_type(voucher_type, amount): amount}
	found: Flows = {}
	left = amount
	for i, (kind, value) in enumerate(sorted(opposite.items()), 1):
		share = left if i == len(opposite) else rounded(amount * value / whole, 3)
		left -= share
		flow = _flow_of_counter(kind, amount)
		found[flow] = found.get(flow, ZERO) + share
	return found


def _flow_of_counter(kind: Counter, amount: Decimal) -> Flow:
	if kind is Counter.MONEY:
		return Flow.REFUNDED if amount > 0 else Flow.RECEIVED
	if kind is Counter.INCOME:
		return Flow.BILLED if amount > 0 else Flow.CREDITED
	return {
		Counter.PARTY: Flow.TRANSFERRED,
		Counter.EXPENSE: Flow.WRITTEN_OFF,
		Counter.EXCHANGE: Flow.EXCHANGE,
	}.get(kind, Flow.OTHER)


def _flow_of_type(voucher_type: str, amount: Decimal) -> Flow:
	"""Return the flow of a journal entry whose other side is not known."""
	if voucher_type in MONEY_JOURNALS:
		return Flow.REFUNDED if amount > 0 else Flow.RECEIVED
	return {"Credit Note": Flow.CREDITED, "Debit Note": Flow.BILLED}.get(voucher_type, Flow.OTHER)


@dataclass(frozen=True, slots=True)
class Month:
	"""One month, company currency. flows: what each added to the balance."""

	month: date
	flows: Flows = field(default_factory=dict)

	@property
	def billed(self) -> Decimal:
		"""Invoices."""
		return self.flows.get(Flow.BILLED, ZERO)

	@property
	def received(self) -> Decimal:
		"""Money that came, less change given and refunds."""
		return -sum((self.flows.get(flow, ZERO) for flow in MONEY), ZERO)

	@property
	def credited(self) -> Decimal:
		"""Credit notes."""
		return -self.flows.get(Flow.CREDITED, ZERO)

	@property
	def adjusted(self) -> Decimal:
		"""What else lowered the balance: loyalty points, write-offs, exchange differences, transfers."""
		kinds = (Flow.BILLED, Flow.CREDITED, *MONEY)
		return -sum((amount for flow, amount in self.flows.items() if flow not in kinds), ZERO)


def monthly(moved: Iterable[tuple[date, Flow, Decimal]], until: date, months: int = 24) -> list[Month]:
	"""Return *months* months ending with that of *until*, oldest first, empty ones included.

	moved: (posting date, flow, company amount it adds to the balance).
	"""
	found: dict[date, Flows] = {months_before(until, i): {} for i in reversed(range(months))}
	for day, flow, amount in moved:
		flows = found.get(day.replace(day=1))
		if flows is not None and amount:
			flows[flow] = flows.get(flow, ZERO) + amount
	return [Month(month, flows) for month, flows in found.items()]


def months_before(day: date, months: int) -> date:
	"""Return the first day of the month so many months before that of *day*."""
	count = day.year * 12 + day.month - 1 - months
	return date(count // 12, count % 12 + 1, 1)
