"""Who has to read which version of a procedure, who has, and who is late."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from client_ledger.core.marked import marked


class ReadingStatus(str, Enum):
	"""How a reader stands with the version in force."""

	READ = marked("Read")
	TO_READ = marked("To Be Read")
	LATE = marked("Late")


@dataclass(frozen=True, slots=True)
class InForce:
	"""A procedure in force. roles: of its steps; whoever has one of them has to read it, and who is responsible too."""

	name: str
	version: int
	since: date
	within_days: int
	roles: frozenset[str]
	responsible: str = ""

	@property
	def due(self) -> date:
		"""The last day on which it is to be read by who had a role when it came into force."""
		return self.since + timedelta(days=max(self.within_days, 0))


@dataclass(frozen=True, slots=True)
class ToRead:
	"""A user who has to read a procedure, and whether that is done."""

	procedure: str
	version: int
	user: str
	due: date
	read_on: datetime | None
	status: ReadingStatus


def has_to_read(procedure: InForce, user: str, roles: Iterable[str]) -> bool:
	"""Return whether a user with *roles* has to read a procedure."""
	return user == procedure.responsible or not procedure.roles.isdisjoint(roles)


def readings(
	procedures: Iterable[InForce],
	roles: Mapping[str, frozenset[str]],
	read: Mapping[tuple[str, int, str], datetime],
	today: date,
) -> Iterator[ToRead]:
	"""Yield who has to read what, by procedure and user.

	roles: of each user. read: when, by (procedure, version, user); another version than the one in force counts for nothing.
	"""
	for procedure in procedures:
		for user in sorted(roles):
			if has_to_read(procedure, user, roles[user]):
				read_on = read.get((procedure.name, procedure.version, user))
				yield ToRead(
					procedure.name,
					procedure.version,
					user,
					procedure.due,
					read_on,
					status_of(read_on, procedure.due, today),
				)


def status_of(read_on: datetime | None, due: date, today: date) -> ReadingStatus:
	"""Return how a reader stands: read, still to read, or late from the day after *due*."""
	if read_on:
		return ReadingStatus.READ
	return ReadingStatus.LATE if today > due else ReadingStatus.TO_READ
