"""The command `client-ledger`: a sample company, an import, and a report, without a bench."""

import sqlite3
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
from rich.markup import escape
from rich.progress import Progress

from client_ledger import __version__
from client_ledger.preview import i18n
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures import companies
from client_ledger.preview.i18n import _
from client_ledger.preview.importing.load import Result, Wishes, import_files
from client_ledger.preview.importing.mapping import read_mapping
from client_ledger.preview.importing.reader import Settings
from client_ledger.preview.output.outputs import Outputs, write_outputs
from client_ledger.preview.problems import BadInput, Refused
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.generator import generate

# Help texts are made while this module is read, so the language must be known before.
i18n.use(i18n.wanted_language(sys.argv[1:]))


class _Commands(click.Group):
	"""Reports what the user can put right as a message and exit code 1, without a traceback."""

	def invoke(self, context: click.Context) -> object:
		try:
			return super().invoke(context)
		except BadInput as error:
			_show_problems(error)
			context.exit(1)
		except Refused as error:
			_fail(context, str(error))
		except sqlite3.Error as error:
			# A full disk, a file another program holds: nothing of the transaction stays.
			_fail(context, _("The ledger file cannot be written or read: {0}.").format(error))


def _fail(context: click.Context, text: str) -> None:
	console.messages().print(f"[bold red]{escape(text)}[/]", soft_wrap=True)
	context.exit(1)


@click.group(
	cls=_Commands,
	help=_("The customer ledger without ERPNext: view a sample company or your own invoices."),
)
@click.version_option(__version__, prog_name="client-ledger")
@options.language()
def main() -> None:
	"""Group of the commands."""


@main.command(help=_("Create a sample company and its report."))
@options.folder("demo")
@click.option(
	"--seed",
	type=int,
	default=1,
	show_default=True,
	help=_("Seed of the sample. A different seed gives a different company."),
)
@click.option(
	"--customers",
	type=click.IntRange(1, 20_000),
	default=120,
	show_default=True,
	help=_("Number of customers in the sample."),
)
@options.day("--today", _("Last day of the sample (default: today)."))
@options.language()
def demo(out: Path, seed: int, customers: int, today: date) -> None:
	"""Make the sample's store and both outputs."""
	with console.progress() as progress:
		task = progress.add_task(_("Creating two years of transactions"), total=None)
		documents = generate(seed, today, customers)
		progress.update(task, total=1, completed=1)
		task = progress.add_task(_("Posting documents"), total=sum(1 for _document in documents.in_order()))
		database = out / "client-ledger.sqlite"
		connection = ledger_file.create(_replaceable(_writable(database)))
		posting.post_all(connection, documents, lambda count: progress.advance(task, count))
		ledger_file.make_indexes(connection)
		outputs = _write(connection, out, today, progress)
		statement = write_sample(connection, out / "statements", today)
	connection.close()
	console.results().print(
		_("{0} customers, {1} invoices, {2} payments, as of {3}.").format(
			len(documents.customers), len(documents.invoices), len(documents.payments), today
		)
	)
	for path in statement:
		console.results().print(_("A statement of account: {0}").format(path), soft_wrap=True)
	_show_outputs(outputs)


@main.command(
	"import",
	help=_("Import invoices and payments from CSV or XLSX files. If one row fails, nothing is imported."),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.database(_("File to import into. Created if missing."))
@click.option(
	"--mapping",
	type=click.Path(path_type=Path),
	help=_("JSON file that maps the columns if the headings are not recognised."),
)
@click.option("--company", default="", help=_("Company for rows without one."))
@click.option("--currency", default="", help=_("Company currency, such as CNY."))
@click.option(
	"--rate",
	"rates",
	multiple=True,
	metavar="CUR=RATE",
	help=_("Exchange rate for amounts without one, such as USD=7.1."),
)
@click.option("--sheet", help=_("Sheet of a workbook (default: the first)."))
@click.option(
	"--date-order",
	type=click.Choice(["dmy", "mdy"]),
	help=_("Order of day and month in dates such as 03/04/2025."),
)
@click.option(
	"--decimal", type=click.Choice(["point", "comma"]), help=_("Decimal separator of amounts stored as text.")
)
@options.language()
def import_command(
	files: tuple[Path, ...],
	database: Path,
	mapping: Path | None,
	company: str,
	currency: str,
	rates: tuple[str, ...],
	sheet: str | None,
	date_order: str | None,
	decimal: str | None,
) -> None:
	"""Check and book the files."""
	signs = {"point": ".", "comma": ",", None: None}
	mappings = read_mapping(mapping) if mapping else ()
	settings = Settings(company, mappings, sheet, date_order, signs[decimal])
	wishes = Wishes(settings, currency.upper(), dict(_rate(text) for text in rates))
	with console.progress() as progress:
		tasks = {
			"read": progress.add_task(_("Reading and checking rows"), total=None),
			"book": progress.add_task(_("Posting documents"), total=None),
		}
		result = import_files(
			files, _writable(database), wishes, lambda stage, count: progress.advance(tasks[stage], count)
		)
	_show_result(result, database)


@main.command(help=_("Write the HTML page and the workbook of a ledger."))
@options.database()
@options.folder("report")
@options.day()
@click.option("--xlsx/--no-xlsx", "workbook", default=True, help=_("Also write the workbook (default)."))
@options.language()
def report(database: Path, out: Path, as_of: date, workbook: bool) -> None:
	"""Write both outputs of a store."""
	connection = ledger_file.open_store(database)
	if companies.last_day(connection) is None:
		raise Refused(_("{0} contains no documents. Import some first.").format(database))
	with console.progress() as progress:
		outputs = _write(connection, out, as_of, progress, workbook)
	connection.close()
	_show_outputs(outputs)


@main.command(help=_("Check that the payment ledger matches the general ledger."))
@options.database()
@options.day()
@options.language()
def verify(database: Path, as_of: date) -> None:
	"""Compare both ledgers, customer by customer; exit code 1 where they differ."""
	connection = ledger_file.open_store(database)
	count, untied = companies.compare_ledgers(connection, as_of)
	connection.close()
	if untied:
		lines = [f"{key.customer}, {key.company}: {found.difference}" for key, found in untied.items()]
		raise Refused(
			"\n".join(
				[_("{0} of {1} accounts differ from the general ledger:").format(len(untied), count), *lines]
			)
		)
	console.results().print(_("All {0} accounts match the general ledger.").format(count))


def _write(connection, out: Path, as_of: date, progress: Progress, workbook: bool = True) -> Outputs:
	total = companies.number_of_accounts(connection) or 1
	tasks = {
		"grade": progress.add_task(_("Grading customers"), total=total),
		"write": progress.add_task(_("Writing the report"), total=total),
	}
	outputs = write_outputs(
		connection,
		_folder(out),
		as_of,
		lambda stage, count: progress.advance(tasks[stage], count),
		workbook,
	)
	for task in tasks.values():
		progress.update(task, completed=total)
	return outputs


def _writable(database: Path) -> Path:
	_folder(database.parent)
	return database


def _replaceable(database: Path) -> Path:
	"""Return *database*; raise Refused where it is another program's file, or holds what the user imported."""
	if database.exists():
		connection = ledger_file.open_store(database)
		imported = connection.execute("select count(*) from client_ledger_import").fetchone()[0]
		connection.close()
		if imported:
			raise Refused(
				_("{0} contains imported documents. Choose another folder (--out).").format(database)
			)
	return database


def _folder(path: Path) -> Path:
	try:
		path.mkdir(parents=True, exist_ok=True)
	except OSError as error:
		raise Refused(_("{0} cannot be written to: {1}.").format(path, error.strerror)) from error
	return path


def _rate(text: str) -> tuple[str, Decimal]:
	currency, _sign, value = text.partition("=")
	try:
		rate = Decimal(value)
	except InvalidOperation:
		rate = Decimal(0)
	if not currency.strip() or not rate > 0:
		raise Refused(_("--rate {0} is not valid. Use the form USD=7.1.").format(text))
	return currency.strip().upper(), rate


def _show_problems(error: BadInput) -> None:
	out = console.messages()
	for problem in error.problems.found:
		out.print(
			f"[bold]{escape(problem.place(_))}[/]: [red]{escape(problem.text)}[/] {escape(problem.hint)}",
			soft_wrap=True,
		)
	if error.problems.more:
		out.print(_("… and {0} more.").format(error.problems.more))
	out.print(error.outcome or _("Nothing was imported."), style="bold")


def _show_result(result: Result, database: Path) -> None:
	out = console.results()
	for file in result.files:
		text = _("{0}: {1} documents").format(file.path.name, file.documents)
		if file.skipped:
			text += _(", {0} skipped (drafts, cancelled, not of customers)").format(file.skipped)
		out.print(escape(text), soft_wrap=True)
	for note in result.notes[:10]:
		out.print(escape(note), soft_wrap=True)
	out.print(
		_("{0} invoices and {1} payments of {2} customers imported into {3}.").format(
			result.invoices, result.payments, result.customers, database
		),
		style="bold green",
		soft_wrap=True,
	)
	out.print(_("Next: client-ledger report --db {0}").format(database), soft_wrap=True)


def _show_outputs(outputs: Outputs) -> None:
	out = console.results()
	if outputs.workbook:
		out.print(_("Workbook: {0}").format(outputs.workbook), soft_wrap=True)
	out.print(
		_("Open this file in a browser: {0}").format(outputs.page.resolve()),
		style="bold green",
		soft_wrap=True,
	)


# Imported this late for the same reason: its help texts are made while it is read.
from client_ledger.preview.commands.backtest import command as backtest_command
from client_ledger.preview.commands.check import command as check_command
from client_ledger.preview.commands.dunning import group as dunning_group
from client_ledger.preview.commands.forecast import command as forecast_command
from client_ledger.preview.commands.kpis import command as kpis_command
from client_ledger.preview.commands.reconcile import command as reconcile_command
from client_ledger.preview.commands.statements import command as statements_command
from client_ledger.preview.commands.statements import write_sample
from client_ledger.preview.commands.warnings import command as warnings_command
from client_ledger.preview.commands.worklist import command as worklist_command

main.add_command(options.language()(backtest_command))
main.add_command(options.language()(check_command))
main.add_command(options.language()(dunning_group))
main.add_command(options.language()(forecast_command))
main.add_command(options.language()(kpis_command))
main.add_command(options.language()(reconcile_command))
main.add_command(options.language()(statements_command))
main.add_command(options.language()(warnings_command))
main.add_command(options.language()(worklist_command))

if __name__ == "__main__":
	main()
