"""The best time and channel for customers: from trials they are in, else from what followed their own messages. Nothing is written."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe.query_builder import Criterion
from frappe.utils import cint, getdate

from client_ledger.core.marked import marked
from client_ledger.core.measured_effect.proposals import (
	PastContact,
	ProposalEvidence,
	WayProposal,
	best_proposal,
	proposals_of_history,
)
from client_ledger.ledger.database import chunks
from client_ledger.measured_effect.measuring import stored
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import COLLECTION_SETTINGS, LEDGER_NOTICE, STEP_TRIAL, TRIAL_ASSIGNMENT

TIME, CHANNEL = marked("Time"), marked("Channel")
# How far back a customer's own history goes, and the days within which a payment counts as following a message.
HISTORY_DAYS, FOLLOWED_DAYS = 730, 14
WEEKDAYS = tuple(
	marked(day) for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
REMINDER = "Reminder"


class Proposal(NamedTuple):
	"""What is proposed to a customer. about: TIME or CHANNEL."""

	customer: str
	about: str
	found: WayProposal


class _Contact(NamedTuple):
	customer: str
	channel: str
	on: date
	is_followed: bool


def proposals(company: str, today: date) -> list[Proposal]:
	"""Return what is proposed to customers of a company, by customer: those of whom nothing speaks are left out."""
	contacts = list(_contacts(company, today))
	history = {
		TIME: proposals_of_history(
			PastContact(one.customer, WEEKDAYS[one.on.weekday()], one.is_followed) for one in contacts
		),
		CHANNEL: proposals_of_history(
			PastContact(one.customer, one.channel, one.is_followed) for one in contacts
		),
	}
	trials = {TIME: _trials(company, False), CHANNEL: _trials(company, True)}
	found = []
	for about in (TIME, CHANNEL):
		members = _members(trials[about])
		for customer in sorted({*members, *history[about]}):
			of_customer = [trials[about][name] for name in members.get(customer, ())]
			proposal = best_proposal(of_customer, history[about].get(customer))
			if proposal.evidence is not ProposalEvidence.NONE:
				found.append(Proposal(customer, about, proposal))
	return sorted(found, key=lambda one: (one.customer, one.about))


def _trials(company: str, by_channel: bool) -> dict[str, tuple]:
	"""Return the measured trials of a company by name, those of another channel or those of another time."""
	filters = {"company": company, "status": ("!=", TrialStatus.OFF.value), "because": ("is", "set")}
	rows = frappe.get_all(STEP_TRIAL, filters, ["*"], order_by="since, name")
	return {row.name: stored(row) for row in rows if bool(row.channel) is by_channel}


def _members(trials: Iterable[str]) -> dict[str, list[str]]:
	"""Return the trials that each customer is in."""
	names = list(trials)
	found: dict[str, list[str]] = {}
	if names:
		rows = frappe.get_all(
			TRIAL_ASSIGNMENT, {"trial": ("in", names)}, ["customer", "trial"], order_by="customer, trial"
		)
		for row in rows:
			found.setdefault(row.customer, []).append(row.trial)
	return found


def _contacts(company: str, today: date) -> Iterator[_Contact]:
	"""Yield the reminders that arrived long enough ago, and whether a payment followed each."""
	days = cint(frappe.db.get_single_value(COLLECTION_SETTINGS, "cash_days")) or FOLLOWED_DAYS
	notice = frappe.qb.DocType(LEDGER_NOTICE)
	rows = (
		frappe.qb.from_(notice)
		.select(notice.customer, notice.channel, notice.contact_on)
		.where((notice.company == company) & (notice.kind == REMINDER))
		.where(notice.status == NoticeStatus.SENT.value)
		.where(notice.contact_on >= today - timedelta(days=HISTORY_DAYS))
		.where(notice.contact_on <= today - timedelta(days=days))
		.orderby(notice.customer, notice.contact_on, notice.name)
	).run()
	by_customer: dict[str, list[tuple[str, date]]] = {}
	for customer, channel, on in rows:
		by_customer.setdefault(customer, []).append((channel, getdate(on)))
	for names in chunks(sorted(by_customer)):
		paid = _payment_days(company, names)
		for customer in names:
			for channel, on in by_customer[customer]:
				yield _Contact(customer, channel, on, _is_followed(paid.get(customer, ()), on, days))


def _is_followed(paid: list[date] | tuple, on: date, days: int) -> bool:
	place = bisect_left(paid, on + timedelta(days=1))
	return place < len(paid) and paid[place] <= on + timedelta(days=days)


def _payment_days(company: str, customers: list[str]) -> Mapping[str, list[date]]:
	"""Return the days on which money came from customers, in order."""
	entry = frappe.qb.DocType("Payment Ledger Entry")
	rows = (
		frappe.qb.from_(entry)
		.select(entry.party, entry.posting_date)
		.distinct()
		.where(
			Criterion.all(
				[
					entry.party_type == "Customer",
					entry.party.isin(customers),
					entry.company == company,
					entry.voucher_type == "Payment Entry",
					entry.amount < 0,
					entry.delinked == 0,
				]
			)
		)
		.orderby(entry.party, entry.posting_date)
	).run()
	found: dict[str, list[date]] = {}
	for customer, on in rows:
		found.setdefault(customer, []).append(getdate(on))
	return found
