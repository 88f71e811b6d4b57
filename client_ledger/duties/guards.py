"""Rules and duties are not changed by who is bound by them; what is refused stays on record."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.core.duties.rights import ADMINISTRATOR
from client_ledger.duties.scan import CLOSED, conflicts
from client_ledger.site.doctypes import DUTY_CONFLICT, DUTY_RULE
from client_ledger.site.messages import bold, filled
from client_ledger.site.refusals import refuse


def is_bound(rule: str, user: str | None = None) -> bool:
	"""Return whether *user* has a conflict under a rule, found already or there now.

	The Administrator can do everything and so has all of them: what it changes is in the history of the rule.
	"""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return False
	found = {"duty_rule": rule, "user": user, "status": ("!=", CLOSED)}
	return bool(frappe.db.exists(DUTY_CONFLICT, found)) or any(one.rule == rule for one in conflicts([user]))


def refuse_bound(doc: Document, rule: str, what: str) -> None:
	"""Raise frappe.PermissionError, and keep it on record, where the user is bound by *rule*. what: was tried, translated."""
	if is_bound(rule):
		refuse(
			doc,
			filled(
				_("{0}: {1} could do both duties of {2}, so another user must do this."),
				what,
				bold(frappe.session.user),
				bold(_(rule)),
			),
		)


def rules_with(duty: str) -> list[str]:
	"""Return the rules that a duty belongs to."""
	return frappe.get_all(
		DUTY_RULE,
		or_filters={"first_duty": duty, "second_duty": duty},
		pluck="name",
		order_by="name",
	)
