"""Inserting many rows at once, without documents (no controller, no checks, no permissions), and rows as lists carry them."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import frappe
from frappe.utils import now_datetime

Row = dict[str, Any]
# Of a name made up: with 62 kinds of characters, no two are ever the same.
NAME_LENGTH = 10
PER_STATEMENT = 1000


def bulk_insert(doctype: str, rows: Sequence[Row], *, ignore_duplicates: bool = False) -> list[str]:
	"""Insert *rows* (values by field name) and return their names, in order.

	Every row needs the same fields; a row that differs raises ValueError. Frappe's standard fields are filled in where
	a row does not give them: name, owner, modified_by, creation, modified. ignore_duplicates: a row whose name or
	unique key is taken is left out; its name is returned nevertheless, ask `stored` which there are.
	"""
	if not rows:
		return []
	fields = list(rows[0])
	if any(row.keys() != rows[0].keys() for row in rows):
		raise ValueError(f"rows of {doctype} differ in their fields")
	now, user = now_datetime(), frappe.session.user
	standard = {"owner": user, "modified_by": user, "creation": now, "modified": now}
	missing = {field: value for field, value in standard.items() if field not in fields}
	names = [row.get("name") or frappe.generate_hash(length=NAME_LENGTH) for row in rows]
	own = [field for field in fields if field != "name"]
	values = [
		(name, *missing.values(), *(row[field] for field in own))
		for name, row in zip(names, rows, strict=True)
	]
	if frappe.db.db_type == "mariadb":
		_insert(doctype, ["name", *missing, *own], values, ignore_duplicates)
	else:
		frappe.db.bulk_insert(doctype, ["name", *missing, *own], values, ignore_duplicates=ignore_duplicates)
	return names


def _insert(doctype: str, fields: Sequence[str], rows: Sequence[tuple], ignore_duplicates: bool) -> None:
	"""Insert rows with their values as parameters: the query builder takes longer to write them out than the database to store them."""
	columns = ", ".join(f"`{field}`" for field in fields)
	row = f"({', '.join(['%s'] * len(fields))})"
	insert = f"insert {'ignore ' if ignore_duplicates else ''}into `tab{doctype}` ({columns}) values "
	for start in range(0, len(rows), PER_STATEMENT):
		part = rows[start : start + PER_STATEMENT]
		values = [value.value if isinstance(value, Enum) else value for one in part for value in one]
		frappe.db.sql(insert + ", ".join([row] * len(part)), values)


def stored(doctype: str, names: Sequence[str]) -> set[str]:
	"""Return those of *names* that are in the database: which rows an insert that ignores duplicates really made."""
	return set(frappe.get_all(doctype, {"name": ("in", list(names))}, pluck="name", order_by="name"))


def child_rows(parenttype: str, parent: str, parentfield: str, rows: Sequence[Row]) -> list[Row]:
	"""Return *rows* as the child rows of one document, numbered from 1."""
	place = {"parent": parent, "parenttype": parenttype, "parentfield": parentfield}
	return [{**place, "idx": idx, **row} for idx, row in enumerate(rows, 1)]


def known_fields(doctype: str, rows: Sequence[Row]) -> list[Row]:
	"""Return *rows* without the fields this version of ERPNext or Frappe does not have."""
	columns = set(frappe.db.get_table_columns(doctype))
	return [{field: value for field, value in row.items() if field in columns} for row in rows]


def plain_row(row: Mapping[str, Any]) -> Row:
	"""Return a row with its values as JSON carries them: days, times and amounts of other types as text."""
	return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
	return value if isinstance(value, int | float | str) or value is None else str(value)
