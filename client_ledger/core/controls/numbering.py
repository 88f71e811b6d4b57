"""Controls of numbering: no number is missing in a series, and none is there twice."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	documents,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, InvoiceFact
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

_RUNS = re.compile(r"\d+")
_AMENDED = re.compile(r"-\d+$")
_MARKS = re.compile(r"[\W_]+")
# Fewer numbers in a row are no series.
_FEWEST = 5
_SHARE = 0.8

ONE_MISSING = marked("Number {0} is missing between {1} and {2}.")
MISSING = marked("Numbers {0} to {1} ({2} of them) are missing between {3} and {4}.")
TWICE = marked("Number {0} was given {1} times within {2} days: {3}.")


class SeriesNumber(NamedTuple):
	"""A number taken apart. series: what stands before and behind the counter. width: digits with zeros in front."""

	series: tuple[str, str]
	counter: int
	width: int

	def written(self, counter: int) -> str:
		"""Return another number of the series as it would be written."""
		return f"{self.series[0]}{counter:0{self.width}d}{self.series[1]}"


def read_number(text: str, day: date) -> SeriesNumber | None:
	"""Return the counter in a number: its last run of digits, unless that is the year or month of its day."""
	text = normalize("NFKC", text).strip()
	runs = list(_RUNS.finditer(text))
	if not runs:
		return None
	chosen = runs[-1]
	if len(runs) > 1 and chosen[0] in _of_day(day):
		others = [run for run in runs[:-1] if run[0] not in _of_day(day)]
		chosen = others[-1] if others else chosen
	if len(chosen[0]) > 18:
		return None
	return SeriesNumber((text[: chosen.start()], text[chosen.end() :]), int(chosen[0]), len(chosen[0]))


def _of_day(day: date) -> tuple[str, ...]:
	return f"{day:%Y}", f"{day:%y}", f"{day:%m}", f"{day:%Y%m}", f"{day:%y%m}"


def number_of(one: InvoiceFact) -> str:
	"""Return an invoice's number; an amended document has that of the one it amends."""
	if one.number:
		return one.number
	return _AMENDED.sub("", one.name) if one.amended_from else one.name


@control(
	"number_gap",
	name=marked("Gap in Numbering"),
	risk=marked("A missing number may be an invoice that was removed after the money came."),
	source=marked(
		"Prenumbered documents accounted for (AICPA, ISA 330); EU VAT Directive 226(2), 中国发票管理办法"
	),
	mended=marked("The missing document is there now."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.INVOICES,),
	parameters=(
		parameter(
			"most",
			marked("Longest Gap (Beyond It, a New Block Begins)"),
			50,
			1,
			1000,
			marked("numbers"),
		),
	),
)
def number_gap(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield runs of missing numbers in every series that is dense enough to be one."""
	series: dict[tuple[str, str], dict[int, InvoiceFact]] = defaultdict(dict)
	for one in facts.invoices:
		if number := read_number(number_of(one), one.date):
			series[number.series].setdefault(number.counter, one)
	drafts = _drafts(facts)
	for name, found in series.items():
		given = sorted({*found, *drafts.get(name, ())})
		for block in _blocks(given, int(values["most"])):
			for before, after in pairwise(block):
				if after - before > 1:
					yield _gap(_nearest(found, before, -1), _nearest(found, after, 1), before + 1, after - 1)


def _drafts(facts: ControlFacts) -> dict[tuple[str, str], set[int]]:
	"""Return the counters that drafts hold, by series; a draft has no day of its own here."""
	found: dict[tuple[str, str], set[int]] = defaultdict(set)
	for text in facts.drafts:
		if number := read_number(text, facts.today):
			found[number.series].add(number.counter)
	return found


def _nearest(found: dict[int, InvoiceFact], counter: int, step: int) -> InvoiceFact:
	"""Return the invoice at a counter, or the next one in a direction where a draft holds it."""
	if counter in found:
		return found[counter]
	beyond = [one for one in found if (one - counter) * step > 0]
	return found[min(beyond, key=lambda one: abs(one - counter)) if beyond else next(iter(found))]


def _blocks(counters: list[int], most: int) -> Iterator[list[int]]:
	"""Yield the parts of a series that are counted through; a longer gap than *most* begins another."""
	start = 0
	for place in range(1, len(counters) + 1):
		if place == len(counters) or counters[place] - counters[place - 1] > most + 1:
			block = counters[start:place]
			start = place
			span = block[-1] - block[0] + 1
			if len(block) >= _FEWEST and len(block) >= _SHARE * span:
				yield block


def _gap(left: InvoiceFact, right: InvoiceFact, first: int, last: int) -> ControlFinding:
	number = read_number(number_of(left), left.date)
	ends = (number_of(left), number_of(right))
	one = number.written(first)
	if first == last:
		reason = Because(ONE_MISSING, (one, *ends))
	else:
		reason = Because(MISSING, (one, number.written(last), last - first + 1, *ends))
	return ControlFinding(
		"number_gap",
		finding_key("number_gap", one),
		max(left.date, right.date),
		reason,
		FindingSeverity.MEDIUM,
		documents((left, right)),
	)


@control(
	"number_repeat",
	name=marked("Duplicate Number"),
	risk=marked("One number on two invoices lets one of them be paid past the books, or be billed twice."),
	source=marked(
		"Prenumbered documents accounted for (AICPA, ISA 330); EU VAT Directive 226(2), 中国发票管理办法"
	),
	mended=marked("Only one document has the number now."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.INVOICES,),
	parameters=(
		parameter("days", marked("Days within Which a Number Is Unique"), 180, 30, 360, marked("days")),
	),
)
def number_repeat(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield numbers that several documents have, however they are written; years apart they may come again."""
	same: dict[str, list[InvoiceFact]] = defaultdict(list)
	for one in facts.invoices:
		if one.cancelled_on is None:
			same[_plain(number_of(one))].append(one)
	days = int(values["days"])
	for number, found in same.items():
		if len(found) < 2 or not number:
			continue
		found.sort(key=lambda one: (one.date, one.name))
		near = [
			one
			for one in found
			if any(abs((one.date - other.date).days) <= days for other in found if other is not one)
		]
		if len(near) > 1:
			names = ", ".join(one.name for one in near[:5])
			yield ControlFinding(
				"number_repeat",
				finding_key("number_repeat", number, near[0].name),
				near[-1].date,
				Because(TWICE, (number_of(near[0]), len(near), days, names)),
				FindingSeverity.HIGH,
				documents(near),
				max(one.base_amount for one in near),
				near[0].customer if len({one.customer for one in near}) == 1 else "",
			)


def _plain(number: str) -> str:
	"""Return a number without what is written otherwise by chance: width, case, marks."""
	return _MARKS.sub("", normalize("NFKC", number)).casefold()
