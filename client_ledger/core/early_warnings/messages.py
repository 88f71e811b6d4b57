"""Figures as they stand in the reasons of warnings."""

from decimal import Decimal


def amount(value: float) -> Decimal:
	"""Return an amount for a reason, to the cent."""
	return Decimal(f"{value:.2f}")


def days(value: float) -> str:
	"""Return a mean of days (or a multiple) for a reason, with one decimal."""
	return f"{round(value, 1) + 0.0:.1f}"


def share(value: float) -> str:
	"""Return a share (0 to 1) for a reason, in percent."""
	return f"{100 * value:.0f} %"
