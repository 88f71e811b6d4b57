"""The dunning level of accounts: the highest that any open item has reached, with the day of the last message.

Kept on Client Account so that lists and cards need not ask the notices. Rows are written only where they differ, and
without touching their version: it is the refresh's to move.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import frappe

from client_ledger.accounts.store import ACCOUNT
from client_ledger.core.dunning.plan import History, ItemKey, Reached
from client_ledger.core.open_items import OpenItem


def bring_in_line(company: str, customers: Sequence[str], items: Sequence[OpenItem], history: History) -> int:
	"""Write the levels of *customers*' accounts where they differ; return how many did."""
	levels: dict[str, int] = {}
	for item in items:
		level = history.reached.get(ItemKey(item.voucher, item.due_date), Reached()).level
		if level and not item.is_credit:
			levels[item.customer] = max(level, levels.get(item.customer, 0))
	last: dict[str, date] = {}
	for party, day in history.last_message.items():
		if party.company == company:
			last[party.customer] = max(day, last.get(party.customer, day))
	return _write(company, customers, levels, last)


def _write(
	company: str, customers: Sequence[str], levels: Mapping[str, int], last: Mapping[str, date]
) -> int:
	rows = frappe.get_all(
		ACCOUNT,
		{"company": company, "customer": ("in", list(customers))},
		["name", "customer", "dunning_level", "last_dunned_on"],
		order_by="name",
	)
	changed = 0
	for row in rows:
		wanted = (levels.get(row.customer, 0), last.get(row.customer) or row.last_dunned_on)
		if (row.dunning_level or 0, row.last_dunned_on) != wanted:
			fields = {"dunning_level": wanted[0], "last_dunned_on": wanted[1]}
			frappe.db.set_value(ACCOUNT, row.name, fields, update_modified=False)
			changed += 1
	return changed


def raised(customer: str, company: str, level: int, day: date) -> None:
	"""Note that a message at *level* has reached a customer."""
	key = {"customer": customer, "company": company}
	row = frappe.db.get_value(ACCOUNT, key, ["name", "dunning_level"])
	if row:
		fields = {"dunning_level": max(level, row[1] or 0), "last_dunned_on": day}
		frappe.db.set_value(ACCOUNT, row[0], fields, update_modified=False)
