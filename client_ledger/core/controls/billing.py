"""Controls of billing: what was delivered or ordered is invoiced, and in time."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal

from client_ledger.core.controls.company import ControlFacts, grouped
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import DELIVERY, ORDER, DeliveryFact, FactKind, InvoiceFact
from client_ledger.core.entries import Voucher
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

_DAY = timedelta(days=1)
_HUNDRED = Decimal(100)

LATE = marked("{0} was delivered on {1} and invoiced {2} working hours later; {3} are allowed.")
NOT_BILLED = marked("{0} was delivered on {1}, {2} days ago; {3} of {4} have not been invoiced.")
NOT_ORDERED_BILLED = marked(
	"{0} was to be delivered by {1}, {2} days ago; {3} of {4} have not been invoiced, and it is not closed."
)

UNBILLED_SHARE = parameter(
	"share", marked("Minimum Uninvoiced Share (%)"), "1", "0.1", "25", marked("percent"), whole=False
)


@control(
	"late_billing",
	name=marked("Invoiced Late"),
	risk=marked("Invoices that come late are paid late, and what waits may be forgotten or billed twice."),
	source=marked("COSO Internal Control, information processing: completeness and timeliness of billing"),
	mended=marked("The delivery or its invoice was cancelled or dated otherwise."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.DELIVERIES, FactKind.INVOICES),
	parameters=(
		parameter("hours", marked("Hours Allowed (Days Off Not Counted)"), 24, 1, 336, marked("hours")),
	),
)
def late_billing(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield deliveries whose first invoice was entered later than allowed."""
	allowed = timedelta(hours=int(values["hours"]))
	for one in facts.deliveries:
		if one.closed or one.return_against:
			continue
		made = None
		for invoice, _amount in facts.billing.get(one.name, ()):
			if invoice.created and not invoice.is_return:
				when = _first_entered(facts, invoice)
				if made is None or facts.is_before(when, made[0]):
					made = when, invoice
		if made is None or not facts.is_before(one.moment, made[0]):
			continue
		start, when, invoice = facts.moment(one.moment), facts.moment(made[0]), made[1]
		if when - start <= allowed or (taken := working_time(facts, start, when)) <= allowed:
			continue
		hours = int(taken.total_seconds() // 3600)
		yield ControlFinding(
			"late_billing",
			finding_key("late_billing", one.name),
			facts.day_of(when),
			Because(LATE, (one.name, facts.day_of(start), hours, int(values["hours"]))),
			FindingSeverity.MEDIUM if taken > 5 * allowed else FindingSeverity.LOW,
			(Voucher(DELIVERY, one.name), invoice.voucher),
			one.base_amount,
			one.customer,
			invoice.owner,
		)


def _first_entered(facts: ControlFacts, invoice: InvoiceFact) -> datetime:
	"""Return when an invoice was first entered: one that amends another counts as that one."""
	seen = set()
	while (before := facts.invoice.get(invoice.amended_from)) and before.created and before.name not in seen:
		seen.add(before.name)
		invoice = before
	return invoice.created


def working_time(facts: ControlFacts, start: datetime, end: datetime) -> timedelta:
	"""Return the time between two moments without the company's days off."""
	zone = facts.hours.zone
	start, end = start.astimezone(zone), end.astimezone(zone)
	taken, day = end - start, start.date()
	while day <= end.date():
		if facts.is_day_off(day):
			midnight = datetime.combine(day, time(0), zone)
			taken -= max(
				min(end, datetime.combine(day + _DAY, time(0), zone)) - max(start, midnight), timedelta(0)
			)
		day += _DAY
	return taken


@control(
	"delivered_not_billed",
	name=marked("Delivered, Not Invoiced"),
	risk=marked("Goods have left and nobody asks for the money."),
	source=marked("COSO Internal Control: completeness of billing; ACFE Fraud Tree, unrecorded sales"),
	mended=marked("It has been invoiced, returned or closed."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.DELIVERIES, FactKind.INVOICES),
	parameters=(
		parameter("days", marked("Days after the Delivery"), 10, 1, 90, marked("days")),
		UNBILLED_SHARE,
	),
	lasting=True,
	ripens=True,
)
def delivered_not_billed(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield deliveries of which a part is still not invoiced."""
	days = int(values["days"])
	returned = _returned(facts.deliveries)
	for one in facts.deliveries:
		day = facts.day_of(one.moment)
		age = (facts.today - day).days
		if one.closed or one.billed or one.return_against or one.base_amount <= 0 or age <= days:
			continue
		left = one.base_amount - _billed(facts, one.name) - returned.get(one.name, ZERO)
		if left * _HUNDRED < values["share"] * one.base_amount:
			continue
		yield ControlFinding(
			"delivered_not_billed",
			finding_key("delivered_not_billed", one.name),
			day,
			Because(NOT_BILLED, (one.name, day, age, left, one.base_amount)),
			FindingSeverity.HIGH if age > 3 * days else FindingSeverity.MEDIUM,
			(Voucher(DELIVERY, one.name),),
			left,
			one.customer,
			one.owner,
		)


@control(
	"ordered_not_billed",
	name=marked("Ordered, Not Invoiced"),
	risk=marked("An order was served past the books, or forgotten."),
	source=marked("COSO Internal Control: completeness of billing; ACFE Fraud Tree, unrecorded sales"),
	mended=marked("It has been invoiced or closed."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.ORDERS, FactKind.DELIVERIES, FactKind.INVOICES),
	parameters=(
		parameter("days", marked("Days after the Delivery Date"), 30, 1, 180, marked("days")),
		UNBILLED_SHARE,
	),
	lasting=True,
	ripens=True,
)
def ordered_not_billed(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield orders of which a part is not invoiced though it was to be delivered; not those that wait for a delivery's invoice."""
	days = int(values["days"])
	delivered = _delivered_unbilled(facts)
	for one in facts.orders:
		day = one.delivery_date or one.date
		age = (facts.today - day).days
		if one.closed or one.billed or one.base_amount <= 0 or age <= days:
			continue
		left = one.base_amount - _billed(facts, one.name) - delivered.get(one.name, ZERO)
		if left * _HUNDRED < values["share"] * one.base_amount:
			continue
		yield ControlFinding(
			"ordered_not_billed",
			finding_key("ordered_not_billed", one.name),
			day,
			Because(NOT_ORDERED_BILLED, (one.name, day, age, left, one.base_amount)),
			FindingSeverity.MEDIUM,
			(Voucher(ORDER, one.name),),
			left,
			one.customer,
			one.owner,
		)


def _billed(facts: ControlFacts, name: str) -> Decimal:
	return sum((amount for _invoice, amount in facts.billing.get(name, ())), ZERO)


def _returned(deliveries: Iterable[DeliveryFact]) -> dict[object, Decimal]:
	found = grouped((one for one in deliveries if one.return_against), lambda one: one.return_against)
	return {name: -sum((one.base_amount for one in parts), ZERO) for name, parts in found.items()}


def _delivered_unbilled(facts: ControlFacts) -> dict[str, Decimal]:
	"""Return for each order what was delivered on it and not invoiced yet: another control watches that."""
	found: dict[str, Decimal] = {}
	for one in facts.deliveries:
		if one.orders and not one.closed and one.base_amount > 0:
			left = max(one.base_amount - _billed(facts, one.name), ZERO)
			for order in one.orders:
				found[order] = found.get(order, ZERO) + left
	return found
