"""Controls of changes: what a period or a statement has said stays said."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, StatementFact
from client_ledger.core.entries import Voucher
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

# What of a document a statement or a period's figures rest on.
MATERIAL = frozenset(
	{
		"posting_date", "due_date", "customer", "party", "grand_total", "rounded_total", "base_grand_total", "paid_amount",
		"received_amount", "currency", "conversion_rate", "debit_to", "payment_terms_template", "payment_schedule", "items",
		"amount", "discount_amount", "write_off_amount",
	}
)  # fmt: skip

BACKDATED = marked("{0} is dated {1} and was entered on {2}, {3} days after its month had ended.")
CANCELLED = marked("{0} of {1} was cancelled on {2}, {3} days after its month had ended.")
EDITED = marked("{0} of {1} was changed on {2}, {3} days after its month had ended: {4}.")
ENTERED_AGAINST = marked(
	"{0} is dated {1} and was entered on {2}, after {3} had stated everything until {4}."
)
CANCELLED_AGAINST = marked("{0} of {1} was cancelled on {2}, after {3} had stated everything until {4}.")
EDITED_AGAINST = marked("{0} of {1} was changed on {2}, after {3} had stated everything until {4}.")

GRACE = parameter("days", marked("Days after the Month's End"), 10, 0, 60, marked("days"))
_SOURCE = marked("ISA 240 (33): journal entries and adjustments made after the period's end; COSO cut-off")


class _Change(NamedTuple):
	"""A document that came, went or changed at a moment. kind: entered, cancelled or edited."""

	kind: str
	document: Voucher
	customer: str
	date: date
	at: datetime
	person: str
	amount: Decimal
	fields: tuple[str, ...] = ()


def period_end(day: date) -> date:
	"""Return the last day of the month of *day*."""
	return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _entered(facts: ControlFacts) -> Iterator[_Change]:
	for one in chain(facts.invoices, facts.receipts):
		if one.created and not getattr(one, "amended_from", ""):
			yield _Change(
				"entered", one.voucher, one.customer, one.date, one.created, one.owner, abs(one.base_amount)
			)


def _cancelled(facts: ControlFacts) -> Iterator[_Change]:
	for one in chain(facts.invoices, facts.receipts):
		if one.cancelled_on:
			yield _Change(
				"cancelled", one.voucher, one.customer, one.date, one.cancelled_on, one.cancelled_by, abs(one.base_amount)
			)  # fmt: skip


def _edited(facts: ControlFacts) -> Iterator[_Change]:
	for one in facts.edits:
		if fields := tuple(name for name in one.fields if name in MATERIAL):
			yield _Change(
				"edited", one.document, one.customer, one.date, one.at, one.person, abs(one.base_amount), fields
			)  # fmt: skip


def _after_period(
	code: str, message: str, facts: ControlFacts, changes: Iterable[_Change], grace: int
) -> Iterator[ControlFinding]:
	for one in changes:
		at = facts.day_of(one.at)
		late = (at - period_end(one.date)).days
		if late > grace:
			values = (one.document.name, one.date, at, late)
			yield ControlFinding(
				code,
				finding_key(code, one.document.name, *([one.at.isoformat()] if one.fields else [])),
				at,
				Because(message, (*values, ", ".join(one.fields)) if one.fields else values),
				FindingSeverity.HIGH if late > 60 else FindingSeverity.MEDIUM,
				(one.document,),
				one.amount,
				one.customer,
				one.person,
			)


@control(
	"backdated",
	name=marked("Backdated into a Closed Month"),
	risk=marked("What is entered into a closed month changes figures that were reported."),
	source=_SOURCE,
	mended=marked("The document was cancelled or dated otherwise."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.INVOICES, FactKind.RECEIPTS),
	parameters=(GRACE,),
)
def backdated(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield documents entered long after the end of the month they are dated in."""
	return _after_period("backdated", BACKDATED, facts, _entered(facts), int(values["days"]))


@control(
	"cancelled_late",
	name=marked("Cancelled after the Month's End"),
	risk=marked("An invoice that is cancelled after its month was never sold, or was paid past the books."),
	source=_SOURCE,
	mended=marked("The document is no longer cancelled."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.INVOICES, FactKind.RECEIPTS),
	parameters=(GRACE,),
)
def cancelled_late(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield documents cancelled long after the end of the month they are dated in."""
	return _after_period("cancelled_late", CANCELLED, facts, _cancelled(facts), int(values["days"]))


@control(
	"edited_late",
	name=marked("Changed after the Month's End"),
	risk=marked("Amounts, days or customers of a past month are not what was reported any more."),
	source=_SOURCE,
	mended=marked("The change is no longer on record."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.EDITS,),
	parameters=(GRACE,),
)
def edited_late(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield changes of what figures rest on, long after the end of the document's month."""
	return _after_period("edited_late", EDITED, facts, _edited(facts), int(values["days"]))


_AGAINST = {"entered": ENTERED_AGAINST, "cancelled": CANCELLED_AGAINST, "edited": EDITED_AGAINST}


@control(
	"against_statement",
	name=marked("Contradicts a Statement"),
	risk=marked("The customer holds a statement of ours that our books contradict."),
	source=marked("ISA 505: external confirmations; the product's own statements, kept as sent"),
	mended=marked("Books and statement agree again."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.INVOICES, FactKind.RECEIPTS, FactKind.EDITS, FactKind.STATEMENTS),
	parameters=(parameter("days", marked("Days a Statement Is Compared"), 366, 30, 3660, marked("days")),),
)
def against_statement(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield documents that came, went or changed after a statement that covers their day had gone out."""
	sent: dict[str, list[StatementFact]] = defaultdict(list)
	for one in facts.statements:
		sent[one.customer].append(one)
	for found in sent.values():
		found.sort(key=lambda one: one.as_of)
	horizon = timedelta(days=int(values["days"]))
	for change in chain(_entered(facts), _cancelled(facts), _edited(facts)):
		statements = sent.get(change.customer)
		if statements and (statement := _contradicted(facts, change, statements, horizon)):
			at = facts.day_of(change.at)
			yield ControlFinding(
				"against_statement",
				finding_key("against_statement", change.kind, change.document.name),
				at,
				Because(
					_AGAINST[change.kind],
					(change.document.name, change.date, at, statement.name, statement.as_of),
				),
				FindingSeverity.HIGH,
				(change.document,),
				change.amount,
				change.customer,
				change.person,
			)


def _contradicted(
	facts: ControlFacts, change: _Change, statements: list[StatementFact], horizon: timedelta
) -> StatementFact | None:
	"""Return the first statement that covers the document's day and had gone out when it changed.

	A document that was entered after the statement is not on it: its cancelling and its changes contradict nothing.
	"""
	for one in statements[bisect_left(statements, change.date, key=lambda one: one.as_of) :]:
		if not facts.is_before(one.sent_on, change.at):
			continue
		if facts.moment(change.at) - facts.moment(one.sent_on) <= horizon:
			if change.kind == "entered" or _was_entered_before(facts, change, one.sent_on):
				return one
	return None


def _was_entered_before(facts: ControlFacts, change: _Change, when: datetime) -> bool:
	one = facts.invoice.get(change.document.name) or facts.receipt.get(change.document.name)
	return one is None or one.created is None or not facts.is_before(when, one.created)
