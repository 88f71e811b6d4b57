"""How well a score ranks: how often those in its top tenth turned bad, against all; beside simpler rankings."""

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from client_ledger.core.credit.statistics import auc
from client_ledger.core.early_warnings.score import ScoredRow
from client_ledger.core.early_warnings.score_rows import ScoreRows
from client_ledger.core.marked import marked

TOP_SHARE = 0.1
_NORMAL = 1.96
# Rankings that are compared, the first one is what is used. Days late now: mean of the last 90 days, open items at their age.
RANKINGS: tuple[tuple[str, str], ...] = (
	("used", marked("Score as Used")),
	("combined", marked("All Evidence")),
	("grade", marked("Grade Alone")),
	("days_late", marked("Days Late Now")),
	("oldest", marked("Oldest Open Item")),
)


class TopTenth(NamedTuple):
	"""Of one ranking: customers and looks that were scored, how many turned bad, how many are in the top tenth and turned bad of these.

	auc: of the whole ranking, None where nobody or everybody turned bad. spread: standard error of the lift's logarithm, customer by customer
	(one customer's months are one case); None where there is no lift.
	"""

	ranking: str
	scored: int
	bad: int
	top: int
	top_bad: int
	auc: float | None
	spread: float | None = None

	@property
	def interval(self) -> tuple[float, float] | None:
		"""Return between what the lift is with a chance of 95 %, None where there is none."""
		if not self.lift or self.spread is None:
			return None
		return self.lift * math.exp(-_NORMAL * self.spread), self.lift * math.exp(_NORMAL * self.spread)

	@property
	def base_rate(self) -> float | None:
		"""Return the share that turned bad, None of nothing."""
		return self.bad / self.scored if self.scored else None

	@property
	def lift(self) -> float | None:
		"""Return how many times as often as all the top tenth turned bad."""
		return self.top_bad / self.top / self.base_rate if self.top and self.bad else None

	@property
	def caught(self) -> float | None:
		"""Return the share of those that turned bad that the top tenth holds."""
		return self.top_bad / self.bad if self.bad else None

	def as_plain(self) -> dict[str, Any]:
		"""Return what JSON can hold."""
		return {
			**self._asdict(),
			"base_rate": self.base_rate,
			"lift": self.lift,
			"caught": self.caught,
			"interval": self.interval,
		}


def top_tenths(rows: ScoreRows, scored: Iterable[ScoredRow], early: bool = True) -> list[TopTenth]:
	"""Return how each ranking did. early: of customers that were not bad already; else of all."""
	found = [row for row in scored if not (early and rows.was_bad[row.place])]
	keys: dict[str, Callable[[ScoredRow], float]] = {
		"used": lambda row: row.used,
		"combined": lambda row: row.combined,
		"grade": lambda row: row.grade,
		"days_late": lambda row: rows.late[row.place],
		"oldest": lambda row: rows.oldest[row.place],
	}
	return [top_tenth(name, rows, found, keys[name]) for name, _label in RANKINGS]


def top_tenth(
	name: str, rows: ScoreRows, scored: Sequence[ScoredRow], key: Callable[[ScoredRow], float]
) -> TopTenth:
	"""Return how a ranking did: the tenth of each look that it puts first, so that no month counts more than another."""
	by_look: dict[int, list[ScoredRow]] = {}
	for row in scored:
		by_look.setdefault(rows.looks[row.place], []).append(row)
	top: list[ScoredRow] = []
	for found in by_look.values():
		top += sorted(found, key=lambda row: (-key(row), row.place))[: max(1, round(TOP_SHARE * len(found)))]
	return TopTenth(
		name,
		len(scored),
		sum(rows.outcomes[row.place] for row in scored),
		len(top),
		sum(rows.outcomes[row.place] for row in top),
		auc((key(row), bool(rows.outcomes[row.place])) for row in scored),
		_spread(rows, scored, top),
	)


def _spread(rows: ScoreRows, scored: Iterable[ScoredRow], top: Iterable[ScoredRow]) -> float | None:
	"""Return the standard error of the lift's logarithm: linearised, with customers as the cases."""
	counts: dict[Hashable, list[int]] = {}
	for found, place in ((scored, 0), (top, 2)):
		for row in found:
			own = counts.setdefault(rows.customers[row.place], [0, 0, 0, 0])
			own[place] += 1
			own[place + 1] += rows.outcomes[row.place]
	sums = [sum(own[place] for own in counts.values()) for place in range(4)]
	if not all(sums):
		return None
	return math.sqrt(
		sum(
			(own[3] / sums[3] - own[2] / sums[2] - own[1] / sums[1] + own[0] / sums[0]) ** 2
			for own in counts.values()
		)
	)
