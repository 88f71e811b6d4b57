"""What dunning's planning has to know of trials: how each customer gets each step, and who is met for the first time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import frappe
from frappe.model.document import Document

from client_ledger.core.dunning.policy import Policy
from client_ledger.core.dunning.variation import StepVariation
from client_ledger.core.measured_effect.assignment import AssignedArm, TrialTerms, arm_of
from client_ledger.measured_effect.assignments import arms_of
from client_ledger.measured_effect.steps import core_trial, is_as_begun, row_of
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.site.doctypes import STEP_TRIAL

FIELDS = [
	"name", "company", "policy", "step", "step_row", "usual_days", "usual_channel", "share", "days", "channel", "since",
	"until", "status",
]  # fmt: skip
PolicyByCustomer = Mapping[tuple[str, str], Policy]


@dataclass(frozen=True)
class _PlannedTrial:
	"""A trial that runs, or has run: what it has moved stays moved. number: of its step by now."""

	trial: TrialTerms
	company: str
	policy: str
	number: int
	is_running: bool

	def takes_in(self, today: date) -> bool:
		"""Return whether customers join it."""
		return self.is_running and self.trial.runs_on(today)


class Varied(NamedTuple):
	"""Policies as each customer gets them, and who is assigned to an arm and is not on record yet."""

	policies: PolicyByCustomer
	new: Sequence[AssignedArm] = ()


class SiteTrials:
	"""The trials of the site, read once for a planning."""

	def __init__(self, trials: Sequence[_PlannedTrial]):
		self._trials = trials

	@classmethod
	def of_site(cls, policies: Mapping[str, Document]) -> "SiteTrials":
		"""Return the trials that have begun, of steps that are still what they were then. policies: by name."""
		found = []
		rows = frappe.get_all(
			STEP_TRIAL, {"status": ("!=", TrialStatus.OFF.value)}, FIELDS, order_by="since, name"
		)
		for row in rows:
			policy = policies.get(row.policy)
			step = row_of(row, policy) if policy else None
			if is_as_begun(row, step):
				is_running = row.status == TrialStatus.RUNNING.value
				found.append(
					_PlannedTrial(core_trial(row, step), row.company, row.policy, step.idx, is_running)
				)
		return cls(found)

	def vary(self, company: str, policies: PolicyByCustomer, customers: Sequence[str], today: date) -> Varied:
		"""Return the policies of *customers*, who owe something, as each gets them. Nothing is written."""
		trials = [trial for trial in self._trials if trial.company == company]
		concerned = {
			customer: policies[customer, company] for customer in customers if (customer, company) in policies
		}
		trials = [one for one in trials if any(policy.name == one.policy for policy in concerned.values())]
		return _vary(trials, company, policies, concerned, today) if trials else Varied(policies)


def _vary(
	trials: Sequence[_PlannedTrial],
	company: str,
	policies: PolicyByCustomer,
	concerned: Mapping[str, Policy],
	today: date,
) -> Varied:
	recorded = arms_of((one.trial.code for one in trials), list(concerned))
	variations: dict[str, dict[int, list[StepVariation]]] = {}
	new = []
	for one in trials:
		for customer in (name for name, policy in concerned.items() if policy.name == one.policy):
			arm = recorded.get((one.trial.code, customer))
			if arm is None and one.takes_in(today):
				arm = arm_of(one.trial, customer)
				new.append(AssignedArm(one.trial.code, customer, arm, today))
			if arm:
				of_step = variations.setdefault(customer, {}).setdefault(one.number, [])
				of_step.append(StepVariation(one.trial, arm))
	varied = {
		(customer, company): concerned[customer].varied(steps) for customer, steps in variations.items()
	}
	return Varied({**policies, **varied}, new)
