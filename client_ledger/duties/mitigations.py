"""Mitigations that apply, and what is wrong with one, in words."""

from collections.abc import Mapping
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.core.duties.mitigation import MOST_DAYS, Accepted, MitigationFault, fault_of, in_force
from client_ledger.site.doctypes import DUTY_MITIGATION
from client_ledger.site.messages import bold, filled


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
	"""Raise frappe.ValidationError for a mitigation without an end, a reason or somebody else who reviews."""
	fault = fault_of(
		getdate(doc.valid_from) if doc.valid_from else None,
		getdate(doc.valid_until) if doc.valid_until else None,
		doc.reason,
		getdate(),
	)
	if fault:
		frappe.throw(_words(doc, fault))
	if doc.reviewer == doc.user:
		frappe.throw(
			filled(
				_("{0}: {1} cannot review what {1} does. Choose another user."),
				bold(_(doc.meta.get_label("reviewer"))),
				bold(doc.user),
			)
		)


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
