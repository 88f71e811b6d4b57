"""A night's reading in passes that fit in memory: controls of single customers some customers at a time, those of the whole company
by what they need, with no more of each document than they look at.

	for one in passes(company, today, reruns):
		for rerun in one.reruns:
			found[rerun.control.code] |= {f.key: f for f in rerun_findings(rerun, one.facts, values)}

A control has looked everywhere it was to when all passes are through; the same finding may come from two of them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import frappe

from client_ledger.controls.facts.window import FactWindow
from client_ledger.controls.reading import make_facts, make_window, open_facts, read_found, read_window
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import Control, ControlScope
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.controls.run import Rerun
from client_ledger.ledger.database import chunks

# Customers whose facts are in memory together.
CUSTOMERS = 400
# Controls of the whole company that look at documents together with what they bill or pay.
_WITH_PARTS = ("duplicate_invoice", "duplicate_receipt", "lapping")


@dataclass(frozen=True, slots=True)
class FactPass:
	"""Facts, and what is to run on them."""

	reruns: tuple[Rerun, ...]
	facts: ControlFacts


def passes(
	company: str, today: date, reruns: Iterable[Rerun], since: date | None = None
) -> Iterator[FactPass]:
	"""Yield the facts that controls need, pass by pass; what was yielded before is not kept. since: thirteen months ago by default."""
	window = make_window(company, today, since=since)
	chosen = list(reruns)
	of_customers = [one for one in chosen if one.control.scope is ControlScope.CUSTOMER]
	yield from _by_customers(window, of_customers)
	yield from _of_company(window, [one for one in chosen if one not in of_customers])


def _needs(reruns: Iterable[Rerun]) -> frozenset[FactKind]:
	return frozenset(kind for one in reruns for kind in one.control.needs)


def _by_customers(window: FactWindow, reruns: Sequence[Rerun]) -> Iterator[FactPass]:
	"""Yield the passes of controls of single customers: those that look at all of them, those that look at some, what ripened."""
	everywhere = [one for one in reruns if one.customers is None]
	if everywhere:
		yield from _slices(window, everywhere, frappe.get_all("Customer", pluck="name", order_by="name"))
	some = [one for one in reruns if one.customers is not None]
	yield from _slices(window, some, sorted({name for one in some for name in one.customers}))
	if ripe := [one for one in some if one.open_too]:
		yield FactPass(tuple(ripe), open_facts(replace(window, customers=(), heads=True), _needs(ripe)))


def _slices(window: FactWindow, reruns: Sequence[Rerun], customers: Sequence[str]) -> Iterator[FactPass]:
	for part in chunks(customers, CUSTOMERS):
		wanted = [one for one in reruns if one.customers is None or not one.customers.isdisjoint(part)]
		if wanted:
			own = replace(window, customers=tuple(part), heads=True)
			yield FactPass(tuple(wanted), read_window(own, _needs(wanted)))


def _of_company(window: FactWindow, reruns: Sequence[Rerun]) -> Iterator[FactPass]:
	def of(codes: Collection[str]) -> list[Rerun]:
		return [one for one in reruns if one.control.code in codes]

	for code in _WITH_PARTS[:1], _WITH_PARTS[1:]:
		if wanted := of(code):
			narrow = replace(window, old=False, heads=True)
			yield FactPass(tuple(wanted), read_window(narrow, _needs(wanted)))
	rest = [one for one in reruns if one.control.code not in _WITH_PARTS]
	small = frozenset({FactKind.MASTERS, FactKind.DUES})
	if wanted := [one for one in rest if one.control.needs <= small]:
		yield FactPass(tuple(wanted), read_window(window, _needs(wanted)))
	yield from _lean(window, [one for one in rest if not one.control.needs <= small])


def _lean(window: FactWindow, reruns: Sequence[Rerun]) -> Iterator[FactPass]:
	"""Yield two passes of numbers, amounts, people and times: those of invoices alone, then those with all other documents, too."""
	lean = replace(window, old=False, parts=False)
	invoices = {FactKind.INVOICES}
	alone = [one for one in reruns if one.control.needs <= invoices]
	more = [one for one in reruns if not one.control.needs <= invoices]
	found = read_found(lean, _needs(reruns) & invoices)
	if alone:
		yield FactPass(tuple(alone), make_facts(lean, found))
	if more:
		found.pop("drafts", None)
		found |= read_found(lean, _needs(more) - invoices)
		yield FactPass(tuple(more), make_facts(lean, found))


def every(controls: Iterable[Control]) -> list[Rerun]:
	"""Return that controls look everywhere, as in a first night or after their parameters were changed."""
	return [Rerun(one, None) for one in controls]
