"""`client-ledger statements`: statements of one customer or of all, as pages, PDFs and workbooks."""

import sqlite3
from datetime import date
from pathlib import Path

import click
from rich.markup import escape

from client_ledger.core.flows import months_before
from client_ledger.core.statements.build import StatementAsked
from client_ledger.core.statements.parts import Coverage
from client_ledger.ledger.reader import Scope
from client_ledger.paper.pdf import has_engine
from client_ledger.preview import i18n
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import chosen_company, list_companies
from client_ledger.preview.figures.statements import StatementReader
from client_ledger.preview.i18n import _
from client_ledger.preview.output.statements import (
	FORMATS,
	NoFont,
	check_formats,
	style_of,
	write_statements,
)
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import ledger_file

KINDS = {"activity": Coverage.ACTIVITY, "open-items": Coverage.OPEN_ITEMS, "both": Coverage.BOTH}
SHOWN = 5


@click.command("statements", help=_("Write statements of account of one customer or of all."))
@options.database()
@options.company()
@click.option("--customer", "wanted", multiple=True, help=_("Customer, by ID or name (default: all)."))
@options.day()
@click.option(
	"--from",
	"from_date",
	type=click.DateTime(["%Y-%m-%d"]),
	help=_("First day of the movements (default: all of them)."),
)
@click.option(
	"--kind",
	type=click.Choice(tuple(KINDS)),
	default="activity",
	show_default=True,
	help=_("Movements with opening and closing balance, open items, or both."),
)
@click.option(
	"--language",
	"language",
	type=click.Choice(i18n.LANGUAGES),
	help=_("Language of the statements (default: that of the messages)."),
)
@click.option(
	"--format",
	"formats",
	default="html",
	show_default=True,
	help=_("Formats, separated by commas: {0}.").format(", ".join(FORMATS)),
)
@click.option(
	"--output",
	"folder",
	type=click.Path(path_type=Path),
	default=Path("statements"),
	show_default=True,
	help=_("Output folder."),
)
def command(
	database: Path,
	company: str | None,
	wanted: tuple[str, ...],
	as_of: date,
	from_date: object,
	kind: str,
	language: str | None,
	formats: str,
	folder: Path,
) -> None:
	"""Write the statements of a store."""
	since = from_date.date() if from_date else None
	chosen = _formats(formats)
	_check_days(as_of, since)
	connection = ledger_file.open_store(database)
	try:
		name = chosen_company(connection, company)
		currency = dict(list_companies(connection))[name]
		asked = StatementAsked(name, currency, as_of, since, KINDS[kind])
		reader = StatementReader(connection, ledger_file.ledger(connection), asked)
		customers = reader.customers(wanted)
		_make_folder(folder)
		with console.progress() as progress:
			task = progress.add_task(_("Writing statements"), total=len(customers))
			written = write_statements(
				reader.figures(customers),
				folder,
				chosen,
				style_of(language or i18n.language()),
				date.today(),
				bool(wanted),
				lambda count: progress.advance(task, count),
			)
	finally:
		connection.close()
	out = console.results()
	for path in written.files[:SHOWN]:
		out.print(escape(str(path)), soft_wrap=True)
	if len(written.files) > SHOWN:
		out.print(_("… and {0} more.").format(len(written.files) - SHOWN))
	text = _("{0} statements in {1}").format(written.statements, folder)
	if written.empty:
		text += _(", {0} customers have nothing to state").format(written.empty)
	out.print(escape(text), style="bold green", soft_wrap=True)
	if written.without_pdf:
		raise Refused(
			_(
				"No PDF was made for {0}: the script of their names is not covered. Choose --format html."
			).format(", ".join(written.without_pdf))
		)


def write_sample(connection: sqlite3.Connection, folder: Path, as_of: date) -> list[Path]:
	"""Write the statement of the customer who owes the first company most, in every format that can be made here."""
	name, currency = list_companies(connection)[0]
	ledger = ledger_file.ledger(connection)
	balances = ledger.balances(Scope((name,)), as_of)
	if not balances:
		return []
	reader = StatementReader(
		connection, ledger, StatementAsked(name, currency, as_of, months_before(as_of, 2), Coverage.BOTH)
	)
	largest = max(balances, key=lambda key: (balances[key], key.customer)).customer
	formats = [one for one in FORMATS if one != "pdf" or has_engine()]
	_make_folder(folder)
	style = style_of(i18n.language())
	try:
		return write_statements(reader.figures([largest]), folder, formats, style, as_of).files
	except NoFont:
		formats.remove("pdf")
		return write_statements(reader.figures([largest]), folder, formats, style, as_of).files


def _formats(text: str) -> tuple[str, ...]:
	chosen = tuple(dict.fromkeys(one.strip().lower() for one in text.split(",") if one.strip()))
	for one in chosen:
		if one not in FORMATS:
			raise Refused(_("--format {0} is not known. Choose from: {1}.").format(one, ", ".join(FORMATS)))
	if not chosen:
		raise Refused(_("--format names nothing. Choose from: {0}.").format(", ".join(FORMATS)))
	check_formats(chosen)
	return chosen


def _check_days(as_of: date, since: date | None) -> None:
	if as_of > date.today():
		raise Refused(
			_("--as-of {0} is in the future. A statement can only say what has happened.").format(as_of)
		)
	if since and since > as_of:
		raise Refused(_("--from {0} is after --as-of {1}.").format(since, as_of))


def _make_folder(path: Path) -> None:
	try:
		path.mkdir(parents=True, exist_ok=True)
	except FileExistsError as error:
		raise Refused(_("{0} is a file, not a folder.").format(path)) from error
	except OSError as error:
		raise Refused(_("{0} cannot be written to: {1}.").format(path, error.strerror)) from error
