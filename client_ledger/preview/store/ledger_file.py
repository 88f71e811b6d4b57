"""The preview's SQLite file: opening and checking it, and writing rows into it."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from client_ledger.ledger.database import SQLiteDatabase
from client_ledger.ledger.reader import Ledger
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused
from client_ledger.preview.store import schema

# "Client Ledger preview 1" in SQLite's application_id and user_version.
APPLICATION_ID = 0x434C4C31
VERSION = 1
BATCH = 2000


def create(path: Path) -> sqlite3.Connection:
	"""Return a connection to a new, empty store at *path*; what was there is replaced."""
	remove(path)
	path.parent.mkdir(parents=True, exist_ok=True)
	connection = _connect(path)
	_make(connection)
	return connection


def remove(path: Path) -> None:
	"""Remove a store, and the journal that an interrupted write to it left."""
	for name in (path, path.with_name(f"{path.name}-journal")):
		name.unlink(missing_ok=True)


def open_store(path: Path, make: bool = False) -> sqlite3.Connection:
	"""Return a connection to the store at *path*, made if *make* and missing. Raises Refused for anything else."""
	if not path.exists():
		if make:
			return create(path)
		raise Refused(
			_("{0} does not exist. Import documents first: client-ledger import FILE... --db {0}").format(
				path
			)
		)
	connection = _connect(path)
	try:
		known = connection.execute("pragma application_id").fetchone()[0] == APPLICATION_ID
	except sqlite3.DatabaseError:
		known = False
	if not known:
		connection.close()
		raise Refused(_("{0} is not a Client Ledger file; choose another name for --db.").format(path))
	return connection


def ledger(connection: sqlite3.Connection) -> Ledger:
	"""Return the ledger of an open store."""
	return Ledger(SQLiteDatabase(connection))


def _connect(path: Path) -> sqlite3.Connection:
	return sqlite3.connect(path, isolation_level=None)


def _make(connection: sqlite3.Connection) -> None:
	connection.execute(f"pragma application_id = {APPLICATION_ID}")
	connection.execute(f"pragma user_version = {VERSION}")
	connection.execute("begin immediate")
	for statement in schema.create_statements():
		connection.execute(statement)
	for statement in schema.OWN_TABLES.split(";"):
		connection.execute(statement)
	connection.execute("commit")


def make_indexes(connection: sqlite3.Connection) -> None:
	"""Make the indexes that are missing; cheaper after many rows than before."""
	for statement in schema.index_statements():
		connection.execute(statement)


def drop_indexes(connection: sqlite3.Connection) -> None:
	"""Drop the indexes, before many rows are written."""
	for name in schema.INDEXES:
		connection.execute(f"drop index if exists `{name}`")


class StoreWriter:
	"""Buffers rows per table and writes them in batches, inside the transaction its caller opened."""

	def __init__(self, connection: sqlite3.Connection):
		self.connection = connection
		self._rows: dict[tuple[str, tuple[str, ...]], list[tuple]] = {}
		self._statements = {
			doctype: f"insert into `tab{doctype}`" for doctype in schema.TABLES
		}  # built from our own names only

	def add(self, doctype: str, values: Mapping[str, Any]) -> None:
		"""Write one row; columns not given keep their default."""
		key = (doctype, tuple(values))
		rows = self._rows.setdefault(key, [])
		rows.append(_plain(values.values()))
		if len(rows) >= BATCH:
			self._write(key)

	def add_master(self, doctype: str, values: Mapping[str, Any]) -> None:
		"""Write a master's row at once, unless one of its name is there."""
		columns = tuple(values)
		self.connection.execute(
			_insert(f"insert or ignore into `tab{doctype}`", columns), _plain(values.values())
		)

	def flush(self) -> None:
		"""Write what is buffered."""
		for key in list(self._rows):
			self._write(key)

	def _write(self, key: tuple[str, tuple[str, ...]]) -> None:
		rows = self._rows.pop(key)
		self.connection.executemany(_insert(self._statements[key[0]], key[1]), rows)


def _insert(into: str, columns: tuple[str, ...]) -> str:
	return f"{into} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"


def _plain(values: Iterable[Any]) -> tuple:
	"""Return values as SQLite stores them: amounts as numbers, dates as ISO texts."""
	convert = _CONVERTERS.get
	return tuple([value if (to := convert(type(value))) is None else to(value) for value in values])


_CONVERTERS = {Decimal: float, date: date.isoformat}
