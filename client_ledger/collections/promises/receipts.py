"""The money that settles promises: payments and journals of the bank, allocated or on account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.utils import get_datetime, getdate

from client_ledger.core.collections.promises import Receipt
from client_ledger.core.entries import Voucher
from client_ledger.core.flows import MONEY_JOURNALS
from client_ledger.core.money import as_money


@dataclass(frozen=True)
class ReceivedMoney:
	"""A receipt, when its document was entered, and what is left of it for promises."""

	company: str
	currency: str
	entered: datetime
	receipt: Receipt


def receipts_of(customers: Sequence[str]) -> dict[str, list[ReceivedMoney]]:
	"""Return the money of *customers*: payments and journals of the bank, allocated or on account."""
	entry = frappe.qb.DocType("Payment Ledger Entry")
	account = frappe.qb.DocType("Account")
	payment, journal = frappe.qb.DocType("Payment Entry"), frappe.qb.DocType("Journal Entry")
	rows = (
		frappe.qb.from_(entry)
		.join(account)
		.on((account.name == entry.account) & (account.account_type == "Receivable"))
		.left_join(payment)
		.on((entry.voucher_type == "Payment Entry") & (payment.name == entry.voucher_no))
		.left_join(journal)
		.on((entry.voucher_type == "Journal Entry") & (journal.name == entry.voucher_no))
		.select(
			entry.party,
			entry.company,
			entry.account_currency,
			entry.posting_date,
			entry.amount_in_account_currency,
			entry.voucher_type,
			entry.voucher_no,
			entry.against_voucher_type,
			entry.against_voucher_no,
			payment.creation,
			journal.creation,
			journal.voucher_type,
		)
		.where((entry.party_type == "Customer") & entry.party.isin(customers))
		.where((entry.delinked == 0) & entry.voucher_type.isin(["Payment Entry", "Journal Entry"]))
		.orderby(entry.posting_date)
		.orderby(entry.creation)
		.orderby(entry.name)
	).run()
	found = defaultdict(list)
	for party, company, currency, posted, amount, doctype, name, to, against, paid, booked, kind in rows:
		if doctype == "Journal Entry" and kind not in MONEY_JOURNALS:
			continue
		own = (to, against) == (doctype, name) or not against
		receipt = Receipt(getdate(posted), -as_money(amount), None if own else Voucher(to, against))
		entered = get_datetime(paid or booked)
		if receipt.amount > 0 and entered:
			found[party].append(ReceivedMoney(company, currency, entered, receipt))
	return found
