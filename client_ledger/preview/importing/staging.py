"""The staging file: documents read from the user's files wait here, checked one by one, until all are known good.

SQLite keeps it in a file without a name in the system's temporary folder, so that nothing of it is left even when the
import is killed. Amounts and dates are texts, as exact as they were read.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

_SCHEMA = """
create table customer (name text primary key, customer_name text, currency text, customer_group text, territory text);
create table invoice (
	name text primary key, file text, row integer, customer text, company text, day text, due text, currency text,
	rate text, amount text, base text, net text, account_currency text, return_against text, pays_original integer,
	counter text, remarks text, seq integer
);
create table term (invoice text, seq integer, file text, row integer, due text, amount text, term text);
create table payment (
	name text primary key, file text, row integer, customer text, company text, day text, currency text, rate text,
	amount text, base text, refund integer, mode text, seq integer
);
create table reference (
	payment text, seq integer, file text, row integer, heading text, doctype text, name text, amount text, term text,
	customer text
);
"""
_INDEXES = """
create index term_invoice on term (invoice, seq);
create index reference_payment on reference (payment, seq);
create index invoice_day on invoice (day, seq);
create index payment_day on payment (day, seq);
"""


class Place(NamedTuple):
	"""Where in the user's files something stands."""

	file: str
	row: int


class Staging:
	"""Documents waiting to be imported."""

	def __init__(self):
		self.connection = sqlite3.connect("", isolation_level=None)
		self.connection.execute("pragma journal_mode = off")
		self.connection.execute("pragma synchronous = off")
		self.connection.execute("begin")
		for statement in _SCHEMA.split(";"):
			self.connection.execute(statement)
		self.invoices = self.payments = 0

	def add(self, table: str, values: tuple) -> bool:
		"""Add a row; False where one of its name is there. table: a name of ours."""
		marks = ", ".join("?" * len(values))
		done = self.connection.execute(f"insert or ignore into {table} values ({marks})", values)
		return done.rowcount > 0

	def place_of(self, table: str, name: str) -> Place:
		"""Return where the document of that name was read."""
		return Place(
			*self.connection.execute(f"select file, row from {table} where name = ?", (name,)).fetchone()
		)

	def finish(self) -> None:
		"""Make what was added fast to look up; nothing is added after."""
		for statement in _INDEXES.split(";"):
			self.connection.execute(statement)
		self.connection.execute("commit")

	def rows(self, sql: str, parameters: tuple = ()) -> Iterator[tuple]:
		"""Yield the rows of a query, streaming."""
		return iter(self.connection.execute(sql, parameters))

	def close(self) -> None:
		"""Close the file, which is gone then."""
		self.connection.close()
