"""What the user asked of the ledger, checked and completed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.ledger.reader import Cursor, Ledger, Scope
from client_ledger.site.access import check_company, permitted_companies
from client_ledger.site.arguments import a_date, bad_argument


@dataclass(frozen=True, slots=True)
class LedgerRequest:
	"""Which ledger: of a customer, with one company, on a date; `currency` narrows it to accounts in it."""

	customer: str
	company: str
	as_of: date
	currency: str | None = None

	@property
	def scope(self) -> Scope:
		return Scope((self.company,), (self.customer,))


def make_request(
	customer: str, company: str | None, as_of: str | None, currency: str | None = None
) -> LedgerRequest:
	"""Return the request of a user who named *company*. Raises frappe.PermissionError if it is not theirs."""
	companies = permitted_companies()
	if company:
		check_company(company)
	return LedgerRequest(
		customer, company or company_of_customer(companies, {}), as_date(as_of), currency or None
	)


def as_date(as_of: str | None) -> date:
	"""Return the as-of date, today where none is given."""
	return getdate(as_of or None)


def balances_of(ledger: Ledger, customer: str, companies: Sequence[str], as_of: date) -> dict[str, Decimal]:
	"""Return the customer's balance per company, for companies it has entries with."""
	balances = ledger.balances(Scope(tuple(companies), (customer,)), as_of)
	return {key.company: balance for key, balance in balances.items()}


def company_of_customer(companies: Sequence[str], balances: Mapping[str, Decimal]) -> str:
	"""Return the user's company if the customer has entries with it, else the one with the largest balance."""
	preferred = frappe.defaults.get_user_default("Company")
	if preferred in companies and (preferred in balances or not balances):
		return preferred
	return max(companies, key=lambda name: abs(balances[name]) if name in balances else -1)


def parse_cursor(after: str | None) -> Cursor | None:
	"""Return the place in the ledger that a page gave out as its end."""
	if not after:
		return None
	try:
		posting_date, doctype, name = json.loads(after)
		day = a_date(posting_date)
	except (ValueError, TypeError, RecursionError):
		day = None
	if not day:
		bad_argument("after", _("Unknown position in the ledger. Load the page again."))
	return Cursor(getdate(day), str(doctype), str(name))


def dump_cursor(cursor: Cursor | None) -> str | None:
	"""Return *cursor* as text that parse_cursor reads."""
	return json.dumps([str(cursor.posting_date), cursor.voucher_type, cursor.voucher_no]) if cursor else None
