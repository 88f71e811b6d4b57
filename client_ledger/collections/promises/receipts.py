"""The money that settles promises: payments and journals of the bank, allocated or on account."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import frappe
from frappe.utils import get_datetime

from client_ledger.core.collections.promises import Receipt
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.flows import MONEY_JOURNALS
from client_ledger.core.money import ZERO
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import END_OF_TIME, companies, site_ledger


@dataclass(frozen=True)
class ReceivedMoney:
	"""A receipt, when its document was entered, and what is left of it for promises."""

	company: str
	currency: str
	entered: datetime
	receipt: Receipt


def receipts_of(customers: Sequence[str]) -> dict[str, list[ReceivedMoney]]:
	"""Return the money of *customers*: payments and journals of the bank, allocated or on account.

	A payment that takes from its own advance what it settles is one receipt; what is paid for a journal that moved invoices
	to another account is paid for these.
	"""
	ledger = site_ledger()
	scope = Scope(companies(), tuple(customers))
	entries = ledger.unmoved_entries(scope, END_OF_TIME)
	entered = _entered({entry.voucher for entry in entries if entry.voucher.doctype != SALES_INVOICE})
	amounts: dict[tuple, Decimal] = defaultdict(lambda: ZERO)
	days: dict[tuple, date] = {}
	for entry in entries:
		if entry.voucher not in entered:
			continue
		against = None if entry.against in (entry.voucher, Voucher("", "")) else entry.against
		document = (entry.customer, entry.account, entry.voucher)
		amounts[(*document, against)] -= entry.amount
		days[document] = min(days.get(document, entry.posting_date), entry.posting_date)
	found = defaultdict(list)
	order = sorted(amounts, key=lambda key: (days[key[:3]], entered[key[2]], key[2], key[3] or ("", "")))
	for customer, account, voucher, against in order:
		amount = amounts[customer, account, voucher, against]
		if amount > 0:
			of_account = ledger.accounts[account]
			receipt = Receipt(days[customer, account, voucher], amount, against)
			found[customer].append(
				ReceivedMoney(of_account.company, of_account.currency, entered[voucher], receipt)
			)
	return found


def _entered(vouchers: Iterable[Voucher]) -> dict[Voucher, datetime]:
	"""Return when payments and journals of the bank were entered; other documents are left out."""
	names: dict[str, set[str]] = defaultdict(set)
	for voucher in vouchers:
		names[voucher.doctype].add(voucher.name)
	found = {}
	for doctype, where in ((PAYMENT_ENTRY, {}), (JOURNAL_ENTRY, {"voucher_type": ("in", MONEY_JOURNALS)})):
		for chunk in chunks(sorted(names[doctype])):
			rows = frappe.get_all(
				doctype, {"name": ("in", chunk), **where}, ["name", "creation"], order_by="name"
			)
			found |= {Voucher(doctype, row.name): get_datetime(row.creation) for row in rows}
	return found
