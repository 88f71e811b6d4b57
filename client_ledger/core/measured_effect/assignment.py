"""Who gets a step otherwise: decided by a hash, for a share of the customers, on record from the first time on, and never for legal steps.

	StepTrial (checked)  ->  arm_of(trial, customer)  ->  TrialAssignment, kept  ->  effect.measured_effect

The same customer is always in the same arm: of one trial, in every step, whatever happens. What is on record wins over the hash, so that a share that
is changed moves nobody who was assigned before.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

NO_LEGAL_STEP = marked(
	"{0} is a legal step. Legal steps are never varied: every customer gets them the same way."
)
SHARE_OUT_OF_BOUNDS = marked("The share of customers must be between {0} % and {1} %, not {2} %.")
NOTHING_VARIED = marked("Both groups would get {0} the same way: choose other days or another channel.")
TOO_MANY_DAYS = marked("A step can be moved by {0} days at most, not by {1}.")
ENDS_BEFORE = marked("The trial ends on {0}, before it starts on {1}.")
ALREADY_VARIED = marked(
	"{0} is varied by {1} already from {2} on. Two trials of one step cannot be told apart."
)

LEAST_SHARE, MOST_SHARE, MOST_DAYS = Decimal("0.05"), Decimal("0.5"), 14
_DIGITS = 16


class TrialArm(str, Enum):
	"""In which group a customer is. The value is the English label."""

	AS_EVER = "As Ever"
	VARIED = "Varied"


@dataclass(frozen=True, slots=True)
class StepTrial:
	"""One thing that is done otherwise for a share of the customers.

	code: its name, never used again for another. step: which step, as people know it. share: of the customers (0.05 to 0.5) that get it otherwise.
	days: how many days later (negative: earlier) they get it; channel: by which channel instead of the usual one, "" for the same. until: None
	while it is to go on. is_legal: a step that has legal effect, such as a formal notice, a hand-over or interest.
	"""

	code: str
	step: str
	share: Decimal
	since: date
	until: date | None = None
	days: int = 0
	channel: str = ""
	usual_channel: str = ""
	is_legal: bool = False

	def runs_on(self, day: date) -> bool:
		"""Return whether the trial is on."""
		return self.since <= day and (self.until is None or day <= self.until)


class TrialAssignment(NamedTuple):
	"""In which arm a customer was put, and when: to be kept as a row, unique by trial and customer."""

	trial: str
	customer: Hashable
	arm: TrialArm
	assigned_on: date


def trial_problems(trial: StepTrial, others: tuple[StepTrial, ...] = ()) -> list[Because]:
	"""Return why a trial is refused, nothing where it is sound. others: the trials that run or are planned besides."""
	found = []
	if trial.is_legal:
		found.append(Because(NO_LEGAL_STEP, (trial.step,)))
	if not LEAST_SHARE <= trial.share <= MOST_SHARE:
		shown = (
			f"{100 * value:f}".rstrip("0").rstrip(".") for value in (LEAST_SHARE, MOST_SHARE, trial.share)
		)
		found.append(Because(SHARE_OUT_OF_BOUNDS, tuple(shown)))
	if not trial.days and trial.channel in ("", trial.usual_channel):
		found.append(Because(NOTHING_VARIED, (trial.step,)))
	if abs(trial.days) > MOST_DAYS:
		found.append(Because(TOO_MANY_DAYS, (MOST_DAYS, abs(trial.days))))
	if trial.until is not None and trial.until < trial.since:
		found.append(Because(ENDS_BEFORE, (trial.until, trial.since)))
	found += [
		Because(ALREADY_VARIED, (trial.step, other.code, other.since))
		for other in others
		if other.code != trial.code and other.step == trial.step and _overlap(trial, other)
	]
	return found


def _overlap(one: StepTrial, other: StepTrial) -> bool:
	return (one.until is None or other.since <= one.until) and (
		other.until is None or one.since <= other.until
	)


def place_of(trial: str, customer: Hashable) -> float:
	"""Return where a customer stands in a trial: evenly spread from 0 to 1, always the same, unrelated between trials."""
	digest = sha256(f"{trial}\n{customer}".encode()).hexdigest()[:_DIGITS]
	return int(digest, 16) / 16**_DIGITS


def arm_of(
	trial: StepTrial, customer: Hashable, recorded: Mapping[Hashable, TrialArm] | None = None
) -> TrialArm:
	"""Return a customer's arm: the one on record, else by the hash. Raises ValueError for a legal step."""
	if trial.is_legal:
		raise ValueError(f"{trial.step} is a legal step, which is never varied")
	if recorded and customer in recorded:
		return recorded[customer]
	return TrialArm.VARIED if place_of(trial.code, customer) < trial.share else TrialArm.AS_EVER


def varied_day(trial: StepTrial, arm: TrialArm, planned: date, earliest: date | None = None) -> date:
	"""Return the day of a step that is *planned* for a day. earliest: a day that it must not be sent before, such as the due date."""
	if arm is TrialArm.AS_EVER or not trial.runs_on(planned) or trial.is_legal:
		return planned
	moved = planned + timedelta(days=trial.days)
	return moved if earliest is None else max(moved, min(earliest, planned))


def varied_channel(trial: StepTrial, arm: TrialArm, planned: date, usual: str) -> str:
	"""Return the channel of a step that is planned for a day."""
	is_varied = arm is TrialArm.VARIED and trial.channel and trial.runs_on(planned) and not trial.is_legal
	return trial.channel if is_varied else usual
