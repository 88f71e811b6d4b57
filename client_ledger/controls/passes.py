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
from typing import Any

import frappe

from client_ledger.controls.facts.invoices import with_bills as billed
from client_ledger.controls.facts.masters import read_groups
from client_ledger.controls.facts.narrow import with_payments
from client_ledger.controls.facts.window import FactWindow
from client_ledger.controls.reading import make_facts, make_window, open_facts, read_found, read_window
from client_ledger.core.controls.company import ControlFacts, grouped
from client_ledger.core.controls.control import Control, ControlScope
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.controls.run import Rerun
from client_ledger.ledger.database import chunks

# Customers whose facts are in memory together.
CUSTOMERS = 400
# Controls of the whole company that look at what invoices bill, and at who paid for whom.
_WITH_BILLS = ("duplicate_invoice",)
_WITH_PAYERS = ("duplicate_receipt", "lapping")
_INVOICES = frozenset({FactKind.INVOICES})
_SMALL = frozenset({FactKind.MASTERS, FactKind.DUES, FactKind.TIES})
# Of these there are few: read of everybody at once.
_FEW = frozenset({FactKind.EDITS, FactKind.STATEMENTS, FactKind.TERMS, FactKind.RELEASES})


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
	in_turn = len(customers) > CUSTOMERS
	shared = _shared(window, _needs(reruns) & _FEW) if in_turn else {}
	for part in chunks(customers, CUSTOMERS):
		wanted = [one for one in reruns if one.customers is None or not one.customers.isdisjoint(part)]
		if wanted:
			own = replace(window, customers=tuple(part), heads=True, in_turn=in_turn)
			needs = _needs(wanted)
			found = read_found(own, needs - _FEW if in_turn else needs)
			for kind in needs & shared.keys():
				found[kind.field] = [fact for name in part for fact in shared[kind].get(name, ())]
			yield FactPass(tuple(wanted), make_facts(own, found))


def _shared(window: FactWindow, kinds: Collection[FactKind]) -> dict[FactKind, dict[str, list]]:
	"""Return facts of which there are few, of everybody at once, by customer."""
	found = read_found(window, kinds)
	return {kind: grouped(found[kind.field], lambda one: one.customer) for kind in kinds}


def _of_company(window: FactWindow, reruns: Sequence[Rerun]) -> Iterator[FactPass]:
	"""Yield passes that need little, then invoices alone, with what they bill, receipts, and all of them with who entered them.

	Documents are read once, without parts; what they bill and pay is added where a control looks at it.
	"""
	small = [one for one in reruns if one.control.needs <= _SMALL]
	if small:
		yield FactPass(tuple(small), read_window(window, _needs(small)))
	rest = [one for one in reruns if one not in small]
	with_bills = [one for one in rest if one.control.code in _WITH_BILLS]
	with_payers = [one for one in rest if one.control.code in _WITH_PAYERS]
	rest = [one for one in rest if one not in with_bills and one not in with_payers]
	lean = replace(window, old=False, parts=False, heads=True, in_turn=True)
	found = read_found(lean, _needs([*rest, *with_bills]) & {FactKind.INVOICES})
	yield from _of_invoices(lean, [one for one in rest if one.control.needs <= _INVOICES], with_bills, found)
	found.pop("drafts", None)
	more = [one for one in rest if not one.control.needs <= _INVOICES]
	found |= read_found(lean, _needs([*more, *with_payers]) - _INVOICES - {FactKind.MASTERS})
	if with_payers:
		own = {"receipts": with_payments(lean, found["receipts"]), "masters": read_groups()}
		yield FactPass(tuple(with_payers), make_facts(lean, own))
		del own
	if more:
		yield FactPass(tuple(more), make_facts(lean, found))


def _of_invoices(
	lean: FactWindow, alone: Sequence[Rerun], with_bills: Sequence[Rerun], found: dict[str, Any]
) -> Iterator[FactPass]:
	if alone:
		yield FactPass(tuple(alone), make_facts(lean, found))
	if with_bills:
		full = replace(lean, parts=True)
		own = read_found(full, _needs(with_bills) - _INVOICES)
		own["invoices"] = billed(full, found["invoices"])
		yield FactPass(tuple(with_bills), make_facts(full, own))


def every(controls: Iterable[Control]) -> list[Rerun]:
	"""Return that controls look everywhere, as in a first night or after their parameters were changed."""
	return [Rerun(one, None) for one in controls]
