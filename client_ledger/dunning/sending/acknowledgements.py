"""Acknowledgements: one message of thanks after everything a notice asked for has been paid, where the policy wants it."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime

from client_ledger.core.dunning.plan import Notice
from client_ledger.core.dunning.policy import Mode, Policy, Step
from client_ledger.core.money import as_money
from client_ledger.core.outbox.message import Party
from client_ledger.dunning.letters.render import LetterWriter, context
from client_ledger.dunning.letters.template_values import Charges
from client_ledger.dunning.notice_kinds import DUNNING_KINDS, THANKS
from client_ledger.dunning.planning.plan_facts import PlanFacts
from client_ledger.dunning.policies.read import SitePolicies
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox.keys import digest, open_key
from client_ledger.outbox.notice_rows import NoticeRow, insert
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.outbox.outgoing import Letter
from client_ledger.site.contacts import Customer
from client_ledger.site.doctypes import LEDGER_NOTICE

# Thanks for what was asked for longer ago would surprise.
LOOK_BACK = 30
STEP = frappe._dict(channel="Email", step_name="Acknowledgement", idx=0)
CORE_STEP = Step(0, 0, name="Acknowledgement")


def plan_thanks(
	company: str,
	customers: Sequence[str],
	today: date,
	policies: SitePolicies,
	run: str | None,
	only: Collection[str] | None = None,
) -> int:
	"""Plan thanks to those of *customers* who have paid all their last notice asked for; return how many.

	only: by these policies.
	"""
	thanking = [
		name
		for name in policies.rules
		if cint(policies.documents[name].thank_you) and (only is None or name in only)
	]
	if not thanking:
		return 0
	last: dict[Party, frappe._dict] = {}
	for row in frappe.get_all(
		LEDGER_NOTICE,
		{
			"company": company,
			"customer": ("in", list(customers)),
			"status": NoticeStatus.SENT.value,
			"contact_on": (">=", today - timedelta(days=LOOK_BACK)),
			"policy": ("in", thanking),
			"kind": ("in", DUNNING_KINDS),
		},
		[
			"name",
			"customer",
			"customer_name",
			"company",
			"currency",
			"policy",
			"policy_version",
			"kind",
			"total",
		],
		order_by="contact_on, name",
	):
		last[Party(row.customer, row.company, row.currency)] = row
	asked = {party: row for party, row in last.items() if row.kind != THANKS}
	paid = [party for party, row in asked.items() if _is_paid(row.name, party, today)]
	rows = [_row(party, asked[party], policies.rules[asked[party].policy], today, run) for party in paid]
	return len(insert(rows))


def _is_paid(notice: str, party: Party, today: date) -> bool:
	"""Return whether nothing a notice asked for is open, and nothing else is overdue."""
	asked = frappe.get_all("Ledger Notice Item", {"parent": notice}, pluck="voucher_no", order_by="idx")
	items = site_ledger().open_items(Scope((party.company,), (party.customer,)), today)
	owed = [item for item in items if item.currency == party.currency and not item.is_credit]
	return not any(item.voucher.name in asked or item.due_date < today for item in owed)


def _row(party: Party, asked: frappe._dict, rules: Policy, today: date, run: str | None) -> dict:
	now = now_datetime()
	automatic = rules.mode is Mode.AUTOMATIC
	return {
		"name": frappe.generate_hash(length=10),
		**party._asdict(),
		"customer_name": asked.customer_name,
		"status": (NoticeStatus.APPROVED if automatic else NoticeStatus.PLANNED).value,
		"kind": THANKS,
		"policy": asked.policy,
		"policy_version": rules.version,
		"step": 0,
		"step_name": _("Payment Acknowledgement"),
		"channel": STEP.channel,
		"as_of": today,
		"planned_on": now,
		"approved_on": now if automatic else None,
		"run": run,
		"total": asked.total,
		# Whatever the day, one notice is thanked for once.
		"notice_key": digest(f"{THANKS}|{asked.name}"),
		"open_key": open_key(party),
	}


def notice_of(row: NoticeRow, rules: Policy, facts: PlanFacts) -> Notice | None:
	"""Return what is sent, None where something has become overdue meanwhile."""
	party = Party(row.customer, row.company, row.currency)
	overdue = any(
		(item.customer, item.currency) == (party.customer, party.currency)
		and not item.is_credit
		and item.due_date < facts.today
		for item in facts.items
	)
	return None if overdue else Notice(party, row.policy, rules.version, CORE_STEP, getdate(row.as_of), ())


def letter_of(
	writer: LetterWriter, notice: Notice, row: NoticeRow, customer: Customer, today: date
) -> Letter:
	"""Return the letter of thanks; `total` is what was paid."""
	name, language = writer.policy.thank_you_template, customer.language or frappe.db.get_default("lang")
	for text in writer.policy.texts:
		if cint(text.step) == 0 and text.language == language:
			name = text.email_template
	values = context(notice, customer, Charges(), today, language or "en")
	total: Decimal = as_money(row.total)
	return writer.render(name, {**values, "total": total, "grand_total": total}, language or "en")
