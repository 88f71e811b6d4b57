"""The best time and channel for a customer: only from a trial, or from the customer's own history; and it says which.

A trial says it for everybody, because chance decided who got what. A customer's own history says it for that customer alone, and is no trial: whoever is called
when things are serious pays less often after calls. So it must differ by more than chance explains, both ways must have been tried, and it is named for
what it is. Where neither says anything, nothing is proposed.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from client_ledger.core.controls.chance import discoveries, larger_share
from client_ledger.core.marked import marked
from client_ledger.core.measured_effect.assignment import StepTrial
from client_ledger.core.measured_effect.effect import EffectVerdict, MeasuredEffect
from client_ledger.core.reconciliation.matches import Because

# Contacts of each way without which a history says nothing; the share of false proposals among several.
LEAST_CONTACTS, FALSE_SHARE = 8, 0.05

BY_TRIAL_TIME = marked("Trial {0}: moved by {1} days, payment came {2} days sooner.")
BY_TRIAL_CHANNEL = marked("Trial {0}: by {1}, payment came {2} days sooner.")
BY_HISTORY = marked(
	"Own history, no trial: {0} of {1} contacts by {2} were followed by payment, {3} of {4} by others."
)
NO_EVIDENCE = marked("No trial and not enough of the customer's own history.")


class ProposalEvidence(str, Enum):
	"""What a proposal rests on. The value is the English label."""

	TRIAL = "A Trial"
	HISTORY = "The Customer's Own History"
	NONE = "Nothing Yet"


class PastContact(NamedTuple):
	"""A contact with a customer. way: a channel, or a time such as an hour of the day or a weekday. is_followed: payment came within the days
	that the caller counts."""

	customer: Hashable
	way: str
	is_followed: bool


@dataclass(frozen=True, slots=True)
class WayProposal:
	"""way: the channel or time to prefer, "" for none. days: by how many days to move the step, 0 for none."""

	evidence: ProposalEvidence
	because: Because
	way: str = ""
	days: int = 0


NOTHING = WayProposal(ProposalEvidence.NONE, Because(NO_EVIDENCE))


def proposal_of_trial(trial: StepTrial, effect: MeasuredEffect) -> WayProposal:
	"""Return what a trial proposes to everybody: what was varied where payment came sooner by it, the usual where it came later (which is nothing to
	change), nothing while there is not enough."""
	if effect.verdict is not EffectVerdict.GAINS:
		return NOTHING
	gained = f"{effect.gained:.1f}"
	if trial.channel and trial.channel != trial.usual_channel:
		because = Because(BY_TRIAL_CHANNEL, (trial.code, trial.channel, gained))
	else:
		because = Because(BY_TRIAL_TIME, (trial.code, trial.days, gained))
	return WayProposal(ProposalEvidence.TRIAL, because, trial.channel, trial.days)


def proposals_of_history(contacts: Iterable[PastContact]) -> dict[Hashable, WayProposal]:
	"""Return for each customer whose own history speaks the way that payment followed most; customers of whom it says nothing are left out.

	Each customer's best way is tested against its other ways (Fisher's exact test, times the number of ways that could have been the best); of all that are
	returned, one in twenty at most may be luck.
	"""
	counts: dict[Hashable, dict[str, list[int]]] = {}
	for one in contacts:
		row = counts.setdefault(one.customer, {}).setdefault(one.way, [0, 0])
		row[0] += one.is_followed
		row[1] += 1
	tested = [
		(customer, found) for customer, ways in sorted(counts.items(), key=str) if (found := _best(ways))
	]
	held = discoveries([found.chance for _customer, found in tested], FALSE_SHARE)
	return {tested[place][0]: _proposal(tested[place][1]) for place in sorted(held)}


class _BestWay(NamedTuple):
	"""A customer's best way beside its others."""

	way: str
	followed: int
	contacts: int
	others_followed: int
	others: int
	chance: float


def _best(ways: dict[str, list[int]]) -> _BestWay | None:
	"""Return the best of ways that were tried often enough, None where there is nothing to compare."""
	tried = {way: row for way, row in ways.items() if row[1] >= LEAST_CONTACTS}
	if len(tried) < 2:
		return None
	best = max(sorted(tried), key=lambda way: tried[way][0] / tried[way][1])
	followed, contacts = tried[best]
	others = [row for way, row in tried.items() if way != best]
	others_followed, other_contacts = sum(row[0] for row in others), sum(row[1] for row in others)
	chance = larger_share(followed, contacts, others_followed, other_contacts)
	return _BestWay(best, followed, contacts, others_followed, other_contacts, min(1.0, chance * len(tried)))


def _proposal(found: _BestWay) -> WayProposal:
	values = (found.followed, found.contacts, found.way, found.others_followed, found.others)
	return WayProposal(ProposalEvidence.HISTORY, Because(BY_HISTORY, values), found.way)


def best_proposal(
	trials: Sequence[tuple[StepTrial, MeasuredEffect]], history: WayProposal | None
) -> WayProposal:
	"""Return what to propose to a customer: a trial's result before its own history, the one that gained most of several."""
	found = [(effect.gained, proposal_of_trial(trial, effect)) for trial, effect in trials]
	proven = [row for row in found if row[1].evidence is ProposalEvidence.TRIAL]
	if proven:
		return max(proven, key=lambda row: row[0])[1]
	return history or NOTHING
