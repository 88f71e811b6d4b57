"""The KPIs of a book: value, or the reason why there is none, with inputs, rows, tie to the General Ledger, and what changed."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from client_ledger.core.kpis.changes import KpiChange, change
from client_ledger.core.kpis.definitions import DEFINITIONS, Definition
from client_ledger.core.kpis.formulas import Inputs, Missing, MissingReason
from client_ledger.core.kpis.inputs import InputRow, input_rows, summed
from client_ledger.core.kpis.movement import causes_of
from client_ledger.core.kpis.rows import Cause, KpiBook, Window
from client_ledger.core.money import ZERO, rounded

# Decimals of a value as it is shown, stored and compared.
DIGITS = 2


@dataclass(frozen=True, slots=True)
class Kpi:
	"""A KPI of a window. value: None where *missing* says why; what the reason names is in *about*. change: since a month ago, None
	where either has no value."""

	definition: Definition
	value: Decimal | None
	inputs: dict[str, Decimal]
	missing: MissingReason | None = None
	about: tuple[str, ...] = ()
	change: KpiChange | None = None

	@property
	def shown(self) -> Decimal | None:
		"""Return the value as it is shown."""
		return None if self.value is None else rounded(self.value, DIGITS)


@dataclass(frozen=True, slots=True)
class Tie:
	"""Receivable less unallocated against the General Ledger; general_ledger None where it is not known."""

	balance: Decimal
	general_ledger: Decimal | None

	@property
	def difference(self) -> Decimal | None:
		"""Return by how much they differ, 0 where they tie."""
		return None if self.general_ledger is None else self.balance - self.general_ledger


@dataclass(frozen=True, slots=True)
class MeasuredKpis:
	"""All KPIs of a window, and every row they are made of. causes: what each added to inputs since a month ago."""

	window: Window
	kpis: tuple[Kpi, ...]
	rows: Sequence[InputRow]
	tie: Tie
	causes: Mapping[Cause, Mapping[str, Decimal]] = field(default_factory=dict)

	def of(self, key: str) -> Kpi:
		"""Return a KPI. Raises KeyError for one there is not."""
		return {kpi.definition.key: kpi for kpi in self.kpis}[key]

	def drill(self, kpi: Kpi) -> list[InputRow]:
		"""Return the rows that a KPI's inputs are sums of."""
		return [row for row in self.rows if kpi.definition.takes(row.input)]


def measure(book: KpiBook, window: Window, with_changes: bool = True) -> MeasuredKpis:
	"""Return the KPIs of *book* over *window*.

	with_changes: also by which causes each changed since a month ago; the book must then say what was open on all of `window.needs()`.
	Raises KeyError where it does not.
	"""
	rows = list(input_rows(book, window))
	found = summed(rows, window)
	before: Inputs | None = None
	causes = {}
	if with_changes:
		before = summed(input_rows(book, window.before), window.before)
		causes = causes_of(book, window, before, found)
	unrated = tuple(sorted(voucher for voucher, _customer in book.unrated))
	has_costs = book.costs is not None
	kpis = tuple(
		calculate(definition, found, before, causes, unrated, has_costs) for definition in DEFINITIONS
	)
	balance = found.get("receivable", ZERO) - found.get("unallocated", ZERO)
	return MeasuredKpis(window, kpis, rows, Tie(balance, book.general_ledger.get(window.as_of)), causes)


def calculate(
	definition: Definition,
	found: Inputs,
	before: Inputs | None,
	causes: Mapping[Cause, Mapping[str, Decimal]],
	unrated: tuple[str, ...] = (),
	has_costs: bool = True,
) -> Kpi:
	"""Return a KPI of inputs. before: those of a month ago, None where they are not known. unrated: vouchers without a rate.

	has_costs: whether any time is logged.
	"""
	own = {name: amount for name, amount in sorted(found.items()) if definition.takes(name)}
	if unrated and definition.is_amount:
		return Kpi(definition, None, own, MissingReason.NO_RATE, unrated)
	if definition.key == "cost_per_collected" and not has_costs:
		return Kpi(definition, None, own, MissingReason.NO_TIME_LOGGED)
	try:
		value = definition.compute(found)
	except Missing as missing:
		return Kpi(definition, None, own, missing.reason)
	changed = None
	if before is not None:
		changed = change(definition, before, causes)
	return Kpi(definition, value, own, change=changed)


def by_dimension(
	book: KpiBook, window: Window, key: Callable[[str], Hashable], with_changes: bool = False
) -> dict[Hashable, MeasuredKpis]:
	"""Return the KPIs per value of a dimension. key: customer -> group, territory, sales person, collector, segment, grade."""
	return {value: measure(part, window, with_changes) for value, part in book.by(key).items()}


def trailing(book: KpiBook, windows: Iterable[Window]) -> dict[Window, dict[str, Decimal | None]]:
	"""Return the values of several windows by key, for a line over time; a window that the book has no open items for is left out."""
	found = {}
	for window in windows:
		if {window.as_of, window.eve, window.month_before} <= set(book.open_on):
			measured = measure(book, window, with_changes=False)
			found[window] = {kpi.definition.key: kpi.shown for kpi in measured.kpis}
	return found
