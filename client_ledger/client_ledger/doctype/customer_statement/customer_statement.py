"""Customer Statement: what a customer was told of its account, kept as it was told. See client_ledger.statement_runs."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class CustomerStatement(LedgerDocument):
	"""Made by runs and by Send Statement; nothing of it can be changed by hand."""

	def before_insert(self) -> None:
		"""Statements are planned, never made by hand."""
		frappe.throw(
			_("Customer Statements are created by a Statement Run or by Send Statement, not manually."),
			frappe.PermissionError,
		)

	def on_trash(self) -> None:
		"""What a customer was told stays on record."""
		frappe.throw(_("A statement stays on record and cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	"""One statement per customer, company, currency and period is the database's own rule."""
	make_index(Index("cl_statement_key", "Customer Statement", ("statement_key",), unique=True))
	make_index(Index("cl_statement_customer", "Customer Statement", ("customer", "company", "as_of")))
	make_index(Index("cl_statement_run", "Customer Statement", ("run", "status")))
	make_index(Index("cl_statement_notice", "Customer Statement", ("notice",)))
