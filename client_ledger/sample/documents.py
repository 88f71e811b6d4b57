"""The documents a customer ledger comes from, as plain data. Amounts are Decimals with two decimals.

Nothing here knows a database: client_ledger.preview.store.posting books them into an SQLite file, and they can
be replayed through ERPNext's own documents in the order `Documents.in_order` gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class CompanyMaster:
	"""A company that keeps a ledger, in its own currency."""

	name: str
	abbr: str
	currency: str
	country: str = ""


@dataclass(frozen=True, slots=True)
class CustomerMaster:
	"""A customer: `name` is its ID, `currency` that of its receivable account."""

	name: str
	customer_name: str
	currency: str
	group: str = ""
	territory: str = ""
	sales_person: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLine:
	"""One item of an order, a delivery or an invoice; a credit note's quantity is negative."""

	item: str
	qty: Decimal
	rate: Decimal

	@property
	def amount(self) -> Decimal:
		"""Quantity times rate, document currency."""
		return self.qty * self.rate


@dataclass(frozen=True, slots=True)
class DocumentTerm:
	"""One instalment of an invoice, in the invoice's currency. A plain due date has no name."""

	due_date: date
	amount: Decimal
	name: str | None = None


@dataclass(frozen=True, slots=True)
class OrderDocument:
	"""A sales order. `per_billed` is the share already invoiced, in percent. `rate` is company currency per unit."""

	name: str
	company: str
	customer: str
	date: date
	delivery_date: date
	currency: str
	rate: Decimal
	lines: tuple[DocumentLine, ...]
	per_billed: Decimal = ZERO

	@property
	def amount(self) -> Decimal:
		"""Order value, document currency."""
		return sum((line.amount for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class DeliveryDocument:
	"""A delivery note, for an order or without one."""

	name: str
	company: str
	customer: str
	date: date
	currency: str
	rate: Decimal
	lines: tuple[DocumentLine, ...]
	order: str | None = None
	billed: bool = True

	@property
	def amount(self) -> Decimal:
		"""Value delivered, document currency."""
		return sum((line.amount for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
	"""A sales invoice, or with a negative amount a credit note.

	amount: in `currency`; base_amount: in company currency; account_currency: of the receivable account, the
	invoice's own where None. terms: the payment schedule. pays_original: a credit note that settles
	`return_against` at once. paid_at_counter: received with a POS invoice. dispute: why the customer refuses.
	"""

	name: str
	company: str
	customer: str
	date: date
	due_date: date
	currency: str
	rate: Decimal
	amount: Decimal
	base_amount: Decimal
	net_amount: Decimal | None = None
	account_currency: str | None = None
	terms: tuple[DocumentTerm, ...] = ()
	lines: tuple[DocumentLine, ...] = ()
	order: str | None = None
	delivery: str | None = None
	return_against: str | None = None
	pays_original: bool = False
	paid_at_counter: Decimal = ZERO
	is_opening: bool = False
	cancelled: bool = False
	dispute: str | None = None

	@property
	def is_credit_note(self) -> bool:
		"""True where the customer gets money back."""
		return self.amount < 0


@dataclass(frozen=True, slots=True)
class Allocation:
	"""A part of a payment and the voucher it is for.

	amount: account currency. base_amount: what it takes off the voucher in company currency, at the
	voucher's own rate; None means at the payment's. term: the instalment it was expressly paid for.
	"""

	name: str
	amount: Decimal
	base_amount: Decimal | None = None
	doctype: str = SALES_INVOICE
	term: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentDocument:
	"""Money received from a customer (a refund: paid back), account currency and company currency.

	What is not allocated stays as the customer's credit.
	"""

	name: str
	company: str
	customer: str
	date: date
	currency: str
	rate: Decimal
	amount: Decimal
	base_amount: Decimal
	allocations: tuple[Allocation, ...] = ()
	is_refund: bool = False
	mode: str = ""

	@property
	def unallocated(self) -> Decimal:
		"""What no voucher takes, never negative."""
		return max(self.amount - sum((a.amount for a in self.allocations), ZERO), ZERO)


@dataclass(frozen=True, slots=True)
class JournalDocument:
	"""A journal entry with one line on the customer's account; positive: the customer owes more.

	against: the invoice it settles, None for a balance of its own. kind: ERPNext's voucher type.
	"""

	name: str
	company: str
	customer: str
	date: date
	currency: str
	amount: Decimal
	base_amount: Decimal
	kind: str = "Journal Entry"
	against: str | None = None
	due_date: date | None = None
	bill_no: str | None = None
	remark: str = ""


Document = OrderDocument | DeliveryDocument | InvoiceDocument | PaymentDocument | JournalDocument


@dataclass(slots=True)
class Documents:
	"""All documents of a sample: masters first, then what happened."""

	today: date
	companies: list[CompanyMaster] = field(default_factory=list)
	customers: list[CustomerMaster] = field(default_factory=list)
	orders: list[OrderDocument] = field(default_factory=list)
	deliveries: list[DeliveryDocument] = field(default_factory=list)
	invoices: list[InvoiceDocument] = field(default_factory=list)
	payments: list[PaymentDocument] = field(default_factory=list)
	journals: list[JournalDocument] = field(default_factory=list)

	def in_order(self) -> Iterator[Document]:
		"""Yield the documents so that each one comes after those it refers to.

		A payment dated before its invoice follows the invoice; so by kind first, then by date.
		"""
		yield from self.orders
		yield from self.deliveries
		yield from sorted(self.invoices, key=lambda i: (i.is_credit_note, i.date, i.name))
		yield from self.payments
		yield from self.journals
