"""Which way round the other side signs its amounts: what we claim, a customer's own ledger may show as negative."""

from collections import Counter
from dataclasses import dataclass

from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.lines import BookedLine, LedgerSide
from client_ledger.core.reconciliation.numbers import keys_of_number, keys_of_text
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


def orientation(ours: LedgerSide, theirs: LedgerSide, presumed: bool = False) -> Orientation:
	"""Return which way theirs fit ours: by lines that share a number and an amount, else by amounts, else by the balances.

	presumed: whether they are turned where nothing tells, as a ledger with debit and credit is that the customer keeps.
	"""
	by_number: dict[tuple[str, str], set[int]] = {}
	for line in ours.lines:
		for key in _keys(line):
			by_number.setdefault((line.currency, key), set()).add(units_of(line.amount))
	straight = turned = 0
	for line in theirs.lines:
		known = [by_number.get((line.currency, key), ()) for key in _keys(line)]
		units = units_of(line.amount)
		straight += any(units in found for found in known)
		turned += any(-units in found for found in known)
	if straight == turned:
		amounts = Counter((line.currency, units_of(line.amount)) for line in ours.lines)
		counted = Counter((line.currency, units_of(line.amount)) for line in theirs.lines)
		straight += sum(min(count, amounts[key]) for key, count in counted.items())
		turned += sum(min(count, amounts[key[0], -key[1]]) for key, count in counted.items())
	if straight == turned:
		return Orientation(_balances_say(ours, theirs, presumed), (straight, turned))
	return Orientation(turned > straight, (straight, turned))


def _balances_say(ours: LedgerSide, theirs: LedgerSide, presumed: bool) -> bool:
	apart = {True: ZERO, False: ZERO}
	for currency in ours.currencies() & theirs.currencies():
		mine, yours = ours.balance(currency), theirs.balance(currency)
		apart[False] += abs(mine - yours)
		apart[True] += abs(mine + yours)
	return presumed if apart[True] == apart[False] else apart[True] < apart[False]


def _keys(line: BookedLine) -> set[str]:
	numbers = [line.number, *line.references]
	keys = {key for number in numbers if number for key in keys_of_number(number).digits}
	return {key for key in keys | keys_of_text(line.text).digits if len(key) > 2}
