"""The rows of a month by input, each set as a text that is kept: what a drill-down reads, and what a later recomputation compares.

A set is read alone: whoever asks what DSO is made of reads sales and open items, and not who settled what.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from client_ledger.core.kpis.inputs import InputRow
from client_ledger.core.kpis.month_ends import VoucherChange
from client_ledger.core.kpis.months import FLOWS
from client_ledger.core.money import ZERO

# Sets that follow from others: who owes and how old it is from what is receivable, the sales of a month from its sales.
_REPEATED = ("owed:", "aged:", "sales:")
_RowKey = tuple[str, str]
# Rows that are sums of a customer and a day, and bear their names.
OF_A_DAY = ("received", "written_off")
# What a receivable row is, too.
OPEN_INPUT = "receivable"


class RowSet(NamedTuple):
	"""The rows of an input, kept. total: their sum. fingerprint: of the text."""

	input: str
	number: int
	total: Decimal
	text: str
	fingerprint: str


def is_kept(name: str) -> bool:
	"""Return whether the rows of an input are kept: others follow from those."""
	return not name.startswith(_REPEATED)


def row_sets(rows: Iterable[InputRow]) -> list[RowSet]:
	"""Return the sets to keep, by input. The same rows give the same texts, in whatever order they come."""
	by_input: dict[str, list[InputRow]] = {}
	for row in rows:
		if is_kept(row.input):
			by_input.setdefault(row.input, []).append(row)
	return [_set(name, sorted(by_input[name])) for name in sorted(by_input)]


def packed(values: object) -> str:
	"""Return plain values as a text to keep: the same values give the same text."""
	plain = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
	return base64.b64encode(gzip.compress(plain.encode(), mtime=0)).decode("ascii")


def unpacked(text: str) -> Any:
	"""Return the values that `packed` was given. Raises ValueError for another text."""
	try:
		return json.loads(gzip.decompress(base64.b64decode(text, validate=True)))
	except (OSError, EOFError) as error:
		raise ValueError(f"this was not kept by packed: {error}") from error


def _set(name: str, rows: Sequence[InputRow]) -> RowSet:
	plain = [[row.voucher, row.term, row.customer, row.day.isoformat(), str(row.amount)] for row in rows]
	text = packed(plain)
	total = sum((row.amount for row in rows), ZERO)
	return RowSet(name, len(rows), total, text, hashlib.sha256(text.encode()).hexdigest())


def rows_of(name: str, text: str) -> Iterator[InputRow]:
	"""Yield the rows of a kept set. Raises ValueError for a text that is none."""
	try:
		for voucher, term, customer, day, amount in unpacked(text):
			yield InputRow(name, voucher, customer, date.fromisoformat(day), Decimal(amount), term)
	except (TypeError, ArithmeticError) as error:
		raise ValueError(f"these are no rows of an input: {error}") from error


def set_names(inputs: Iterable[str]) -> list[str]:
	"""Return which kept sets tell what *inputs* are made of. What customers owe is told by the open items, older sales by no set."""
	found = []
	for name in inputs:
		kept = OPEN_INPUT if name.startswith(("owed:", "aged:")) else name
		if is_kept(kept) and kept not in ("days", "months") and not kept.startswith("days:"):
			found.append(kept)
	return list(dict.fromkeys(found))


def is_flow(name: str) -> bool:
	"""Return whether the rows of an input add up over the months of a window."""
	return name in FLOWS


def changed_rows(name: str, stored: Iterable[InputRow], now: Iterable[InputRow]) -> list[VoucherChange]:
	"""Return the vouchers that add something else to an input now than they did when it was stored, by voucher and term."""
	before, after = _sums(stored), _sums(now)
	return [
		VoucherChange(name, *key, before.get(key, ZERO), after.get(key, ZERO))
		for key in sorted({*before, *after})
		if before.get(key, ZERO) != after.get(key, ZERO)
	]


def _sums(rows: Iterable[InputRow]) -> Mapping[_RowKey, Decimal]:
	found: dict[_RowKey, Decimal] = {}
	for row in rows:
		key = (row.voucher, row.term)
		found[key] = found.get(key, ZERO) + row.amount
	return found
