"""`client-ledger worklist`: whom to call today, in order, and why."""

import json
from datetime import date
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from client_ledger.core.credit.messages import grade_label
from client_ledger.preview.commands import console, options
from client_ledger.preview.figures.companies import CompanyReader, chosen_company, list_companies
from client_ledger.preview.figures.worklist import Callee, calls_of
from client_ledger.preview.i18n import _
from client_ledger.preview.store import ledger_file

SHOWN = 50


@click.command("worklist", help=_("List the customers to call today in order of priority, with the reasons."))
@options.database()
@options.company()
@options.day()
@options.as_json()
def command(database: Path, company: str | None, as_of: date, as_json: bool) -> None:
	"""Print the worklist of a store."""
	connection = ledger_file.open_store(database)
	try:
		name = chosen_company(connection, company)
		currency = dict(list_companies(connection))[name]
		reader = CompanyReader(connection, ledger_file.ledger(connection), name, currency, as_of)
		rows = calls_of(reader.accounts(), name, as_of).rows
	finally:
		connection.close()
	if as_json:
		click.echo(json.dumps([plain(row, currency) for row in rows], indent=2, ensure_ascii=False))
		return
	table = Table(title=escape(_("Customers to call on {0}, {1}").format(as_of, name)), title_justify="left")
	for heading, justify in (
		(_("Points"), "right"),
		(_("Customer"), "left"),
		(_("Credit Grade"), "left"),
		(_("Collectable Overdue"), "right"),
		(_("Reasons"), "left"),
	):
		table.add_column(heading, justify=justify)
	for row in rows[:SHOWN]:
		table.add_row(
			str(row.ranked.points),
			escape(row.name),
			grade_label(row.grade, _),
			f"{row.to_chase:,.2f} {currency}",
			escape("; ".join(row.reasons(_, currency))),
		)
	out = console.results()
	out.print(table)
	if len(rows) > SHOWN:
		out.print(_("… and {0} more.").format(len(rows) - SHOWN))


def plain(row: Callee, currency: str) -> dict:
	"""Return a row as JSON can hold it."""
	return {
		"customer": row.ranked.facts.key.customer,
		"name": row.name,
		"grade": row.grade,
		"points": row.ranked.points,
		"to_chase": float(row.to_chase),
		"oldest_days": row.ranked.facts.oldest_days,
		"expected": row.expected.isoformat() if row.expected else None,
		"reasons": row.reasons(_, currency),
	}
