"""Conflicts found in the rights of users and kept as rows: new ones, those that are gone, those that are mitigated."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import md5

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.core.duties.conflicts import BothHeld, KeptApart, could_do_both
from client_ledger.core.duties.mitigation import Accepted
from client_ledger.core.marked import marked
from client_ledger.duties.definitions import active_rules, duties_of, duty_rows, ways_of
from client_ledger.duties.mitigations import current
from client_ledger.duties.people import with_other_accounts
from client_ledger.duties.site_rights import read_rights
from client_ledger.duties.through import in_words
from client_ledger.site.doctypes import DUTY_CONFLICT
from client_ledger.site.language import site_language, spoken
from client_ledger.site.rows import bulk_insert, stored

OPEN, MITIGATED, CLOSED = "Open", "Mitigated", "Closed"
GONE = marked("The user cannot do both any more.")
RULE_OFF = marked("The rule is not active any more.")


def conflicts(
	users: Iterable[str] | None = None,
	roles: Mapping[str, frozenset[str]] | None = None,
	rules: Sequence[KeptApart] | None = None,
) -> list[BothHeld]:
	"""Return who could do both, of *users* (None: all), from the rights as they are now; roles: about to be given."""
	rules = active_rules() if rules is None else rules
	if not rules:
		return []
	ways = ways_of(duty_rows(duties_of(rules)))
	doctypes = {doctype for found in ways.values() for way in found for doctype, _right in way.rights}
	# The other accounts of *users* are looked at with them: what one of them could do makes the conflict of the other.
	return list(could_do_both(read_rights(doctypes, users, roles), rules, ways))


def scan(
	users: Iterable[str] | None = None,
	because: str = "",
	roles: Mapping[str, frozenset[str]] | None = None,
	today: date | None = None,
) -> list[str]:
	"""Bring the rows of conflicts into line with the rights of *users* (None: of all); return the names of new and reopened ones.

	because: after which change, in the site's language. Found again is not found twice: a conflict is one row while it lasts.
	Reopened is one whose mitigation has ended.
	"""
	users = None if users is None else with_other_accounts(users)
	rules = active_rules()
	with spoken(site_language()):
		found = {key_of(one): one for one in conflicts(users, roles, rules)}
		known = _known(users)
		accepted = current(today or getdate())
		_close({key: row for key, row in known.items() if key not in found}, {rule.name for rule in rules})
		reopened = []
		for key in sorted(found.keys() & known.keys()):
			row = known[key]
			_bring_up_to_date(row, found[key], accepted)
			if row.status == MITIGATED and (found[key].user, found[key].rule) not in accepted:
				reopened.append(row.name)
		new = [one for key, one in found.items() if key not in known]
		return _insert(new, rules, accepted, because) + reopened


def key_of(conflict: BothHeld) -> str:
	"""Return what a conflict is known by while it lasts."""
	return _key(conflict.user, conflict.rule)


def _key(user: str, rule: str) -> str:
	# A name holds 140 characters, and so does the key of two of them.
	whole = f"{user}: {rule}"
	return whole if len(whole) <= 140 else f"{whole[:99]} {md5(whole.encode()).hexdigest()}"


def _known(users: list[str] | None) -> dict[str, frappe._dict]:
	filters: dict = {"status": ("!=", CLOSED)}
	if users is not None:
		filters["user"] = ("in", users)
	rows = frappe.get_all(
		DUTY_CONFLICT,
		filters,
		[
			*("name", "user", "duty_rule", "open_key", "status", "mitigation", "mitigated_until"),
			*("first_duty", "second_duty", "first_through", "second_through"),
		],
		order_by="name",
	)
	# By user and rule as they are called now: a user that was renamed has the same conflict.
	return {_key(row.user, row.duty_rule): row for row in rows}


def _close(gone: Mapping[str, frappe._dict], active: set[str]) -> None:
	for row in gone.values():
		frappe.db.set_value(
			DUTY_CONFLICT,
			row.name,
			{
				"status": CLOSED,
				"open_key": None,
				"closed_on": now_datetime(),
				"closed_because": GONE if row.duty_rule in active else RULE_OFF,
			},
		)


def _bring_up_to_date(row: frappe._dict, one: BothHeld, accepted: Mapping[tuple[str, str], Accepted]) -> None:
	values = {
		**_through(one),
		**mitigation_of(one.user, one.rule, accepted),
		"open_key": key_of(one),
	}
	changed = {field: value for field, value in values.items() if str(row[field] or "") != str(value or "")}
	if changed:
		frappe.db.set_value(DUTY_CONFLICT, row.name, changed)


def _through(one: BothHeld) -> dict:
	return {"first_through": in_words(one.first), "second_through": in_words(one.second)}


def mitigation_of(user: str, rule: str, accepted: Mapping[tuple[str, str], Accepted]) -> dict:
	"""Return status and mitigation of a conflict that is there."""
	found = accepted.get((user, rule))
	return {
		"status": MITIGATED if found else OPEN,
		"mitigation": found.name if found else None,
		"mitigated_until": found.until if found else None,
	}


def _insert(
	new: Sequence[BothHeld],
	rules: Sequence[KeptApart],
	accepted: Mapping[tuple[str, str], Accepted],
	because: str,
) -> list[str]:
	if not new:
		return []
	duties = {rule.name: rule for rule in rules}
	risks = dict(frappe.get_all("Duty Rule", fields=["name", "risk"], as_list=True, order_by="name"))
	names = dict(
		frappe.get_all(
			"User",
			{"name": ("in", [one.user for one in new])},
			["name", "full_name"],
			as_list=True,
			order_by="name",
		)
	)
	rows = [
		{
			"user": one.user,
			"user_full_name": names.get(one.user),
			"duty_rule": one.rule,
			"risk": risks.get(one.rule),
			"first_duty": duties[one.rule].first,
			"second_duty": duties[one.rule].second,
			**_through(one),
			**mitigation_of(one.user, one.rule, accepted),
			"found_on": now_datetime(),
			"found_because": because,
			"found_by": frappe.session.user,
			"open_key": key_of(one),
		}
		for one in new
	]
	# Two changes at the same moment find the same: one of them has the row.
	made = bulk_insert(DUTY_CONFLICT, rows, ignore_duplicates=True)
	really = stored(DUTY_CONFLICT, made)
	return [name for name in made if name in really]
