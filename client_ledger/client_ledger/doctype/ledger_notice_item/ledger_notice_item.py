"""Ledger Notice Item: one item that a notice asks for, or leaves out and why."""

from client_ledger.site.documents import LedgerDocument


class LedgerNoticeItem(LedgerDocument):
	"""Written in bulk by client_ledger.outbox.notice_rows."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		base_outstanding: DF.Currency
		currency: DF.Link | None
		days_overdue: DF.Int
		due_date: DF.Date | None
		due_since: DF.Date | None
		level: DF.Int
		outstanding: DF.Currency
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		previous_level: DF.Int
		term: DF.Data | None
		voucher_no: DF.DynamicLink | None
		voucher_type: DF.Link | None
		withheld: DF.Data | None
	# end: auto-generated types
