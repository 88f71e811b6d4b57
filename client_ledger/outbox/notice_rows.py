"""The rows of notices in the database: written many at once, locked, set, marked as failed. No form's checks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import frappe
from frappe.utils import cint, now_datetime

from client_ledger.core.dunning.plan import Line, Notice, Party, Reason, notice_key
from client_ledger.core.dunning.verdict import Verdict
from client_ledger.dunning.policies.read import naive
from client_ledger.outbox.notice_status import IN_DOUBT, State, digest
from client_ledger.site.doctypes import DUNNING_SETTINGS, LEDGER_NOTICE, LEDGER_NOTICE_ITEM

BACKOFF = timedelta(minutes=30)
Row = frappe._dict


def amounts_of(notice: Notice) -> dict:
	"""Return the fields of a row that follow from the lines of its notice."""
	lines = notice.lines or tuple(line for line, _reason in notice.withheld)
	return {
		"total": sum(line.amount for line in lines),
		"base_total": sum(line.base for line in lines),
		"oldest_due_date": min((line.key.due_date for line in lines), default=None),
		"level": max((line.level for line in lines), default=0),
	}


def insert(rows: Mapping[str, dict]) -> set[str]:
	"""Insert rows by their names, made when they were planned; return which the database took, the others being there."""
	if not rows:
		return set()
	user = frappe.session.user
	fields = list(next(iter(rows.values())))
	values = [
		(name, user, user, row["planned_on"], row["planned_on"], *(row[field] for field in fields))
		for name, row in rows.items()
	]
	standard = ["name", "owner", "modified_by", "creation", "modified"]
	frappe.db.bulk_insert(LEDGER_NOTICE, [*standard, *fields], values, ignore_duplicates=True)
	return set(frappe.get_all(LEDGER_NOTICE, {"name": ("in", list(rows))}, pluck="name", order_by="name"))


def insert_items(notices: Mapping[str, Notice], day: date | None = None) -> None:
	"""Insert the items of rows."""
	now, user = now_datetime(), frappe.session.user
	fields = ["name", "owner", "modified_by", "creation", "modified", "parent", "parenttype", "parentfield"]
	fields += [
		"idx",
		"voucher_type",
		"voucher_no",
		"due_date",
		"days_overdue",
		"term",
		"currency",
		"outstanding",
	]
	fields += ["base_outstanding", "previous_level", "level", "due_since", "withheld"]
	values = []
	for parent, notice in notices.items():
		lines: Iterable[tuple[Line, Reason | None]] = [
			*((line, None) for line in notice.lines),
			*notice.withheld,
		]
		for i, (line, reason) in enumerate(lines, 1):
			overdue = max(((day or now.date()) - line.key.due_date).days, 0)
			values.append(
				(
					*(
						frappe.generate_hash(length=10),
						user,
						user,
						now,
						now,
						parent,
						LEDGER_NOTICE,
						"items",
						i,
					),
					*(*line.key.voucher, line.key.due_date, overdue, line.term, notice.party.currency),
					*(line.amount, line.base, line.previous, line.level, line.due_since),
					reason.value if reason else None,
				)
			)
	if values:
		frappe.db.bulk_insert(LEDGER_NOTICE_ITEM, fields, values)


def rewrite_items(notices: Mapping[str, Notice], day: date | None = None) -> None:
	"""Replace the items of rows."""
	if notices:
		frappe.db.delete(LEDGER_NOTICE_ITEM, {"parent": ("in", list(notices)), "parenttype": LEDGER_NOTICE})
		insert_items(notices, day)


def verdict_fields(verdict: Verdict) -> dict:
	"""Return the fields of a row that does not go out now."""
	if verdict.defers:
		return {
			"state": State.DEFERRED.value,
			"reason": verdict.reason.value,
			"deferred_until": naive(verdict.until),
		}
	return {
		"state": State.SKIPPED.value,
		"reason": verdict.reason.value,
		"deferred_until": None,
		"open_key": None,
	}


def key_of(party: Party, policy: str, version: int, step: int, as_of: date) -> str:
	"""Return the stored key of a notice."""
	return digest(notice_key(party, policy, version, step, as_of))


def lock(names: Sequence[str]) -> list[Row]:
	"""Lock the rows of *names* that are still to be sent, without waiting for those another worker holds."""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	sendable = [State.APPROVED.value, State.DEFERRED.value, State.FAILED.value]
	return (
		frappe.qb.from_(table)
		.select("*")
		.where(table.name.isin(list(names)) & table.state.isin(sendable) & table.approved_on.isnotnull())
		.orderby(table.name)
		.for_update(skip_locked=True)
	).run(as_dict=True)


def update(name: str, fields: Mapping, now: datetime) -> None:
	"""Set fields of a row, without the form's checks."""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	query = frappe.qb.update(table).where(table.name == name).set(table.modified, now)
	for fieldname, value in fields.items():
		query = query.set(table[fieldname], value)
	query.run()


def mark_failed(name: str, reason: str, detail: str, now: datetime) -> None:
	"""Mark a row as failed, to be tried again later and later, until the attempts are used up."""
	attempts = cint(frappe.db.get_value(LEDGER_NOTICE, name, "attempts")) + 1
	most = cint(frappe.db.get_single_value(DUNNING_SETTINGS, "most_attempts"))
	# Whether a message in doubt arrived is for a person to find out.
	again = attempts < most and reason != IN_DOUBT
	update(
		name,
		{
			"state": State.FAILED.value,
			"reason": reason,
			"reason_detail": detail[:500],
			"attempts": attempts,
			"next_attempt": now + BACKOFF * 2 ** (attempts - 1) if again else None,
			"day_key": None,
			"contact_on": None,
			"sent_on": None,
		},
		now,
	)
