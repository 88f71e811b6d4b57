"""What people decide about notices: approve, reject, try again, say that one arrived; write now, pause a customer."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate, now_datetime

from client_ledger.core.dunning.plan import Party, Reason
from client_ledger.dunning.planning import plan_facts
from client_ledger.dunning.policies.read import SitePolicies, aware
from client_ledger.outbox import send
from client_ledger.outbox.delivery import arrived
from client_ledger.outbox.notice_rows import update
from client_ledger.outbox.notice_status import IN_DOUBT, UNDECIDED, State, open_key
from client_ledger.site.doctypes import DUNNING_BLOCK, DUNNING_POLICY, LEDGER_NOTICE

# A rejected step comes back after its own wait, and never sooner than this.
LEAST_REST = 7


def approve(names: Iterable[str], now: datetime | None = None) -> list[str]:
	"""Approve notices that are planned, or deferred and not approved yet; return those that were."""
	now = now or now_datetime()
	done = []
	for row in _locked(names, (State.PLANNED, State.DEFERRED)):
		if row.approved_on:
			continue
		fields = {"approved_by": frappe.session.user, "approved_on": now}
		if row.state == State.PLANNED.value:
			fields["state"] = State.APPROVED.value
		update(row.name, fields, now)
		done.append(row.name)
	return done


def reject(names: Iterable[str], why: str, now: datetime | None = None) -> list[str]:
	"""Reject notices; each step may come back after a rest. Return those that were."""
	now = now or now_datetime()
	done = []
	for row in _locked(names, UNDECIDED):
		update(
			row.name,
			{
				"state": State.CANCELLED.value,
				"reason": Reason.REJECTED.value,
				"reason_detail": f"{frappe.session.user}: {why}"[:500],
				"open_key": None,
				"next_attempt": None,
				"deferred_until": add_days(now, _rest(row)),
			},
			now,
		)
		done.append(row.name)
	return done


def _rest(row: frappe._dict) -> int:
	steps = frappe.get_cached_doc(DUNNING_POLICY, row.policy).steps if row.policy else []
	wait = cint(steps[row.step - 1].wait_days) if 0 < row.step <= len(steps) else 0
	return max(wait, LEAST_REST)


def try_again(names: Iterable[str], now: datetime | None = None) -> list[str]:
	"""Have failed notices sent with the next turn, those in doubt included; return those that will be."""
	now = now or now_datetime()
	done = []
	for row in _locked(names, (State.FAILED,)):
		key = open_key(Party(row.customer, row.company, row.currency))
		if row.open_key != key and frappe.db.exists(LEDGER_NOTICE, {"open_key": key}):
			# Another notice to the same customer has taken its place.
			continue
		update(
			row.name,
			{
				"state": State.APPROVED.value,
				"approved_on": row.approved_on or now,
				"approved_by": row.approved_by or frappe.session.user,
				"open_key": key,
				"next_attempt": None,
				"day_key": None,
			},
			now,
		)
		done.append(row.name)
	return done


def confirm_arrived(names: Iterable[str], now: datetime | None = None) -> list[str]:
	"""Say of notices in doubt that they did arrive; return those that were in doubt."""
	now = now or now_datetime()
	done = []
	for row in _locked(names, (State.FAILED,)):
		if row.reason == IN_DOUBT:
			arrived(row.name, now, row.sending_on or now)
			done.append(row.name)
	return done


def lift_holds(names: Iterable[str], why: str, now: datetime | None = None) -> list[str]:
	"""Lift the hold of dunning steps for a reason, and test what waits in the queue again; return those lifted."""
	if not why.strip():
		frappe.throw(_("Say why."))
	now = now or now_datetime()
	lifted = [
		row for row in _locked(names, (State.SENDING, State.SENT)) if row.holds and not row.hold_lifted_on
	]
	for row in lifted:
		lift = {"hold_lifted_by": frappe.session.user, "hold_lifted_on": now, "hold_lift_reason": why[:140]}
		update(row.name, lift, now)
	if lifted:
		frappe.db.commit()  # nosemgrep: lifted, whatever becomes of the documents that wait
		for path in frappe.get_hooks("client_ledger_dunning_holds_lifted"):
			frappe.get_attr(path)({row.customer for row in lifted})
	return [row.name for row in lifted]


def write_now(customer: str, company: str, now: datetime | None = None) -> list[dict]:
	"""Plan one customer, approve what is due and send it; return what became of it. Commits.

	Everything a notice is judged by at send time holds here too.
	"""
	now = now or now_datetime()
	policies = SitePolicies.of_site()
	found = policies.of_customers([customer], (company,)).get((customer, company))
	if not found:
		frappe.throw(_("No policy that sends is for this customer. Choose one, or switch it to Approve."))
	today = policies.hours(found.name, company).today(aware(now))
	plan_facts.plan_customers(company, [customer], today, policies=policies)
	names = frappe.get_all(
		LEDGER_NOTICE,
		{"customer": customer, "company": company, "open_key": ("is", "set")},
		pluck="name",
		order_by="name",
	)
	approve(names, now)
	frappe.db.commit()  # nosemgrep: approved before it is sent
	send.send(names, now)
	return frappe.get_all(
		LEDGER_NOTICE,
		{"name": ("in", names)},
		["name", "state", "reason", "reason_detail", "deferred_until", "currency", "total", "step_name"],
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


def _locked(names: Iterable[str], states: Sequence[State]) -> list[frappe._dict]:
	"""Lock the rows of *names* that are in one of *states*."""
	names = list(names)
	if not names:
		return []
	table = frappe.qb.DocType(LEDGER_NOTICE)
	return (
		frappe.qb.from_(table)
		.select("*")
		.where(table.name.isin(names) & table.state.isin([state.value for state in states]))
		.orderby(table.name)
		.for_update()
	).run(as_dict=True)
