"""What the ledger is asked for and what it answers with, beside the core's own facts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.movements import LedgerLine
from client_ledger.core.open_items import OpenItem


@dataclass(frozen=True, slots=True)
class Scope:
	"""Whose ledger: companies, customers (None for all of them), receivable accounts (None for all of the companies')."""

	companies: tuple[str, ...]
	customers: tuple[str, ...] | None = None
	accounts: frozenset[str] | None = None


class Cursor(NamedTuple):
	"""A place in a customer's ledger: the voucher a page ended with."""

	posting_date: date
	voucher_type: str
	voucher_no: str


class SearchTerm(NamedTuple):
	"""What is looked for in a ledger: a text, vouchers known to hold it, and the amount it is, where it is one."""

	text: str
	names: frozenset[str] = frozenset()
	amount: float | None = None

	def holds(self, item: OpenItem) -> bool:
		"""Return whether an open item is one of those."""
		if self.text.lower() in item.voucher.name.lower() or item.voucher.name in self.names:
			return True
		amounts = (item.outstanding, item.base_outstanding, item.amount, item.base_amount)
		return self.amount is not None and any(abs(float(abs(a)) - self.amount) < 0.005 for a in amounts)


@dataclass(frozen=True, slots=True)
class Page:
	"""Lines of a ledger, newest first, and where the next page starts (None: this was the last)."""

	lines: list[LedgerLine]
	next: Cursor | None


class AccountActivity(NamedTuple):
	"""A customer's balance in one receivable account on a day, and how many entries it has in the days of a period."""

	customer: str
	company: str
	currency: str
	balance: Decimal
	base_balance: Decimal
	moved: int


class AccountReconciliation(NamedTuple):
	"""A customer's balance in one receivable account by both ledgers, company currency."""

	account: str
	payment_ledger: Decimal
	general_ledger: Decimal

	@property
	def difference(self) -> Decimal:
		"""General ledger less payment ledger; zero when the account ties."""
		return self.general_ledger - self.payment_ledger


@dataclass(frozen=True, slots=True)
class GLReconciliation:
	"""Balances of the payment ledger and of the general ledger, company currency: of all receivable accounts together,
	and of each by itself, since what one account has too much another may have too little.
	"""

	payment_ledger: Decimal
	general_ledger: Decimal
	accounts: tuple[AccountReconciliation, ...] = ()

	@property
	def differing(self) -> tuple[AccountReconciliation, ...]:
		"""The accounts that do not tie."""
		return tuple(account for account in self.accounts if account.difference)

	@property
	def difference(self) -> Decimal:
		"""General ledger less payment ledger of the account that differs most; zero when every account ties."""
		return max((account.difference for account in self.differing), key=abs, default=ZERO)


class VoucherDifference(NamedTuple):
	"""A voucher that the two ledgers disagree on, company currency."""

	voucher: Voucher
	account: str
	payment_ledger: Decimal
	general_ledger: Decimal


@dataclass(frozen=True, slots=True)
class Unbilled:
	"""Orders and deliveries not billed yet, company currency, as ERPNext's credit check counts them."""

	orders: Decimal = ZERO
	deliveries: Decimal = ZERO

	@property
	def total(self) -> Decimal:
		"""Both together."""
		return self.orders + self.deliveries


class UnbilledOrder(NamedTuple):
	"""An order not or only partly billed. `unbilled` is in `currency`, `base_unbilled` in company currency."""

	name: str
	company: str
	transaction_date: date
	delivery_date: date | None
	status: str
	currency: str
	grand_total: Decimal
	unbilled: Decimal
	base_unbilled: Decimal
	per_billed: Decimal
	customer: str


class UnbilledDelivery(NamedTuple):
	"""A delivery without order that is not or only partly billed. `base_unbilled` is in company currency."""

	name: str
	customer: str
	company: str
	posting_date: date
	base_unbilled: Decimal


class TradeRow(NamedTuple):
	"""An invoice as grading reads it. base_amount is in company currency, amount and outstanding in the account's."""

	customer: str
	account: str
	name: str
	posting_date: date
	due_date: date | None
	amount: Decimal
	base_amount: Decimal
	settled_on: date | None
	outstanding: Decimal

	@property
	def days_late(self) -> int | None:
		"""Days from the due date to settlement, negative when early; None while open."""
		return (self.settled_on - (self.due_date or self.posting_date)).days if self.settled_on else None

	@property
	def days_to_pay(self) -> int | None:
		"""Days from the invoice to settlement; None while open."""
		return (self.settled_on - self.posting_date).days if self.settled_on else None


@dataclass(frozen=True, slots=True)
class Activity:
	"""Net sales since a date (company currency), and when the last invoice and the last payment were."""

	sales: Decimal = ZERO
	last_invoice: date | None = None
	last_payment: date | None = None
