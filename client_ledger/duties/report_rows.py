"""Rows of the report Duty Conflicts. What was done is told as far as the reader may see the customers and documents."""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.duties.deeds import BothDone, Deed, Subject
from client_ledger.duties.definitions import active_rules
from client_ledger.duties.history import both_done
from client_ledger.duties.mitigations import current
from client_ledger.duties.scan import conflicts
from client_ledger.duties.through import in_words
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import DUTY_RULE


def could() -> list[dict]:
	"""Return who could do both, from the rights as they are now."""
	rules = active_rules()
	duties, told, accepted = {rule.name: rule for rule in rules}, _rules(), current(getdate())
	found = conflicts(rules=rules)
	names = _full_names(one.user for one in found)
	return [
		{
			"user": one.user,
			"user_full_name": names.get(one.user),
			"duty_rule": one.rule,
			"first": _(duties[one.rule].first),
			"first_through": in_words(one.first),
			"second": _(duties[one.rule].second),
			"second_through": in_words(one.second),
			"refused_on_same_document": told[one.rule].refused_on_same_document,
			"mitigated_until": accepted[one.user, one.rule].until
			if (one.user, one.rule) in accepted
			else None,
			"risk": _(told[one.rule].risk),
		}
		for one in found
	]


def did(since: date, until: date) -> tuple[list[dict], int]:
	"""Return who did both within a period, and how many rows are left out because the reader may not see what they are about."""
	rules = active_rules()
	duties, accepted = {rule.name: rule for rule in rules}, current(getdate())
	found = both_done(since, until, rules)
	seen = readable(subject for one in found for subject in _subjects(one))
	shown = [one for one in found if _subjects(one) <= seen]
	names = _full_names(one.user for one in shown)
	rows = [
		{
			"user": one.user,
			"user_full_name": names.get(one.user),
			"duty_rule": one.rule,
			"subject_type": one.subject[0],
			"subject": one.subject[1],
			"same_document": int(one.same_document),
			"first": _(duties[one.rule].first),
			**_deeds("first", one.first),
			"second": _(duties[one.rule].second),
			**_deeds("second", one.second),
			"mitigated_until": accepted[one.user, one.rule].until
			if (one.user, one.rule) in accepted
			else None,
		}
		for one in shown
	]
	return rows, len(found) - len(shown)


def impersonated(users: Iterable[str], since: date, until: date) -> list[str]:
	"""Return those of *users* as whom an administrator was logged in within a period, by name: what they did may not be theirs."""
	found = frappe.get_all(
		"Activity Log",
		{
			"operation": "Impersonate",
			"user": ("in", sorted(users)),
			"creation": ("between", [since, until]),
		},
		pluck="user",
		order_by="user",
	)
	return list(dict.fromkeys(found))


def _deeds(which: str, deeds: tuple[Deed, ...]) -> dict:
	last = deeds[-1]
	return {
		f"{which}_type": last.doctype,
		f"{which}_name": last.name,
		f"{which}_on": last.when,
		f"{which}_times": len(deeds),
	}


def _subjects(one: BothDone) -> set[Subject]:
	shown = {(one.first[-1].doctype, one.first[-1].name), (one.second[-1].doctype, one.second[-1].name)}
	parties = {party for deed in (*one.first, *one.second) for party in deed.parties}
	return {one.subject} | shown | parties


def readable(subjects: Iterable[Subject]) -> set[Subject]:
	"""Return those of documents and parties that the user lists. What is deleted by now is for nobody to open."""
	by_doctype: dict[str, set[str]] = {}
	for doctype, name in subjects:
		by_doctype.setdefault(doctype, set()).add(name)
	found: set[Subject] = set()
	for doctype, names in by_doctype.items():
		if not frappe.has_permission(doctype, "read"):
			continue
		for part in chunks(sorted(names)):
			listed = frappe.get_list(
				doctype, {"name": ("in", part)}, pluck="name", order_by="name", limit_page_length=0
			)
			found.update((doctype, name) for name in listed)
	return found


def _rules() -> dict[str, frappe._dict]:
	rows = frappe.get_all(DUTY_RULE, fields=["name", "risk", "refused_on_same_document"], order_by="name")
	return {row.name: row for row in rows}


def _full_names(users: Iterable[str]) -> dict[str, str]:
	rows = frappe.get_all(
		"User", {"name": ("in", sorted(set(users)))}, ["name", "full_name"], order_by="name"
	)
	return {row.name: row.full_name for row in rows}
