"""Numbers of documents, however they are written: as keys that are the same for the same number.

A number has plain keys (its letters and digits in half-width capitals) and digit keys: all its digits, and those from each of
its groups on. "ＳINV-2026-00123" is plain SINV202600123, and by its digits 202600123, 2026|123, 00123 and 123, so that it meets
"2026/123" and "00123".
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"[A-Z0-9]+(?:[-/._\\#:][A-Z0-9]+)*")
_DATE = re.compile(
	r"(?<![\dA-Z])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?)(?!\d)"
)
_AMOUNT = re.compile(r"(?<![\dA-Z])\d{1,3}(?:[,.]\d{3})*[.,]\d{2}(?![\d])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEAST_DIGITS, _LEAST_DIGITS_IN_TEXT, _LEAST_OF_AN_END = 2, 3, 3
_LONGEST_TEXT = 500


class NumberKeys(NamedTuple):
	"""The keys of a text."""

	plain: frozenset[str]
	digits: frozenset[str]


def half_width(text: str) -> str:
	"""Return a text in half-width capitals."""
	return (text if text.isascii() else unicodedata.normalize("NFKC", text)).upper()


def letters_and_digits(text: str) -> str:
	"""Return the Latin letters and digits of a text in half-width capitals."""
	return re.sub(r"[^A-Z0-9]", "", half_width(text))


@lru_cache(maxsize=65536)
def keys_of_number(number: str) -> NumberKeys:
	"""Return the keys of a field that holds one number, or several."""
	written = half_width(number)[:_LONGEST_TEXT]
	whole = re.sub(r"[^A-Z0-9]", "", written)
	plain, digits = set(), set()
	if any(map(str.isdigit, whole)) and len(whole) <= 40:
		plain.add(whole)
	tokens = [token for token in _TOKEN.findall(written) if any(map(str.isdigit, token))]
	for token in tokens:
		bare = re.sub(r"[^A-Z0-9]", "", token)
		if len(bare) >= 3 or len(tokens) == 1:
			plain.add(bare)
		digits.update(_digit_keys(token, _LEAST_DIGITS))
	# A number of one digit is one only where nothing else is there.
	digits.update(key for key in plain if key.isdigit())
	return NumberKeys(frozenset(plain), frozenset(digits))


@lru_cache(maxsize=65536)
def keys_of_text(text: str) -> NumberKeys:
	"""Return the keys of what looks like a number in a text; dates and amounts are left out."""
	written = half_width(text[:_LONGEST_TEXT])
	written = _AMOUNT.sub(" ", _DATE.sub(" ", written))
	plain, digits = set(), set()
	for token in _TOKEN.findall(written):
		bare = re.sub(r"[^A-Z0-9]", "", token)
		count = sum(map(str.isdigit, bare))
		if count >= 3 and not _YEAR.fullmatch(bare) and len(bare) >= 4:
			plain.add(bare)
		if count >= _LEAST_DIGITS_IN_TEXT:
			digits.update(_digit_keys(token, _LEAST_DIGITS_IN_TEXT))
	return NumberKeys(frozenset(plain), frozenset(digits))


def _digit_keys(token: str, least: int) -> Iterator[str]:
	"""Yield the digits of a token, and those from each group on: as they stand, without zeros before, and group by group."""
	groups = re.findall(r"\d+", token)
	for start in range(len(groups)):
		rest = groups[start:]
		written = "".join(rest)
		# The end of a number is one only where it is long enough: not the 02 of 2026-02.
		if start and (len(written) < _LEAST_OF_AN_END or (len(rest) == 1 and _YEAR.fullmatch(written))):
			continue
		# With its zeros a group says more: 00102 is hardly another number, 102 may be.
		keys = {written, written.lstrip("0")}
		if len(rest) > 1:
			keys.add("|".join(group.lstrip("0") for group in rest))
		for key in keys:
			if len(key) >= least or (not start and key and len(written) >= least):
				yield key


def is_one_edit_apart(one: str, other: str) -> bool:
	"""Return whether one character put in, left out, changed, or two neighbours exchanged make one text the other."""
	if one == other:
		return False
	if len(one) > len(other):
		one, other = other, one
	if len(other) - len(one) > 1:
		return False
	start = 0
	while start < len(one) and one[start] == other[start]:
		start += 1
	if len(one) < len(other):
		return one[start:] == other[start + 1 :]
	return one[start + 1 :] == other[start + 1 :] or (
		one[start + 2 :] == other[start + 2 :] and one[start : start + 2] == other[start : start + 2][::-1]
	)


def one_left_out(text: str) -> set[str]:
	"""Return the text and each text that it is with one character left out: texts one edit apart share one of them."""
	return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}
