"""The facts of a company for its controls, read from the documents of its site."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from frappe.utils import getdate, now_datetime

from client_ledger.controls.facts.dues import read_dues
from client_ledger.controls.facts.edits import read_edits
from client_ledger.controls.facts.invoices import billing_names, given_numbers, read_invoices
from client_ledger.controls.facts.journals import read_journals
from client_ledger.controls.facts.masters import read_groups, read_masters
from client_ledger.controls.facts.people import company_hours, read_people
from client_ledger.controls.facts.receipts import read_on_account, read_paid_at_once, read_payments
from client_ledger.controls.facts.sales import read_deliveries, read_orders
from client_ledger.controls.facts.settling import read_settled
from client_ledger.controls.facts.statements import read_statements
from client_ledger.controls.facts.terms import read_releases, read_terms
from client_ledger.controls.facts.ties import read_ties
from client_ledger.controls.facts.window import FactWindow
from client_ledger.controls.facts.write_offs import read_write_offs
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.controls.run import VIEW_DAYS

# Besides the days in view a month, to compare with what was before.
BEFORE_VIEW = 31
_DAY_END = time(23, 59, 59)
Found = dict[str, Any]

# Kinds that are read whole, whoever's facts are asked for.
_OF_NOBODY = frozenset({FactKind.MASTERS, FactKind.DUES})
# Kinds that are read by themselves.
_ALONE: Mapping[FactKind, Callable[[FactWindow], list]] = {
	FactKind.ORDERS: read_orders,
	FactKind.DELIVERIES: read_deliveries,
	FactKind.EDITS: read_edits,
	FactKind.STATEMENTS: read_statements,
	FactKind.TERMS: read_terms,
	FactKind.RELEASES: read_releases,
	FactKind.TIES: read_ties,
	FactKind.DUES: read_dues,
}


def read_facts(
	company: str,
	today: date,
	kinds: Collection[FactKind] | None = None,
	customers: Collection[str] | None = None,
	open_too: bool = False,
	since: date | None = None,
) -> ControlFacts:
	"""Return what controls may look at: what was entered, dated or changed since a day, and whatever its age what is open.

	kinds: None for all. customers: only what is of these, None for everybody; master data is always everybody's. open_too:
	besides the customers' facts, what of all others may ripen (deliveries and orders not billed, receipts on account).
	since: thirteen months ago by default. Permissions are the caller's business.
	"""
	window = make_window(company, today, customers, since)
	wanted = frozenset(FactKind if kinds is None else kinds)
	facts = read_window(window, wanted if window.customers != () else wanted & _OF_NOBODY)
	return _with_open(facts, window, wanted) if open_too and customers is not None else facts


def open_facts(window: FactWindow, wanted: Collection[FactKind]) -> ControlFacts:
	"""Return of everybody what is open and may ripen, and what is due, but nothing of any customer besides."""
	return _with_open(read_window(window, frozenset(wanted) & _OF_NOBODY), window, wanted)


def make_window(
	company: str, today: date, customers: Collection[str] | None = None, since: date | None = None
) -> FactWindow:
	"""Return what is to be read of a company on a day."""
	return FactWindow(
		company,
		since or today - timedelta(days=VIEW_DAYS + BEFORE_VIEW),
		today,
		None if customers is None else tuple(sorted(customers)),
	)


def read_window(window: FactWindow, wanted: Collection[FactKind]) -> ControlFacts:
	"""Return the facts of a window, of the kinds wanted."""
	return make_facts(window, read_found(window, wanted))


def read_found(window: FactWindow, wanted: Collection[FactKind]) -> Found:
	"""Return what make_facts takes: facts of the kinds wanted by the fields of ControlFacts."""
	found: Found = {}
	if FactKind.INVOICES in wanted:
		found["invoices"] = read_invoices(window)
		if window.customers is None:
			found["drafts"] = given_numbers(window, found["invoices"])
	if FactKind.RECEIPTS in wanted or FactKind.WRITE_OFFS in wanted:
		_read_money(window, wanted, found)
	if FactKind.MASTERS in wanted:
		found["masters"] = read_groups() if window.heads else read_masters(window)
	for kind, read in _ALONE.items():
		if kind in wanted:
			found[kind.field] = read(window)
	return found


def _read_money(window: FactWindow, wanted: Collection[FactKind], found: Found) -> None:
	settled = read_settled(window)
	journals = read_journals(window, settled)
	if FactKind.RECEIPTS in wanted:
		found["receipts"] = [
			*read_payments(window, settled),
			*journals.receipts,
			*read_paid_at_once(window),
		]
	if FactKind.WRITE_OFFS in wanted:
		found["write_offs"] = [*journals.write_offs, *read_write_offs(window)]


def make_facts(window: FactWindow, found: Found) -> ControlFacts:
	"""Return facts that were read, with the company's clock and the people in them."""
	hours, worked = company_hours(window.company)
	return ControlFacts(
		window.company,
		window.currency,
		_now(window.today).replace(tzinfo=hours.zone),
		**found,
		people=read_people(_people(found)),
		hours=hours,
		worked=worked,
	)


def _now(today: date) -> datetime:
	"""Return the moment it is by the site's clock, or the end of another day."""
	now = now_datetime()
	return now if getdate(now) == today else datetime.combine(today, _DAY_END)


def _people(found: Found) -> Iterable[str]:
	for kind in (FactKind.INVOICES, FactKind.RECEIPTS, FactKind.ORDERS, FactKind.WRITE_OFFS):
		yield from (one.owner for one in found.get(kind.field, ()))
	for kind in (FactKind.EDITS, FactKind.TERMS, FactKind.RELEASES):
		yield from (one.person for one in found.get(kind.field, ()))


def _with_open(facts: ControlFacts, window: FactWindow, wanted: Collection[FactKind]) -> ControlFacts:
	"""Return facts with what is open of all other customers: not billed, on account."""
	more: dict[str, list] = {}
	everybody = replace(window, customers=None)
	if FactKind.ORDERS in wanted:
		more["orders"] = read_orders(everybody, only_open=True)
	if FactKind.DELIVERIES in wanted:
		more["deliveries"] = read_deliveries(everybody, only_open=True)
	if FactKind.INVOICES in wanted and more:
		billed = {one.name for kind in more.values() for one in kind}
		known = facts.invoice
		names = sorted(name for name in billing_names(billed) if name not in known)
		more["invoices"] = read_invoices(everybody, names)
	if FactKind.RECEIPTS in wanted:
		more["receipts"] = read_on_account(everybody)
	return replace(facts, **{name: _added(getattr(facts, name), found) for name, found in more.items()})


def _added(known: Collection[Any], more: Iterable[Any]) -> list[Any]:
	names = {(one.name, one.customer) for one in known}
	return [*known, *(one for one in more if (one.name, one.customer) not in names)]
