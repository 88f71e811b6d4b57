"""Calls, visits and hand-overs: a follow-up for a person. The step has been taken when it is closed."""

from typing import TYPE_CHECKING

from client_ledger.core.dunning.policy import Channel
from client_ledger.dunning.consequences import make_todo

if TYPE_CHECKING:
	from client_ledger.dunning.sender import Job


def hand_over(job: "Job") -> dict:
	"""Make the follow-up; a hand-over goes to the role the step escalates to."""
	is_hand_over = job.step.channel == Channel.HAND_OVER.value
	role = job.step.escalate_to if is_hand_over else None
	return {"todo": make_todo(job, None if role else job.customer.account_manager, role)}
