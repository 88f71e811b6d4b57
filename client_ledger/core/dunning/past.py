"""The past of a ledger as the replay wants it: what was open of each invoice from which day on."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby

from client_ledger.core.dunning.plan import ItemKey, Party
from client_ledger.core.dunning.replay import PastItem
from client_ledger.core.entries import SALES_INVOICE, Entry, ReceivableAccount, Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import Invoice


def past_items(
	entries: Iterable[Entry], invoices: Mapping[str, Invoice], accounts: Mapping[str, ReceivableAccount]
) -> list[PastItem]:
	"""Return every invoice of *entries*, due as a whole with its last term; credit notes lower what they return."""
	against = sorted(
		(entry for entry in entries if entry.against.doctype == SALES_INVOICE),
		key=lambda e: (e.customer, e.account, e.against.name, e.posting_date),
	)
	found = []
	for (customer, account, name), group in groupby(
		against, key=lambda e: (e.customer, e.account, e.against.name)
	):
		invoice = invoices.get(name)
		if invoice and not invoice.return_against and invoice.amount > 0:
			found.append(past_item(customer, accounts[account], invoice, group))
	return found


def past_item(
	customer: str, account: ReceivableAccount, invoice: Invoice, entries: Iterable[Entry]
) -> PastItem:
	"""Return an invoice with what was open of it after each day that changed it; entries by date."""
	amounts: dict[date, tuple[Decimal, Decimal]] = {}
	amount = base = ZERO
	for entry in entries:
		amount, base = amount + entry.amount, base + entry.base_amount
		# Money that came before the invoice counts from the day the invoice was written.
		amounts[max(entry.posting_date, invoice.posting_date)] = (amount, base)
	party = Party(customer, account.company, account.currency)
	key = ItemKey(Voucher(SALES_INVOICE, invoice.name), invoice.due_date or invoice.posting_date)
	changes = tuple((day, *both) for day, both in sorted(amounts.items()))
	return PastItem(party, key, invoice.posting_date, changes)
