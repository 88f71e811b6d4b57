"""What a statement is made of: its lines, its open items, what is asked for, and where to pay it.

Amounts are Decimals: those without "base" in the row's own currency, base ones in company currency. A credit is negative.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from client_ledger.core.amount_due import Credit
from client_ledger.core.entries import Voucher
from client_ledger.core.status import ItemStatus


class Coverage(str, Enum):
	"""What a statement lists. The value is the English label, translated at the edge."""

	ACTIVITY = "Activity"
	OPEN_ITEMS = "Open Items"
	BOTH = "Both"


@dataclass(frozen=True, slots=True)
class BankDetails:
	"""A company's bank account as a payer needs it; "" for what is not known."""

	holder: str
	bank: str
	iban: str = ""
	account_no: str = ""
	branch_code: str = ""
	swift: str = ""


@dataclass(frozen=True, slots=True)
class StatedLine:
	"""One movement. balance runs over all lines of its currency, base_balance over everything.

	days_late: from the due date to settlement, or to the statement's date while open. is_disputed: some of it is in dispute.
	"""

	customer: str
	posting_date: date
	voucher: Voucher
	against: tuple[Voucher, ...]
	due_date: date | None
	status: ItemStatus
	days_late: int | None
	currency: str
	debit: Decimal
	credit: Decimal
	balance: Decimal
	base_debit: Decimal
	base_credit: Decimal
	base_balance: Decimal
	outstanding: Decimal
	base_outstanding: Decimal
	is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class StatedItem:
	"""One open item: a term of an invoice, or what is on account. days_late: negative while not due, None for a credit."""

	customer: str
	posting_date: date
	voucher: Voucher
	term: str | None
	due_date: date | None
	status: ItemStatus
	days_late: int | None
	currency: str
	amount: Decimal
	base_amount: Decimal
	outstanding: Decimal
	base_outstanding: Decimal
	is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class StatedAmountDue:
	"""What one of the customers is asked for in one currency: overdue, less what is not asked for, less credits.

	net: the total to pay, never less than nothing; base_net: the same in company currency.
	"""

	customer: str
	currency: str
	overdue: Decimal
	withheld: Decimal
	credits: tuple[Credit, ...]
	net: Decimal
	base_net: Decimal
