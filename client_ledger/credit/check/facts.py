"""What is known when a document is submitted: the facts that rules are tested on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.collections import disputes
from client_ledger.collections.promises.reads import count_broken_and_unpaid
from client_ledger.core.account import AccountKey
from client_ledger.core.credit.exposure import Exposure
from client_ledger.core.credit.limits import Limit, LimitState
from client_ledger.core.credit.rules import CheckFacts, Kind, RuleType, adds_nothing
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.credit.check import documents, reservations
from client_ledger.credit.check.rules import grade_action
from client_ledger.credit.limits.credit_groups import members_of
from client_ledger.credit.limits.effective import effective_limits
from client_ledger.credit.limits.erpnext_overdue_limit import overdue_limit
from client_ledger.credit.limits.exposure import exposure_and_items
from client_ledger.dunning.step_holds import holding
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import CLIENT_ACCOUNT

UNRATED = "Unrated"


@dataclass(frozen=True, slots=True)
class Checked:
	"""The facts on a document, whose limit it counts for, who passed a moment ago (None: not locked), who shares the limit."""

	facts: CheckFacts
	parent: str
	recent: list[dict] | None
	members: tuple[str, ...]

	@property
	def limit(self) -> Limit:
		return self.facts.limit


def read_facts(
	doc: Document,
	addition: Decimal | None = None,
	locked: bool = True,
	tested: frozenset[RuleType] = frozenset(RuleType),
) -> Checked:
	"""Return the facts on *doc* that rules of the types *tested* look at.

	addition: what it adds, where that is not what submitting it adds.
	locked: wait for others who are being checked against the same limit, and keep them waiting until the end of
	this transaction. Without a limit there is nothing to wait for.
	"""
	today = getdate()
	members = members_of(doc.customer)
	parent = members[0]
	limit = effective_limits((doc.company,), (parent,), today)[AccountKey(parent, doc.company)]
	recent = None
	if locked and limit.state is not LimitState.UNLIMITED:
		recent = reservations.lock(parent, doc.company)
	exposure, items = exposure_and_items(Scope((doc.company,), members), site_ledger())
	if recent:
		exposure += Exposure(orders=reservations.unseen(recent, doc))
	# What is in dispute is owed, but held against nobody.
	chased = disputes.without_disputed(items)
	overdue = [item for item in chased if not item.is_credit and item.due_date < today]
	balance = _sum(item for item in items if not item.is_credit)
	addition = documents.addition_of(doc) if addition is None else addition
	account = _account(doc)
	grade = account.credit_grade or UNRATED
	facts = CheckFacts(
		kind=Kind(doc.doctype),
		today=today,
		exposure=exposure,
		limit=limit,
		addition=addition,
		amount=documents.amount_of(doc),
		covered=_is_covered(doc, exposure, addition),
		overdue=_sum(overdue),
		oldest_days=max(((today - item.due_date).days for item in overdue), default=0),
		balance=balance,
		grade=grade,
		grade_action=grade_action(grade),
		assessment_valid_to=_date(account.grade_valid_to),
		host_overdue_limit=(
			overdue_limit(parent, doc.company) or ZERO if RuleType.HOST_OVERDUE_LIMIT in tested else ZERO
		),
		broken_promises=(
			count_broken_and_unpaid(members, doc.company, chased) if RuleType.BROKEN_PROMISE in tested else 0
		),
		dunning_level=account.dunning_level or 0,
		dunning_hold=holding(doc.customer, doc.company, chased),
	)
	return Checked(facts, parent, recent, members)


def _sum(items: Iterable[OpenItem]) -> Decimal:
	return sum((item.base_outstanding for item in items), ZERO)


def _is_covered(doc: Document, exposure: Exposure, addition: Decimal) -> bool:
	"""Return whether the customer's own money covers the document already, so that nothing more is owed by it.

	At a point of sale; with credit beyond all that is owed, ordered and delivered (what is on account pays open invoices
	first); or with orders paid in advance, which *doc* only delivers or bills.
	"""
	if documents.is_paid_with(doc) or exposure.total + addition <= 0:
		return True
	adds = not adds_nothing(addition, documents.amount_of(doc))
	return not adds and doc.doctype != documents.ORDER and documents.orders_paid_in_advance(doc)


def _account(doc: Document) -> frappe._dict:
	row = frappe.db.get_value(
		CLIENT_ACCOUNT,
		{"customer": doc.customer, "company": doc.company},
		["credit_grade", "grade_valid_to", "dunning_level"],
		as_dict=True,
	)
	return row or frappe._dict(credit_grade=None, grade_valid_to=None, dunning_level=0)


def _date(value: object) -> date | None:
	return getdate(value) if value else None


def bypasses_orders(doc: Document) -> bool:
	"""Return whether ERPNext is set to check this customer's limit at delivery and billing, not at the order."""
	return doc.doctype == documents.ORDER and bool(
		frappe.db.get_value(
			"Customer Credit Limit",
			{"parent": doc.customer, "parenttype": "Customer", "company": doc.company},
			"bypass_credit_limit_check",
		)
	)
