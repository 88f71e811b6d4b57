"""What controls say, in the reader's language."""

from collections.abc import Callable
from decimal import Decimal

from client_ledger.core.controls.control import ControlParameter


def parameter_text(one: ControlParameter, value: Decimal, translate: Callable[[str], str]) -> str:
	"""Return a parameter with its value, such as "Days between Both: 7"."""
	return f"{translate(one.label)}: {value.normalize():f}"
