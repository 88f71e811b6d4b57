"""What changed a KPI since a month ago, by cause, so that the causes add up to the change exactly.

A KPI is a formula of inputs that several causes move at once. What each is worth depends on the order they are thought to come in; the mean
over all orders depends on none (Shapley 1953), and adds up by construction.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from math import factorial
from typing import NamedTuple

from client_ledger.core.kpis.definitions import Definition
from client_ledger.core.kpis.formulas import Inputs, Missing
from client_ledger.core.kpis.rows import Cause
from client_ledger.core.money import ZERO, rounded, unit

_DIGITS = 2


class KpiChange(NamedTuple):
	"""The value a month ago, and what each cause added to it. is_whole: the parts cannot be told apart (a formula has no answer in
	between), and all of the change is mix."""

	before: Decimal
	parts: dict[Cause, Decimal]
	is_whole: bool = False

	@property
	def total(self) -> Decimal:
		"""Return the change."""
		return sum(self.parts.values(), ZERO)

	def shown(self, after: Decimal) -> dict[Cause, Decimal]:
		"""Return the parts as they are shown: rounded, and adding up to the rounded value *after* less the rounded one before.

		What rounding leaves over goes to the parts it was taken from most.
		"""
		whole = rounded(after, _DIGITS) - rounded(self.before, _DIGITS)
		found = {cause: rounded(amount, _DIGITS) for cause, amount in self.parts.items()}
		step = unit(_DIGITS)
		left = whole - sum(found.values(), ZERO)
		order = sorted(self.parts, key=lambda cause: abs(self.parts[cause] - found[cause]), reverse=True)
		place = 0
		while left and order:
			found[order[place % len(order)]] += step if left > 0 else -step
			left -= step if left > 0 else -step
			place += 1
		return found


def change(
	definition: Definition, before: Inputs, causes: Mapping[Cause, Mapping[str, Decimal]]
) -> KpiChange | None:
	"""Return by which causes a KPI changed, None where there was none a month ago (or is none now)."""
	# Filtered once, for there are as many combinations of causes as these have subsets.
	before = {name: amount for name, amount in before.items() if definition.takes(name)}
	own = {
		cause: {name: amount for name, amount in causes.get(cause, {}).items() if definition.takes(name)}
		for cause in Cause
	}
	moving = [cause for cause in Cause if own[cause]]
	values: dict[frozenset[Cause], Decimal | None] = {}
	for size in range(len(moving) + 1):
		for chosen in combinations(moving, size):
			values[frozenset(chosen)] = _value(definition, before, [own[cause] for cause in chosen])
	first, last = values[frozenset()], values[frozenset(moving)]
	if first is None or last is None:
		return None
	parts = dict.fromkeys(Cause, ZERO)
	if any(value is None for value in values.values()):
		parts[Cause.MIX] = last - first
		return KpiChange(first, parts, True)
	for cause in moving:
		parts[cause] = _worth(cause, moving, values)
	# The mean of divided Decimals is good to some 25 digits: what is missing there belongs to no cause.
	parts[Cause.MIX] += last - first - sum(parts.values(), ZERO)
	return KpiChange(first, parts)


def _value(definition: Definition, before: Inputs, moved: Sequence[Mapping[str, Decimal]]) -> Decimal | None:
	state = dict(before)
	for deltas in moved:
		for name, amount in deltas.items():
			state[name] = state.get(name, ZERO) + amount
	try:
		return definition.compute(state)
	except Missing:
		return None


def _worth(
	cause: Cause, moving: Sequence[Cause], values: Mapping[frozenset[Cause], Decimal | None]
) -> Decimal:
	"""Return the mean of what a cause adds, over all orders of the causes."""
	others = [other for other in moving if other is not cause]
	found = ZERO
	for size in range(len(others) + 1):
		orders = factorial(size) * factorial(len(others) - size)
		for chosen in combinations(others, size):
			without = frozenset(chosen)
			found += orders * (values[without | {cause}] - values[without])
	return found / factorial(len(moving))
