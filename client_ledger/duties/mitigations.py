"""Mitigations that apply, and what is wrong with one, in words."""

from collections.abc import Mapping
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.core.duties.mitigation import MOST_DAYS, Accepted, MitigationFault, fault_of, in_force
from client_ledger.duties.people import with_other_accounts
from client_ledger.site.doctypes import DUTY_CONFLICT, DUTY_MITIGATION, DUTY_RULE
from client_ledger.site.messages import bold, filled
from client_ledger.site.refusals import refuse


def current(today: date) -> Mapping[tuple[str, str], Accepted]:
	"""Return the approved mitigations that apply today, by user and rule."""
	rows = frappe.get_all(
		DUTY_MITIGATION,
		{"docstatus": 1, "valid_until": (">=", today)},
		["name", "user", "duty_rule", "valid_from", "valid_until"],
		order_by="name",
	)
	return in_force(
		[
			Accepted(row.name, row.user, row.duty_rule, getdate(row.valid_from), getdate(row.valid_until))
			for row in rows
		],
		today,
	)


def check(doc: Document) -> None:
	"""Raise frappe.ValidationError, on record, for a mitigation without an end, a reason, a rule in force or somebody else who reviews."""
	fault = fault_of(
		getdate(doc.valid_from) if doc.valid_from else None,
		getdate(doc.valid_until) if doc.valid_until else None,
		doc.reason,
		getdate(),
	)
	if fault:
		refuse_mitigation(doc, _words(doc, fault))
	if not (doc.user and doc.duty_rule and doc.reviewer):
		# Frappe says which of them is missing.
		return
	if not frappe.db.get_value(DUTY_RULE, doc.duty_rule, "enabled"):
		refuse_mitigation(
			doc, filled(_("{0} is not an active rule. There is nothing to accept."), bold(_(doc.duty_rule)))
		)
	if not frappe.db.get_value("User", doc.reviewer, "enabled"):
		refuse_mitigation(
			doc, filled(_("{0}: {1} cannot log in. Choose another user."), _reviewer(doc), bold(doc.reviewer))
		)
	if doc.reviewer in with_other_accounts([doc.user]):
		refuse_mitigation(
			doc,
			filled(
				_("{0}: {1} cannot review what {1} does. Choose another user."),
				_reviewer(doc),
				bold(doc.user),
			),
		)


def refuse_mitigation(doc: Document, text: str, error: type[Exception] = frappe.ValidationError) -> None:
	"""Raise *error*, on record: on the mitigation, or on the conflict or the rule that it is about while it is not stored."""
	conflict = {"user": doc.user, "duty_rule": doc.duty_rule, "status": ("!=", "Closed")}
	found = frappe.db.get_value(DUTY_CONFLICT, conflict)
	refuse(doc, text, error, (DUTY_CONFLICT, found) if found else (DUTY_RULE, doc.duty_rule))


def _reviewer(doc: Document) -> str:
	return bold(_(doc.meta.get_label("reviewer")))


def _words(doc: Document, fault: MitigationFault) -> str:
	until, since = bold(_(doc.meta.get_label("valid_until"))), bold(_(doc.meta.get_label("valid_from")))
	match fault:
		case MitigationFault.NO_END:
			return filled(_("{0} is required: a conflict of duties is never accepted for good."), until)
		case MitigationFault.ENDS_BEFORE_IT_BEGINS:
			return filled(_("{0} cannot be before {1}."), until, since)
		case MitigationFault.OVER_ALREADY:
			return filled(_("{0} is in the past."), until)
		case MitigationFault.TOO_LONG:
			return filled(
				_("{0} is more than {1} days after {2}. Choose an earlier day, and decide again then."),
				until,
				MOST_DAYS,
				since,
			)
	return filled(
		_("{0} is required: say why both are needed, and what keeps it in check."),
		bold(_(doc.meta.get_label("reason"))),
	)
