"""Months as they are kept, one by one, and windows of any length put together from them.

MeasuredKpis of one month -> MonthFigures -> text that is kept -> the KPIs of 1, 3, 12 ... months ending with any of them

What is open at a month's end is the same in every window that ends there; what happened adds up over months. So a month is read from
the ledger once, and a trailing window is a sum of a few numbers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from client_ledger.core.kpis.changes import KpiChange
from client_ledger.core.kpis.definitions import BY_KEY, DEFINITIONS, Definition
from client_ledger.core.kpis.formulas import MissingReason
from client_ledger.core.kpis.inputs import calendar
from client_ledger.core.kpis.measure import Kpi, MeasuredKpis, calculate
from client_ledger.core.kpis.movement import with_the_rest
from client_ledger.core.kpis.rows import Cause, Window
from client_ledger.core.money import ZERO

# What happened in a month and adds up over several.
FLOWS = (
	"sales", "received", "written_off", "cost",
	"paid", "paid_times_late", "paid_times_days", "paid_invoices", "days_late",
	"cohort", "cohort_unpaid", "promises", "promises_kept", "disputes", "dispute_days",
)  # fmt: skip
_OF_THE_WINDOW = {*FLOWS, "opening", "days", "months"}
# Inputs of one customer or month that only KPIs of the day itself need, which are kept as they were calculated.
_LEFT_OUT = ("owed:",)
_NOT_MOVED = ("owed:", "aged:", "sales:", "days:", "outstanding_")


@dataclass(frozen=True, slots=True)
class MonthFigures:
	"""The figures of one month of a company, or of a part of it.

	inputs: by name, but what single customers owe. causes: what each cause but mix added to inputs. kpis: of the month alone.
	has_costs: whether time was logged. unrated: vouchers in a currency without a rate.
	"""

	as_of: date
	inputs: Mapping[str, Decimal]
	causes: Mapping[Cause, Mapping[str, Decimal]]
	kpis: Mapping[str, Kpi]
	has_costs: bool = True
	unrated: tuple[str, ...] = field(default=())

	def as_text(self) -> str:
		"""Return the text to keep: the same figures give the same text."""
		values = {
			"as_of": self.as_of.isoformat(),
			"inputs": _texts(self.inputs),
			"causes": {cause.name: _texts(deltas) for cause, deltas in self.causes.items()},
			"kpis": {key: _kept(kpi) for key, kpi in self.kpis.items()},
			"has_costs": self.has_costs,
			"unrated": list(self.unrated),
		}
		return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

	@classmethod
	def from_text(cls, text: str, inputs_only: bool = False) -> "MonthFigures":
		"""Return what `as_text` gave. inputs_only: without causes and KPIs, which take most of the time. Raises ValueError for another text."""
		try:
			values = json.loads(text)
			inputs = _decimals(values["inputs"])
			if inputs_only:
				values |= {"causes": {}, "kpis": {}}
			return cls(
				date.fromisoformat(values["as_of"]),
				inputs,
				{
					cause: _decimals(values["causes"].get(cause.name, {}))
					for cause in Cause
					if cause is not Cause.MIX
				},
				{
					key: _taken_out(BY_KEY[key], kept, inputs)
					for key, kept in values["kpis"].items()
					if key in BY_KEY
				},
				values["has_costs"],
				tuple(values["unrated"]),
			)
		except (KeyError, TypeError, ArithmeticError) as error:
			raise ValueError(f"these are no figures of a month: {error}") from error


def month_figures(measured: MeasuredKpis, inputs: Mapping[str, Decimal], has_costs: bool) -> MonthFigures:
	"""Return what is kept of the KPIs of one month. inputs: all of them. Raises ValueError for a longer window."""
	if measured.window.months != 1:
		raise ValueError(f"months are kept one by one, and this is {measured.window}")
	causes = {
		cause: {
			name: amount
			for name, amount in sorted(deltas.items())
			if amount and not name.startswith(_NOT_MOVED)
		}
		for cause, deltas in measured.causes.items()
		if cause is not Cause.MIX
	}
	unrated = next((kpi.about for kpi in measured.kpis if kpi.missing is MissingReason.NO_RATE), ())
	return MonthFigures(
		measured.window.as_of,
		{name: amount for name, amount in inputs.items() if not name.startswith(_LEFT_OUT)},
		causes,
		{kpi.definition.key: kpi for kpi in measured.kpis},
		has_costs,
		unrated,
	)


def empty_month(as_of: date) -> MonthFigures:
	"""Return the figures of a part that nothing happened in."""
	found = calendar(Window(as_of, 1))
	kpis = {one.key: calculate(one, found, None, {}, has_costs=False) for one in DEFINITIONS}
	return MonthFigures(as_of, found, {}, kpis, has_costs=False)


def window_inputs(months: Sequence[MonthFigures], length: int) -> dict[str, Decimal]:
	"""Return the inputs of a window. months: the newest first, each the one before the next; at least *length* of them.

	Raises ValueError where they are fewer, or a month is missing between them.
	"""
	_check(months, length)
	found = dict(months[0].inputs)
	for name in FLOWS:
		if amount := sum((month.inputs.get(name, ZERO) for month in months[:length]), ZERO):
			found[name] = amount
		else:
			found.pop(name, None)
	found.pop("opening", None)
	if opening := months[length - 1].inputs.get("opening", ZERO):
		found["opening"] = opening
	return found | calendar(Window(months[0].as_of, length))


def window_kpis(months: Sequence[MonthFigures], length: int) -> tuple[Kpi, ...]:
	"""Return the KPIs of a window as `window_inputs` puts it together; changes where the month before it is there, too.

	Raises ValueError as `window_inputs` does.
	"""
	newest = months[0]
	if length == 1:
		_check(months, 1)
		return tuple(
			newest.kpis[definition.key] for definition in DEFINITIONS if definition.key in newest.kpis
		)
	found = window_inputs(months, length)
	before = window_inputs(months[1:], length) if _reaches(months, length + 1) else None
	causes = with_the_rest(newest.causes, before, found) if before is not None else {}
	has_costs = any(month.has_costs for month in months[:length])
	return tuple(
		calculate(definition, found, before, causes, newest.unrated, has_costs)
		if is_of_the_window(definition) or definition.key not in newest.kpis
		else newest.kpis[definition.key]
		for definition in DEFINITIONS
	)


def window_values(months: Sequence[MonthFigures], length: int, keys: Sequence[str]) -> dict[str, Kpi]:
	"""Return some KPIs of a window from inputs alone, without changes; for those that need what single customers owe, see `window_kpis`.

	Raises ValueError as `window_inputs` does.
	"""
	found = window_inputs(months, length)
	has_costs = any(month.has_costs for month in months[:length])
	return {key: calculate(BY_KEY[key], found, None, {}, months[0].unrated, has_costs) for key in keys}


def is_of_the_window(definition: Definition) -> bool:
	"""Return whether a KPI is another one in a longer window that ends on the same day."""
	return any(name in _OF_THE_WINDOW for name in definition.inputs)


def consecutive(months: Sequence[MonthFigures]) -> int:
	"""Return how many of *months*, the newest first, follow on one another without a gap."""
	count = 0
	for month in months:
		if count and Window(months[count - 1].as_of, 1).eve != month.as_of:
			break
		count += 1
	return count


def _reaches(months: Sequence[MonthFigures], length: int) -> bool:
	return consecutive(months[:length]) >= length


def _check(months: Sequence[MonthFigures], length: int) -> None:
	if not _reaches(months, length):
		raise ValueError(
			f"of {length} months that follow on one another only {consecutive(months)} are there"
		)


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
	return {name: str(amount) for name, amount in amounts.items()}


def _decimals(texts: Mapping[str, str]) -> dict[str, Decimal]:
	return {name: Decimal(text) for name, text in texts.items()}


def _kept(kpi: Kpi) -> dict[str, Any]:
	kept: dict[str, Any] = {"value": None if kpi.value is None else str(kpi.value)}
	if kpi.missing:
		kept["missing"] = kpi.missing.name
	if change := kpi.change:
		kept["before"] = str(change.before)
		kept["parts"] = {cause.name: str(amount) for cause, amount in change.parts.items()}
		kept["whole"] = change.is_whole
	if kpi.about:
		kept["about"] = list(kpi.about)
	return kept


def _taken_out(definition: Definition, kept: Mapping[str, Any], inputs: Mapping[str, Decimal]) -> Kpi:
	change = None
	if "parts" in kept:
		# In the order of causes, as a change that was never kept has them.
		parts = {cause: Decimal(kept["parts"][cause.name]) for cause in Cause}
		change = KpiChange(Decimal(kept["before"]), parts, kept["whole"])
	return Kpi(
		definition,
		None if kept["value"] is None else Decimal(kept["value"]),
		{name: amount for name, amount in inputs.items() if definition.takes(name)},
		MissingReason[kept["missing"]] if "missing" in kept else None,
		tuple(kept.get("about", ())),
		change,
	)
