"""A night's run: which controls look at what again, what they find, and how many a control would have found in the past."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import Control, ControlFinding, ControlScope
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.flows import months_before

# Events older than this are no news; what is still so is reported however old it is.
VIEW_DAYS = 366


@dataclass(frozen=True, slots=True)
class FactChanges:
	"""What has changed since the last run. customers: by kind of facts, those whose facts came, went or changed.

	day_passed: whether the last run was on an earlier day. regrouped: whether other customers may belong together, or pay from other
	accounts, than before: that changes what receipts of anybody tell; another address does not.
	"""

	customers: Mapping[FactKind, Collection[str]] = field(default_factory=dict)
	day_passed: bool = True
	regrouped: bool = True


@dataclass(frozen=True, slots=True)
class Rerun:
	"""What a control looks at again. customers: None for the whole company; open_too: besides them all that may have ripened."""

	control: Control
	customers: frozenset[str] | None
	open_too: bool = False


def reruns(controls: Iterable[Control], changes: FactChanges) -> list[Rerun]:
	"""Return what has to run again after changes; controls that would find what they found before are not among it.

	A control of single customers runs on those that changed. One that ripens also needs, once a day, what is still open
	of all others: deliveries and orders not billed, receipts on account, what is due.
	"""
	found = []
	for one in controls:
		kinds = one.needs if one.scope is ControlScope.COMPANY else one.needs - {FactKind.MASTERS}
		changed = frozenset(name for kind in kinds for name in changes.customers.get(kind, ()))
		touched = any(changes.customers.get(kind) for kind in one.needs)
		ripe = one.ripens and changes.day_passed
		if one.scope is ControlScope.COMPANY:
			if touched or ripe:
				found.append(Rerun(one, None))
		elif FactKind.MASTERS in one.needs and changes.regrouped and changes.customers.get(FactKind.MASTERS):
			found.append(Rerun(one, None))
		elif changed or ripe:
			found.append(Rerun(one, changed, ripe))
	return found


def findings(control: Control, facts: ControlFacts, values: Mapping[str, Decimal]) -> list[ControlFinding]:
	"""Return what a control finds, each once, by day: all that is still so, and the events of the last year."""
	since = facts.today - timedelta(days=VIEW_DAYS)
	found = {one.key: one for one in control.find(facts, values) if control.lasting or one.on >= since}
	return sorted(found.values(), key=lambda one: (one.on, one.key))


def rerun_findings(rerun: Rerun, facts: ControlFacts, values: Mapping[str, Decimal]) -> list[ControlFinding]:
	"""Return what a control finds where it looks again. facts: at least those of the customers, of open_too also the open ones."""
	if rerun.customers is not None and not rerun.open_too:
		facts = facts.of_customers(rerun.customers)
	return findings(rerun.control, facts, values)


@dataclass(frozen=True, slots=True)
class HistoryMonth:
	"""What a control would have found in a month that it had not found before. month: its first day."""

	month: date
	keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControlHistory:
	"""What a control would have found, month by month. before: what would have been there when the first month began.

	months is empty where its facts do not say when they came about.
	"""

	control: str
	months: tuple[HistoryMonth, ...] = ()
	before: int = 0

	@property
	def total(self) -> int:
		"""Return how many findings the months would have brought."""
		return sum(len(month.keys) for month in self.months)


def history(
	control: Control, facts: ControlFacts, values: Mapping[str, Decimal], months: int = 12
) -> ControlHistory:
	"""Run a control as at the end of each of the last *months* months, on what was known then."""
	if not control.has_past:
		return ControlHistory(control.code)
	first = months_before(facts.today, months - 1)
	known = {one.key for one in findings(control, facts.known_on(first - timedelta(days=1)), values)}
	before, found = len(known), []
	month = first
	while month <= facts.today:
		following = (month + timedelta(days=32)).replace(day=1)
		end = following - timedelta(days=1)
		then = facts if end >= facts.today else facts.known_on(end)
		fresh = [one.key for one in findings(control, then, values) if one.key not in known]
		known.update(fresh)
		found.append(HistoryMonth(month, tuple(fresh)))
		month = following
	return ControlHistory(control.code, tuple(found), before)


def parameter_effect(
	control: Control, facts: ControlFacts, values: Mapping[str, Decimal], months: int = 12
) -> tuple[int, int]:
	"""Return how many findings the past would have brought, and has open now, by the shipped parameters and by *values*.

	Within their bounds values may still leave nothing of what would be found: who sets them is to see both figures.
	"""

	def count(chosen: Mapping[str, Decimal]) -> int:
		return history(control, facts, chosen, months).total or len(findings(control, facts, chosen))

	return count(control.defaults()), count(values)


@dataclass(frozen=True, slots=True)
class ControlRun:
	"""What a control did. values: the parameters it ran with. history: None where nobody asked for it. silent: why it could say
	nothing, "" where it could."""

	control: Control
	values: Mapping[str, Decimal]
	findings: tuple[ControlFinding, ...]
	history: ControlHistory | None = None
	silent: str = ""


def run_controls(
	controls: Iterable[tuple[Control, Mapping[str, Decimal]]], facts: ControlFacts, months: int = 0
) -> list[ControlRun]:
	"""Run controls, each with its values. months: of the past to tell of, 0 for none."""
	return [
		ControlRun(
			one,
			values,
			tuple(findings(one, facts, values)),
			history(one, facts, values, months) if months else None,
			one.silent(facts, values) if one.silent else "",
		)
		for one, values in controls
	]
