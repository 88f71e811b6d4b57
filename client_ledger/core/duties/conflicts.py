"""Who could do both of two duties that are to be kept apart, and through what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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

	duties: the ways of doing each, by name; a duty that is not there is one that nobody does.
	"""
	rules = list(rules)
	wanted = {name for rule in rules for name in (rule.first, rule.second)}
	for person in rights.enabled():
		held = {name: _holdings(rights, person, duties.get(name, ())) for name in wanted}
		for rule in rules:
			first = tuple(one for one in held[rule.first] if any(one.meets(o) for o in held[rule.second]))
			second = tuple(one for one in held[rule.second] if any(one.meets(o) for o in held[rule.first]))
			if first and second:
				yield BothHeld(person.name, rule.name, first, second)


def _holdings(rights: Rights, person: Person, ways: Iterable[Way]) -> list[Holding]:
	return list(dict.fromkeys(one for way in ways for one in ways_open(rights, person, way)))
