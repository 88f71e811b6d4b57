"""What people decide about a customer's dunning: send now, pause until a day, lift the hold of a step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from client_ledger.dunning.notice_kinds import DUNNING_KINDS
from client_ledger.dunning.planning.notice_writer import plan_customers
from client_ledger.dunning.policies.read import SitePolicies
from client_ledger.dunning.step_holds import HOLDS_LIFTED
from client_ledger.outbox import decisions, edits, send
from client_ledger.outbox.notice_rows import lock, update
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import DUNNING_BLOCK, LEDGER_NOTICE


def lift_holds(names: Iterable[str], why: str, now: datetime | None = None) -> list[str]:
	"""Lift the hold of dunning steps for a reason, and let held documents be checked again; return those lifted."""
	if not why.strip():
		frappe.throw(_("Enter a reason."))
	now = now or now_datetime()
	lifted = [
		row
		for row in lock(list(names), (NoticeStatus.SENDING, NoticeStatus.SENT))
		if row.holds and not row.hold_lifted_on
	]
	for row in lifted:
		lift = {"hold_lifted_by": frappe.session.user, "hold_lifted_on": now, "hold_lift_reason": why[:140]}
		update(row.name, lift, now)
	if lifted:
		frappe.db.commit()  # nosemgrep: lifted, whatever becomes of the documents that wait
		for path in frappe.get_hooks(HOLDS_LIFTED):
			frappe.get_attr(path)({row.customer for row in lifted})
	return [row.name for row in lifted]


def send_now(
	customer: str, company: str, now: datetime | None = None, edited: Sequence[Mapping[str, str]] = ()
) -> list[dict]:
	"""Plan one customer, approve what is due and send it; return what became of it. Commits.

	edited: letters that were changed before, by currency, with subject, message and the figures they were written for
	(see outbox.edits). Everything that is decided on at send time holds here too.
	"""
	now = now or now_datetime()
	policies = SitePolicies.of_site()
	found = policies.of_customers([customer], (company,)).get((customer, company))
	if not found:
		frappe.throw(
			_("No sending policy applies to this customer. Select a policy or set its mode to Approve.")
		)
	today = policies.today(found.name, now)
	plan_customers(company, [customer], today, policies=policies)
	open_notices = frappe.get_all(
		LEDGER_NOTICE,
		{
			"customer": customer,
			"company": company,
			"open_key": ("is", "set"),
			"kind": ("in", DUNNING_KINDS),
		},
		["name", "currency"],
		order_by="name",
	)
	names = [row.name for row in open_notices]
	by_currency = {row.currency: row.name for row in open_notices}
	for letter in edited:
		if not (name := by_currency.get(letter["currency"])):
			frappe.throw(
				_("The amounts of this letter have changed since it was opened. Check it and try again.")
			)
		edits.edit(name, letter["subject"] or "", letter["message"] or "", letter["figures"] or "", now)
	decisions.approve(names, now)
	frappe.db.commit()  # nosemgrep: approved before it is sent
	send.send(names, now)
	return frappe.get_all(
		LEDGER_NOTICE,
		{"name": ("in", names)},
		["name", "status", "reason", "reason_detail", "deferred_until", "currency", "total", "step_name"],
		order_by="name",
	)


def pause(
	customer: str, until: date, reason: str, details: str | None = None, company: str | None = None
) -> str:
	"""Block a customer's dunning until a day, and take its approved notices back to that day; return the block."""
	block = frappe.new_doc(DUNNING_BLOCK)
	block.update(
		{
			"customer": customer,
			"for_company": company,
			"reason": reason,
			"details": details,
			"from_date": getdate(),
			"until": until,
		}
	)
	return block.insert().name
