"""bench --site SITE client-ledger rebuild | verify | verify-archive | export-archive | restore-drill | demo"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click
import frappe
from frappe.commands import get_site, pass_context
from frappe.utils import getdate
from markupsafe import Markup

if TYPE_CHECKING:
	from client_ledger.accounts.compute import FigureSource

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("client-ledger")
def client_ledger() -> None:
	"""Maintain the accounts of Client Ledger."""


@client_ledger.command("rebuild")
@click.option("--customer", multiple=True, help="Only this customer; may be given several times.")
@pass_context
def rebuild_command(context: dict, customer: tuple[str, ...]) -> None:
	"""Rebuild client accounts from the ledger. What was set by hand stays."""
	with connected(context):
		from client_ledger.accounts.rebuild import rebuild

		source, customers = choose(customer)
		with click.progressbar(length=len(customers), label="Rebuilding client accounts") as bar:
			failed = rebuild(customers if customer else None, bar.update)
		click.echo(f"{len(customers) - len(failed)} customers of {len(source.companies)} companies rebuilt.")
		if failed:
			click.secho(f"Failed, see Error Log: {', '.join(sorted(failed))}", fg="red", err=True)
			sys.exit(1)


@client_ledger.command("verify")
@click.option("--customer", multiple=True, help="Only this customer; may be given several times.")
@pass_context
def verify_command(context: dict, customer: tuple[str, ...]) -> None:
	"""Compare client accounts with a fresh computation and with the General Ledger. Changes nothing."""
	with connected(context):
		from client_ledger.accounts.verify import check_accounts

		source, customers = choose(customer)
		with click.progressbar(length=len(customers), label="Checking client accounts") as bar:
			findings = check_accounts(source, customers, bar.update)
		for name, company in findings.missing:
			click.secho(f"{name} | {company}: no account", fg="red")
		for found in findings.mismatches:
			click.secho(
				f"{found.customer} | {found.company}: {found.field} is {found.stored}, should be {found.fresh}",
				fg="red",
			)
		for untied in findings.untied:
			at = untied.difference
			click.secho(
				f"{untied.customer} | {untied.company}: {at.voucher.doctype} {at.voucher.name} in {at.account}:"
				f" {at.payment_ledger:.2f} in the Payment Ledger, {at.general_ledger:.2f} in the General Ledger",
				fg="yellow",
			)
		click.echo(
			f"{findings.compared} accounts compared, {len(findings.mismatches)} figures differ,"
			f" {len(findings.missing)} missing, {len(findings.untied)} vouchers do not tie."
		)
		if findings.mismatches or findings.missing or findings.untied:
			sys.exit(1)


@client_ledger.command("verify-archive")
@click.option("--company", help="Only this company.")
@click.option(
	"--anchor",
	multiple=True,
	help="SEQ:HASH, a head that was mailed outside; needs --company. Several may be given.",
)
@click.option(
	"--anchors",
	"anchor_files",
	multiple=True,
	type=click.Path(exists=True, dir_okay=False),
	help="A file with saved mails of heads, one or an mbox.",
)
@pass_context
def verify_archive_command(
	context: dict, company: str | None, anchor: tuple[str, ...], anchor_files: tuple[str, ...]
) -> None:
	"""Check the archive: what was changed, removed, inserted, or chained anew since a known head. Changes nothing."""
	if anchor and not company:
		raise click.UsageError("--anchor needs --company: heads of several companies have the same numbers.")
	with connected(context):
		from client_ledger.archive.entries import companies
		from client_ledger.archive.report import lines
		from client_ledger.archive.verify import check, outside_anchors

		if company and not frappe.db.exists("Company", company) and company not in companies():
			raise click.ClickException(f"No such company: {company}")
		try:
			known = outside_anchors(company, anchor, anchor_files)
		except ValueError as error:
			raise click.BadParameter(str(error)) from error
		wrong = 0
		names = [company] if company else sorted({*companies(), *known})
		if not names:
			click.echo("There is no archive yet.")
		for name in names:
			with click.progressbar(
				length=frappe.db.count("Ledger Archive", {"company": name}), label=name
			) as bar:
				checked = check(name, known.get(name, ()), bar.update)
			for line, is_bad in lines(checked):
				click.secho(line, fg="red" if is_bad else None)
			wrong += checked.count
		if wrong:
			sys.exit(1)


@client_ledger.command("export-archive")
@click.option("--company", required=True)
@click.option("--customer", default="", help="Only this customer.")
@click.option("--from", "from_date", type=DAY, help="Only entries of this day and later, YYYY-MM-DD.")
@click.option("--to", "to_date", type=DAY, help="Only entries of this day and earlier, YYYY-MM-DD.")
@click.option("--out", required=True, type=click.Path(dir_okay=False), help="The ZIP to write.")
@pass_context
def export_archive_command(
	context: dict,
	company: str,
	customer: str,
	from_date: datetime | None,
	to_date: datetime | None,
	out: str,
) -> None:
	"""Export the archive of a company for an auditor: a ZIP that is checked with public tools."""
	from pathlib import Path

	out_path = Path(out).resolve()
	with connected(context):
		from client_ledger.archive.export import ExportPart, export
		from client_ledger.archive.files import DiskFull

		if not frappe.db.exists("Company", company):
			raise click.ClickException(f"No such company: {company}")
		length = frappe.db.count("Ledger Archive", {"company": company})
		first, last = (f"{day:%Y-%m-%d}" if day else "" for day in (from_date, to_date))
		try:
			with click.progressbar(length=length, label="Exporting") as bar:
				number = export(company, out_path, ExportPart(customer, first, last), progress=bar.update)
		except DiskFull as error:
			raise click.ClickException(str(error)) from error
		click.echo(f"{number} entries written to {out_path}.")


@client_ledger.command("restore-drill")
@click.option(
	"--backup", help="A file, or the name of one of the site's backups; the newest full one unless given."
)
@click.option(
	"--key",
	prompt="Encryption key",
	hide_input=True,
	prompt_required=False,
	help="Key of an encrypted backup, the site's unless given. Without a value it is asked for, and seen by nobody.",
)
@click.option(
	"--db-root-username", help="Administrator of the database; bench's own unless given, else root."
)
@click.option(
	"--db-root-password",
	prompt="Password of the database's administrator",
	hide_input=True,
	prompt_required=False,
	help="Without a value it is asked for, and seen by nobody.",
)
@pass_context
def restore_drill_command(
	context: dict,
	backup: str | None,
	key: str | None,
	db_root_username: str | None,
	db_root_password: str | None,
) -> None:
	"""Restore a backup into a database of its own, compare it with the ledger, and drop it. The site is only read."""
	# Ended from outside, the database is dropped as well.
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
	with connected(context):
		from client_ledger.backups.drill import run_drill
		from client_ledger.backups.messages import sentence, summary
		from client_ledger.backups.scratch import DrillError, configured_login
		from client_ledger.core.backups import BackupVerdict

		login = configured_login(db_root_username, db_root_password)
		try:
			drill = run_drill(login, backup, key, say=lambda text: click.echo(_plain(text)))
		except DrillError as error:
			raise click.ClickException(_plain(str(error))) from error
		colours = {BackupVerdict.GOOD: "green", BackupVerdict.WARNING: "yellow", BackupVerdict.BAD: "red"}
		for finding in drill.findings:
			click.secho(_plain(sentence(finding)), fg=colours[finding.verdict])
		click.secho(summary("Drill", drill.verdict), fg=colours[drill.verdict])
		click.echo(f"Backup Check: {drill.name}")
		if drill.verdict == BackupVerdict.BAD:
			sys.exit(1)


def _plain(text: str) -> str:
	"""Return a sentence that is written for the desk as it reads in a terminal."""
	return str(Markup(text).unescape())


@client_ledger.command("demo")
@click.option(
	"--customers", default=12, show_default=True, help="How many customers; each adds some 60 documents."
)
@click.option("--seed", default=1, show_default=True, help="Another seed makes another company.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_context
def demo_command(context: dict, customers: int, seed: int, yes: bool) -> None:
	"""Fill the site with a sample company, through ERPNext's own documents. Meant for a site of its own."""
	with connected(context):
		from client_ledger.accounts.rebuild import rebuild
		from client_ledger.sample.generator import generate
		from client_ledger.sample.site import check_site, count, replay

		frappe.set_user("Administrator")
		documents = generate(seed, getdate(), customers)
		check_site(documents)
		total = count(documents)
		if not yes:
			click.confirm(f"Make two companies and {total} documents on {frappe.local.site}?", abort=True)
		with click.progressbar(length=total, label="Making documents") as bar:
			replayed = replay(documents, bar.update)
		rebuild()
		bring_to_today()
		click.echo(f"{len(replayed.names)} documents made for {len(documents.customers)} customers.")
		if replayed.refused:
			for name, reason in replayed.refused.items():
				click.secho(f"{name}: {reason}", fg="red", err=True)
			click.secho(f"{len(replayed.refused)} documents were refused.", fg="red", err=True)
			sys.exit(1)


def bring_to_today() -> None:
	"""Do on a filled site what its first night and the morning after would: grades, promises, follow-ups, a dunning plan.

	The default policy asks for approval from then on, so that something is planned and nothing is sent.
	"""
	from client_ledger import tasks
	from client_ledger.dunning import runs
	from client_ledger.site.doctypes import DUNNING_POLICY

	for name in frappe.get_all(DUNNING_POLICY, {"is_default": 1, "mode": "Preview"}, pluck="name"):
		policy = frappe.get_doc(DUNNING_POLICY, name)
		policy.mode = "Approve"
		policy.save()
	tasks.nightly()
	frappe.db.commit()
	runs.work(in_process=True)
	frappe.db.commit()


@contextmanager
def connected(context: dict) -> Iterator[None]:
	"""Connect to the site of the command, and let go of it however the command ends."""
	frappe.init(get_site(context))
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()


def choose(names: tuple[str, ...]) -> "tuple[FigureSource, list[str]]":
	"""Return the site's source and the customers to work on; end the command if one of *names* is unknown."""
	from client_ledger.accounts.compute import FigureSource
	from client_ledger.accounts.rebuild import customers_to_rebuild

	source = FigureSource.of_site(getdate())
	unknown = [name for name in names if not frappe.db.exists("Customer", name)]
	if unknown:
		raise click.ClickException(f"No such customer: {', '.join(unknown)}")
	return source, list(names) or customers_to_rebuild(source)


commands = [client_ledger]
