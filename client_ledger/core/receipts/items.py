"""What receipts are compared with, and what is proposed for one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because, Confidence


@dataclass(frozen=True, slots=True)
class IncomingReceipt:
	"""Money that came, positive: a bank line, or a receipt on account, whose customer is known.

	text: all that the bank says beside the payer's name and account.
	"""

	id: str
	date: date
	amount: Decimal
	currency: str
	text: str = ""
	payer_name: str = ""
	payer_account: str = ""
	customer: str | None = None


@dataclass(frozen=True, slots=True)
class PayableItem:
	"""What is open of an invoice, or of a credit note, then negative. discount: what may be deducted until discount_until."""

	id: str
	customer: str
	number: str
	date: date
	outstanding: Decimal
	currency: str
	due_date: date | None = None
	references: tuple[str, ...] = ()
	discount: Decimal = ZERO
	discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class AnnouncedPayment:
	"""What a customer said it paid: an amount, on a day, with a reference, for some items (id, amount)."""

	id: str
	customer: str
	date: date
	amount: Decimal
	currency: str
	reference: str = ""
	items: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class PayerIdentity:
	"""A name or an account of a customer. is_confirmed: a person or an earlier payment said so; else it is the master's name."""

	customer: str
	name: str = ""
	account: str = ""
	is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptSettings:
	"""What a company allows. fee_share, fee_amount: the largest part of a receipt, and the largest sum, that a bank keeps.

	late_discount_days: so many days after its end a cash discount is still taken for one. advice_days: how far an advice and
	its money are apart. most_steps: of one search for several items that make up a receipt.
	"""

	fee_share: Decimal = Decimal("0.02")
	fee_amount: Decimal = Decimal("40")
	late_discount_days: int = 5
	advice_days: int = 15
	most_steps: int = 20_000


class ReceiptPass(str, Enum):
	"""How items were found, from sure to unsure. The value is the English label."""

	STRUCTURED = "Structured Reference"
	ADVICE = "Remittance Advice"
	NUMBERS = "Numbers in the Text"
	NUMBERS_LESS = "Numbers, Less Discount or Fee"
	ONE_AMOUNT = "Amount of One Item"
	ALL_OPEN = "All That Is Open"
	DISCOUNT = "Amount Less Discount"
	SUM = "Sum of Several Items"
	FEE = "Amount Less Fee"
	PART = "Part of a Named Item"
	PAYER = "Payer Only"


@dataclass(frozen=True, slots=True)
class ProposedPayment:
	"""What a receipt is proposed to pay. allocations: (item's id, amount), credit notes negative.

	withheld: what the items are more than the receipt, as a discount or a fee. on_account: what is left of the receipt.
	advice: the id of the announced payment that it was found by, if it was.
	"""

	receipt: IncomingReceipt
	customer: str
	allocations: tuple[tuple[str, Decimal], ...]
	found_by: ReceiptPass
	confidence: Confidence
	reason: Because
	withheld: Decimal = ZERO
	on_account: Decimal = ZERO
	advice: str = ""

	@property
	def is_sure(self) -> bool:
		"""Return whether a policy may apply it without a person."""
		return self.confidence is Confidence.SURE


@dataclass(frozen=True, slots=True)
class ProposedPayments:
	"""What came of all receipts. open: those without proposal. bounded: those whose search was given up at its bound."""

	proposals: tuple[ProposedPayment, ...]
	open: tuple[IncomingReceipt, ...] = ()
	bounded: tuple[IncomingReceipt, ...] = ()


@dataclass(slots=True)
class OpenAmounts:
	"""What is still open of each item, less what was proposed."""

	items: dict[str, PayableItem] = field(default_factory=dict)
	left: dict[str, Decimal] = field(default_factory=dict)

	@classmethod
	def of(cls, items: Sequence[PayableItem]) -> "OpenAmounts":
		"""Return the amounts of *items*."""
		return cls({item.id: item for item in items}, {item.id: item.outstanding for item in items})

	def is_open(self, item: PayableItem) -> bool:
		"""Return whether nothing was proposed for it yet."""
		return self.left[item.id] == item.outstanding != 0

	def take(self, allocations: Sequence[tuple[str, Decimal]]) -> None:
		"""Take what is proposed off what is open."""
		for name, amount in allocations:
			self.left[name] -= amount
