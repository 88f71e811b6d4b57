"""Controls of credit: limits are not moved for one order, holds not always released by one, nobody who does not pay is sold to."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.controls.company import ControlFacts, grouped
from client_ledger.core.controls.control import (
	MOST_DOCUMENTS,
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	documents,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import (
	ORDER,
	FactKind,
	InvoiceFact,
	OrderFact,
	ReleaseFact,
	TermsChangeFact,
	TermsKind,
)
from client_ledger.core.entries import Voucher
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

LIMIT_RAISED = marked(
	"The credit limit was raised from {0} to {1} on {2}; {3} followed on {4}, with which {5} were owed."
)
LIMIT_BACK = marked(
	"The credit limit was raised from {0} to {1} on {2}, {3} followed on {4}, and it was put back on {5}."
)
TERMS_LONGER = marked("Payment terms were made longer, from {0} to {1} days, on {2}; {3} followed on {4}.")
RELEASED = marked("{0} holds of one customer were released by {1} within {2} days.")
SOLD = marked(
	"{0} is overdue since {1}; {2} documents over {3} were sold afterwards while it was more than {4} days overdue."
)

_BACK_DAYS = 30


@control(
	"terms_before_order",
	name=marked("Limit or Terms Changed before an Order"),
	risk=marked("A limit that is moved for the order it should stop is none."),
	source=marked("COSO Internal Control: authorisation of credit; SAP and Oracle credit audit practice"),
	mended=marked("The order or the change is no longer on record."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.TERMS, FactKind.ORDERS, FactKind.INVOICES, FactKind.RECEIPTS),
	parameters=(parameter("days", marked("Days before the Order"), 3, 1, 30, marked("days")),),
)
def terms_before_order(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield limits raised for an order that needed it and terms made longer, without a second person, or put back afterwards."""
	orders = grouped(facts.orders, lambda one: one.customer)
	changes = grouped(facts.terms, lambda one: one.customer)
	owed = None
	for customer, found in changes.items():
		for change in found:
			if not _eases(change):
				continue
			order = _next_order(facts, change, orders.get(customer, ()), int(values["days"]))
			if order is None:
				continue
			owed = owed or _Owed(facts)
			if reason := _circumvents(facts, change, order, found, owed):
				yield ControlFinding(
					"terms_before_order",
					finding_key("terms_before_order", change.name, order.name),
					order.date,
					reason,
					FindingSeverity.HIGH if change.person == order.owner else FindingSeverity.MEDIUM,
					(Voucher(ORDER, order.name), Voucher("Customer", customer)),
					order.base_amount,
					customer,
					change.person,
				)


def _eases(change: TermsChangeFact) -> bool:
	if change.old is None:
		return False
	return change.new is None or change.new > change.old


def _next_order(
	facts: ControlFacts, change: TermsChangeFact, orders: Iterable[OrderFact], days: int
) -> OrderFact | None:
	"""Return the first order entered within the days after a change."""
	at = facts.moment(change.at)
	day = facts.day_of(change.at)
	later = []
	for one in orders:
		if one.created:
			when = facts.moment(one.created)
			if at <= when <= at + timedelta(days=days):
				later.append((when, one.name, one))
		elif 0 <= (one.date - day).days <= days:
			later.append((at, one.name, one))
	return min(later)[2] if later else None


def _circumvents(
	facts: ControlFacts,
	change: TermsChangeFact,
	order: OrderFact,
	changes: Iterable[TermsChangeFact],
	owed: "_Owed",
) -> Because | None:
	"""Return why a change looks made for the order; None where a second person approved it and it stays."""
	day, at = facts.day_of(change.at), facts.moment(change.at)
	back = [
		other
		for other in changes
		if other.kind is change.kind
		and at < facts.moment(other.at) <= at + timedelta(days=_BACK_DAYS)
		and other.new is not None
		and other.new <= change.old
	]
	approved = bool(change.approved_by) and change.approved_by not in (change.person, order.owner)
	if change.kind is TermsKind.DAYS:
		if approved and not back:
			return None
		new = None if change.new is None else int(change.new)
		return Because(TERMS_LONGER, (int(change.old), new, day, order.name, order.date))
	total = owed.on(change.customer, day) + order.base_amount
	if back:
		return Because(
			LIMIT_BACK, (change.old, change.new, day, order.name, order.date, facts.day_of(back[0].at))
		)
	if approved or total <= change.old:
		return None
	return Because(LIMIT_RAISED, (change.old, change.new, day, order.name, order.date, total))


class _Owed:
	"""What customers owed on a day, in company currency: invoices less receipts and write-offs."""

	def __init__(self, facts: ControlFacts):
		events: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
		for one in facts.invoices:
			if one.cancelled_on is None:
				events[one.customer].append((one.date, one.base_amount))
		for one in facts.receipts:
			if one.cancelled_on is None:
				events[one.customer].append((one.date, -one.base_amount))
		for one in facts.write_offs:
			events[one.customer].append((one.date, -one.base_amount))
		self.events = events

	def on(self, customer: str, day: date) -> Decimal:
		return sum((amount for when, amount in self.events.get(customer, ()) if when <= day), ZERO)


@control(
	"released_again",
	name=marked("Holds Released Repeatedly by One Person"),
	risk=marked("A hold that one person always releases stops nobody."),
	source=marked("COSO Internal Control: management override; ISA 240 (32)"),
	mended=marked("Fewer releases by this person are on record for the period."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.RELEASES,),
	parameters=(
		parameter("times", marked("Releases"), 4, 2, 10, marked("releases")),
		parameter("days", marked("Period (Days)"), 60, 14, 366, marked("days")),
	),
)
def released_again(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield people who released one customer's holds too often within the days."""
	times, days = int(values["times"]), int(values["days"])
	people = grouped(
		(one for one in facts.releases if not facts.is_system(one.person)),
		lambda one: (one.customer, one.person),
	)
	for (customer, person), found in people.items():
		found.sort(key=lambda one: facts.moment(one.at))
		for run in _crowded(facts, found, times, days):
			yield ControlFinding(
				"released_again",
				finding_key("released_again", customer, person, run[0].name),
				facts.day_of(run[-1].at),
				Because(RELEASED, (len(run), person, days)),
				FindingSeverity.HIGH if len(run) >= 2 * times else FindingSeverity.MEDIUM,
				tuple(dict.fromkeys(one.document for one in run))[:MOST_DOCUMENTS],
				sum((one.base_amount for one in run), ZERO),
				customer,
				person,
			)


def _crowded(
	facts: ControlFacts, found: list[ReleaseFact], times: int, days: int
) -> Iterator[list[ReleaseFact]]:
	"""Yield runs of releases that reach the number within the days; each release is in one run at most."""
	start = 0
	while start < len(found):
		first = facts.day_of(found[start].at)
		run = [one for one in found[start:] if (facts.day_of(one.at) - first).days <= days]
		if len(run) >= times:
			yield run
			start += len(run)
		else:
			start += 1


@control(
	"sold_while_overdue",
	name=marked("Sold to While Long Overdue"),
	risk=marked("More goods go to a customer who does not pay for the last ones."),
	source=marked("Credit management practice: stop supply; COSO Internal Control: authorisation of credit"),
	mended=marked("It has been paid, credited or written off, or the sales were cancelled."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.INVOICES, FactKind.RECEIPTS, FactKind.WRITE_OFFS),
	parameters=(
		parameter("days", marked("Days Overdue"), 90, 7, 365, marked("days")),
		parameter("share", marked("Minimum Share of Later Sales (%)"), 5, 1, 25, marked("percent")),
	),
	lasting=True,
)
def sold_while_overdue(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield long overdue, still open invoices after which more was sold; one finding per customer, by its oldest such invoice."""
	days = int(values["days"])
	before = facts.today - timedelta(days=days)
	sold: dict[str, list[InvoiceFact]] = defaultdict(list)
	for one in facts.invoices:
		if one.cancelled_on is None and one.amount > 0 and not one.is_return:
			sold[one.customer].append(one)
	for customer, found in sold.items():
		due = [one for one in found if one.due_date and one.due_date < before and facts.is_open(one)]
		if not due:
			continue
		found.sort(key=lambda one: one.date)
		dates = [one.date for one in found]
		for old in sorted(due, key=lambda one: (one.due_date, one.name)):
			later = found[bisect_right(dates, old.due_date + timedelta(days=days)) :]
			if not later:
				continue
			left = facts.left_of(old)
			total = sum((one.base_amount for one in later), ZERO)
			if left * 100 < values["share"] * total:
				continue
			yield ControlFinding(
				"sold_while_overdue",
				finding_key("sold_while_overdue", customer, old.name),
				later[0].date,
				Because(SOLD, (old.name, old.due_date, len(later), total, days)),
				FindingSeverity.HIGH if total > 10 * left else FindingSeverity.MEDIUM,
				documents((old, *later)),
				left,
				customer,
			)
			break
