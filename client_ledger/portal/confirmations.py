"""Balances that the customer is asked to confirm: listed for a user who is logged in, and answered on their own page."""

import frappe
from frappe import _

from client_ledger.confirmations import rounds
from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.portal.access import NotYours, Visitor
from client_ledger.portal.shown import day
from client_ledger.site.doctypes import BALANCE_CONFIRMATION

# Sent ones only: what is merely planned has not been asked yet.
TOLD = tuple(
	status.value
	for status in ConfirmationStatus
	if status not in (ConfirmationStatus.PLANNED, ConfirmationStatus.CANCELLED)
)
MOST = 24


def of_visitor(visitor: Visitor) -> list[dict]:
	"""Return the confirmations that the customer was asked for, the newest first; none for a link, which answers nothing."""
	if not visitor.may_act:
		return []
	rows = frappe.get_all(
		BALANCE_CONFIRMATION,
		{"customer": visitor.customer, "company": visitor.company, "status": ("in", TOLD)},
		["name", "as_of", "currency", "status", "reply_by"],
		order_by="as_of desc, name desc",
		limit=MOST,
	)
	return [
		{
			"name": row.name,
			"as_of": day(row.as_of),
			"currency": row.currency,
			"status": _(row.status),
			"reply_by": day(row.reply_by),
			"running": row.status == ConfirmationStatus.AWAITING.value,
		}
		for row in rows
	]


def address_of(visitor: Visitor, name: str) -> str:
	"""Return the address of a confirmation's page. Raises NotYours for one that the customer was not asked for."""
	row = frappe.db.get_value(BALANCE_CONFIRMATION, name, ["customer", "company", "status"], as_dict=True)
	is_mine = row and (row.customer, row.company) == (visitor.customer, visitor.company)
	if not is_mine or row.status not in TOLD:
		frappe.throw(
			_("This confirmation is not available to you. Load the page again and choose one of its list."),
			NotYours,
		)
	return rounds.new_link(name)
