"""What keeps a procedure from being put in force."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class ProcedureFault(Enum):
	"""Why a procedure cannot be in force."""

	NO_RESPONSIBLE = "No Responsible"
	RESPONSIBLE_DISABLED = "Responsible Disabled"
	NO_STEPS = "No Steps"
	EMPTY_STEP = "Empty Step"
	ROLE_OF_NOBODY = "Role of Nobody"
	NEGATIVE_DEADLINE = "Negative Deadline"
	NEGATIVE_DAYS = "Negative Days"
	DEADLINE_TOO_LONG = "Deadline Too Long"
	MEASURED_WITHOUT_DEADLINE = "Measured Without Deadline"
	DAYS_TOO_LONG = "Days Too Long"


# What may take longer than a year has no deadline.
MOST_DAYS = 366
MOST = {"Hours": MOST_DAYS * 24, "Days": MOST_DAYS, "Working Days": MOST_DAYS}
# What others see to, or time does: a procedure in force comes to have it without being saved.
OF_OTHERS = (
	ProcedureFault.NO_RESPONSIBLE,
	ProcedureFault.RESPONSIBLE_DISABLED,
	ProcedureFault.ROLE_OF_NOBODY,
)


@dataclass(frozen=True, slots=True)
class StepAsWritten:
	"""A step as somebody wrote it."""

	instruction: str
	role: str
	deadline: int = 0
	unit: str = "Days"
	is_measured: bool = False


def faults_of(
	steps: Sequence[StepAsWritten],
	responsible: str,
	within_days: int,
	holders: Iterable[str],
	enabled_users: Iterable[str],
) -> Iterator[tuple[ProcedureFault, int]]:
	"""Yield what is wrong with a procedure that is to be in force, and in which step (counted from 1, 0: in none).

	holders: roles that somebody who can log in has.
	"""
	held, enabled = set(holders), set(enabled_users)
	if not responsible:
		yield ProcedureFault.NO_RESPONSIBLE, 0
	elif responsible not in enabled:
		yield ProcedureFault.RESPONSIBLE_DISABLED, 0
	if within_days < 0:
		yield ProcedureFault.NEGATIVE_DAYS, 0
	if within_days > MOST_DAYS:
		yield ProcedureFault.DAYS_TOO_LONG, 0
	if not steps:
		yield ProcedureFault.NO_STEPS, 0
	for number, step in enumerate(steps, 1):
		if not step.instruction.strip():
			yield ProcedureFault.EMPTY_STEP, number
		if step.role not in held:
			yield ProcedureFault.ROLE_OF_NOBODY, number
		if step.deadline < 0:
			yield ProcedureFault.NEGATIVE_DEADLINE, number
		if step.deadline > MOST.get(step.unit, MOST_DAYS):
			yield ProcedureFault.DEADLINE_TOO_LONG, number
		if step.is_measured and not step.deadline:
			yield ProcedureFault.MEASURED_WITHOUT_DEADLINE, number
