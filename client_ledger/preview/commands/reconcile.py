"""`client-ledger reconcile`: our ledger and the customer's, line by line, as a page and a workbook."""

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from client_ledger.core.reconciliation.reconcile import Reconciliation
from client_ledger.files.ledger_file import LedgerWishes
from client_ledger.paper.reconciliation import ReconciliationTitles, identity_rows
from client_ledger.preview import i18n
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.reconciliation import compare_files
from client_ledger.preview.i18n import _
from client_ledger.preview.output.reconciliation import write_reconciliation
from client_ledger.preview.output.statements import style_of
from client_ledger.preview.problems import Refused


@click.command("reconcile", help=_("Compare our ledger with the customer's own, line by line."))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@options.folder("reconciliation")
@click.option(
	"--as-of",
	type=click.DateTime(["%Y-%m-%d"]),
	help=_("Day of the comparison (default: the last day of both lists)."),
)
@click.option("--currency", default="", help=_("Currency of lines without one, such as CNY."))
@click.option(
	"--tolerance", default="0", show_default=True, help=_("What two amounts may differ by and still agree.")
)
@click.option("--sheet", help=_("Sheet of the customer's workbook (default: the first)."))
@click.option("--our-sheet", help=_("Sheet of our workbook (default: the first)."))
@click.option(
	"--date-order",
	type=click.Choice(["dmy", "mdy"]),
	help=_("Order of day and month in dates such as 03/04/2025."),
)
@click.option(
	"--decimal", type=click.Choice(["point", "comma"]), help=_("Decimal separator of amounts stored as text.")
)
@click.option(
	"--language",
	"language",
	type=click.Choice(i18n.LANGUAGES),
	help=_("Language of the page and the workbook (default: that of the messages)."),
)
def command(
	ours: Path,
	theirs: Path,
	out: Path,
	as_of: object,
	currency: str,
	tolerance: str,
	sheet: str | None,
	our_sheet: str | None,
	date_order: str | None,
	decimal: str | None,
	language: str | None,
) -> None:
	"""Compare two files and write what differs."""
	sign = {"point": ".", "comma": ",", None: None}[decimal]
	wishes = tuple(LedgerWishes(currency.upper(), name, date_order, sign) for name in (our_sheet, sheet))
	compared = compare_files(ours, theirs, wishes, _day(as_of), _tolerance(tolerance))
	titles = ReconciliationTitles(ours.name, theirs.name, compared.as_of, compared.notes)
	style = style_of(language or i18n.language())
	written = write_reconciliation(compared.result, titles, style, out)
	printer = console.results()
	for note in compared.notes:
		printer.print(escape(note), soft_wrap=True)
	_print_identity(compared.result)
	printer.print(escape(_("Workbook: {0}").format(written.workbook)), soft_wrap=True)
	printer.print(
		escape(_("Open this file in a browser: {0}").format(written.page.resolve())),
		style="bold green",
		soft_wrap=True,
	)


def _print_identity(result: Reconciliation) -> None:
	style = style_of(i18n.language())
	for part in result.parts:
		table = Table(title=_("From Their Balance to Ours"), title_justify="left")
		table.add_column("")
		table.add_column(_("Differences"), justify="right")
		table.add_column(_("Amount"), justify="right")
		for row in identity_rows(part, style):
			table.add_row(
				escape(row.label), row.count, escape(row.amount), style="bold" if row.is_total else ""
			)
		out = console.results()
		out.print(table)
		lines = sum(len(match.ours) for match in part.matches)
		out.print(_("{0} matches of {1} lines of ours.").format(len(part.matches), lines))


def _day(value: object) -> date | None:
	return value.date() if value else None


def _tolerance(text: str) -> Decimal:
	try:
		found = Decimal(text)
	except InvalidOperation:
		found = Decimal(-1)
	if not found.is_finite() or found < 0:
		raise Refused(_("--tolerance {0} is not valid. Use an amount such as 0.05.").format(text))
	return found
