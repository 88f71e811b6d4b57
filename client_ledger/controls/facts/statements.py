"""What customers were told: statements and requests to confirm a balance that have gone out."""

from collections.abc import Iterator
from sys import intern

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce

from client_ledger.controls.facts.window import FactWindow, rows_of
from client_ledger.core.controls.facts import StatementFact
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CUSTOMER_STATEMENT

_GONE_OUT = ("Sent", "Printed", "Seen")


def read_statements(window: FactWindow) -> list[StatementFact]:
	"""Return the statements and confirmations sent in a window."""
	return [
		*_sent(CUSTOMER_STATEMENT, "status", window),
		*_sent(BALANCE_CONFIRMATION, "sending_status", window),
	]


def _sent(doctype: str, status: str, window: FactWindow) -> Iterator[StatementFact]:
	table = DocType(doctype)
	sent_on = Coalesce(table.sent_on, table.stated_on)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.customer, table.as_of, sent_on)
		.where((table.company == window.company) & table[status].isin(_GONE_OUT))
		.where(sent_on >= window.since_moment)
	)
	if window.customers is not None:
		query = query.where(window.of_customers(table.customer))
	for name, customer, as_of, at in rows_of(window, query, table.name):
		yield StatementFact(name, intern(customer), as_of, at)
