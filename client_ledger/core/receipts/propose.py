"""Proposes customer and items for each receipt, in passes over all of them: what is sure takes its items first."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.receipts.items import (
	AnnouncedPayment,
	IncomingReceipt,
	OpenAmounts,
	PayableItem,
	PayerIdentity,
	ProposedPayment,
	ProposedPayments,
	ReceiptPass,
	ReceiptSettings,
)
from client_ledger.core.receipts.mentions import Mention, Mentions
from client_ledger.core.receipts.payers import KnownPayer, PayerProof, Payers
from client_ledger.core.reconciliation.matches import Because, Confidence
from client_ledger.core.reconciliation.numbers import letters_and_digits
from client_ledger.core.reconciliation.pool import is_round, units_of
from client_ledger.core.reconciliation.subset_sum import chance, find_subsets

# An invoice may be dated a little after the money for it.
_AHEAD = timedelta(days=3)
_MOST_SEARCHED, _MOST_OF_SUM, _MOST_NAMED, _MOST_CREDITS = 26, 6, 40, 3
_SURE_CHANCE, _LIKELY_CHANCE = 0.0005, 0.02


@dataclass(frozen=True, slots=True)
class _Case:
	"""A receipt with what is known of it."""

	receipt: IncomingReceipt
	payer: KnownPayer
	mentions: tuple[Mention, ...]
	structured: tuple[PayableItem, ...]


@dataclass(frozen=True, slots=True)
class _Found:
	"""What a pass says of a case.

	withheld: a discount or fee, taken off the last of the items. amounts: what is paid of each item by its id, else all.
	"""

	items: tuple[PayableItem, ...]
	confidence: Confidence
	reason: Because
	found_by: ReceiptPass
	withheld: Decimal = ZERO
	amounts: Mapping[str, Decimal] | None = None
	advice: str = ""


def propose(
	receipts: Sequence[IncomingReceipt],
	items: Sequence[PayableItem],
	advices: Sequence[AnnouncedPayment] = (),
	payers: Iterable[PayerIdentity] = (),
	settings: ReceiptSettings | None = None,
) -> ProposedPayments:
	"""Return a proposal for each receipt that one can be made for. An item is proposed once. Raises ValueError for ids given twice."""
	for given in (receipts, items, advices):
		if len({one.id for one in given}) != len(given):
			raise ValueError("an id is given twice")
	return _Proposer(receipts, items, advices, payers, settings or ReceiptSettings()).run()


class _Proposer:
	def __init__(
		self,
		receipts: Sequence[IncomingReceipt],
		items: Sequence[PayableItem],
		advices: Sequence[AnnouncedPayment],
		payers: Iterable[PayerIdentity],
		settings: ReceiptSettings,
	):
		self.settings, self.open = settings, OpenAmounts.of(items)
		known, mentions = Payers(payers), Mentions(items)
		self.cases = []
		for receipt in sorted(receipts, key=lambda one: (one.date, one.id)):
			text = f"{receipt.text} {receipt.payer_name}"
			self.cases.append(
				_Case(
					receipt,
					known.of(receipt),
					tuple(mentions.named(receipt.text)),
					tuple(mentions.structured(text)),
				)
			)
		self.by_customer: dict[tuple[str, str], list[PayableItem]] = defaultdict(list)
		self.by_amount: dict[tuple[str, Decimal], list[PayableItem]] = defaultdict(list)
		for item in sorted(items, key=lambda one: (one.due_date or one.date, one.date, one.id)):
			self.by_customer[item.customer, item.currency].append(item)
			self.by_amount[item.currency, item.outstanding].append(item)
		self.advices_of: dict[tuple[str, str], list[AnnouncedPayment]] = defaultdict(list)
		self.advices_by_reference: dict[str, list[AnnouncedPayment]] = defaultdict(list)
		for advice in advices:
			self.advices_of[advice.customer, advice.currency].append(advice)
			self.advices_by_reference[letters_and_digits(advice.reference)].append(advice)
		self.advice_amounts = Counter((advice.customer, advice.currency, advice.amount) for advice in advices)
		self.used_advices: set[str] = set()
		self.done: dict[str, ProposedPayment] = {}
		self.bounded: dict[str, IncomingReceipt] = {}

	def run(self) -> ProposedPayments:
		"""Run the passes."""
		passes: tuple[Callable[[_Case], _Found | None], ...] = (
			self._structured,
			self._advice,
			self._numbers,
			self._numbers_less,
			self._one_amount,
			self._all_open,
			self._discount,
			self._sum,
			self._fee,
			self._part,
		)
		for is_last in (False, True):
			for one_pass in passes:
				for case in self.cases:
					if case.receipt.id in self.done or case.receipt.amount <= 0:
						continue
					found = one_pass(case)
					# What is not sure waits until all that is sure has taken its items.
					if found and (is_last or found.confidence is Confidence.SURE):
						self._keep(case, found)
		for case in self.cases:
			if case.receipt.id not in self.done and case.payer.customer and case.receipt.amount > 0:
				self._keep_payer(case)
		left = tuple(case.receipt for case in self.cases if case.receipt.id not in self.done)
		made = tuple(self.done[case.receipt.id] for case in self.cases if case.receipt.id in self.done)
		bounded = tuple(one for one in self.bounded.values() if one.id not in self.done)
		return ProposedPayments(made, left, bounded)

	# What a pass may take

	def _may_pay(self, receipt: IncomingReceipt, item: PayableItem) -> bool:
		return (
			item.currency == receipt.currency
			and item.date <= receipt.date + _AHEAD
			and self.open.is_open(item)
		)

	def _open_of(self, case: _Case) -> list[PayableItem]:
		"""Return the open items of the payer, the oldest due first."""
		if not case.payer.customer:
			return []
		items = self.by_customer.get((case.payer.customer, case.receipt.currency), ())
		return [item for item in items if self._may_pay(case.receipt, item)]

	def _named(self, case: _Case) -> dict[str, list[Mention]]:
		"""Return the open items that the text names, by customer: the payer's alone where the payer is known."""
		found: dict[str, list[Mention]] = defaultdict(list)
		for mention in case.mentions[:200]:
			customer = mention.item.customer
			if case.payer.proof is PayerProof.CONFIRMED and customer != case.payer.customer:
				continue
			# Of a stranger's text, few digits say nothing.
			if mention.strength == 1 and customer != case.payer.customer:
				continue
			if self._may_pay(case.receipt, mention.item):
				found[customer].append(mention)
		return found

	# Passes

	def _structured(self, case: _Case) -> _Found | None:
		items = tuple(item for item in case.structured if self._may_pay(case.receipt, item))
		if not items or len({item.customer for item in items}) != 1:
			return None
		total = sum((item.outstanding for item in items), ZERO)
		reason = Because(marked("The reference of {0} is in the text."), (_numbers_of(items),))
		if total == case.receipt.amount:
			return _Found(items, Confidence.SURE, reason, ReceiptPass.STRUCTURED)
		less = self._allowed(case.receipt, items, total - case.receipt.amount)
		if less:
			return _Found(items, Confidence.SURE, reason, ReceiptPass.STRUCTURED, total - case.receipt.amount)
		return _Found(items, Confidence.LIKELY, reason, ReceiptPass.STRUCTURED) if total > 0 else None

	def _advice(self, case: _Case) -> _Found | None:
		receipt, text = case.receipt, letters_and_digits(case.receipt.text)
		for advice in self._advices_for(case):
			if advice.id in self.used_advices or advice.currency != receipt.currency:
				continue
			if abs((receipt.date - advice.date).days) > self.settings.advice_days:
				continue
			if case.payer.proof and case.payer.customer != advice.customer:
				continue
			reference = letters_and_digits(advice.reference)
			# A word alone is in many texts.
			is_named = len(reference) >= 5 and any(map(str.isdigit, reference)) and reference in text
			shortfall = advice.amount - receipt.amount
			if shortfall and not (is_named and self._is_fee(receipt, shortfall)):
				continue
			amounts = {
				name: min(amount, self.open.items[name].outstanding)
				for name, amount in advice.items
				if name in self.open.items and self._may_pay(receipt, self.open.items[name])
			}
			if not amounts or len(amounts) != len(advice.items):
				continue
			items, total = tuple(self.open.items[name] for name in amounts), sum(amounts.values(), ZERO)
			is_only = self.advice_amounts[advice.customer, advice.currency, advice.amount] == 1
			is_sure = total == advice.amount and (is_named or (case.payer.proof and is_only))
			if not is_sure and not case.payer.proof and not is_named:
				continue
			self.used_advices.add(advice.id)
			reason = Because(marked("The customer announced this payment on {0}."), (advice.date,))
			confidence = Confidence.SURE if is_sure else Confidence.LIKELY
			withheld = max(total - receipt.amount, ZERO)
			return _Found(items, confidence, reason, ReceiptPass.ADVICE, withheld, amounts, advice.id)
		return None

	def _advices_for(self, case: _Case) -> list[AnnouncedPayment]:
		"""Return the advices of the payer, those first whose reference the text has; a stranger has only these."""
		words = {letters_and_digits(word) for word in case.receipt.text.split()}
		named = [advice for word in sorted(words) for advice in self.advices_by_reference.get(word, ())]
		own = self.advices_of.get((case.payer.customer or "", case.receipt.currency), ())
		return [*named, *(advice for advice in own if advice not in named)]

	def _numbers(self, case: _Case) -> _Found | None:
		found = []
		for customer, mentions in self._named(case).items():
			for chosen in self._that_make_up(case.receipt.amount, mentions):
				found.append((customer, chosen))
				break
		found = _best_of(found, case)
		if found is None:
			return None
		is_sure = self._is_sure_of_numbers(case, found)
		reason = Because(
			marked("{0} in the text, and the amount is theirs."), (_numbers_of(m.item for m in found),)
		)
		confidence = Confidence.SURE if is_sure else Confidence.LIKELY
		return _Found(tuple(m.item for m in found), confidence, reason, ReceiptPass.NUMBERS)

	def _that_make_up(self, amount: Decimal, mentions: Sequence[Mention]) -> Iterable[list[Mention]]:
		"""Yield the named items that make up an amount: all of them, the well named, one, or the only choice of several."""
		strong = [mention for mention in mentions if mention.strength > 1]
		for group in (list(mentions), strong):
			if group and sum((mention.item.outstanding for mention in group), ZERO) == amount:
				yield group
		for mention in mentions:
			if mention.item.outstanding == amount:
				yield [mention]
		positive = [mention for mention in mentions if mention.item.outstanding > 0][:_MOST_NAMED]
		if len(positive) > 2:
			units = [units_of(mention.item.outstanding) for mention in positive]
			only = find_subsets(units, units_of(amount), 0, len(units), 5_000).only
			if only:
				yield [positive[i] for i in only]

	def _is_sure_of_numbers(self, case: _Case, found: Sequence[Mention]) -> bool:
		if all(mention.strength > 1 for mention in found):
			return True
		return bool(case.payer.proof) and found[0].item.customer == case.payer.customer

	def _numbers_less(self, case: _Case) -> _Found | None:
		choices = []
		for mentions in self._named(case).values():
			strong = [m for m in mentions if m.strength > 1] or mentions
			for group in (mentions, strong):
				items = tuple(mention.item for mention in group)
				short = sum((item.outstanding for item in items), ZERO) - case.receipt.amount
				if short > 0 and self._allowed(case.receipt, items, short):
					choices.append((group, items, short))
					break
		if len({items for _group, items, _short in choices}) != 1:
			return None
		group, items, short = choices[0]
		is_sure = all(m.strength > 1 for m in group) or case.payer.customer == items[0].customer
		reason = Because(
			marked("{0} in the text; the receipt is {1} less, a discount or a fee."),
			(_numbers_of(items), short),
		)
		confidence = Confidence.SURE if is_sure else Confidence.LIKELY
		return _Found(items, confidence, reason, ReceiptPass.NUMBERS_LESS, short)

	def _one_amount(self, case: _Case) -> _Found | None:
		receipt = case.receipt
		items = [
			item
			for item in self.by_amount.get((receipt.currency, receipt.amount), ())
			if self._may_pay(receipt, item)
		]
		own = [item for item in items if item.customer == case.payer.customer]
		if case.payer.customer:
			if not own:
				return None
			is_only = len(own) == 1
			is_telling = not is_round(units_of(receipt.amount)) or case.payer.proof is PayerProof.CONFIRMED
			reason = Because(marked("The amount is that of {0}."), (own[0].number,))
			sure = is_only and is_telling and not self._names_others(case, own)
			return _Found((own[0],), _sure_if(sure), reason, ReceiptPass.ONE_AMOUNT)
		if len(items) == 1 and not is_round(units_of(receipt.amount)):
			reason = Because(marked("Only {0} has this amount."), (items[0].number,))
			return _Found((items[0],), Confidence.LIKELY, reason, ReceiptPass.ONE_AMOUNT)
		return None

	def _names_others(self, case: _Case, chosen: Sequence[PayableItem]) -> bool:
		"""Return whether the text well names items that are not among those chosen."""
		ids = {item.id for item in chosen}
		return any(m.strength > 1 and m.item.id not in ids for m in case.mentions)

	def _all_open(self, case: _Case) -> _Found | None:
		items = self._open_of(case)
		total = ZERO
		due = [item for item in items if item.due_date and item.due_date <= case.receipt.date]
		reason = Because(marked("The amount is all that was open."))
		if len(items) > 1 and sum((item.outstanding for item in items), ZERO) == case.receipt.amount:
			return _Found(tuple(items), Confidence.SURE, reason, ReceiptPass.ALL_OPEN)
		if 1 < len(due) < len(items) and sum((item.outstanding for item in due), ZERO) == case.receipt.amount:
			reason = Because(marked("The amount is all that was due."))
			return _Found(tuple(due), Confidence.SURE, reason, ReceiptPass.ALL_OPEN)
		for place, item in enumerate(items):
			total += item.outstanding
			if place and total == case.receipt.amount:
				reason = Because(marked("The amount is that of the {0} oldest."), (place + 1,))
				units = [abs(units_of(one.outstanding)) for one in items[: place + 1]]
				is_chance = len(items) * chance(units[:2], units_of(total), 2) > _SURE_CHANCE * 4
				return _Found(
					tuple(items[: place + 1]), _sure_if(not is_chance), reason, ReceiptPass.ALL_OPEN
				)
		return None

	def _discount(self, case: _Case) -> _Found | None:
		fits = [
			item
			for item in self._open_of(case)
			if item.discount > 0
			and self._has_discount(case.receipt, item)
			and item.outstanding - item.discount == case.receipt.amount
		]
		if len(fits) != 1:
			return None
		reason = Because(marked("The amount is that of {0} less its cash discount."), (fits[0].number,))
		return _Found(tuple(fits), Confidence.SURE, reason, ReceiptPass.DISCOUNT, fits[0].discount)

	def _sum(self, case: _Case) -> _Found | None:
		items = self._open_of(case)
		found = self._sum_of(case, items, {item.id: item.outstanding for item in items})
		discounts = {
			item.id: item.discount
			for item in items
			if item.discount > 0 and self._has_discount(case.receipt, item)
		}
		if found or not discounts:
			return found
		net = {item.id: item.outstanding - discounts.get(item.id, ZERO) for item in items}
		found = self._sum_of(case, items, net)
		if found is None:
			return None
		withheld = sum((discounts.get(item.id, ZERO) for item in found.items), ZERO)
		return replace(found, confidence=Confidence.LIKELY, withheld=withheld)

	def _sum_of(
		self, case: _Case, items: Sequence[PayableItem], values: Mapping[str, Decimal]
	) -> _Found | None:
		"""Return the only items whose *values* add up to the receipt, None where there are several, or it may be chance."""
		credit = sum((-item.outstanding for item in items if item.outstanding < 0), ZERO)
		items = [item for item in items if values[item.id] <= case.receipt.amount + credit]
		credits = [item for item in items if item.outstanding < 0][:_MOST_CREDITS]
		positive = [item for item in items if item.outstanding > 0]
		# Those due around the day are the likely ones.
		positive.sort(
			key=lambda item: (abs(((item.due_date or item.date) - case.receipt.date).days), item.id)
		)
		positive = positive[:_MOST_SEARCHED]
		if not positive:
			return None
		units = [units_of(values[item.id]) for item in positive]
		solutions: list[tuple[PayableItem, ...]] = []
		odds = 0.0
		for taken in _subsets(credits):
			target = units_of(case.receipt.amount) - sum(units_of(item.outstanding) for item in taken)
			if taken:
				solutions += [
					(item, *taken) for item, amount in zip(positive, units, strict=True) if amount == target
				]
			sizes = range(_MOST_OF_SUM, 1, -1)
			most = next((size for size in sizes if chance(units, target, size) <= _LIKELY_CHANCE), 0)
			if not most or len(positive) < 2:
				continue
			odds += chance(units, target, most)
			found = find_subsets(units, target, 0, most, self.settings.most_steps)
			if found.is_bounded:
				self.bounded[case.receipt.id] = case.receipt
				return None
			solutions += [(*(positive[i] for i in places), *taken) for places in found.found]
		if len(solutions) != 1:
			return None
		reason = Because(marked("{0} items of the customer make up the amount."), (len(solutions[0]),))
		sure = (
			odds <= _SURE_CHANCE
			and not is_round(units_of(case.receipt.amount))
			and not self._names_others(case, solutions[0])
		)
		return _Found(solutions[0], _sure_if(sure), reason, ReceiptPass.SUM)

	def _fee(self, case: _Case) -> _Found | None:
		fits = [
			item
			for item in self._open_of(case)
			if self._is_fee(case.receipt, item.outstanding - case.receipt.amount)
		]
		if len(fits) != 1:
			return None
		short = fits[0].outstanding - case.receipt.amount
		reason = Because(marked("The receipt is {0} below {1}, as a bank's fee is."), (short, fits[0].number))
		return _Found(tuple(fits), Confidence.LIKELY, reason, ReceiptPass.FEE, short)

	def _part(self, case: _Case) -> _Found | None:
		named = self._named(case)
		mentions = named.get(case.payer.customer) if case.payer.customer else None
		if mentions is None and len(named) == 1:
			mentions = next(iter(named.values()))
		if not mentions:
			return None
		strong = [mention for mention in mentions if mention.strength == mentions[0].strength]
		items = tuple(mention.item for mention in strong if mention.item.outstanding > 0)
		if not items:
			return None
		reason = Because(marked("{0} in the text, with another amount."), (_numbers_of(items),))
		return _Found(items, Confidence.LIKELY, reason, ReceiptPass.PART)

	# Discounts and fees

	def _has_discount(self, receipt: IncomingReceipt, item: PayableItem) -> bool:
		late = timedelta(days=self.settings.late_discount_days)
		return item.discount_until is None or receipt.date <= item.discount_until + late

	def _is_fee(self, receipt: IncomingReceipt, short: Decimal) -> bool:
		most = min(self.settings.fee_share * receipt.amount, self.settings.fee_amount)
		return 0 < short <= most

	def _allowed(self, receipt: IncomingReceipt, items: Sequence[PayableItem], short: Decimal) -> bool:
		"""Return whether *short* is a discount these items allow, of all or some of them, or a fee, or both."""
		discounts = [
			item.discount for item in items if item.discount > 0 and self._has_discount(receipt, item)
		]
		if short in (sum(discounts, ZERO), *discounts):
			return short > 0
		if 1 < len(discounts) <= 12:
			units = [units_of(amount) for amount in discounts]
			if find_subsets(units, units_of(short), 0, len(units), 2_000).found:
				return True
		return self._is_fee(receipt, short)

	# Keeping

	def _keep(self, case: _Case, found: _Found) -> None:
		receipt, left = case.receipt, case.receipt.amount + found.withheld
		allocations = []
		# Credit notes first: they add to what the receipt can pay.
		for item in sorted(found.items, key=lambda one: one.outstanding > 0):
			most = found.amounts[item.id] if found.amounts else item.outstanding
			amount = min(most, left) if item.outstanding > 0 else item.outstanding
			if amount:
				allocations.append((item.id, amount))
				left -= amount
		self.open.take(allocations)
		self.done[receipt.id] = ProposedPayment(
			receipt,
			found.items[0].customer,
			tuple(allocations),
			found.found_by,
			found.confidence,
			found.reason,
			found.withheld,
			left,
			found.advice,
		)

	def _keep_payer(self, case: _Case) -> None:
		reason = Because(marked("The payer is known, but no open item fits the amount."))
		self.done[case.receipt.id] = ProposedPayment(
			case.receipt,
			case.payer.customer,
			(),
			ReceiptPass.PAYER,
			Confidence.POSSIBLE,
			reason,
			ZERO,
			case.receipt.amount,
		)


def _sure_if(is_sure: object) -> Confidence:
	return Confidence.SURE if is_sure else Confidence.LIKELY


def _numbers_of(items: Iterable[PayableItem]) -> str:
	numbers = [item.number for item in items]
	return ", ".join(numbers[:4]) + (" …" if len(numbers) > 4 else "")


def _best_of(found: Sequence[tuple[str, list[Mention]]], case: _Case) -> list[Mention] | None:
	"""Return what the payer is named with, else what only one customer is."""
	own = [mentions for customer, mentions in found if customer == case.payer.customer]
	if own:
		return own[0]
	return found[0][1] if len(found) == 1 else None


def _subsets(items: Sequence[PayableItem]) -> Iterable[tuple[PayableItem, ...]]:
	"""Yield every choice of a few items, none first."""
	for bits in range(1 << len(items)):
		yield tuple(item for place, item in enumerate(items) if bits >> place & 1)
