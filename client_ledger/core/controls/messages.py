"""What controls say, in the reader's language."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from client_ledger.core.controls.control import ControlParameter
from client_ledger.core.controls.facts import DueKind
from client_ledger.core.controls.master_data import ADDRESS, BANK, EMAIL, PHONE, TAX_ID
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

UNLIMITED = marked("unlimited")
# Values of reasons that are words of ours.
WORDS = frozenset({BANK, EMAIL, PHONE, TAX_ID, ADDRESS, *(kind.value for kind in DueKind)})


def reason_text(reason: Because, translate: Callable[[str], str]) -> str:
	"""Return why something was found, with its figures: amounts with separators, days as 2026-01-31."""
	return translate(reason.message).format(*(_shown(value, translate) for value in reason.values))


def _shown(value: object, translate: Callable[[str], str]) -> object:
	if value is None:
		return translate(UNLIMITED)
	if isinstance(value, Decimal):
		return f"{value:,.2f}"
	if isinstance(value, date):
		return f"{value:%Y-%m-%d}"
	return translate(value) if value in WORDS else value


def parameter_text(one: ControlParameter, value: Decimal, translate: Callable[[str], str]) -> str:
	"""Return a parameter with its value, such as "Days between Both: 7"."""
	return f"{translate(one.label)}: {value.normalize():f}"
