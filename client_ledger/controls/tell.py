"""Notifications of findings: one to each person for all that is new, not one for each finding."""

from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.utils.user import get_users_with_role
from pypika.terms import LiteralValue

from client_ledger.controls.guards import people_of
from client_ledger.core.controls.lifecycle import OPEN_STATUSES
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import CONTROL_FINDING
from client_ledger.site.messages import filled
from client_ledger.site.notify import MOST_READERS, notify, notify_later
from client_ledger.site.visible import conditions_of, without_percent

MOST_TOLD = 5000
_RANK = {"High": 0, "Medium": 1, "Low": 2}


def tell_new() -> None:
	"""Have those notified who look at findings of which nobody has been told yet. Each is told once. Commits."""
	open_ones = [status.value for status in OPEN_STATUSES]
	names = frappe.get_all(
		CONTROL_FINDING,
		{"told": 0, "status": ("in", open_ones)},
		pluck="name",
		order_by="first_found, name",
		limit=MOST_TOLD,
	)
	mine = [name for part in chunks(names) for name in _claimed(part)]
	if mine:
		notify_later("client_ledger.controls.tell.tell_readers", names=mine)
	frappe.db.commit()  # nosemgrep: told once, whoever else runs


def _claimed(names: Sequence[str]) -> list[str]:
	"""Mark findings as told and return those that no other worker has marked."""
	table = frappe.qb.DocType(CONTROL_FINDING)
	rows = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.name.isin(list(names)) & (table.told == 0))
		.orderby(table.name)
		.for_update()
	).run(pluck=True)
	if rows:
		frappe.qb.update(table).set(table.told, 1).where(table.name.isin(rows)).run()
	return rows


def tell_readers(names: Sequence[str]) -> None:
	"""Notify each person of the findings that are theirs to look at: how many, how many of them high, and the most severe one."""
	for user, theirs in by_reader(rows_of(names)).items():
		if found := gravest_first(user, theirs):
			high = sum(row.severity == "High" for row in found)
			notify(
				[user],
				CONTROL_FINDING,
				found[0].name,
				lambda found=found, high=high: _subject(len(found), high),
			)


def rows_of(names: Sequence[str]) -> list[frappe._dict]:
	"""Return what of findings tells whom they are told to."""
	fields = (
		"name",
		"control",
		"severity",
		"amount",
		"responsible",
		"responsible_role",
		"person",
		"people",
		"due_date",
	)
	return [
		row
		for part in chunks(names)
		for row in frappe.get_all(CONTROL_FINDING, {"name": ("in", part)}, list(fields), order_by="name")
	]


def gravest_first(user: str, rows: Sequence[frappe._dict]) -> list[frappe._dict]:
	"""Return those of findings that a user may see, the most severe one first."""
	seen = seen_by(user, [row.name for row in rows])
	found = [row for row in rows if row.name in seen]
	return sorted(found, key=lambda row: (_RANK.get(row.severity, 3), -abs(row.amount or 0), row.name))


def seen_by(user: str, names: Sequence[str]) -> set[str]:
	"""Return those of findings that a user may see: nobody is told of customers and companies that are not theirs."""
	try:
		conditions = without_percent(conditions_of(CONTROL_FINDING, user))
	except frappe.PermissionError:
		return set()
	if not conditions:
		return set(names)
	table = frappe.qb.DocType(CONTROL_FINDING)
	found: set[str] = set()
	for part in chunks(names):
		query = frappe.qb.from_(table).select(table.name).where(table.name.isin(part))
		found.update(query.where(LiteralValue(f"({conditions})")).run(pluck=True))
	return found


def _subject(total: int, high: int) -> str:
	if total == 1:
		return _("A control has found something for you to look at: {0}")
	# What notify fills in is the document.
	return str(
		filled(
			_("Controls have found {1} things for you to look at, {2} of high severity. The first: {0}"),
			"{0}",
			total,
			high,
		)
	)


def by_reader(rows: Iterable[frappe._dict]) -> dict[str, list[frappe._dict]]:
	"""Return findings by who is to look at them: the responsible user, or where there is none who can log in, those with the role."""
	rows = list(rows)
	named = sorted({row.responsible for row in rows if row.responsible})
	able = set(
		frappe.get_all("User", {"name": ("in", named), "enabled": 1}, pluck="name", order_by="name")
		if named
		else ()
	)
	holders: dict[str, list[str]] = {}
	found: dict[str, list[frappe._dict]] = {}
	for row in rows:
		if row.responsible in able:
			readers = [row.responsible]
		else:
			role = row.responsible_role or ""
			if role not in holders:
				holders[role] = sorted(get_users_with_role(role))[:MOST_READERS] if role else []
			readers = [user for user in holders[role] if user not in people_of(row)]
		for user in readers:
			found.setdefault(user, []).append(row)
	return found
