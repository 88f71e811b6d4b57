"""`client-ledger worklist`: whom to call today and why, from a store. Without promises, disputes and contacts, which it has none of.

figures of each account -> facts -> shipped rules -> rows in order, with their reasons
"""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from client_ledger.core.account import AccountKey
from client_ledger.core.collections import words
from client_ledger.core.collections.worklist import FRESH_DAYS, Facts, Ranked, build, default_rules, to_chase
from client_ledger.preview import store
from client_ledger.preview.backtesting import _company
from client_ledger.preview.figures import AccountFigures, CompanyReader, companies
from client_ledger.preview.i18n import _

SHOWN = 50
GRADES = "ABCDE"


def facts_of(account: AccountFigures, company: str) -> Facts:
	"""Return what a store knows of an account."""
	position, grade = account.position, account.credit.assessment.grade
	days = position.oldest_overdue_days
	return Facts(
		key=AccountKey(account.master.customer, company),
		overdue=position.overdue,
		oldest_days=days,
		unallocated=position.unallocated,
		grade_rank=GRADES.index(grade) + 1 if grade in GRADES else 0,
		first_overdue_large=account.segment == "A" and 0 < days <= FRESH_DAYS,
	)


def rows_of(
	accounts: Iterable[AccountFigures], company: str, as_of: date
) -> tuple[list[Ranked], dict[str, str]]:
	"""Return today's list, and the names of the customers."""
	names, facts = {}, []
	for account in accounts:
		names[account.master.customer] = account.master.customer_name or account.master.customer
		facts.append(facts_of(account, company))
	return build(facts, default_rules(), as_of).rows, names


@click.command("worklist", help=_("List whom to call today, in order, and why."))
@click.option(
	"--db",
	required=True,
	type=click.Path(path_type=Path),
	help=_("A store that `client-ledger import` made."),
)
@click.option("--company", help=_("The company, where the store has several."))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help=_("The day; today by default."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the figures as JSON."))
def command(db: Path, company: str | None, as_of: datetime | None, as_json: bool, lang: str = "en") -> None:
	"""Print the worklist of a store."""
	connection = store.open_store(db)
	try:
		name = _company(connection, company)
		currency = dict(companies(connection))[name]
		today = as_of.date() if as_of else date.today()
		reader = CompanyReader(connection, store.ledger(connection), name, currency, today)
		rows, names = rows_of(reader.accounts(), name, today)
	finally:
		connection.close()

	def money(amount: Decimal) -> str:
		return f"{amount:,.2f} {currency}"

	if as_json:
		click.echo(json.dumps([plain(row, names, money) for row in rows], indent=2, ensure_ascii=False))
		return
	table = Table(title=_("To call on {0}, {1}").format(today, name), title_justify="left")
	for heading, justify in (
		(_("Points"), "right"),
		(_("Customer"), "left"),
		(_("To Chase"), "right"),
		(_("Why"), "left"),
	):
		table.add_column(heading, justify=justify)
	for row in rows[:SHOWN]:
		said = plain(row, names, money)
		table.add_row(str(row.points), said["name"], money(to_chase(row.facts)), "; ".join(said["reasons"]))
	console = Console(highlight=False)
	console.print(table)
	if len(rows) > SHOWN:
		console.print(_("… and {0} more.").format(len(rows) - SHOWN))


def plain(row: Ranked, names: dict[str, str], money: Callable[[Decimal], str]) -> dict:
	"""Return a row as JSON can hold it."""
	return {
		"customer": row.facts.key.customer,
		"name": names[row.facts.key.customer],
		"points": row.points,
		"to_chase": float(to_chase(row.facts)),
		"oldest_days": row.facts.oldest_days,
		"reasons": [words.reason(met, _, money) for met in row.met],
	}
