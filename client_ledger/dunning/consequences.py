"""What else a step does: a follow-up for the account manager, word to a role, the stage of the account."""

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint, get_link_to_form

from client_ledger.core.dunning.policy import BY_HAND, Channel
from client_ledger.dunning.states import NOTICE

if TYPE_CHECKING:
	from client_ledger.dunning.sender import Job


def carry_out(job: "Job") -> dict:
	"""Do what the step asks for besides its message; return the fields of the notice that say so."""
	fields = {}
	if cint(job.step.follow_up) and Channel(job.step.channel) not in BY_HAND:
		fields["todo"] = make_todo(job, job.customer.account_manager, None)
	if job.step.escalate_to:
		make_todo(job, None, job.step.escalate_to)
	if job.step.stage:
		set_stage(job, job.step.stage)
	return fields


def make_todo(job: "Job", user: str | None, role: str | None) -> str:
	"""Make a follow-up for a user, or for whoever has a role; return its name."""
	todo = frappe.new_doc("ToDo")
	todo.update(
		{
			"description": description(job),
			"date": job.day,
			"priority": "High" if role else "Medium",
			"reference_type": NOTICE,
			"reference_name": job.row.name,
			"allocated_to": user,
			"role": role,
			"assigned_by": frappe.session.user,
		}
	)
	todo.flags.ignore_permissions = True
	return todo.insert().name


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
