"""The figures of a statement: everything that it states, and nothing about how it looks.

	ledger of each customer -> build.py -> StatementFigures -> paper, or kept as JSON

Kept as JSON they are exact for good: amounts are texts, the order is fixed, what was written is read back equal.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from client_ledger.core.ageing import DEFAULT_RANGES, Ageing
from client_ledger.core.movements import Opening
from client_ledger.core.statements import stored
from client_ledger.core.statements.parts import BankDetails, Coverage, StatedAmountDue, StatedItem, StatedLine

# Of the JSON; figures that were kept with an earlier one stay readable.
VERSION = 1


@dataclass(frozen=True, slots=True)
class StatementFigures:
	"""What a statement states, from `from_date` (None: the ledger's beginning) to `as_of`.

	customer: whom it is made out to. customers: whose ledgers it holds, the first of them that customer, with their names.
	currency: None where it is of all currencies. ageing: of what is open, per currency; base_ageing in company currency.
	lines: the movements, oldest first; none where only open items are covered. open_items: all of them, whatever is covered.
	"""

	customer: str
	customer_name: str
	customers: tuple[tuple[str, str], ...]
	company: str
	company_currency: str
	currency: str | None
	coverage: Coverage
	from_date: date | None
	as_of: date
	opening: Opening
	lines: tuple[StatedLine, ...]
	closing: Opening
	open_items: tuple[StatedItem, ...]
	ageing: Mapping[str, Ageing]
	base_ageing: Ageing
	due: tuple[StatedAmountDue, ...] = ()
	bank: BankDetails | None = None

	@property
	def open_only(self) -> bool:
		"""True where only open items are listed."""
		return self.coverage is Coverage.OPEN_ITEMS

	@property
	def currencies(self) -> list[str]:
		"""Currencies of the balances, the company's own first."""
		found = {*self.closing.by_currency, *self.opening.by_currency}
		found = found or {self.currency or self.company_currency}
		return sorted(found, key=lambda currency: (currency != self.company_currency, currency))

	@property
	def has_base(self) -> bool:
		"""True where company currency has to be shown beside the amounts."""
		return self.currencies != [self.company_currency]

	@property
	def is_group(self) -> bool:
		"""True where the ledgers of several customers are in it."""
		return len(self.customers) > 1

	@property
	def is_empty(self) -> bool:
		"""True where there is nothing to state: no movement, nothing open, no balance."""
		balances = (*self.opening.by_currency.values(), *self.closing.by_currency.values())
		return not (self.lines or self.open_items or any(balances))

	def to_dict(self) -> dict[str, Any]:
		"""Return the figures as what JSON can hold."""
		return {
			"version": VERSION,
			"customer": self.customer,
			"customer_name": self.customer_name,
			"customers": [{"customer": name, "customer_name": title} for name, title in self.customers],
			"company": self.company,
			"company_currency": self.company_currency,
			"currency": self.currency,
			"coverage": self.coverage.value,
			"from_date": self.from_date.isoformat() if self.from_date else None,
			"as_of": self.as_of.isoformat(),
			"opening": stored.balance(self.opening),
			"lines": [stored.record(line) for line in self.lines],
			"closing": stored.balance(self.closing),
			"open_items": [stored.record(item) for item in self.open_items],
			"ageing": {
				"ranges": list(DEFAULT_RANGES),
				"by_currency": {name: stored.ageing(self.ageing[name]) for name in sorted(self.ageing)},
				"base": stored.ageing(self.base_ageing),
			},
			"due": [stored.record(due) for due in self.due],
			"bank": stored.record(self.bank) if self.bank else None,
		}

	@classmethod
	def from_dict(cls, data: Mapping[str, Any]) -> "StatementFigures":
		"""Return the figures that `to_dict` wrote. Raises ValueError where *data* is none."""
		try:
			if data["version"] != VERSION:
				raise ValueError(f"statement figures of version {data['version']} cannot be read")
			return cls(
				data["customer"],
				data["customer_name"],
				tuple((one["customer"], one["customer_name"]) for one in data["customers"]),
				data["company"],
				data["company_currency"],
				data["currency"],
				Coverage(data["coverage"]),
				stored.read_day(data["from_date"]),
				date.fromisoformat(data["as_of"]),
				stored.read_balance(data["opening"]),
				tuple(stored.read_line(line) for line in data["lines"]),
				stored.read_balance(data["closing"]),
				tuple(stored.read_item(item) for item in data["open_items"]),
				{name: stored.read_ageing(row) for name, row in data["ageing"]["by_currency"].items()},
				stored.read_ageing(data["ageing"]["base"]),
				tuple(stored.read_due(due) for due in data["due"]),
				stored.read_bank(data["bank"]) if data["bank"] else None,
			)
		except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
			raise ValueError(f"these are no statement figures: {error!r}") from error

	def to_json(self) -> str:
		"""Return the figures as JSON: the same figures give the same text."""
		return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

	@classmethod
	def from_json(cls, text: str | bytes) -> "StatementFigures":
		"""Return the figures that `to_json` wrote. Raises ValueError where *text* is no such JSON."""
		return cls.from_dict(json.loads(text))

	def content_hash(self) -> str:
		"""Return the SHA-256 of the figures' JSON in UTF-8, in hexadecimal."""
		return hashlib.sha256(self.to_json().encode()).hexdigest()

	def file_name(self, extension: str) -> str:
		"""Return a name for a file with this statement in it, one that any system accepts."""
		return file_name(f"{self.customer}-{self.as_of}", extension)


def file_name(stem: str, extension: str) -> str:
	"""Return *stem* as the name of a file that any system accepts, however long and whatever is in it."""
	name = re.sub(r"[^\w.-]+", "-", stem).strip("-.")
	while len(name.encode()) > 180:
		name = name[:-1]
	return f"{name or 'statement'}.{extension}"
