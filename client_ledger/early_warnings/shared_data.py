"""What customers have in common with customers in default: tax number, e-mail, phone, bank account. Read for those in default only."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

import frappe

from client_ledger.core.controls.master_data import BANK, EMAIL, PHONE, TAX_ID
from client_ledger.core.early_warnings.facts import SharedData

# What so many customers share is no sign of anything: a bookkeeper's address, a switchboard.
MOST_SHARING = 10


def shared_with(defaulted: Collection[str]) -> dict[str, list[SharedData]]:
	"""Return by customer what it shares with one of *defaulted*."""
	if not defaulted:
		return {}
	found: dict[str, list[SharedData]] = defaultdict(list)
	wanted = set(defaulted)
	for what, rows in ((TAX_ID, _tax_ids()), (EMAIL, _emails()), (PHONE, _phones()), (BANK, _accounts())):
		for customers in _having_the_same(rows):
			for bad in customers & wanted:
				for customer in customers - {bad}:
					found[customer].append(SharedData(customer, bad, what))
	return found


def _having_the_same(rows: Iterable[tuple[str, str]]) -> Iterable[set[str]]:
	by_value: dict[str, set[str]] = defaultdict(set)
	for customer, value in rows:
		plain = re.sub(r"\W", "", str(value or "")).lower()
		if len(plain) >= 5:
			by_value[plain].add(customer)
	return [customers for customers in by_value.values() if 1 < len(customers) <= MOST_SHARING]


def _tax_ids() -> Iterable[tuple[str, str]]:
	return frappe.get_all(
		"Customer", {"tax_id": ("is", "set")}, ["name", "tax_id"], as_list=True, order_by="name"
	)


def _emails() -> Iterable[tuple[str, str]]:
	return _of_contacts("Contact Email", "email_id")


def _phones() -> Iterable[tuple[str, str]]:
	return _of_contacts("Contact Phone", "phone")


def _of_contacts(doctype: str, field: str) -> Iterable[tuple[str, str]]:
	table, link = frappe.qb.DocType(doctype), frappe.qb.DocType("Dynamic Link")
	return (
		frappe.qb.from_(table)
		.join(link)
		.on((link.parent == table.parent) & (link.parenttype == "Contact"))
		.select(link.link_name, table[field])
		.where(link.link_doctype == "Customer")
	).run()


def _accounts() -> Iterable[tuple[str, str]]:
	rows = frappe.get_all(
		"Bank Account",
		{"party_type": "Customer", "party": ("is", "set")},
		["party", "iban", "bank_account_no"],
		order_by="name",
	)
	return [(row.party, row.iban or row.bank_account_no) for row in rows]
