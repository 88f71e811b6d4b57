"""Policies: the steps of dunning in their order, and the bounds that hold for all of them.

A step with a negative number of days is a courtesy: it announces that an invoice falls due, and lapses with the due
date. The others are levels 1, 2, 3 and so on. An item's level rises by one at a time and never falls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from client_ledger.core.dunning.variation import StepVariation
from client_ledger.core.money import ZERO
from client_ledger.core.outbox.message import Channel
from client_ledger.core.outbox.verdict import Budget


class Mode(str, Enum):
	"""What a policy does without anybody: nothing, show, plan for approval, or plan and send."""

	OFF = "Off"
	PREVIEW = "Preview"
	APPROVE = "Approve"
	AUTOMATIC = "Automatic"

	@property
	def plans(self) -> bool:
		"""True where notices are written down, to be sent at once or after approval."""
		return self in (Mode.APPROVE, Mode.AUTOMATIC)


FIRST_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Step:
	"""One step. number: its place in the policy, from 1. days: from the due date, negative before it.

	wait: minimum days since the step before it. minimum: in company currency, of all that is due together.
	formal: it charges or formally reminds, by ERPNext's Dunning. variations: the trials that say when and how this
	customer gets it, each of other days; a step with some is one customer's.
	"""

	number: int
	days: int
	wait: int = 0
	minimum: Decimal = ZERO
	channel: Channel = Channel.EMAIL
	name: str = ""
	formal: bool = False
	variations: tuple[StepVariation, ...] = ()

	@property
	def is_courtesy(self) -> bool:
		"""True for a reminder before the due date, which is no level."""
		return self.days < 0

	def variation_on(self, usual: date) -> StepVariation | None:
		"""Return the trial of an item that usually gets the step on a day, None where it is of none."""
		return next((one for one in self.variations if one.is_on(usual)), None)

	def coming_on(self, usual: date) -> "Step":
		"""Return the step as it comes about an item that usually gets it on a day: by its channel, of one trial or of none."""
		if not self.variations:
			return self
		found = self.variation_on(usual)
		if not found:
			return replace(self, variations=())
		return replace(self, channel=found.channel(usual, self.channel), variations=(found,))


@dataclass(frozen=True, slots=True)
class Policy:
	"""Steps in order. gap: minimum days between two messages to one customer, whatever they are about.

	version: changes with every change that matters to what is sent; part of every notice's key.
	"""

	name: str
	version: int
	steps: tuple[Step, ...]
	mode: Mode = Mode.AUTOMATIC
	gap: int = 1
	budget: Budget = field(default_factory=Budget)
	# The reminders before the due date, and the steps that are levels: asked for with every item of every day.
	courtesies: tuple[Step, ...] = field(init=False, repr=False, compare=False)
	levels: tuple[Step, ...] = field(init=False, repr=False, compare=False)

	def __post_init__(self) -> None:
		"""Keep courtesies and levels apart."""
		object.__setattr__(self, "courtesies", tuple(step for step in self.steps if step.is_courtesy))
		object.__setattr__(self, "levels", tuple(step for step in self.steps if not step.is_courtesy))

	def level_of(self, step: Step) -> int:
		"""Return the level that a step brings an item to, 0 for a courtesy."""
		return 0 if step.is_courtesy else self.levels.index(step) + 1

	def varied(self, variations: Mapping[int, Sequence[StepVariation]]) -> "Policy":
		"""Return the policy as one customer of trials gets it. variations: by the number of the step."""
		steps = (replace(step, variations=tuple(variations.get(step.number, ()))) for step in self.steps)
		return replace(self, steps=tuple(steps)) if variations else self

	def step_to(self, level: int) -> Step | None:
		"""Return the step that brings an item to *level*, None beyond the last."""
		return self.levels[level - 1] if FIRST_LEVEL <= level <= len(self.levels) else None


class Fault(NamedTuple):
	"""What is wrong with a step. row: its number; code: see `check_steps`."""

	row: int
	code: str


def check_steps(steps: Sequence[Step]) -> list[Fault]:
	"""Return what is wrong with the steps of a policy, in the order of the rows.

	order: its days are not after those of the row before. wait: a level after the first needs at least a day.
	negative: a wait or minimum below zero. hand_over: the first level cannot hand over. formal: a courtesy
	cannot charge. none: there is no step at all.
	"""
	if not steps:
		return [Fault(0, "none")]
	found: list[Fault] = []
	levels = [step for step in steps if not step.is_courtesy]
	for before, step in zip([None, *steps[:-1]], steps, strict=True):
		if before and step.days <= before.days:
			found.append(Fault(step.number, "order"))
		if step.wait < 0 or step.minimum < 0:
			found.append(Fault(step.number, "negative"))
		elif before and not step.wait and step in levels[1:]:
			found.append(Fault(step.number, "wait"))
		if step.channel is Channel.HAND_OVER and (step.is_courtesy or step is levels[0]):
			found.append(Fault(step.number, "hand_over"))
		if step.formal and step.is_courtesy:
			found.append(Fault(step.number, "formal"))
	return found


@dataclass(frozen=True, slots=True)
class PolicyChoice:
	"""A policy for some customers. kind: what `value` names, None for the policy that is left for all others.

	company: only for its customers, None for every company.
	"""

	policy: str
	kind: str | None = None
	value: str | None = None
	company: str | None = None


# What a policy may be chosen by, the most specific first.
KINDS = ("Customer", "Credit Grade", "Segment", "Customer Group", "Company", None)


def choose(choices: Iterable[PolicyChoice], company: str, values: dict[str, Sequence[str]]) -> str | None:
	"""Return the policy of a customer with *company*, None where no choice fits.

	values: what the customer is, per kind, the most specific first (a customer group before its parents). A choice for
	the company comes before one for every company.
	"""
	values = {**values, "Company": (company,), None: ("",)}
	by_place = {
		(choice.kind, choice.value or "", choice.company): choice.policy
		for choice in choices
		if choice.company in (None, company)
	}
	for kind in KINDS:
		for value in values.get(kind, ()):
			for place in (company, None):
				if found := by_place.get((kind, value, place)):
					return found
	return None
