"""`client-ledger forecast`: cash by week, and how past forecasts did; of a ledger, or of a table of paid invoices."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.payment_replay import last_day
from client_ledger.core.forecast.past import past_record
from client_ledger.core.forecast.record import PartScore
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import CompanyReader, chosen_company, list_companies
from client_ledger.preview.figures.forecast import CashByWeek
from client_ledger.preview.i18n import _
from client_ledger.preview.importing.trade_lines import read_trade_lines
from client_ledger.preview.output import forecast
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import ledger_file


@click.command(
	"forecast", help=_("Forecast the cash of 13 weeks, and compare past forecasts with what came.")
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
	"--db", type=click.Path(path_type=Path), help=_("A ledger file created by `client-ledger import`.")
)
@options.company()
@options.day()
@click.option("--date-format", help=_("Date format in FILE, such as %m/%d/%Y."))
@click.option(
	"--since",
	type=click.DateTime(["%Y-%m-%d"]),
	help=_("First day whose forecast is tested on FILE; what was before is only learnt from."),
)
@options.as_json()
def command(
	file: Path | None,
	db: Path | None,
	company: str | None,
	as_of: date,
	date_format: str | None,
	since: datetime | None,
	as_json: bool,
) -> None:
	"""Print the forecast of a store, or the record that a table of invoices gives."""
	if (file is None) == (db is None):
		raise click.UsageError(_("Specify either FILE or --db."))
	if file:
		_show_record_of_file(file, date_format, since.date() if since else None, as_json)
		return
	connection = ledger_file.open_store(db)
	try:
		name = chosen_company(connection, company)
		currency = dict(list_companies(connection))[name]
		reader = CompanyReader(connection, ledger_file.ledger(connection), name, currency, as_of)
		names = {account.master.customer: account.master.customer_name for account in reader.accounts()}
		found = reader.forecasts()
	finally:
		connection.close()
	if as_json:
		rows = [forecast.currency(one, names) for one in found]
		click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
		return
	if not found:
		raise Refused(_("Nothing is owed to {0}.").format(name))
	for one in found:
		_show(one, names)


def _show_record_of_file(file: Path, date_format: str | None, since: date | None, as_json: bool) -> None:
	scores = record_of(read_trade_lines(file, date_format), since)
	if as_json:
		click.echo(json.dumps([plain(score) for score in scores], indent=2))
	else:
		_show_record(scores)


def record_of(lines: Iterable[TradeLine], since: date | None = None) -> tuple[PartScore, PartScore]:
	"""Return how weekly forecasts of Sundays would have done; disputed lines count as others."""
	lines = [line._replace(disputed=False) for line in lines]
	end = last_day(lines)
	sunday = date.fromordinal(end.toordinal() - (end.weekday() + 1) % 7)
	return past_record(list(known(lines, end)), sunday).scores(end, since)


def plain(score: PartScore) -> dict[str, Any]:
	"""Return a part of the record as JSON can hold it."""
	return {
		"weeks": [score.first, score.last],
		"forecasts": score.forecasts,
		"wape": score.model.wape,
		"bias": score.model.bias,
		"wape_due_date": score.due_date.wape,
		"wape_naive": score.naive.wape,
		"covered": score.covered,
		"below": score.below,
		"above": score.above,
		"lost_to": score.lost_to,
	}


def _show(found: CashByWeek, names: dict[str, str]) -> None:
	table = Table(title=_("Cash Forecast, {0}").format(found.currency), title_justify="left")
	headings = (_("Week from"), _("Expected"), "P10", "P90", _("By Due Date"), _("Same Week Earlier"))
	for heading in headings:
		table.add_column(heading, justify="left" if heading == headings[0] else "right")
	for day, week in zip(found.forecast.first_days, found.forecast.weeks, strict=True):
		values = (week.expected, week.low, week.high, week.by_due_date, week.naive)
		table.add_row(day.isoformat(), *("-" if value is None else f"{value:,.2f}" for value in values))
	out = console.results()
	out.print(table)
	for item in found.forecast.large:
		out.print(
			escape(
				_("Large: {0}, {1}, {2}, most likely in week {3}").format(
					names.get(item.customer, item.customer),
					item.reference,
					f"{item.amount:,.2f}",
					item.week + 1,
				)
			)
		)
	_show_record(found.forecast.scores or ())


def _show_record(scores: Iterable[PartScore]) -> None:
	table = Table(title=_("Record of Past Forecasts"), title_justify="left")
	headings = (
		_("Weeks"),
		_("Forecasts"),
		_("Error (WAPE)"),
		_("Error by Due Date"),
		_("Error of the Same Week Earlier"),
		_("Bias"),
		_("Within P10 to P90"),
	)
	for heading in headings:
		table.add_column(heading, justify="left" if heading == headings[0] else "right")
	lost = []
	for score in scores:
		shares = (score.model.wape, score.due_date.wape, score.naive.wape, score.model.bias, score.covered)
		table.add_row(f"{score.first}-{score.last}", str(score.forecasts), *map(_percent, shares))
		words = {"due_date": _("due dates"), "naive": _("the same week earlier")}
		if score.lost_to:
			names = ", ".join(words[name] for name in score.lost_to)
			lost.append(
				_("Weeks {0} to {1}: {2} did better than this forecast.").format(
					score.first, score.last, names
				)
			)
	out = console.results()
	out.print(table)
	for sentence in lost:
		out.print(sentence)


def _percent(value: float | None) -> str:
	return "-" if value is None else f"{value:.1%}"
