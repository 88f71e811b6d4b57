"""What of customers' open items is spoken for: disputed, handed over, promised, announced as paid.

The documents are read once, and say both how much is not asked for and why an item is not dunned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import frappe

from client_ledger.collections import announced, cases, disputes
from client_ledger.collections import items as open_items
from client_ledger.collections.promises import reads as promises
from client_ledger.core.collections.disputes import TermItemKey, disputed_amounts, subtract_amounts
from client_ledger.core.dunning.plan import Claim
from client_ledger.core.entries import Voucher
from client_ledger.core.open_items import OpenItem

# A case takes over a whole voucher, whatever becomes open of it.
ALL_OF_IT = Decimal("Infinity")


@dataclass(frozen=True)
class SpokenFor:
	"""What is spoken for on a day: running disputes, cases that were handed over, running promises,
	payments that were announced, with their items (lines)."""

	today: date
	disputes: Sequence[frappe._dict] = ()
	cases: Sequence[frappe._dict] = ()
	promises: Sequence[frappe._dict] = ()
	advices: Sequence[frappe._dict] = ()

	@classmethod
	def of(cls, customers: Sequence[str] | None, today: date) -> "SpokenFor":
		"""Return what *customers* (None: all) have said, as it is stored now."""
		return cls(
			today,
			disputes.stored(customers, disputes.RUNNING_STATUSES),
			cases.handed_over(customers),
			promises.stored_promises(customers, (promises.RUNNING,)),
			announced.waited_for(customers, today),
		)

	def without(self, items: Sequence[OpenItem], wholly: bool = True) -> list[OpenItem]:
		"""Return *items* less what is spoken for. wholly: leave out what is so in full; else keep it as it is."""
		layers = [layer for layer in self._layers() if layer]
		left = list(items)
		for layer in layers:
			left = subtract_amounts(left, layer)
		if wholly or not layers:
			return left
		rest = {open_items.identity(item): item for item in left}
		return [rest.get(open_items.identity(item), item) for item in items]

	def claims(self, items: Sequence[OpenItem]) -> list[Claim]:
		"""Return why *items* are not dunned: those of which nothing is left to ask for, by each kind of document."""
		return [
			*promises.claims(self.promises, items, self._disputed, self._promised),
			*disputes.claims(self._disputed, items, self.today),
			*cases.claims(self.cases),
			*announced.claims(self.advices, items, self._layers()[:-1], self._announced),
		]

	def _layers(self) -> tuple[Mapping[TermItemKey, Decimal], ...]:
		"""Return what is not asked for, in the items' currency; taken off in this order."""
		handed_over = {
			TermItemKey(Voucher(line.voucher_type, line.voucher_no)): ALL_OF_IT
			for case in self.cases
			for line in case.lines
		}
		return self._disputed, handed_over, self._promised, self._announced

	@cached_property
	def _disputed(self) -> Mapping[TermItemKey, Decimal]:
		return disputed_amounts(map(disputes.as_dispute, self.disputes))

	@cached_property
	def _promised(self) -> Mapping[TermItemKey, Decimal]:
		return promises.promised_amounts(self.promises, self.today)

	@cached_property
	def _announced(self) -> Mapping[TermItemKey, Decimal]:
		return announced.announced_amounts(self.advices)
