"""What a customer was told: the figures of a statement as they were kept, shown again, and compared with today's ledger."""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from client_ledger.collections.customer_statement import statement_facts
from client_ledger.core.entries import Voucher
from client_ledger.core.statements.difference import Difference, StatedVoucher
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.site.access import link, readable
from client_ledger.statement_runs.statement_notices import figures_of
from client_ledger.statement_runs.terms import StatementTerms, terms_of
from client_ledger.statements.changes import changes_since, figures_now


class NotStated(frappe.ValidationError):
	"""A statement that was not sent has told nothing."""


def stated(statement: Document) -> StatementFigures:
	"""Return the figures a statement stated. Raises NotStated where it was not sent, or was changed since."""
	if not statement.figures:
		raise NotStated(_("This statement has not been sent, so it states nothing yet."))
	try:
		figures = StatementFigures.from_json(statement.figures)
	except ValueError:
		figures = None
	if not figures or figures.content_hash() != statement.content_hash:
		raise NotStated(
			_(
				"The kept figures of this statement were changed and no longer match their hash. Compare with the file that was sent, or with a backup."
			)
		)
	return figures


def figures_today(statement: Document) -> StatementFigures:
	"""Return what the same statement would state from today's ledger, as of its closing day."""
	if statement.figures:
		return figures_now(stated(statement), statement_facts)
	return figures_of(statement, terms_of(statement.schedule) or StatementTerms())


def compared(statement: Document) -> dict[str, Any]:
	"""Return how today's ledger differs from what a statement stated, voucher by voucher, with what became of each.

	What was stated and the differences add up to today's balance, always.
	"""
	before, now = stated(statement), figures_today(statement)
	found = changes_since(before, get_datetime(statement.stated_on), now)
	visible = readable({one.voucher for one in found if one.voucher})
	return {
		"changes": [_as_row(one, visible, before.company_currency) for one in found],
		"totals": [
			{
				"currency": currency,
				"before": float(before.closing.by_currency.get(currency, 0)),
				"now": float(now.closing.by_currency.get(currency, 0)),
			}
			for currency in sorted({*before.closing.by_currency, *now.closing.by_currency})
		],
	}


def _as_row(one: Difference, visible: Iterable[Voucher], company_currency: str) -> dict[str, Any]:
	currency = one.currency or company_currency
	return {
		**(link(one.voucher, visible) if one.voucher else {"doctype": None, "name": None}),
		"customer": one.customer,
		"changes": [change.value for change in one.changes],
		"currency": currency,
		"amount": float(one.amount if one.currency else one.base_amount),
		"before": _stated_row(one.before),
		"after": _stated_row(one.after),
		"replaces": one.replaces.name if one.replaces else None,
		"happened": _happened(one.voucher) if one.voucher else None,
	}


def _stated_row(stated_voucher: StatedVoucher | None) -> dict[str, Any] | None:
	if stated_voucher is None:
		return None
	return {
		"date": str(stated_voucher.posting_date),
		"amount": float(stated_voucher.amount),
		"outstanding": float(stated_voucher.outstanding),
	}


def _happened(voucher: Voucher) -> dict[str, Any] | None:
	"""Return when a voucher was entered and last changed, and by whom."""
	row = _document(voucher, ["docstatus", "creation", "owner", "modified", "modified_by"])
	return row and {key: str(value) for key, value in row.items()}


def _document(voucher: Voucher, fields: list[str]) -> frappe._dict | None:
	if not frappe.db.exists("DocType", voucher.doctype):
		return None
	return frappe.db.get_value(voucher.doctype, voucher.name, fields, as_dict=True)
