"""What warnings say, in the reader's language; and figures as they stand in reasons."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from client_ledger.core.controls.master_data import ADDRESS, BANK, EMAIL, PHONE, TAX_ID
from client_ledger.core.reconciliation.matches import Because

# Values of reasons that are words of ours.
_WORDS = frozenset({BANK, EMAIL, PHONE, TAX_ID, ADDRESS})


def amount(value: float) -> Decimal:
	"""Return an amount for a reason, to the cent."""
	return Decimal(f"{value:.2f}")


def days(value: float) -> str:
	"""Return a mean of days (or a multiple) for a reason, with one decimal."""
	return f"{round(value, 1) + 0.0:.1f}"


def share(value: float) -> str:
	"""Return a share (0 to 1) for a reason, in percent."""
	return f"{100 * value:.0f} %"


def reason_text(because: Because, translate: Callable[[str], str]) -> str:
	"""Return why a signal was raised, with its figures: amounts with separators, days as 2026-01-31."""
	return translate(because.message).format(*(_shown(value, translate) for value in because.values))


def _shown(value: object, translate: Callable[[str], str]) -> object:
	if isinstance(value, Decimal):
		return f"{value:,.2f}"
	if isinstance(value, date):
		return f"{value:%Y-%m-%d}"
	return translate(value) if value in _WORDS else value
