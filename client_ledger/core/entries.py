"""What a ledger is made of: vouchers, receivable accounts and payment ledger entries."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

SALES_INVOICE = "Sales Invoice"
PAYMENT_ENTRY = "Payment Entry"
JOURNAL_ENTRY = "Journal Entry"


class Voucher(NamedTuple):
	"""A document of ERPNext: its DocType and its name."""

	doctype: str
	name: str


class ReceivableAccount(NamedTuple):
	"""An account of type Receivable. Entries in it are in its currency; `company_currency` is the company's."""

	name: str
	company: str
	currency: str
	company_currency: str


class Entry(NamedTuple):
	"""One payment ledger entry that is not delinked.

	Debits (the customer owes more) are positive. `amount` is in the currency of the account,
	`base_amount` in company currency. `against` is the voucher whose balance the entry changes.
	"""

	posting_date: date
	customer: str
	account: str
	voucher: Voucher
	against: Voucher
	amount: Decimal
	base_amount: Decimal


class BalanceKey(NamedTuple):
	"""What an open balance belongs to: a customer's voucher in one receivable account."""

	customer: str
	account: str
	voucher: Voucher
