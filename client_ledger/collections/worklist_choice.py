"""What somebody asks of a day's worklist: searched, sorted, added up, as a file. Nothing here reads more than the user may see."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from frappe import _
from frappe.utils import flt, getdate

from client_ledger.collections import worklist
from client_ledger.collections.worklist import Day
from client_ledger.core.collections.worklist import WorklistRow, to_chase
from client_ledger.files.csv_file import csv_of
from client_ledger.site import contacts

# Fewer digits stand in every number.
_LEAST_DIGITS = 4
_NEVER = date(1900, 1, 1)

# How a list is sorted -> what of a row and its account says where it stands; the rules' own order has none.
PRIORITY = "priority"
_KEYS: Mapping[str, Callable[[WorklistRow, Any], Any]] = {
	"amount": lambda row, account: -to_chase(row.facts),
	"days": lambda row, account: -row.facts.oldest_days,
	# Whoever was never contacted comes first.
	"contact": lambda row, account: account.last_contact_on or _NEVER,
	"name": lambda row, account: (account.customer_name or account.customer).casefold(),
}
SORTS = (PRIORITY, *_KEYS)


def searched(day: Day, text: str | None) -> Day:
	"""Return what of *day* is of a customer whose name, ID or one of whose contacts' phone numbers has *text* in it."""
	text = (text or "").strip().casefold()
	if not text:
		return day
	digits = "".join(sign for sign in text if sign.isdigit())
	is_number = len(digits) >= _LEAST_DIGITS and not any(sign.isalpha() for sign in text)
	called = contacts.customers_by_phone(digits) if is_number else set()

	def is_meant(customer: str, name: str | None) -> bool:
		return text in customer.casefold() or text in (name or "").casefold() or customer in called

	names = {key: account.customer_name for key, account in day.accounts.items()}
	rows = [row for row in day.rows if is_meant(row.facts.key.customer, names[row.facts.key])]
	off = {key: reason for key, reason in day.off.items() if is_meant(key.customer, names[key])}
	return Day(rows, off, day.accounts)


def ordered(day: Day, by: str = PRIORITY, backwards: bool = False) -> Day:
	"""Return *day* with its rows sorted, those that are alike as the rules sort them. backwards: the other way round."""
	rows = list(day.rows)
	if key := _KEYS.get(by):
		rows.sort(key=lambda row: key(row, day.accounts[row.facts.key]))
	return Day(rows[::-1] if backwards else rows, day.off, day.accounts)


def totals(day: Day) -> list[dict]:
	"""Return per currency what is to be collected from all rows, and what is overdue of them."""
	found: dict[str, dict] = {}
	for row in day.rows:
		currency = day.accounts[row.facts.key].currency
		sums = found.setdefault(currency, {"currency": currency, "to_chase": 0.0, "overdue": 0.0})
		sums["to_chase"] += float(to_chase(row.facts))
		sums["overdue"] += float(row.facts.overdue)
	return [found[currency] for currency in sorted(found)]


def as_csv(day: Day) -> bytes:
	"""Return the rows as a CSV file, with whom to call."""
	heads = [
		_("Customer"), _("Customer Name"), _("Company"), _("Currency"), _("Amount to Collect"), _("Overdue"),
		_("Days Overdue"), _("Points"), _("Reasons"), _("Credit Grade"), _("Last Contact"), _("Collector"),
		_("Contact"), _("Mobile No"), _("Phone"), _("Email"),
	]  # fmt: skip
	names = sorted({row.facts.key.customer for row in day.rows})
	people = contacts.read_customers(names) if names else {}
	return csv_of(heads, (_line(row, day.accounts[row.facts.key], people) for row in day.rows))


def _line(row: WorklistRow, account: Any, people: Mapping[str, contacts.Customer]) -> list:
	who = people.get(account.customer)
	addressee = who.addressee if who else contacts.Addressee()
	return [
		account.customer, account.customer_name, account.company, account.currency,
		flt(to_chase(row.facts), 2), flt(row.facts.overdue, 2), row.facts.oldest_days, row.points,
		"; ".join(worklist.reason_text(met, account.currency) for met in row.met), account.credit_grade,
		account.last_contact_on and getdate(account.last_contact_on).isoformat(),
		account.collector or account.account_manager,
		addressee.full_name, addressee.mobile, addressee.phone, addressee.email,
	]  # fmt: skip
