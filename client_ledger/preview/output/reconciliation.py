"""Writes the comparison of two ledgers into a folder: a page and a workbook."""

import errno
from dataclasses import dataclass
from pathlib import Path

from client_ledger.core.reconciliation.reconcile import Reconciliation
from client_ledger.paper import reconciliation_xlsx
from client_ledger.paper.reconciliation import ReconciliationTitles, reconciliation_page
from client_ledger.paper.style import PaperStyle
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused


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
	try:
		folder.mkdir(parents=True, exist_ok=True)
		written.page.write_text(reconciliation_page(result, titles, style), encoding="utf-8")
		with written.workbook.open("wb") as file:
			reconciliation_xlsx.write(result, titles, style, file)
	except FileExistsError as error:
		raise Refused(_("{0} is a file, not a folder.").format(folder)) from error
	except OSError as error:
		if error.errno in (errno.ENOSPC, errno.EDQUOT):
			raise Refused(_("The disk is full: {0} could not be written.").format(folder)) from error
		raise Refused(_("{0} cannot be written to: {1}.").format(folder, error.strerror)) from error
	return written
