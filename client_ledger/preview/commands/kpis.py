"""`client-ledger kpis`: the KPIs of a ledger, and a workbook whose formulas calculate them again from its rows."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from client_ledger.core.kpis import messages
from client_ledger.core.kpis.definitions import Unit
from client_ledger.core.kpis.measure import Kpi, MeasuredKpis, measure
from client_ledger.core.kpis.rows import Window
from client_ledger.ledger.kpi_book import read_book
from client_ledger.paper.kpi_workbook import write_kpi_workbook
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import chosen_company, list_companies
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import ledger_file


@click.command("kpis", help=_("Calculate the KPIs, with their formulas, and what changed them in a month."))
@options.database()
@options.company()
@options.day()
@click.option(
	"--months",
	type=click.IntRange(1, 24),
	default=3,
	show_default=True,
	help=_("Months that sales and payments are counted over."),
)
@click.option(
	"--workbook",
	type=click.Path(path_type=Path, dir_okay=False),
	help=_("XLSX file to write: all rows, and formulas that calculate each KPI again."),
)
@options.as_json()
def command(
	database: Path, company: str | None, as_of: date, months: int, workbook: Path | None, as_json: bool
) -> None:
	"""Print the KPIs of a store."""
	connection = ledger_file.open_store(database)
	try:
		name = chosen_company(connection, company)
		currency = dict(list_companies(connection))[name]
		customers = _customers(connection, name)
		window = Window(as_of, months)
		book = read_book(ledger_file.ledger(connection), name, customers, [window])
	finally:
		connection.close()
	found = measure(book, window)
	if workbook:
		_write(workbook, found, name, currency)
	if as_json:
		click.echo(json.dumps(plain(found), indent=2, ensure_ascii=False))
		return
	_show(found, name, currency)
	if workbook:
		console.results().print(_("Workbook: {0}").format(workbook), soft_wrap=True)


def _customers(connection, company: str) -> Sequence[str]:
	rows = connection.execute(
		"select distinct party from `tabPayment Ledger Entry` where company = ? and party_type = 'Customer'",
		(company,),
	)
	return [row[0] for row in rows]


def _write(path: Path, found: MeasuredKpis, company: str, currency: str) -> None:
	try:
		with path.open("wb") as file:
			write_kpi_workbook(file, found, company, currency, _)
	except OSError as error:
		raise Refused(_("{0} cannot be written to: {1}.").format(path, error.strerror)) from error


def _show(found: MeasuredKpis, company: str, currency: str) -> None:
	title = _("KPIs of {0}, {1} to {2}").format(company, found.window.first, found.window.as_of)
	table = Table(title=escape(title), title_justify="left")
	for heading, justify in (
		(_("KPI"), "left"),
		(_("Value"), "right"),
		(_("A Month Ago"), "right"),
		(_("Formula"), "left"),
	):
		table.add_column(heading, justify=justify)
	for kpi in found.kpis:
		before = f"{kpi.change.before:,.2f}" if kpi.change else "-"
		table.add_row(
			escape(messages.label(kpi.definition, _)),
			escape(_value(kpi, currency)),
			before,
			escape(_(kpi.definition.formula)),
		)
	out = console.results()
	out.print(table)
	if found.tie.difference:
		out.print(
			_("Differs from the General Ledger by {0} {1}").format(f"{found.tie.difference:,.2f}", currency)
		)
	else:
		out.print(
			_("Ties to the General Ledger: receivable less unallocated is {0} {1}").format(
				f"{found.tie.balance:,.2f}", currency
			)
		)


def _value(kpi: Kpi, currency: str) -> str:
	if kpi.shown is None:
		return messages.reason(kpi, _)
	unit = currency if kpi.definition.unit is Unit.AMOUNT else _(kpi.definition.unit.value)
	return f"{kpi.shown:,.2f} {unit}"


def plain(found: MeasuredKpis) -> dict[str, Any]:
	"""Return the KPIs as JSON can hold them."""
	return {
		"since": found.window.first.isoformat(),
		"until": found.window.as_of.isoformat(),
		"balance": _number(found.tie.balance),
		"general_ledger": _number(found.tie.general_ledger),
		"kpis": {
			kpi.definition.key: {
				"value": _number(kpi.shown),
				"missing": kpi.missing.name.lower() if kpi.missing else None,
				"about": list(kpi.about),
				"inputs": {name: _number(amount) for name, amount in kpi.inputs.items()},
				"before": _number(kpi.change.before) if kpi.change else None,
				"causes": {
					cause.name.lower(): _number(amount)
					for cause, amount in kpi.change.shown(kpi.value).items()
				}
				if kpi.change
				else None,
			}
			for kpi in found.kpis
		},
	}


def _number(value: Decimal | None) -> float | None:
	return None if value is None else round(float(value), 2)
