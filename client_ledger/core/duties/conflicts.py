"""Who could do both of two duties that are to be kept apart, and through what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from client_ledger.core.duties.rights import Holding, Person, Rights, Way, ways_open


@dataclass(frozen=True, slots=True)
class KeptApart:
	"""Two duties that one person shall not have both of."""

	name: str
	first: str
	second: str


@dataclass(frozen=True, slots=True)
class BothHeld:
	"""A user who could do both duties of a rule, and the ways in which each, without what could never meet."""

	user: str
	rule: str
	first: tuple[Holding, ...]
	second: tuple[Holding, ...]


def could_do_both(
	rights: Rights, rules: Iterable[KeptApart], duties: Mapping[str, Iterable[Way]]
) -> Iterator[BothHeld]:
	"""Yield for each user and rule who could do both, by user and then in the order of *rules*.

	duties: the ways of doing each, by name; a duty that is not there is one that nobody does. Who has two accounts could do
	with one what is kept from the other: each of them is yielded.
	"""
	rules = list(rules)
	wanted = {name for rule in rules for name in (rule.first, rule.second)}
	enabled = {person.name: person for person in rights.enabled()}
	held = {
		user: {name: _holdings(rights, person, duties.get(name, ())) for name in wanted}
		for user, person in enabled.items()
	}
	for user in enabled:
		others = sorted(name for name in rights.accounts.get(user, ()) if name in enabled)
		for rule in rules:
			first = _of_person(held, user, others, rule.first)
			second = _of_person(held, user, others, rule.second)
			meeting = tuple(one for one in first if any(_both(one, other) for other in second))
			others_meeting = tuple(one for one in second if any(_both(one, other) for other in first))
			if meeting and others_meeting:
				yield BothHeld(user, rule.name, meeting, others_meeting)


def _both(one: Holding, other: Holding) -> bool:
	"""Return whether both may meet, and one of them is the user's own."""
	return one.meets(other) and not (one.account and other.account)


def _of_person(
	held: Mapping[str, Mapping[str, list[Holding]]], user: str, others: Iterable[str], duty: str
) -> list[Holding]:
	found = list(held[user][duty])
	for name in others:
		found += [replace(one, account=name) for one in held[name][duty]]
	return found


def _holdings(rights: Rights, person: Person, ways: Iterable[Way]) -> list[Holding]:
	return list(dict.fromkeys(one for way in ways for one in ways_open(rights, person, way)))
