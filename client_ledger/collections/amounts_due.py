"""What customers are asked for on a site: open items less what is spoken for, less what is on account.

	open items -> less disputes, cases that were handed over, promises -> client_ledger.core.amount_due

Everything that names an amount to pay asks here: dunning, statements, the worklist's figures, the tabs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from frappe.utils import getdate

from client_ledger.collections.bank_receipts import receipts_of
from client_ledger.collections.spoken_for import SpokenFor
from client_ledger.core.amount_due import AmountDue, amounts_due
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.access import link, readable

# Beyond so many customers, what all of them have said is read at once.
MOST_NAMED = 2000


def read_spoken_for(items: Sequence[OpenItem], today: date) -> SpokenFor:
	"""Return what the customers of *items* have said about them."""
	return SpokenFor.of(_named(items), today) if items else SpokenFor(today)


def _named(items: Iterable[OpenItem]) -> list[str] | None:
	customers = sorted({item.customer for item in items})
	return customers if len(customers) <= MOST_NAMED else None


def of_items(items: Sequence[OpenItem], today: date) -> dict[Party, AmountDue]:
	"""Return what the customers of *items* are asked for today; items: everything that they have open."""
	if not items:
		return {}
	companies = sorted({item.company for item in items})
	receipts = receipts_of(_named(items), companies)
	return amounts_due(items, read_spoken_for(items, today).without(items), today, receipts)


def of_customer(
	customer: str, company: str, as_of: date | None = None, currency: str | None = None
) -> list[tuple[str, AmountDue]]:
	"""Return per currency what a customer is asked for; for a day in the past, by what was open and on account then.

	currency: only this one.
	"""
	as_of = as_of or getdate()
	found = on_day(site_ledger().open_items(Scope((company,), (customer,)), as_of), as_of)
	return [pair for pair in found if currency in (None, pair[0])]


def on_day(items: Sequence[OpenItem], as_of: date) -> list[tuple[str, AmountDue]]:
	"""Return per currency what one customer is asked for by one company; items: all that was open on the day."""
	found = by_party(items, as_of)
	return [(party.currency, found[party]) for party in sorted(found)]


def by_party(items: Sequence[OpenItem], as_of: date) -> dict[Party, AmountDue]:
	"""Return what customers are asked for on a day; items: all that was open on it. What is disputed, promised or referred
	is known of today only."""
	return of_items(items, as_of) if as_of >= getdate() else amounts_due(items, items, as_of)


def collectable(items: Sequence[OpenItem], today: date) -> dict[tuple[str, str], Decimal]:
	"""Return per customer and company what is to be collected today, in company currency."""
	found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
	for party, amount in of_items(items, today).items():
		found[party.customer, party.company] += amount.base_net
	return found


def as_rows(found: Iterable[tuple[str, AmountDue]]) -> list[dict]:
	"""Return amounts as plain rows, per currency: overdue, withheld, the credits one by one, and the total to pay."""
	found = list(found)
	visible = readable(credit.voucher for _currency, due in found for credit in due.credits if credit.voucher)
	return [
		{
			"currency": currency,
			"overdue": float(amount.overdue),
			"withheld": float(amount.withheld),
			"credit": float(amount.credit),
			"net": float(amount.net),
			"credits": [
				{
					**(link(credit.voucher, visible) if credit.voucher else {"name": None}),
					"date": str(credit.posting_date) if credit.posting_date else None,
					"amount": float(credit.amount),
				}
				for credit in amount.credits
			],
		}
		for currency, amount in found
	]
