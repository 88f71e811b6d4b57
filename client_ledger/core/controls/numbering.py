"""Controls of numbering: no number is missing in a series, and none is there twice."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from string import punctuation, whitespace
from unicodedata import normalize

from client_ledger.core.controls.company import ControlFacts, grouped
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
from client_ledger.core.controls.series import SeriesNumber, blocks, by_series, read_numbers
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

# Marks between two figures tell numbers apart (1-11 and 11-1), all others may be left out.
_BETWEEN = re.compile(r"(?<=\d)[^\w\s]+(?=\d)|(?<=\d)_+(?=\d)")
# Zeros too: one number may be written with more of them in front.
_NO_MARKS = str.maketrans("", "", punctuation + whitespace + "0")
_LEADING = re.compile(r"(?<!\d)0+(?=\d)")
_MARKS = re.compile(r"[^\w\x00]+|_")
ONE_MISSING = marked("Number {0} is missing between {1} and {2}.")
MISSING = marked("Numbers {0} to {1} ({2} of them) are missing between {3} and {4}.")
TWICE = marked("Number {0} was given {1} times within {2} days: {3}.")


def number_of(one: InvoiceFact) -> str:
	"""Return an invoice's number; an amended document has that of the one it amends."""
	if one.number:
		return one.number
	root, _dash, counter = one.name.rpartition("-")
	if not one.amended_from or not counter.isdigit():
		return one.name
	# Where a site numbers amended documents as new ones, what stands behind the last dash is a number of its own.
	return root if one.amended_from in (root, f"{root}-{int(counter) - 1}") else one.name


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
	most = int(values["most"])
	given = [(number_of(one), _days(one)) for one in facts.invoices]
	numbers = read_numbers([*given, *((text, ()) for text in facts.drafts)], most)
	series: dict[tuple[str, str], dict[int, InvoiceFact]] = defaultdict(dict)
	for (text, _days_of_it), one in zip(given, facts.invoices, strict=True):
		if number := numbers.get(text):
			series[number.series].setdefault(number.counter, one)
	drafts = by_series(numbers, facts.drafts)
	for name, found in series.items():
		for block in blocks(sorted({*found, *drafts.get(name, ())}), most):
			for before, after in pairwise(block):
				if after - before > 1:
					left, right = _nearest(found, before, -1), _nearest(found, after, 1)
					yield _gap(numbers[number_of(left)], left, right, before + 1, after - 1)


def _days(one: InvoiceFact) -> tuple[date, ...]:
	"""Return the days that may be written in an invoice's number: its own, and that of its entry."""
	entered = one.created.date() if one.created else one.date
	return (one.date,) if entered == one.date else (one.date, entered)


def _nearest(found: dict[int, InvoiceFact], counter: int, step: int) -> InvoiceFact:
	"""Return the invoice at a counter, or the next one in a direction where a draft holds it."""
	if counter in found:
		return found[counter]
	beyond = [one for one in found if (one - counter) * step > 0]
	return found[min(beyond, key=lambda one: abs(one - counter)) if beyond else next(iter(found))]


def _gap(
	number: SeriesNumber, left: InvoiceFact, right: InvoiceFact, first: int, last: int
) -> ControlFinding:
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
	days = int(values["days"])
	for number, found in _same(facts):
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


def _same(facts: ControlFacts) -> Iterator[tuple[str, list[InvoiceFact]]]:
	"""Yield numbers with the invoices that have them, where there are several; first without any marks, which is quick."""
	roughly: dict[str, list[InvoiceFact]] = defaultdict(list)
	for one in facts.invoices:
		if one.cancelled_on is None:
			roughly[_bare(number_of(one))].append(one)
	for alike in roughly.values():
		if len(alike) < 2:
			continue
		found = grouped(
			(one for one in alike if not _repeats_its_invoice(facts, one)), lambda one: _plain(number_of(one))
		)
		yield from ((number, same) for number, same in found.items() if number and len(same) > 1)


def _bare(number: str) -> str:
	"""Return a number's letters and digits alone, without zeros: those that are one number are alike by it, and some others."""
	if number.isascii():
		return number.translate(_NO_MARKS).lower()
	return _MARKS.sub("", normalize("NFKC", number)).casefold().replace("0", "")


def _repeats_its_invoice(facts: ControlFacts, one: InvoiceFact) -> bool:
	"""Return whether a credit note only names the number of the invoice that it takes back."""
	invoice = facts.invoice.get(one.return_against) if one.is_return and one.number else None
	return invoice is not None and _plain(invoice.number) == _plain(one.number)


def _plain(number: str) -> str:
	"""Return a number without what is written otherwise by chance: width, case, marks, zeros in front."""
	text = _LEADING.sub("", _BETWEEN.sub("\x00", normalize("NFKC", number)))
	return _MARKS.sub("", text).casefold()
