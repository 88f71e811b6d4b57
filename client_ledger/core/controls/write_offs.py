"""Controls of write-offs: none is split, or kept just small enough, to pass an approval."""

from collections.abc import Iterable
from decimal import Decimal

from client_ledger.core.controls.chance import binomial_tail, discoveries
from client_ledger.core.controls.company import ControlFacts, grouped
from client_ledger.core.controls.control import (
	MOST_DOCUMENTS,
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, WriteOffFact
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

SPLIT = marked(
	"{0} write-offs for one customer within {1} days, each below {2}, come to {3} together without approval."
)
JUST_UNDER = marked(
	"{0} of {1} write-offs by one person lie between {2} and {3}, where {4} lie just below that; chance of it: {5} %."
)

_RISK = marked("Debts are given up bit by bit past the approval, or what was paid is written off.")


def _threshold(facts: ControlFacts, values: Values) -> Decimal:
	"""Return from where a write-off needs approval: as set here, never above the company's own; 0 where none does."""
	given = values["threshold"] or facts.threshold or ZERO
	return min(given, facts.threshold) if facts.threshold else given


NO_THRESHOLD = marked("No amount is set from which a write-off needs approval.")


def why_silent(facts: ControlFacts, values: Values) -> str:
	"""Return that there is no threshold, "" where there is one."""
	return "" if _threshold(facts, values) else NO_THRESHOLD


THRESHOLD = parameter(
	"threshold",
	marked("Approval Threshold (0: Company Setting)"),
	0,
	0,
	1_000_000_000,
	marked("company currency"),
	whole=False,
)


@control(
	"write_off_split",
	name=marked("Write-Off Split below the Approval"),
	risk=_RISK,
	source=marked("ACFE Fraud Examiners Manual: write-off schemes; structuring below authorisation limits"),
	mended=marked("The write-offs were cancelled, or approved."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.WRITE_OFFS,),
	parameters=(
		THRESHOLD,
		parameter("days", marked("Days between First and Last"), 14, 1, 90, marked("days")),
	),
	silent=why_silent,
)
def write_off_split(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield write-offs of one customer that reach the threshold together, within the days, and none of which was approved."""
	limit, days = _threshold(facts, values), int(values["days"])
	if not limit:
		return
	small = [one for one in facts.write_offs if ZERO < one.base_amount < limit and not one.approved_by]
	for customer, found in grouped(small, lambda one: one.customer).items():
		found.sort(key=lambda one: (one.date, one.document))
		start = 0
		while start < len(found):
			run = [one for one in found[start:] if (one.date - found[start].date).days <= days]
			total = sum((one.base_amount for one in run), ZERO)
			if len(run) < 2 or total < limit:
				start += 1
				continue
			people = {one.owner for one in run}
			yield ControlFinding(
				"write_off_split",
				finding_key("write_off_split", customer, run[0].document.name),
				run[-1].date,
				Because(SPLIT, (len(run), days, limit, total)),
				FindingSeverity.HIGH,
				tuple(one.document for one in run)[:MOST_DOCUMENTS],
				total,
				customer,
				people.pop() if len(people) == 1 else "",
			)
			start += len(run)


@control(
	"write_off_just_under",
	name=marked("Write-Offs Just below the Approval"),
	risk=_RISK,
	source=marked(
		"Bunching below a limit: exact binomial test of two neighbouring bands; McCrary (2008), Nigrini (2012)"
	),
	mended=marked("The write-offs were cancelled, or approved."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.WRITE_OFFS,),
	parameters=(
		THRESHOLD,
		parameter("band", marked("Band below the Threshold (%)"), 10, 2, 25, marked("percent")),
		parameter(
			"rate", marked("Accepted False Discovery Rate (%)"), 1, "0.1", 10, marked("percent"), whole=False
		),
	),
	silent=why_silent,
)
def write_off_just_under(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield people whose write-offs crowd just below the threshold: the band next to it against the one below, which
	holds at least as many where nobody looks at the threshold."""
	limit = _threshold(facts, values)
	if not limit:
		return
	edge = limit * (100 - values["band"]) / 100
	floor = limit * (100 - 2 * values["band"]) / 100
	bands: list[tuple[str, list[WriteOffFact], int, int]] = []
	for person, found in grouped(facts.write_offs, lambda one: one.owner).items():
		if facts.is_system(person):
			continue
		upper = [one for one in found if edge <= one.base_amount < limit]
		lower = sum(floor <= one.base_amount < edge for one in found)
		if upper:
			bands.append((person, upper, lower, len(found)))
	chances = [binomial_tail(len(upper), len(upper) + lower, 0.5) for _p, upper, lower, _n in bands]
	for place in discoveries(chances, float(values["rate"]) / 100):
		person, upper, lower, total = bands[place]
		shown = f"{chances[place] * 100:.2g}"
		yield ControlFinding(
			"write_off_just_under",
			finding_key("write_off_just_under", person),
			max(one.date for one in upper),
			Because(JUST_UNDER, (len(upper), total, edge, limit, lower, shown)),
			FindingSeverity.HIGH,
			tuple(one.document for one in upper)[:MOST_DOCUMENTS],
			sum((one.base_amount for one in upper), ZERO),
			"",
			person,
		)
