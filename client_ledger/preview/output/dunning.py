"""What the page shows of dunning: what each shipped policy would send today, and what it would have sent in the last year.

A large ledger's past is replayed on a part of its customers.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from client_ledger.core.dunning.plan import DunningReason, Notice
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.dunning.replay import Replay
from client_ledger.core.flows import months_before
from client_ledger.dunning.policies import default_policies
from client_ledger.preview.figures.dunning import DunnedCompany

MONTHS = 12
# Ledger entries a report's replay reads, about, and most of one customer; `client-ledger dunning replay` reads all.
REPLAYED, OF_ONE = 15_000, 3_000


def labels() -> list[str]:
	"""Return the messages that the page looks up by the values below."""
	steps = {step.name for name in default_policies.POLICIES for step in default_policies.rules(name).steps}
	return [*default_policies.POLICIES, *sorted(steps), *(reason.value for reason in DunningReason)]


def company(found: DunnedCompany, places: Mapping[str, int]) -> dict[str, Any]:
	"""Return plan and replay of a company. places: which of its accounts a customer is."""
	policies = [default_policies.rules(name) for name in default_policies.POLICIES]
	customers = sample(found.entries)
	since = months_before(found.today, MONTHS)
	replays = found.replays(policies, since, found.today, customers)
	return {
		"customers": len(found.names),
		"replayed": len(customers),
		"policies": [
			_policy(policy, found.notices(policy), past, places)
			for policy, past in zip(policies, replays, strict=True)
		],
	}


def sample(entries: Mapping[str, int]) -> list[str]:
	"""Return customers whose replay costs little: the same ones every time, all of them where the ledger is small."""
	customers = sorted(name for name, count in entries.items() if count <= OF_ONE)
	parts = -(-sum(entries[name] for name in customers) // REPLAYED)
	if parts <= 1:
		return customers
	return [name for name in customers if zlib.crc32(name.encode()) % parts == 0]


def _policy(
	policy: Policy, notices: Sequence[Notice], past: Replay, places: Mapping[str, int]
) -> dict[str, Any]:
	ranked = sorted(
		notices, key=lambda notice: (notice.reason is not None, -notice.step.number, -notice.base_total)
	)
	return {
		"name": policy.name,
		"steps": [step.name for step in policy.steps],
		"notices": [_notice(notice, places) for notice in ranked if notice.party.customer in places],
		"past": [len(past.messages), past.customers, past.paid_anyway, past.most_in_a_week],
		"months": [
			[month.isoformat()[:7], *(steps.get(step.number, 0) for step in policy.steps)]
			for month, steps in past.by_month().items()
		],
	}


def _notice(notice: Notice, places: Mapping[str, int]) -> list:
	"""The order of these is that of NOTICE in dunning.js."""
	return [
		places[notice.party.customer],
		notice.step.number - 1,
		notice.as_of.isoformat(),
		len(notice.lines),
		round(float(notice.total), 2),
		notice.party.currency,
		notice.reason.value if notice.reason else None,
	]
