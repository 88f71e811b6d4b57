"""What a control is: declared with its risk, its source and its parameters, and what it finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

# Longer keys do not fit a name on a site.
_LONGEST_KEY = 120
MOST_DOCUMENTS = 50

Values = Mapping[str, Decimal]


class FindingSeverity(str, Enum):
	"""How much a finding matters. The value is the English label."""

	HIGH = "High"
	MEDIUM = "Medium"
	LOW = "Low"


class ControlScope(str, Enum):
	"""What has to be looked at together: one customer's facts, or the whole company's."""

	CUSTOMER = "Customer"
	COMPANY = "Company"


@dataclass(frozen=True, slots=True)
class ControlParameter:
	"""A figure that people may change. least, most: beyond them the control would see nothing, or report everything.

	unit: what it counts, marked for translation. whole: no fractions.
	"""

	name: str
	label: str
	default: Decimal
	least: Decimal
	most: Decimal
	unit: str = ""
	whole: bool = True


@dataclass(frozen=True, slots=True)
class ControlFinding:
	"""One thing that was found. key: the same whenever the same thing is found again, whatever its figures are by then.

	documents: the first 50 at most. amount: company currency, what is at risk, 0 where that is no amount. on: the day it
	happened. customer, person: "" where it is of none, or of several.
	"""

	control: str
	key: str
	on: date
	reason: Because
	severity: FindingSeverity
	documents: tuple[Voucher, ...] = ()
	amount: Decimal = ZERO
	customer: str = ""
	person: str = ""


Find = Callable[[ControlFacts, Values], Iterable[ControlFinding]]
Silent = Callable[[ControlFacts, Values], str]


@dataclass(frozen=True, slots=True)
class Control:
	"""A rule over facts. Texts are English, marked for translation.

	mended: why a finding is gone, where the rule was not changed. lasting: what it finds is a state, which is reported as long as
	it is so, however old; otherwise an event, which is reported as long as it is in view. ripens: time alone makes new findings.
	has_past: its facts carry when they came about, so that the past can be replayed. silent: why it can say nothing of these facts,
	"" where it can; so that nobody takes its silence for a pass.
	"""

	code: str
	name: str
	risk: str
	source: str
	mended: str
	scope: ControlScope
	needs: frozenset[FactKind]
	parameters: tuple[ControlParameter, ...]
	find: Find
	lasting: bool = False
	ripens: bool = False
	has_past: bool = True
	silent: Silent | None = None

	def defaults(self) -> dict[str, Decimal]:
		"""Return the parameters as shipped."""
		return {one.name: one.default for one in self.parameters}


def control(code: str, **declared: Any) -> Callable[[Find], Control]:
	"""Declare the function below as a control; what is declared are the fields of Control."""
	declared["needs"] = frozenset(declared["needs"])
	declared.setdefault("parameters", ())

	def declare(find: Find) -> Control:
		return Control(code=code, find=find, **declared)

	return declare


def parameter(
	name: str,
	label: str,
	default: str | int,
	least: str | int,
	most: str | int,
	unit: str = "",
	whole: bool = True,
) -> ControlParameter:
	"""Return a parameter with exact figures."""
	return ControlParameter(name, label, Decimal(default), Decimal(least), Decimal(most), unit, whole)


def finding_key(code: str, *parts: object) -> str:
	"""Return the key of a finding: its parts as they are, or their digest where they are too long."""
	key = ":".join([code, *map(str, parts)])
	if len(key) <= _LONGEST_KEY:
		return key
	return f"{code}:{sha256(key.encode()).hexdigest()[:40]}"


def documents(found: Iterable[Any]) -> tuple[Voucher, ...]:
	"""Return the vouchers of facts, the first ones only, each once."""
	return tuple(dict.fromkeys(one.voucher for one in found))[:MOST_DOCUMENTS]
