"""`client-ledger backtest`: how grades, expected dates and expected cash would have done over a history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from client_ledger.core.credit.backtest import Backtest, CashPart, CashValidation, DateValidation, backtest
from client_ledger.core.credit.grade_validation import BacktestSettings, GradeRow, GradeValidation
from client_ledger.core.credit.lateness import BUSINESS_DAYS, EVERY_DAY, Calendar, TradeLine, trade_lines
from client_ledger.core.credit.measures import MeasureSettings
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.ledger.reader import Scope
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import chosen_company
from client_ledger.preview.i18n import _
from client_ledger.preview.importing.trade_lines import HEADINGS, read_trade_lines
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import ledger_file

_LAST = date(9999, 12, 31)


def _column(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> dict[str, str]:
	pairs = [value.partition("=")[::2] for value in values]
	for role, heading in pairs:
		if role not in HEADINGS or not heading:
			raise click.BadParameter(_("expected ROLE=HEADING, ROLE one of {0}").format(", ".join(HEADINGS)))
	return dict(pairs)


def _holidays(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> frozenset[date]:
	try:
		texts = path.read_text(encoding="utf-8").split() if path else []
		return frozenset(date.fromisoformat(text) for text in texts)
	except ValueError as error:
		raise click.BadParameter(str(error))


@click.command(
	"backtest",
	help=_("Compare the grades, expected dates and expected cash of past periods with what happened."),
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
	"--db", type=click.Path(path_type=Path), help=_("A ledger file created by `client-ledger import`.")
)
@click.option("--company", help=_("Company to test. Required if the ledger file has several."))
@click.option(
	"--until", type=click.DateTime(["%Y-%m-%d"]), help=_("Date up to which the history is complete.")
)
@click.option(
	"--db", type=click.Path(path_type=Path), help=_("A ledger file created by `client-ledger import`.")
)
@click.option("--company", help=_("Company to test, if the ledger file has several."))
@click.option(
	"--until", type=click.DateTime(["%Y-%m-%d"]), help=_("Date up to which the history is complete.")
)
@click.option(
	"--horizon",
	type=click.IntRange(1),
	default=90,
	show_default=True,
	help=_("Days over which a grade is tested."),
)
@click.option(
	"--bad-share",
	type=click.FloatRange(0, 1, min_open=True),
	default=0.25,
	show_default=True,
	help=_("Share of the amount due paid seriously late from which a customer counts as bad."),
)
@click.option(
	"--serious-days",
	type=click.IntRange(0),
	help=_("Days late that count as serious. Default: 90th percentile of all payments."),
)
@click.option(
	"--test-share",
	type=click.FloatRange(0, 1, min_open=True),
	default=0.3,
	show_default=True,
	help=_("Share of the most recent invoices whose dates are predicted."),
)
@click.option("--date-format", help=_("Date format in FILE, such as %m/%d/%Y."))
@click.option(
	"--column", "columns", multiple=True, callback=_column, help=_("ROLE=HEADING of a column in FILE.")
)
@click.option(
	"--holidays",
	type=click.Path(exists=True, dir_okay=False, path_type=Path),
	callback=_holidays,
	help=_("File of holidays (YYYY-MM-DD). Due dates move to the next business day."),
)
@click.option("--seven-days", is_flag=True, help=_("Customers also pay on weekends."))
@click.option(
	"--without-disputed",
	is_flag=True,
	help=_("Exclude invoices FILE marks as disputed, although this was not known when they were issued."),
)
@click.option(
	"--skip-blank-amounts", is_flag=True, help=_("Skip rows of FILE without an amount and list them.")
)
@options.as_json()
def command(
	file: Path | None,
	db: Path | None,
	company: str | None,
	until: datetime | None,
	horizon: int,
	bad_share: float,
	serious_days: int | None,
	test_share: float,
	date_format: str | None,
	columns: Mapping[str, str],
	holidays: frozenset[date],
	seven_days: bool,
	without_disputed: bool,
	skip_blank_amounts: bool,
	as_json: bool,
) -> None:
	"""Test FILE, a CSV table of invoices with their settlement dates, or the store of --db."""
	if (file is None) == (db is None):
		raise click.UsageError(_("Specify either FILE or --db."))
	weekend = EVERY_DAY.weekend if seven_days else BUSINESS_DAYS.weekend
	calendar = Calendar(holidays, weekend)
	skipped: list[int] = []
	with console.messages().status(_("Grading month by month")):
		result = _test(
			read_trade_lines(
				file, date_format, columns, calendar, skipped.append if skip_blank_amounts else None
			)
			if file
			else lines_of_store(db, company, calendar),
			Scorecard(settings=MeasureSettings(serious_days=serious_days)),
			BacktestSettings(horizon=horizon, bad_share=bad_share, test_share=test_share),
			until.date() if until else None,
			without_disputed,
		)
	if skipped:
		console.messages().print(
			_("Skipped because the amount is missing: {0} rows ({1})").format(len(skipped), _listed(skipped))
		)
	if as_json:
		click.echo(json.dumps(plain(result), indent=2))
	else:
		show(result, console.results())


def _listed(rows: Sequence[int]) -> str:
	"""Return row numbers as text, runs of them from first to last."""
	runs: list[list[int]] = []
	for row in rows:
		if runs and row == runs[-1][-1] + 1:
			runs[-1][1:] = [row]
		else:
			runs.append([row])
	return ", ".join("-".join(map(str, run)) for run in runs)


def _test(
	lines: list[TradeLine],
	scorecard: Scorecard,
	settings: BacktestSettings,
	until: date | None,
	without_disputed: bool,
) -> Backtest:
	if not without_disputed:
		lines = [line._replace(disputed=False) for line in lines]
	if all(line.disputed or (until and line.issued > until) for line in lines):
		raise Refused(_("There are no invoices to test."))
	return backtest(lines, scorecard, settings, until)


def lines_of_store(path: Path, company: str | None, calendar: Calendar) -> list[TradeLine]:
	"""Return the trade lines of a company in a store. Raises Refused where there is no or no single company."""
	connection = ledger_file.open_store(path)
	try:
		ledger = ledger_file.ledger(connection)
		scope = Scope((chosen_company(connection, company),))
		return trade_lines(ledger.settlements(scope, _LAST), calendar)
	finally:
		connection.close()


def plain(result: Backtest) -> dict[str, Any]:
	"""Return the figures as JSON can hold them."""
	values = asdict(result)
	grades = values["grades"]
	for row, source in zip(
		[*grades["grades"], grades["unrated"]], [*result.grades.grades, result.grades.unrated], strict=True
	):
		row["bad_rate"] = source.bad_rate
	grades["gini"], grades["monotone"] = result.grades.gini, result.grades.monotone
	moved = grades["migration"]["counts"]
	grades["migration"]["counts"] = [{"from": a, "to": b, "count": n} for (a, b), n in sorted(moved.items())]
	values["dates"]["wins"] = result.dates.wins
	for part in ("near", "later"):
		values["cash"][part]["due_date_wins"] = getattr(result.cash, part).due_date_wins
	return json.loads(json.dumps(values, default=str))


def show(result: Backtest, out: Console) -> None:
	"""Print the figures for people."""
	out.print(
		_("{0} invoices of {1} customers, until {2}").format(result.lines, result.customers, result.until)
	)
	_show_grades(result.grades, out)
	_show_dates(result.dates, out)
	_show_cash(result.cash, out)


def _show_grades(found: GradeValidation, out: Console) -> None:
	table = Table(title=_("Credit Grades"), title_justify="left")
	for heading in (_("Credit Grade"), _("Assessments"), _("Turned Bad"), _("Bad Rate")):
		table.add_column(heading, justify="left" if heading == _("Credit Grade") else "right")
	for row in [*found.grades, found.unrated]:
		table.add_row(
			_("Unrated") if row is found.unrated else row.grade,
			str(row.assessments),
			str(row.bad),
			_percent(row.bad_rate),
		)
	out.print(table)
	if found.first is None:
		out.print(_("The history is too short to compare grades with later payments."))
		return
	out.print(
		_("{0} to {1}; seriously late means more than {2} days").format(
			found.first, found.last, "-".join(map(str, sorted(set(found.serious_days))))
		)
	)
	out.print(
		_("AUC {0} (on-time ratio {1}), Gini {2}, KS {3}, calibration error {4}").format(
			*map(_number, (found.auc, found.auc_on_time, found.gini, found.ks, found.calibration))
		)
	)
	out.print(
		_("Based on the final grade, including caps. Based on points alone: {0}").format(
			_number(found.auc_points)
		)
	)
	out.print(_unrated(found))
	out.print(
		_("Grade unchanged {0}, moved two or more grades {1}").format(
			_percent(found.migration.kept), _percent(found.migration.far)
		)
	)
	out.print(_verdict(found))


def _unrated(found: GradeValidation) -> str:
	"""Return how customers without a grade did, beside the grade that did most like them."""
	unrated = found.unrated
	if unrated.bad_rate is None:
		return _("Unrated: no customer had items falling due.")
	rated = [row for row in found.grades if row.bad_rate is not None]
	text = _("Unrated: {0} of {1} turned bad ({2}).").format(
		unrated.bad, unrated.assessments, _percent(unrated.bad_rate)
	)
	if not rated:
		return text
	nearest: GradeRow = min(rated, key=lambda row: abs(row.bad_rate - unrated.bad_rate))
	return f"{text} " + _("The nearest grade is {0} ({1}).").format(nearest.grade, _percent(nearest.bad_rate))


def _verdict(found: GradeValidation) -> str:
	if found.verdict == "too_few":
		return _("Insufficient data: only {0} customers turned bad.").format(found.bad_customers)
	if found.verdict == "holds":
		return _(
			"The grades are predictive: lower grades turn bad more often, and they separate better than the "
			"on-time ratio."
		)
	if found.verdict == "unclear":
		return _("Unclear: the grades are not in order throughout, but the deviations are within chance.")
	if not found.monotone:
		return _("The grades are not predictive: a higher grade turned bad more often than a lower one.")
	return _("The grades are not predictive: the on-time ratio separates better.")


def _show_dates(found: DateValidation, out: Console) -> None:
	table = Table(title=_("Expected Payment Dates"), title_justify="left")
	for heading in (_("Forecast"), _("Mean Error (Days)")):
		table.add_column(heading, justify="left" if heading == _("Forecast") else "right")
	table.add_row(_("Due Date"), _number(found.mae_due_date, 2))
	table.add_row(_("Customer Average"), _number(found.mae_customer_mean, 2))
	table.add_row(_("This Method"), _number(found.mae, 2))
	out.print(table)
	out.print(
		_(
			"{0} invoices, {1} still open; P10 to P90 covers {2}; AUC of P(late) {3}, calibration error {4}"
		).format(
			found.invoices,
			found.still_open,
			_percent(found.coverage),
			_number(found.auc_late),
			_number(found.calibration),
		)
	)
	out.print(
		_("P(5 or more days late): AUC {0} ({1}), with the histogram {2}").format(
			_number(found.auc_late_5),
			_("regression") if found.regression else _("histogram"),
			_number(found.auc_late_5_histogram),
		)
	)
	out.print(
		_(
			"Payments on the same terms and of similar amounts have more weight: {0} days. With equal weights: "
			"{1}."
		).format(_number(found.mae, 2), _number(found.mae_alike, 2))
		if found.kernel
		else _("All payments of a customer have equal weight: no weighting performed better on past data.")
	)
	if found.wins is False:
		out.print(_("A simpler forecast performed better here."))


def _show_cash(found: CashValidation, out: Console) -> None:
	table = Table(title=_("Weekly Cash, {0} Forecasts").format(found.forecasts), title_justify="left")
	headings = (_("Weeks"), _("This Method"), _("Uncorrected"), _("Due Date"), _("Bias"))
	for heading in headings:
		table.add_column(heading, justify="left" if heading == headings[0] else "right")
	for part in (found.near, found.later):
		table.add_row(
			f"{part.first}-{part.last}",
			*map(_percent, (part.wape, part.wape_uncorrected, part.wape_due_date, part.bias)),
		)
	out.print(table)
	for part in (found.near, found.later):
		if part.due_date_wins:
			out.print(_due_date_wins(part))


def _due_date_wins(part: CashPart) -> str:
	return _("Weeks {0} to {1}: due dates performed better here.").format(part.first, part.last)


def _number(value: float | None, decimals: int = 3) -> str:
	return "-" if value is None else f"{value:.{decimals}f}"


def _percent(value: float | None) -> str:
	return "-" if value is None else f"{value:.1%}"
