"""Writes what controls found into a folder: a page and a workbook."""

from dataclasses import dataclass
from pathlib import Path

from client_ledger.core.marked import marked
from client_ledger.paper import control_findings_xlsx
from client_ledger.paper.control_findings import ControlTitles, control_page
from client_ledger.paper.style import PaperStyle
from client_ledger.preview.figures.controls import CheckedCompany
from client_ledger.preview.output.folder import written_into


@dataclass(frozen=True, slots=True)
class WrittenControls:
	"""The files written."""

	page: Path
	workbook: Path


def write_controls(checked: CheckedCompany, style: PaperStyle, folder: Path) -> WrittenControls:
	"""Write controls.html and controls.xlsx into *folder*. Raises Refused where that cannot be done."""
	written = WrittenControls(folder / "controls.html", folder / "controls.xlsx")
	note = style.translate(marked("{0} invoices and {1} receipts were looked at.")).format(
		checked.invoices, checked.receipts
	)
	titles = ControlTitles(checked.company, checked.currency, checked.as_of, (note,), checked.left_out)
	with written_into(folder):
		written.page.write_text(control_page(checked.runs, titles, style), encoding="utf-8")
		with written.workbook.open("wb") as file:
			control_findings_xlsx.write(checked.runs, titles, style, file)
	return written
