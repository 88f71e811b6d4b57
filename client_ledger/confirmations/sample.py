"""Who is asked in a round: all customers with a balance or open items, per currency, or those of a sample that is given.

balances on the day + what is open of those whose balance is zero -> asked, left out
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import getdate
from frappe.utils.nestedset import get_descendants_of

from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.results import AccountActivity
from client_ledger.ledger.site import site_ledger

ALL, SELECTED = "All Customers", "Selected Customers"
MONTHS = {"Month": 1, "Quarter": 3, "Year": 12}


@dataclass(frozen=True, slots=True)
class AskedBalance:
	"""One confirmation to be planned. balance in `currency`, base_balance in company currency, on the round's day."""

	customer: str
	currency: str
	balance: Decimal
	base_balance: Decimal
	reason: str = ""


@dataclass(slots=True)
class RoundSample:
	"""Whom a round asks, how many balances are left out, and what all customers owe (without signs, company currency)."""

	asked: list[AskedBalance] = field(default_factory=list)
	left_out: int = 0
	receivables: Decimal = ZERO


@dataclass(slots=True)
class _Account:
	balance: Decimal = ZERO
	base_balance: Decimal = ZERO
	moved: int = 0


def sample_of(round_: Document) -> RoundSample:
	"""Return whom a round asks, by customer and currency. Writes nothing, and asks for no permission."""
	ledger, as_of = site_ledger(), getdate(round_.as_of)
	rows = ledger.account_activity(Scope((round_.company,), None), period_start(as_of, round_.period), as_of)
	accounts = _added_up(rows, ledger.precision)
	found = RoundSample(receivables=sum((abs(one.base_balance) for one in accounts.values()), ZERO))
	if round_.sample == SELECTED:
		found.asked = _given(round_, accounts)
		return found
	people = _people(round_.customer_group)
	minimum = as_money(round_.minimum_balance)
	with_open = _with_open_items(round_.company, accounts, as_of)
	for (customer, currency), account in sorted(accounts.items()):
		if customer not in people or round_.only_currency not in (None, "", currency):
			continue
		is_asked = (
			abs(account.base_balance) >= minimum
			if account.balance or account.base_balance
			else (customer, currency) in with_open or bool(round_.include_zero and account.moved)
		)
		if is_asked:
			found.asked.append(AskedBalance(customer, currency, account.balance, account.base_balance))
		elif account.balance or account.moved:
			found.left_out += 1
	return found


def period_start(as_of: date, period: str) -> date:
	"""Return the first day of a round's period: a month, quarter or year that ends on its day."""
	after = as_of + timedelta(days=1)
	return getdate(frappe.utils.add_months(after, -MONTHS[period]))


def _added_up(rows: Iterable[AccountActivity], precision: int) -> dict[tuple[str, str], _Account]:
	found: dict[tuple[str, str], _Account] = {}
	for row in rows:
		account = found.setdefault((row.customer, row.currency), _Account())
		account.balance += row.balance
		account.base_balance += row.base_balance
		account.moved += row.moved
	for account in found.values():
		account.balance = rounded(account.balance, precision)
		account.base_balance = rounded(account.base_balance, precision)
	return found


def _given(round_: Document, accounts: dict[tuple[str, str], _Account]) -> list[AskedBalance]:
	"""Return the confirmations of a sample: in each currency the customer has an account in, else in the company's."""
	own = frappe.get_cached_value("Company", round_.company, "default_currency")
	found = []
	for row in round_.customers:
		of_customer = {currency: one for (name, currency), one in accounts.items() if name == row.customer}
		if round_.only_currency:
			of_customer = {round_.only_currency: of_customer.get(round_.only_currency, _Account())}
		elif not of_customer:
			of_customer = {own: _Account()}
		if len(of_customer) > 1:
			# Accounts that came to nothing long ago are nobody's question while another has a balance.
			of_customer = {
				currency: one for currency, one in of_customer.items() if one.balance or one.moved
			} or {own: _Account()}
		for currency, one in sorted(of_customer.items()):
			found.append(
				AskedBalance(row.customer, currency, one.balance, one.base_balance, row.reason or "")
			)
	return found


def _people(group: str | None) -> set[str]:
	filters: dict = {"disabled": 0}
	if group:
		filters["customer_group"] = (
			"in",
			[group, *get_descendants_of("Customer Group", group, ignore_permissions=True)],
		)
	return set(frappe.get_all("Customer", filters, pluck="name", order_by="name"))


def _with_open_items(
	company: str, accounts: dict[tuple[str, str], _Account], as_of: date
) -> set[tuple[str, str]]:
	"""Return those whose balance is zero, but made of items that are open."""
	names: Sequence[str] = sorted({customer for (customer, _), one in accounts.items() if not one.balance})
	ledger = site_ledger()
	return {
		(item.customer, item.currency)
		for part in chunks(names)
		for item in ledger.open_items(Scope((company,), tuple(part)), as_of)
	}
