"""What else a step does: a follow-up, word to a role, the stage of the account, a hold on the customer's documents."""

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint, get_link_to_form

from client_ledger.collections import cases, follow_ups
from client_ledger.core.dunning.policy import BY_HAND, Channel
from client_ledger.site.doctypes import ESCALATION_CASE, LEDGER_NOTICE

if TYPE_CHECKING:
	from client_ledger.dunning.sending.decide import Job


def carry_out(job: "Job") -> dict:
	"""Do what the step asks for besides its message; return the fields of the notice that say so."""
	fields = {}
	if cint(job.step.follow_up) and Channel(job.step.channel) not in BY_HAND:
		fields["follow_up"] = make_follow_up(job)
	if job.step.escalate_to:
		make_todo(job, job.step.escalate_to)
	if job.step.stage:
		set_stage(job, job.step.stage)
	if cint(job.step.hold):
		fields["holds"] = 1
	return fields


def make_follow_up(job: "Job") -> str:
	"""Make the follow-up of a step, once; return its name."""
	items = [
		{
			"voucher_type": line.key.voucher.doctype,
			"voucher_no": line.key.voucher.name,
			"payment_term": line.term,
		}
		for line in job.notice.lines
	]
	channel = job.step.channel
	return follow_ups.plan(
		job.row.customer,
		job.row.company,
		subject=plain_description(job),
		due_date=job.day,
		channel=channel if channel in (Channel.CALL.value, Channel.VISIT.value) else Channel.CALL.value,
		responsible=follow_ups.collector_of(job.row.customer, job.row.company)
		or job.customer.account_manager,
		source="Dunning Step",
		source_document=(LEDGER_NOTICE, job.row.name),
		source_key=f"notice|{job.row.name}",
		items=items,
	)


def make_case(job: "Job") -> str:
	"""Open the case of a hand-over, or return the one there is."""
	row = job.row
	if name := cases.live_case(row.customer, row.company, row.currency):
		return name
	case = frappe.new_doc(ESCALATION_CASE)
	case.update({"customer": row.customer, "company": row.company, "kind": "Agency", "notice": row.name})
	for line in job.notice.lines:
		voucher = line.key.voucher
		case.append(
			"items",
			{"voucher_type": voucher.doctype, "voucher_no": voucher.name, "payment_term": line.term},
		)
	case.flags.ignore_permissions = True
	return case.insert().name


def make_todo(job: "Job", role: str) -> str:
	"""Make a task for whoever has a role; return its name."""
	todo = frappe.new_doc("ToDo")
	todo.update(
		{
			"description": description(job),
			"date": job.day,
			"priority": "High",
			"reference_type": LEDGER_NOTICE,
			"reference_name": job.row.name,
			"role": role,
			"assigned_by": frappe.session.user,
		}
	)
	todo.flags.ignore_permissions = True
	return todo.insert().name


def plain_description(job: "Job") -> str:
	"""Return what a follow-up is about: the step, how much, since when."""
	return _("{0}: {1} due since {2}").format(
		_(job.row.step_name or job.step.channel),
		frappe.utils.fmt_money(job.notice.total, currency=job.row.currency),
		frappe.utils.formatdate(min(line.key.due_date for line in job.notice.lines)),
	)


def description(job: "Job") -> str:
	"""Return what a follow-up says: who, what about, how much, since when."""
	amount = frappe.utils.fmt_money(job.notice.total, currency=job.row.currency)
	customer = get_link_to_form(
		"Customer", job.row.customer, frappe.utils.escape_html(job.customer.customer_name)
	)
	return _("{0}: {1}, {2} due since {3}").format(
		frappe.utils.escape_html(_(job.row.step_name or job.step.channel)),
		customer,
		amount,
		frappe.utils.formatdate(min(line.key.due_date for line in job.notice.lines)),
	)


def set_stage(job: "Job", stage: str) -> None:
	"""Move the account's stage on. What a person set further than that stays."""
	order = ["Normal", "Reminder", "Dunning", "Escalated", "Legal"]
	key = {"customer": job.row.customer, "company": job.row.company}
	account = frappe.db.get_value("Client Account", key, ["name", "stage"])
	if account and order.index(account[1] or "Normal") < order.index(stage):
		frappe.db.set_value("Client Account", account[0], "stage", stage)
