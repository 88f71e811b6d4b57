"""Tonight's findings beside those that are stored: what is new, still there, there again, or gone and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.controls.control import Control, ControlFinding
from client_ledger.core.controls.run import VIEW_DAYS, Rerun
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

RULE_CHANGED = marked("The parameters of the control were changed; by the new ones it is no finding.")


@dataclass(frozen=True, slots=True)
class StoredFinding:
	"""A finding as it is kept. parameters: the fingerprint of those it was found with. is_open: nobody has closed it."""

	key: str
	on: date
	customer: str
	parameters: str
	is_open: bool = True


@dataclass(frozen=True, slots=True)
class LookedAt:
	"""Where a control looked. customers: None for everywhere."""

	control: Control
	parameters: str
	today: date
	customers: Collection[str] | None = None


def looked_at(rerun: Rerun, parameters: str, today: date) -> LookedAt:
	"""Return where a rerun looks: everywhere, too, where it looks at all that is open."""
	return LookedAt(rerun.control, parameters, today, None if rerun.open_too else rerun.customers)


@dataclass(frozen=True, slots=True)
class GoneFinding:
	"""A stored finding that is to be closed, and why."""

	stored: StoredFinding
	reason: Because


@dataclass(frozen=True, slots=True)
class ComparedFindings:
	"""What to write. new: rows to make. still: open rows to bring up to date. again: rows that were closed as gone or by a
	person, and whose thing is found once more: the caller decides, by how they were closed. gone: rows to close.
	"""

	new: tuple[ControlFinding, ...] = ()
	still: tuple[tuple[StoredFinding, ControlFinding], ...] = ()
	again: tuple[tuple[StoredFinding, ControlFinding], ...] = ()
	gone: tuple[GoneFinding, ...] = ()


def compare_findings(
	stored: Iterable[StoredFinding], found: Iterable[ControlFinding], looked: LookedAt
) -> ComparedFindings:
	"""Compare a control's findings with its stored ones. What was not looked at, or is out of view by its age, stays as it is."""
	known = {one.key: one for one in stored}
	tonight = {one.key: one for one in found}
	new = tuple(one for key, one in tonight.items() if key not in known)
	both = [(known[key], one) for key, one in tonight.items() if key in known]
	return ComparedFindings(
		new,
		tuple(pair for pair in both if pair[0].is_open),
		tuple(pair for pair in both if not pair[0].is_open),
		tuple(
			GoneFinding(one, _why_gone(one, looked))
			for key, one in known.items()
			if one.is_open and key not in tonight and _was_looked_at(one, looked)
		),
	)


def _was_looked_at(one: StoredFinding, looked: LookedAt) -> bool:
	if looked.customers is not None and one.customer not in looked.customers:
		return False
	return looked.control.lasting or one.on >= looked.today - timedelta(days=VIEW_DAYS)


def _why_gone(one: StoredFinding, looked: LookedAt) -> Because:
	return Because(looked.control.mended if one.parameters == looked.parameters else RULE_CHANGED)
