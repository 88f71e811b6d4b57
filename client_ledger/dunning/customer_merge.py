"""Customers that are renamed, merged or deleted: their notices follow, under the keys of the new name."""

import frappe
from frappe.utils import getdate

from client_ledger.core.outbox.message import Party, WithholdReason
from client_ledger.dunning.notice_kinds import DUNNING_KINDS, REMINDER
from client_ledger.dunning.planning.notice_fields import key_of
from client_ledger.outbox.keys import day_key, open_key
from client_ledger.outbox.kinds import recipient_key
from client_ledger.outbox.notice_status import OPEN, NoticeStatus
from client_ledger.site.contacts import keep_contact
from client_ledger.site.doctypes import DUNNING_BLOCK, LEDGER_NOTICE, LEDGER_NOTICE_ITEM

HANDED_OVER = (NoticeStatus.SENDING.value, NoticeStatus.SENT.value)
FIELDS = [
	"name", "customer", "company", "currency", "policy", "policy_version", "step", "as_of", "kind", "status",
	"contact_on", "notice_key", "open_key", "statement", "confirmation",
]  # fmt: skip


def before_merge(old: str, new: str) -> None:
	"""What is still to go out to either is taken back: the next plan writes to the merged customer as one.

	What goes out then goes to whom *new* was written to before.
	"""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	still_open = [status.value for status in OPEN if status is not NoticeStatus.SENDING]
	(
		frappe.qb.update(table)
		.set(table.status, NoticeStatus.SKIPPED.value)
		.set(table.reason, WithholdReason.SUPERSEDED.value)
		.set(table.open_key, None)
		.set(table.deferred_until, None)
		.where(table.status.isin(still_open) & table.kind.isin(DUNNING_KINDS))
		.where((table.customer == old) | ((table.customer == new) & (table.kind == REMINDER)))
	).run()
	keep_contact(old, new)


def rewrite_keys(customer: str) -> None:
	"""Give a customer's notices the keys of its name; of two with the same key the sent one keeps it."""
	rows = frappe.get_all(LEDGER_NOTICE, {"customer": customer}, FIELDS, order_by="creation, name")
	# What was handed over keeps its key, what was taken back gives it up: the same may be planned again.
	rows.sort(key=lambda row: (row.status not in HANDED_OVER, row.status == NoticeStatus.SKIPPED.value))
	seen: dict[str, set[str]] = {"notice_key": set(), "open_key": set(), "day_key": set()}
	_set_keys({row.name: dict.fromkeys(seen) | {"notice_key": row.name} for row in rows})
	keys = {}
	for row in rows:
		wanted = _keys(row)
		for field, taken in seen.items():
			if wanted[field] in taken:
				wanted[field] = row.name if field == "notice_key" else None
			elif wanted[field]:
				taken.add(wanted[field])
		keys[row.name] = wanted
	_set_keys(keys)


def _keys(row: frappe._dict) -> dict[str, str | None]:
	recipient, key = recipient_key(row), None
	if row.kind == REMINDER and row.policy:
		party = Party(row.customer, row.company, row.currency)
		key = key_of(party, row.policy, row.policy_version, row.step, getdate(row.as_of))
	was_handed_over = row.contact_on and row.status in HANDED_OVER
	return {
		"notice_key": key or row.notice_key,
		"open_key": open_key(recipient) if row.open_key else None,
		"day_key": day_key(recipient, getdate(row.contact_on)) if was_handed_over else None,
	}


def _set_keys(keys: dict[str, dict[str, str | None]]) -> None:
	table = frappe.qb.DocType(LEDGER_NOTICE)
	for name, values in keys.items():
		query = frappe.qb.update(table).where(table.name == name)
		for field, value in values.items():
			query = query.set(table[field], value)
		query.run()


def delete_of_customer(customer: str) -> None:
	"""Delete a customer's notices and blocks with it. ERPNext deletes no customer that has a ledger."""
	names = frappe.get_all(LEDGER_NOTICE, {"customer": customer}, pluck="name", order_by="name")
	if names:
		frappe.db.delete(LEDGER_NOTICE_ITEM, {"parent": ("in", names)})
		frappe.db.delete(LEDGER_NOTICE, {"name": ("in", names)})
	frappe.db.delete(DUNNING_BLOCK, {"customer": customer})
