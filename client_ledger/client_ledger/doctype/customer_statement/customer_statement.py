"""Customer Statement: what a customer was told of its account, kept as it was told. See client_ledger.statement_runs."""

import frappe
from frappe import _

from client_ledger.core.statements.figures import StatementFigures
from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument
from client_ledger.statement_runs import kept


class CustomerStatement(LedgerDocument):
	"""Made by runs and by Send Statement; nothing of it can be changed by hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date | None
		channel: DF.Data | None
		closing: DF.Currency
		company: DF.Link
		content_hash: DF.Data | None
		coverage: DF.Literal["Activity", "Open Items", "Both"]
		credit: DF.Currency
		currency: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		debit: DF.Currency
		figures: DF.Code | None
		from_date: DF.Date | None
		introduction: DF.SmallText | None
		language: DF.Link | None
		notice: DF.Link | None
		opening: DF.Currency
		origin: DF.Literal["User", "Schedule"]
		overdue: DF.Currency
		pdf: DF.Attach | None
		reason: DF.Data | None
		recipients: DF.SmallText | None
		run: DF.Link | None
		schedule: DF.Link | None
		seen_by: DF.Data | None
		seen_on: DF.Datetime | None
		send_to: DF.SmallText | None
		sent_on: DF.Datetime | None
		shown_currency: DF.Link | None
		stated_on: DF.Datetime | None
		statement_key: DF.Data | None
		status: DF.Literal[
			"Planned", "Waiting", "Sending", "Sent", "Printed", "Seen", "Failed", "No Address", "Not Sent"
		]
		subject: DF.Data | None
		total: DF.Currency
		xlsx: DF.Attach | None
	# end: auto-generated types

	@property
	def stated(self) -> StatementFigures:
		"""What the statement stated, for print formats. Raises frappe.ValidationError where it was not sent, or was changed since."""
		return kept.stated(self)

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
