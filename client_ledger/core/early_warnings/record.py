"""A signal's own record: how often it was raised, how often the customer turned bad within ninety days, and whether that is luck.

Every warning is held against the base rate of its day: how many of *all* customers that were not bad then turned bad. Warnings on customers who were
bad already do not count, neither do those whose ninety days are not over. A signal beats the base rate where two tests agree: the exact binomial,
and one by customers (warnings on one customer are one case, not several); of all signals that pass, one in twenty at most may be luck
(Benjamini and Hochberg, core.controls.chance).
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from statistics import median
from typing import Any, NamedTuple

from client_ledger.core.controls.chance import binomial_tail, discoveries, normal_tail
from client_ledger.core.early_warnings.outcomes import WarningOutcome

# Warnings, and customers that turned bad, below which nothing is said; the share of false discoveries.
LEAST_RAISED, LEAST_BAD, FALSE_SHARE = 15, 5, 0.05


class SignalVerdict(str, Enum):
	"""What the record says of a signal. The value is the English label."""

	BEATS = "Beats the Base Rate"
	TOO_FEW = "Too Few to Tell"
	NO_BETTER = "No Better than the Base Rate"


class JudgedWarning(NamedTuple):
	"""A warning whose ninety days are over. base: share of all customers not bad on that day that turned bad."""

	signal: str
	subject: Hashable
	start: date
	outcome: WarningOutcome
	base: float

	@property
	def lead_days(self) -> int | None:
		"""Return the days from the warning to the day the customer turned bad, None where it did not."""
		return (self.outcome.bad_on - self.start).days if self.outcome.bad_on else None


@dataclass(frozen=True, slots=True)
class SignalRecord:
	"""Of one signal, in the months from *since* to *until*. raised: warnings; judged: whose ninety days are over and that were early
	(already_bad: those that were not, waiting: not over yet, unknown: nothing fell due after); bad: of the judged, turned bad.
	base_rate: what chance would have given on the same days. lead_days: median from warning to turning bad. chance: of doing as well by luck.
	"""

	signal: str
	since: date
	until: date
	raised: int = 0
	judged: int = 0
	bad: int = 0
	base_rate: float = 0.0
	lead_days: float | None = None
	already_bad: int = 0
	waiting: int = 0
	unknown: int = 0
	customers: int = 0
	chance: float = 1.0
	verdict: SignalVerdict = SignalVerdict.TOO_FEW

	@property
	def bad_rate(self) -> float | None:
		"""Return bad / judged, None without any."""
		return self.bad / self.judged if self.judged else None

	@property
	def lift(self) -> float | None:
		"""Return how many times as often as the base rate customers turned bad; None where that is not known."""
		return self.bad / self.judged / self.base_rate if self.judged and self.base_rate else None

	@property
	def is_on(self) -> bool:
		"""Return whether the signal has earned to be on. A company's signals are on unproven (Signal.on_unproven)."""
		return self.verdict is SignalVerdict.BEATS

	def as_plain(self) -> dict[str, Any]:
		"""Return what JSON can hold."""
		return {
			**{name: getattr(self, name) for name in _PLAIN},
			"since": self.since.isoformat(),
			"until": self.until.isoformat(),
			"bad_rate": self.bad_rate,
			"lift": self.lift,
			"verdict": self.verdict.value,
		}


_PLAIN = (
	*("signal", "raised", "judged", "bad", "base_rate", "lead_days"),
	*("already_bad", "waiting", "unknown", "customers", "chance"),
)


class RaisedCounts(NamedTuple):
	"""Warnings of a signal that are not judged."""

	already_bad: int = 0
	waiting: int = 0
	unknown: int = 0


def records(
	judged: Mapping[str, Sequence[JudgedWarning]],
	others: Mapping[str, RaisedCounts],
	codes: Iterable[str],
	since: date,
	until: date,
) -> dict[str, SignalRecord]:
	"""Return the record of each of *codes*. judged, others: the warnings of each from *since* to *until*."""
	codes = list(codes)
	chances = {code: _chance(judged.get(code, ())) for code in codes}
	tested = [code for code in codes if _is_enough(judged.get(code, ()))]
	held = discoveries([chances[code] for code in tested], FALSE_SHARE)
	proven = {tested[place] for place in held}
	return {
		code: _record(
			code, judged.get(code, ()), others.get(code, RaisedCounts()), since, until, chances[code],
			_verdict(code, tested, proven),
		)
		for code in codes
	}  # fmt: skip


def _verdict(code: str, tested: Sequence[str], proven: set[str]) -> SignalVerdict:
	if code not in tested:
		return SignalVerdict.TOO_FEW
	return SignalVerdict.BEATS if code in proven else SignalVerdict.NO_BETTER


def _is_enough(warnings: Sequence[JudgedWarning]) -> bool:
	"""Return whether anything can be said: enough warnings, and enough that could have turned bad by the base rate or did."""
	bad = sum(one.outcome.is_bad for one in warnings)
	return len(warnings) >= LEAST_RAISED and max(bad, sum(one.base for one in warnings)) >= LEAST_BAD


def _record(
	code: str,
	warnings: Sequence[JudgedWarning],
	others: RaisedCounts,
	since: date,
	until: date,
	chance: float,
	verdict: SignalVerdict,
) -> SignalRecord:
	leads = [one.lead_days for one in warnings if one.lead_days is not None]
	return SignalRecord(
		code,
		since,
		until,
		raised=len(warnings) + sum(others),
		judged=len(warnings),
		bad=len(leads),
		base_rate=sum(one.base for one in warnings) / len(warnings) if warnings else 0.0,
		lead_days=median(leads) if leads else None,
		already_bad=others.already_bad,
		waiting=others.waiting,
		unknown=others.unknown,
		customers=len({one.subject for one in warnings}),
		chance=chance,
		verdict=verdict,
	)


def _chance(warnings: Sequence[JudgedWarning]) -> float:
	"""Return the chance of doing as well by luck: the larger of the exact one by warnings, and the normal one by customers."""
	if not warnings:
		return 1.0
	base = sum(one.base for one in warnings) / len(warnings)
	bad = sum(one.outcome.is_bad for one in warnings)
	by_customer: dict[Hashable, float] = {}
	for one in warnings:
		by_customer[one.subject] = by_customer.get(one.subject, 0.0) + one.outcome.is_bad - one.base
	spread = math.sqrt(sum(sum_ * sum_ for sum_ in by_customer.values()))
	score = sum(by_customer.values()) / spread if spread else 0.0
	return max(binomial_tail(bad, len(warnings), base), normal_tail(score))
