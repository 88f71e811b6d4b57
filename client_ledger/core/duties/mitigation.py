"""Mitigation: a conflict that somebody has accepted for a time, and what keeps it in check meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

# Nothing is accepted for longer without being looked at again.
MOST_DAYS = 366


class MitigationFault(Enum):
	"""Why a mitigation cannot be taken."""

	NO_END = "No End"
	ENDS_BEFORE_IT_BEGINS = "Ends Before It Begins"
	OVER_ALREADY = "Over Already"
	TOO_LONG = "Too Long"
	NO_REASON = "No Reason"


@dataclass(frozen=True, slots=True)
class Accepted:
	"""An approved mitigation of one user's conflict under one rule; both days count."""

	name: str
	user: str
	rule: str
	since: date
	until: date


def fault_of(
	since: date | None, until: date | None, reason: str | None, today: date
) -> MitigationFault | None:
	"""Return what is wrong with a mitigation, None where nothing is."""
	if until is None:
		return MitigationFault.NO_END
	since = since or today
	if until < since:
		return MitigationFault.ENDS_BEFORE_IT_BEGINS
	if until < today:
		return MitigationFault.OVER_ALREADY
	if until - since > timedelta(days=MOST_DAYS):
		return MitigationFault.TOO_LONG
	# Dots and dashes are no reason.
	if sum(letter.isalnum() for letter in reason or "") < 3:
		return MitigationFault.NO_REASON
	return None


def in_force(accepted: Iterable[Accepted], today: date) -> Mapping[tuple[str, str], Accepted]:
	"""Return the mitigation that applies today, by user and rule: of several the one that lasts longest."""
	found: dict[tuple[str, str], Accepted] = {}
	for one in sorted(accepted, key=lambda one: (one.until, one.name)):
		if one.since <= today <= one.until:
			found[one.user, one.rule] = one
	return found
