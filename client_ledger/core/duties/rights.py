"""What people may do, from the rows of a permission system: roles, owner's rights, shares, scopes, transitions of workflows.

All users are looked at in one pass over the same rows. A right is held as often as there are ways to it: through each role that
gives it, and through each share. What limits a right to some documents (its owner's, shared ones, a user's companies) goes with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

ADMINISTRATOR = "Administrator"
GUEST = "Guest"
# Roles that nobody gives: everybody has the first two, users of the desk the third.
EVERYBODY = frozenset({"All", GUEST})
DESK_USER = "Desk User"

# What a right is limited to: DocType -> names. None of it: not limited.
Scope = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Grant:
	"""A row of permissions: what a role may do with a DocType; only_own: with documents that the user has made.

	web_form: through which it is done, past all other permissions; "" for none.
	"""

	doctype: str
	role: str
	rights: frozenset[str]
	only_own: bool = False
	web_form: str = ""


@dataclass(frozen=True, slots=True)
class SharedDocument:
	"""A document that is shared with a user ("" with everybody), with the rights that go with it.

	scope: the one company, customer and so on that it is about.
	"""

	doctype: str
	name: str
	user: str
	rights: frozenset[str]
	scope: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowStep:
	"""A transition of the workflow in force for a DocType: who has the role may take the action."""

	doctype: str
	action: str
	role: str


@dataclass(frozen=True, slots=True)
class Person:
	"""A user. roles: those given, without those that everybody has."""

	name: str
	roles: frozenset[str]
	of_desk: bool = True
	enabled: bool = True

	@property
	def all_roles(self) -> frozenset[str]:
		"""The roles given, and those that come by themselves."""
		return self.roles | EVERYBODY | ({DESK_USER} if self.of_desk else frozenset())


@dataclass(frozen=True, slots=True)
class Restriction:
	"""Documents that a user is narrowed to. applies_to: the one DocType for which ("" for all that lead to it)."""

	user: str
	doctype: str
	names: frozenset[str]
	applies_to: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
	"""One way in which somebody has a right: through a role, a shared document or a web form.

	scope: what it is limited to. only_own: to documents the user has made. account: another account of the same person,
	where the right is not that of the user itself.
	"""

	through: str
	only_own: bool = False
	shared: str = ""
	scope: tuple[tuple[str, frozenset[str]], ...] = ()
	web_form: str = ""
	account: str = ""

	def meets(self, other: "Holding") -> bool:
		"""Return whether there may be a document, or a customer or company, that both are about."""
		mine, others = dict(self.scope), dict(other.scope)
		return all(mine[doctype] & others[doctype] for doctype in mine.keys() & others.keys())


@dataclass
class Rights:
	"""All that is read of a site's permissions, and what follows from it.

	links: DocType -> the DocTypes that its documents name, as far as restrictions on those narrow it.
	submittable: DocTypes whose documents are submitted; nobody submits others, whatever a row says.
	accounts: user -> the other accounts of the same person.
	"""

	people: Iterable[Person]
	grants: Iterable[Grant]
	shares: Iterable[SharedDocument] = ()
	steps: Iterable[WorkflowStep] = ()
	restrictions: Iterable[Restriction] = ()
	links: Mapping[str, frozenset[str]] = field(default_factory=dict)
	submittable: frozenset[str] = frozenset()
	accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)

	def __post_init__(self) -> None:
		self.persons = {person.name: person for person in self.people}
		self._grants: dict[tuple[str, str], list[Grant]] = {}
		for grant in self.grants:
			for right in grant.rights:
				self._grants.setdefault((grant.doctype, right), []).append(grant)
		self._restrictions: dict[str, list[Restriction]] = {}
		for one in self.restrictions:
			self._restrictions.setdefault(one.user, []).append(one)

	def enabled(self) -> Iterator[Person]:
		"""Yield who may log in, by name. The guest is nobody."""
		for name in sorted(self.persons):
			if self.persons[name].enabled and name != GUEST:
				yield self.persons[name]

	@cached_property
	def _actions(self) -> dict[tuple[str, str], frozenset[str]]:
		found: dict[tuple[str, str], set[str]] = {}
		for step in self.steps:
			found.setdefault((step.doctype, step.action), set()).add(step.role)
		return {key: frozenset(roles) for key, roles in found.items()}

	@cached_property
	def _shares(self) -> dict[tuple[str, str], list[SharedDocument]]:
		found: dict[tuple[str, str], list[SharedDocument]] = {}
		for share in self.shares:
			for right in share.rights:
				found.setdefault((share.doctype, right), []).append(share)
		return found

	def roles_for_action(self, doctype: str, action: str) -> frozenset[str] | None:
		"""Return who may take an action of the workflow in force; None where no workflow has it."""
		return self._actions.get((doctype, action))

	def holdings(self, person: Person, doctype: str, right: str) -> list[Holding]:
		"""Return the ways in which *person* has *right* on documents of *doctype*, by role, then by share.

		A right that a role gives on all documents hides what other roles give on own ones only.
		"""
		if right == "submit" and doctype not in self.submittable:
			return []
		if person.name == ADMINISTRATOR:
			return [Holding(ADMINISTRATOR)]
		scope = self.scope_of(person.name, doctype)
		roles = person.all_roles
		rows = [grant for grant in self._grants.get((doctype, right), ()) if grant.role in roles]
		given = [grant for grant in rows if not grant.web_form]
		# Who makes a document makes it its own: creating is never limited to own ones.
		on_all = {grant.role for grant in given if not grant.only_own or right == "create"}
		on_own = {grant.role for grant in given} - on_all
		if on_all:
			on_own = set()
		found = [Holding(role, scope=scope) for role in sorted(on_all)]
		found += [Holding(role, only_own=True, scope=scope) for role in sorted(on_own)]
		if not on_all:
			found += [
				Holding("", shared=f"{share.doctype} {share.name}", scope=share.scope)
				for share in self._shares.get((doctype, right), ())
				if share.user in ("", person.name)
			]
			found += [
				Holding("", only_own=grant.only_own and right != "create", web_form=grant.web_form)
				for grant in rows
				if grant.web_form
			]
		return found

	def scope_of(self, user: str, doctype: str) -> tuple[tuple[str, frozenset[str]], ...]:
		"""Return what *user* is narrowed to among documents of *doctype*: by its own names and those of what they lead to."""
		found: dict[str, set[str]] = {}
		for one in self._restrictions.get(user, ()):
			leads = one.doctype == doctype or one.doctype in self.links.get(doctype, ())
			if leads and one.applies_to in ("", doctype):
				found.setdefault(one.doctype, set()).update(one.names)
		return tuple((name, frozenset(found[name])) for name in sorted(found))


@dataclass(frozen=True, slots=True)
class Way:
	"""One way of doing a duty: all of *rights* (DocType, right), and one of *roles* where there are any.

	action: of the workflow of the first right's DocType; it adds the roles that may take it where a workflow is in force.
	"""

	rights: tuple[tuple[str, str], ...]
	action: str = ""
	roles: frozenset[str] = frozenset()

	@property
	def doctype(self) -> str:
		"""The DocType that it is done on."""
		return self.rights[0][0]


def ways_open(rights: Rights, person: Person, way: Way) -> list[Holding]:
	"""Return how *person* may do a duty this way: the first right's holdings, with all roles that it takes named."""
	per_right = [rights.holdings(person, doctype, right) for doctype, right in way.rights]
	if not all(per_right):
		return []
	wanted = [way.roles] if way.roles else []
	if way.action and (roles := rights.roles_for_action(way.doctype, way.action)) is not None:
		wanted.append(roles)
	if person.name == ADMINISTRATOR:
		return [Holding(ADMINISTRATOR)]
	besides = [sorted(roles & person.all_roles) for roles in wanted]
	if not all(besides):
		return []
	return _simplest(
		_together(combination, names)
		for combination in _combinations(per_right)
		for names in product(*besides)
		if all(one.meets(other) for one, other in product(combination, repeat=2))
		and len({one.shared for one in combination if one.shared}) < 2
	)


def _combinations(per_right: list[list[Holding]]) -> Iterator[tuple[Holding, ...]]:
	"""Yield how all rights are held at once: through one role that gives them all, else through several together."""
	alone = [one for one in per_right[0] if all(one in holdings for holdings in per_right)]
	yield from ((one,) * len(per_right) for one in alone)
	if len(per_right) > 1:
		# Together with others such a role says no more.
		yield from product(*([one for one in holdings if one not in alone] for holdings in per_right))


def _together(holdings: tuple[Holding, ...], roles: tuple[str, ...]) -> Holding:
	names = dict.fromkeys([*(one.through for one in holdings if one.through), *roles])
	first = holdings[0]
	scope: dict[str, frozenset[str]] = {}
	for one in holdings:
		for doctype, allowed in one.scope:
			scope[doctype] = scope.get(doctype, allowed) & allowed
	return Holding(
		" + ".join(names),
		only_own=any(one.only_own for one in holdings),
		shared=first.shared,
		scope=tuple(sorted(scope.items())),
		web_form=first.web_form,
	)


def _simplest(found: Iterable[Holding]) -> list[Holding]:
	"""Return the holdings without those that name every role of another one, and more."""
	unique = list(dict.fromkeys(found))
	parts = [(set(one.through.split(" + ")), one.shared, one.only_own, one.web_form) for one in unique]
	return [
		one
		for place, one in enumerate(unique)
		if not any(
			parts[other][0] < parts[place][0] and parts[other][1:] == parts[place][1:]
			for other in range(len(unique))
		)
	]
