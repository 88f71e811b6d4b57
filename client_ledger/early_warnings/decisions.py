"""What people do about a warning: put it off, act through what the app has for that, give it to a colleague, close it with a reason.

lock the row -> is it possible -> make what the action leads to -> note it on the row
"""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, get_fullname, getdate, now_datetime

from client_ledger.collections import assignment, follow_ups
from client_ledger.core.early_warnings.signals import ProposedAction
from client_ledger.early_warnings.statuses import ACTED, CLOSED, LIVE, OPEN, SILENT, SNOOZED
from client_ledger.site.doctypes import CREDIT_LIMIT, EARLY_WARNING, FOLLOW_UP
from client_ledger.site.messages import bold, filled
from client_ledger.site.reasons import reason_of

Row = frappe._dict
SOURCE = "Early Warning"
LONGEST_SNOOZE = 180
REASONS = ("No Longer True", "Known and Accepted", "False Alarm", "Done")
# A visit takes more to arrange than a call.
DUE_IN = {ProposedAction.CALL: 1, ProposedAction.VISIT: 7, ProposedAction.PREPAYMENT: 1}
CHANNELS = {ProposedAction.CALL: "Call", ProposedAction.VISIT: "Visit", ProposedAction.PREPAYMENT: "Call"}
LIMITS = (ProposedAction.LOWER_LIMIT, ProposedAction.HOLD)


def snooze(name: str, until: date, why: str) -> None:
	"""Put a warning off until a day, at most half a year. Raises frappe.ValidationError for another day."""
	row = _locked(name, LIVE)
	today = getdate()
	if not today < until <= getdate(add_days(today, LONGEST_SNOOZE)):
		frappe.throw(
			filled(_("{0}: select a day after today, at most {1} days ahead."), _("Until"), LONGEST_SNOOZE)
		)
	_write(row, {"status": SNOOZED, "snoozed_until": until, "remark": why or None})


def act(
	name: str,
	action: ProposedAction,
	*,
	amount: float | None = None,
	due_date: date | None = None,
	remark: str = "",
) -> dict[str, str]:
	"""Do something about a warning; return {doctype, name} of what was made, both empty for a review.

	amount: the new limit, company currency. due_date: of a call or visit.
	"""
	row = _locked(name, LIVE)
	made = ("", "")
	if action in CHANNELS:
		made = (FOLLOW_UP, _follow_up(row, action, due_date, remark))
	elif action in LIMITS:
		made = (CREDIT_LIMIT, _limit(row, action, amount, remark))
	_write(
		row,
		{
			"status": ACTED,
			"snoozed_until": None,
			"action": action.value,
			"action_doctype": made[0] or None,
			"action_name": made[1] or None,
			"remark": remark or None,
		},
	)
	return {"doctype": made[0], "name": made[1]}


def close(name: str, because: str, remark: str) -> None:
	"""Close a warning for a reason. It is not raised again before its signal has been silent for a month."""
	row = _locked(name, LIVE)
	if because in ("Known and Accepted", "Done") and not remark.strip():
		frappe.throw(filled(_("{0} is required."), _("Remark")))
	_write(
		row, {"status": CLOSED, "snoozed_until": None, "closed_because": because, "remark": remark or None}
	)


def reopen(name: str) -> None:
	"""Open a warning again that was closed, put off or acted on, while its episode lasts."""
	row = _locked(name, (SNOOZED, ACTED, CLOSED))
	if row.ended_on or row.closed_because == SILENT:
		frappe.throw(
			filled(_("{0} has ended. If its signal is raised again, that is a new warning."), bold(name))
		)
	_write(row, {"status": OPEN, "snoozed_until": None, "closed_because": None})


def give_to(name: str, user: str) -> None:
	"""Make somebody responsible, and assign the warning. Raises frappe.ValidationError for who may not see it."""
	row = _locked(name, LIVE)
	doc = frappe.get_doc(EARLY_WARNING, name)
	enabled = frappe.db.get_value("User", user, "enabled")
	if not enabled or not frappe.has_permission(EARLY_WARNING, "read", doc=doc, user=user):
		frappe.throw(filled(_("{0} may not see {1}."), bold(get_fullname(user)), bold(name)))
	frappe.db.set_value(EARLY_WARNING, name, "responsible", user)
	if row.responsible and row.responsible != user:
		assignment.withdraw(EARLY_WARNING, name, row.responsible)
	doc.add_comment("Info", filled(_("Given to {0}."), get_fullname(user)))
	if user != frappe.session.user:
		assignment.assign(
			EARLY_WARNING, name, user, f"{row.customer_name or row.company}: {_(row.signal_name)}"
		)


def _locked(name: str, allowed: tuple[str, ...]) -> Row:
	frappe.db.get_value(EARLY_WARNING, name, "name", for_update=True)
	row = frappe.db.get_value(EARLY_WARNING, name, "*", as_dict=True)
	if row.status not in allowed:
		frappe.throw(
			filled(_("{0} is {1}: this is not possible any more. Reload."), bold(name), _(row.status))
		)
	return row


def _write(row: Row, values: dict[str, Any]) -> None:
	"""Note a decision through the document, so that its history, Notifications and Webhooks know of it."""
	doc = frappe.get_doc(EARLY_WARNING, row.name)
	doc.update({**values, "decided_by": frappe.session.user, "decided_on": now_datetime()})
	doc.save(ignore_permissions=True)


def _subject(row: Row) -> str:
	return filled(_("Early warning: {0}"), _(row.signal_name)).unescape()


def _needs_customer(row: Row) -> None:
	if not row.customer:
		frappe.throw(_("The warning is about the company: review it, or close it with a reason."))


def _follow_up(row: Row, action: ProposedAction, due_date: date | None, remark: str) -> str:
	_needs_customer(row)
	frappe.has_permission(FOLLOW_UP, "create", throw=True)
	subject = _subject(row)
	if action is ProposedAction.PREPAYMENT:
		subject = filled(_("Ask for prepayment: {0}"), _(row.signal_name)).unescape()
	notes = "\n\n".join(part for part in (reason_of(row), remark) if part)
	return follow_ups.plan(
		row.customer,
		row.company,
		subject=subject,
		due_date=due_date or add_days(getdate(), DUE_IN[action]),
		channel=CHANNELS[action],
		responsible=row.responsible or frappe.session.user,
		priority="High" if row.severity == "High" else "Medium",
		source=SOURCE,
		source_document=(EARLY_WARNING, row.name),
		source_key=f"warning|{row.name}|{action.name}",
		notes=frappe.utils.escape_html(notes),
	)


def _limit(row: Row, action: ProposedAction, amount: float | None, remark: str) -> str:
	"""Request a limit, as this user may: somebody else approves it."""
	_needs_customer(row)
	doc = frappe.new_doc(CREDIT_LIMIT)
	holds = action is ProposedAction.HOLD
	if not holds and not amount:
		frappe.throw(filled(_("{0} is required."), _("New Limit")))
	doc.update(
		{
			"customer": row.customer,
			"company": row.company,
			"limit_type": "No Credit" if holds else "Permanent",
			"amount": 0 if holds else amount,
			"valid_from": getdate(),
			"reason": " ".join(part for part in (f"{row.name}:", reason_of(row), remark) if part),
		}
	)
	return doc.insert().name
