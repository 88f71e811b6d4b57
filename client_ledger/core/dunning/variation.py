"""A step as one customer gets it where it is tried out: at another day or by another channel, or as ever for the comparison.

What decides is the day on which the step could come first, in either arm: where that lies within the trial, the customer's arm holds for the item for
good. So what a trial has moved stays as it is when the trial ends, and what it has not moved is never taken back.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.measured_effect.assignment import TrialArm, TrialTerms, varied_channel, varied_day
from client_ledger.core.outbox.message import Channel


@dataclass(frozen=True, slots=True)
class StepVariation:
	"""The arm of one customer in the trial of one step. trial: its first and last day are those of the earlier of both arms."""

	trial: TrialTerms
	arm: TrialArm

	def is_on(self, usual: date) -> bool:
		"""Return whether an item whose step usually comes on *usual* is of the trial."""
		return self._as_if_usual.runs_on(usual)

	def day(self, usual: date, earliest: date) -> date:
		"""Return the day of a step that usually comes on *usual*. earliest: what other rules allow."""
		return varied_day(self._as_if_usual, self.arm, usual, earliest)

	def channel(self, usual: date, channel: Channel) -> Channel:
		"""Return the channel of a step that usually comes on *usual*."""
		return Channel(varied_channel(self._as_if_usual, self.arm, usual, channel.value))

	@property
	def _as_if_usual(self) -> TrialTerms:
		return on_usual_days(self.trial)


def lead_days(days: int) -> int:
	"""Return by how many days a trial moves a step forward, 0 where it moves it back."""
	return max(-days, 0)


def on_usual_days(trial: TrialTerms) -> TrialTerms:
	"""Return a trial with its first and last day as those of the usual day of the step."""
	lead = lead_days(trial.days)
	if not lead:
		return trial
	shift = timedelta(days=lead)
	return TrialTerms(
		trial.code,
		trial.step,
		trial.share,
		trial.since + shift,
		trial.until + shift if trial.until else None,
		trial.days,
		trial.channel,
		trial.usual_channel,
		trial.is_legal,
	)
