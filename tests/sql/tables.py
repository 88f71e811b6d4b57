"""The sample company's tables on a database server: ERPNext's columns and types, copied row by row from SQLite."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from client_ledger.preview.store import schema

TODAY = date(2026, 6, 30)
DATES = [TODAY, TODAY - timedelta(days=100), TODAY - timedelta(days=400)]
# What the preview's file does without, and in which tables; the copies set it to the day of posting.
MODIFIED, HAVE_MODIFIED = "modified", ("Payment Ledger Entry", "Sales Invoice")
_DATES = {"posting_date", "due_date", "transaction_date", "delivery_date"}
_TYPES = {"text": "varchar(140)", "real": "decimal(21,9)", "integer": "int"}


def tables(moment: str) -> Iterable[tuple[str, dict[str, str]]]:
	"""Yield each table's name with its columns and their types. moment: the server's type for date and time."""
	for doctype, columns in schema.TABLES.items():
		types = {name: _type(name, kind) for name, kind in columns.items()}
		yield f"tab{doctype}", {**types, MODIFIED: moment} if doctype in HAVE_MODIFIED else types


def rows(sqlite: sqlite3.Connection, table: str, columns: Iterable[str]) -> list[tuple]:
	"""Return the rows of a table, empty dates as none."""
	names = ["posting_date" if name == MODIFIED else name for name in columns]
	selected = ", ".join(f"`{name}`" for name in names)
	return [
		tuple(None if value == "" and n in _DATES else value for n, value in zip(names, row, strict=True))
		for row in sqlite.execute(f"select {selected} from `{table}`")
	]


def copy(
	sqlite: sqlite3.Connection,
	execute: Callable[[str], object],
	insert: Callable[[str, Sequence[tuple]], object],
	moment: str,
) -> None:
	"""Make the tables with the app's indexes on a server, and fill them."""
	for table, columns in tables(moment):
		execute(f"create table `{table}` ({', '.join(f'`{name}` {kind}' for name, kind in columns.items())})")
		found = rows(sqlite, table, columns)
		if found:
			marks = ", ".join(["%s"] * len(columns))
			insert(f"insert into `{table}` ({', '.join(f'`{c}`' for c in columns)}) values ({marks})", found)
	for name, (doctype, columns) in schema.INDEXES.items():
		execute(f"create index `{name}` on `tab{doctype}` ({', '.join(f'`{c}`' for c in columns)})")


def _type(column: str, kind: str) -> str:
	if column in _DATES:
		return "date"
	first, _space, rest = kind.partition(" ")
	return f"{_TYPES[first]} {rest}"
