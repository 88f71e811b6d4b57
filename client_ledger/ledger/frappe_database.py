"""The site's own database, through frappe.db."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.utils.caching import site_cache

from client_ledger.ledger.database import expand


class FrappeDatabase:
	"""Runs the ledger's texts on the current site. Permissions are the caller's business."""

	def rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[tuple]:
		text, flat = expand(sql, parameters)
		with _collation_of_the_ledger():
			return frappe.db.sql(text, flat)


@contextmanager
def _collation_of_the_ledger() -> Iterator[None]:
	"""Let texts be compared as the ledger's columns are, while the body runs.

	Frappe 16 connects with the client's own collation. Where that is another one, MariaDB does not see that a text we
	give is constant within an index, and sorts what it could read in order: seven times as long for 20,000 entries.
	"""
	if not (collations := _collations()):
		yield
		return
	connections, ledgers = collations
	frappe.db.sql("set collation_connection = %s", ledgers)
	try:
		yield
	finally:
		frappe.db.sql("set collation_connection = %s", connections)


@site_cache
def _collations() -> tuple[str, str] | None:
	"""Return the collation of the site's connections and that of its ledger, None where they are the same."""
	if frappe.db.db_type != "mariadb":
		return None
	ledgers = frappe.db.sql(
		"""select collation_name from information_schema.columns where table_schema = database()
		and table_name = 'tabPayment Ledger Entry' and column_name = 'party'"""
	)[0][0]
	connections = frappe.db.sql("select @@collation_connection")[0][0]
	return None if connections == ledgers else (connections, ledgers)
