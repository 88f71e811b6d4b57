"""Writes the comparison of two ledgers into a folder: a page and a workbook."""

from dataclasses import dataclass
from pathlib import Path

from client_ledger.core.reconciliation.reconcile import Reconciliation
from client_ledger.paper import reconciliation_xlsx
from client_ledger.paper.reconciliation import ReconciliationTitles, reconciliation_page
from client_ledger.paper.style import PaperStyle
from client_ledger.preview.output.folder import written_into


@dataclass(frozen=True, slots=True)
class WrittenReconciliation:
	"""The files written."""

	page: Path
	workbook: Path


def write_reconciliation(
	result: Reconciliation, titles: ReconciliationTitles, style: PaperStyle, folder: Path
) -> WrittenReconciliation:
	"""Write reconciliation.html and differences.xlsx into *folder*. Raises Refused where that cannot be done."""
	written = WrittenReconciliation(folder / "reconciliation.html", folder / "differences.xlsx")
	with written_into(folder):
		written.page.write_text(reconciliation_page(result, titles, style), encoding="utf-8")
		with written.workbook.open("wb") as file:
			reconciliation_xlsx.write(result, titles, style, file)
	return written
