"""Which way round the other side signs its amounts: what we claim, a customer's own ledger may show as negative."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from client_ledger.core.reconciliation.lines import BookedLine
from client_ledger.core.reconciliation.numbers import keys_of_number
from client_ledger.core.reconciliation.pool import units_of


@dataclass(frozen=True, slots=True)
class Orientation:
	"""Whether their amounts must be turned round. votes: how many lines spoke for as they are, and for the other way."""

	is_turned: bool
	votes: tuple[int, int]

	@property
	def is_sure(self) -> bool:
		"""Return whether the lines leave no doubt."""
		straight, turned = self.votes
		return max(straight, turned) >= 3 and max(straight, turned) >= 3 * min(straight, turned)


def orientation(ours: Iterable[BookedLine], theirs: Iterable[BookedLine]) -> Orientation:
	"""Return which way theirs fit ours: by lines that share a number and an amount, else by amounts alone.

	Where nothing tells, they are left as they are.
	"""
	ours, theirs = list(ours), list(theirs)
	by_number: dict[tuple[str, str], set[int]] = {}
	for line in ours:
		for key in _keys(line):
			by_number.setdefault((line.currency, key), set()).add(units_of(line.amount))
	straight = turned = 0
	for line in theirs:
		known = [by_number.get((line.currency, key), ()) for key in _keys(line)]
		units = units_of(line.amount)
		straight += any(units in found for found in known)
		turned += any(-units in found for found in known)
	if straight == turned:
		amounts = Counter((line.currency, units_of(line.amount)) for line in ours)
		for line in theirs:
			units = units_of(line.amount)
			straight += (line.currency, units) in amounts
			turned += (line.currency, -units) in amounts
	return Orientation(turned > straight, (straight, turned))


def turned(lines: Sequence[BookedLine]) -> list[BookedLine]:
	"""Return the lines with their amounts the other way round."""
	return [replace(line, amount=-line.amount) for line in lines]


def _keys(line: BookedLine) -> set[str]:
	numbers = [line.number, *line.references]
	return {key for number in numbers if number for key in keys_of_number(number).digits if len(key) > 2}
