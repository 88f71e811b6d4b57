"""What else a step does: a task for a person, a notification of a role, the account's stage, a hold on the customer's documents."""

import frappe
from frappe import _
from frappe.utils import cint, get_link_to_form

from client_ledger.collections import cases, follow_ups
from client_ledger.core.outbox.message import MANUAL, Channel
from client_ledger.dunning.sending.dunning_message import DunningMessage
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.site.doctypes import ESCALATION_CASE, LEDGER_NOTICE
from client_ledger.site.documents import by_action


def carry_out(message: DunningMessage) -> dict:
	"""Do what the step asks for besides its message; return the fields of the notice that say so."""
	fields = {}
	if cint(message.step.follow_up) and message.channel not in MANUAL:
		fields["follow_up"] = make_follow_up(message)
	if message.step.escalate_to:
		make_todo(message, message.step.escalate_to)
	if message.step.stage:
		fields["stage_before"] = set_stage(message, message.step.stage)
	if cint(message.step.hold):
		fields["holds"] = 1
	return fields


def make_task(message: DunningMessage) -> dict:
	"""Make what a person has to do for a manual step; return the field of the notice that names it.

	A hand-over is an escalation case, and a task for the role the step escalates to; other steps are follow-ups.
	"""
	if message.channel is Channel.HAND_OVER:
		make_case(message)
		return {"todo": make_todo(message, message.step.escalate_to)}
	return {"follow_up": make_follow_up(message)}


def make_follow_up(message: DunningMessage) -> str:
	"""Make the follow-up of a step, once; return its name."""
	items = [
		{
			"voucher_type": line.key.voucher.doctype,
			"voucher_no": line.key.voucher.name,
			"payment_term": line.term,
		}
		for line in message.notice.lines
	]
	channel = message.channel.value
	return follow_ups.plan(
		message.row.customer,
		message.row.company,
		subject=plain_description(message),
		due_date=message.day,
		channel=channel if channel in (Channel.CALL.value, Channel.VISIT.value) else Channel.CALL.value,
		responsible=follow_ups.collector_of(message.row.customer, message.row.company)
		or message.customer.account_manager,
		source="Dunning Step",
		source_document=(LEDGER_NOTICE, message.row.name),
		source_key=f"notice|{message.row.name}",
		items=items,
	)


def make_case(message: DunningMessage) -> str:
	"""Open the case of a hand-over, or return the one there is."""
	row = message.row
	if name := cases.live_case(row.customer, row.company, row.currency):
		return name
	case = frappe.new_doc(ESCALATION_CASE)
	case.update(
		{"customer": row.customer, "company": row.company, "kind": "Collection Agency", "notice": row.name}
	)
	for line in message.notice.lines:
		voucher = line.key.voucher
		case.append(
			"items",
			{"voucher_type": voucher.doctype, "voucher_no": voucher.name, "payment_term": line.term},
		)
	case.flags.ignore_permissions = True
	return by_action(case).insert().name


def make_todo(message: DunningMessage, role: str) -> str:
	"""Make a task for whoever has a role; return its name."""
	todo = frappe.new_doc("ToDo")
	todo.update(
		{
			"description": description(message),
			"date": message.day,
			"priority": "High",
			"reference_type": LEDGER_NOTICE,
			"reference_name": message.row.name,
			"role": role,
			"assigned_by": frappe.session.user,
		}
	)
	todo.flags.ignore_permissions = True
	return todo.insert().name


def plain_description(message: DunningMessage) -> str:
	"""Return what a follow-up is about: the step, how much, since when."""
	return _("{0}: {1} due since {2}").format(
		_(message.row.step_name or message.step.channel),
		frappe.utils.fmt_money(message.notice.total, currency=message.row.currency),
		frappe.utils.formatdate(min(line.key.due_date for line in message.notice.lines)),
	)


def description(message: DunningMessage) -> str:
	"""Return what a follow-up says: who, what about, how much, since when."""
	amount = frappe.utils.fmt_money(message.notice.total, currency=message.row.currency)
	customer = get_link_to_form(
		"Customer", message.row.customer, frappe.utils.escape_html(message.customer.customer_name)
	)
	return _("{0}: {1}, {2} due since {3}").format(
		frappe.utils.escape_html(_(message.row.step_name or message.step.channel)),
		customer,
		amount,
		frappe.utils.formatdate(min(line.key.due_date for line in message.notice.lines)),
	)


def set_stage(message: DunningMessage, stage: str) -> str | None:
	"""Move the account's stage on; return the one before, None where it stays: a person may have set it further."""
	order = ["Normal", "Reminder", "Dunning", "Escalated", "Legal"]
	key = {"customer": message.row.customer, "company": message.row.company}
	account = frappe.db.get_value("Client Account", key, ["name", "stage"])
	if not account or order.index(account[1] or "Normal") >= order.index(stage):
		return None
	frappe.db.set_value("Client Account", account[0], "stage", stage)
	return account[1] or "Normal"


def undo(row: NoticeRow, stage: str | None) -> dict:
	"""Undo what the step of a mail that did not leave has done; return the fields of its row. stage: the step's.

	What somebody has worked on meanwhile, or changed, stays.
	"""
	why = _("The message was withdrawn before it was sent.")
	if row.follow_up:
		follow_ups.withdraw(row.follow_up, why)
	of_notice = {"reference_type": LEDGER_NOTICE, "reference_name": row.name, "status": "Open"}
	for name in frappe.get_all("ToDo", of_notice, pluck="name", order_by="name"):
		frappe.db.set_value("ToDo", name, "status", "Cancelled")
	if row.stage_before and stage:
		key = {"customer": row.customer, "company": row.company, "stage": stage}
		if account := frappe.db.exists("Client Account", key):
			frappe.db.set_value("Client Account", account, "stage", row.stage_before)
	return {"follow_up": None, "stage_before": None}
