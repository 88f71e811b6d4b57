"""The dunning level of items and accounts; of an account the highest that any open item has reached.

Kept on Client Account so that lists and cards need not ask the notices. Rows are written only where they differ, and
without touching their version, which only the refresh moves.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import frappe

from client_ledger.core.dunning.plan import DueItemKey, DunningHistory, Reached
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.open_items import OpenItem
from client_ledger.dunning.planning.history import reached_levels
from client_ledger.site.doctypes import CLIENT_ACCOUNT


def write_levels(
	company: str, customers: Sequence[str], items: Sequence[OpenItem], history: DunningHistory
) -> int:
	"""Write the levels of *customers*' accounts where they differ; return how many did."""
	levels: dict[str, int] = {}
	for item in items:
		level = history.reached.get(DueItemKey(item.voucher, item.due_date), Reached()).level
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
		CLIENT_ACCOUNT,
		{"company": company, "customer": ("in", list(customers))},
		["name", "customer", "dunning_level", "last_dunned_on"],
		order_by="name",
	)
	changed = 0
	for row in rows:
		wanted = (levels.get(row.customer, 0), last.get(row.customer) or row.last_dunned_on)
		if (row.dunning_level or 0, row.last_dunned_on) != wanted:
			fields = {"dunning_level": wanted[0], "last_dunned_on": wanted[1]}
			frappe.db.set_value(CLIENT_ACCOUNT, row.name, fields, update_modified=False)
			changed += 1
	return changed


def of_vouchers(vouchers: Iterable[Voucher]) -> dict[Voucher, dict[date, Reached]]:
	"""Return what has been reached of *vouchers*, by due date."""
	names = [voucher.name for voucher in vouchers if voucher.doctype == SALES_INVOICE]
	found: dict[Voucher, dict[date, Reached]] = {}
	for key, reached in (reached_levels(names) if names else {}).items():
		found.setdefault(key.voucher, {})[key.due_date] = reached
	return found


def shown(by_due_date: Mapping[date, Reached] | None, due_date: date | None = None) -> dict | None:
	"""Return a level as lists show it: that of a due date, else the highest; None where nothing was reached."""
	found = by_due_date or {}
	reached = (
		found.get(due_date)
		if due_date
		else max(found.values(), key=lambda reached: reached.level, default=None)
	)
	return {"level": reached.level, "on": str(reached.on)} if reached and reached.level else None


def of_customers(customers: Sequence[str]) -> dict[str, int]:
	"""Return the highest level of each of *customers* in the companies the user may see, those without left out."""
	rows = frappe.get_list(
		CLIENT_ACCOUNT,
		{"customer": ("in", [*customers, ""]), "dunning_level": (">", 0)},
		["customer", "dunning_level"],
		order_by="customer, company",
		limit_page_length=0,
	)
	found: dict[str, int] = {}
	for row in rows:
		found[row.customer] = max(row.dunning_level, found.get(row.customer, 0))
	return found


def raise_level(customer: str, company: str, level: int, day: date) -> None:
	"""Note that a message at *level* has reached a customer."""
	key = {"customer": customer, "company": company}
	row = frappe.db.get_value(CLIENT_ACCOUNT, key, ["name", "dunning_level"])
	if row:
		fields = {"dunning_level": max(level, row[1] or 0), "last_dunned_on": day}
		frappe.db.set_value(CLIENT_ACCOUNT, row[0], fields, update_modified=False)
