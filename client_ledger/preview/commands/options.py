"""Options that several commands share. Functions, because their help is written in the language spoken when they are called."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click

from client_ledger.preview import i18n
from client_ledger.preview.i18n import _

Decorator = Callable[[Callable], Callable]


def database(help_text: str | None = None) -> Decorator:
	"""Return --db: the ledger's file."""
	return click.option(
		"--db",
		"database",
		type=click.Path(path_type=Path, dir_okay=False),
		default=Path("ledger.sqlite"),
		show_default=True,
		help=help_text or _("Ledger file created by an import."),
	)


def folder(default: str) -> Decorator:
	"""Return --out: the folder to write to."""
	return click.option(
		"--out",
		type=click.Path(path_type=Path, file_okay=False),
		default=Path(default),
		show_default=True,
		help=_("Output folder."),
	)


def day(name: str = "--as-of", help_text: str | None = None) -> Decorator:
	"""Return an option that takes a day: today where none is given."""
	return click.option(
		name,
		type=click.DateTime(["%Y-%m-%d"]),
		callback=_day,
		help=help_text or _("Date of the figures (default: today)."),
	)


def _day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date:
	return value.date() if value else date.today()


def company() -> Decorator:
	"""Return --company: which of several."""
	return click.option("--company", help=_("Company, if the ledger file has several."))


def as_json() -> Decorator:
	"""Return --json: figures for programs."""
	return click.option("--json", "as_json", is_flag=True, help=_("Print the figures as JSON."))


def language() -> Decorator:
	"""Return --lang: heard before any other option, so that their messages speak it."""
	return click.option(
		"--lang",
		type=click.Choice(i18n.LANGUAGES),
		callback=_speak,
		is_eager=True,
		expose_value=False,
		help=_("Language of messages and outputs (default: that of the system)."),
	)


def _speak(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
	"""Speak the language asked for; a command of a group goes on in the group's."""
	if value or context.parent is None:
		i18n.use(value or i18n.wanted_language(sys.argv[1:]))
