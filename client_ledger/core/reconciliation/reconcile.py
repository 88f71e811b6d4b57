"""Compares two ledgers: passes in their order, what is left by kind, and the identity that holds always."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation import by_amount, by_number, by_sum, differences
from client_ledger.core.reconciliation.differences import DifferenceKind, LedgerDifference
from client_ledger.core.reconciliation.learned import Shapes
from client_ledger.core.reconciliation.lines import BookedLine, Decisions, LedgerSide, MatchSettings, Side
from client_ledger.core.reconciliation.matches import Because, Confidence, LineMatch, MatchPass
from client_ledger.core.reconciliation.pool import KeyedLine, Pool


@dataclass(frozen=True, slots=True)
class BalanceIdentity:
	"""Their balance + differences by kind = our balance. by_kind: every kind, nothing where there is none."""

	currency: str
	theirs: Decimal
	by_kind: dict[DifferenceKind, Decimal]
	ours: Decimal

	@property
	def unexplained(self) -> Decimal:
		"""Return what the differences leave open: nothing, ever."""
		return self.ours - self.theirs - sum(self.by_kind.values(), ZERO)


@dataclass(frozen=True, slots=True)
class CurrencyReconciliation:
	"""Two ledgers compared in one currency. bounded: lines whose search for several that make them up was given up."""

	currency: str
	matches: tuple[LineMatch, ...]
	differences: tuple[LedgerDifference, ...]
	identity: BalanceIdentity
	bounded: tuple[BookedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
	"""Two ledgers compared, currency by currency. ignored: decisions that no longer fit the lines, as (ours, theirs)."""

	parts: tuple[CurrencyReconciliation, ...]
	ignored: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

	@property
	def matches(self) -> list[LineMatch]:
		"""Return the matches of all currencies."""
		return [match for part in self.parts for match in part.matches]

	@property
	def differences(self) -> list[LedgerDifference]:
		"""Return the differences of all currencies."""
		return [difference for part in self.parts for difference in part.differences]


def reconcile(
	ours: LedgerSide, theirs: LedgerSide, settings: MatchSettings, decisions: Decisions | None = None
) -> Reconciliation:
	"""Compare two ledgers, both with amounts as ours are signed. Raises ValueError where an id stands twice on a side."""
	decisions = decisions or Decisions()
	for side in (ours, theirs):
		if len({line.id for line in side.lines}) != len(side.lines):
			raise ValueError("an id stands twice on one side")
	joined, ignored = _fitting(ours, theirs, decisions)
	with _no_collecting():
		parts = [
			_in_currency(currency, ours, theirs, settings, joined.get(currency, ()), decisions)
			for currency in sorted(ours.currencies() | theirs.currencies())
		]
	return Reconciliation(tuple(parts), tuple(ignored))


@contextmanager
def _no_collecting() -> Iterator[None]:
	"""Pause the garbage collector, which would take two fifths of the time: many objects are made here, and no circles."""
	was_on = gc.isenabled()
	gc.disable()
	try:
		yield
	finally:
		if was_on:
			gc.enable()


def _fitting(ours: LedgerSide, theirs: LedgerSide, decisions: Decisions) -> tuple[dict[str, list], list]:
	"""Return the joined lines by currency, and the decisions whose lines are gone, taken or of two currencies."""
	by_id = {
		side: {line.id: line for line in ledger.lines}
		for side, ledger in ((Side.OURS, ours), (Side.THEIRS, theirs))
	}
	joined: dict[str, list] = {}
	ignored, used = [], set()
	for mine, yours in decisions.joined:
		asked = [(Side.OURS, one) for one in mine] + [(Side.THEIRS, one) for one in yours]
		currencies = {by_id[side][one].currency for side, one in asked if one in by_id[side]}
		fits = all(one in by_id[side] for side, one in asked) and len(currencies) == 1
		if not fits or used & set(asked) or len(set(asked)) != len(asked):
			ignored.append((tuple(mine), tuple(yours)))
			continue
		used |= set(asked)
		joined.setdefault(currencies.pop(), []).append((tuple(mine), tuple(yours)))
	return joined, ignored


def _in_currency(
	currency: str,
	ours: LedgerSide,
	theirs: LedgerSide,
	settings: MatchSettings,
	joined: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
	decisions: Decisions,
) -> CurrencyReconciliation:
	pool = Pool(
		[line for line in ours.lines if line.currency == currency],
		[line for line in theirs.lines if line.currency == currency],
		settings,
		decisions.kept_apart,
	)
	aside = _join(pool, joined)
	_run(pool)
	found = _differences(currency, pool, ours, theirs, aside)
	by_kind = {kind: sum((one.amount for one in found if one.kind is kind), ZERO) for kind in DifferenceKind}
	identity = BalanceIdentity(currency, theirs.balance(currency), by_kind, ours.balance(currency))
	bounded = {line.id: line for line in pool.bounded}
	return CurrencyReconciliation(
		currency, tuple(pool.matches), tuple(found), identity, tuple(bounded.values())
	)


def _join(
	pool: Pool, joined: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
) -> dict[Side, list[KeyedLine]]:
	"""Match what people joined; return the lines they left without counterpart."""
	by_id = {side: {line.line.id: line for line in pool.lines[side]} for side in Side}
	aside: dict[Side, list[KeyedLine]] = {side: [] for side in Side}
	reason = Because(marked("Joined by hand."))
	for mine, yours in joined:
		lines = [by_id[Side.OURS][one] for one in mine], [by_id[Side.THEIRS][one] for one in yours]
		if mine and yours:
			pool.take(*lines, MatchPass.JOINED, Confidence.SURE, reason)
		else:
			for side, alone in zip(Side, lines, strict=True):
				for line in alone:
					pool.set_aside(side, line)
					aside[side].append(line)
	return aside


def _run(pool: Pool) -> None:
	"""Run the passes, from sure to unsure."""
	by_number.by_number_and_amount(pool, 0)
	by_number.by_digits_and_amount(pool, 0)
	if pool.tolerance:
		by_number.by_number_and_amount(pool, pool.tolerance)
		by_number.by_digits_and_amount(pool, pool.tolerance)
	by_number.by_number_and_sum(pool)
	by_number.by_typo(pool)
	by_sum.by_one_number_of_several(pool)
	by_number.by_typo(pool, is_known=True)
	by_number.by_number_alone(pool)
	shapes = Shapes(pool)
	by_amount.by_rare_amount(pool, shapes)
	by_sum.by_batch(pool, shapes)
	by_amount.by_common_amount(pool, shapes)
	by_sum.by_sum(pool, shapes)
	by_amount.by_fee(pool, shapes)


def _differences(
	currency: str, pool: Pool, ours: LedgerSide, theirs: LedgerSide, aside: dict[Side, list[KeyedLine]]
) -> list[LedgerDifference]:
	settings = pool.settings
	found = [differences.of_match(match, currency, settings) for match in pool.matches]
	taken = {
		Side.OURS: [line for match in pool.matches for line in match.ours],
		Side.THEIRS: [line for match in pool.matches for line in match.theirs],
	}
	for side, own, other in ((Side.OURS, ours, theirs), (Side.THEIRS, theirs, ours)):
		free = [line.line for line in (*pool.free(side), *aside[side])]
		doubles = differences.doubled(free, taken[side])
		found += [differences.of_line(line, side, own, other, settings, doubles) for line in free]
	found.append(differences.of_opening(ours, theirs, currency))
	found += [
		differences.not_listed(side, own, currency) for side, own in zip(Side, (ours, theirs), strict=True)
	]
	return [one for one in found if one]
