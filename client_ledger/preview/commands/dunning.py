"""`client-ledger dunning`: plan, letters and replay of a store at the command line.

The plan is that of a policy switched on today; with --already-on, of one that has been on for two years.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from client_ledger.core.dunning.plan import Notice
from client_ledger.core.dunning.replay import Replay
from client_ledger.core.flows import months_before
from client_ledger.core.marked import marked
from client_ledger.dunning.policies import default_policies
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import chosen_company
from client_ledger.preview.figures.dunning import DunnedCompany, read_company, write_letters
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import ledger_file

POLICIES = tuple(name.lower() for name in default_policies.POLICIES)


def in_store(command: Callable) -> Callable:
	"""Give a command the options that name the language, the store, the company and the policy."""
	policy = click.option(
		"--policy",
		type=click.Choice(POLICIES),
		default="standard",
		show_default=True,
		help=_("Dunning policy to use."),
	)
	for option in (options.language(), options.day(), policy, options.company(), options.database()):
		command = option(command)
	return command


@click.group("dunning", help=_("Simulate dunning: plan, letters and replay on past data. Nothing is sent."))
def group() -> None:
	"""Dunning of a store."""


def open_company(
	database: Path, company: str | None, as_of: date
) -> tuple[DunnedCompany, sqlite3.Connection]:
	"""Return a company of a store, and the connection to close."""
	connection = ledger_file.open_store(database)
	return read_company(connection, chosen_company(connection, company), as_of), connection


@group.command(
	"plan", help=_("List the notices that would be sent on a date, and those that would not and why.")
)
@in_store
@click.option("--already-on", is_flag=True, help=_("Treat the policy as having been active before."))
@options.as_json()
def plan_command(
	database: Path, company: str | None, policy: str, as_of: date, already_on: bool, as_json: bool
) -> None:
	"""Print the plan of a day."""
	found, connection = open_company(database, company, as_of)
	try:
		notices = found.notices(default_policies.rules(policy.capitalize()), already_on)
	finally:
		connection.close()
	if as_json:
		click.echo(json.dumps([plain(notice) for notice in notices], indent=2))
		return
	table = Table(
		title=escape(_("Dunning on {0}, {1}").format(found.today, found.company)), title_justify="left"
	)
	for heading in (_("Customer"), _("Step"), _("As Of"), _("Open Items"), _("Total"), _("Reason Not Sent")):
		table.add_column(heading, justify="right" if heading in (_("Open Items"), _("Total")) else "left")
	for notice in sorted(notices, key=lambda notice: (notice.step.number, notice.party)):
		table.add_row(
			escape(found.name_of(notice.party.customer)),
			_(notice.step.name),
			str(notice.as_of),
			str(len(notice.lines)),
			f"{notice.total:,.2f} {notice.party.currency}",
			_(notice.reason.value) if notice.reason else "",
		)
	out = console.results()
	out.print(table)
	going = [notice for notice in notices if not notice.reason]
	out.print(_("{0} notices would be sent, {1} would not").format(len(going), len(notices) - len(going)))


def plain(notice: Notice) -> dict[str, Any]:
	"""Return a notice as JSON can hold it."""
	return {
		**notice.party._asdict(),
		"step": notice.step.number,
		"step_name": notice.step.name,
		"as_of": str(notice.as_of),
		"total": float(notice.total),
		"items": [
			{
				"document": line.key.voucher.name,
				"due_date": str(line.key.due_date),
				"amount": float(line.amount),
				"level": line.level,
			}
			for line in (*notice.lines, *notice.listed)
		],
		"on_account": float(sum(credit.amount for credit in notice.credits)),
		"reason": notice.reason.value if notice.reason else None,
	}


@group.command("letters", help=_("Write the letters of a date to a folder as HTML pages."))
@in_store
@click.option("--already-on", is_flag=True, help=_("Treat the policy as having been active before."))
@click.option(
	"--out",
	"folder",
	type=click.Path(path_type=Path, file_okay=False),
	required=True,
	help=_("Output folder."),
)
def letters_command(
	database: Path, company: str | None, policy: str, as_of: date, already_on: bool, folder: Path
) -> None:
	"""Write one page per letter, and a list of them."""
	found, connection = open_company(database, company, as_of)
	try:
		written = write_letters(found, policy.capitalize(), folder, already_on)
	finally:
		connection.close()
	click.echo(_("{0} letters in {1}").format(len(written), folder))


@group.command(
	"replay", help=_("Show what a policy would have sent in past months, compared with another policy.")
)
@in_store
@click.option(
	"--months", type=click.IntRange(1, 24), default=12, show_default=True, help=_("Number of months.")
)
@click.option("--against", type=click.Choice(POLICIES), help=_("Policy to compare with."))
@options.as_json()
def replay_command(
	database: Path,
	company: str | None,
	policy: str,
	as_of: date,
	months: int,
	against: str | None,
	as_json: bool,
) -> None:
	"""Print what would have been sent per month and step."""
	found, connection = open_company(database, company, as_of)
	names = [policy, *([against] if against else [])]
	policies = [default_policies.rules(name.capitalize()) for name in names]
	try:
		if not found.names:
			raise Refused(_("There are no invoices to replay."))
		replayed = found.replays(policies, months_before(found.today, months), found.today)
	finally:
		connection.close()
	results = dict(zip(names, replayed, strict=True))
	if as_json:
		click.echo(json.dumps({name: figures(result) for name, result in results.items()}, indent=2))
	else:
		show(results, console.results())


def figures(result: Replay) -> dict[str, Any]:
	"""Return a replay's figures as JSON can hold them."""
	return {
		"since": str(result.since),
		"until": str(result.until),
		"messages": len(result.messages),
		"customers": result.customers,
		"paid_anyway": result.paid_anyway,
		"most_in_a_week": result.most_in_a_week,
		"by_step": result.by_step(),
		"by_month": {str(month): sum(steps.values()) for month, steps in result.by_month().items()},
	}


FIGURES = (
	(marked("Notices"), lambda result: len(result.messages)),
	(marked("Customers"), lambda result: result.customers),
	(marked("To Customers Who Paid within Two Days Anyway"), lambda result: result.paid_anyway),
	(marked("Maximum per Customer in a Week"), lambda result: result.most_in_a_week),
)


def show(results: Mapping[str, Replay], out: Console) -> None:
	"""Print the figures side by side, and a bar per month."""
	table = Table(title=_("Notices that would have been sent"), title_justify="left")
	table.add_column("")
	for name in results:
		table.add_column(_(name.capitalize()), justify="right")
	for label, figure in FIGURES:
		table.add_row(_(label), *(str(figure(result)) for result in results.values()))
	for number in sorted({n for result in results.values() for n in result.by_step()}):
		table.add_row(
			_("Step {0}").format(number),
			*(str(result.by_step().get(number, 0)) for result in results.values()),
		)
	out.print(table)
	first = next(iter(results.values()))
	months = {month: sum(steps.values()) for month, steps in first.by_month().items()}
	most = max(months.values(), default=0) or 1
	for month, number in months.items():
		out.print(f"{month:%Y-%m}  {'█' * round(40 * number / most):<40} {number}")
