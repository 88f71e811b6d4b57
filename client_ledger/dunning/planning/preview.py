"""What a run has planned, what it would plan, and messages as they would go out: as plain dicts, nothing written."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Sum

from client_ledger.core.dunning.plan import Notice
from client_ledger.dunning.letters.charges import charges_of
from client_ledger.dunning.letters.render import LetterWriter
from client_ledger.dunning.planning import plan_facts
from client_ledger.dunning.planning.notice_fields import amounts_of, figures_of
from client_ledger.dunning.policies.read import SHOWN, SitePolicies
from client_ledger.outbox import edits
from client_ledger.outbox.listing import LISTED_FIELDS, listed
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.outgoing import Draft
from client_ledger.site.doctypes import LEDGER_NOTICE


def run_notices(run: str, start: int, limit: int) -> dict:
	"""Return a page of a run's notices that the user may see, and how many there are by status."""
	rows = frappe.get_list(
		LEDGER_NOTICE,
		{"run": run},
		LISTED_FIELDS,
		order_by="customer_name, name",
		limit_start=start,
		limit=limit,
	)
	names = frappe.get_list(LEDGER_NOTICE, {"run": run}, pluck="name", order_by="name", limit_page_length=0)
	table = frappe.qb.DocType(LEDGER_NOTICE)
	counted = (
		frappe.qb.from_(table)
		.select(table.status, Count("*"), Sum(table.base_total))
		.where(table.name.isin(names or [""]))
		.groupby(table.status)
	).run()
	return {
		"notices": [listed(row) for row in rows],
		"statuses": {
			status: {"count": number, "total": float(total or 0)} for status, number, total in counted
		},
		"count": len(names),
	}


def preview_range(company: str, as_of: date, policy: str | None, after: str | None, size: int) -> dict:
	"""Return what a policy in preview would send to the next *size* customers after *after*; writes nothing."""
	filters = {"name": (">", after)} if after else {}
	customers = frappe.get_list("Customer", filters, pluck="name", order_by="name", limit_page_length=size)
	policies = SitePolicies.of_site(SHOWN)
	facts = plan_facts.read_facts(company, customers, as_of, policies, {policy} if policy else None)
	rows = [preview_row(notice, facts) for notice in facts.plan()] if customers else []
	return {
		"rows": rows,
		"next": customers[-1] if len(customers) == size else None,
		"customers": len(customers),
	}


def preview_row(notice: Notice, facts: plan_facts.PlanFacts) -> dict:
	"""Return a notice that is not written down, as lists show it."""
	customer = facts.customers.get(notice.party.customer)
	return {
		**notice.party._asdict(),
		"customer_name": customer.customer_name if customer else notice.party.customer,
		"policy": notice.policy,
		"step": notice.step.number,
		"step_name": notice.step.name,
		"channel": notice.step.channel.value,
		"as_of": str(notice.as_of),
		"total": float(amounts_of(notice)["total"]),
		"status": "Preview",
		"reason": notice.reason.value if notice.reason else None,
		"recipients": customer.addressee.email if customer else None,
	}


class WouldBe:
	"""The message a party would get at a moment, by its policy's clock.

	row: its notice where it is planned; what was waived and the Dunning that was made already stand. Raises
	frappe.ValidationError where nothing is due.
	"""

	def __init__(
		self, customer: str, company: str, currency: str, now: datetime, row: NoticeRow | None = None
	):
		policies = SitePolicies.of_site(SHOWN)
		rules = policies.of_customers([customer], (company,)).get((customer, company))
		self.day = policies.today(rules.name, now) if rules else now.date()
		facts = plan_facts.read_facts(company, [customer], self.day, policies)
		notice = next((n for n in facts.plan() if n.party.currency == currency), None)
		if not notice or not notice.lines:
			frappe.throw(_("Nothing is due from this customer."))
		self.row, self.notice, self.customer = row, notice, facts.customers[customer]
		document = policies.documents[notice.policy]
		self.step = document.steps[notice.step.number - 1]
		waived, dunning = (bool(row.waive_charges), row.dunning) if row else (False, None)
		self.charges = charges_of(notice, self.step, self.day, waived, dunning)
		self.writer = LetterWriter(document)

	@cached_property
	def draft(self) -> Draft:
		"""Return it as a person may edit it."""
		figures = figures_of(self.notice, self.charges, self.day)
		return self.writer.draft(self.notice, self.customer, self.charges, self.day, figures)

	@property
	def to(self) -> str | None:
		"""Return whom it goes to."""
		to = self.customer.addressee
		return {"Email": to.email, "SMS": to.mobile, "Letter": to.address}.get(self.notice.step.channel.value)


def message(
	customer: str, company: str, currency: str, now: datetime, row: NoticeRow | None = None
) -> dict[str, Any]:
	"""Return the message a party would get, rendered as it would go out, with what an editor of it needs.

	row, and what it raises: see WouldBe.
	"""
	found = WouldBe(customer, company, currency, now, row)
	return {
		**edits.describe(row, found.draft, found.day),
		"language": found.draft.language,
		"to": found.to,
		"step": found.notice.step.name,
		"fee": float(found.charges.fee),
		"interest": float(found.charges.interest),
	}
