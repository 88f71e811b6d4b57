"""Two files compared: read, turned the same way round, matched, with notes on how they were read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from client_ledger.core.reconciliation.lines import LedgerSide, MatchSettings
from client_ledger.core.reconciliation.reconcile import Reconciliation, reconcile
from client_ledger.core.reconciliation.signs import orientation
from client_ledger.files.ledger_file import (
	LedgerFile,
	LedgerWishes,
	read_ledger,
	with_plausible_kinds,
)
from client_ledger.files.problems import InputProblems
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import BadInput, Refused

# A list that ends so many days before the other is said to.
_FRESH_DAYS = 10


@dataclass(frozen=True, slots=True)
class ComparedFiles:
	"""What came of two files. notes: about how they were read, in the language spoken now."""

	result: Reconciliation
	as_of: date
	notes: tuple[str, ...]


def compare_files(
	ours: Path,
	theirs: Path,
	wishes: tuple[LedgerWishes, LedgerWishes],
	as_of: date | None,
	tolerance: Decimal,
) -> ComparedFiles:
	"""Read and compare two files. as_of: the last day of both by default.

	Raises BadInput where one cannot be read, Refused where they are the same file.
	"""
	read = [read_ledger(path, path.name, wish, _) for path, wish in zip((ours, theirs), wishes, strict=True)]
	problems = InputProblems()
	for file in read:
		for problem in file.problems.found:
			problems.add(problem)
		problems.more += file.problems.more
	if problems:
		raise BadInput(problems, _("Nothing was compared."))
	mine, yours = read
	if mine.digest == yours.digest:
		raise Refused(
			_("{0} and {1} are the same file. Name our ledger and the customer's.").format(ours, theirs)
		)
	our_side = _with_one_currency(mine.side, yours.side)
	their_side = _with_one_currency(yours.side, our_side)
	way = orientation(our_side, their_side, presumed="credit" in yours.headings)
	if way.is_turned:
		their_side = their_side.turned()
	days = [line.date for side in (our_side, their_side) for line in side.lines]
	day = as_of or max(days, default=date.today())
	result = reconcile(
		with_plausible_kinds(our_side), with_plausible_kinds(their_side), MatchSettings(day, tolerance)
	)
	return ComparedFiles(result, day, tuple(_notes(mine, yours, way.is_turned, way.is_sure, day)))


def _with_one_currency(side: LedgerSide, other: LedgerSide) -> LedgerSide:
	"""Return a side whose lines without currency have the one that the other side has."""
	currencies = {currency for currency in other.currencies() if currency}
	if "" not in side.currencies() or len(currencies) != 1:
		return side
	return side.in_currency(currencies.pop())


def _notes(
	ours: LedgerFile, theirs: LedgerFile, is_turned: bool, is_sure: bool, as_of: date
) -> Iterator[str]:
	for file in (ours, theirs):
		yield _("{0}: {1} lines read, {2} rows left out.").format(file.name, len(file.lines), file.skipped)
	for file in (ours, theirs):
		if not file.has_numbers:
			yield _(
				"{0} has no column with numbers of documents: its lines are matched by texts, amounts and dates only. "
				"Add a column such as Invoice No."
			).format(file.name)
	for file in (ours, theirs):
		if file.side.ends and (as_of - file.side.ends).days > _FRESH_DAYS:
			yield _("{0} ends on {1}: what the other ledger has later is taken to be on its way.").format(
				file.name, file.side.ends
			)
	if is_turned:
		yield _("{0} has its signs the other way round; they were turned.").format(theirs.name)
	if not is_sure:
		yield _(
			"Too few lines show whether the signs of {0} are ours or the other way round. Check the balance."
		).format(theirs.name)
	only = {line.currency for line in theirs.lines} - {line.currency for line in ours.lines}
	if only and {line.currency for line in ours.lines} and "" not in only:
		yield _("{0} has lines in {1}, which our ledger has not; currencies are compared apart.").format(
			theirs.name, ", ".join(sorted(only))
		)
