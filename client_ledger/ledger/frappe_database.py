"""The site's own database, through frappe.db."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe

from client_ledger.ledger.database import expand


class FrappeDatabase:
	"""Runs the ledger's texts on the current site. Permissions are the caller's business."""

	def rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[tuple]:
		text, flat = expand(sql, parameters)
		return frappe.db.sql(text, flat)
