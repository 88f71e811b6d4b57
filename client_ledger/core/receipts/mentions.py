"""Which items a text names: by structured reference (ISO 11649), by their numbers, by the ends of their numbers."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from client_ledger.core.receipts.items import PayableItem
from client_ledger.core.reconciliation.numbers import (
	half_width,
	keys_of_number,
	keys_of_text,
	letters_and_digits,
)

_STRUCTURED = re.compile(r"RF(\d\d)((?:[ -]?[A-Z0-9]){1,40})")
_BREAK = re.compile(r"(?<=\d) (?=\d)")
_LONGEST_REFERENCE = 21
_LEAST_OF_A_GROUP = 3
_SURE_LENGTH = 5


class Mention(NamedTuple):
	"""An item that a text names. strength: 3 for its whole number, 2 for many of its digits, 1 for few."""

	item: PayableItem
	strength: int


def creditor_reference(number: str) -> str:
	"""Return the ISO 11649 reference of a number: RF, two check digits, its letters and digits.

	Raises ValueError for a number without any, or with more than 21.
	"""
	content = letters_and_digits(number)
	if not 0 < len(content) <= _LONGEST_REFERENCE:
		raise ValueError(f"no reference can be made of {number!r}")
	return f"RF{98 - _remainder(content + 'RF00'):02d}{content}"


def is_creditor_reference(text: str) -> bool:
	"""Return whether a text is such a reference, with the right check digits."""
	compact = letters_and_digits(text)
	return bool(re.fullmatch(r"RF\d\d[A-Z0-9]{1,21}", compact)) and _remainder(compact[4:] + compact[:4]) == 1


def _remainder(text: str) -> int:
	return int("".join(str(int(c, 36)) for c in text)) % 97


class Mentions:
	"""Finds the items that texts name."""

	def __init__(self, items: Iterable[PayableItem]):
		self._plain: dict[str, list[PayableItem]] = defaultdict(list)
		self._digits: dict[str, list[PayableItem]] = defaultdict(list)
		self._structured: dict[str, list[PayableItem]] = defaultdict(list)
		for item in items:
			self._structured[letters_and_digits(item.number).lstrip("0")].append(item)
			for number in (item.number, *item.references):
				keys = keys_of_number(number)
				for key in keys.plain:
					self._plain[key].append(item)
				for key in keys.digits:
					self._digits[key].append(item)

	def structured(self, text: str) -> list[PayableItem]:
		"""Return the items whose reference stands in a text with valid check digits."""
		found: dict[str, PayableItem] = {}
		for match in _STRUCTURED.finditer(half_width(text)):
			content = letters_and_digits(match.group(2))
			for length in range(min(len(content), _LONGEST_REFERENCE), 0, -1):
				reference = f"RF{match.group(1)}{content[:length]}"
				items = self._structured.get(content[:length].lstrip("0"), ())
				if items and is_creditor_reference(reference):
					found.update((item.id, item) for item in items)
					break
		return list(found.values())

	def named(self, text: str) -> list[Mention]:
		"""Return the items that a text names, the best named first."""
		best: dict[str, Mention] = {}

		def add(items: Iterable[PayableItem], strength: int) -> None:
			for item in items:
				if item.id not in best or best[item.id].strength < strength:
					best[item.id] = Mention(item, strength)

		# Banks break lines within numbers.
		for written in dict.fromkeys((text, _BREAK.sub("", text))):
			self._add_named(written, add)
		return sorted(
			best.values(), key=lambda mention: (-mention.strength, mention.item.date, mention.item.id)
		)

	def _add_named(self, text: str, add: Callable[[Iterable[PayableItem], int], None]) -> None:
		keys = keys_of_text(text)
		for key in keys.plain:
			add(self._plain.get(key, ()), 3)
		groups = set(re.findall(r"\d+", half_width(text)))
		for key in keys.digits | {group for group in groups if len(group) >= _LEAST_OF_A_GROUP}:
			short = key.lstrip("0")
			strength = 2 if len(key) >= _SURE_LENGTH else 1
			add(self._digits.get(key, ()), strength)
			if short != key:
				add(self._digits.get(short, ()), strength)
