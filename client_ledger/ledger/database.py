"""What the reader needs of a database, and how one SQL text serves all of them.

Texts quote tables with backticks (MariaDB and SQLite read them, frappe rewrites them for Postgres) and name
their parameters %(like_this)s; a sequence becomes as many placeholders as it has values.
"""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

_PARAMETER = re.compile(r"%\((\w+)\)s")
CHUNK = 1000
Value = TypeVar("Value")


class Database(Protocol):
	"""Runs a text of client_ledger.ledger.queries and returns its rows as tuples."""

	def rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[tuple]: ...


def expand(sql: str, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
	"""Return *sql* with each sequence parameter spread over placeholders of its own, and the flat parameters.

	An empty sequence becomes NULL, which `in` never matches. Raises KeyError for a parameter that is missing.
	"""
	flat: dict[str, Any] = {}

	def spread(match: re.Match) -> str:
		name = match.group(1)
		value = parameters[name]
		if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
			flat[name] = value
			return match.group(0)
		names = [f"{name}_{i}" for i in range(len(value))]
		flat.update(zip(names, value, strict=True))
		return f"({', '.join(f'%({n})s' for n in names) or 'NULL'})"

	return _PARAMETER.sub(spread, sql), flat


def chunks(values: Iterable[Value], size: int = CHUNK) -> Iterable[list[Value]]:
	"""Yield *values* in lists of at most *size*, so that no statement grows without bound."""
	values = list(values)
	for start in range(0, len(values), size):
		yield values[start : start + size]


class SQLiteDatabase:
	"""An SQLite file whose tables carry ERPNext's names. Dates are ISO texts, amounts numbers."""

	def __init__(self, connection: sqlite3.Connection):
		self.connection = connection

	def rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[tuple]:
		text, flat = expand(sql, parameters)
		values = {name: str(v) if hasattr(v, "isoformat") else v for name, v in flat.items()}
		return self.connection.execute(_PARAMETER.sub(r":\1", text), values).fetchall()
