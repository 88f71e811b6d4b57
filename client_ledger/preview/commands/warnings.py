"""`client-ledger warnings`: what is raised today, and each signal's record; of a ledger, or of a table of paid invoices."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from client_ledger.core.credit.lateness import known
from client_ledger.core.credit.payment_replay import last_day
from client_ledger.core.early_warnings.facts import WarningEvents
from client_ledger.core.early_warnings.watch import WatchedCompany, watch_company
from client_ledger.preview import i18n
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import chosen_company, read_masters
from client_ledger.preview.figures.warnings import watch_store
from client_ledger.preview.i18n import _
from client_ledger.preview.importing.trade_lines import read_trade_lines
from client_ledger.preview.output import warnings
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import ledger_file


@click.command("warnings", help=_("Show early warnings, and how often each signal was right on this ledger."))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
	"--db", type=click.Path(path_type=Path), help=_("A ledger file created by `client-ledger import`.")
)
@options.company()
@options.day()
@click.option("--date-format", help=_("Date format in FILE, such as %m/%d/%Y."))
@options.as_json()
def command(
	file: Path | None,
	db: Path | None,
	company: str | None,
	as_of: date,
	date_format: str | None,
	as_json: bool,
) -> None:
	"""Print the warnings of a store, or those a table of invoices would have had."""
	if (file is None) == (db is None):
		raise click.UsageError(_("Specify either FILE or --db."))
	found, names = _of_file(file, date_format) if file else _of_store(db, company, as_of)
	if not found.result.looks:
		raise Refused(_("There are too few months of invoices to look back on."))
	shown = warnings.company(found, names)
	if as_json:
		click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
		return
	_show_now(shown)
	_show_riskiest(shown)
	_show_records(shown)
	_show_rankings(shown)


def _of_file(file: Path, date_format: str | None) -> tuple[WatchedCompany, dict[str, str]]:
	"""Return the warnings of a table; disputed lines count as others, because it is not known since when they were."""
	lines = [line._replace(disputed=False) for line in read_trade_lines(file, date_format)]
	if not lines:
		raise Refused(_("{0} contains no invoices.").format(file))
	end = last_day(lines)
	return watch_company(WarningEvents(lines=list(known(lines, end))), end), {}


def _of_store(db: Path, company: str | None, as_of: date) -> tuple[WatchedCompany, dict[str, str]]:
	connection = ledger_file.open_store(db)
	try:
		name = chosen_company(connection, company)
		found = watch_store(connection, ledger_file.ledger(connection), name, as_of)
		masters = read_masters(connection, {str(customer) for customer in found.result.facts_now})
	finally:
		connection.close()
	return found, {master.customer: master.customer_name for master in masters.values()}


def _show_now(shown: dict[str, Any]) -> None:
	table = Table(title=_("Early Warnings"), title_justify="left")
	for heading in (_("Customer"), _("Signal"), _("Why"), _("Proposed Action"), _("P(Turns Bad)")):
		table.add_column(heading)
	for row in shown["now"]:
		table.add_row(
			escape(row["name"] or _("The company")),
			_(row["signal"]),
			escape(row["because"][int(i18n.language() == "zh")]),
			_(row["action"]),
			_percent(row["score"]),
		)
	out = console.results()
	out.print(table)
	if not shown["now"]:
		out.print(_("No signal that is on is raised today."))
	elif shown["raised"] > len(shown["now"]):
		out.print(_("The first {0} of {1} warnings.").format(len(shown["now"]), shown["raised"]))


def _show_riskiest(shown: dict[str, Any]) -> None:
	if not shown["riskiest"]:
		return
	table = Table(title=_("Likeliest to Turn Bad"), title_justify="left")
	for heading in (_("Customer"), _("Grade"), _("P(Turns Bad)"), _("Raised by")):
		table.add_column(heading)
	for row in shown["riskiest"]:
		reasons = ", ".join(_(name) for name in row["raised_by"])
		table.add_row(escape(row["name"]), _(row["grade"]), _percent(row["score"]), reasons)
	console.results().print(table)


def _show_records(shown: dict[str, Any]) -> None:
	table = Table(title=_("Record of Each Signal, {0} Weeks").format(shown["weeks"]), title_justify="left")
	headings = (
		_("Signal"),
		_("Raised"),
		_("Judged"),
		_("Turned Bad"),
		_("Base Rate"),
		_("Lift"),
		_("Lead Time (Days)"),
		_("Status"),
	)
	for heading in headings:
		table.add_column(heading, justify="left" if heading in (headings[0], headings[-1]) else "right")
	silent = [_(row["name"]) for row in shown["signals"] if not row["raised"]]
	for row in shown["signals"]:
		if not row["raised"]:
			continue
		table.add_row(
			_(row["name"]),
			str(row["raised"]),
			str(row["judged"]),
			str(row["bad"]),
			_percent(row["base_rate"]) if row["judged"] else "-",
			_number(row["lift"], 2),
			_number(row["lead_days"], 0),
			warnings.verdict(row),
		)
	out = console.results()
	out.print(table)
	if silent:
		out.print(_("Never raised: {0}").format(", ".join(silent)))
	out.print(
		_("{0} of {1} times that a customer turned bad, a signal that is on had warned before.").format(
			shown["caught"], shown["turns"]
		)
	)


def _show_rankings(shown: dict[str, Any]) -> None:
	table = Table(title=_("The Tenth of the Customers at Highest Risk"), title_justify="left")
	for heading in (
		_("Ranked by"),
		_("Turned Bad"),
		_("Base Rate"),
		_("Lift"),
		_("Share of All Found"),
		"AUC",
	):
		table.add_column(heading, justify="left" if heading == _("Ranked by") else "right")
	for row in shown["early"]:
		if row["lift"] is None:
			continue
		table.add_row(
			_(row["label"]),
			f"{row['top_bad']} / {row['top']}",
			_percent(row["base_rate"]),
			_number(row["lift"], 2) + _between(row["interval"]),
			_percent(row["caught"]),
			_number(row["auc"], 3),
		)
	out = console.results()
	if not table.row_count:
		out.print(_("Too few customers turned bad to learn a combined score."))
		return
	out.print(table)
	if not shown["is_combined"]:
		out.print(
			_("All evidence together predicted no better than the grade alone: the grade alone is used.")
		)


def _between(interval: tuple[float, float] | None) -> str:
	return f" ({interval[0]:.1f}-{interval[1]:.1f})" if interval else ""


def _percent(value: float | None) -> str:
	return "-" if value is None else f"{value:.1%}"


def _number(value: float | None, digits: int) -> str:
	return "-" if value is None else f"{value:.{digits}f}"
