"""Actions that are duties: those of the app, whose requirements are read from the function itself, and what is done through the books."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import frappe

from client_ledger.collections.access import AccountOf
from client_ledger.core.duties.rights import Way
from client_ledger.core.marked import marked
from client_ledger.duties import postings
from client_ledger.site.doctypes import CREDIT_HOLD, CREDIT_LIMIT, LEDGER_DISPUTE, LEDGER_NOTICE
from client_ledger.site.requirements import DocumentRight, Listed, OneOf, Right


@dataclass(frozen=True, slots=True)
class OwnAction:
	"""An action, and where its documents say who took it and when. where: field -> values of those on which it was taken.

	posting: what it is in the books, where no field but the ledger tells. done_only: the right to it says nothing about a
	duty, as whoever may enter journals may enter anything; what was done with it does.
	"""

	function: str
	doctype: str
	right: str
	user_field: str = ""
	when_field: str = ""
	where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
	posting: str = ""
	done_only: bool = False


OWN_ACTIONS = {
	marked("Release Hold"): OwnAction(
		"client_ledger.credit.api.release_hold",
		CREDIT_HOLD,
		"write",
		"decided_by",
		"decided_on",
		# A hold that was released and whose document was submitted since is Submitted.
		{"status": ("Released", "Submitted")},
	),
	marked("Approve Credit Limit"): OwnAction(
		"client_ledger.credit.api.approve_limit", CREDIT_LIMIT, "submit", "approved_by", "approved_on"
	),
	marked("Approve Notices"): OwnAction(
		"client_ledger.outbox.api.approve_notices", LEDGER_NOTICE, "read", "approved_by", "approved_on"
	),
	marked("Settle Dispute"): OwnAction(
		"client_ledger.collections.api.settle_dispute", LEDGER_DISPUTE, "read", "resolved_by", "resolved_on"
	),
	marked("Receive by Journal Entry"): OwnAction(
		"", "Journal Entry", "submit", posting=postings.RECEIPT, done_only=True
	),
	marked("Pay by Journal Entry"): OwnAction(
		"", "Journal Entry", "submit", posting=postings.PAYMENT, done_only=True
	),
	marked("Write Off by Journal Entry"): OwnAction(
		"", "Journal Entry", "submit", posting=postings.WRITE_OFF
	),
	marked("Allocate Receipts"): OwnAction(
		"", "Payment Entry", "write", posting=postings.ALLOCATION, done_only=True
	),
}


def way_of(action: OwnAction) -> Way:
	"""Return what an action takes: the roles and rights that its function requires."""
	rights = {(action.doctype, action.right): None}
	roles: frozenset[str] = frozenset()
	if not action.function:
		return Way(tuple(rights))
	for requirement in frappe.get_attr(action.function).requirements:
		match requirement:
			case OneOf(names):
				roles = frozenset(names)
			case Right(doctype, right) | DocumentRight(doctype, right):
				rights[doctype, right] = None
			case Listed(doctype) | AccountOf(doctype):
				rights[doctype, "read"] = None
	return Way(tuple(rights), roles=roles)
