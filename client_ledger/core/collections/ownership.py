"""Who looks after a customer: the team whose scope names it most closely, and in it one member by the shares.

A customer keeps its collector when others join or leave: each member draws a number for it from both names, and the
largest, weighted by the share, wins (weighted rendezvous hashing).
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class ScopeKind(str, Enum):
	"""What a scope goes by, the closest first. The value is the English label."""

	CUSTOMER = "Customer"
	SEGMENT = "Segment"
	CUSTOMER_GROUP = "Customer Group"
	TERRITORY = "Territory"
	ALL = "All"


_CLOSENESS = {kind: place for place, kind in enumerate(ScopeKind)}


class TeamScope(NamedTuple):
	"""Customers a team looks after. value: empty for all."""

	kind: ScopeKind
	value: str = ""


class TeamMember(NamedTuple):
	"""A collector, with the share of the work against the others'."""

	user: str
	share: int = 100


@dataclass(frozen=True, slots=True)
class Team:
	"""Collectors and their customers. company: empty for all."""

	name: str
	members: tuple[TeamMember, ...]
	scopes: tuple[TeamScope, ...]
	company: str = ""


@dataclass(frozen=True, slots=True)
class Belonging:
	"""What a customer belongs to: groups and territories with those above them, the closest first."""

	customer: str
	company: str
	segment: str = ""
	groups: tuple[str, ...] = ()
	territories: tuple[str, ...] = field(default=())


def collector(of: Belonging, teams: Iterable[Team]) -> str | None:
	"""Return the user that looks after a customer, None where no team does."""
	fits = [
		(closeness, team.name, team)
		for team in teams
		if team.company in ("", of.company) and any(member.share > 0 for member in team.members)
		for closeness in [min((_closeness(scope, of) for scope in team.scopes), default=None)]
		if closeness and closeness < _NEVER
	]
	if not fits:
		return None
	_closest, _name, team = min(fits, key=lambda fit: fit[:2])
	return max(team.members, key=lambda member: (_draw(member, of), member.user)).user


_NEVER = (len(_CLOSENESS), 0)


def _closeness(scope: TeamScope, of: Belonging) -> tuple[int, int]:
	"""Return how closely a scope names a customer, smaller is closer; of two groups the one further down."""
	above = {
		ScopeKind.CUSTOMER: (of.customer,),
		ScopeKind.SEGMENT: (of.segment,) if of.segment else (),
		ScopeKind.CUSTOMER_GROUP: of.groups,
		ScopeKind.TERRITORY: of.territories,
		ScopeKind.ALL: ("",),
	}[scope.kind]
	value = "" if scope.kind is ScopeKind.ALL else scope.value
	return (_CLOSENESS[scope.kind], above.index(value)) if value in above else _NEVER


def _draw(member: TeamMember, of: Belonging) -> float:
	if member.share <= 0:
		return -math.inf
	digest = hashlib.sha256(f"{member.user}|{of.customer}|{of.company}".encode()).digest()
	number = (int.from_bytes(digest[:8], "big") + 1) / (2**64 + 1)
	return -member.share / math.log(number)
