"""Calls, visits and hand-overs: a follow-up for a person. The step has been taken when it is closed."""

from typing import TYPE_CHECKING

from client_ledger.core.dunning.policy import Channel
from client_ledger.dunning.sending.step_actions import make_case, make_follow_up, make_todo

if TYPE_CHECKING:
	from client_ledger.dunning.sending.decide import Job


def hand_over(job: "Job") -> dict:
	"""Make the follow-up; a hand-over is a case, and a task for the role the step escalates to."""
	if job.step.channel == Channel.HAND_OVER.value:
		make_case(job)
		return {"todo": make_todo(job, job.step.escalate_to)}
	return {"follow_up": make_follow_up(job)}
