"""Month ends as they were stored, and a recomputation that names the vouchers which make it differ.

	MeasuredKpis -> MonthEnd (values, inputs, rows) -> text that is kept -> later: compare with what the ledger says now

A voucher posted, cancelled or re-allocated into a closed month changes what that month was; a stored KPI does not change, but says so.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.kpis.inputs import InputRow
from client_ledger.core.kpis.measure import MeasuredKpis
from client_ledger.core.kpis.rows import Window
from client_ledger.core.money import ZERO

# Rows that follow from others are left out of what is stored.
_REPEATED = ("owed:", "aged:", "outstanding_")
_MONTHLY = "sales:"
_RowKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class MonthEnd:
	"""The KPIs of a month end. values: by key, None where there was none. rows: amount by (input, voucher, term)."""

	window: Window
	values: dict[str, Decimal | None]
	rows: dict[_RowKey, Decimal]

	def as_text(self) -> str:
		"""Return the text to keep: the same figures give the same text."""
		values = {
			"as_of": self.window.as_of.isoformat(),
			"months": self.window.months,
			"values": {
				key: None if value is None else str(value) for key, value in sorted(self.values.items())
			},
			"rows": [[*key, str(amount)] for key, amount in sorted(self.rows.items())],
		}
		packed = gzip.compress(json.dumps(values, ensure_ascii=False).encode(), mtime=0)
		return base64.b64encode(packed).decode("ascii")

	@property
	def fingerprint(self) -> str:
		"""Return a hash of the figures, for a quick comparison."""
		return hashlib.sha256(self.as_text().encode()).hexdigest()

	@classmethod
	def from_text(cls, text: str) -> "MonthEnd":
		"""Return the month end that `as_text` gave. Raises ValueError for another text."""
		try:
			values = json.loads(gzip.decompress(base64.b64decode(text, validate=True)))
			window = Window(date.fromisoformat(values["as_of"]), values["months"])
			kept = {key: None if value is None else Decimal(value) for key, value in values["values"].items()}
			rows = {tuple(key): Decimal(amount) for *key, amount in values["rows"]}
		except (OSError, EOFError, KeyError, TypeError, ArithmeticError) as error:
			raise ValueError(f"this is no stored month end: {error}") from error
		return cls(window, kept, rows)


class VoucherChange(NamedTuple):
	"""What a voucher adds to an input now, and what it added when the month end was stored; 0 where it adds nothing."""

	input: str
	voucher: str
	term: str
	stored: Decimal
	now: Decimal


@dataclass(frozen=True, slots=True)
class Recomputation:
	"""A month end against what the ledger says now. values: of the KPIs that differ, (stored, now). vouchers: that make them differ."""

	as_of: date
	values: dict[str, tuple[Decimal | None, Decimal | None]]
	vouchers: list[VoucherChange]

	@property
	def differs(self) -> bool:
		"""True where anything is not as it was."""
		return bool(self.values or self.vouchers)


def month_end(measured: MeasuredKpis) -> MonthEnd:
	"""Return what is stored of KPIs."""
	return MonthEnd(
		measured.window,
		{kpi.definition.key: kpi.shown for kpi in measured.kpis},
		_amounts(measured.rows, measured.window.months),
	)


def _amounts(rows: Iterable[InputRow], months: int) -> dict[_RowKey, Decimal]:
	"""Return what is stored of rows: the sales of months before the window as a sum, those of the window by voucher once."""
	found: dict[_RowKey, Decimal] = {}
	for row in rows:
		if row.input.startswith(_REPEATED):
			continue
		key = (row.input, row.voucher, row.term)
		if row.input.startswith(_MONTHLY):
			if int(row.input.removeprefix(_MONTHLY)) < months:
				continue
			key = (row.input, "", "")
		found[key] = found.get(key, ZERO) + row.amount
	return found


def recompute(stored: MonthEnd, now: MeasuredKpis) -> Recomputation:
	"""Compare a stored month end with the same window measured now. Raises ValueError for another window."""
	if stored.window != now.window:
		raise ValueError(f"stored is {stored.window}, measured was {now.window}")
	fresh = month_end(now)
	values = {
		key: (stored.values.get(key), value)
		for key, value in fresh.values.items()
		if stored.values.get(key) != value
	}
	vouchers = [
		VoucherChange(*key, stored.rows.get(key, ZERO), fresh.rows.get(key, ZERO))
		for key in sorted({*stored.rows, *fresh.rows})
		if stored.rows.get(key, ZERO) != fresh.rows.get(key, ZERO)
	]
	return Recomputation(stored.window.as_of, values, vouchers)
