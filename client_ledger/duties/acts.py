"""Who did what with documents of a DocType, from what Frappe and the documents themselves keep: owner, Version, comments of workflows,
approved by.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, get_datetime
from pypika.queries import QueryBuilder

from client_ledger.duties import postings
from client_ledger.duties.own_actions import OwnAction
from client_ledger.ledger.database import chunks

# A Version is a text of many kilobytes: read this many at a time.
VERSIONS = 2000
# The version of what is made anew compares it with what was cancelled.
MOVES = {(0, 1): "submit", (2, 1): "submit", (1, 2): "cancel"}


@dataclass(frozen=True, slots=True)
class Act:
	"""Somebody's act on a document. kind: create, write, submit, cancel, or the name of an action."""

	kind: str
	user: str
	name: str
	when: datetime


@dataclass(frozen=True, slots=True)
class Timespan:
	"""Both moments count."""

	since: datetime
	until: datetime

	def of(self, query: QueryBuilder, field: object) -> QueryBuilder:
		"""Return *query* within the period."""
		return query.where(field >= self.since).where(field <= self.until)


def created(doctype: str, period: Timespan) -> Iterator[Act]:
	"""Yield who made documents."""
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.owner, table.name, table.creation)
	for user, name, when in period.of(query, table.creation).orderby(table.creation).run():
		yield Act("create", user, name, when)


def changed(doctype: str, period: Timespan) -> Iterator[Act]:
	"""Yield who changed, submitted or cancelled documents, as their versions say."""
	for name, user, when, data in _versions(doctype, period):
		yield Act(_move(data) or "write", user, name, when)


def submitted(doctype: str, period: Timespan) -> Iterator[Act]:
	"""Yield who submitted documents: by their versions, by who approved them, and where nothing says so by who made them."""
	meta = frappe.get_meta(doctype)
	acts = [act for act in changed(doctype, period) if act.kind == "submit"]
	told = {(act.user, act.name) for act in acts}
	yield from acts
	if meta.has_field("approved_by") and meta.has_field("approved_on"):
		for act in _by_field(doctype, "submit", "approved_by", "approved_on", period, {"docstatus": (1, 2)}):
			if (act.user, act.name) not in told:
				told.add((act.user, act.name))
				yield act
	yield from _submitted_at_once(doctype, period, {name for _user, name in told})


def _submitted_at_once(doctype: str, period: Timespan, told: set[str]) -> Iterator[Act]:
	"""Yield who submitted documents of which no version tells: by their ledger entries, else by who made them."""
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.owner, table.name, table.creation).where(table.docstatus != 0)
	rows = [
		row for row in period.of(query, table.creation).orderby(table.creation).run() if row[1] not in told
	]
	for part in chunks(rows, VERSIONS):
		later = _told_by_version(doctype, [row[1] for row in part])
		silent = [row for row in part if row[1] not in later]
		posted = postings.posted_by(doctype, [name for _user, name, _when in silent])
		for maker, name, made in silent:
			user, when = posted.get(name, (maker, made))
			yield Act("submit", user, name, when)


def _told_by_version(doctype: str, names: list[str]) -> set[str]:
	"""Return those of whose submission a version tells, in whatever period."""
	rows = frappe.get_all(
		"Version",
		{"ref_doctype": doctype, "docname": ("in", names), "data": ("like", '%"docstatus"%')},
		["docname", "data"],
		order_by="name",
	)
	return {row.docname for row in rows if _move(json.loads(row.data or "{}")) == "submit"}


def _move(data: dict) -> str | None:
	moved = _changed(data, "docstatus")
	return MOVES.get((cint(moved[0]), cint(moved[1]))) if moved else None


def acted(doctype: str, action: str, period: Timespan) -> Iterator[Act]:
	"""Yield who took an action of a workflow: by the state in versions, else by the comment that the action leaves."""
	steps = _steps(doctype, action)
	if not steps:
		return
	told = set()
	for name, user, when, data in _versions(doctype, period):
		for field, states in steps.items():
			moved = _changed(data, field)
			if moved and moved[1] in states:
				told.add((user, name))
				yield Act(action, user, name, when)
	texts = {text for states in steps.values() for state in states for text in (state, *_translated(state))}
	comment = DocType("Comment")
	query = (
		frappe.qb.from_(comment)
		.select(comment.owner, comment.reference_name, comment.creation, comment.content)
		.where((comment.comment_type == "Workflow") & (comment.reference_doctype == doctype))
	)
	for user, name, when, content in period.of(query, comment.creation).orderby(comment.creation).run():
		if content in texts and (user, name) not in told:
			yield Act(action, user, name, when)


def taken(label: str, action: OwnAction, period: Timespan) -> Iterator[Act]:
	"""Yield who took an action of the app, or did something through the books."""
	if action.posting == postings.ALLOCATION:
		for user, name, when in postings.allocated(period.since, period.until):
			yield Act(label, user, name, when)
		return
	if action.posting:
		found = list(submitted(action.doctype, period))
		wanted = postings.entries_that(action.posting, {act.name for act in found})
		yield from (act for act in found if act.name in wanted)
		return
	yield from _by_field(action.doctype, label, action.user_field, action.when_field, period, action.where)


def deleted(doctype: str, period: Timespan) -> Iterator[Act]:
	"""Yield who deleted documents."""
	table = DocType("Deleted Document")
	query = (
		frappe.qb.from_(table)
		.select(table.owner, table.deleted_name, table.creation)
		.where(table.deleted_doctype == doctype)
	)
	for user, name, when in period.of(query, table.creation).orderby(table.creation).run():
		yield Act("delete", user, name, when)


def _by_field(
	doctype: str,
	kind: str,
	user_field: str,
	when_field: str,
	period: Timespan,
	where: Mapping[str, Collection[object]],
) -> Iterator[Act]:
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table[user_field], table.name, table[when_field])
	for field, values in where.items():
		query = query.where(table[field].isin(list(values)))
	rows = (
		period.of(query.where(table[user_field].isnotnull()), table[when_field])
		.orderby(table[when_field])
		.run()
	)
	for user, name, when in rows:
		if user:
			yield Act(kind, user, name, get_datetime(when))


def _versions(doctype: str, period: Timespan) -> Iterator[tuple[str, str, datetime, dict]]:
	version = DocType("Version")
	query = (
		frappe.qb.from_(version)
		.select(version.docname, version.owner, version.creation, version.data)
		.where(version.ref_doctype == doctype)
	)
	query = period.of(query, version.creation).orderby(version.creation).orderby(version.name)
	offset = 0
	while rows := query.limit(VERSIONS).offset(offset).run():
		for name, user, when, data in rows:
			try:
				parsed = json.loads(data or "{}")
			except ValueError:
				continue
			yield name, user, when, parsed
		offset += VERSIONS


def _changed(data: dict, field: str) -> tuple[object, object] | None:
	"""Return what a field was and what it became, where a version says it changed."""
	for change in data.get("changed") or ():
		if change[0] == field:
			return change[1], change[2]
	return None


def _steps(doctype: str, action: str) -> dict[str, set[str]]:
	"""Return the states that an action leads to, by the field that holds them, of all workflows of a DocType."""
	workflow, step = DocType("Workflow"), DocType("Workflow Transition")
	rows = (
		frappe.qb.from_(step)
		.join(workflow)
		.on(step.parent == workflow.name)
		.select(workflow.workflow_state_field, step.next_state)
		.where((workflow.document_type == doctype) & (step.action == action))
	).run()
	found: dict[str, set[str]] = {}
	for field, state in rows:
		found.setdefault(field, set()).add(state)
	return found


def _translated(state: str) -> Iterable[str]:
	"""Return what a state may be called in the comment: it is written in the language of who took the action."""
	languages = set(frappe.get_all("User", {"language": ("is", "set")}, pluck="language", distinct=True))
	return {_(state, lang=language) for language in {*languages, frappe.local.lang, "zh"}}
