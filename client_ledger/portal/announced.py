"""Payments that the customer says it has made: told to receipts, which wait for them, and shown with what became of them."""

from collections.abc import Sequence
from decimal import Decimal

from frappe import _
from frappe.utils import getdate

from client_ledger.collections.announced import announced_amounts, waited_for
from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import as_money
from client_ledger.core.receipts.announced import AdviceStatus, cover
from client_ledger.guest_links import limits
from client_ledger.portal.access import Visitor
from client_ledger.portal.paying import payment_of
from client_ledger.portal.shown import day, money
from client_ledger.receipts import advices
from client_ledger.site.arguments import bad_argument

MOST_ANNOUNCED, HOUR = 20, 3600
_RUNNING = (AdviceStatus.ANNOUNCED.value, AdviceStatus.RECEIVED.value)


def of_visitor(visitor: Visitor) -> list[dict]:
	"""Return what the customer has announced and what became of it, the newest first."""
	return [
		{
			"name": row["name"],
			"amount": money(row["amount"], row["currency"]),
			"status": _(row["status"]),
			"running": row["status"] in _RUNNING,
			"date": day(row["payment_date"]),
			"reference": row["reference"],
			"items": [line["sales_invoice"] for line in row["invoices"]],
			"received": money(row["received"], row["currency"]) if row["received"] else None,
		}
		for row in advices.of_customer(visitor.customer, visitor.company)
	]


def of_items(visitor: Visitor) -> dict[TermItemKey, Decimal]:
	"""Return what of each item is announced and still waited for."""
	rows = [row for row in waited_for([visitor.customer], getdate()) if row.company == visitor.company]
	return announced_amounts(rows)


def announce(visitor: Visitor, items: Sequence[dict], amount: float, on: str, reference: str | None) -> str:
	"""Record that the customer has paid *items*; return the announced payment's name.

	An amount below what they have open covers them in the order they are due. Raises frappe.ValidationError with what to change.
	"""
	limits.count("portal payments announced", visitor.identity, MOST_ANNOUNCED, HOUR)
	payment = payment_of(visitor, items)
	invoices = {row["voucher_no"] for row in items if row["voucher_type"] == SALES_INVOICE}
	paid = as_money(amount)
	if paid <= 0:
		bad_argument("amount", _("Enter an amount greater than 0."))
	parts = payment.amounts.items()
	if paid < payment.total:
		parts = cover(paid, parts)
	return advices.announce(
		visitor.customer,
		visitor.company,
		payment.currency,
		paid,
		on,
		(reference or "").strip(),
		{name: part for name, part in parts if name in invoices},
		visitor.shown_name,
	)
