"""What users did of their duties in a period: acts on documents, with the customers and documents they were about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time

import frappe
from frappe import _dict

from client_ledger.core.duties.conflicts import KeptApart
from client_ledger.core.duties.deeds import BothDone, Deed, Subject, did_both
from client_ledger.duties import acts
from client_ledger.duties.acts import Act, Timespan
from client_ledger.duties.definitions import active_rules, duties_of, duty_rows
from client_ledger.duties.own_actions import OWN_ACTIONS
from client_ledger.duties.people import other_accounts
from client_ledger.ledger.database import chunks

PARTY_TYPES = ("Customer", "Supplier", "Employee", "Shareholder")
# Rows by which a document names others: DocType -> (table, field of the DocType or its name, field of the document).
ROWS = {
	"Payment Entry": (("Payment Entry Reference", "reference_doctype", "reference_name"),),
	"Journal Entry": (("Journal Entry Account", "reference_type", "reference_name"),),
	"Sales Invoice": (
		("Sales Invoice Item", "=Sales Order", "sales_order"),
		("Sales Invoice Item", "=Delivery Note", "delivery_note"),
	),
	"Delivery Note": (
		("Delivery Note Item", "=Sales Order", "against_sales_order"),
		("Delivery Note Item", "=Sales Invoice", "against_sales_invoice"),
	),
	"Write Off Request": (("Collection Item", "voucher_type", "voucher_no"),),
}
# Fields of a document that name another one of its own or of a given DocType.
FIELDS = {
	"Sales Invoice": (("=Sales Invoice", "return_against"),),
	"Credit Hold": (("reference_doctype", "reference_name"),),
	"Payment Entry": (("=Bank Account", "party_bank_account"), ("=Bank Account", "bank_account")),
}
NAMES = 1000


def both_done(since: date, until: date, rules: Sequence[KeptApart] | None = None) -> list[BothDone]:
	"""Return who did both duties of a rule within a period, on the same document or for the same customer."""
	rules = active_rules() if rules is None else rules
	period = Timespan(datetime.combine(since, time.min), datetime.combine(until, time.max))
	found = deeds(duty_rows(duties_of(rules)), period)
	return list(did_both(by_person(found), rules))


def by_person(found: Iterable[Deed]) -> Iterator[Deed]:
	"""Yield deeds by who did them: what two accounts of one person did is told of the first of them, by name."""
	others = other_accounts()
	for deed in found:
		first = min({deed.user} | others.get(deed.user, frozenset()))
		yield deed if first == deed.user else replace(deed, user=first)


def deeds(rows: Iterable[_dict], period: Timespan) -> Iterator[Deed]:
	"""Yield what was done of duties, by their rows. What two rows of a duty both see is one deed."""
	seen = set()
	read: dict[tuple, list[Act]] = {}
	for row in rows:
		key = (row.document_type, row.permission, row.workflow_action, row.own_action)
		if key not in read:
			read[key] = list(_acts(row, period))
		for deed in _of_row(row, read[key]):
			if (deed.user, deed.duty, *deed.act) not in seen:
				seen.add((deed.user, deed.duty, *deed.act))
				yield deed


def _acts(row: _dict, period: Timespan) -> Iterator[Act]:
	doctype = row.document_type
	if row.own_action in OWN_ACTIONS:
		return acts.taken(row.own_action, OWN_ACTIONS[row.own_action], period)
	if row.workflow_action:
		return acts.acted(doctype, row.workflow_action, period)
	match row.permission:
		case "Create":
			return acts.created(doctype, period)
		case "Submit":
			return acts.submitted(doctype, period)
		case "Delete":
			return acts.deleted(doctype, period)
	kind = row.permission.lower()
	return (act for act in acts.changed(doctype, period) if act.kind == kind)


def _of_row(row: _dict, found: Sequence[Act]) -> Iterator[Deed]:
	doctype = row.document_type
	for part in chunks(found, NAMES):
		names = sorted({act.name for act in part})
		documents = _documents(doctype, names, row.where_field)
		parties, about = _parties(doctype, names, documents), _about(doctype, names, documents)
		for act in part:
			document = documents.get(act.name)
			if row.where_field and (document is None or str(document[row.where_field]) != row.where_value):
				continue
			yield Deed(
				act.user,
				row.parent,
				doctype,
				act.name,
				act.when,
				act.kind,
				frozenset(about.get(act.name, ())),
				frozenset(parties.get(act.name, ())),
			)


def _documents(doctype: str, names: list[str], where_field: str | None) -> dict[str, _dict]:
	meta = frappe.get_meta(doctype)
	wanted = {
		"customer",
		"party_type",
		"party",
		"amended_from",
		*(field for pair in FIELDS.get(doctype, ()) for field in pair),
	}
	fields = {field for field in wanted if meta.has_field(field)} | ({where_field} if where_field else set())
	rows = frappe.get_all(doctype, {"name": ("in", names)}, ["name", *sorted(fields)], order_by="name")
	return {row.name: row for row in rows}


def _parties(doctype: str, names: list[str], documents: dict[str, _dict]) -> dict[str, set[Subject]]:
	if doctype in PARTY_TYPES:
		return {name: {(doctype, name)} for name in names}
	found: dict[str, set[Subject]] = {}
	for name, row in documents.items():
		if row.get("customer"):
			found.setdefault(name, set()).add(("Customer", row.customer))
		if row.get("party_type") and row.get("party"):
			found.setdefault(name, set()).add((row.party_type, row.party))
	if doctype == "Journal Entry":
		rows = _children("Journal Entry Account", names, ["party_type", "party"])
		for row in rows:
			if row.party_type and row.party:
				found.setdefault(row.parent, set()).add((row.party_type, row.party))
	return found


def _about(doctype: str, names: list[str], documents: dict[str, _dict]) -> dict[str, set[Subject]]:
	found: dict[str, set[Subject]] = {}
	# What was cancelled and made anew is one matter.
	for kind, field in (("=" + doctype, "amended_from"), *FIELDS.get(doctype, ())):
		for name, row in documents.items():
			_add(found, name, row, kind, field)
	for table, kind, field in ROWS.get(doctype, ()):
		fields = [field] if kind.startswith("=") else [kind, field]
		for row in _children(table, names, fields):
			_add(found, row.parent, row, kind, field)
	return _with_earlier(found)


def _with_earlier(found: dict[str, set[Subject]]) -> dict[str, set[Subject]]:
	"""Add to documents that others are about those that were cancelled and made anew as them."""
	earlier: dict[Subject, Subject] = {}
	new = {subject for subjects in found.values() for subject in subjects}
	while new:
		links: dict[Subject, Subject] = {}
		for doctype in sorted({doctype for doctype, _name in new}):
			if not frappe.get_meta(doctype).has_field("amended_from"):
				continue
			names = sorted(name for kind, name in new if kind == doctype)
			rows = frappe.get_all(
				doctype,
				{"name": ("in", names), "amended_from": ("is", "set")},
				["name", "amended_from"],
				order_by="name",
			)
			links.update({(doctype, row.name): (doctype, row.amended_from) for row in rows})
		earlier.update(links)
		new = set(links.values()) - earlier.keys()
	return {
		name: {one for subject in subjects for one in _line(subject, earlier)}
		for name, subjects in found.items()
	}


def _line(subject: Subject, earlier: dict[Subject, Subject]) -> Iterator[Subject]:
	while subject:
		yield subject
		subject = earlier.get(subject)


def _add(found: dict[str, set[Subject]], name: str, row: _dict, kind: str, field: str) -> None:
	doctype = kind[1:] if kind.startswith("=") else row.get(kind)
	if doctype and row.get(field):
		found.setdefault(name, set()).add((doctype, row[field]))


def _children(table: str, names: list[str], fields: list[str]) -> list[_dict]:
	return frappe.get_all(table, {"parent": ("in", names)}, ["parent", *fields], order_by="parent, idx")
