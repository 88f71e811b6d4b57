"""Controls of what is there twice: the same customer, amount and days, unless that is how the customer is billed or pays.

A pair counts where chance would hardly bring it about: either both name the same business (order, delivery, reference), or the
amount is so rare, with this customer and in the company, that a second one within the days was not to be expected.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, groupby, pairwise
from statistics import fmean, pstdev

from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	documents,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, InvoiceFact, ReceiptFact
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

_Entry = InvoiceFact | ReceiptFact
# So many of one amount, as far apart as this regularity (standard deviation by mean), are a rhythm; chance has about 1.
_RHYTHM, _REGULAR = 6, 0.35
_ROUNDING = Decimal("1.01")
# What more receipts name is no reference of a single one, such as "TT" or "cash".
_FEW_RECEIPTS = 3
# Of so many equal parts at most an order is billed.
_PARTS = 24

SAME_BUSINESS = marked("{0} and {1} bill {2} to one customer within {3} days, and both name {4}.")
SAME_AMOUNT = marked("{0} and {1} bill {2} to one customer within {3} days; this amount is rare.")
OUT_OF_RHYTHM = marked(
	"{0} and {1} bill {2} within {3} days; this customer is billed it every {4} days or more."
)
RECEIVED_TWICE = marked(
	"{0} and {1} both are receipts of {2} from one customer within {3} days with reference {4}."
)
RECEIVED_RARE = marked(
	"{0} and {1} both are receipts of {2} from one customer within {3} days; this amount is rare."
)

DAYS = parameter("days", marked("Days between the Two"), 7, 1, 60, marked("days"))
RARE = parameter(
	"chance",
	marked("Expected by Chance at Most (‰)"),
	"1",
	"0.1",
	"20",
	marked("per thousand"),
	whole=False,
)


def _same(one: _Entry) -> tuple[str, str, Decimal]:
	return one.customer, one.currency, one.amount


@dataclass(frozen=True, slots=True)
class _Pair:
	first: _Entry
	second: _Entry
	message: str
	more: tuple[object, ...] = ()
	is_sure: bool = False


class _Rarity:
	"""How often amounts come in the company, to tell chance from doubling."""

	def __init__(self, entries: list[_Entry], days: int, most: float):
		self.days, self.most = days, most
		self.entries = entries
		self.dates: dict[str, list[date]] = defaultdict(list)
		self.amounts: dict[str, Counter] = defaultdict(Counter)
		self.references = Counter((one.customer, one.reference) for one in entries if one.reference)
		for one in entries:
			self.dates[one.customer].append(one.date)
			self.amounts[one.currency][one.amount] += 1
		for found in self.dates.values():
			found.sort()
		self.own = Counter(_same(one) for one in entries if self.amounts[one.currency][one.amount] > 1)

	def near(self) -> Iterator[tuple[_Entry, _Entry, Sequence[_Entry]]]:
		"""Yield pairs of one customer and amount within the days, with all entries of both."""
		repeated = [one for one in self.entries if self.amounts[one.currency][one.amount] > 1]
		yield from self._pairs(repeated, _same)

	def named(
		self, business: Iterable[Iterable[_Entry]] = ()
	) -> Iterator[tuple[_Entry, _Entry, Sequence[_Entry]]]:
		"""Yield pairs within the days that name one reference, or belong to one *business*, and have one amount."""
		referred = [
			one for one in self.entries if one.reference and self.references[one.customer, one.reference] > 1
		]
		yield from self._pairs(referred, lambda one: (*_same(one), one.reference))
		for entries in business:
			yield from self._pairs(entries, _same)

	def _pairs(
		self, entries: Iterable[_Entry], key: Callable[[_Entry], tuple]
	) -> Iterator[tuple[_Entry, _Entry, Sequence[_Entry]]]:
		for _key, group in groupby(sorted(entries, key=key), key):
			found = sorted(group, key=lambda one: (one.date, one.name))
			for first, second in pairwise(found):
				if (second.date - first.date).days <= self.days:
					yield first, second, found

	def is_rare(self, pair: tuple[_Entry, _Entry]) -> bool:
		"""Return whether a second entry of the amount within the days was not to be expected."""
		first = pair[0]
		dates = self.dates[first.customer]
		margin = timedelta(days=self.days)
		nearby = bisect_right(dates, first.date + margin) - bisect_left(dates, first.date - margin) - 1
		others = self.amounts[first.currency][first.amount] - 2
		own = self.own[_same(first)] - 2
		of_company = nearby * others / max(len(self.entries) - 2, 1)
		of_customer = nearby * own / max(len(dates) - 2, 1)
		return max(of_company, of_customer) <= self.most

	def rhythm(self, pair: tuple[_Entry, _Entry], found: Sequence[_Entry]) -> int | None:
		"""Return the shortest time between the others of the amount in days, where they come regularly; else None."""
		rest = [one.date for one in found if one is not pair[1]]
		if len(rest) < _RHYTHM:
			return None
		gaps = [(later - earlier).days for earlier, later in pairwise(rest)]
		if not any(gaps) or pstdev(gaps) > _REGULAR * fmean(gaps):
			return None
		gap = (pair[1].date - pair[0].date).days
		return min(gaps) if min(gaps) > max(self.days, 4 * gap) else None


def _settings(values: Values) -> tuple[int, float]:
	return int(values["days"]), float(values["chance"]) / 1000


@control(
	"duplicate_invoice",
	name=marked("Possible Duplicate Invoice"),
	risk=marked("A customer is billed twice: a dispute, a credit note, or money nobody misses."),
	source=marked("Nigrini, Forensic Analytics (2020): same-same-same test; rarity by the Poisson mean"),
	mended=marked("One of both was cancelled or credited."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.INVOICES, FactKind.ORDERS, FactKind.DELIVERIES),
	parameters=(DAYS, RARE),
)
def duplicate_invoice(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield pairs of invoices, and of credit notes, that seem to be one business."""
	credited = {
		name for name, notes in facts.credit_notes.items()
		if (one := facts.invoice.get(name)) and -sum((note.amount for note in notes), ZERO) >= one.amount
	}  # fmt: skip
	live = [
		one for one in facts.invoices if one.cancelled_on is None and one.amount and one.name not in credited
	]
	rarity = _Rarity(live, *_settings(values))
	worth = {one.name: one.base_amount for one in (*facts.orders, *facts.deliveries)}
	too_much = _billed_too_much(facts, worth)
	billed = [[one for one, _amount in facts.billing[name] if one.name not in credited] for name in too_much]
	for first, second, found in chain(rarity.near(), rarity.named(billed)):
		if _are_parts(first, second, worth) and too_much.isdisjoint(_shared(first, second)):
			continue
		if pair := _invoiced_twice(first, second, found, rarity, too_much):
			yield _finding("duplicate_invoice", pair, abs(second.base_amount))


def _billed_too_much(facts: ControlFacts, worth: Mapping[str, Decimal]) -> set[str]:
	"""Return the orders and deliveries that were billed beyond what they are worth."""
	return {
		name
		for name, parts in facts.billing.items()
		if len(parts) > 1
		and name in worth
		and sum(amount for _one, amount in parts) > worth[name] * _ROUNDING
	}


def _shared(first: InvoiceFact, second: InvoiceFact) -> set[str]:
	"""Return the orders and deliveries that both bill."""
	return {name for name, _amount in first.bills} & {name for name, _amount in second.bills}


def _are_parts(first: InvoiceFact, second: InvoiceFact, worth: Mapping[str, Decimal]) -> bool:
	"""Return whether both bill equal parts of one order or delivery, two to twenty-four of which are the whole."""
	for name, amount in first.bills:
		if amount > 0 and (name, amount) in second.bills and name in worth:
			parts = worth[name] / amount
			if round(parts) in range(2, _PARTS + 1) and abs(parts - round(parts)) < parts / 100:
				return True
	return False


def _invoiced_twice(
	first: InvoiceFact,
	second: InvoiceFact,
	found: Sequence[_Entry],
	rarity: _Rarity,
	too_much: Collection[str],
) -> _Pair | None:
	if first.is_return and second.is_return and first.return_against != second.return_against:
		return None
	mine, yours = ({name for name, _amount in one.bills} for one in (first, second))
	shared = mine & yours
	if not shared.isdisjoint(too_much):
		return _Pair(first, second, SAME_BUSINESS, (", ".join(sorted(shared & set(too_much))),), True)
	if mine - yours and yours - mine:
		# Deliveries of their own, though it may be on one order.
		return None
	is_rare = rarity.is_rare((first, second))
	if first.reference and first.reference == second.reference:
		if is_rare or rarity.references[first.customer, first.reference] == 2:
			return _Pair(first, second, SAME_BUSINESS, (first.reference,), True)
	elif first.reference and second.reference:
		return None
	if is_rare:
		if shared:
			return _Pair(first, second, SAME_BUSINESS, (", ".join(sorted(shared)),), True)
		return _Pair(first, second, SAME_AMOUNT)
	if not shared and (days := rarity.rhythm((first, second), found)):
		return _Pair(first, second, OUT_OF_RHYTHM, (days,))
	return None


@control(
	"duplicate_receipt",
	name=marked("Possible Duplicate Receipt"),
	risk=marked("A receipt that is there twice hides what a customer still owes."),
	source=marked("Nigrini, Forensic Analytics (2020): same-same-same test; rarity by the Poisson mean"),
	mended=marked("One of both was cancelled."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.RECEIPTS,),
	parameters=(DAYS, RARE),
)
def duplicate_receipt(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield pairs of receipts with one reference; without references, of a rare amount that do not pay different invoices."""
	live = [one for one in facts.receipts if one.cancelled_on is None and one.amount > 0]
	rarity = _Rarity(live, *_settings(values))
	telling = _telling(live)
	for first, second, _found in chain(rarity.near(), rarity.named()):
		mine, yours = (one.reference if one.reference in telling else "" for one in (first, second))
		if mine and mine == yours:
			pair = _Pair(first, second, RECEIVED_TWICE, (mine,), True)
		elif (mine and yours) or _pay_apart(first, second):
			continue
		elif rarity.is_rare((first, second)):
			pair = _Pair(first, second, RECEIVED_RARE)
		else:
			continue
		yield _finding("duplicate_receipt", pair, second.base_amount)


def _telling(receipts: Iterable[ReceiptFact]) -> set[str]:
	"""Return the references that tell one receipt from others; what many name does not."""
	named = Counter(one.reference for one in receipts if one.reference)
	return {reference for reference, count in named.items() if count <= _FEW_RECEIPTS}


def _pay_apart(first: ReceiptFact, second: ReceiptFact) -> bool:
	"""Return whether both are used up, by different invoices."""
	mine, yours = ({part.invoice for part in one.allocations} for one in (first, second))
	return bool(mine and yours) and not mine & yours


def _finding(code: str, pair: _Pair, amount: Decimal) -> ControlFinding:
	first, second = pair.first, pair.second
	gap = (second.date - first.date).days
	return ControlFinding(
		code,
		finding_key(code, first.name, second.name),
		second.date,
		Because(pair.message, (first.name, second.name, abs(second.amount), gap, *pair.more)),
		FindingSeverity.HIGH if pair.is_sure else FindingSeverity.MEDIUM,
		documents((first, second)),
		amount,
		first.customer,
		second.owner,
	)
