"""What controls are shown: the business of one company as plain facts, without a host.

Amounts are in the currency of the receivable account, base amounts in company currency; both signed, credit notes and refunds
negative. Moments are by the company's clock where they carry no time zone. Where a person is not known, it is "".
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from client_ledger.core.entries import PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO

ORDER, DELIVERY, WRITE_OFF = "Sales Order", "Delivery Note", "Write Off Request"


class FactKind(str, Enum):
	"""Kinds of facts, so that a control can say what it needs and a reader what has changed. The value is the English label."""

	INVOICES = "Invoices"
	RECEIPTS = "Receipts"
	ORDERS = "Orders"
	DELIVERIES = "Deliveries"
	WRITE_OFFS = "Write-Offs"
	EDITS = "Changes of Documents"
	STATEMENTS = "Statements"
	TERMS = "Changes of Terms"
	RELEASES = "Released Holds"
	MASTERS = "Master Data"
	TIES = "Comparison of the Ledgers"
	DUES = "Deadlines"

	@property
	def field(self) -> str:
		"""Return the name of the field that holds them."""
		return self.name.lower()


@dataclass(frozen=True, slots=True)
class InvoiceFact:
	"""An invoice or credit note that was submitted, also when it was cancelled later.

	number: the legal one where it is not the name. created: when it was entered, owner: by whom; submitted_by: where that was
	somebody else. reference: the customer's own, such as an order's number. bills: (order or delivery, net base amount).
	"""

	name: str
	customer: str
	date: date
	amount: Decimal
	base_amount: Decimal
	currency: str
	due_date: date | None = None
	created: datetime | None = None
	owner: str = ""
	is_return: bool = False
	return_against: str = ""
	number: str = ""
	reference: str = ""
	bills: tuple[tuple[str, Decimal], ...] = ()
	submitted_by: str = ""
	cancelled_on: datetime | None = None
	cancelled_by: str = ""
	amended_from: str = ""

	@property
	def voucher(self) -> Voucher:
		"""Return the document."""
		return Voucher(SALES_INVOICE, self.name)


@dataclass(frozen=True, slots=True)
class AllocationFact:
	"""What of a receipt pays an invoice. customer: whose invoice it is. on: since when.

	doctype: where it is no invoice that is paid but a debt booked otherwise, or money that was paid back."""

	invoice: str
	customer: str
	amount: Decimal
	on: date
	doctype: str = SALES_INVOICE


@dataclass(frozen=True, slots=True)
class ReceiptFact:
	"""Money that came in (refunds are negative). payer: the customer whom the bank's line or a remittance advice names, "" where
	unknown. reference: the bank's or cheque's number. for_order: an advance on an order that is open. doctype: what booked it.

	One of no amount only settles invoices without money, as a journal entry does that writes them off."""

	name: str
	customer: str
	date: date
	amount: Decimal
	base_amount: Decimal
	currency: str
	created: datetime | None = None
	owner: str = ""
	reference: str = ""
	payer: str = ""
	allocations: tuple[AllocationFact, ...] = ()
	for_order: bool = False
	cancelled_on: datetime | None = None
	cancelled_by: str = ""
	doctype: str = PAYMENT_ENTRY

	@property
	def voucher(self) -> Voucher:
		"""Return the document."""
		return Voucher(self.doctype, self.name)


@dataclass(frozen=True, slots=True)
class OrderFact:
	"""An order. base_amount: net, company currency. closed: nothing more will be delivered or billed. billed: all its quantities are."""

	name: str
	customer: str
	date: date
	base_amount: Decimal
	created: datetime | None = None
	owner: str = ""
	delivery_date: date | None = None
	closed: bool = False
	billed: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryFact:
	"""A delivery. base_amount: net, company currency; of a return negative. closed: not to be billed, such as a sample.

	billed: all of its quantities are, at whatever price."""

	name: str
	customer: str
	moment: datetime
	base_amount: Decimal
	owner: str = ""
	orders: tuple[str, ...] = ()
	return_against: str = ""
	closed: bool = False
	billed: bool = False


@dataclass(frozen=True, slots=True)
class WriteOffFact:
	"""A claim given up. document: what booked it. approved_by: "" where nobody had to or did."""

	document: Voucher
	customer: str
	date: date
	base_amount: Decimal
	created: datetime | None = None
	owner: str = ""
	approved_by: str = ""
	invoice: str = ""


@dataclass(frozen=True, slots=True)
class EditFact:
	"""A submitted document was changed. date: the one it bore before. fields: what was changed, by field name."""

	document: Voucher
	customer: str
	date: date
	at: datetime
	person: str
	fields: tuple[str, ...]
	base_amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class StatementFact:
	"""A statement that went out. as_of: the last day it covers."""

	name: str
	customer: str
	as_of: date
	sent_on: datetime


class TermsKind(str, Enum):
	"""What of a customer's terms was changed. The value is the English label."""

	LIMIT = "Credit Limit"
	DAYS = "Payment Terms"


@dataclass(frozen=True, slots=True)
class TermsChangeFact:
	"""A credit limit (base currency) or payment terms (days) changed. None stands for unlimited."""

	name: str
	customer: str
	at: datetime
	person: str
	kind: TermsKind
	old: Decimal | None
	new: Decimal | None
	approved_by: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseFact:
	"""A hold that somebody released. document: what was held."""

	name: str
	document: Voucher
	customer: str
	at: datetime
	person: str
	base_amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class MasterFact:
	"""How somebody is reached and paid. group: those who belong together by right, such as a parent and its branches.

	since: when the record was made, None where unknown.
	"""

	name: str
	is_employee: bool = False
	group: str = ""
	banks: tuple[str, ...] = ()
	emails: tuple[str, ...] = ()
	phones: tuple[str, ...] = ()
	tax_ids: tuple[str, ...] = ()
	addresses: tuple[str, ...] = ()
	since: date | None = None

	@property
	def voucher(self) -> Voucher:
		"""Return the record."""
		return Voucher("Employee" if self.is_employee else "Customer", self.name)


@dataclass(frozen=True, slots=True)
class TieFact:
	"""The receivables ledger beside the general ledger. difference: in company currency."""

	customer: str
	account: str
	difference: Decimal


class DueKind(str, Enum):
	"""What is to be done again and again. The value is the English label."""

	PROCEDURE = "Procedure"
	BACKUP = "Backup"
	RECONCILIATION = "Reconciliation"


@dataclass(frozen=True, slots=True)
class DueFact:
	"""Something to be done until a moment. title: as people know it. document: where it is seen, None where that has its name."""

	kind: DueKind
	name: str
	title: str
	due: datetime
	done: datetime | None = None
	responsible: str = ""
	customer: str = ""
	document: Voucher | None = None


@dataclass(frozen=True, slots=True)
class PersonFact:
	"""Somebody who enters documents. zone: an IANA name, "" for the company's. is_system: imports and jobs."""

	name: str
	zone: str = ""
	is_system: bool = False
