"""What a customer was told: the figures of a statement as they were kept, shown again, and compared with today's ledger."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.core.entries import Voucher
from client_ledger.core.statements.difference import difference
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.site.access import link, readable
from client_ledger.statement_runs.statement_notices import figures_of
from client_ledger.statement_runs.terms import StatementTerms, terms_of


class NotStated(frappe.ValidationError):
	"""A statement that was not sent has told nothing."""


def stated(statement: Document) -> StatementFigures:
	"""Return the figures a statement stated. Raises NotStated where it was not sent, or was changed since."""
	if not statement.figures:
		raise NotStated(_("This statement has not been sent, so it states nothing yet."))
	figures = StatementFigures.from_json(statement.figures)
	if figures.content_hash() != statement.content_hash:
		raise NotStated(
			_("The kept figures of this statement were changed: they no longer match their hash.")
		)
	return figures


def now_figures(statement: Document) -> StatementFigures:
	"""Return what the same statement would state from today's ledger, as of its closing day."""
	return figures_of(statement, terms_of(statement.schedule) or StatementTerms())


def compared(statement: Document) -> dict[str, Any]:
	"""Return how today's ledger differs from what a statement stated, voucher by voucher, with what became of each."""
	before, now = stated(statement), now_figures(statement)
	found = difference(before, now)
	visible = readable({change.voucher for change in found.changes})
	return {
		"changes": [
			{
				**link(change.voucher, visible),
				"kind": change.kind.value,
				"currency": change.currency,
				"before": float(change.before),
				"now": float(change.now),
				"difference": float(change.difference),
				"happened": _happened(change.voucher),
			}
			for change in found.changes
		],
		"totals": [
			{
				"currency": currency,
				"before": float(before.closing.by_currency.get(currency, 0)),
				"now": float(now.closing.by_currency.get(currency, 0)),
			}
			for currency in sorted({*before.closing.by_currency, *now.closing.by_currency})
		],
	}


def _happened(voucher: Voucher) -> dict[str, Any] | None:
	"""Return when a voucher was entered and last changed, and by whom."""
	if not frappe.db.exists("DocType", voucher.doctype):
		return None
	fields = ["docstatus", "posting_date", "creation", "owner", "modified", "modified_by"]
	row = frappe.db.get_value(voucher.doctype, voucher.name, fields, as_dict=True)
	return row and {key: str(value) for key, value in row.items()}
