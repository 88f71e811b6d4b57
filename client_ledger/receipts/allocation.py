"""What of a receipt is to be allocated to which open items, checked and ready for ERPNext."""

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _

from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.receipts.proposals import CASH_DISCOUNT
from client_ledger.receipts.settings import accounts_of
from client_ledger.site.messages import bold, filled


@dataclass(frozen=True, slots=True)
class ReceiptAllocation:
	"""A receipt and its items in one currency and one receivable account. amounts: credit notes negative, withheld included."""

	proposal: str
	company: str
	customer: str
	receipt: str
	currency: str
	amount: Decimal
	amounts: tuple[tuple[OpenItem, Decimal], ...]
	withheld: Decimal = ZERO
	withheld_as: str = ""

	@property
	def account(self) -> str:
		"""The receivable account that the items are in."""
		return self.amounts[0][0].account

	def split(self) -> tuple[list[tuple[OpenItem, Decimal]], list[tuple[OpenItem, Decimal]]]:
		"""Return what money and credit notes pay of each item, and what is withheld of each: the last ones' first."""
		left = self.withheld
		paid, withheld = [], []
		for item, amount in reversed(self.amounts):
			part = min(left, amount) if amount > 0 else ZERO
			left -= part
			if amount - part:
				paid.append((item, amount - part))
			if part:
				withheld.append((item, part))
		return paid[::-1], withheld[::-1]

	def withheld_account(self) -> str:
		"""Return the account that takes what is withheld. Raises frappe.ValidationError where none is set."""
		accounts = accounts_of(self.company)
		is_discount = self.withheld_as == CASH_DISCOUNT
		account = accounts.discount if is_discount else accounts.fee
		if not account:
			frappe.throw(
				filled(
					_("Set the {0} of {1} in {2}, then apply again."),
					bold(_("Cash Discount Account") if is_discount else _("Bank Fee Account")),
					bold(self.company),
					_("Collection Settings"),
				)
			)
		return account
