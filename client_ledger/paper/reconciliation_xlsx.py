"""Two ledgers compared, as a workbook: the identity, the differences to work through, the matches."""

from collections.abc import Iterable, Sequence
from typing import IO

from client_ledger.core.reconciliation.differences import DifferenceKind, LedgerDifference
from client_ledger.core.reconciliation.lines import BookedLine
from client_ledger.core.reconciliation.reconcile import Reconciliation
from client_ledger.files.workbook import BOLD, PLAIN, Workbook
from client_ledger.paper.reconciliation import (
	ReconciliationTitles,
	because,
	difference_place,
	sides_of,
	step_text,
)
from client_ledger.paper.style import PaperStyle


def write(result: Reconciliation, titles: ReconciliationTitles, style: PaperStyle, file: IO[bytes]) -> None:
	"""Write the workbook to *file*. Texts of the lists stay texts, whatever they begin with."""
	_ = style.translate
	book = Workbook(_("Reconciliation"))
	sheet = book.sheet(_("Summary"), widths=(36, 10, 16, 12))
	for row, is_bold in _summary(result, titles, style):
		sheet.add(row, BOLD if is_bold else PLAIN)
	sheet = book.sheet(
		_("Differences"), widths=(22, 10, 12, 22, 16, 12, 22, 16, 16, 50, 40, 12), frozen_rows=1
	)
	sheet.add(difference_columns(style), BOLD)
	for part in result.parts:
		kinds = list(DifferenceKind)
		for one in sorted(part.differences, key=lambda d: (kinds.index(d.kind), *difference_place(d))):
			sheet.add(_difference(one, style))
	sheet.filter_by(1, len(difference_columns(style)))
	sheet = book.sheet(_("Matches"), widths=(8, 26, 10, 10, 12, 22, 16, 12, 22, 16, 50), frozen_rows=1)
	columns = _match_columns(style)
	sheet.add(columns, BOLD)
	for row in _matches(result, style):
		sheet.add(row)
	sheet.filter_by(1, len(columns))
	book.save(file)


def _summary(
	result: Reconciliation, titles: ReconciliationTitles, style: PaperStyle
) -> Iterable[tuple[Sequence, bool]]:
	_ = style.translate
	yield (_("Our Ledger"), None, titles.ours), True
	yield (_("Their Ledger"), None, titles.theirs), True
	yield (_("As Of"), None, titles.as_of), False
	for note in titles.notes:
		yield (note,), False
	for part in result.parts:
		yield (), False
		yield (None, _("Currency"), _("Amount"), _("Lines")), True
		yield (_("Their Balance"), part.currency, part.identity.theirs), True
		for kind in DifferenceKind:
			count = sum(one.kind is kind for one in part.differences)
			if count:
				yield (_(kind.value), part.currency, part.identity.by_kind[kind], count), False
		yield (_("Our Balance"), part.currency, part.identity.ours), True


def difference_columns(style: PaperStyle) -> list[str]:
	"""Return the headings of the sheet of differences."""
	_ = style.translate
	return [
		_("Difference"),
		_("Currency"),
		*_side_columns(style),
		_("Amount of the Difference"),
		_("Reason"),
		_("Next Step"),
		_("Look Again On"),
	]


def _difference(one: LedgerDifference, style: PaperStyle) -> list:
	_ = style.translate
	ours, theirs = sides_of(one)
	return [
		_(one.kind.value),
		one.currency,
		*_side(ours),
		*_side(theirs),
		one.amount,
		because(one.reason, style),
		step_text(one, style),
		one.look_again,
	]


def _side_columns(style: PaperStyle) -> list[str]:
	"""Return the headings of what `_side` writes, of ours and of theirs."""
	_ = style.translate
	return [
		_("Our Date"),
		_("Our Number"),
		_("Our Amount"),
		_("Their Date"),
		_("Their Number"),
		_("Their Amount"),
	]


def _side(lines: Sequence[BookedLine]) -> list:
	if not lines:
		return [None, None, None]
	numbers = ", ".join(line.number or line.text[:60] for line in lines)
	return [lines[0].date, numbers, sum(line.amount for line in lines)]


def _match_columns(style: PaperStyle) -> list[str]:
	_ = style.translate
	return [
		_("Match No"),
		_("Found By"),
		_("How Sure"),
		_("Currency"),
		*_side_columns(style),
		_("Reason"),
	]


def _matches(result: Reconciliation, style: PaperStyle) -> Iterable[list]:
	"""Yield a row per line of each match, those of one match under one number."""
	_ = style.translate
	number = 0
	for part in result.parts:
		for match in part.matches:
			number += 1
			how = [number, _(match.found_by.value), _(match.confidence.value), part.currency]
			for place in range(max(len(match.ours), len(match.theirs))):
				yield [
					*how,
					*_side(match.ours[place : place + 1]),
					*_side(match.theirs[place : place + 1]),
					because(match.reason, style),
				]
