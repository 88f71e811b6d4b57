"""The status of movements: open, overdue, settled and when."""

from collections.abc import Iterable, Mapping
from datetime import date

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.movements import LedgerLine, Movement, describe
from client_ledger.core.open_items import Invoice, OpenItem


class LineStatuses:
	"""The status of each movement, from facts read for all of them together.

	items: open ones. invoices: by name. settled: by customer and invoice, the day it was paid in full.
	"""

	def __init__(
		self,
		items: Iterable[OpenItem],
		invoices: Mapping[str, Invoice],
		settled: Mapping[tuple, date | None],
		as_of: date,
	):
		self.invoices, self.settled, self.as_of = invoices, settled, as_of
		self.items: dict[tuple, list[OpenItem]] = {}
		for item in items:
			key = (item.customer, item.company, item.currency, item.voucher)
			self.items.setdefault(key, []).append(item)

	def line(self, customer: str, movement: Movement) -> LedgerLine:
		"""Return *movement* of *customer* with its status."""
		is_invoice = movement.voucher.doctype == SALES_INVOICE
		return describe(
			movement,
			self.items.get((customer, movement.company, movement.currency, movement.voucher), []),
			self.invoices.get(movement.voucher.name) if is_invoice else None,
			self.settled.get((customer, movement.voucher.name)) if is_invoice else None,
			self.as_of,
		)
