"""`client-ledger check`: the controls that need only invoices and receipts, as a table, a page and a workbook."""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from client_ledger.core.controls.catalogue import WITHOUT_A_SITE
from client_ledger.core.controls.run import ControlRun
from client_ledger.core.money import ZERO
from client_ledger.core.reasons import reason_text
from client_ledger.paper.control_findings import past_text
from client_ledger.preview import i18n
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import chosen_company, list_companies
from client_ledger.preview.figures.controls import check_company
from client_ledger.preview.i18n import _
from client_ledger.preview.output.controls import write_controls
from client_ledger.preview.output.statements import style_of
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import ledger_file


@click.command(
	"check", help=_("Run the controls that need only invoices and payments, and write what they find.")
)
@options.database()
@options.company()
@options.day()
@options.folder("controls")
@click.option(
	"--control",
	"codes",
	multiple=True,
	type=click.Choice(WITHOUT_A_SITE),
	help=_("Run only this control. May be given several times."),
)
@click.option(
	"--set",
	"settings",
	multiple=True,
	metavar="CONTROL.PARAMETER=VALUE",
	help=_("Change a parameter, such as sold_while_overdue.days=60."),
)
@click.option(
	"--months",
	type=click.IntRange(0, 24),
	default=12,
	show_default=True,
	help=_("Months of the past in which findings are counted."),
)
@options.as_json()
def command(
	database: Path,
	company: str | None,
	as_of: date,
	out: Path,
	codes: tuple[str, ...],
	settings: tuple[str, ...],
	months: int,
	as_json: bool,
) -> None:
	"""Run controls over a store and write both outputs."""
	given = _given(settings)
	connection = ledger_file.open_store(database)
	try:
		name = chosen_company(connection, company)
		currency = dict(list_companies(connection))[name]
		checked = check_company(connection, name, currency, as_of, codes, given, months)
	finally:
		connection.close()
	if as_json:
		click.echo(json.dumps([plain(run) for run in checked.runs], indent=2, ensure_ascii=False))
		return
	written = write_controls(checked, style_of(i18n.language()), out)
	printer = console.results()
	printer.print(_table(checked.runs, currency))
	printer.print(escape(_("Workbook: {0}").format(written.workbook)), soft_wrap=True)
	printer.print(
		escape(_("Open this file in a browser: {0}").format(written.page.resolve())),
		style="bold green",
		soft_wrap=True,
	)


def _given(settings: tuple[str, ...]) -> dict[str, dict[str, str]]:
	"""Return parameters by control. Raises Refused where a setting has another form, or names no control."""
	given: dict[str, dict[str, str]] = defaultdict(dict)
	for text in settings:
		name, equals, value = text.partition("=")
		code, dot, parameter = name.partition(".")
		if not (equals and dot and value.strip()):
			raise Refused(_("--set {0} is not valid. Use the form CONTROL.PARAMETER=VALUE.").format(text))
		if code not in WITHOUT_A_SITE:
			raise Refused(
				_("--set {0}: there is no such control here. There are: {1}.").format(
					text, ", ".join(WITHOUT_A_SITE)
				)
			)
		given[code][parameter] = value.strip()
	return given


def _table(runs: list[ControlRun], currency: str) -> Table:
	table = Table(title=_("Controls"), title_justify="left")
	table.add_column(_("Control"))
	for heading in (_("Findings"), _("Amount"), _("New in Past Months")):
		table.add_column(heading, justify="right")
	for run in runs:
		amount = sum((one.amount for one in run.findings), ZERO)
		table.add_row(
			_(run.control.name),
			str(len(run.findings)) if run.findings or not run.silent else "-",
			f"{amount:,.2f} {currency}" if amount else "",
			past_text(run) if run.findings or not run.silent else "-",
		)
	return table


def plain(run: ControlRun) -> dict:
	"""Return what a control found as JSON can hold it."""
	return {
		"control": run.control.code,
		"parameters": {name: float(value) for name, value in run.values.items()},
		"findings": [
			{
				"key": one.key,
				"date": one.on.isoformat(),
				"severity": one.severity.value,
				"customer": one.customer,
				"documents": [document.name for document in one.documents],
				"amount": float(one.amount),
				"reason": reason_text(one.reason, _),
			}
			for one in run.findings
		],
		"silent": _(run.silent) if run.silent else "",
		"history": {f"{month.month:%Y-%m}": len(month.keys) for month in run.history.months}
		if run.history
		else {},
	}
