"""What controls found, as a workbook: the controls, the findings to work through, the past month by month."""

from collections.abc import Sequence
from typing import IO

from client_ledger.core.controls.messages import parameter_text
from client_ledger.core.controls.run import ControlRun
from client_ledger.core.money import ZERO
from client_ledger.core.reasons import reason_text
from client_ledger.files.workbook import BOLD, Workbook
from client_ledger.paper.control_findings import (
	ControlTitles,
	control_columns,
	documents_text,
)
from client_ledger.paper.style import PaperStyle


def write(runs: Sequence[ControlRun], titles: ControlTitles, style: PaperStyle, file: IO[bytes]) -> None:
	"""Write the workbook to *file*. Texts of the books stay texts, whatever they begin with."""
	_ = style.translate
	book = Workbook(_("Controls"))
	sheet = book.sheet(_("Controls"), widths=(36, 10, 16, 14, 60, 60, 60, 40), frozen_rows=3)
	sheet.add([titles.company, None, titles.as_of], BOLD)
	sheet.add([])
	sheet.add(
		[_("Control"), _("Findings"), _("Amount"), _("New in Past Months"), _("Risk"), _("Parameters"), _("Source"), _("Not Applicable:")], BOLD
	)  # fmt: skip
	for run in runs:
		one = run.control
		sheet.add(
			[
				_(one.name),
				len(run.findings),
				sum((finding.amount for finding in run.findings), ZERO),
				run.history.total if run.history and run.history.months else None,
				_(one.risk),
				", ".join(parameter_text(each, run.values[each.name], _) for each in one.parameters),
				_(one.source),
				_(run.silent) if run.silent else "",
			]
		)
	columns = tuple(control_columns(style))
	sheet = book.sheet(_("Findings"), widths=(32, 12, 10, 26, 40, 16, 10, 90, 40), frozen_rows=1)
	sheet.add(columns, BOLD)
	for run in runs:
		for one in run.findings:
			sheet.add(
				[
					_(run.control.name),
					one.on,
					_(one.severity.value),
					one.customer,
					documents_text(one, 50),
					one.amount,
					titles.currency,
					reason_text(one.reason, _),
					one.key,
				]
			)
	sheet.filter_by(1, len(columns))
	_history(book, runs, style)
	book.save(file)


def _history(book: Workbook, runs: Sequence[ControlRun], style: PaperStyle) -> None:
	_ = style.translate
	known = [run for run in runs if run.history and run.history.months]
	if not known:
		return
	sheet = book.sheet(_("New in Past Months"), widths=(36, *[10] * 13), frozen_rows=1)
	months = [f"{month.month:%Y-%m}" for month in known[0].history.months]
	sheet.add([_("Control"), *months, _("Total")], BOLD)
	for run in known:
		counts = [len(month.keys) for month in run.history.months]
		sheet.add([_(run.control.name), *counts, sum(counts)])
